"""Linking cases to an incident in the care desk: from a case, or many at once with a preview and undo (SPEC 7, UX S7)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cases.decision import Refused, refused
from cases.forms import ActionForm
from cases.models import Case
from escalations.actions.incident_links import can_be_linked, fits, link_cases, undo_batch, unlink_case
from escalations.models import CaseLink, Incident
from escalations.permissions import can_link_to_incident, can_raise_incident, can_see_incidents

from .incident_forms import CasesFilterForm, LinkForm, cases_numbered
from .incidents import INVALID, find_incident, incident_url, sent
from .rights import require
from .steps import case_url, find_case

SHOWN = 200  # cases of a preview; a narrower filter leads to the others
Way = CaseLink.Way


# --- many at once ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def care_incident_link(request, number):
    """Find cases that may belong to the incident, look at them, and link those that are ticked."""
    incident = find_incident(request, number)
    require(can_raise_incident(request.user))
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        return sent(request, form, lambda: _link_many(request, incident), incident)
    asked = CasesFilterForm(request.GET or {"since": _typed(incident.started_at)}, user=request.user)
    asked.is_valid()
    context = {"incident": incident, "filter": asked, "form": form, "now": timezone.now(), "shown": SHOWN}
    return render(request, "care/incident_link.html", context | _preview(request.user, incident, asked))


def _typed(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def _preview(user, incident, asked):
    """What can be linked, and what cannot with the reason; numbers for which there is nothing to see are told as such."""
    cases, unknown = _found(user, incident, asked)
    decided = [(case, _decision(user, incident, case)) for case in cases]
    return {
        "decision": can_be_linked(incident),
        "linkable": [case for case, decision in decided if decision],
        "left_out": [(case, decision) for case, decision in decided if not decision],
        "unknown": unknown,
        "is_cut": len(cases) == SHOWN,
    }


def _found(user, incident, asked):
    if asked.asked_numbers:
        cases, unknown = cases_numbered(asked.asked_numbers[:SHOWN], user=user)
        keys = [case.pk for case in cases]
        return list(_with_links(Case.objects.visible_to(user).filter(pk__in=keys)).order_by("pk")), unknown
    cases = asked.narrow(Case.objects.visible_to(user).open().exclude(case_type=Case.Type.ACCESS))
    return list(_with_links(cases).order_by("-opened_at", "-pk")[:SHOWN]), []


def _with_links(cases):
    current = CaseLink.objects.current().select_related("incident")
    return cases.for_list().prefetch_related(Prefetch("incident_links", current, to_attr="current_links"))


def _decision(user, incident, case):
    linked_to = case.current_links[0].incident if case.current_links else None
    return can_link_to_incident(user, case) and fits(case, incident, linked_to=linked_to)


def _link_many(request, incident):
    """Link what is ticked and can still be linked; what changed since the preview is told."""
    cases, unknown = cases_numbered(request.POST.getlist("case")[:SHOWN], user=request.user)
    if not cases:
        raise Refused(_("Tick at least one case."))
    done = link_cases(incident, cases, by=request.user, way=Way.BULK, now=timezone.now())
    linked = len(done.links)
    messages.success(request, ngettext("%(count)s case was linked.", "%(count)s cases were linked.", linked) % {"count": linked})
    tell_left_out(request, [*done.left_out, *((number, refused(_("There is no such case."))) for number in unknown)])
    return incident_url(incident)


def tell_left_out(request, left_out):
    """What was not done, and why, one message each."""
    for case, decision in left_out:
        messages.warning(request, _("%(case)s: %(reason)s") % {"case": case, "reason": decision.reason})


@require_POST
def care_incident_undo(request, number):
    """Undo what was linked together."""
    incident, form = find_incident(request, number), ActionForm(request.POST)
    require(can_raise_incident(request.user))
    form.is_valid()

    def undo():
        undone, left_out = undo_batch(incident, _batch(request), by=request.user, now=timezone.now())
        messages.success(
            request, ngettext("%(count)s link was undone.", "%(count)s links were undone.", undone) % {"count": undone}
        )
        tell_left_out(request, left_out)
        return incident_url(incident)

    return sent(request, form, undo, incident)


def _batch(request):
    try:
        return UUID(request.POST.get("batch", ""))
    except ValueError as error:
        raise BadRequest from error


# --- from a case -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def care_case_incident(request, number):
    """S7: search the incidents that cases can be linked to, and link this case to one."""
    case = find_case(request, number)
    require(can_see_incidents(request.user) and can_link_to_incident(request.user, case))
    query = request.GET.get("q", "")[:200]
    form = LinkForm(request.POST if request.method == "POST" else None, incidents=_searched(request.user, query))
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                url = form.send_once(lambda: _link_one(request, case, form), by=request.user, now=timezone.now())
                return HttpResponseRedirect(url, status=303)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
    context = {"case": case, "form": form, "query": query, "now": timezone.now()}
    return render(request, "care/case_incident.html", context, status=status)


def _searched(user, query):
    """The incidents whose number or title holds the words; active ones first."""
    incidents = Incident.objects.visible_to(user).linkable().order_by("restored_at", "-started_at")
    words = query.casefold().split()
    found = [
        each.pk
        for each in incidents
        if all(word in f"{each.number} {' '.join(each.title.values())}".casefold() for word in words)
    ]
    return incidents.filter(pk__in=found) if words else incidents


def _link_one(request, case, form):
    link_cases(form.cleaned_data["incident"], [case], by=request.user, way=Way.SINGLE, now=timezone.now())
    messages.success(request, _("The case is linked to the incident. Its customer is told."))
    return case_url(case)


@require_POST
def care_case_unlink(request, number):
    """Undo the link of a case: it gets its scope back."""
    case, form = find_case(request, number), ActionForm(request.POST)
    require(can_link_to_incident(request.user, case))
    link = get_object_or_404(CaseLink.objects.visible_to(request.user).current().select_related("incident", "case"), case=case)
    form.is_valid()

    def undo():
        unlink_case(link, by=request.user, now=timezone.now())
        messages.success(request, _("The link is undone."))
        return case_url(case)

    try:
        url = form.send_once(undo, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.reason)
        url = case_url(case)
    return HttpResponseRedirect(url, status=303)

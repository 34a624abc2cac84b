"""Platform incidents in the care desk: the list, one incident, declaring it, the editor of its updates (SPEC 7, UX S8)."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.decision import Refused, StaleCase
from cases.forms import ActionForm
from cases.models import Case
from cases.paging import page_of
from escalations.actions import incidents as acts
from escalations.actions.restoration import restore_incident
from escalations.clusters import cases_of_cluster
from escalations.models import CaseLink, Incident
from escalations.permissions import can_declare_incident, can_raise_incident, can_see_incidents

from .incident_forms import FactsForm, TranslationForm, UpdateForm
from .rights import require

State = Incident.State
LINKS_SHOWN = 200
INVALID, CONFLICT = 422, 409


# --- to look at --------------------------------------------------------------------------------------------------------
@require_safe
def care_incidents(request):
    """Candidates, what is active, and what is past, the latest first."""
    require(can_see_incidents(request.user))
    seen = Incident.objects.visible_to(request.user).with_count()
    current = list(seen.filter(state__in=(State.CANDIDATE, *Incident.ACTIVE)).order_by("severity_rank", "-started_at"))
    past = seen.exclude(state__in=(State.CANDIDATE, *Incident.ACTIVE)).order_by("-started_at", "-pk")
    context = {
        "now": timezone.now(),
        "candidates": [incident for incident in current if incident.state == State.CANDIDATE],
        "active": [incident for incident in current if incident.is_active],
        "page": page_of(past, request.GET.get("page", "1")),
        "may_raise": can_raise_incident(request.user),
    }
    return render(request, "care/incidents.html", context)


@require_safe
def care_incident(request, number):
    """One incident: facts, places, updates with what is not translated, and the linked cases that the reader may see."""
    incident = find_incident(request, number)
    return render(request, "care/incident.html", _page(request, incident))


def _page(request, incident):
    links = CaseLink.objects.visible_to(request.user).current().filter(incident=incident)
    shown = list(links.select_related("case__organization").order_by("-linked_at", "-pk")[:LINKS_SHOWN])
    is_candidate = incident.state == State.CANDIDATE
    return {
        "incident": incident,
        "now": timezone.now(),
        "affected": incident.affected.select_related("component", "region").order_by("region__position", "component__position"),
        "updates": list(incident.updates.select_related("published_by").order_by("-published_at", "-pk")),
        "languages": settings.LANGUAGES,
        "links": shown,
        "hidden_count": incident.case_count - len(shown),
        "batches": links.filter(way=CaseLink.Way.BULK)
        .values("batch")
        .annotate(size=Count("pk"), at=Min("linked_at"))
        .order_by("at"),
        "similar": cases_of_cluster(incident, Case.objects.visible_to(request.user)) if is_candidate else [],
        "may_declare": can_declare_incident(request.user),
        "may_link": can_raise_incident(request.user) and incident.state in Incident.LINKABLE,
        "is_candidate": is_candidate,
        "is_restored": incident.state == State.RESTORED,
        "is_over": incident.state in acts.IS_OVER,
    }


def find_incident(request, number):
    """The incident of this number, for whoever may see the care team's pages of incidents."""
    require(can_see_incidents(request.user))
    return get_object_or_404(Incident.objects.visible_to(request.user).numbered(number).with_count())


def incident_url(incident):
    return reverse("admin:care_incident", args=[incident.number])


# --- what it is --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def care_incident_new(request):
    """Raise a candidate; an incident manager may declare it with the same form."""
    require(can_raise_incident(request.user))
    may_declare = can_declare_incident(request.user)
    form = _facts_form(request)

    def act():
        incident = acts.raise_candidate(form.facts, by=request.user, now=form.now)
        if may_declare and "declare" in request.POST:
            acts.declare_incident(incident, by=request.user, now=form.now)
        messages.success(request, _("Saved."))
        return incident_url(incident)

    context = {"heading": _("New incident"), "button": _("Raise a candidate"), "may_declare": may_declare}
    return answer(request, form, act, "care/incident_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def care_incident_facts(request, number):
    """Declare a candidate under its public title, or correct what an incident is."""
    incident = find_incident(request, number)
    require(can_declare_incident(request.user))
    form = _facts_form(request, incident)
    is_candidate = incident.state == State.CANDIDATE

    def act():
        change = acts.declare_incident if is_candidate else acts.change_incident
        change(incident, by=request.user, facts=form.facts, now=form.now, expected_version=form.expected_version)
        messages.success(request, _("The incident is declared and public.") if is_candidate else _("Saved."))
        return incident_url(incident)

    texts = (_("Declare the incident"), _("Declare")) if is_candidate else (_("Change the incident"), _("Save"))
    context = {"heading": texts[0], "button": texts[1], "incident": incident, "is_candidate": is_candidate}
    return answer(request, form, act, "care/incident_form.html", context)


def _facts_form(request, incident=None):
    posted = (request.POST,) if request.method == "POST" else ()
    now = timezone.now()
    return FactsForm(
        *posted, incident=incident, now=now, **({} if incident else {"initial": {"severity_rank": 2, "started_at": now}})
    )


@require_POST
def care_incident_dismiss(request, number):
    """A candidate that is none."""
    return _decided(request, number, acts.dismiss_candidate, _("The candidate is dismissed."))


@require_POST
def care_incident_close(request, number):
    """An incident that is over: nothing more is linked to it."""
    return _decided(request, number, acts.close_incident, _("The incident is closed."))


def _decided(request, number, act, told):
    incident, form = find_incident(request, number), ActionForm(request.POST)
    require(can_declare_incident(request.user))
    form.is_valid()

    def decide():
        act(incident, by=request.user, now=timezone.now(), expected_version=form.expected_version)
        messages.success(request, told)
        return incident_url(incident)

    return sent(request, form, decide, incident)


def sent(request, form, act, incident):
    """A form of one button: what is refused, or was overtaken, is told on the page of the incident."""
    try:
        url = form.send_once(act, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.reason)
        url = incident_url(incident)
    except StaleCase:
        messages.warning(request, _("Somebody changed this incident meanwhile. Look at it again."))
        url = incident_url(incident)
    return HttpResponseRedirect(url, status=303)


# --- what is said of it ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def care_incident_update(request, number):
    """S8: an update in four languages, seen as a customer reads it before it is published; “Resolved” restores the incident."""
    incident = find_incident(request, number)
    require(can_declare_incident(request.user))
    posted = (request.POST,) if request.method == "POST" else ()
    form = UpdateForm(*posted, incident=incident, now=timezone.now())

    def act():
        _publish(request, incident, form)
        return incident_url(incident)

    context = {"incident": incident, "languages": settings.LANGUAGES}
    is_preview = "preview" in request.POST
    if is_preview and form.is_valid():
        context |= {"preview": form, "missing": _missing(form.words)}
    return answer(request, form, act, "care/incident_update.html", context, only_shows=is_preview)


def _missing(texts):
    return [code for code, _language in settings.LANGUAGES if code not in texts]


def _publish(request, incident, form):
    who = {"by": request.user, "now": form.now, "expected_version": form.expected_version}
    if form.is_restoring:
        restored_at = form.cleaned_data["restored_at"]
        restore_incident(incident, restored_at=restored_at, words=form.words, summary=form.summary, **who)
        messages.success(request, _("The incident is resolved; the linked cases are being told."))
        return
    told = {"state": form.cleaned_data["state"], "words": form.words, "next_update_at": form.cleaned_data["next_update_at"]}
    acts.publish_update(incident, **who, **told)
    messages.success(request, _("The update is published and told in the linked cases."))


@require_http_methods(["GET", "HEAD", "POST"])
def care_incident_translate(request, number, key):
    """Add what an update lacked when it was published."""
    incident = find_incident(request, number)
    require(can_declare_incident(request.user))
    update = get_object_or_404(incident.updates, pk=key)
    posted = (request.POST,) if request.method == "POST" else ()
    form = TranslationForm(*posted, update=update, incident=incident, now=timezone.now())

    def act():
        acts.translate_update(update, by=request.user, words=form.words, now=form.now)
        messages.success(request, _("Saved."))
        return incident_url(incident)

    context = {"heading": _("Translate the update"), "button": _("Save"), "incident": incident, "update": update}
    return answer(request, form, act, "care/incident_form.html", context)


def answer(request, form, act, template, context, *, only_shows=False):
    """Show the form; sent, run `act` once and lead on, or say what is wrong (422), refused (422) or overtaken (409)."""
    status = 200
    if request.method == "POST":
        is_valid = form.is_valid()
        status = 200 if is_valid else INVALID
        if is_valid and not only_shows:
            try:
                return HttpResponseRedirect(form.send_once(act, by=request.user, now=timezone.now()), status=303)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
                status = INVALID
            except StaleCase:
                form.show_again_for(Incident.objects.visible_to(request.user).get(pk=form.incident.pk))
                status = CONFLICT
    shown = {"form": form, "now": timezone.now(), "is_conflict": status == CONFLICT}
    return render(request, template, {**context, **shown}, status=status)

"""S9: RCA documents on the care desk: what is owed, the editor, the review, the preview as a customer (SPEC 8, UX S9)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.decision import Refused
from cases.models import Case, Organization
from escalations.actions import rca_documents
from escalations.models import CaseLink, DocumentRequest, Incident, RcaDocument, RcaVersion
from escalations.permissions import can_approve, can_approve_documents, can_see_documents, can_write_documents
from escalations.rca_checklist import warnings_of
from escalations.rca_due import incidents_without_document, owed_by_case, owed_by_incident, waiting_cases
from escalations.rca_page import RcaPage
from escalations.rca_sections import LANGUAGES, missing_parts

from .rca_forms import DocumentStepForm, DraftForm
from .rights import require

INVALID, CONFLICT = 422, 409
SHOWN = 100  # documents of each kind in the list; all of a year
State = RcaVersion.State
page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def care_rcas(request):
    """What is owed and not begun, what is in work, what is published."""
    require(can_see_documents(request.user))
    now = timezone.now()
    versions = RcaVersion.objects.visible_to(request.user).exclude(state=State.SUPERSEDED)
    versions = versions.select_related("document__incident", "document__case", "written_by").order_by("-pk")
    in_work = list(versions.exclude(state=State.PUBLISHED)[:SHOWN])
    published = list(versions.filter(state=State.PUBLISHED)[:SHOWN])
    cases = list(waiting_cases(request.user).select_related("organization")[:SHOWN])
    owed = owed_by_incident(Incident.objects.visible_to(request.user), now=now)
    keys = [case.pk for case in cases] + [version.document.case_id for version in in_work + published]
    owed_alone = owed_by_case(keys, now=now)

    def with_owed(version):
        return version, owed.get(version.document.incident_id) or owed_alone.get(version.document.case_id)

    context = {
        "begin": [(incident, owed.get(incident.pk)) for incident in incidents_without_document()[:SHOWN]],
        "cases": [(case, owed_alone.get(case.pk)) for case in cases],
        "in_work": [with_owed(version) for version in in_work],
        "published": [with_owed(version) for version in published],
        "requests": list(_open_requests(request.user)[:SHOWN]),
        "may_write": can_write_documents(request.user),
        "now": now,
    }
    return render(request, "care/rcas.html", context)


def _open_requests(user):
    requests = DocumentRequest.objects.visible_to(user).open()
    return requests.select_related("case__organization", "asked_by").order_by("asked_at", "pk")


@require_POST
def care_rca_new(request, about):
    """Begin the document of an incident (INC-…) or of a case without one (CS-…)."""
    require(can_write_documents(request.user))
    incidents, cases = Incident.objects.visible_to(request.user), Case.objects.visible_to(request.user)
    subject = get_object_or_404(incidents.numbered(about) if about.startswith("INC-") else cases.numbered(about))
    try:
        version = rca_documents.draft_document(subject, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.reason)
        return HttpResponseRedirect(reverse("admin:care_rcas"), status=303)
    return HttpResponseRedirect(reverse("admin:care_rca", args=[version.document.number]), status=303)


@page_or_post
def care_rca(request, number):
    """The document as it is: a draft to be written, a version to be reviewed, or what was published."""
    version = _latest(request, number)
    if request.method != "POST":
        return _show(request, version)
    require(can_write_documents(request.user))
    form = DraftForm(request.POST, draft=version)
    if not form.is_valid():
        return _show(request, version, form=form, status=INVALID)

    def act():
        rca_documents.save_draft(version, by=request.user, expected_revision=form.expected_version, **form.arguments)
        messages.success(request, _("The draft has been saved."))
        return request.path

    return _answer(request, version, form, act)


@require_POST
def care_rca_step(request, number):
    """Submit, send back, approve, publish, or begin the next version."""
    version = _latest(request, number)
    form = DocumentStepForm(request.POST, revision=version.revision)
    if not form.is_valid():
        return _show(request, version, refusal=_("Choose what to do."), status=INVALID)

    def act():
        _take(form, version, by=request.user, now=timezone.now())
        messages.success(request, TOLD[form.cleaned_data["step"]]())
        return reverse("admin:care_rca", args=[number])

    return _answer(request, version, form, act)


TOLD = {
    "submit": lambda: _("The document was sent to review."),
    "send_back": lambda: _("The document went back to its writer."),
    "approve": lambda: _("The document is approved."),
    "publish": lambda: _("The document is published and goes into the linked cases."),
    "new_version": lambda: _("The next version is begun."),
}


def _take(form, version, *, by, now):
    step, note = form.cleaned_data["step"], form.cleaned_data["note"]
    who = {"by": by, "now": now, "expected_revision": form.expected_version}
    if step == "submit":
        rca_documents.submit_for_review(version, **who)
    elif step == "send_back":
        rca_documents.send_back(version, note=note, **who)
    elif step == "approve":
        rca_documents.approve(version, **who)
    elif step == "publish":
        rca_documents.publish(version, **who)
    else:
        rca_documents.new_version(version.document, by=by, now=now)


def _answer(request, version, form, act):
    """Act once; what is refused, or came too late, is told on the page with everything that was typed."""
    try:
        return HttpResponseRedirect(form.send_once(act, by=request.user, now=timezone.now()), status=303)
    except rca_documents.StaleDocument:
        refusal = _("Somebody saved this document while you were writing. Your text is kept below: compare it, then save again.")
    except Refused as refused:
        refusal = refused.reason
    version = _latest(request, version.document.number)
    if isinstance(form, DraftForm):
        form.data = form.data.copy()
        form.data["version"] = version.revision
    return _show(request, version, form=form if isinstance(form, DraftForm) else None, refusal=refusal, status=CONFLICT)


def _latest(request, number):
    """The latest version of the document of this number, if the person may see it; else 404."""
    require(can_see_documents(request.user))
    documents = RcaDocument.objects.visible_to(request.user).numbered(number)
    related = ("document__incident", "document__case__organization", "written_by", "approved_by", "published_by")
    versions = RcaVersion.objects.visible_to(request.user).filter(document__in=documents)
    return get_object_or_404(versions.select_related(*related).order_by("-number")[:1])


def _show(request, version, *, form=None, refusal="", status=200):
    actions = list(version.document.actions.select_related("owner"))
    affected = organizations_of(version.document, request.user)
    is_open = not version.published_at
    may_write = can_write_documents(request.user)
    context = {
        "version": version,
        "document": version.document,
        "actions": actions,
        "organizations": affected,
        "form": form or (DraftForm(draft=version) if version.state == State.DRAFT and may_write else None),
        "step_form": DocumentStepForm(revision=version.revision, auto_id="step_%s"),
        "missing": missing_parts(version.sections, version.timeline, actions) if is_open else [],
        "warnings": _warnings(version, actions, affected) if is_open else [],
        "page": RcaPage(version, affected[0]) if affected else None,
        "typed": _typed(form) if form and version.state != State.DRAFT else [],
        "refusal": refusal,
        "may_write": may_write,
        "may_approve": can_approve(request.user, version),
        "may_publish": can_approve_documents(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "care/rca.html", context, status=status)


def _typed(form):
    return [text for name in form.fields if (text := form[name].value()) and name.rpartition("_")[2] in LANGUAGES]


def _warnings(version, actions, organizations):
    return warnings_of(version.sections, version.timeline, actions, [organization.name for organization in organizations])


def organizations_of(document, user):
    """Whose cases the document is about, as far as the reader may see them, by name."""
    if document.case_id:
        return [document.case.organization]
    links = CaseLink.objects.visible_to(user).current().filter(incident=document.incident_id)
    return list(Organization.objects.visible_to(user).filter(pk__in=links.values("case__organization")).order_by("name", "pk"))


@require_safe
def care_rca_preview(request, number, key):
    """The document as this customer reads it, in the language of whoever looks."""
    version = _latest(request, number)
    organizations = {organization.pk: organization for organization in organizations_of(version.document, request.user)}
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=key if key in organizations else None)
    context = {"page": RcaPage(version, organization), "version": version, "organizations": list(organizations.values())}
    return render(request, "care/rca_preview.html", context)

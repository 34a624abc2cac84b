"""Drafts while they are written: saved every few seconds, files as soon as they are chosen (UX 4.7, 4.8)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..intake_form import FIELD_NAMES
from ..models import Attachment, Case, Draft
from ..models.drafts import is_code
from ..new_case import NewCase
from ..permissions import can_add_note, can_reply
from ..problem import Problem
from ..problem_words import file_sentence

FIELDS = {Draft.Kind.CASE: FIELD_NAMES, Draft.Kind.REPLY: ["text", "then"], Draft.Kind.NOTE: ["text"]}


@require_POST
def draft_save(request, code):
    """Write down what is typed. A draft of a new case with a priority that belongs on the phone is what the analyst will look for."""
    names = FIELDS[_kind_of(request)]
    draft = _save(request, code, {name: request.POST[name] for name in names if name in request.POST})
    if draft is None:
        return _sent_before(request, code)
    if draft.kind == Draft.Kind.CASE and _is_for_the_phone(draft):
        actions.refuse_draft(draft, now=draft.updated_at)
    return render(request, "cases/_draft_status.html", {"draft": draft}) if request.htmx else redirect(_page_of(draft))


def _sent_before(request, code):
    """Nothing is saved in the page of a case that was sent. Where the care team took it over by phone, it says so."""
    new = NewCase(user=request.user, code=code, now=timezone.now())
    if not request.htmx:
        return redirect(new.sent_url)
    if new.taken_case:
        return render(request, "cases/_draft_taken.html", {"case": new.taken_case}, status=409)
    return render(request, "cases/_draft_status.html", {"draft": None})


@require_POST
def draft_files(request, code):
    """Keep one file with the draft: 201 and its row, or 422 and what is wrong with it."""
    draft, upload = _save(request, code, {}), request.FILES.get("file")
    if upload is None:
        raise Http404
    try:
        if draft is None:
            raise Problem("draft_sent", name=upload.name)
        attachment = actions.keep_file(upload, draft=draft, by=request.user, now=timezone.now())
    except Problem as problem:
        return HttpResponse(file_sentence(problem), status=422, content_type="text/plain; charset=utf-8")
    return render(request, "cases/_draft_file.html", {"attachment": attachment}, status=201)


@require_POST
def draft_file_remove(request, code, pk):
    """Take a file off the draft."""
    _require_code(code)
    attachments = Attachment.objects.visible_to(request.user)
    attachment = get_object_or_404(attachments, pk=pk, activity=None, draft__code=code, draft__user=request.user)
    draft = attachment.draft
    actions.remove_file(attachment)
    return HttpResponse() if request.htmx else HttpResponseRedirect(f"{_page_of(draft)}#files", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_discard(request, code):
    """Ask once, then delete the draft with its files."""
    _require_code(code)
    draft = get_object_or_404(Draft.objects.visible_to(request.user).select_related("case"), code=code)
    if request.method == "POST":
        actions.discard_draft(draft)
        return redirect("case", draft.case.number) if draft.case else redirect("new_case")
    return render(request, "cases/draft_discard.html", {"draft": draft, "page": _page_of(draft)})


def _require_code(code):
    """No code, no draft: PostgreSQL is not asked for what it cannot even read."""
    if not is_code(code):
        raise Http404


def _kind_of(request):
    kind = request.GET.get("kind", Draft.Kind.CASE)
    if kind not in FIELDS:
        raise Http404
    return kind


def _save(request, code, data):
    """The draft with `data` added; None where it was sent already. Raises Http404 for the draft of somebody else, PermissionDenied."""
    kind, now = _kind_of(request), timezone.now()
    _require_code(code)
    try:
        if kind == Draft.Kind.CASE:
            return _save_new_case(NewCase(user=request.user, code=code, now=now), data)
        case = _case_of(request, kind, now)
        return actions.save_draft(code, by=request.user, kind=kind, case=case, data=data, now=now)
    except Draft.DoesNotExist as error:
        raise Http404 from error


def _save_new_case(new, data):
    if not new.organizations:
        raise PermissionDenied
    return actions.save_draft(new.code, by=new.user, kind=Draft.Kind.CASE, organization=new.organization, data=data, now=new.now)


def _case_of(request, kind, now):
    case = get_object_or_404(Case.objects.visible_to(request.user).numbered(request.GET.get("case", "")).for_page())
    decision = can_reply(request.user, case, now=now) if kind == Draft.Kind.REPLY else can_add_note(request.user, case)
    if not decision:
        raise PermissionDenied(decision.reason)
    return case


def _is_for_the_phone(draft):
    new = NewCase(user=draft.user, code=draft.code, now=draft.updated_at)
    return new.organization is not None and new.is_for_the_phone


def _page_of(draft):
    """The page on which a draft is written."""
    if draft.case_id:
        return reverse("case", args=[draft.case.number])
    return f"{reverse('new_case_describe')}?{urlencode({'draft': draft.code})}"

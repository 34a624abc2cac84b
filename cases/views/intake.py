"""C3–C6: opening a case in the portal: check first, describe, review, sent. Nothing typed or attached is ever lost."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sla.policies import rules_of
from sla.policy_rules import FIRST_RESPONSE

from .. import actions
from ..decision import Refused
from ..intake_form import FIELD_NAMES
from ..intake_preview import answer_rows, first_response, similar_cases
from ..models import Case, Draft
from ..models.drafts import is_code
from ..new_case import NewCase, contacts_organizations, new_code
from ..policy_sheet import PolicySheet, sheet_of
from ..problem import Problem
from ..problem_words import SECRET_MASKED, file_sentence
from .choices import chosen, uuid_of

STEPS = [gettext_lazy("Check first"), gettext_lazy("Describe"), gettext_lazy("Review and send")]
TAKEN = gettext_lazy("The care team has opened case %(number)s from what you typed.")
OPEN_CASES_SHOWN = 5
DRAFTS_SHOWN = 5


# --- C3: before you open a case ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request):
    """C3: what may spare a wait, what to have ready, and drafts that wait. Never a wall: everything on it may be skipped."""
    organizations = list(contacts_organizations(request.user))
    _refuse_others(request.user, organizations)
    asked = uuid_of(request.POST.get("organization") or request.GET.get("organization"))
    organization = chosen(organizations, "organization_id", asked, organizations[0])
    sheet = sheet_of(organization, at=timezone.now())
    if request.method == "POST" and sheet.includes(Case.Channel.PORTAL):
        return _begin(request, organization, sheet)
    drafts = Draft.objects.visible_to(request.user).filter(kind=Draft.Kind.CASE).order_by("-updated_at")[:DRAFTS_SHOWN]
    open_cases = Case.objects.visible_to(request.user).filter(organization=organization).open().order_by("-opened_at")
    context = {
        "steps": STEPS,
        "organizations": organizations,
        "organization": organization,
        "sheet": sheet,
        "is_licensed": sheet.includes(Case.Channel.PORTAL),
        "drafts": drafts,
        "open_cases": open_cases[:OPEN_CASES_SHOWN],
    }
    return render(request, "cases/new_case.html", context)


def _begin(request, organization, sheet):
    """A draft that knows its organization and what was checked before; then the form."""
    codes = request.POST.getlist("checklist")
    checked = [item.code for item in sheet.rules.checklist if item.code in codes]
    draft = actions.save_draft(
        new_code(),
        by=request.user,
        kind=Draft.Kind.CASE,
        organization=organization,
        data={"checklist": checked},
        now=timezone.now(),
    )
    return _to("new_case_describe", draft.code)


def _refuse_others(user, organizations):
    if not organizations:
        raise PermissionDenied(
            _("The care team opens cases for customers by phone intake.")
            if user.is_staff
            else _("Only designated contacts can open cases.")
        )


# --- C4: describe ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new_case_describe(request):
    """C4: the form. Whatever is posted is kept with the draft first, files too; then it is checked."""
    new = _new_case_of(request)
    if request.method == "POST":
        return _described_after_sending(request, new) if new.sent_url else _described(request, new)
    if new.sent_url:
        return _to_what_was_sent(request, new)
    if not new.is_open:
        return redirect("new_case")
    if not request.GET.get("draft"):
        return _to("new_case_describe", new.code)
    return _show_form(request, new, new.form())


def _new_case_of(request):
    """The new case that the address speaks of. Raises PermissionDenied, and Http404 for the draft of somebody else."""
    code = request.GET.get("draft") or new_code()
    new = NewCase(user=request.user, code=code, now=timezone.now())
    _refuse_others(request.user, new.organizations)
    if not is_code(code) or new.is_foreign:
        raise Http404
    return new


def _described(request, new):
    if not new.is_open:
        return redirect("new_case")
    file_errors = _keep(request, new)
    if new.draft is None:  # sent from elsewhere since this was asked
        return _described_after_sending(request, NewCase(user=new.user, code=new.code, now=new.now))
    if key := request.POST.get("remove"):
        return _without_file(new, key)
    if new.is_for_the_phone:
        actions.refuse_draft(new.draft, now=new.now)
        return _show_form(request, new, new.form(), status=422, is_refused=True)
    if "save" in request.POST:
        return _saved(request, new, file_errors)
    form = new.checked_form()
    for error in file_errors:
        form.add_error("files", error)
    if not form.is_valid():
        return _show_form(request, new, form, status=422)
    if "send" in request.POST and form.priority.severity_rank == 1:
        return _sent(request, new, form)
    return _to("new_case_review", new.code)


def _described_after_sending(request, new):
    """A second click leads to the case that was opened. Another problem typed into the page that was left open becomes a draft of its own."""
    if new.sent_case is None or new.is_what_was_sent(request.POST):
        return _to_what_was_sent(request, new)
    another = NewCase(user=request.user, code=new_code(), now=new.now)
    another.organization = new.sent_case.organization
    file_errors = _keep(request, another)
    told = (
        _("The care team has opened case %(number)s from what you typed. What is here is a draft of a case of its own now.")
        if new.taken_case
        else _("You had sent %(number)s already. What you typed since is a draft of a case of its own now.")
    )
    messages.info(request, told % {"number": new.sent_case.number})
    return _saved(request, another, file_errors, is_told=True)


def _to_what_was_sent(request, new):
    """To where the sending led; who sent nothing, since the care team took it over, is told so."""
    if new.taken_case:
        messages.info(request, TAKEN % {"number": new.taken_case.number})
    return HttpResponseRedirect(new.sent_url, status=303)


def _keep(request, new):
    """Write down what was posted and attached. Returns a sentence for each file that was not taken."""
    new.draft = actions.save_draft(
        new.code,
        by=request.user,
        kind=Draft.Kind.CASE,
        organization=new.organization,
        data={name: request.POST[name] for name in FIELD_NAMES if name in request.POST},
        now=new.now,
    )
    errors = []
    if new.draft is None:
        return errors
    for upload in request.FILES.getlist("files"):
        try:
            actions.keep_file(upload, draft=new.draft, by=request.user, now=new.now)
        except Problem as problem:
            errors.append(file_sentence(problem))
    return errors


def _without_file(new, key):
    attachment = new.attachments.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if attachment:
        actions.remove_file(attachment)
    return _to("new_case_describe", new.code, anchor="files")


def _saved(request, new, file_errors, *, is_told=False):
    for error in file_errors:
        messages.error(request, error)
    if not is_told:
        messages.success(request, _("The draft has been saved."))
    return _to("new_case_describe", new.code)


def _show_form(request, new, form, *, status=200, is_refused=False):
    context = {"steps": STEPS, "new": new, "form": form, "sheet": new.sheet, "is_refused": is_refused}
    return render(request, "cases/new_case_describe.html", context, status=status)


@require_safe
def new_case_similar(request):
    """Open cases that may be about the same problem; asked while the subject is typed."""
    new = _new_case_of(request)
    subject = request.GET.get("subject", "")[:300]
    cases = similar_cases(subject, organization=new.organization, user=request.user) if new.organization else []
    return render(request, "cases/_similar_cases.html", {"similar": cases})


# --- C5: review, and C6: sent ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new_case_review(request):
    """C5: the answers once more, what follows from them, and the button that sends. What is wrong leads back to the form."""
    new = _new_case_of(request)
    if new.sent_url:
        return _to_what_was_sent(request, new)
    if new.draft is None or not new.is_open:
        return redirect("new_case")
    form = new.checked_form()
    if new.is_for_the_phone or not form.is_valid():
        return _show_form(request, new, form, status=422, is_refused=new.is_for_the_phone)
    if request.method == "POST":
        return _sent(request, new, form)
    context = {
        "steps": STEPS,
        "new": new,
        "sheet": new.sheet,
        "rows": answer_rows(form),
        "clock": first_response(new.sheet, form.priority, now=new.now),
        "similar": similar_cases(form.cleaned_data["subject"], organization=new.organization, user=request.user),
    }
    return render(request, "cases/new_case_review.html", context)


def _sent(request, new, form):
    """Open the case, once however often this is asked."""
    intake = form.intake(language=get_language(), checklist=new.data.get("checklist", ()))

    def open_case():
        sent = {"by": request.user, "intake": intake, "channel": Case.Channel.PORTAL, "now": new.now, "draft": new.draft}
        case = actions.open_follow_up(new.follows, **sent) if new.follows else actions.open_case(new.organization, **sent)
        return reverse("case_sent", args=[case.number])

    masked = new.masked
    try:
        url = form.send_once(open_case, by=request.user, now=new.now)
    except Refused as refusal:
        messages.error(request, refusal.reason)
        return _show_form(request, new, form, status=403)
    if masked:
        messages.warning(request, SECRET_MASKED)
    return HttpResponseRedirect(url, status=303)


@require_safe
def case_sent(request, number):
    """C6: the number, and what happens next. It can be opened again at any time; nothing is sent again."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).numbered(number).select_related("organization", "policy_version")
    )
    sheet = PolicySheet(case.policy_version, rules_of(case.policy_version), case.organization, case.agreement)
    clock = case.clocks.filter(kind=FIRST_RESPONSE).first()
    return render(request, "cases/case_sent.html", {"case": case, "sheet": sheet, "clock": clock})


def _to(name, code, *, anchor=""):
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'draft': code})}{anchor and '#'}{anchor}", status=303)

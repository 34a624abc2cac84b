"""Phone intake: find the caller, take up what the portal refused, open the case at the call's real start (SPEC 2)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.decision import Refused
from cases.models import Draft, Membership, Organization
from cases.models.drafts import case_of_draft
from cases.new_case import contacts_organizations
from cases.permissions import can_open_for_customer, can_take_calls
from cases.policy_sheet import sheet_of

from .callers import contacts_of, find_callers, may_open
from .phone_forms import CallerForm, PhoneCaseForm
from .rights import require
from .steps import INVALID, case_url


@require_safe
def care_phone(request):
    """Who calls? People and what they may do; and the draft of a code that the portal gave them."""
    require(can_take_calls(request.user))
    form = CallerForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    draft = _draft_of(asked.get("code", ""), request.user)
    context = {
        "form": form,
        "now": timezone.now(),
        "callers": find_callers(request.user, asked["caller"]) if asked.get("caller") else None,
        "draft": draft,
        "taken": None if draft else case_of_draft(asked.get("code", ""), user=request.user),
        "membership": _membership_of(draft),
        "is_code_unknown": bool(asked.get("code")) and draft is None,
    }
    return render(request, "care/phone.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def care_phone_case(request, key):
    """Open a case for the caller, as one of their organization's designated contacts."""
    memberships = Membership.objects.visible_to(request.user).filter(user__is_staff=False)
    membership = get_object_or_404(memberships.select_related("user", "organization"), pk=key)
    require(can_open_for_customer(request.user, membership.organization))
    if not may_open(membership):
        context = {
            "membership": membership,
            "contacts": contacts_of(membership.organization),
            "reason": may_open(membership).reason,
        }
        return render(request, "care/phone_refused.html", context, status=403)
    code = request.GET.get("code", "")
    draft = _draft_of(code, request.user, organization=membership.organization)
    if request.method != "POST" and draft is None and case_of_draft(code, user=request.user):
        return redirect(f"{reverse('admin:care_phone')}?{urlencode({'code': code})}")  # which says what became of it
    form = _case_form(request, membership, draft)
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(_opened(request, membership, form, draft), status=303)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
    context = {"membership": membership, "form": form, "sheet": form.sheet, "draft": draft, "now": form.now}
    return render(request, "care/phone_case.html", context, status=INVALID if form.errors else 200)


def _draft_of(code, user, **more):
    """The refused draft of a code; None where there is none for this care user."""
    return Draft.objects.with_code(code, user=user).filter(**more).select_related("user", "organization").first()


def _membership_of(draft):
    """Where the writer of a draft belongs."""
    return draft and Membership.objects.filter(user=draft.user, organization=draft.organization).first()


def _case_form(request, membership, draft):
    now, contact = timezone.now(), membership.user
    seen = Organization.objects.visible_to(request.user)
    return PhoneCaseForm(
        request.POST if request.method == "POST" else None,
        sheet=sheet_of(membership.organization, at=now),
        organizations=list(contacts_organizations(contact).filter(pk__in=seen)),
        contact=contact,
        now=now,
        initial={"started_at": now, **(draft.data if draft else {})},
    )


def _opened(request, membership, form, draft):
    """Open the case once for this form; returns its address."""

    def open_it():
        case = actions.open_by_phone(
            membership.organization,
            by=request.user,
            contact=membership.user,
            intake=form.intake(language=membership.user.language, checklist=draft.data.get("checklist", ()) if draft else ()),
            started_at=form.cleaned_data["started_at"],
            notes=form.cleaned_data["notes"],
            is_taken=form.cleaned_data["is_taken"],
            code=request.GET.get("code", ""),
            now=form.now,
        )
        messages.success(request, _("The case is open. Its number is %(number)s.") % {"number": case.number})
        return case_url(case)

    return form.send_once(open_it, by=request.user, now=form.now)

"""S6: the board of all escalations, one escalation with what can be decided about it, and their CSV (SPEC 6, 11)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.csv_text import streamed
from cases.models.cases import key_of
from cases.paging import COUNT_LIMIT, count_up_to_limit, page_of
from escalations.escalation_board import for_board, overdue, regions_without_decider, undecided
from escalations.escalation_exports import csv_lines
from escalations.escalation_page import EscalationPage
from escalations.models import Escalation
from escalations.permissions import (
    can_decide_escalations,
    can_export_escalations,
    can_redact_escalation,
    can_see_escalations,
)

from . import escalation_steps as steps
from .case_page import CareCasePage
from .queue_filter import ALL, of_customer, query_of
from .rights import require
from .steps import find_case, step_page
from .trail import log_export

State = Escalation.State
page_or_post = require_http_methods(["GET", "HEAD", "POST"])
ACTIVE, EVERY = "", "all"
SHOWN_STATES = [state for state in State if state != State.DUE]
DUE = {"undecided": undecided, "overdue": overdue}


class EscalationFilterForm(forms.Form):
    """What the board can be narrowed to; at first it shows what is active."""

    q = forms.CharField(label=_("Case number"), required=False, max_length=20)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            (ACTIVE, pgettext_lazy("escalations", "Active")),
            (EVERY, pgettext_lazy("filter", "All")),
            *((state.value, state.label) for state in SHOWN_STATES),
        ],
    )
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[ALL, ("undecided", _("Waiting for a decision")), ("overdue", _("Update overdue"))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Escalation.Kind.choices])
    origin = forms.ChoiceField(
        label=_("Requested by"), required=False, choices=[ALL, ("customer", _("The customer")), ("automatic", _("Automatic"))]
    )
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)

    def narrow(self, escalations, *, now):
        """The escalations that the readable fields ask for."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("q"):
            escalations = escalations.filter(case=key_of(asked["q"]) or 0)
        if asked.get("state") != EVERY:
            wanted = [asked["state"]] if asked.get("state") else Escalation.ACTIVE
            escalations = escalations.filter(state__in=wanted)
        if asked.get("due"):
            escalations = overdue(escalations, now=now) if asked["due"] == "overdue" else undecided(escalations)
        if asked.get("kind"):
            escalations = escalations.filter(kind=asked["kind"])
        if asked.get("origin"):
            escalations = escalations.filter(is_automatic=asked["origin"] == "automatic")
        if asked.get("customer"):
            escalations = escalations.filter(of_customer(asked["customer"], "case__organization"))
        return escalations

    @property
    def is_narrowing(self):
        """Is anything asked for beyond the active ones?"""
        return bool(self.errors) or any(self.cleaned_data.values())

    @property
    def is_narrowed_otherwise(self):
        """Is there more than a search? Then the other fields are shown."""
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name != "q")


@dataclass(frozen=True, slots=True)
class Row:
    """An escalation on the board, with its clocks as they stand now."""

    escalation: Escalation
    is_overdue: bool  # the promised update is late

    @property
    def waits(self):
        return self.escalation.state == State.REQUESTED

    @property
    def is_promised(self):
        return self.escalation.state == State.IN_PROGRESS


@require_safe
def care_escalations(request):
    """Every escalation of one's regions: what waits for a decision on top, the longest first."""
    require(can_see_escalations(request.user))
    now = timezone.now()
    form = EscalationFilterForm(request.GET)
    escalations = form.narrow(Escalation.objects.visible_to(request.user), now=now)
    query = query_of(request.GET, EscalationFilterForm)
    page = page_of(for_board(escalations), request.GET.get("page", "1"))
    context = {
        "now": now,
        "form": form,
        "page": page,
        "rows": [_row(escalation, now) for escalation in page.rows],
        "count": count_up_to_limit(escalations),
        "count_limit": COUNT_LIMIT,
        "query": f"&{query}" if query else "",
        "regions": regions_without_decider(one.case.organization.support_region for one in page.rows if one.is_active),
        "csv_url": f"{reverse('admin:care_escalations_csv')}?{query}" if can_export_escalations(request.user) else "",
    }
    return render(request, "care/escalations.html", context)


def _row(escalation, now):
    is_late = escalation.state == State.IN_PROGRESS and escalation.promised_at < now and not escalation.is_kept
    return Row(escalation, is_late)


@require_safe
def care_escalations_csv(request):
    """Every row of the board with its filter, streamed; the audit trail says who took what."""
    require(can_export_escalations(request.user))
    now = timezone.now()
    escalations = EscalationFilterForm(request.GET).narrow(Escalation.objects.visible_to(request.user), now=now)
    log_export(request.user, Escalation, query_of(request.GET, EscalationFilterForm))
    lines = csv_lines(escalations, time_zone=ZoneInfo(request.user.time_zone))
    return streamed(lines, filename=f"escalations-{now:%Y-%m-%d}.csv")


# --- one escalation ----------------------------------------------------------------------------------------------------
@require_safe
def care_escalation(request, number, key):
    """What was asked for, how it stands, what happened, and what can be decided."""
    require(can_see_escalations(request.user))
    page = CareCasePage(find_case(request, number), request.user, timezone.now())
    escalation = _escalation(request, number, key)
    context = {
        "page": page,
        "case": page.case,
        "now": page.now,
        "escalation": escalation,
        "history": EscalationPage(page).histories.get(escalation.pk, []),
        "may_decide": can_decide_escalations(request.user, page.case, page.standing),
        "may_redact": can_redact_escalation(request.user, page.case, page.standing),
    }
    return render(request, "care/escalation.html", context)


@page_or_post
def care_escalation_accept(request, number, key):
    """Accept the request."""
    return _decide(request, number, key, steps.acceptance_of)


@page_or_post
def care_escalation_decline(request, number, key):
    """Decline it, with a reason for the customer."""
    return _decide(request, number, key, steps.refusal_of)


@page_or_post
def care_escalation_take_up(request, number, key):
    """Say who leads it, and promise the next update; also to hand over, and to promise the one after that."""
    return _decide(request, number, key, steps.take_up_of)


@page_or_post
def care_escalation_resolve(request, number, key):
    """Say what came of it."""
    return _decide(request, number, key, steps.result_of)


@page_or_post
def care_escalation_redact(request, number, key):
    """Remove what the customer wrote in it for good."""
    return _decide(request, number, key, steps.redaction_of)


def _decide(request, number, key, step_of) -> HttpResponse:
    return step_page(request, number, step_of(_escalation(request, number, key)))


def _escalation(request, number, key):
    """The escalation of this case. Raises Http404, also for one of another case."""
    own = Escalation.objects.visible_to(request.user).filter(case__in=[key_of(number) or 0])
    return get_object_or_404(own.select_related("case__organization", "owner", "requested_by", "decided_by"), pk=key)

"""M1: were the promises kept? Four figures, by week, severity and customer, each opening its cases; and the CSV of clocks (UX 3.3, SPEC 11)."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.db.models.functions import TruncWeek
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases.csv_text import lines_of, streamed
from cases.models import Case
from cases.permissions import can_see_reports
from sla.compliance import CSV_HEADER, ENDS, FIGURES, GOAL, UPDATES, Figure, clocks_of, csv_rows, figures, kinds_of, sum_of
from sla.models import Clock
from sla.policies import current_version, published_policies, rules_of
from sla.policy_rules import FIRST_RESPONSE
from sla.texts import in_language
from sla.verdicts import LATE, ON_TIME

from .queue_filter import ALL, CareFilterForm, overdue, query_of
from .rights import require
from .trail import log_export

DAYS = 42  # the period that is shown first: six weeks
CUSTOMERS = 20  # the worst ones
NAMES = {FIRST_RESPONSE: _("First response on time"), UPDATES: _("Updates on time"), ENDS: _("Restored or resolved on time")}


class ReportForm(CareFilterForm):
    """The filter of the report: a part of that of the list of all cases, so that each figure's link means the same."""

    q = status = owner = due = verdict = None
    policy = forms.ChoiceField(label=_("Support policy"), required=False)
    plan = forms.ChoiceField(label=_("Support plan"), required=False)
    field_order = ["since", "until", "policy", "plan", "severity", "customer", "clock"]

    def __init__(self, data, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        policies = list(published_policies())
        plans = {plan.code: plan.name for policy in policies for plan in rules_of(current_version(policy)).plans}
        self.fields["policy"].choices = [ALL, *((policy.code, in_language(policy.name)) for policy in policies)]
        self.fields["plan"].choices = [ALL, *((code, in_language(name)) for code, name in plans.items())]

    @property
    def kinds(self):
        """The kinds of clock that the tables count."""
        return kinds_of(self.cleaned_data.get("clock") or "")

    @property
    def period(self):
        """The first and the last day that the filter asks for, or None."""
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, or a card: a figure, and where its cases are."""

    name: str
    figure: Figure
    query: str  # of the list of all cases; `kept` and `missed` narrow it further

    @property
    def kept_url(self):
        return _list_url(f"{self.query}&verdict={ON_TIME}")

    @property
    def late_url(self):
        return _list_url(f"{self.query}&verdict={LATE}")


@require_safe
def care_sla(request):
    """The report of the period's cases, as far as one is cleared for their regions."""
    require(can_see_reports(request.user))
    now = timezone.now()
    asked = with_period(request.GET)
    form = ReportForm(asked)
    cases = form.narrow(Case.objects.visible_to(request.user), user=request.user, now=now)
    clocks = clocks_of(cases, now=now, kinds=form.kinds)
    query = query_of(asked, ReportForm)
    count = clocks.count()
    context = {
        "form": form,
        "now": now,
        "goal": GOAL,
        "cards": cards(clocks_of(cases, now=now), asked),
        "overdue": overdue(cases.open(), now).count(),
        "overdue_url": _list_url(f"{query_without(asked, 'clock')}&due=overdue"),
        "weeks": weeks(clocks, asked, form.period) if count else [],
        "severities": severities(clocks, asked) if count else [],
        "customers": customers(clocks, asked) if count else [],
        "customers_shown": CUSTOMERS,
        "count": count,
        "csv_url": f"{reverse('admin:care_clocks_csv')}?{query}",
    }
    return render(request, "care/sla.html", context)


@require_safe
def care_clocks_csv(request):
    """Every clock of the report, streamed; the audit trail says who took what."""
    require(can_see_reports(request.user))
    now, asked = timezone.now(), with_period(request.GET)
    form = ReportForm(asked)
    cases = form.narrow(Case.objects.visible_to(request.user), user=request.user, now=now)
    log_export(request.user, Clock, query_of(asked, ReportForm))
    rows = csv_rows(clocks_of(cases, now=now, kinds=form.kinds))
    lines = lines_of(CSV_HEADER, rows, time_zone=ZoneInfo(request.user.time_zone))
    return streamed(lines, filename=f"clocks-{now:%Y-%m-%d}.csv")


def with_period(parameters):
    """The filter as it was asked; the last weeks where no day was given."""
    today = timezone.localdate()
    period = {"since": (today - timedelta(days=DAYS - 1)).isoformat(), "until": today.isoformat()}
    asked = {name: value for name, value in parameters.items() if value}
    return asked if {"since", "until"} & set(asked) else period | asked


def query_without(asked, *names, **more):
    """The filter as a link carries it, without some of its fields and with others instead."""
    kept = {name: asked[name] for name in ReportForm.base_fields if asked.get(name) and name not in names}
    return urlencode(kept | more)


def _list_url(query):
    return f"{reverse('admin:care_cases')}?{query}"


# --- figures -----------------------------------------------------------------------------------------------------------
def cards(clocks, asked):
    """The figures by kind, whatever kind the tables count."""
    found = figures(clocks, "kind")
    return [Row(NAMES[name], sum_of(found, kinds), query_without(asked, "clock", clock=name)) for name, kinds in FIGURES.items()]


def weeks(clocks, asked, period):
    """By week of the opening, Monday first, in the reader's zone; the first and the last week may be cut by the period."""
    by_week = sorted(figures(clocks.annotate(week=TruncWeek("case__opened_at")), "week").items())
    return [
        Row(date_format(monday, "DATE_FORMAT"), figure, query_without(asked, **_days(monday.date(), *period)))
        for (monday,), figure in by_week
    ]


def _days(monday, since, until):
    """The days of a week that lie in the period (None: without an end), as fields of the filter."""
    sunday = monday + timedelta(days=6)
    return {"since": max(monday, since or monday).isoformat(), "until": min(sunday, until or sunday).isoformat()}


def severities(clocks, asked):
    """By severity, or the priority's place where the policy has no severities."""
    found = figures(clocks, "case__urgency_rank")
    return [Row(f"S{rank}", figure, query_without(asked, severity=rank)) for (rank,), figure in sorted(found.items())]


def customers(clocks, asked):
    """By customer, the worst first: who has most missed promises of those that are decided."""
    found = figures(clocks, "case__organization__name", "case__organization__organization_id")
    worst = sorted(found.items(), key=lambda one: (one[1].percent if one[1].decided else 101, -one[1].late, one[0]))
    return [Row(name, figure, query_without(asked, customer=str(key))) for (name, key), figure in worst[:CUSTOMERS]]

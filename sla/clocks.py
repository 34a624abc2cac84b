"""The clocks of a case as rows: `refresh()` stores what `sla.clock_rules` says. The rows are a cache; the timeline is the truth (HOUSE rule 2).

`case` is whatever carries a key, a policy version, a calendar version, a time zone, a country and a plan; nothing else is asked of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sla.business_time import BusinessCalendar
from sla.calendars import business_calendar
from sla.clock_rules import BREACHED, CLOSING, PAUSED, RUNNING, CaseStates, ClockState, Closing, Version, states_at
from sla.events import Event
from sla.explain import Explanation, explain_clock, explain_closing
from sla.models import Clock
from sla.next_effects import closing_time, next_closing_effect, next_effect
from sla.policies import rules_of
from sla.versions import earlier_versions


@dataclass(frozen=True, slots=True)
class ClockSummary:
    """What lists show of a case's clocks."""

    next_due_at: datetime | None  # of the clocks that run; in the past while one is breached and not met
    is_paused: bool  # something is paused and nothing runs
    status: str  # of sla.case_facts
    close_at: datetime | None
    close_kind: str | None  # "automatic" or "subject_to_closure"
    withdrawn: tuple[str, ...] = ()  # kinds of clock whose announced breach a late entry has undone


def states(case, *, events: list[Event], now: datetime, earlier: Sequence[Version] | None = None) -> CaseStates:
    """The states of a case's clocks, worked out and not stored: for pages and "what if" previews.

    `earlier`: the versions before each move in the events, where they are known already; otherwise they are read. Raises ValueError where the events do not open the case, CalendarError where its calendar version makes no sense.
    """
    version = version_of(case)
    earlier = earlier_versions(case, events) if earlier is None else earlier
    return states_at(version.rules, version.calendar, events, now=now, plan=case.plan, earlier=earlier)


def explanations(case, *, events: list[Event], now: datetime) -> list[Explanation]:
    """The arithmetic of every clock of a case, and of its closing if it counts down to one. Raises like `states`."""
    derived, calendar = states(case, events=events, now=now), calendar_of(case)
    found = [explain_clock(clock) for clock in derived.clocks]
    return [*found, explain_closing(derived.closing, calendar)] if derived.closing else found


def version_of(case) -> Version:
    """What counts for a case now."""
    return Version(rules_of(case.policy_version), calendar_of(case))


def calendar_of(case) -> BusinessCalendar:
    """The calendar that a case's business time runs in: its frozen version, in its zone, with its country's holidays."""
    return business_calendar(case.calendar_version, time_zone=case.time_zone, country=case.country)


def refresh(case, *, events: list[Event], now: datetime) -> ClockSummary:
    """Work the clocks out from the whole timeline and store them, in the caller's transaction, under its lock of the case."""
    derived = states(case, events=events, now=now)
    # Locked, so that what a sweep has just announced is not overwritten with what was read before it.
    stored = {clock.kind: clock for clock in Clock.objects.select_for_update().filter(case=case)}
    before = {kind: _content(row) for kind, row in stored.items()}
    withdrawn = tuple(clock.kind for clock in derived.clocks if _is_withdrawn(stored.get(clock.kind), clock))
    rows = rows_of(derived, stored)
    _store(case, rows, before)
    return replace(summary_of(derived, rows), withdrawn=withdrawn)


def rows_of(derived: CaseStates, stored: dict[str, Clock]) -> list[Clock]:
    """The rows that should be stored for these states: the stored ones, by kind, brought up to date in place, and new ones; unsaved."""
    rows = [_row(stored.get(clock.kind) or Clock(kind=clock.kind), clock) for clock in derived.clocks]
    return [*rows, _closing_row(stored.get(CLOSING), derived.closing)] if derived.closing else rows


def _is_withdrawn(row: Clock | None, clock: ClockState) -> bool:
    """Was a breach announced for this very span of the clock that, by what is known now, never happened?"""
    return bool(row and row.announced_for and row.started_at == clock.started_at and clock.breached_at is None)


def _row(row: Clock, clock: ClockState) -> Clock:
    pause = clock.open_pause
    row.target_code = clock.target.code if clock.target else ""
    row.state = clock.state
    row.started_at, row.due_at, row.met_at, row.breached_at = clock.started_at, clock.due_at, clock.met_at, clock.breached_at
    row.paused_at, row.pause_cause = (pause.start, pause.kind) if pause else (None, "")
    row.remaining_seconds = None if clock.remaining_seconds is None else round(clock.remaining_seconds)
    if clock.breached_at is None:
        row.announced_for = None
    upcoming = next_effect(clock, warned_for=row.warned_for, announced_for=row.announced_for)
    row.next_effect, row.next_effect_at = upcoming or ("", None)
    return row


def _closing_row(row: Clock | None, closing: Closing) -> Clock:
    if row is None or row.started_at != closing.counted_from:  # a count that starts again needs its own notice
        row = Clock(pk=row and row.pk, kind=CLOSING)
    row.target_code, row.state, row.started_at = closing.cause, RUNNING, closing.counted_from
    row.due_at = closing_time(closing, noticed_at=row.noticed_at)
    upcoming = next_closing_effect(closing, noticed_at=row.noticed_at, announced_for=row.announced_for)
    row.next_effect, row.next_effect_at = upcoming or ("", None)
    return row


_FIELDS = [field.attname for field in Clock._meta.concrete_fields if field.attname not in ("id", "case_id", "kind")]


def _content(row: Clock) -> list:
    return [getattr(row, name) for name in _FIELDS]


def _store(case, rows: list[Clock], before: dict[str, list]) -> None:
    """Write what differs from the rows as they were `before`, by kind: most activities move no clock at all."""
    for row in rows:
        row.case = case
    if new := [row for row in rows if row.pk is None]:
        Clock.objects.bulk_create(new)
    if changed := [row for row in rows if row.kind in before and _content(row) != before[row.kind]]:
        Clock.objects.bulk_update(changed, _FIELDS)
    if gone := set(before) - {row.kind for row in rows}:
        Clock.objects.filter(case=case, kind__in=gone).delete()


def summary_of(derived: CaseStates, rows: list[Clock]) -> ClockSummary:
    """What lists show of a case with these states and rows."""
    counted = [row for row in rows if row.kind != CLOSING]
    due = [row.due_at for row in counted if row.state in (RUNNING, BREACHED)]
    closing = next((row for row in rows if row.kind == CLOSING), None)
    return ClockSummary(
        next_due_at=min(due, default=None),
        is_paused=not due and any(row.state == PAUSED for row in counted),
        status=derived.facts.status,
        close_at=closing.due_at if closing else None,
        close_kind=derived.closing.kind if derived.closing else None,
    )

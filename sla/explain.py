"""A clock's arithmetic, laid open: each counted span, closed hours, holidays by name, pauses with their cause, the clause, the result.

Pure. The counted spans add up to the target to the second; while a clock is paused, or ended early, together with what remains of it.
`sla.explanation_words` puts it into sentences, templates show it (SPEC 5, "Explain").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sla.business_time import BusinessCalendar, ClosedDay, OpenSpan, Pause
from sla.clock_rules import CLOSING, RUNNING, STOPPED, ClockState, Closing
from sla.policy_rules import Duration, Text
from sla.target_rules import ALL_HOURS, Allowance, allowance


@dataclass(frozen=True, slots=True)
class Counted:
    """Open time that counts towards the target."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Closed:
    """Time outside of business hours; `days` are the holidays and free weekdays in it, none for a mere night or break."""

    start: datetime
    end: datetime
    days: tuple[ClosedDay, ...]

    @property
    def holidays(self) -> tuple[ClosedDay, ...]:
        return tuple(day for day in self.days if day.is_holiday)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A pause: `cause` is customer, third_party or closed; `seconds` is the open time that it kept from counting. Open while `end` is None."""

    start: datetime
    end: datetime | None
    cause: str
    seconds: float | None


Line = Counted | Closed | Stopped


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a clock came to its result. `zone` is the one that the business hours are kept in; None for calendar time (24x7)."""

    kind: str
    state: str
    clause: Text | None = None
    reason: Text | None = None  # why there is no target
    duration: Duration | None = None
    zone: str | None = None
    promised_seconds: float | None = None
    lines: tuple[Line, ...] = ()
    started_at: datetime | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    is_promise: bool = False  # the due time was promised by the care team
    is_fallback: bool = False  # the default target counts, because no plan is known

    @property
    def counted_seconds(self) -> float:
        return sum(line.seconds for line in self.lines if isinstance(line, Counted))

    @property
    def remaining_seconds(self) -> float:
        """What of the target had not run when the lines end: nothing where they reach the due time."""
        return (self.promised_seconds or 0) - self.counted_seconds

    @property
    def is_earlier_breach(self) -> bool:
        """The breach happened under an earlier severity or plan, whose due time was another."""
        return self.breached_at is not None and self.breached_at != self.due_at


def explain_clock(clock: ClockState) -> Explanation:
    """The arithmetic of one clock, in the calendar that it was worked out with. Raises CalendarError."""
    target = clock.target
    facts = {
        "kind": clock.kind,
        "state": clock.state,
        "clause": target.clause if target else None,
        "reason": target.reason if target else None,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "met_at": clock.met_at,
        "breached_at": clock.breached_at,
        "ended_at": clock.ended_at,
        "is_fallback": clock.is_fallback,
    }
    if clock.promise:
        return _explain_promise(clock, facts)
    if not clock.has_target:
        return Explanation(**facts)
    until = clock.ended_at if clock.state == STOPPED and clock.due_at else clock.due_at
    return _explained(target.duration, clock.calendar, clock.pauses, until, facts)


def explain_closing(closing: Closing, calendar: BusinessCalendar) -> Explanation:
    """The arithmetic of an automatic closing: from the question or the proposal to the closing."""
    facts = {
        "kind": CLOSING,
        "state": RUNNING,
        "clause": closing.rule.clause,
        "started_at": closing.counted_from,
        "due_at": closing.at,
    }
    return _explained(closing.rule.after, calendar, (), closing.at, facts)


def _explain_promise(clock, facts):
    span = Counted(clock.promise.made_at, clock.promise.until)
    return Explanation(**facts, promised_seconds=span.seconds, lines=(span,), is_promise=True)


def _explained(duration, calendar, pauses, until, facts):
    given = allowance(duration, facts["started_at"], calendar)
    return Explanation(
        **facts,
        duration=duration,
        zone=None if given.calendar is ALL_HOURS else calendar.zone.key,
        promised_seconds=given.seconds,
        lines=tuple(_lines(given, facts["started_at"], until, pauses)),
    )


def _lines(given: Allowance, start: datetime, until: datetime | None, pauses: tuple[Pause, ...]) -> Iterator[Line]:
    """The clock's life from its start to `until`, without a gap; until None: to the open pause that stops it."""
    for pause in pauses:
        if until is not None and pause.start >= until:
            break
        if pause.end is not None and pause.end <= start:
            continue
        begin = max(start, pause.start)
        yield from _tiles(given.calendar, start, begin)
        yield _stopped(given.calendar, pause, begin)
        if pause.end is None:
            return
        start = pause.end
    yield from _tiles(given.calendar, start, until)


def _stopped(calendar: BusinessCalendar, pause: Pause, begin: datetime) -> Stopped:
    seconds = None if pause.end is None else calendar.business_seconds_between(begin, pause.end)
    return Stopped(begin, pause.end, pause.kind, seconds)


def _tiles(calendar: BusinessCalendar, start: datetime, end: datetime) -> Iterator[Line]:
    if calendar is ALL_HOURS:
        if start < end:
            yield Counted(start, end)
        return
    spans = [*calendar.open_spans(start, end), *calendar.closed_spans(start, end)]
    for span in sorted(spans, key=lambda span: span.start):
        yield Counted(span.start, span.end) if isinstance(span, OpenSpan) else Closed(span.start, span.end, span.days)

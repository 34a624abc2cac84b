"""The states of all clocks of a case: (policy, calendar, events, now) → states. Pure, and the only place where a verdict is made.

Nothing here is remembered: the same timeline gives the same answer at any time, and a breach is dated at its due time whoever looks when.
Source: SPEC section 5, shared/vectors/README.md ("Decided", "Exactly").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sla.business_time import BusinessCalendar, Due, Pause
from sla.case_facts import AWAITING_CUSTOMER, RESOLUTION_PROPOSED, Facts, Promise, Terms, facts_at
from sla.events import Event
from sla.policy_rules import (
    CONTACT_APPLICATION,
    FIRST_RESPONSE,
    NEXT_RESPONSE,
    NEXT_UPDATE,
    RCA,
    RESOLUTION,
    RESTORATION,
    ClosingRule,
    PolicyRules,
    Target,
)
from sla.target_rules import Conditions, allowance, has_target, is_fallback, target_for

RUNNING = "RUNNING"
PAUSED = "PAUSED"
MET = "MET"
BREACHED = "BREACHED"  # past the due time and not met yet
MISSED = "MISSED"  # met or ended after a breach
STOPPED = "STOPPED"  # ended without being met and without a breach
NO_TARGET = "NO_TARGET"

CLOSING = "CLOSING"  # the kind of the clock row that counts down to an automatic closing
SUBJECT_TO_CLOSURE = "subject_to_closure"  # the owner closes in one step
AUTOMATIC = "automatic"
ACCESS = "ACCESS"  # the case type of a contact application
OF_A_PROBLEM = (FIRST_RESPONSE, RESTORATION, RESOLUTION)  # not owed in a case that only waits for an RCA


@dataclass(frozen=True, slots=True)
class Version:
    """What counts for a case from its opening, or from a move to another version, on."""

    rules: PolicyRules
    calendar: BusinessCalendar


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock at one moment. `due_at` is None while it is paused: `remaining_seconds` of the target are left then.

    `breached_at` may be the due time of an earlier severity or plan: such a breach stays, whatever `due_at` is now. `pauses` are those that
    count for this clock, as they were known when it ended (or are now). `promise` is set where an agent's promise gives the due time.
    """

    kind: str
    state: str
    target: Target | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None  # met, or the case was closed
    due_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    remaining_seconds: float | None = None
    warn_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    promise: Promise | None = None
    is_fallback: bool = False  # the policy's default target counts, because no plan is known
    calendar: BusinessCalendar | None = field(default=None, compare=False, repr=False)  # the one that it was worked out with

    @property
    def has_target(self) -> bool:
        return self.state != NO_TARGET

    @property
    def open_pause(self) -> Pause | None:
        """The pause that stops the clock now, if one does."""
        stops = self.remaining_seconds is not None and self.pauses and self.pauses[-1].end is None
        return self.pauses[-1] if stops else None


@dataclass(frozen=True, slots=True)
class Closing:
    """The countdown to the end of a wait for the customer or of an unanswered proposal."""

    at: datetime
    kind: str  # SUBJECT_TO_CLOSURE or AUTOMATIC
    cause: str  # awaiting_customer or resolution_proposed
    counted_from: datetime
    notice_at: datetime
    reached: bool
    rule: ClosingRule


@dataclass(frozen=True, slots=True)
class CaseStates:
    facts: Facts
    clocks: tuple[ClockState, ...]
    closing: Closing | None
    now: datetime

    def clock(self, kind: str) -> ClockState | None:
        """The clock of a kind, or None where the policy speaks of no such target (or it has not begun)."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)


@dataclass(frozen=True, slots=True)
class AutomaticEscalation:
    """A breach that escalates by itself under the policy."""

    kind: str
    at: datetime


def states_at(
    rules: PolicyRules,
    calendar: BusinessCalendar,
    timeline: list[Event],
    *,
    now: datetime,
    plan: str = "",
    closes_by_itself: bool = False,
    earlier: Sequence[Version] = (),
) -> CaseStates:
    """Every clock of a case at `now`. `plan` counts where the OPENED event names none.

    `earlier`: the versions that counted before each VERSION_CHANGED event, in order; what ended under them stays as it was. Without them
    the whole timeline is reckoned under `rules` and `calendar`, as if they had been in force when the case was opened.
    `closes_by_itself`: automatic closings happen at their moment, as if notice had been given (vectors); in the portal a CLOSED event is
    recorded for each, so a reply that is recorded first wins. Raises ValueError without an OPENED event, CalendarError.
    """
    versions = (*earlier, Version(rules, calendar))
    closing = (lambda facts: _automatic_closing(_of(versions, facts.terms[-1]), facts)) if closes_by_itself else None
    facts = facts_at(timeline, now, plan=plan, closing=closing)
    clocks = _Reckoner(versions, facts, now).clocks()
    return CaseStates(facts, clocks, closing_of(_of(versions, facts.terms[-1]), facts, now=now), now)


def _of(versions: Sequence[Version], terms: Terms) -> Version:
    """The version that terms belong to."""
    return versions[min(terms.version, len(versions) - 1)]


def automatic_escalations(rules: PolicyRules, states: CaseStates) -> list[AutomaticEscalation]:
    """The breaches that escalate by themselves, in the order of their moments."""
    breaches = [
        AutomaticEscalation(clock.kind, clock.breached_at)
        for clock in states.clocks
        if clock.kind in rules.escalation.automatic_on and clock.breached_at
    ]
    return sorted(breaches, key=lambda breach: breach.at)


# --- closing -----------------------------------------------------------------------------------------------------------


def closing_of(version: Version, facts: Facts, *, now: datetime) -> Closing | None:
    """The closing that a wait or a proposal counts down to, or None."""
    rules = version.rules
    rule = {AWAITING_CUSTOMER: rules.awaiting_customer, RESOLUTION_PROPOSED: rules.resolution_proposed}.get(facts.status)
    if rule is None or facts.counted_from is None or facts.is_held:
        return None
    at = allowance(rule.after, facts.counted_from, version.calendar).due(facts.counted_from).at
    return Closing(
        at=at,
        kind=AUTOMATIC if rule.closes else SUBJECT_TO_CLOSURE,
        cause=facts.status,
        counted_from=facts.counted_from,
        notice_at=max(facts.counted_from, at - timedelta(hours=rule.notice_hours)),
        reached=at <= now,
        rule=rule,
    )


def _automatic_closing(version, facts):
    closing = closing_of(version, facts, now=facts.opened_at)
    return (closing.at, f"auto_close_{closing.cause}") if closing and closing.kind == AUTOMATIC else None


# --- clocks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """A clock's life as far as the facts tell: when it began, was met, and until when it is looked at."""

    kind: str
    started_at: datetime
    met_at: datetime | None
    ended_at: datetime | None  # met, or the case was closed
    end: datetime  # ended_at, or now
    closures: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class _Reckoner:
    versions: tuple[Version, ...]
    facts: Facts
    now: datetime

    def clocks(self) -> tuple[ClockState, ...]:
        made = [self._clock(span) for span in self._spans()]
        update = self._next_update()
        return tuple(clock for clock in (*made, update) if clock)

    @property
    def current(self) -> Version:
        """What counts now."""
        return _of(self.versions, self.facts.terms[-1])

    def _speaks_of(self, kind: str) -> bool:
        """Does a version that counts or has counted know this kind of target?"""
        return any(has_target(_of(self.versions, terms).rules, kind) for terms in self.facts.terms)

    def _spans(self) -> list[_Span]:
        facts = self.facts
        if facts.case_type == ACCESS and self._speaks_of(CONTACT_APPLICATION):
            return [self._span(CONTACT_APPLICATION, facts.opened_at, facts.decided_at)]
        spans = [self._span(FIRST_RESPONSE, facts.opened_at, facts.responded_at)]
        if asked := self._asked():
            spans.append(self._span(NEXT_RESPONSE, *asked))
        spans.append(self._span(RESTORATION, facts.opened_at, self._restored_at()))
        spans.append(self._span(RESOLUTION, facts.opened_at, facts.resolved_at))
        if facts.restored_at:
            spans.append(self._rca_span())
        unowed = OF_A_PROBLEM if facts.is_for_rca else ()
        return [span for span in spans if span.kind not in unowed and self._speaks_of(span.kind)]

    def _restored_at(self) -> datetime | None:
        """When the service came back for a case that was still open: a closed case's clocks stand still."""
        facts = self.facts
        is_later = facts.is_closed and facts.restored_at and facts.restored_at > facts.closed_at
        return None if is_later else facts.restored_at

    def _asked(self) -> tuple[datetime, datetime | None] | None:
        """The customer's message that waits for a reply, or the latest one that got it."""
        return (self.facts.asked_at, None) if self.facts.asked_at else self.facts.answered

    def _span(self, kind: str, started_at: datetime, met_at: datetime | None) -> _Span:
        ended_at = met_at or (self.facts.closed_at if self.facts.is_closed else None)
        return _Span(kind, started_at, met_at, ended_at, ended_at or self.now, self.facts.closures)

    def _rca_span(self) -> _Span:
        # Owed after the case is closed as well, so no closing ends or stops it.
        met_at = self.facts.rca_delivered_at
        return _Span(RCA, self.facts.restored_at, met_at, met_at, met_at or self.now, ())

    def _clock(self, span: _Span) -> ClockState | None:
        terms = self._terms(span)
        version = _of(self.versions, terms[-1])
        target, breached_at = self._target(span.kind, terms[-1]), self._first_breach(span, terms)
        if target is None or target.duration is None:
            is_silent = target is None and (span.kind == RCA or not has_target(version.rules, span.kind))
            return None if is_silent and breached_at is None else _without_target(span, target, breached_at)
        given = allowance(target.duration, span.started_at, version.calendar)
        pauses = _as_known(self._pauses(target, span), span)
        due = given.due(span.started_at, pauses)
        state = _state(span, due, breached_at)
        return ClockState(
            kind=span.kind,
            state=state,
            target=target,
            started_at=span.started_at,
            ended_at=span.ended_at,
            due_at=due.at,
            met_at=span.met_at,
            breached_at=breached_at,
            remaining_seconds=None if span.met_at else due.remaining_seconds,
            warn_at=given.warning(span.started_at, pauses, version.rules.warn_percent) if state == RUNNING else None,
            pauses=pauses,
            is_fallback=is_fallback(version.rules, target, terms[-1].plan),
            calendar=version.calendar,
        )

    def _terms(self, span: _Span) -> tuple[Terms, ...]:
        """The terms that count: those up to the clock's end, for what was met stays met.

        Where there was no target when it ended, today's severity and plan are put to it as well; never a later version.
        """
        past = tuple(terms for terms in self.facts.terms if terms.since <= span.end) or self.facts.terms[:1]
        then = self._target(span.kind, past[-1])
        return past if then and then.duration else (*past, replace(self.facts.terms[-1], version=past[-1].version))

    def _first_breach(self, span: _Span, all_terms: tuple[Terms, ...]) -> datetime | None:
        """The due time that was first missed, under whichever severity or plan was in force: a breach that happened stays."""
        ends = [terms.since for terms in all_terms[1:]] + [span.end]
        for terms, end in zip(all_terms, ends, strict=True):
            target = self._target(span.kind, terms)
            if target is None or target.duration is None:
                continue
            given = allowance(target.duration, span.started_at, _of(self.versions, terms).calendar)
            due = given.due(span.started_at, self._pauses(target, span)).at
            if due and due < min(end, span.end):
                return due
        return None

    def _target(self, kind: str, terms: Terms) -> Target | None:
        # The scope is a fact about the problem: what is found out later was so from the beginning.
        conditions = Conditions(terms.severity, terms.plan, self.facts.channel, self.facts.scope)
        return target_for(_of(self.versions, terms).rules, kind, conditions)

    def _pauses(self, target: Target, span: _Span) -> tuple[Pause, ...]:
        waits = (wait for wait in self.facts.waits if wait.kind in target.pauses)
        return tuple(sorted((*waits, *span.closures), key=lambda pause: pause.start))

    # The next update: an agent's promise, or else what the policy says, counted from the latest update.

    def _next_update(self) -> ClockState | None:
        promise = self.facts.promise
        if promise and not (promise.kept_at and has_target(self.current.rules, NEXT_UPDATE)):
            return self._promised_update(promise)
        if self.facts.case_type == ACCESS or not has_target(self.current.rules, NEXT_UPDATE):
            return None
        return self._clock(self._span(NEXT_UPDATE, self.facts.updated_at or self.facts.opened_at, None))

    def _promised_update(self, promise: Promise) -> ClockState:
        span = self._span(NEXT_UPDATE, promise.made_at, promise.kept_at)
        breached_at = promise.until if promise.until < span.end else None
        state = _state(span, Due(promise.until), breached_at)
        return ClockState(
            kind=NEXT_UPDATE,
            state=state,
            target=self._target(NEXT_UPDATE, self.facts.terms[-1]),
            started_at=promise.made_at,
            ended_at=span.ended_at,
            due_at=promise.until,
            met_at=promise.kept_at,
            breached_at=breached_at,
            warn_at=promise.made_at + (promise.until - promise.made_at) * self.current.rules.warn_percent / 100
            if state == RUNNING
            else None,
            promise=promise,
        )


def _state(span: _Span, due: Due, breached_at: datetime | None) -> str:
    if span.ended_at:
        return MISSED if breached_at else MET if span.met_at else STOPPED
    if due.at is None:
        return PAUSED
    return BREACHED if due.at < span.end else RUNNING


def _without_target(span: _Span, target: Target | None, breached_at: datetime | None) -> ClockState:
    return ClockState(span.kind, NO_TARGET, target, started_at=span.started_at, breached_at=breached_at)


def _as_known(pauses: tuple[Pause, ...], span: _Span) -> tuple[Pause, ...]:
    """The pauses as they were known when the clock ended (or are now): still open where they ended later."""
    begun = (pause for pause in pauses if pause.start < span.end or (pause.start == span.end and not span.met_at))
    return tuple(pause if pause.end and pause.end <= span.end else replace(pause, end=None) for pause in begun)

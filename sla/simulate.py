"""What if other rules had counted? The same timelines under a draft policy or calendar, clock by clock (SPEC 5, "Simulate"). Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sla.clock_rules import CLOSING, RUNNING, CaseStates, ClockState
from sla.next_effects import closing_time
from sla.verdicts import LATE, ON_TIME, verdict_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One clock of a case before and after. None: there is no such clock there."""

    kind: str
    before: ClockState | None
    after: ClockState | None
    now: datetime

    @property
    def moves(self) -> bool:
        """Is the due time, or what is left while it is paused, another one?"""
        return _due(self.before) != _due(self.after)

    @property
    def breaches(self) -> bool:
        """Is it late afterwards and was not before?"""
        return self.verdict_after == LATE != self.verdict_before

    @property
    def is_saved(self) -> bool:
        """Was it late before and is not afterwards?"""
        return self.verdict_before == LATE != self.verdict_after

    @property
    def verdict_before(self) -> str | None:
        return self.before and verdict_of(self.before, now=self.now)

    @property
    def verdict_after(self) -> str | None:
        return self.after and verdict_of(self.after, now=self.now)


def differences(before: CaseStates, after: CaseStates, *, noticed_at: datetime | None = None) -> Iterator[Difference]:
    """The clocks of a case, and its countdown to a closing, that come out differently. `noticed_at`: when notice of the closing was given."""
    first, second = (_by_kind(states, noticed_at) for states in (before, after))
    for kind in {**first, **second}:
        if _result(first.get(kind)) != _result(second.get(kind)):
            yield Difference(kind, first.get(kind), second.get(kind), before.now)


def _by_kind(states: CaseStates, noticed_at: datetime | None) -> dict[str, ClockState]:
    clocks = {clock.kind: clock for clock in states.clocks}
    if closing := states.closing:
        due_at = closing_time(closing, noticed_at=noticed_at)
        clocks[CLOSING] = ClockState(CLOSING, RUNNING, started_at=closing.counted_from, due_at=due_at)
    return clocks


def _result(clock: ClockState | None):
    return clock and (clock.state, clock.due_at, clock.remaining_seconds, clock.met_at, clock.breached_at)


def _due(clock: ClockState | None):
    return (clock.due_at, clock.remaining_seconds) if clock and clock.has_target else None


@dataclass
class Tally:
    """Kept and missed promises, now and under the draft, by kind of clock and severity."""

    now: Counter = field(default_factory=Counter)  # (kind, severity, verdict) -> clocks
    then: Counter = field(default_factory=Counter)

    def count(self, before: CaseStates, after: CaseStates) -> None:
        """Take one case in."""
        for counter, states in ((self.now, before), (self.then, after)):
            severity = states.facts.severity
            counter.update((clock.kind, severity, verdict_of(clock, now=states.now)) for clock in states.clocks)

    def rows(self) -> list[tuple[str, int | None, "Share", "Share"]]:
        """(kind, severity, share kept now, share kept then) for each group that has a decided clock."""
        groups = dict.fromkeys(key[:2] for counter in (self.now, self.then) for key in counter)
        rows = [(*group, _share(self.now, group), _share(self.then, group)) for group in groups]
        return sorted((row for row in rows if row[2].decided or row[3].decided), key=lambda row: (row[0], row[1] or 99))


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the promises that are decided were kept."""

    kept: int
    decided: int


def _share(counter, group) -> Share:
    kept, late = counter[(*group, ON_TIME)], counter[(*group, LATE)]
    return Share(kept, kept + late)

"""Do the stored clocks say what the timeline says? Every clock is derived again and compared (SPEC 5: a cache that can be rebuilt at any time)."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from sla import clocks
from sla.clock_rules import BREACHED, CLOSING, RUNNING
from sla.events import Event
from sla.models import Clock

DERIVED = (
    "target_code",
    "state",
    "started_at",
    "due_at",
    "met_at",
    "breached_at",
    "paused_at",
    "pause_cause",
    "remaining_seconds",
)
ANNOUNCED = ("next_effect", "next_effect_at")
LISTED = ("next_due_at", "is_paused")


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A stored value that is not what the timeline gives. `kind` is the clock's, or "" for a column of the case itself."""

    kind: str
    field: str
    stored: object
    derived: object


def discrepancies(case, *, events: list[Event], stored: list[Clock], now: datetime) -> list[Discrepancy]:
    """Where the stored clocks of a case, and its list columns, differ from what is derived under its frozen versions. Nothing is written.

    What a sweep has still to announce at `now` is no discrepancy: the row says when, and the verdict is the same.
    """
    before = {row.kind: copy(row) for row in stored}
    derived = clocks.states(case, events=events, now=now)
    after = {row.kind: row for row in clocks.rows_of(derived, {row.kind: row for row in stored})}
    summary = clocks.summary_of(derived, list(after.values()))
    found = [found for kind in {**before, **after} for found in _of_clock(kind, before.get(kind), after.get(kind), now)]
    listed = [(name, getattr(case, name), getattr(summary, name)) for name in LISTED]
    return [*found, *(Discrepancy("", name, old, new) for name, old, new in listed if old != new)]


def _of_clock(kind, before, after, now):
    if before is None or after is None:
        return [Discrepancy(kind, "state", before and before.state, after and after.state)]
    fields = DERIVED if _is_pending(before, now) else (*DERIVED, *ANNOUNCED)
    seen = _as_swept(before, now)
    values = [(name, getattr(seen, name), getattr(after, name)) for name in fields]
    return [Discrepancy(kind, name, old, new) for name, old, new in values if old != new]


def _is_pending(row, now):
    return row.next_effect_at is not None and row.next_effect_at <= now


def _as_swept(row, now):
    """The row as the next sweep will leave it."""
    if row.kind != CLOSING and row.state == RUNNING and row.due_at < now:
        row.state, row.breached_at = BREACHED, row.due_at
    return row

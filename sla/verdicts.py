"""Was the promise kept? The one answer for a page, a CSV, a report, a simulation; whatever the sweep has seen so far. Pure."""

from datetime import datetime

from sla.clock_rules import CLOSING, MET, NO_TARGET, RUNNING, STOPPED

ON_TIME = "ON_TIME"
LATE = "LATE"  # met late, ended late, or past the due time and not met yet
OPEN = "OPEN"  # not decided yet
NONE = "NONE"  # no target, the case ended before it was due, or a countdown to a closing, which is no promise
VERDICTS = (ON_TIME, LATE, OPEN, NONE)


def verdict_of(clock, *, now: datetime) -> str:
    """The verdict on a clock, a derived state or a stored row, at `now`. Exactly at the due time is not late yet."""
    if clock.kind == CLOSING:
        return NONE
    if clock.breached_at or (clock.state == RUNNING and clock.due_at < now):
        return LATE
    if clock.state == MET:
        return ON_TIME
    return NONE if clock.state in (NO_TARGET, STOPPED) else OPEN

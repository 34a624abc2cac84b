"""What a clock will make happen next, and when: a warning, a breach, a closing notice, a closing. Pure.

The sweep asks stored clocks one question ("whose moment has come?"); this is where that moment comes from (HOUSE rule 2, SAFETY 6). What has
been announced is known by the due time it was announced for, so a moved due time is warned about anew and nothing is told twice.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sla.clock_rules import AUTOMATIC, RUNNING, ClockState, Closing

WARN = "WARN"
BREACH = "BREACH"
PROMISE = "PROMISE"  # the breach of an agent's promise
NOTICE = "NOTICE"
CLOSE = "CLOSE"


class NextEffect(NamedTuple):
    effect: str
    at: datetime


def next_effect(clock: ClockState, *, warned_for: datetime | None, announced_for: datetime | None) -> NextEffect | None:
    """What a clock announces next, or None. `warned_for`, `announced_for`: the due times that were warned of and announced as breached."""
    breach = PROMISE if clock.promise else BREACH
    if clock.breached_at:
        return None if announced_for == clock.breached_at else NextEffect(breach, clock.breached_at)
    if clock.state != RUNNING:
        return None
    if clock.warn_at and warned_for != clock.due_at:
        return NextEffect(WARN, clock.warn_at)
    return NextEffect(breach, clock.due_at)


def closing_time(closing: Closing, *, noticed_at: datetime | None) -> datetime:
    """When a case is closed, or subject to closure: not before the notice is as old as the policy wants (HOUSE, data model)."""
    if noticed_at is None:
        return closing.at
    return max(closing.at, noticed_at + timedelta(hours=closing.rule.notice_hours))


def next_closing_effect(closing: Closing, *, noticed_at: datetime | None, announced_for: datetime | None) -> NextEffect | None:
    """Notice first; then the closing where the policy lets the portal close, or, once, that the case is subject to closure."""
    if noticed_at is None:
        return NextEffect(NOTICE, closing.notice_at)
    if closing.kind != AUTOMATIC and announced_for:
        return None
    return NextEffect(CLOSE, closing_time(closing, noticed_at=noticed_at))

"""Past cases replayed under other terms, from their opening on, as if those had always counted (SPEC 5, "Simulate", ISSUE 3.8)."""

from dataclasses import dataclass
from datetime import datetime

from sla import clocks, events
from sla.clock_rules import CaseStates
from sla.models import CalendarVersion, PolicyVersion
from sla.simulate import Difference, differences

from .histories import histories
from .models import Case
from .terms import move_under


@dataclass(frozen=True, slots=True)
class Replay:
    """One case as it is, and as it would be. What people did is taken as it was; only the reckoning is another."""

    case: Case
    before: CaseStates
    after: CaseStates
    differences: tuple[Difference, ...]


def cases_to_replay(cases, *, policy: PolicyVersion | None, calendar: CalendarVersion | None):
    """Those of `cases` that run under the policy of this version, or under the calendar of this version where no policy is given."""
    if policy:
        return cases.filter(policy_version__policy=policy.policy_id)
    return cases.filter(calendar_version__calendar=calendar.calendar_id)


def replays(cases, *, policy: PolicyVersion | None, calendar: CalendarVersion | None, now: datetime):
    """Each of `cases` (a queryset) under the given versions, drafts or published ones, at `now`; constant memory, nothing is stored."""
    for case, timeline in histories(cases.with_notice()):
        before = clocks.states(case, events=timeline, now=now)
        for version in filter(None, (policy, calendar)):
            move_under(case, version)
        unmoved = [event for event in timeline if event.kind != events.VERSION_CHANGED]
        after = clocks.states(case, events=unmoved, now=now)
        yield Replay(case, before, after, tuple(differences(before, after, noticed_at=case.noticed_at)))

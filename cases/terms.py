"""Under which terms a case runs, and what moving it to another version of policy or calendar would do to its clocks (SPEC 5, ISSUE 3.7)."""

from dataclasses import dataclass
from datetime import datetime

from sla import clocks, events
from sla.calendars import current_calendar_version
from sla.events import Event
from sla.models import CalendarVersion, PolicyVersion
from sla.policies import rules_of
from sla.simulate import Difference, differences
from sla.versions import earlier_versions

from .histories import histories
from .models import Case


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move would do to one case: the clocks that would move or breach; none where it would change nothing."""

    case: Case
    differences: tuple[Difference, ...]

    @property
    def moved(self):
        """The clocks that would have another due time, or that much more or less left."""
        return [difference for difference in self.differences if difference.moves]

    @property
    def breached(self):
        """The clocks that would be breached at once."""
        return [difference for difference in self.differences if difference.breaches]


def cases_to_move(cases, version):
    """The open ones among `cases` that run under another version of the same policy or calendar."""
    if isinstance(version, PolicyVersion):
        same = cases.filter(policy_version__policy=version.policy_id).exclude(policy_version=version.pk)
    else:
        same = cases.filter(calendar_version__calendar=version.calendar_id).exclude(calendar_version=version.pk)
    return same.open()


def effects_of_move(cases, version, *, now: datetime):
    """For each case that could be moved to `version`, what that would do to its clocks at `now`; nothing is stored."""
    for case, timeline in histories(cases_to_move(cases, version).with_notice()):
        earlier = earlier_versions(case, timeline)
        before = clocks.states(case, events=timeline, now=now, earlier=earlier)
        earlier = (*earlier, clocks.version_of(case))
        move = Event(now, events.VERSION_CHANGED, move_under(case, version))
        after = clocks.states(case, events=[*timeline, move], now=now, earlier=earlier)
        yield Effect(case, tuple(differences(before, after, noticed_at=case.noticed_at)))


def effects_of_plan(cases, plan, *, now: datetime):
    """For each of `cases`, what another support plan would do to its clocks at `now`; nothing is stored."""
    for case, timeline in histories(cases.with_notice()):
        before = clocks.states(case, events=timeline, now=now)
        change = Event(now, events.PLAN_CHANGED, {"from": case.plan, "to": plan})
        after = clocks.states(case, events=[*timeline, change], now=now)
        yield Effect(case, tuple(differences(before, after, noticed_at=case.noticed_at)))


def move_under(case, version):
    """Put the case, unsaved, under `version`; returns what was and what is now, as the activity keeps it."""
    before = _keys(case)
    if isinstance(version, CalendarVersion):
        case.calendar_version = version
    else:
        case.policy_version, case.calendar_version = version, _calendar_version(case, version)
    return {"from": before, "to": _keys(case)}


def _calendar_version(case, policy_version):
    """The case's own calendar version stays, unless the new version of the policy names another calendar."""
    code = rules_of(policy_version).calendar
    has_own = case.agreement is not None and case.agreement.calendar_id is not None
    stays = has_own or case.calendar_version.calendar.code == code
    return case.calendar_version if stays else current_calendar_version(code)


def _keys(case):
    return {
        "policy": case.policy_version.pk,
        "policy_number": case.policy_version.number,
        "calendar": case.calendar_version.pk,
        "calendar_number": case.calendar_version.number,
    }

"""Under which terms a case runs: publishing versions, moving open cases to one, changing a plan (SPEC 5, ISSUE 3.3, 3.7)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from sla.policies import current_version, rules_of
from sla.publishing import publish_draft

from ..decision import Refused
from ..models import Agreement, Case
from ..permissions import can_change_plan, can_move_cases, can_publish
from ..terms import cases_to_move, move_under
from ..timeline import Entry, Kind, locked
from .writing import recorded, require


@transaction.atomic
def publish_version(version, *, by, now):
    """Put a draft of a policy or calendar in force for cases that are opened from now on; open cases keep theirs.

    Raises Refused; AlreadyPublished or Outdated (`sla.publishing`) where the draft cannot be put in force any more.
    """
    require(can_publish(by))
    published = publish_draft(version, now=now)
    changed = [{"changed": {"fields": ["published at"]}}]
    LogEntry.objects.log_actions(by.pk, [version], CHANGE, changed, single_object=True)
    return published


@transaction.atomic
def move_case(case, *, by, version, now):
    """Move an open case to another published version of its policy or calendar; what is not met yet is reckoned again from the opening.

    Met clocks, breaches and closed results stay as they were (SPEC 5). Returns the activity, or None where there is nothing to move: the
    case is closed, or there already. Raises Refused.
    """
    case = locked(case)
    require(can_move_cases(by, case))
    if version.published_at is None:
        raise Refused(_("Cases can be moved to a published version only."))
    if not cases_to_move(Case.objects.filter(pk=case.pk), version).exists():
        return None
    return recorded(case, Entry(Kind.VERSION, data=move_under(case, version)), by=by, now=now)


@transaction.atomic
def change_plan(agreement, *, by, plan, now):
    """Give the organization another support plan from today on: a new agreement, and each open case under the old one follows it.

    What is not met yet is reckoned again from the opening. Returns the new agreement. Raises Refused.
    """
    require(can_change_plan(by, agreement.organization))
    agreement = _as_it_is_now(agreement)
    _check_plan(agreement, plan)
    changed = _agree_anew(agreement, plan, now)
    for case in Case.objects.filter(agreement=agreement).open().order_by("pk"):
        _follow(case, changed, by=by, now=now)
    return changed


def _as_it_is_now(agreement):
    """The agreement, locked: of two people who change its plan at once, the second finds that it has ended."""
    row = Agreement.objects.select_for_update(no_key=True, of=("self",)).select_related("organization").get(pk=agreement.pk)
    if row.ends_on != agreement.ends_on:
        raise Refused(_("Somebody else has just changed this agreement. Look at it again."))
    return row


def _check_plan(agreement, plan):
    if plan == agreement.plan:
        raise Refused(_("The organization already has this support plan."))
    if plan not in {known.code for known in rules_of(current_version(agreement.policy)).plans}:
        raise Refused(_("This support plan does not exist in the support policy."))


def _agree_anew(agreement, plan, now):
    today = now.astimezone(ZoneInfo(agreement.organization.time_zone)).date()
    if not agreement.starts_on <= today or (agreement.ends_on and agreement.ends_on <= today):
        raise Refused(_("This agreement is not in force."))
    ends_on = agreement.ends_on
    # One that began today stays for the day; of two that begin on the same day, the later one counts.
    agreement.ends_on = max(today, agreement.starts_on + timedelta(days=1))
    agreement.save(update_fields=["ends_on"])
    return Agreement.objects.create(
        organization=agreement.organization,
        policy=agreement.policy,
        plan=plan,
        license=agreement.license,
        calendar=agreement.calendar,
        starts_on=today,
        ends_on=ends_on,
    )


def _follow(case, agreement, *, by, now):
    case = locked(case)
    data = {"from": case.plan, "to": agreement.plan, "agreement": agreement.pk}
    case.plan, case.agreement = agreement.plan, agreement
    return recorded(case, Entry(Kind.PLAN, data=data), by=by, now=now)

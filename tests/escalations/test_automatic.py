"""A missed target escalates its case by itself where the policy says so: once, and not for a breach that was none (SPEC 6, 360dialog)."""

from datetime import timedelta

import pytest

from cases import actions
from cases.models import Activity, OutboxMessage
from escalations import automatic
from escalations.models import Escalation
from escalations.sweep import sweep
from sla.models import Clock
from tests.escalations.scenes import DAY, HOUR, again, escalated
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
State = Escalation.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(stranger, agent, now):
    """A case of Volga's under 360dialog Premium, owned and not answered: the first response is due after 30 minutes."""
    case = open_case(stranger, now=now, priority_code="major")
    actions.assign(case, by=agent, owner=agent, now=now)
    OutboxMessage.objects.all().delete()
    return case


def swept(now):
    sweep(now=now)
    return automatic.follow(now=now)


def kinds(case, *wanted):
    return list(case.activities.filter(kind__in=wanted).order_by("pk").values_list("kind", flat=True))


def test_missed_target_escalates_to_the_technical_team_once(case, stranger, manager, now):
    assert swept(now + 30 * MINUTE) == (0, 0)
    for minutes in (31, 32, 90):
        swept(now + minutes * MINUTE)
    escalation = Escalation.objects.get()
    assert (escalation.level_code, escalation.state, escalation.is_automatic) == ("TECHNICAL_TEAM", State.REQUESTED, True)
    assert (escalation.cause, escalation.cause_at) == ("FIRST_RESPONSE", now + 30 * MINUTE)
    asked = case.activities.get(kind="ESCALATION_ASKED")
    assert (asked.actor, asked.data["automatic"], asked.data["cause"]) == (None, True, "FIRST_RESPONSE")
    assert fresh(case).is_escalated
    mails = set(OutboxMessage.objects.values_list("template", "address"))
    assert {("escalation_asked", stranger.email), ("escalation_to_decide", manager.email)} <= mails


def test_clocks_run_on(case, now):
    before = list(Clock.objects.filter(case=case).order_by("kind").values_list("kind", "due_at", "paused_at"))
    swept(now + HOUR)
    assert list(Clock.objects.filter(case=case).order_by("kind").values_list("kind", "due_at", "paused_at")) == before


def test_each_breach_escalates_by_itself_but_one_at_a_time(case, manager, now):
    swept(now + HOUR)
    swept(now + 3 * DAY)  # 48 hours to resolve are over: the case is escalated already
    assert Escalation.objects.count() == 1
    assert kinds(case, "BREACHED", "ESCALATION_ASKED") == ["BREACHED", "ESCALATION_ASKED", "BREACHED"]


def test_second_breach_escalates_again_after_the_first_was_resolved(case, agent, manager, now):
    swept(now + HOUR)
    from_first = Escalation.objects.get()
    Escalation.objects.filter(pk=from_first.pk).update(state=State.RESOLVED)
    swept(now + 3 * DAY)
    assert list(Escalation.objects.order_by("pk").values_list("cause", "state")) == [
        ("FIRST_RESPONSE", State.RESOLVED),
        ("RESOLUTION", State.REQUESTED),
    ]


def test_case_that_its_customer_escalated_is_not_escalated_twice(case, stranger, now):
    escalated(fresh(case), by=stranger, now=now + MINUTE)
    swept(now + HOUR)
    assert Escalation.objects.count() == 1


def test_case_closed_meanwhile_is_not_escalated(case, agent, now):
    sweep(now=now + HOUR)
    actions.close_case(fresh(case), by=agent, summary="Done", now=now + HOUR)
    assert automatic.follow(now=now + HOUR) == (0, 0)
    assert not Escalation.objects.exists() and not fresh(case).is_escalated


def test_what_was_announced_is_escalated_after_a_crash(case, now):
    sweep(now=now + HOUR)
    assert Escalation.objects.get().state == State.DUE
    assert not Escalation.objects.visible_to(case.opened_by).exists()
    assert automatic.follow(now=now + 2 * HOUR) == (1, 0)
    assert automatic.follow(now=now + 2 * HOUR) == (0, 0)


def test_call_logged_late_withdraws_the_escalation(case, stranger, agent, now):
    swept(now + HOUR)
    actions.log_call(fresh(case), by=agent, text="Spoke", started_at=now + 5 * MINUTE, now=now + 2 * HOUR)
    OutboxMessage.objects.all().delete()
    for _again in range(2):
        automatic.follow(now=now + 2 * HOUR)
    assert again(Escalation.objects.get()).state == State.WITHDRAWN
    assert kinds(case, "BREACH_WITHDRAWN", "ESCALATION_WITHDRAWN") == ["BREACH_WITHDRAWN", "ESCALATION_WITHDRAWN"]
    assert not fresh(case).is_escalated
    assert ("escalation_withdrawn", stranger.email) in set(OutboxMessage.objects.values_list("template", "address"))


def test_breach_undone_before_it_is_escalated_leaves_nothing(case, agent, now):
    sweep(now=now + HOUR)
    actions.log_call(fresh(case), by=agent, text="Spoke", started_at=now + 5 * MINUTE, now=now + 2 * HOUR)
    assert automatic.follow(now=now + 2 * HOUR) == (0, 0)
    assert not Escalation.objects.exists()


def test_other_policies_escalate_nothing_by_themselves(contact, now):
    case = open_case(contact, now=now)
    swept(now + 3 * DAY)
    assert Activity.objects.filter(case=case, kind="BREACHED").exists()
    assert not Escalation.objects.exists()

from dataclasses import replace
from datetime import timedelta

import pytest

from sla.clock_rules import BREACHED, MET, MISSED, PAUSED, RUNNING, ClockState, states_at
from sla.next_effects import closing_time, next_closing_effect, next_effect
from sla.policy_rules import FIRST_RESPONSE
from sla.shipped_packs import shipped_rules
from tests.sla.stories import at, office, story

DUE, WARN_AT = at("12:00"), at("11:30")
RUNS = ClockState(FIRST_RESPONSE, RUNNING, due_at=DUE, warn_at=WARN_AT)
LATE = ClockState(FIRST_RESPONSE, BREACHED, due_at=DUE, breached_at=DUE)


@pytest.mark.parametrize(
    ("clock", "warned_for", "announced_for", "expected"),
    [
        (RUNS, None, None, ("WARN", WARN_AT)),
        (RUNS, DUE, None, ("BREACH", DUE)),
        (RUNS, at("11:00"), None, ("WARN", WARN_AT)),  # the due time moved: warned about anew
        (LATE, None, None, ("BREACH", DUE)),  # the warning is over, whatever was missed
        (LATE, None, DUE, None),
        (replace(LATE, state=MISSED, met_at=at("13:00")), None, None, ("BREACH", DUE)),  # answered before the sweep looked
        (replace(LATE, state=RUNNING, due_at=at("15:00")), None, DUE, None),  # breached under an earlier severity, announced
        (ClockState(FIRST_RESPONSE, MET, due_at=DUE, met_at=at("11:00")), None, None, None),
        (ClockState(FIRST_RESPONSE, PAUSED, remaining_seconds=60), None, None, None),
    ],
)
def test_next_effect_of_a_clock(clock, warned_for, announced_for, expected):
    assert next_effect(clock, warned_for=warned_for, announced_for=announced_for) == expected


def proposed(policy="genesys-cloud"):
    timeline = story("10:00 opened channel=chat severity=3", "11:00 resolution_proposed")
    return states_at(shipped_rules(policy), office(), timeline, now=at("12:00")).closing


def test_missed_promise_is_an_effect_of_its_own():
    timeline = story("10:00 opened severity=3", "11:00 update_promised promised_at=2027-03-10T15:00:00+01:00")
    clock = states_at(shipped_rules("genesys-cloud"), office(), timeline, now=at("12:00")).clock("NEXT_UPDATE")
    assert next_effect(clock, warned_for=clock.due_at, announced_for=None) == ("PROMISE", at("15:00"))


def effect_of(closing, noticed_at=None, announced_for=None):
    return next_closing_effect(closing, noticed_at=noticed_at, announced_for=announced_for)


def test_notice_comes_before_the_closing():
    closing = proposed()
    assert effect_of(closing) == ("NOTICE", at("14 17:00"))
    assert effect_of(closing, at("14 17:00")) == ("CLOSE", at("15 17:00"))


def test_closing_waits_until_the_notice_is_a_day_old():
    closing, late = proposed(), at("15 09:00")
    assert closing_time(closing, noticed_at=late) == late + timedelta(hours=24)
    assert effect_of(closing, late) == ("CLOSE", late + timedelta(hours=24))


def test_case_that_its_owner_closes_is_announced_once():
    timeline = story("10:00 opened channel=chat severity=3", "11:00 waiting_customer")
    closing = states_at(shipped_rules("genesys-cloud"), office(), timeline, now=at("12:00")).closing
    assert effect_of(closing, at("14 17:00")) == ("CLOSE", at("15 17:00"))
    assert effect_of(closing, at("14 17:00"), announced_for=closing.at) is None

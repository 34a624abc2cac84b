"""A case that was moved to another version of its terms: what ended before stays, what runs is reckoned again (SPEC 5, ISSUE 3.7)."""

from dataclasses import replace

import pytest

from sla.clock_rules import Version, states_at
from sla.policy_rules import BUSINESS_HOURS, Duration
from sla.shipped_packs import shipped_rules
from tests.sla.stories import at, office, story

OPENED = "10:00 opened severity=3"
MOVED = "11:00 version_changed"
OLD = Version(shipped_rules("genesys-cloud"), office())


def with_first_response(hours):
    targets = tuple(
        replace(target, duration=Duration(hours, BUSINESS_HOURS)) if target.kind == "FIRST_RESPONSE" else target
        for target in OLD.rules.targets
    )
    return replace(OLD.rules, targets=targets)


def first_response(*lines, hours, now, earlier=(OLD,)):
    states = states_at(with_first_response(hours), office(), story(*lines), now=at(now), earlier=earlier)
    return states.clock("FIRST_RESPONSE")


def test_running_clock_is_reckoned_again_from_the_opening():
    assert first_response(OPENED, MOVED, hours=4, now="11:00").due_at == at("14:00")


def test_before_the_move_the_old_version_counts():
    assert first_response(OPENED, MOVED, hours=4, now="10:59").due_at == at("12:00")


def test_clock_that_was_met_keeps_its_verdict_and_its_due_time():
    lines = [OPENED, "10:20 assigned", "10:50 human_reply", MOVED]
    clock = first_response(*lines, hours=0, now="15:00")
    assert (clock.state, clock.due_at, clock.breached_at) == ("MET", at("12:00"), None)


def test_clock_that_ended_with_the_case_keeps_its_result_after_the_move():
    clock = first_response(OPENED, "10:30 closed", MOVED, hours=0, now="15:00")
    assert (clock.state, clock.due_at) == ("STOPPED", at("12:00"))


def test_breach_stays_however_generous_the_new_version_is():
    clock = first_response(OPENED, "13:00 version_changed", hours=20, now="13:00")
    assert (clock.breached_at, clock.due_at) == (at("12:00"), at("12 12:00"))


def test_stricter_version_breaches_at_its_own_due_time():
    clock = first_response(OPENED, MOVED, hours=0, now="11:00")
    assert (clock.state, clock.breached_at) == ("BREACHED", at("10:00"))


def test_met_clock_without_target_does_not_get_one_by_a_later_version():
    rules = replace(OLD.rules, targets=tuple(target for target in OLD.rules.targets if target.kind != "FIRST_RESPONSE"))
    lines = [OPENED, "10:20 assigned", "10:50 human_reply", MOVED]
    assert first_response(*lines, hours=0, now="15:00", earlier=(Version(rules, office()),)) is None


def test_kind_that_the_new_version_drops_is_gone_unless_it_was_met():
    rules = replace(OLD.rules, targets=tuple(target for target in OLD.rules.targets if target.kind != "FIRST_RESPONSE"))
    answered = [OPENED, "10:20 assigned", "10:50 human_reply", MOVED]

    def clock(*lines):
        return states_at(rules, office(), story(*lines), now=at("11:30"), earlier=(OLD,)).clock("FIRST_RESPONSE")

    assert clock(OPENED, MOVED) is None
    assert clock(*answered).state == "MET"


def test_without_earlier_versions_the_whole_timeline_is_reckoned_under_one():
    lines = [OPENED, "10:20 assigned", "10:50 human_reply", MOVED]
    assert first_response(*lines, hours=0, now="15:00", earlier=()).breached_at == at("10:00")


@pytest.mark.parametrize(("lines", "due"), [([OPENED, "11:00 plan_changed to=premium"], "12:00")])
def test_plan_that_the_targets_do_not_ask_for_moves_nothing(lines, due):
    assert first_response(*lines, hours=2, now="11:00", earlier=()).due_at == at(due)


def test_plan_of_the_opening_is_not_rewritten_by_the_plan_of_today():
    """360dialog: without a plan 24 hours, with Premium 30 minutes."""
    lines = [story("10:00 opened severity=3 channel=chat")[0]]
    lines[0].data["plan"] = ""
    states = states_at(shipped_rules("360dialog"), office(), lines, now=at("12:00"), plan="premium")
    assert states.clock("FIRST_RESPONSE").due_at == at("11 10:00")

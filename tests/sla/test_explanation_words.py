import pytest
from django.utils import translation

from sla.clock_rules import states_at
from sla.explain import explain_clock, explain_closing
from sla.explanation_words import exact_duration_text, words_of
from sla.policy_rules import FIRST_RESPONSE, NEXT_UPDATE, RESOLUTION, RESTORATION
from sla.shipped_packs import shipped_codes, shipped_rules
from tests.sla.stories import at, office, story

PLATFORM = "25 16:00:37 opened channel=portal severity=2 platform_issue=yes plan=premium"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(kind, *lines, now, policy="genesys-cloud", zones=("Europe/Paris",)):
    states = states_at(shipped_rules(policy), office(), story(*lines), now=at(now))
    return words_of(explain_clock(states.clock(kind)), zones)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (37, "37 s"), (60, "1 min"), (3600, "1 h"), (3637, "1 h 37 s"), (9037, "2 h 30 min 37 s"), (90000, "25 h")],
)
def test_length_of_time_is_told_to_the_second(seconds, text):
    assert exact_duration_text(seconds) == text


def test_arithmetic_is_told_span_by_span():
    words = told(FIRST_RESPONSE, PLATFORM, now="26 08:30")
    assert words.title == "First response"
    assert words.basis == "Time allowed: 2 h of business hours, kept in the time zone Europe/Paris."
    assert words.lines == (
        "Counted: Thu, Mar 25, 2027, 16:00:37–17:00 (UTC+1): 59 min 23 s.",
        "Not counted: Thu, Mar 25, 2027, 17:00 (UTC+1) – Fri, Mar 26, 2027, 08:00 (UTC+1), outside of business hours.",
        "Counted: Fri, Mar 26, 2027, 08:00–09:00:37 (UTC+1): 1 h 37 s.",
    )
    assert words.result == ("Due: Fri, Mar 26, 2027, 09:00:37 (UTC+1).",)


def test_each_moment_is_told_in_every_zone_once():
    words = told(FIRST_RESPONSE, PLATFORM, now="26 08:30", zones=("Europe/Paris", "Asia/Tokyo", "Europe/Paris"))
    assert words.result == ("Due: Fri, Mar 26, 2027, 09:00:37 (UTC+1) / Fri, Mar 26, 2027, 17:00:37 (UTC+9).",)


def test_holidays_are_told_by_name_and_free_days_as_closed():
    lines = told(FIRST_RESPONSE, "26 16:30 opened severity=3", now="26 17:00").lines
    assert lines[1].endswith("Tue, Mar 30, 2027, 08:00 (UTC+2), closed. Holidays: Easter Monday (Mar 29, 2027).")
    assert told(FIRST_RESPONSE, "12 16:30 opened severity=3", now="12 17:00").lines[1].endswith("(UTC+1), closed days.")


def test_pauses_are_told_with_their_cause():
    lines = ["26 12:00 waiting_customer", "26 15:30 customer_reply", "30 10:00 waiting_third_party"]
    words = told(RESTORATION, PLATFORM, *lines, now="30 11:00")
    assert words.lines[3] == (
        "Paused: Fri, Mar 26, 2027, 12:00–15:30 (UTC+1), awaiting the customer; 3 h 30 min were not counted."
    )
    assert words.lines[-1] == "Paused since Tue, Mar 30, 2027, 10:00 (UTC+2), awaiting a third party."
    assert words.result == ("There is no due time while the clock is paused; 9 h 30 min 37 s of the target are left.",)


@pytest.mark.parametrize(
    ("lines", "now", "latest"),
    [
        (["25 16:10 assigned", "25 16:30 human_reply"], "26 08:30", "Met on Thu, Mar 25, 2027, 16:30 (UTC+1)."),
        ([], "26 10:00", "Breached: the due time has passed."),
        (
            ["26 10:00 assigned", "26 10:00 human_reply"],
            "26 11:00",
            "Breached: done on Fri, Mar 26, 2027, 10:00 (UTC+1), after the due time.",
        ),
        (["26 10:00 closed"], "26 11:00", "Breached: the case was closed on Fri, Mar 26, 2027, 10:00 (UTC+1)."),
        (["25 17:00 closed"], "26 11:00", "Ended without being due: the case was closed on Thu, Mar 25, 2027, 17:00 (UTC+1)."),
    ],
)
def test_result_says_how_the_clock_ended(lines, now, latest):
    assert told(FIRST_RESPONSE, PLATFORM, *lines, now=now).result[-1] == latest


def test_breach_under_an_earlier_severity_is_told():
    lines = ["10:00 opened severity=1 platform_issue=yes", "15:00 severity_changed from=1 to=2"]
    assert told(RESTORATION, *lines, now="16:00").result == (
        "Due: Fri, Mar 12, 2027, 10:00 (UTC+1).",
        "Breached on Wed, Mar 10, 2027, 14:00 (UTC+1), under an earlier severity or plan; a breach stays.",
    )


def test_missing_target_is_told_with_its_reason():
    words = told(RESOLUTION, "10:00 opened channel=chat plan=premium third_party=yes", now="11:00", policy="360dialog")
    (result,) = words.result
    assert result.startswith("No target: ") and "Meta" in result
    assert words.lines == ()


def test_default_target_for_want_of_a_plan_is_told():
    words = told(FIRST_RESPONSE, "10:00 opened channel=chat", now="10:05", policy="360dialog")
    assert words.result[0] == "No support plan is known for this case, so the default target of the policy counts."


def test_promise_and_calendar_time_and_closing_have_their_basis():
    promise = "25 17:00 update_promised promised_at=2027-03-26T15:00:00+01:00"
    assert told(NEXT_UPDATE, PLATFORM, promise, now="26 08:00").basis == "The care team promised this time to you."
    in_calendar_time = told(FIRST_RESPONSE, "10:00 opened severity=1", now="10:05")
    assert in_calendar_time.basis == "Time allowed: 10 min of calendar time. Every hour counts, day and night."
    closing = states_at(
        shipped_rules("genesys-cloud"), office(), story(PLATFORM, "30 10:00 waiting_customer"), now=at("30 11:00")
    ).closing
    words = words_of(explain_closing(closing, office()), ["Europe/Paris"])
    assert (words.title, words.basis) == (
        "Auto-close",
        "Time allowed: until closing time 3 business days later (34 h of business hours, time zone Europe/Paris).",
    )


@pytest.mark.parametrize("policy", shipped_codes())
def test_every_clock_of_every_policy_can_be_told_in_every_language(policy, language):
    lines = [
        PLATFORM,
        "26 12:00 waiting_customer",
        "26 15:30 customer_reply",
        "30 10:00 service_restored",
        "30 11:00 waiting_third_party",
    ]
    states = states_at(shipped_rules(policy), office(), story(*lines), now=at("30 12:00"))
    for clock in states.clocks:
        words = words_of(explain_clock(clock), ["Europe/Paris", "UTC"])
        assert words.title and words.result and all((*words.lines, *words.result))

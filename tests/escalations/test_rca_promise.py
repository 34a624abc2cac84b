"""Who gets an RCA, by when, and who does not and why: each pack, scope and severity (SPEC 8, table "The five packs")."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.case_page import CasePage
from cases.models import Case
from escalations.rca_promise import promise_for
from tests.stories import customer_under, fresh, open_critical

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GENESYS = ["purecloud", "genesys-cloud", "genesys-cloud-cx"]


@pytest.fixture
def case_of(policies, agent, now):
    """`case_of(policy, severity, scope)`: a case restored an hour after it was opened, unless told otherwise."""

    def make(policy, severity, scope, *, is_restored=True):
        case = open_critical(customer_under(policies[policy]), agent=agent, now=now, scope=scope)
        if severity != 1:
            actions.change_severity(case, by=agent, rank=severity, reason="Less.", now=now)
        if is_restored:
            actions.mark_restored(fresh(case), by=agent, restored_at=now + HOUR, now=now + HOUR)
        return fresh(case)

    return make


def promise(case, at):
    return promise_for(CasePage(Case.objects.for_page().get(pk=case.pk), case.opened_by, at))


def english(found):
    return [reason["en"] for reason in found.reasons]


@pytest.mark.parametrize(
    ("policy", "severity", "is_owed"),
    [
        *((policy, 1, True) for policy in GENESYS),
        ("purecloud", 2, True),
        ("genesys-cloud", 2, True),
        ("genesys-cloud-cx", 2, False),
        *((policy, severity, False) for policy in GENESYS for severity in (3, 4)),
    ],
)
def test_platform_level_case_gets_an_rca_as_its_policy_says(case_of, now, policy, severity, is_owed):
    case = case_of(policy, severity, "PLATFORM")
    found = promise(case, now + 2 * HOUR)
    if is_owed:
        due_at = case.clocks.get(kind="RCA").due_at
        assert (found.state, found.at, due_at) == ("DUE", due_at, now + HOUR + 7 * DAY)  # 5 business days, a weekend between
        assert promise(case, due_at).state == "DUE"
        assert promise(case, due_at + timedelta(seconds=1)).state == "LATE"
    else:
        assert (found.state, found.is_isolated, case.clocks.filter(kind="RCA").exists()) == ("NONE", False, False)
        assert "severity 1" in english(found)[0]


@pytest.mark.parametrize("policy", GENESYS)
def test_rca_is_promised_before_the_service_is_restored(case_of, now, policy):
    case = case_of(policy, 1, "PLATFORM", is_restored=False)
    found = promise(case, now + HOUR)
    assert (found.state, found.at) == ("PROMISED", None)
    assert "within 5 business days after restoration" in english(found)[0]


def test_delivered_rca_is_told_with_its_time(case_of, agent, now):
    case = case_of("genesys-cloud", 2, "PLATFORM")
    actions.deliver_rca(case, data={"document": "RCA-1001", "kind": "RCA", "version": 1}, by=agent, now=now + DAY)
    found = promise(case, now + 2 * DAY)
    assert (found.state, found.at, found.reasons) == ("DELIVERED", now + DAY, ())


def test_isolated_severity_1_has_a_case_summary_in_its_place(case_of, now):
    found = promise(case_of("genesys-cloud-cx", 1, "ISOLATED"), now + 2 * HOUR)
    assert (found.state, found.is_isolated) == ("NONE", True)
    assert english(found)[0] == "Isolated incidents get no RCA. You receive a case summary instead."
    assert english(found)[1].startswith("Isolated incidents of severity 1")


@pytest.mark.parametrize(("policy", "severity"), [("purecloud", 1), ("purecloud", 2), ("genesys-cloud", 1)])
def test_isolated_case_is_told_that_rcas_are_for_the_platform(case_of, now, policy, severity):
    found = promise(case_of(policy, severity, "ISOLATED"), now + 2 * HOUR)
    assert (found.state, found.is_isolated) == ("NONE", True)
    assert english(found)[0].startswith("After a platform-level issue of severity 1 or 2")


@pytest.mark.parametrize(
    ("policy", "severity", "scope"),
    [
        ("purecloud", 1, "UNKNOWN"),
        ("purecloud", 1, "THIRD_PARTY"),
        ("purecloud", 3, "ISOLATED"),
        ("genesys-cloud-cx", 2, "ISOLATED"),
    ],
)
def test_nothing_is_said_where_nobody_expects_an_rca(case_of, now, policy, severity, scope):
    assert promise(case_of(policy, severity, scope), now + 2 * HOUR) is None


@pytest.mark.parametrize("policy", ["360dialog", "dynamics-gold"])
def test_policy_without_rcas_says_so_in_platform_level_cases(policies, agent, now, policy):
    customer = customer_under(policies[policy])
    code = {"360dialog": "critical", "dynamics-gold": "high"}[policy]
    case = open_critical(customer, agent=agent, now=now, priority_code=code)
    found = promise(case, now + HOUR)
    assert (found.state, found.is_in_policy, found.reasons) == ("NONE", False, ())


def test_follow_up_waits_for_the_rca_of_its_original(case_of, agent, now, django_assert_max_num_queries):
    case = case_of("purecloud", 1, "PLATFORM")
    actions.propose_resolution(case, by=agent, summary="Done.", preliminary="A disk failed.", now=now + 2 * HOUR)
    follow_up = Case.objects.get(follows=case)
    due_at = case.clocks.get(kind="RCA").due_at
    found = promise(follow_up, now + 3 * HOUR)
    assert (found.state, found.at, found.original) == ("DUE", due_at, case.number)
    actions.deliver_rca(fresh(case), data={"document": "RCA-1001", "kind": "RCA", "version": 1}, by=agent, now=now + DAY)
    assert promise(follow_up, now + 2 * DAY).state == "DELIVERED"


WORDS = {
    "en": "It is an isolated incident: one that was not published on the status page.",
    "fr": "Il s’agit d’un incident isolé",
    "ja": "これは個別インシデント",
    "ru": "Это локальный инцидент",
}


@pytest.mark.parametrize("language", WORDS)
def test_pages_of_both_sides_say_why_there_is_no_rca(case_of, agent, signed_in, language):
    case = case_of("genesys-cloud-cx", 1, "ISOLATED")
    for user, url in (
        (case.opened_by, reverse("case", args=[case.number])),
        (agent, reverse("admin:care_case", args=[case.number])),
    ):
        user.language = language
        user.save()
        page = signed_in(user).get(url).content.decode()
        assert WORDS[language] in page


def test_page_of_a_case_that_waits_costs_no_more_than_others(case_of, agent, signed_in, now, django_assert_max_num_queries):
    case = case_of("purecloud", 1, "PLATFORM")
    actions.propose_resolution(case, by=agent, summary="Done.", preliminary="A disk failed.", now=now + 2 * HOUR)
    follow_up = Case.objects.get(follows=case)
    for user, url in (
        (case.opened_by, reverse("case", args=[follow_up.number])),
        (agent, reverse("admin:care_case", args=[follow_up.number])),
    ):
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(12):
            assert "The RCA was due" in client.get(url).content.decode()

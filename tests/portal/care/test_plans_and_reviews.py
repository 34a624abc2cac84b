"""Plans changed while cases are open, changed expectations, and reviews of cases that took too long (ISSUE 3.3, 3.9)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import OutboxMessage
from tests.stories import fresh, open_case

from .visits import HOUR, latest, minute, sent, url

DAY = timedelta(days=1)


@pytest.fixture
def volga_case(stranger, opened_at):
    """360dialog, Premium, by chat: the first response is due after 30 minutes."""
    return open_case(stranger, now=opened_at, channel="CHAT", priority_code="minor")


@pytest.fixture
def managers_desk(signed_in, manager):
    return signed_in(manager)


# --- changed expectation -----------------------------------------------------------------------------------------------
def test_changed_expectation_is_told_to_the_customer_at_once(desk, case, contact, signed_in):
    when = minute(timezone.now() + DAY)
    answer = desk.post(url("care_expectation", case), sent(case, expected_at=when, reason="A part is on its way."))
    told = latest(case)
    assert (answer.status_code, told.kind, told.visibility, told.text_row.text) == (
        303,
        "EXPECTATION",
        "CUSTOMER",
        "A part is on its way.",
    )
    assert OutboxMessage.objects.filter(template="expectation", recipient=contact).count() == 1
    page = signed_in(contact).get(reverse("case", args=[case.number])).content.decode()
    assert "We expect to resolve the case by" in page and "We now expect to resolve the case by" in page
    assert "The customer was told to expect the resolution by" in desk.get(url("care_case", case)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "This field is required."),
        ({"expected_at": "2020-01-01T10:00"}, "Enter a time in the future."),
        ({"expected_at": "soon"}, "Enter a valid date"),
    ],
)
def test_expectation_that_cannot_be_is_told_beside_its_field(changes, words, desk, case):
    form = {"expected_at": minute(timezone.now() + DAY), "reason": "A part is on its way."} | changes
    answer = desk.post(url("care_expectation", case), sent(case, **form))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not case.activities.filter(kind="EXPECTATION").exists()


def test_expectation_is_gone_from_the_page_of_a_closed_case(desk, agent, case, contact, signed_in):
    later = timezone.now() + DAY
    actions.change_expectation(case, by=agent, expected_at=later, reason="A part is on its way.", now=timezone.now())
    actions.close_case(case, by=contact, now=timezone.now())
    page = signed_in(contact).get(reverse("case", args=[case.number])).content.decode()
    assert "We expect to resolve the case by" not in page


# --- plans -------------------------------------------------------------------------------------------------------------
def plan_url(organization):
    return reverse("admin:care_plan", args=[organization.pk])


def test_plan_change_shows_its_effect_and_then_has_it(managers_desk, volga_case, other_organization, opened_at):
    page = managers_desk.get(plan_url(other_organization))
    hints = page.context["form"].fields["plan"].choice_hints
    assert set(hints) == {"basic", "regular"}
    assert "1 open case follows." in hints["regular"] and "1 running clock would move." in hints["regular"]
    answer = managers_desk.post(plan_url(other_organization), {"plan": "regular", "key": uuid4()})
    assert answer.status_code == 303
    clock = volga_case.clocks.get(kind="FIRST_RESPONSE")
    assert (fresh(volga_case).plan, clock.due_at) == ("regular", opened_at + 4 * HOUR)
    assert clock.breached_at == opened_at + timedelta(minutes=30)  # what happened stays


def test_plan_change_is_told_in_the_customers_timeline(managers_desk, volga_case, other_organization, stranger, signed_in):
    managers_desk.post(plan_url(other_organization), {"plan": "regular", "key": uuid4()})
    type(stranger).objects.filter(pk=stranger.pk).update(language="en")
    page = signed_in(stranger).get(reverse("case", args=[volga_case.number])).content.decode()
    assert "Support plan changed from “Premium” to “Regular”." in page


@pytest.mark.parametrize("plan", ["premium", "platinum", ""])
def test_plan_must_be_another_one_that_the_policy_knows(plan, managers_desk, volga_case, other_organization):
    answer = managers_desk.post(plan_url(other_organization), {"plan": plan, "key": uuid4()})
    assert answer.status_code == 422 and fresh(volga_case).plan == "premium"


def test_double_click_changes_the_plan_once(managers_desk, volga_case, other_organization):
    form = {"plan": "regular", "key": uuid4()}
    for _again in range(2):
        managers_desk.post(plan_url(other_organization), form)
    assert volga_case.activities.filter(kind="PLAN").count() == other_organization.agreements.count() - 1 == 1


def test_organization_without_agreement_or_other_plans_says_so(managers_desk, organization, us_only_organization):
    assert "knows no other plan" in managers_desk.get(plan_url(us_only_organization)).content.decode()
    organization.agreements.all().delete()
    assert "Add an agreement first." in managers_desk.get(plan_url(organization)).content.decode()


@pytest.mark.parametrize(("who", "status"), [("agent", 403), ("agent_not_cleared", 404), ("contact", 404)])
def test_plans_are_changed_by_care_managers(who, status, other_organization, request, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(plan_url(other_organization)).status_code == status


def test_agreement_takes_only_plans_that_its_policy_knows(managers_desk, other_organization, policies):
    page = managers_desk.get(reverse("admin:cases_organization_change", args=[other_organization.pk]))
    assert plan_url(other_organization) in page.content.decode()


# --- reviews -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def over_48_hours(stranger, agent, now):
    """Opened in March; Anna worked on it and waited for Meta for a while."""
    case = open_case(stranger, now=now, channel="CHAT", priority_code="minor")
    actions.assign(case, by=agent, owner=agent, now=now)
    actions.await_third_party(case, by=agent, name="Meta", now=now + HOUR)
    actions.third_party_replied(case, by=agent, now=now + 2 * HOUR)
    return case


def test_list_shows_what_is_over_48_hours_with_its_teams(managers_desk, over_48_hours, volga_case):
    page = managers_desk.get(reverse("admin:care_reviews"))
    assert [(review.case.number, review.teams) for review in page.context["reviews"]] == [
        (over_48_hours.number, ["Anna Weber", "Meta"])
    ]
    assert "1 case waits for its review." in managers_desk.get(reverse("admin:index")).content.decode()
    assert url("care_review", over_48_hours) in managers_desk.get(url("care_case", over_48_hours)).content.decode()


def test_review_is_written_down_once_for_the_care_team_alone(managers_desk, over_48_hours, stranger, signed_in):
    form = sent(over_48_hours, teams="Technical team, Meta", outcome="Meta had lost the template.")
    assert managers_desk.post(url("care_review", over_48_hours), form).status_code == 303
    assert (latest(over_48_hours).kind, latest(over_48_hours).visibility) == ("REVIEW", "INTERNAL")
    assert managers_desk.get(reverse("admin:care_reviews")).context["reviews"] == []
    assert "Meta had lost the template." in managers_desk.get(url("care_case", over_48_hours)).content.decode()
    assert "Meta had lost" not in signed_in(stranger).get(reverse("case", args=[over_48_hours.number])).content.decode()
    again = sent(over_48_hours, teams="Technical team", outcome="Once more.")
    answer = managers_desk.post(url("care_review", over_48_hours), again)
    assert answer.status_code == 422 and "This case needs no review." in answer.content.decode()


def test_review_whose_parts_are_too_long_together_is_given_back(managers_desk, over_48_hours):
    form = sent(over_48_hours, teams="T" * 900, outcome="o" * 19_500 + "END")
    answer = managers_desk.post(url("care_review", over_48_hours), form)
    assert answer.status_code == 422
    assert "Teams and outcome together are too long" in answer.content.decode()
    assert "oooEND" in answer.content.decode()


def test_cases_of_policies_without_reviews_are_not_in_the_list(managers_desk, contact, now):
    open_case(contact, now=now)
    assert managers_desk.get(reverse("admin:care_reviews")).context["reviews"] == []


def test_reviews_are_for_care_managers_of_the_region(over_48_hours, agent, manager, signed_in):
    assert signed_in(agent).get(reverse("admin:care_reviews")).status_code == 403
    assert signed_in(agent).get(url("care_review", over_48_hours)).status_code == 403
    assert "waits for its review" not in signed_in(agent).get(reverse("admin:index")).content.decode()
    type(manager).objects.filter(pk=manager.pk).update(support_regions=["us_only"])
    assert signed_in(manager).get(reverse("admin:care_reviews")).context["reviews"] == []


def test_list_costs_the_same_for_more_cases(
    managers_desk, over_48_hours, stranger, now, django_assert_num_queries, django_assert_max_num_queries
):
    managers_desk.get(reverse("admin:care_reviews"))  # the policies are read once in a process
    with django_assert_max_num_queries(8) as one:
        managers_desk.get(reverse("admin:care_reviews"))
    for _one in range(2):
        open_case(stranger, now=now, channel="CHAT", priority_code="minor")
    with django_assert_num_queries(len(one)):
        assert len(managers_desk.get(reverse("admin:care_reviews")).context["reviews"]) == 3


@pytest.mark.parametrize("reader_language", ["fr", "ja", "ru"])
def test_pages_answer_in_the_readers_language(reader_language, manager, over_48_hours, other_organization, signed_in):
    type(manager).objects.filter(pk=manager.pk).update(language=reader_language)
    client = signed_in(manager)
    pages = [
        reverse("admin:care_reviews"),
        plan_url(other_organization),
        url("care_expectation", over_48_hours),
        url("care_review", over_48_hours),
    ]
    assert [client.get(page).status_code for page in pages] == [200] * 4

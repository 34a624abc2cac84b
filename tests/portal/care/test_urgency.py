"""What the care team sees of customers who ask for more urgency, and its answers."""

import pytest
from django.urls import reverse

from cases import actions
from tests.stories import fresh

from .visits import sent, url


@pytest.fixture
def asking(case, contact, agent, opened_at):
    actions.change_severity(case, by=agent, rank=3, reason="A workaround exists.", now=opened_at)
    actions.change_priority(case, by=agent, code="medium", reason="As agreed.", now=opened_at)
    actions.ask_for_priority(case, by=contact, code="high", reason="All sites now.", now=opened_at)
    actions.contest_severity(case, by=contact, reason="Nobody can work.", now=opened_at)
    return case


def test_workspace_shows_both_requests_until_they_are_answered(asking, desk):
    page = desk.get(url("care_case", asking)).content.decode()
    assert "The customer asks for a higher priority." in page
    assert "The customer contests the severity." in page
    desk.post(url("care_decline_priority", asking), sent(asking, reason="There is a workaround."))
    desk.post(url("care_uphold", asking), sent(asking, reason="Two of three sites work."))
    page = desk.get(url("care_case", asking)).content.decode()
    assert "The customer asks for a higher priority." not in page
    assert "The customer contests the severity." not in page
    assert (fresh(asking).priority_code, fresh(asking).severity_rank) == ("medium", 3)


def test_change_answers_the_request(asking, desk):
    desk.post(url("care_priority", asking), sent(asking, code="high", reason="Agreed."))
    desk.post(url("care_severity", asking), sent(asking, rank=2, reason="You are right."))
    page = desk.get(url("care_case", asking)).content.decode()
    assert "The customer asks for a higher priority." not in page
    assert "The customer contests the severity." not in page


def test_queue_and_home_lead_to_who_asks(asking, desk, contact, opened_at):
    home = desk.get(reverse("admin:index")).content.decode()
    assert "2 requests about priority or severity wait for an answer." in home
    queue = desk.get(reverse("admin:care_queue"), {"asks": "urgency"}).content.decode()
    assert asking.number in queue


def test_answer_to_nothing_is_refused_above_the_form(case, desk):
    answer = desk.post(url("care_uphold", case), sent(case, reason="No."))
    assert answer.status_code == 422
    assert "There is no unanswered request of this kind." in answer.content.decode()

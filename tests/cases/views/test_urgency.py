"""The pages on which customers ask for a higher priority and contest the severity."""

import pytest

from cases import actions
from tests.cases.views.visits import page_of, send, url
from tests.stories import customer_under, fresh, open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def low(contact, lately):
    return open_case(contact, now=lately, priority_code="low")


@pytest.fixture
def rated(owned, agent, lately):
    actions.change_severity(owned, by=agent, rank=4, reason="A question.", now=lately)
    return owned


def test_page_shows_a_form_for_what_a_note_brings_and_numbers_for_the_rest(low, contact, signed_in):
    page = signed_in(contact).get(url("case_priority", low)).content.decode()
    assert page.count('name="code"') == 1
    assert 'value="medium"' in page
    assert "From low to high, call the care team." in page
    assert 'href="tel:+' in page


def test_request_leads_to_the_note_in_the_case(low, contact, signed_in):
    client = signed_in(contact)
    answer = send(client, "priority", low, code="medium", reason="All agents are affected.")
    note = low.activities.get(kind="PRIORITY_ASKED")
    assert (answer.status_code, answer.url) == (303, f"{url('case', low)}#event-{note.pk}")
    page = page_of(client, low)
    assert "Priority “Medium” requested" in page
    assert "All agents are affected." in page


def test_double_click_asks_once(low, contact, signed_in):
    client = signed_in(contact)
    fields = {"code": "medium", "reason": "All agents.", "key": "5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11"}
    first, second = (send(client, "priority", low, **fields) for _click in range(2))
    assert first.url == second.url
    assert low.urgency_requests.count() == 1


def test_request_by_a_stale_page_is_given_back_and_can_be_sent_again(low, contact, agent, signed_in, lately):
    client = signed_in(contact)
    before = fresh(low).version
    actions.reply(low, by=agent, text="Any news?", now=lately)
    answer = send(client, "priority", low, code="medium", reason="My own words.", version=before)
    assert answer.status_code == 409
    assert "The case has changed since you opened this page." in answer.content.decode()
    assert "My own words." in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "error"), [({"reason": "x"}, "field is required"), ({"code": "high", "reason": "x"}, "valid choice")]
)
def test_mistakes_are_told_beside_the_field(low, contact, signed_in, fields, error):
    answer = send(signed_in(contact), "priority", low, **fields)
    assert (answer.status_code, low.urgency_requests.count()) == (422, 0)
    assert error in answer.content.decode()


def test_page_says_when_it_was_asked_already(low, contact, signed_in, lately):
    actions.ask_for_priority(low, by=contact, code="medium", reason="Worse.", now=lately)
    page = signed_in(contact).get(url("case_priority", low)).content.decode()
    assert "A higher priority was requested already." in page
    assert "<textarea" not in page


def test_case_with_the_highest_priority_has_nothing_to_ask_for(contact, signed_in, lately):
    case = open_case(contact, now=lately, priority_code="critical", channel="PHONE")
    page = signed_in(contact).get(url("case_priority", case)).content.decode()
    assert "The case has the highest priority already." in page


def test_contest_is_offered_once_and_leads_to_the_note(rated, contact, signed_in):
    client = signed_in(contact)
    assert url("case_contest", rated) in page_of(client, rated)
    answer = send(client, "contest", rated, reason="Nobody can work.")
    note = rated.activities.get(kind="SEVERITY_CONTESTED")
    assert answer.url == f"{url('case', rated)}#event-{note.pk}"
    assert url("case_contest", rated) not in page_of(client, rated)
    page = client.get(url("case_contest", rated)).content.decode()
    assert "This severity was contested already." in page


def test_policy_without_severities_says_so_and_nothing_of_the_care_team(policies, signed_in, lately):
    person = customer_under(policies["dynamics-gold"])
    page = signed_in(person).get(url("case_contest", open_case(person, now=lately, priority_code="high"))).content.decode()
    assert page.count("This policy has no severities.") == 1
    assert "has not set the severity yet" not in page


def test_reader_sees_the_page_and_may_not_ask(rated, reader, signed_in):
    client = signed_in(reader)
    assert "Only designated contacts can do this." in client.get(url("case_contest", rated)).content.decode()
    assert send(client, "contest", rated, reason="Nobody can work.").status_code == 403
    assert rated.urgency_requests.count() == 0


def test_pages_stand_in_four_languages(rated, contact, signed_in, language):
    contact.language = language
    contact.save()
    for name in ("case_priority", "case_contest"):
        assert signed_in(contact).get(url(name, rated)).status_code == 200

"""From the case page: ask for the RCA, a discussion, further documents; the care team's answers; the invitation as a file."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from escalations.actions import rca_requests
from tests.escalations import documents
from tests.stories import fresh, open_critical

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    """An hour ago: the pages live in the present."""
    return timezone.now() - HOUR


@pytest.fixture
def case(contact, agent, now):
    contact.language = "en"
    contact.save()
    return open_critical(contact, agent=agent, now=now)


@pytest.fixture
def delivered(case, agent, manager, now):
    documents.published(case, by=agent, second=manager, now=now)
    return fresh(case)


def url_of(case, name):
    return reverse(name, args=[case.number])


def test_case_page_leads_to_the_request_and_then_says_that_it_was_made(signed_in, case, contact, agent):
    client = signed_in(contact)
    assert url_of(case, "case_rca_request") in client.get(url_of(case, "case")).content.decode()
    assert client.post(url_of(case, "case_rca_request"), {"reason": ""}).status_code == 422
    assert client.post(url_of(case, "case_rca_request"), {"reason": "Audit."}).status_code == 303
    page = client.get(url_of(case, "case")).content.decode()
    assert "The RCA was requested." in page
    assert url_of(case, "case_rca_request") not in page
    answer = client.post(url_of(case, "case_rca_request"), {"reason": "Again."})
    assert answer.status_code == 409
    assert "requested already" in answer.content.decode()


def test_meeting_page_says_that_the_document_comes_first(signed_in, case, contact):
    page = signed_in(contact).get(url_of(case, "case_meeting")).content.decode()
    assert "once the RCA is delivered" in page


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00", "2200-01-01T10:00"])
def test_meeting_at_the_end_of_time_is_a_typing_error(signed_in, delivered, contact, typed):
    contact.time_zone = "America/Denver"
    contact.save()
    answer = signed_in(contact).post(url_of(delivered, "case_meeting"), {"reason": "The cause.", "time_1": typed})
    assert (answer.status_code, delivered.document_requests.count()) == (422, 0)


def test_meeting_is_asked_arranged_and_downloaded(signed_in, delivered, contact, agent, stranger):
    client, care = signed_in(contact), signed_in(agent)
    ahead = (timezone.now() + 2 * DAY).strftime("%Y-%m-%dT%H:%M")
    asked = {"reason": "The cause.", "time_1": ahead}
    assert client.post(url_of(delivered, "case_meeting"), asked).status_code == 303
    assert "The customer proposes" in care.get(reverse("admin:care_meeting", args=[delivered.number])).content.decode()
    typed = {"meets_at": ahead, "minutes": "30", "place": "https://meet.example/1"}
    assert care.post(reverse("admin:care_meeting", args=[delivered.number]), typed).status_code == 303
    key = delivered.activities.get(kind="MEETING_ARRANGED").pk
    url = reverse("case_meeting_file", args=[delivered.number, key])
    assert url in client.get(url_of(delivered, "case")).content.decode()
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"METHOD:REQUEST" in answer.content
    assert signed_in(stranger).get(url).status_code == 404


def test_request_is_declined_with_a_reason(signed_in, case, contact, agent, now):
    rca_requests.request_rca(case, by=contact, reason="Audit.", now=now)
    url = reverse("admin:care_decline_request", args=[case.number, "rca"])
    care = signed_in(agent)
    assert url in care.get(reverse("admin:care_case", args=[case.number])).content.decode()
    assert care.post(url, {"reason": "It is isolated."}).status_code == 303
    assert care.post(url, {"reason": "Twice."}).status_code == 422
    assert "It is isolated." in signed_in(contact).get(url_of(case, "case")).content.decode()


def test_unknown_kind_of_request_is_a_404(signed_in, case, agent):
    assert signed_in(agent).get(reverse("admin:care_decline_request", args=[case.number, "tea"])).status_code == 404


def test_further_documents_open_a_case(signed_in, delivered, contact):
    typed = {"text": "Logs", "recipient": "marc@acme.example"}
    answer = signed_in(contact).post(url_of(delivered, "case_documents"), typed)
    new = Case.objects.get(follows=delivered)
    assert (answer.status_code, answer.headers["Location"]) == (303, url_of(new, "case"))


@pytest.mark.parametrize("name", ["case_rca_request", "case_meeting", "case_documents", "case"])
def test_stranger_gets_a_404(signed_in, delivered, stranger, name):
    assert signed_in(stranger).get(url_of(delivered, name)).status_code == 404


def test_pages_of_the_case_cost_no_more_than_before(signed_in, delivered, contact, agent, now, django_assert_max_num_queries):
    rca_requests.request_meeting(delivered, by=contact, reason="Why?", times=[now + DAY], now=now)
    for user, url in ((contact, url_of(delivered, "case")), (agent, reverse("admin:care_case", args=[delivered.number]))):
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(12):
            client.get(url)

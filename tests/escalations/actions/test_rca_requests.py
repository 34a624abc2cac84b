"""Customers ask for the RCA, a discussion of it, further documents; each refusal, and what the care team answers (SPEC 8)."""

from datetime import timedelta

import pytest
from django.core import mail

from cases import outbox
from cases.decision import Refused
from cases.models import Activity, Case, OutboxMessage
from escalations.actions import rca_requests
from escalations.models import DocumentRequest
from tests.escalations import documents
from tests.stories import customer_under, fresh, open_critical

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(contact, agent, now):
    return open_critical(contact, agent=agent, now=now)


@pytest.fixture
def delivered(case, agent, manager, now):
    documents.published(case, by=agent, second=manager, now=now + HOUR)
    return fresh(case)


def asked_meeting(case, by, now):
    return rca_requests.request_meeting(case, by=by, reason="The root cause.", times=[now + DAY], now=now)


def test_rca_is_requested_once_and_answered_by_its_delivery(case, contact, agent, manager, now):
    activity = rca_requests.request_rca(case, by=contact, reason="For our auditors.", now=now)
    assert (activity.kind, activity.text_row.text) == ("RCA_ASKED", "For our auditors.")
    assert OutboxMessage.objects.filter(activity=activity, recipient=agent).exists()
    with pytest.raises(Refused, match="already"):
        rca_requests.request_rca(case, by=contact, reason="Again.", now=now)
    documents.published(case, by=agent, second=manager, now=now + HOUR)
    assert DocumentRequest.objects.get().state == "DELIVERED"
    with pytest.raises(Refused, match="delivered already"):
        rca_requests.request_rca(case, by=contact, reason="Again.", now=now + HOUR)


def test_rca_is_not_requested_where_the_policy_has_none(policies, agent, now):
    customer = customer_under(policies["360dialog"])
    case = open_critical(customer, agent=agent, now=now)
    with pytest.raises(Refused, match="does not include an RCA"):
        rca_requests.request_rca(case, by=customer, reason="Please.", now=now)


@pytest.mark.parametrize("act", ["request_rca", "request_documents"])
def test_reader_requests_nothing(case, reader, now, act):
    words = {"request_rca": {"reason": "Please."}, "request_documents": {"text": "Logs", "recipient": "me"}}[act]
    with pytest.raises(Refused, match="Only designated contacts"):
        getattr(rca_requests, act)(case, by=reader, now=now, **words)


def test_meeting_waits_for_the_document(case, contact, now):
    with pytest.raises(Refused, match="once the RCA is delivered"):
        asked_meeting(case, contact, now)


def test_meeting_needs_a_time_ahead(delivered, contact, now):
    with pytest.raises(Refused, match="at least one time"):
        rca_requests.request_meeting(delivered, by=contact, reason="Why?", times=[now - DAY], now=now)
    assert not DocumentRequest.objects.exists()


def test_meeting_is_arranged_and_mailed_with_an_invitation(delivered, contact, agent, now):
    asked_meeting(delivered, contact, now + HOUR)
    meeting = {"meets_at": now + DAY, "minutes": 45, "place": "https://meet.example/1"}
    rca_requests.arrange_meeting(fresh(delivered), by=agent, now=now + 2 * HOUR, **meeting)
    request = DocumentRequest.objects.get()
    assert (request.state, request.meets_at, request.place) == ("ARRANGED", now + DAY, "https://meet.example/1")
    outbox.send_due(now=now + 2 * HOUR)
    sent = next(message for message in mail.outbox if "arranged" in message.subject or "réunion" in message.subject.casefold())
    name, content, kind = sent.attachments[0]
    assert (name, kind) == ("invitation.ics", "text/calendar; method=REQUEST")
    text = content if isinstance(content, str) else content.decode()
    assert "LOCATION:https://meet.example/1" in text
    assert f"mailto:{contact.email}" in text.replace("\r\n ", "")
    with pytest.raises(Refused, match="answered already"):
        rca_requests.arrange_meeting(fresh(delivered), by=agent, now=now + 2 * HOUR, **meeting)


@pytest.mark.parametrize(
    ("changes", "sentence"), [({"meets_at": timedelta(0)}, "in the future"), ({"place": " "}, "where the discussion")]
)
def test_meeting_without_time_or_place_is_refused(delivered, contact, agent, now, changes, sentence):
    asked_meeting(delivered, contact, now)
    meeting = {"meets_at": now + DAY, "minutes": 30, "place": "Room 1"} | changes
    meeting["meets_at"] = now if changes.get("meets_at") is not None else meeting["meets_at"]
    with pytest.raises(Refused, match=sentence):
        rca_requests.arrange_meeting(fresh(delivered), by=agent, now=now, **meeting)


def test_request_is_declined_with_a_reason(delivered, contact, agent, now):
    asked_meeting(delivered, contact, now)
    with pytest.raises(Refused, match="Say why"):
        rca_requests.decline_request(fresh(delivered), by=agent, kind="MEETING", reason=" ", now=now)
    activity = rca_requests.decline_request(fresh(delivered), by=agent, kind="MEETING", reason="All is said.", now=now)
    assert (activity.kind, activity.text_row.text) == ("REQUEST_DECLINED", "All is said.")
    assert asked_meeting(fresh(delivered), contact, now).kind == "MEETING_ASKED"  # and may be asked for again


def test_customer_does_not_answer_their_own_request(delivered, contact, now):
    asked_meeting(delivered, contact, now)
    with pytest.raises(Refused):
        rca_requests.decline_request(fresh(delivered), by=contact, kind="MEETING", reason="No.", now=now)


def test_further_documents_are_a_case_of_their_own(delivered, contact, now):
    new = rca_requests.request_documents(
        delivered, by=contact, text="The logs of the night.", recipient="Marc Petit, marc@acme.example", now=now + HOUR
    )
    assert (new.follows, new.case_type) == (delivered, Case.Type.QUESTION)
    text = new.activities.get(kind=Activity.Kind.OPENED).text_row.text
    assert delivered.number in text
    assert "marc@acme.example" in text
    told = delivered.activities.get(kind=Activity.Kind.FOLLOW_UP).data
    assert told == {"number": new.number, "original": True}

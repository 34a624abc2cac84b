"""The timeline is written in one place, in order, and for good (HOUSE rule 2, SAFETY 11)."""

import pytest
from django.db import DatabaseError, transaction

from cases import actions
from cases.case_status import status_of
from cases.models import Activity
from cases.timeline import Entry, Kind, events_of, record
from sla import events
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db


def test_activity_cannot_be_changed(contact, now):
    case = open_case(contact, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        case.activities.update(kind=Activity.Kind.REPLY)
    assert not case.activities.filter(kind=Activity.Kind.REPLY).exists()


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_write_outside_a_transaction(contact, now):
    case = open_case(contact, now=now)
    with pytest.raises(RuntimeError):
        record(case, Entry(Kind.INTERNAL_NOTE, "lost"), by=contact, now=now)
    assert not case.activities.filter(kind=Kind.INTERNAL_NOTE).exists()


def test_case_columns_follow_the_timeline(contact, agent, now):
    case = open_case(contact, now=now)
    actions.assign(case, by=agent, owner=agent, now=now)
    actions.reply(case, by=agent, text="Which browser?", now=now, then="AWAITING_CUSTOMER")
    case = fresh(case)
    assert case.status == status_of(case.activities.order_by("pk").values_list("kind", flat=True)) == "AWAITING_CUSTOMER"
    assert (case.owner, case.latest_activity_at, case.version) == (agent, now, 3)


def test_events_are_told_by_the_moment_they_happened(contact, agent, now):
    later = now.replace(hour=11)
    case = open_case(contact, now=now)
    actions.add_internal_note(case, by=agent, text="Looks like the edge.", now=now.replace(hour=10))
    actions.log_call(case, by=agent, text="Called back.", started_at=now.replace(minute=30), now=later)
    told = [(event.kind, event.at) for event in events_of(case.activities.order_by("pk"))]
    assert told == [
        (events.OPENED, now),
        (events.AUTO_ACK, now),
        (events.HUMAN_REPLY, now.replace(minute=30)),
        (events.AGENT_NOTE, now.replace(hour=10)),
    ]


def test_every_kind_of_event_is_in_the_vocabulary(contact, agent, now):
    case = open_case(contact, now=now)
    actions.close_case(case, by=agent, summary="Restarted the edge.", now=now)
    kinds = [event.kind for event in events_of(case.activities.order_by("pk"))]
    assert kinds == [events.OPENED, events.AUTO_ACK, events.RESOLVED, events.CLOSED]
    assert set(kinds) <= events.ALL

"""Twenty requests at once make one escalation, many workers follow a breach once and remind once (SPEC 6, SAFETY 6). On both databases:
PostgreSQL has many writers, SQLite one after the other.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from cases.models import OutboxMessage
from escalations import automatic, reminders
from escalations.actions import escalation_requests as escalating
from escalations.models import Escalation, EscalationReminder
from escalations.sweep import sweep
from tests.escalations.scenes import WORDS, quiet_case
from tests.stories import fresh, open_case

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


def at_once(act, many):
    """What `act(number)` returned in each of many threads that began together."""
    start = Barrier(many)

    def one(number):
        start.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def test_twenty_requests_at_once_make_one_escalation(contact, colleague, agent, manager, now):
    case = quiet_case(contact, agent, now=now)

    def ask(number):
        try:
            escalating.request_escalation(case, by=(contact, colleague)[number % 2], request=WORDS, now=now)
            return "escalated"
        except escalating.AlreadyEscalated:
            return "already"

    assert sorted(at_once(ask, 20)) == ["already"] * 19 + ["escalated"]
    assert Escalation.objects.count() == 1 and fresh(case).is_escalated
    assert case.activities.filter(kind="ESCALATION_ASKED").count() == 1
    assert OutboxMessage.objects.filter(template="escalation_to_decide", recipient=manager).count() == 1


def test_request_and_breach_at_once_make_one_escalation(stranger, agent, manager, now):
    case = open_case(stranger, now=now, priority_code="major")
    sweep(now=now + HOUR)

    def act(number):
        if number % 2:
            return sum(automatic.follow(now=now + HOUR))
        try:
            escalating.request_escalation(case, by=stranger, request=WORDS, now=now + HOUR)
            return 1
        except escalating.AlreadyEscalated:
            return 0

    assert sum(at_once(act, 8)) == 1
    automatic.follow(now=now + HOUR)
    assert Escalation.objects.count() == 1 and case.activities.filter(kind="ESCALATION_ASKED").count() == 1


def test_many_workers_escalate_each_breach_once(stranger, agent, manager, now):
    cases = [open_case(stranger, now=now, priority_code="major") for _each in range(5)]

    def work(number):
        sweep(now=now + HOUR)
        return sum(automatic.follow(now=now + HOUR))

    made = sum(at_once(work, 6)) + sum(automatic.follow(now=now + HOUR))
    assert made == 5
    assert [case.activities.filter(kind="ESCALATION_ASKED").count() for case in cases] == [1] * 5
    assert Escalation.objects.filter(state="REQUESTED").count() == 5


def test_many_workers_remind_once(contact, agent, now):
    case = quiet_case(contact, agent, now=now)
    EscalationReminder.objects.create(case=case, user=contact, ask_at=now)
    at_once(lambda number: reminders.remind_due(now=now), 6)
    assert OutboxMessage.objects.filter(template="escalation_possible").count() == 1
    assert EscalationReminder.objects.get().ask_at is None

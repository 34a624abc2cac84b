"""Who is reminded of an RCA that is due soon, and when: each day once (SPEC 8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.models import Case, OutboxMessage
from escalations.actions.restoration import finish_restorations
from escalations.models import Incident
from escalations.rca_due import (
    Owed,
    cases_without_document,
    incidents_without_document,
    owed_by_case,
    owed_by_incident,
    remind_of_documents,
)
from sla.models import Clock
from sla.policies import rules_of
from tests.escalations import documents, incidents
from tests.stories import customer_under, open_critical

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def cases(policies, agent, now):
    return [open_critical(customer_under(policies["purecloud"]), agent=agent, now=now) for _each in range(2)]


@pytest.fixture
def incident(cases, administrator, now):
    return documents.restored_incident(cases, by=administrator, now=now)


@pytest.fixture
def due_at(incident):
    return Clock.objects.filter(kind="RCA", due_at__isnull=False).earliest("due_at").due_at


def mails():
    return list(OutboxMessage.objects.filter(template="rca_due").order_by("pk").values_list("recipient__email", "data__document"))


def test_writer_is_reminded_two_days_and_one_day_before(cases, incident, due_at, agent, now):
    assert rules_of(cases[0].policy_version).rca_reminder_days == (2, 1)
    document = documents.complete_draft(incident, by=agent, now=now + DAY).document
    assert remind_of_documents(now=due_at - 2 * DAY - MINUTE) == 0
    one = (agent.email, document.number)
    for moment, expected in ((due_at - 2 * DAY, [one]), (due_at - 2 * DAY + MINUTE, [one]), (due_at - DAY, [one, one])):
        remind_of_documents(now=moment)
        assert mails() == expected


def test_incident_managers_are_reminded_where_nobody_has_begun(incident, due_at, groups, manager):
    manager.groups.add(groups["Incident manager"])
    remind_of_documents(now=due_at - DAY)
    assert (manager.email, incident.number) in mails()
    assert remind_of_documents(now=due_at - DAY) == 0


def test_writer_who_may_not_see_the_first_customer_is_reminded_of_the_next(policies, agent, administrator, now):
    hidden = customer_under(policies["purecloud"], support_region="us_only")
    seen = customer_under(policies["purecloud"])
    cases = [open_critical(contact, agent=by, now=now) for contact, by in ((hidden, administrator), (seen, agent))]
    incident = documents.restored_incident(cases, by=administrator, now=now)
    documents.complete_draft(incident, by=agent, now=now)
    remind_of_documents(now=Clock.objects.get(kind="RCA", case=cases[0]).due_at - DAY)
    told = OutboxMessage.objects.filter(template="rca_due").values_list("recipient", "case")
    assert sorted(told) == sorted([(agent.pk, cases[1].pk), (administrator.pk, cases[0].pk)])


def test_managers_are_reminded_where_the_writer_has_left(incident, due_at, agent, administrator, now):
    documents.complete_draft(incident, by=agent, now=now + DAY)
    agent.is_active = False
    agent.save()
    remind_of_documents(now=due_at - DAY)
    assert [address for address, _document in mails()] == [administrator.email]


def test_reminding_of_many_cases_asks_no_more(
    policies, cases, incident, agent, administrator, due_at, now, django_assert_num_queries
):
    remind_of_documents(now=due_at - DAY)
    with CaptureQueriesContext(connection) as few:
        remind_of_documents(now=due_at - DAY)
    more = [open_critical(customer_under(policies["purecloud"]), agent=agent, now=now) for _each in range(2)]
    incidents.link(incident, *more, by=administrator, now=now + DAY)
    finish_restorations(now=now + DAY)
    with django_assert_num_queries(len(few)):
        assert remind_of_documents(now=due_at - DAY) == 0


def test_nobody_is_reminded_of_what_is_delivered(incident, due_at, agent, manager, now):
    documents.published(incident, by=agent, second=manager, now=now + DAY)
    assert remind_of_documents(now=due_at - DAY) == 0


def test_owed_documents_with_their_first_due_time(cases, incident, due_at):
    owed = owed_by_incident(Incident.objects.all(), now=due_at + MINUTE)
    assert (owed[incident.pk].due_at, owed[incident.pk].waiting, owed[incident.pk].overdue) == (due_at, 2, 2)
    assert list(incidents_without_document()) == [incident]


def test_case_without_an_incident_waits_for_its_own_document(contact, agent, now):
    case = open_critical(contact, agent=agent, now=now)
    actions.mark_restored(case, by=agent, restored_at=now, now=now)
    assert list(cases_without_document(Case.objects.all())) == [case]
    due_at = case.clocks.get(kind="RCA").due_at
    assert owed_by_case([case.pk], now=due_at) == {case.pk: Owed(due_at, waiting=1, overdue=0)}
    assert owed_by_case([case.pk], now=due_at + MINUTE)[case.pk].overdue == 1
    documents.complete_draft(case, by=agent, now=now)
    assert not cases_without_document(Case.objects.all()).exists()

"""Cases linked to an incident: one by one, in bulk with undo, by the customer at intake; never twice, never a foreign one (SPEC 7)."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cases import actions
from cases.decision import Refused
from cases.models import Case, OutboxMessage
from escalations.actions import incident_links
from escalations.models import CaseLink, Incident
from tests.escalations.incidents import TITLE, WORDS, declare, link, restore, update
from tests.stories import apply_for_access, customer_under, fresh, intake, open_case

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
State, Way = Incident.State, CaseLink.Way


def refusal(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return caught.value.reason


def kinds(case):
    return list(case.activities.order_by("pk").values_list("kind", flat=True))[2:]  # after the opening and its acknowledgment


@pytest.fixture
def incident(incident_manager, now):
    return declare(incident_manager, now=now)


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


# --- linking -----------------------------------------------------------------------------------------------------------
def test_linked_case_becomes_platform_level_and_its_customer_is_told(incident, case, contact, agent, now):
    OutboxMessage.objects.all().delete()
    result = link(incident, case, by=agent, now=now)
    assert kinds(case) == ["INCIDENT_LINKED", "SCOPE"]
    assert case.activities.get(kind="INCIDENT_LINKED").data == {"incident": incident.number, "title": TITLE}
    assert fresh(case).scope == "PLATFORM"
    row = CaseLink.objects.get()
    assert (row.case, row.way, row.batch, row.linked_by, row.scope_before) == (case, "SINGLE", result.batch, agent, "UNKNOWN")
    assert list(OutboxMessage.objects.values_list("template", "address")) == [("incident_linked", contact.email)]


def test_application_to_become_a_contact_is_not_linked(incident, organization, applicant, agent, now):
    application = apply_for_access(applicant, organization, by=agent, now=now)
    assert "application" in refusal(link, incident, application, by=agent, now=now)
    assert not CaseLink.objects.exists()


def test_case_that_is_linked_late_gets_the_latest_update(incident, incident_manager, case, agent, now):
    update(incident, by=incident_manager, words={"en": "The first."}, now=now)
    latest = update(incident, by=incident_manager, state=State.MONITORING, now=now + MINUTE)
    OutboxMessage.objects.all().delete()
    link(incident, case, by=agent, now=now + HOUR)
    assert kinds(case) == ["INCIDENT_LINKED", "SCOPE", "INCIDENT_UPDATE"]
    told = case.activities.get(kind="INCIDENT_UPDATE")
    assert (told.data["update"], told.data["words"], told.actor) == (latest.pk, WORDS, None)
    assert [message.template for message in OutboxMessage.objects.all()] == ["incident_update"]


def test_case_that_is_linked_after_the_restoration_is_told_of_it_once(incident, incident_manager, case, agent, now):
    restore(incident, by=incident_manager, now=now + HOUR, restored_at=now + HOUR)
    link(incident, case, by=agent, now=now + 2 * HOUR)
    assert case.activities.filter(kind="INCIDENT_UPDATE").count() == 1


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.CANDIDATE, "This incident is not declared yet."),
        (State.DISMISSED, "This incident is closed."),
        (State.CLOSED, "This incident is closed."),
    ],
)
def test_nothing_is_linked_to_an_incident_that_is_not_declared_or_over(incident_manager, case, agent, now, state, sentence):
    incident = declare(incident_manager, now=now, state=state)
    assert refusal(link, incident, case, by=agent, now=now) == sentence
    assert kinds(case) == []


def test_case_that_cannot_be_linked_is_refused_with_its_reason(incident, incident_manager, case, contact, agent, now):
    other = declare(incident_manager, now=now)
    link(other, case, by=agent, now=now)
    assert refusal(link, incident, case, by=agent, now=now) == f"The case is linked to incident {other.number}."
    assert refusal(link, other, case, by=agent, now=now) == "The case is linked to this incident already."
    closed = open_case(contact, now=now)
    actions.close_case(closed, by=contact, now=now)
    assert refusal(link, incident, closed, by=agent, now=now) == "The case is closed."
    assert CaseLink.objects.count() == 1


@pytest.mark.parametrize("who", ["agent_not_cleared", "onlooker", "contact"])
def test_linking_is_for_care_staff_who_are_cleared_for_the_case(incident, case, agent, now, who, request):
    user = request.getfixturevalue(who)
    assert refusal(link, incident, case, by=user, now=now) == "Your role in the care team does not include this."
    link(incident, case, by=agent, now=now)
    assert refusal(incident_links.unlink_case, CaseLink.objects.get(), by=user, now=now)
    assert CaseLink.objects.current().exists()


def test_what_cannot_be_linked_is_left_out_of_a_batch_with_its_reason(incident, case, contact, us_only_contact, agent, now):
    closed, foreign = open_case(contact, now=now), open_case(us_only_contact, now=now)
    actions.close_case(closed, by=contact, now=now)
    result = link(incident, foreign, closed, case, by=agent, way=Way.BULK, now=now)
    assert [row.case for row in result.links] == [case]
    assert [(left.pk, decision.reason) for left, decision in result.left_out] == [
        (closed.pk, "The case is closed."),
        (foreign.pk, "Your role in the care team does not include this."),
    ]
    assert kinds(foreign) == []


def test_forty_cases_of_twelve_organizations_are_linked_in_one_go(incident, policies, agent, now):
    customers = [customer_under(policies["genesys-cloud"]) for _each in range(12)]
    cases = [open_case(customers[place % 12], now=now) for place in range(40)]
    start = time.monotonic()
    result = link(incident, *cases, by=agent, way=Way.BULK, now=now)
    assert len(result.links) == 40
    assert time.monotonic() - start < 10  # about one second on a quiet machine
    assert OutboxMessage.objects.filter(template="opened").count() == 40  # at the same moment: one mail for each reader and case


# --- undoing -----------------------------------------------------------------------------------------------------------
def test_undone_link_gives_the_scope_back(incident, case, contact, agent, now):
    actions.set_scope(case, by=agent, scope=Case.Scope.ISOLATED, now=now)
    link(incident, case, by=agent, now=now)
    OutboxMessage.objects.all().delete()
    incident_links.unlink_case(CaseLink.objects.get(), by=agent, now=now + HOUR)
    assert fresh(case).scope == "ISOLATED"
    assert kinds(case) == ["SCOPE", "INCIDENT_LINKED", "SCOPE", "INCIDENT_UNLINKED", "SCOPE"]
    assert CaseLink.objects.get().unlinked_at == now + HOUR
    assert list(OutboxMessage.objects.values_list("template", "address")) == [("incident_unlinked", contact.email)]
    assert refusal(incident_links.unlink_case, CaseLink.objects.get(), by=agent, now=now) == "The link was undone already."


def test_case_can_be_linked_elsewhere_after_undoing(incident, incident_manager, case, agent, now):
    link(incident, case, by=agent, now=now)
    incident_links.unlink_case(CaseLink.objects.get(), by=agent, now=now)
    other = declare(incident_manager, now=now)
    link(other, case, by=agent, now=now)
    assert CaseLink.objects.current().get().incident == other


def test_case_that_was_platform_level_before_stays_so(incident, case, agent, now):
    actions.set_scope(case, by=agent, scope=Case.Scope.PLATFORM, now=now)
    link(incident, case, by=agent, now=now)
    incident_links.unlink_case(CaseLink.objects.get(), by=agent, now=now)
    assert kinds(case) == ["SCOPE", "INCIDENT_LINKED", "INCIDENT_UNLINKED"]


def test_batch_is_undone_as_far_as_it_stands(incident, case, contact, agent, now):
    other, closed = open_case(contact, now=now), open_case(contact, now=now)
    kept = open_case(contact, now=now)
    link(incident, kept, by=agent, now=now)
    batch = link(incident, case, other, closed, by=agent, way=Way.BULK, now=now).batch
    incident_links.unlink_case(CaseLink.objects.get(case=other), by=agent, now=now)
    actions.close_case(fresh(closed), by=contact, now=now)
    undone, left_out = incident_links.undo_batch(incident, batch, by=agent, now=now)
    assert (undone, [(left.pk, decision.reason) for left, decision in left_out]) == (
        1,
        [(closed.pk, "The case is closed: its link stays.")],
    )
    assert {row.case for row in CaseLink.objects.current()} == {kept, closed}
    assert fresh(case).scope == "UNKNOWN"
    assert refusal(incident_links.undo_batch, incident, batch, by=agent, now=now) == "The case is closed: its link stays."


def test_batch_that_was_undone_is_told(incident, case, agent, now):
    batch = link(incident, case, by=agent, way=Way.BULK, now=now).batch
    incident_links.undo_batch(incident, batch, by=agent, now=now)
    assert refusal(incident_links.undo_batch, incident, batch, by=agent, now=now) == "These links were undone already."


# --- at intake ---------------------------------------------------------------------------------------------------------
def test_affected_customer_opens_a_case_that_is_linked_from_the_start(incident, incident_manager, contact, organization, now):
    update(incident, by=incident_manager, now=now)
    case = incident_links.open_affected_case(incident, organization, by=contact, intake=intake(), now=now)
    assert kinds(case) == ["INCIDENT_LINKED", "SCOPE", "INCIDENT_UPDATE"]
    row = CaseLink.objects.get()
    assert (row.case, row.way, row.linked_by) == (case, "INTAKE", contact)
    assert [message.template for message in OutboxMessage.objects.all()] == ["opened"]


def test_restored_incident_takes_no_affected_customer_and_opens_no_case(incident, incident_manager, contact, organization, now):
    restore(incident, by=incident_manager, now=now + HOUR)
    sentence = "This incident is resolved. If the problem remains, open a case."
    act = incident_links.open_affected_case
    assert refusal(act, incident, organization, by=contact, intake=intake(), now=now + HOUR) == sentence
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_only_a_contact_says_that_they_are_affected(incident, organization, now, who, request):
    act, user = incident_links.open_affected_case, request.getfixturevalue(who)
    assert refusal(act, incident, organization, by=user, intake=intake(), now=now) == "Only designated contacts can open cases."
    assert not Case.objects.exists()


# --- at once -----------------------------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="many writers at once need PostgreSQL")
def test_case_that_many_link_at_once_has_one_link(incident, incident_manager, contact, agent, now):
    cases = [open_case(contact, now=now) for _each in range(4)]
    both = [incident, declare(incident_manager, now=now)]

    def one(number):
        try:
            return len(link(both[number % 2], *cases, by=agent, way=Way.BULK, now=now).links)
        except Refused:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        linked = list(pool.map(one, range(8)))
    assert sum(linked) == 4
    assert [case.incident_links.count() for case in cases] == [1, 1, 1, 1]
    assert [case.activities.filter(kind="INCIDENT_LINKED").count() for case in cases] == [1, 1, 1, 1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="many writers at once need PostgreSQL")
def test_case_that_is_linked_while_an_update_is_published_learns_of_it_once(incident, incident_manager, contact, agent, now):
    cases = [open_case(contact, now=now) for _each in range(6)]

    def one(number):
        try:
            if number == 3:
                return update(incident, by=incident_manager, now=now)
            return link(incident, cases[number], by=agent, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))
    told = [case.activities.filter(kind="INCIDENT_UPDATE").count() for case in cases]
    assert told == [1, 1, 1, 0, 1, 1]

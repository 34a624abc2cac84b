"""What a customer reads of incidents: on their home if it concerns them, before they open a case, in their case; nothing of anybody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Membership
from escalations.models import CaseLink, Component, Incident, Region
from tests.escalations.incidents import TITLE, WORDS, declare, link, restore, update
from tests.factories import AgreementFactory, MembershipFactory, OrganizationFactory
from tests.stories import customer_under, open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
KEY = "5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11"
State = Incident.State


@pytest.fixture
def opened_at():
    """Pages ask the real clock."""
    return timezone.now() - 2 * HOUR


@pytest.fixture
def paris(db):
    """Voice in Acme's cloud region."""
    component = Component.objects.create(code="voice", name={"en": "Voice"})
    component.regions.add(region := Region.objects.create(code="eu-west-3", name={"en": "Paris"}))
    return (component, region, "OUTAGE")


@pytest.fixture
def acme_in_paris(organization):
    organization.cloud_region = "eu-west-3"
    organization.save()
    return organization


@pytest.fixture
def incident(incident_manager, opened_at):
    return declare(incident_manager, now=opened_at)


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def statements(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def affected(incident):
    return reverse("incident_affected", args=[incident.number])


# --- home --------------------------------------------------------------------------------------------------------------
def test_home_tells_of_an_incident_in_the_cloud_region_of_an_organization(
    signed_in, contact, stranger, acme_in_paris, paris, incident_manager, opened_at
):
    declare(incident_manager, now=opened_at, affected=[paris])
    assert "It affects a cloud region that you use." in page(signed_in(contact), "home")
    assert TITLE["en"] not in page(signed_in(stranger), "home")


def test_home_tells_of_an_incident_by_which_a_case_is_concerned(
    signed_in, contact, colleague, stranger, agent, incident, opened_at
):
    for _each in range(2):
        link(incident, open_case(contact, now=opened_at), by=agent, now=opened_at)
    told = page(signed_in(colleague), "home")
    assert TITLE["en"] in told and "2 of your cases belong to it." in told
    assert TITLE["ru"] not in page(signed_in(stranger), "home")


@pytest.mark.parametrize("state", [State.CANDIDATE, State.DISMISSED, State.RESTORED, State.CLOSED])
def test_home_tells_of_active_incidents_alone(signed_in, contact, acme_in_paris, paris, incident_manager, opened_at, state):
    declare(incident_manager, now=opened_at, affected=[paris], state=state)
    assert TITLE["en"] not in page(signed_in(contact), "home")


def test_home_asks_as_often_for_three_incidents_as_for_one(signed_in, contact, acme_in_paris, paris, incident_manager, opened_at):
    client, address = signed_in(contact), reverse("home")
    client.get(address)
    none = statements(client, address)
    declare(incident_manager, now=opened_at, affected=[paris])
    one = statements(client, address)
    for _each in range(2):
        declare(incident_manager, now=opened_at, affected=[paris])
    assert statements(client, address) == one == none


# --- before a case is opened -------------------------------------------------------------------------------------------
def test_check_first_page_lists_active_incidents_those_of_the_own_region_first(
    signed_in, contact, acme_in_paris, paris, incident_manager, opened_at
):
    declare(incident_manager, now=opened_at, title={"en": "Elsewhere"})
    ours = declare(incident_manager, now=opened_at, affected=[paris], severity_rank=4)
    declare(incident_manager, now=opened_at, title={"en": "Long over"}, state=State.CLOSED)
    told = page(signed_in(contact), "new_case")
    assert told.index(TITLE["en"]) < told.index("Elsewhere") < told.index("Before you open a case")
    assert affected(ours) in told and "It affects your cloud region." in told
    assert "Long over" not in told


def test_check_first_page_says_when_nothing_is_going_on(signed_in, contact):
    assert "No current incidents. Checked" in page(signed_in(contact), "new_case")


# --- I am affected too -------------------------------------------------------------------------------------------------
def test_affected_customer_opens_a_linked_case_in_two_fields(
    signed_in, contact, organization, incident, incident_manager, opened_at
):
    update(incident, by=incident_manager, now=opened_at)
    client = signed_in(contact)
    assert TITLE["en"] in page(client, "incident_affected", incident.number)
    form = {"organization": organization.organization_id, "words": "Nobody reaches us.", "key": KEY}
    answer = client.post(affected(incident), form, follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(reverse("case_sent", args=[case.number]), 303)]
    assert case.number in answer.content.decode()
    row = CaseLink.objects.get()
    assert (row.case, row.incident, row.way, row.linked_by) == (case, incident, "INTAKE", contact)
    assert (case.subject, case.scope, case.channel, case.opened_by) == (TITLE["en"], "PLATFORM", "PORTAL", contact)
    assert case.activities.get(kind="OPENED").text_row.text == "Nobody reaches us."
    told = page(client, "case", case.number)
    assert WORDS["en"] in told and reverse("status_incident", args=[incident.number]) in told


def test_affected_without_words_says_what_it_is_about(signed_in, contact, organization, incident):
    signed_in(contact).post(affected(incident), {"organization": organization.organization_id})
    text = Case.objects.get().activities.get(kind="OPENED").text_row.text
    assert text == f"We are affected by incident {incident.number}: {TITLE['en']}"


def test_affected_by_a_double_click_opens_one_case(signed_in, contact, organization, incident):
    client, form = signed_in(contact), {"organization": organization.organization_id, "key": KEY}
    first, second = (client.post(affected(incident), form) for _click in range(2))
    assert first.url == second.url
    assert Case.objects.count() == CaseLink.objects.count() == 1


def test_affected_takes_the_priority_that_the_portal_takes(
    signed_in, policies, us_only_contact, us_only_organization, contact, organization, incident
):
    signed_in(us_only_contact).post(affected(incident), {"organization": us_only_organization.organization_id})
    signed_in(contact).post(affected(incident), {"organization": organization.organization_id})
    assert list(Case.objects.order_by("pk").values_list("priority_code", flat=True)) == ["high", "critical"]


@pytest.mark.parametrize("policy", ["dynamics-gold", "360dialog", "purecloud", "genesys-cloud", "genesys-cloud-cx"])
@pytest.mark.parametrize("severity_rank", [1, 4])
def test_affected_works_under_every_policy(signed_in, policies, policy, severity_rank, incident_manager, opened_at):
    customer = customer_under(policies[policy])
    incident = declare(incident_manager, now=opened_at, severity_rank=severity_rank)
    organization = customer.memberships.get().organization
    assert signed_in(customer).post(affected(incident), {"organization": organization.organization_id}).status_code == 303


def test_affected_chooses_among_the_own_organizations_alone(
    signed_in, contact, organization, other_organization, incident, policies
):
    second = OrganizationFactory(name="Acme Labs")
    AgreementFactory(organization=second, policy=policies["genesys-cloud"], license="genesys-cloud-2")
    MembershipFactory(user=contact, organization=second, role=Membership.Role.BACKUP)
    client = signed_in(contact)
    told = page(client, "incident_affected", incident.number)
    assert "Acme Labs" in told and "Volga" not in told
    assert client.post(affected(incident), {"organization": other_organization.organization_id}).status_code == 422
    client.post(affected(incident), {"organization": second.organization_id})
    assert Case.objects.get().organization == second


def test_affected_by_what_is_over_is_led_to_the_form(signed_in, contact, organization, incident, incident_manager):
    restore(incident, by=incident_manager, now=timezone.now())
    client = signed_in(contact)
    assert "This incident is resolved." in page(client, "incident_affected", incident.number)
    answer = client.post(affected(incident), {"organization": organization.organization_id})
    assert answer.status_code == 422 and not Case.objects.exists()


@pytest.mark.parametrize("state", [State.CANDIDATE, State.DISMISSED])
def test_affected_by_what_is_not_public_is_not_found(signed_in, contact, incident_manager, opened_at, state):
    hidden = declare(incident_manager, now=opened_at, state=State.DECLARED)
    Incident.objects.filter(pk=hidden.pk).update(state=state, declared_at=None)
    assert signed_in(contact).get(affected(hidden)).status_code == 404


# --- nothing of anybody else -------------------------------------------------------------------------------------------
def test_nothing_of_one_customer_is_shown_to_another(signed_in, contact, stranger, agent, incident_manager, incident, opened_at):
    """Everything of Volga's that could leak is planted, and seen by Volga; Acme's pages, linked to the same incident, hold none of it."""
    canary = open_case(stranger, now=opened_at, subject="Canary-Volga", description="Canary-Volga", priority_code="major")
    ours = open_case(contact, now=opened_at)
    link(incident, canary, ours, by=agent, now=opened_at, way="BULK")
    update(incident, by=incident_manager, now=opened_at)
    theirs = signed_in(stranger)
    assert "Canary-Volga" in page(theirs, "case", canary.number)
    client = signed_in(contact)
    addresses = [
        ("home",),
        ("new_case",),
        ("case", ours.number),
        ("incident_affected", incident.number),
        ("status_incident", incident.number),
    ]
    for name, *args in addresses:
        told = page(client, name, *args)
        assert "Canary" not in told and canary.number not in told and "Volga" not in told, name
        assert TITLE["en"] in told


# --- in the case -------------------------------------------------------------------------------------------------------
def test_case_shows_the_latest_update_in_the_readers_language_or_marked(
    signed_in, contact, agent, incident_manager, incident, opened_at
):
    contact.language = "fr"
    contact.save()
    case = open_case(contact, now=opened_at)
    link(incident, case, by=agent, now=opened_at)
    client = signed_in(contact)
    assert "Aucun point de situation" in page(client, "case", case.number)
    update(incident, by=incident_manager, now=opened_at, next_update_at=timezone.now() + HOUR)
    assert WORDS["fr"] in page(client, "case", case.number)
    update(incident, by=incident_manager, words={"en": "English alone"}, now=opened_at)
    told = page(client, "case", case.number)
    assert 'lang="en"><p>English alone' in told.replace("\n", "")


def test_case_page_keeps_its_number_of_statements(signed_in, contact, agent, incident_manager, incident, opened_at):
    case = open_case(contact, now=opened_at)
    client, address = signed_in(contact), reverse("case", args=[case.number])
    client.get(address)
    before = statements(client, address)
    update(incident, by=incident_manager, now=opened_at)
    link(incident, case, by=agent, now=opened_at)
    client.get(address)
    assert statements(client, address) == before + 1 <= 12

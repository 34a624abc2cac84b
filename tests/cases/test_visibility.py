"""Who sees what: members their organizations' cases, applicants their own application, staff their support regions (SAFETY 1)."""

import pytest

from cases import actions
from cases.models import Activity, Attachment, Case, Membership, OutboxMessage
from tests.factories import MembershipFactory
from tests.stories import apply_for_access, open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(applicant, organization, agent, now):
    return apply_for_access(applicant, organization, by=agent, now=now)


def test_an_applicant_sees_the_own_application_alone(application, applicant, contact, stranger, now):
    other = open_case(contact, now=now)
    assert list(Case.objects.visible_to(applicant)) == [application]
    assert set(Case.objects.visible_to(contact)) == {other, application}
    assert not Case.objects.visible_to(stranger).exists()


def test_an_applicant_of_one_organization_may_be_a_member_of_another(application, applicant, other_organization, stranger, now):
    MembershipFactory(user=applicant, organization=other_organization, role=Membership.Role.READER)
    theirs = open_case(stranger, now=now, priority_code="major")
    assert set(Case.objects.visible_to(applicant)) == {theirs, application}


def test_who_leaves_sees_nothing_from_then_on(contact, now):
    open_case(contact, now=now)
    contact.memberships.update(is_active=False)
    assert not Case.objects.visible_to(contact).exists()
    assert not Activity.objects.visible_to(contact).exists()


def test_customers_see_no_internal_activity(contact, agent, agent_not_cleared, now):
    case = open_case(contact, now=now)
    note = actions.add_internal_note(case, by=agent, text="For us only.", now=now)
    assert note in Activity.objects.visible_to(agent)
    assert note not in Activity.objects.visible_to(contact)
    assert not Activity.objects.visible_to(agent_not_cleared).exists()


def test_mails_are_seen_with_their_case(contact, agent, agent_not_cleared, stranger, now):
    open_case(contact, now=now)
    assert OutboxMessage.objects.visible_to(agent).count() == OutboxMessage.objects.count() == 1
    assert not OutboxMessage.objects.visible_to(agent_not_cleared).exists()
    assert not OutboxMessage.objects.visible_to(stranger).exists()


def test_belongings_are_asked_each_time_unless_kept(contact, organization, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert contact.belongings == contact.belongings
    contact.keep_belongings()
    with django_assert_num_queries(0):
        assert (contact.belongings.roles, contact.belongings.is_contact) == ({organization.pk: "PRIMARY"}, True)
        assert list(Attachment.objects.visible_to(contact).query.where.children)


def test_care_staff_read_cases_only_with_the_right_to(contact, onlooker, groupless, now):
    case = open_case(contact, now=now)
    assert (list(Case.objects.visible_to(onlooker)), list(Case.objects.visible_to(groupless))) == ([case], [])
    for model in (Activity, OutboxMessage):
        assert model.objects.visible_to(onlooker).exists() and not model.objects.visible_to(groupless).exists()


def test_a_reader_is_no_contact(reader):
    assert not reader.belongings.is_contact

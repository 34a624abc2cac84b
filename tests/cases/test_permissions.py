"""Who may do what, as a table; each refusal carries a sentence (SPEC 1)."""

import pytest

from cases import permissions
from cases.models import Case, Membership
from tests.stories import apply_for_access, open_case

pytestmark = pytest.mark.django_db

PEOPLE = ["contact", "colleague", "reader", "stranger", "agent", "manager", "agent_not_cleared"]
CUSTOMERS, CARE = {"contact", "colleague"}, {"agent", "manager"}

OPEN_CASE = {
    "can_reply": CUSTOMERS | CARE,
    "can_add_note": CARE,
    "can_log_call": CARE,
    "can_assign": CARE,
    "can_triage": CARE,
    "can_resolve": CARE,
    "can_close": CUSTOMERS | CARE,
    "can_redact": {"manager"},
    "can_accept": set(),
    "can_keep_open": set(),
    "can_reopen": set(),
}


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


def allowed(question, people, case):
    answers = {name: getattr(permissions, question)(user, case) for name, user in people.items()}
    assert all(answer.reason for answer in answers.values() if not answer)
    return {name for name, answer in answers.items() if answer}


@pytest.mark.parametrize("question", OPEN_CASE)
def test_permissions_on_an_open_case(question, people, now):
    case = open_case(people["contact"], now=now)
    assert allowed(question, people, case) == OPEN_CASE[question]


@pytest.mark.parametrize(
    ("status", "question", "who"),
    [
        ("RESOLUTION_PROPOSED", "can_accept", CUSTOMERS),
        ("RESOLUTION_PROPOSED", "can_keep_open", CUSTOMERS),
        ("AWAITING_CUSTOMER", "can_keep_open", CUSTOMERS),
        ("CLOSED", "can_reopen", CUSTOMERS | CARE),
        ("CLOSED", "can_reply", CUSTOMERS),
        ("CLOSED", "can_add_note", CARE),
        ("CLOSED", "can_assign", set()),
        ("CLOSED", "can_triage", set()),
        ("CLOSED", "can_close", set()),
    ],
)
def test_permissions_depend_on_the_status(status, question, who, people, now):
    case = open_case(people["contact"], now=now)
    case.status, case.closed_at = Case.Status(status), now
    assert allowed(question, people, case) == who


@pytest.fixture
def application(applicant, organization, agent, now):
    return apply_for_access(applicant, organization, by=agent, now=now)


def test_an_applicant_may_reply_in_the_own_application_and_nothing_else(application, applicant):
    for status in (Case.Status.IN_PROGRESS, Case.Status.AWAITING_CUSTOMER, Case.Status.RESOLUTION_PROPOSED):
        application.status = status
        assert [question for question in OPEN_CASE if allowed(question, {"applicant": applicant}, application)] == ["can_reply"]
    application.status, application.closed_at = Case.Status.CLOSED, application.opened_at
    assert not [question for question in OPEN_CASE if allowed(question, {"applicant": applicant}, application)]


def test_an_applicant_may_do_nothing_in_the_case_of_somebody_else(application, applicant, contact, agent, organization, now):
    theirs = apply_for_access(contact, organization, by=agent, now=now)
    for case in (theirs, open_case(contact, now=now)):
        assert not [question for question in OPEN_CASE if allowed(question, {"applicant": applicant}, case)]


def test_opening_is_for_designated_contacts(people, organization):
    who = {name for name, user in people.items() if permissions.can_open_case(user, organization)}
    assert who == CUSTOMERS


def test_a_contact_who_left_may_do_nothing(contact, now):
    case = open_case(contact, now=now)
    Membership.objects.filter(user=contact).update(is_active=False)
    assert not permissions.can_reply(contact, case)
    assert not Case.objects.visible_to(contact).exists()


@pytest.mark.parametrize(("name", "sees"), [(name, name in CUSTOMERS | CARE | {"reader"}) for name in PEOPLE])
def test_case_is_visible_to_its_people_only(name, sees, people, now):
    case = open_case(people["contact"], now=now)
    assert list(Case.objects.visible_to(people[name])) == ([case] if sees else [])

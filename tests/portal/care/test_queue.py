"""The care queue: its order, its counts, its filter, and taking the next case (UX S1, S2)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Case
from portal.care.queue import PAGE, queue_page
from tests.stories import fresh, open_case

MINUTE = timedelta(minutes=1)


@pytest.fixture
def url():
    return reverse("admin:care_queue")


def numbers(answer):
    """The case numbers of the queue's rows, in order."""
    return re.findall(r'id="link-(CS-\d+)"', answer.content.decode())


def test_queue_is_ordered_by_severity_then_running_then_next_due(signed_in, agent, contact, url, now):
    low = open_case(contact, now=now - 4 * MINUTE, priority_code="low")
    late = open_case(contact, now=now - 2 * MINUTE, priority_code="high")
    early = open_case(contact, now=now - 3 * MINUTE, priority_code="high")
    critical = open_case(contact, now=now - MINUTE, priority_code="critical")
    assert numbers(signed_in(agent).get(url)) == [case.number for case in (critical, early, late, low)]


def test_queue_groups_carry_the_names_of_their_policies(signed_in, agent, contact, stranger, url, now):
    open_case(contact, now=now, priority_code="high")
    open_case(stranger, now=now, priority_code="major")
    assert "2 – High / 2 – Major (2)" in signed_in(agent).get(url).content.decode()


def test_every_open_case_is_in_the_queue_page_after_page(contact, agent, now):
    for index in range(7):
        open_case(contact, now=now - index * MINUTE, priority_code=["high", "low", "medium"][index % 3])
    actions.await_customer(Case.objects.first(), by=agent, now=now)
    expected = list(Case.objects.open().by_urgency())
    found, after = [], None
    while rows := list(Case.objects.open().less_urgent_than(after).by_urgency()[:2] if after else Case.objects.by_urgency()[:2]):
        found, after = found + rows, rows[-1]
    assert found == expected


def test_queue_page_says_where_the_next_one_begins(contact, now):
    first = open_case(contact, now=now)
    rows, following = queue_page(Case.objects.open(), after=None)
    assert (rows, following) == ([first], None)
    for number in range(PAGE):
        Case.objects.filter(pk=open_case(contact, now=now + number * MINUTE).pk).update(next_due_at=None)
    rows, following = queue_page(Case.objects.open(), after=None)
    assert (len(rows), following) == (PAGE, rows[-1])
    assert len(queue_page(Case.objects.open(), after=following)[0]) == 1


def test_counts_are_those_of_the_database(signed_in, agent, contact, url):
    now = timezone.now()
    taken, due_soon, _overdue = (open_case(contact, now=now) for _index in range(3))
    actions.assign(taken, by=agent, owner=agent, now=now)
    Case.objects.update(next_due_at=now + timedelta(days=1))
    Case.objects.filter(pk=due_soon.pk).update(next_due_at=now + 30 * MINUTE)
    Case.objects.filter(pk=_overdue.pk).update(next_due_at=now - MINUTE)
    page = " ".join(signed_in(agent).get(url).content.decode().split())
    for words in ("3 open cases", "1 overdue", "1 due within 1 hour", "2 without owner"):
        assert words in page


def test_counts_stop_at_a_limit(signed_in, agent, contact, url, now, monkeypatch):
    monkeypatch.setattr("portal.care.counts.LIMIT", 2)
    for _index in range(3):
        open_case(contact, now=now)
    assert "1+ without owner" in " ".join(signed_in(agent).get(url).content.decode().split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"mine", "other", "volga"}),
        ({"owner": "me"}, {"mine"}),
        ({"owner": "none"}, {"other", "volga"}),
        ({"customer": "volg"}, {"volga"}),
        ({"customer": "acme"}, {"mine", "other"}),
        ({"severity": "4"}, {"other"}),
        ({"status": "IN_PROGRESS"}, {"mine"}),
        ({"q": "PRINTER"}, {"other"}),
        ({"severity": "none of these", "owner": "'; --", "status": "CLOSED"}, {"mine", "other", "volga"}),
    ],
)
def test_queue_is_narrowed_by_its_filter(query, expected, signed_in, agent, contact, stranger, url, now):
    cases = {
        "mine": open_case(contact, now=now, priority_code="high"),
        "other": open_case(contact, now=now, priority_code="low", subject="The printer is mute"),
        "volga": open_case(stranger, now=now, priority_code="major"),
    }
    actions.assign(cases["mine"], by=agent, owner=agent, now=now)
    assert set(numbers(signed_in(agent).get(url, query))) == {cases[name].number for name in expected}


def test_a_case_number_leads_straight_to_its_case(signed_in, agent, contact, url, now):
    case = open_case(contact, now=now)
    assert signed_in(agent).get(url, {"q": f" {case.number.lower()} "}).url == reverse("admin:care_case", args=[case.number])


def test_empty_queue_says_so_and_names_the_filter(signed_in, agent, contact, url, now):
    assert "No open cases" in signed_in(agent).get(url).content.decode()
    open_case(contact, now=now)
    page = signed_in(agent).get(url, {"q": "nothing like it"}).content.decode()
    assert "No cases found." in page and ": nothing like it<" in page


def test_empty_queue_names_the_case_closed_most_recently(signed_in, agent, contact, url, now):
    case = open_case(contact, now=now)
    actions.close_case(case, by=agent, summary="Solved.", now=now)
    assert case.number in signed_in(agent).get(url).content.decode()


def test_row_that_changed_since_the_latest_refresh_says_so(signed_in, agent, contact, url, now):
    case = open_case(contact, now=now)
    before, after = (int((case.latest_activity_at + shift).timestamp()) for shift in (-MINUTE, MINUTE))
    client = signed_in(agent)
    assert "updated</strong>" in client.get(url, {"seen": before}).content.decode()
    assert "updated</strong>" not in client.get(url, {"seen": after}).content.decode()
    assert client.get(url, {"seen": "9" * 30}).status_code == 200


def test_queue_shows_nothing_of_regions_without_clearance(signed_in, agent, agent_of_all_regions, us_only_contact, url, now):
    case = open_case(us_only_contact, now=now)
    assert numbers(signed_in(agent_of_all_regions).get(url)) == [case.number]
    page = signed_in(agent).get(url).content.decode()
    assert case.number not in page and "0 open cases" in page
    assert signed_in(agent).get(url, {"q": case.number}).status_code == 200  # not led to a page that is missing


def test_queue_costs_the_same_for_three_rows_as_for_one(
    signed_in, agent, contact, stranger, url, now, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(agent)
    open_case(contact, now=now)
    open_case(stranger, now=now, priority_code="major")
    client.get(url)  # the policies' rules are read once in a process
    Case.objects.filter(opened_by=stranger).update(status="CLOSED")
    with django_assert_max_num_queries(8) as one:
        client.get(url)
    Case.objects.update(status="NEW", owner=agent)
    open_case(contact, now=now)
    with django_assert_num_queries(len(one)):
        client.get(url)


# --- take next ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def take_next_url():
    return reverse("admin:care_take_next")


def test_take_next_gives_the_most_urgent_case_without_owner(signed_in, agent, colleague, contact, take_next_url, now):
    open_case(contact, now=now, priority_code="low")
    urgent = open_case(contact, now=now, priority_code="high")
    taken = open_case(contact, now=now, priority_code="critical")
    actions.assign(taken, by=agent, owner=agent, now=now)
    answer = signed_in(agent).post(take_next_url)
    assert answer.url == reverse("admin:care_case", args=[urgent.number])
    assert fresh(urgent).owner == agent


def test_take_next_never_reaches_into_another_region(signed_in, agent, us_only_contact, take_next_url, url, now):
    case = open_case(us_only_contact, now=now)
    answer = signed_in(agent).post(take_next_url, follow=True)
    assert answer.redirect_chain[-1][0] == url
    assert "Every open case has an owner." in answer.content.decode()
    assert fresh(case).owner is None


def test_take_next_is_no_link(signed_in, agent, take_next_url):
    assert signed_in(agent).get(take_next_url).status_code == 405


def test_take_next_is_refused_with_a_sentence(signed_in, agent, contact, take_next_url, now):
    open_case(contact, now=now)
    agent.groups.clear()
    answer = signed_in(agent).post(take_next_url)
    assert answer.status_code == 403
    assert Case.objects.get().owner is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
def test_two_agents_who_take_next_at_once_get_two_cases(agent, agent_of_all_regions, contact, now):
    for _index in range(2):
        open_case(contact, now=now)
    start = Barrier(2)

    def take(person):
        start.wait()
        try:
            return actions.take_next(by=person, now=now, cases=Case.objects.visible_to(person))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(take, [agent, agent_of_all_regions])
    assert first and second and first != second
    assert set(Case.objects.values_list("owner", flat=True)) == {agent.pk, agent_of_all_regions.pk}


def test_who_may_not_answer_is_refused_the_next_case(signed_in, onlooker, case):
    """A group that may assign but not answer owns no case: a refusal, not an error."""
    onlooker.user_permissions.add(Permission.objects.get(codename="assign_case"))
    client = signed_in(onlooker)
    assert client.post(reverse("admin:care_take_next")).status_code == 403
    queue = client.get(reverse("admin:care_queue")).text
    assert case.number in queue and reverse("admin:care_take_next") not in queue


def test_care_staff_in_no_group_meet_refusals_and_no_case(signed_in, groupless, case):
    client = signed_in(groupless)
    answers = {page: client.get(page, follow=True) for page in ("/", "/admin/", "/cases/", "/cases/cases.csv")}
    assert {page: (answer.status_code, len(answer.redirect_chain)) for page, answer in answers.items()} == {
        "/": (200, 1),
        "/admin/": (200, 0),
        "/cases/": (200, 0),
        "/cases/cases.csv": (403, 1),
    }
    for name in ("care_queue", "care_cases", "care_cases_csv"):
        answer = client.get(reverse(f"admin:{name}"))
        assert answer.status_code == 403
        assert "Your role in the care team does not include this." in answer.text
    for name in ("admin:care_case", "case"):
        assert client.get(reverse(name, args=[case.number])).status_code == 404

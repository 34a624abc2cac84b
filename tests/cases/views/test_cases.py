"""The customers' list of cases and its export (UX C2, SPEC 11)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions, paging
from cases.csv_text import safe_text
from cases.exports import csv_lines, customer_columns
from cases.models import Case
from tests.factories import MembershipFactory
from tests.stories import open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def client(contact, signed_in):
    return signed_in(contact)


def listed(client, query=""):
    response = client.get(reverse("case_list") + query)
    assert response.status_code == 200
    return [case.subject for case in response.context["page"].rows], response.content.decode()


def exported(client, query=""):
    response = client.get(reverse("case_export") + query)
    text = b"".join(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


# --- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_shows_all_cases_of_the_organization_latest_first(client, contact, colleague, us_only_contact, stranger, now):
    open_case(contact, now=now, subject="Mine")
    open_case(colleague, now=now + MINUTE, subject="My colleague's")
    for other in (us_only_contact, stranger):
        open_case(other, now=now, subject="Somebody else's", priority_code="minor" if other == stranger else "medium")
    subjects, page = listed(client)
    assert subjects == ["My colleague's", "Mine"]
    assert "Somebody else" not in page


def test_a_person_of_two_organizations_sees_which_is_whose(client, contact, other_organization, stranger, now):
    open_case(contact, now=now)
    open_case(stranger, now=now, subject="Volga's", priority_code="minor")
    MembershipFactory(user=contact, organization=other_organization, role="READER")
    subjects, page = listed(client)
    assert subjects == ["Volga's", "Calls drop after 30 seconds"]
    assert "<span>Volga</span>" in page


@pytest.fixture
def cases(contact, colleague, agent, now):
    """New, awaiting the customer, proposed, closed; opened a day after each other."""
    made = [
        open_case(by, now=now + timedelta(days=day), subject=subject, priority_code=priority)
        for day, (by, subject, priority) in enumerate(
            [
                (contact, "New one", "low"),
                (contact, "Asked back", "medium"),
                (colleague, "Proposed one", "high"),
                (contact, "Closed one", "high"),
            ]
        )
    ]
    later = now + timedelta(days=9)
    actions.await_customer(made[1], by=agent, now=later)
    actions.propose_resolution(made[2], by=agent, summary="Done.", now=later + MINUTE)
    actions.close_case(made[3], by=agent, summary="Done.", now=later + 2 * MINUTE)
    return {case.subject: case for case in made}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Closed one", "Proposed one", "Asked back", "New one"]),
        ("?turn=you", ["Proposed one", "Asked back"]),
        ("?turn=us", ["New one"]),
        ("?turn=closed", ["Closed one"]),
        ("?severity=2", ["Closed one", "Proposed one"]),
        ("?mine=on", ["Closed one", "Asked back", "New one"]),
        ("?q=ASKED", ["Asked back"]),
        ("?q=nothing+like+it", []),
        ("?since=2026-03-06", ["Closed one", "Proposed one"]),
        ("?until=2026-03-05", ["Asked back", "New one"]),
        ("?since=2026-03-05&until=2026-03-05&turn=you", ["Asked back"]),
    ],
)
def test_filters_narrow_the_list_and_the_export_alike(client, cases, query, expected):
    assert listed(client, query)[0] == expected
    assert {row["subject"] for row in exported(client, query)} == set(expected)


def test_the_list_is_sorted_by_the_next_due_time(client, contact, now):
    due_later = open_case(contact, now=now + timedelta(days=1), subject="Due later")
    due_first = open_case(contact, now=now, subject="Due first")
    assert due_first.next_due_at < due_later.next_due_at
    assert listed(client)[0] == ["Due later", "Due first"]
    assert listed(client, "?sort=due")[0] == ["Due first", "Due later"]
    assert listed(client, "?sort=nonsense")[0] == ["Due later", "Due first"]


@pytest.mark.parametrize("form", ["{}", "{}".lower(), " cs{digits} ", "{digits}"])
def test_a_case_is_found_by_its_number(client, cases, form):
    number = cases["Asked back"].number
    typed = form.format(number, digits=number[3:])
    assert listed(client, f"?q={typed}")[0] == ["Asked back"]


@pytest.mark.parametrize(
    "query", ["?since=yesterday", "?until=9999-12-31", "?since=0001-01-01", "?severity=9", "?turn=x", "?q=%00"]
)
def test_what_cannot_be_read_is_told_beside_its_field_and_leaves_the_list(client, cases, query):
    subjects, page = listed(client, query)
    assert len(subjects) == 4
    assert 'class="error"' in page


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999", "1e9", "²", ""])
def test_odd_page_numbers_show_a_page(client, cases, number):
    assert client.get(reverse("case_list"), {"page": number}).status_code == 200


def test_the_list_tells_how_many_wait_for_the_customer(client, cases):
    page = listed(client)[1]
    assert "4 cases" in page
    assert "2 cases are waiting for you" in page


def test_pages_follow_each_other_with_the_filter(client, contact, now, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for number in range(5):
        open_case(contact, now=now + number * MINUTE, subject=f"Case {number}")
    assert listed(client, "?turn=us")[0] == ["Case 4", "Case 3"]
    subjects, page = listed(client, "?turn=us&page=2")
    assert subjects == ["Case 2", "Case 1"]
    assert "?page=3&amp;turn=us" in page
    assert "?page=1&amp;turn=us" in page
    assert "?page=4" not in listed(client, "?turn=us&page=3")[1]


def test_counts_stop_at_their_limit(contact, now):
    for number in range(4):
        open_case(contact, now=now + number * MINUTE)
    with CaptureQueriesContext(connection) as queries:
        assert paging.count_up_to_limit(Case.objects.all(), limit=2) == 3
    assert "LIMIT 3" in queries[0]["sql"]


def test_an_empty_list_says_why(client, contact, now):
    assert "Your organization has not opened any case." in listed(client)[1]
    open_case(contact, now=now)
    assert "No case matches the filters." in listed(client, "?turn=closed")[1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_at_most_eight_questions_however_many_rows(count, client, contact, colleague, now):
    for number in range(count):
        open_case((contact, colleague)[number % 2], now=now + number * MINUTE)
    listed(client)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(client)[0]) == count
    assert len(queries) <= 8, "\n".join(query["sql"] for query in queries)


# --- the export --------------------------------------------------------------------------------------------------------


def test_the_export_has_a_row_for_each_visible_case(client, contact, agent, stranger, now):
    case = open_case(contact, now=now)
    open_case(stranger, now=now, priority_code="minor")
    actions.assign(case, by=agent, owner=agent, now=now)
    actions.reply(case, by=agent, text="Which browser?", now=now + 5 * MINUTE)
    (row,) = exported(client)
    expected = {
        "number": case.number,
        "organization": "Acme",
        "organization_id": "8a2f1c3e-5b7d-4e90-a1b2-c3d4e5f60718",
        "subject": case.subject,
        "status": "IN_PROGRESS",
        "severity": "3",
        "priority": "medium",
        "opened_by": "Claire Martin",
        "case_owner": "Anna Weber",
        "opened_at": "2026-03-04T10:00:00+01:00",
        "closed_at": "",
        "first_response_state": "MET",
        "first_response_due_at": "2026-03-04T12:00:00+01:00",
        "first_response_met_at": "2026-03-04T10:05:00+01:00",
        "restoration_state": "NO_TARGET",
    }
    assert {name: row[name] for name in expected} == expected


def test_names_of_all_scripts_survive(client, contact, now):
    for subject in ("通話が切断される", "Обрыв связи", "Déconnexion à 30 s"):
        open_case(contact, now=now, subject=subject)
    assert [row["subject"] for row in exported(client)] == ["通話が切断される", "Обрыв связи", "Déconnexion à 30 s"]


def test_a_removed_subject_is_in_no_list_no_page_and_no_export(client, contact, manager, signed_in, now):
    case = open_case(contact, now=now, subject="Jane Doe cannot call")
    actions.redact(case.activities.get(kind="OPENED"), by=manager, reason="personal data", now=now)
    desk = signed_in(manager)
    pages = [
        *(client.get(reverse(name)) for name in ("case_list", "new_case")),
        *(desk.get(reverse(f"admin:{name}")) for name in ("care_queue", "care_cases", "cases_case_changelist")),
        client.get(reverse("case", args=[case.number])),
        desk.get(reverse("admin:care_case", args=[case.number])),
    ]
    assert [("Jane Doe" in page.text, "Subject removed" in page.text) for page in pages] == [(False, True)] * len(pages)
    assert [row["subject"] for row in exported(client)] == ["Subject removed"]
    assert listed(client, "?q=Jane")[0] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_subject_cannot_start_a_formula(client, contact, now, start):
    open_case(contact, now=now, subject=f"{start}HYPERLINK(1)")
    assert [row["subject"] for row in exported(client)] == [f"'{start}HYPERLINK(1)"]


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_blanks_before_a_formula_are_guarded_too(start):
    assert safe_text(f"{start}=1") == f"'{start}=1"


def test_an_ordinary_text_is_left_alone():
    assert safe_text("a=b") == "a=b"


def test_a_breach_is_told_whatever_the_stored_state_says(contact, now):
    open_case(contact, now=now)
    due = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
    states = [state_at(due + timedelta(seconds=seconds)) for seconds in (0, 1)]
    assert states == ["RUNNING", "BREACHED"]


def state_at(moment):
    lines = csv_lines(Case.objects.all(), customer_columns(now=moment), time_zone=ZoneInfo("UTC"))
    (row,) = csv.DictReader(io.StringIO("".join(lines)[1:]))
    return row["first_response_state"]


def test_the_export_is_one_question_however_many_cases(contact, now):
    for number in range(3):
        open_case(contact, now=now + number * MINUTE)
    with CaptureQueriesContext(connection) as queries:
        lines = list(csv_lines(Case.objects.all(), customer_columns(now=now), time_zone=ZoneInfo("UTC")))
    assert (len(lines), len(queries)) == (4, 1)


def test_care_staff_have_an_export_of_their_own(agent, manager, signed_in):
    statuses = [signed_in(user).get(reverse("case_export"), follow=True).status_code for user in (agent, manager)]
    assert statuses == [403, 200]
    assert LogEntry.objects.get().user == manager

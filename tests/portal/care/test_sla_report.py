"""M1, SLA compliance: its figures are those of the CSV, each opens its cases, nobody sees another region's (ISSUE 3, UX 3.3, A40, A41)."""

import csv
import re
from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Case
from escalations.sweep import sweep
from sla.compliance import Figure, clocks_of, figures
from sla.models import Clock
from sla.verdicts import verdict_of
from tests.stories import open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
URL = "/admin/care/sla/"
DECIDED = ("ON_TIME", "LATE")


@pytest.fixture
def now():
    """Wednesday of last week, 10:00 in Paris: pages live in the present."""
    today = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday() + 5)


@pytest.fixture
def world(contact, stranger, us_only_contact, agent, agent_of_all_regions, now):
    """Eleven cases of three customers, over two weeks, kept and missed."""
    for number in range(8):
        opened = now + timedelta(days=number % 2 * 5)
        case = open_case(contact, now=opened, priority_code=("high", "medium")[number % 2])
        if number < 6:
            actions.assign(case, by=agent, owner=agent, now=opened)
            actions.reply(case, by=agent, text="Hello", now=opened + timedelta(minutes=40 * (number + 1)))
    for by, priority in ((stranger, "minor"), (stranger, "major"), (us_only_contact, "medium")):
        case = open_case(by, now=now, priority_code=priority)
        actions.assign(case, by=agent_of_all_regions, owner=agent_of_all_regions, now=now)
        actions.reply(case, by=agent_of_all_regions, text="Hello", now=now + HOUR)


def rows_of(client, **asked):
    response = client.get(reverse("admin:care_clocks_csv"), asked)
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def recomputed(rows, key=lambda row: ()):
    counts = Counter((key(row), row["verdict"]) for row in rows)
    groups = {group for group, verdict in counts if verdict != "NONE"}
    return {group: Figure(counts[group, "ON_TIME"], counts[group, "LATE"], counts[group, "OPEN"]) for group in groups}


def listed(client, url):
    """The numbers of the cases behind a figure."""
    return {case.number for case in client.get(url).context["page"].rows}


@pytest.mark.parametrize("is_swept", [True, False])
def test_figures_equal_the_csv_recomputed_and_open_their_cases(is_swept, world, manager, signed_in):
    if is_swept:
        sweep(now=timezone.now())
    client = signed_in(manager)
    page, rows = client.get(URL), rows_of(client)
    assert page.context["count"] == len(rows) > 20
    by_kind = recomputed(rows, lambda row: row["clock"])
    kinds = [("FIRST_RESPONSE",), ("NEXT_RESPONSE", "NEXT_UPDATE"), ("RESTORATION", "RESOLUTION")]
    for card, names in zip(page.context["cards"], kinds, strict=True):
        chosen = [by_kind[name] for name in names if name in by_kind]
        assert card.figure == Figure(*(sum(getattr(one, part) for one in chosen) for part in ("kept", "late", "undecided")))
        for url, verdict in ((card.kept_url, "ON_TIME"), (card.late_url, "LATE")):
            expected = {row["number"] for row in rows if row["clock"] in names and row["verdict"] == verdict}
            assert listed(client, url) == expected
    assert sum(card.figure.late for card in page.context["cards"]) > 0


TABLES = {
    "weeks": lambda row: _monday(datetime.fromisoformat(row["opened_at"]).date()),
    "severities": lambda row: f"S{row['urgency']}",
    "customers": lambda row: row["organization"],
}


def _monday(day: date):
    return day - timedelta(days=day.weekday())


@pytest.mark.parametrize("table", TABLES)
def test_tables_equal_the_csv_recomputed_and_open_their_cases(table, world, manager, signed_in):
    client, key = signed_in(manager), TABLES[table]
    page, rows = client.get(URL, {"clock": "FIRST_RESPONSE"}), rows_of(client, clock="FIRST_RESPONSE")
    shown = page.context[table]
    expected = recomputed(rows, key)
    assert len(shown) == len(expected) > 1
    assert sorted((one.figure.kept, one.figure.late, one.figure.undecided) for one in shown) == sorted(
        (one.kept, one.late, one.undecided) for one in expected.values()
    )
    for one in shown:
        assert len(listed(client, one.kept_url)) == one.figure.kept
        assert len(listed(client, one.late_url)) == one.figure.late


def test_customers_stand_worst_first(world, manager, signed_in):
    shown = signed_in(manager).get(URL, {"clock": "FIRST_RESPONSE"}).context["customers"]
    percents = [one.figure.percent for one in shown]
    assert percents == sorted(percents) and len(percents) == 3


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ({"policy": "360dialog"}, lambda row: row["support_policy"] == "360dialog"),
        ({"plan": "premium"}, lambda row: row["support_plan"] == "premium"),
        ({"severity": "2"}, lambda row: row["urgency"] == "2"),
        ({"customer": "volga"}, lambda row: row["organization"] == "Volga"),
        ({"clock": "RESTORATION"}, lambda row: row["clock"] == "RESTORATION"),
        ({"clock": "ENDS"}, lambda row: row["clock"] in ("RESTORATION", "RESOLUTION")),
    ],
)
def test_filters_narrow_page_and_csv_alike(asked, condition, world, manager, signed_in):
    client = signed_in(manager)
    expected = [row for row in rows_of(client) if condition(row)]
    assert rows_of(client, **asked) == expected and 0 < len(expected) < 40
    assert client.get(URL, asked).context["count"] == len(expected)


def test_period_ends_with_its_last_day(world, manager, signed_in, now):
    client, day = signed_in(manager), timezone.localdate(now)
    one = {row["number"] for row in rows_of(client, since=day, until=day)}
    other = {row["number"] for row in rows_of(client, since=day + timedelta(days=1), until=day + timedelta(days=9))}
    assert len(one) == 7 and len(other) == 4 and not one & other
    page = client.get(URL, {"since": day + timedelta(days=90), "until": day + timedelta(days=91)})
    assert "No cases in this period" in page.content.decode()


def test_regions_that_one_is_not_cleared_for_are_in_no_figure(world, manager, signed_in):
    everywhere = rows_of(signed_in(manager))
    type(manager).objects.filter(pk=manager.pk).update(support_regions=["global"])
    client = signed_in(manager)
    rows = rows_of(client)
    assert {row["organization"] for row in everywhere} - {row["organization"] for row in rows} == {"Federal"}
    page = client.get(URL)
    assert page.context["count"] == len(rows)
    assert "Federal" not in page.content.decode()


def test_csv_has_offsets_utc_and_no_formulas(world, manager, signed_in, organization):
    type(organization).objects.filter(pk=organization.pk).update(name="=cmd()")
    rows = rows_of(signed_in(manager))
    assert {row["organization"] for row in rows} >= {"'=cmd()", "Volga"}
    due = next(row for row in rows if row["due_at"])
    assert datetime.fromisoformat(due["due_at"]) == datetime.fromisoformat(due["due_at_utc"])
    assert due["due_at"].endswith("+01:00") and due["due_at_utc"].endswith("+00:00")
    assert UUID(due["organization_id"])


def test_small_numbers_are_told_as_such_and_large_ones_in_percent(world, manager, signed_in):
    text = signed_in(manager).get(URL, {"clock": "FIRST_RESPONSE"}).content.decode()
    assert re.search(r"\b\d of \d\b", text) and re.search(r"\b\d\d %", text)


def test_database_and_rules_give_the_same_verdict(world, manager, now):
    for moment in (now + HOUR, now + 3 * HOUR, timezone.now()):
        for clock in clocks_of(Case.objects.all(), now=moment):
            assert clock.verdict == verdict_of(clock, now=moment)


def test_figures_are_one_statement_however_many_groups(world, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(figures(clocks_of(Case.objects.all(), now=now), "kind", "case__urgency_rank")) > 3


@pytest.mark.parametrize("name", ["care_sla", "care_clocks_csv"])
@pytest.mark.parametrize(("who", "status"), [("agent", 403), ("contact", 404), ("manager", 200)])
def test_report_is_for_care_managers(name, who, status, policies, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(reverse(f"admin:{name}")).status_code == status


@pytest.mark.parametrize("reader_language", ["en", "fr", "ja", "ru"])
def test_report_answers_in_the_readers_language(world, manager, signed_in, reader_language):
    type(manager).objects.filter(pk=manager.pk).update(language=reader_language)
    assert signed_in(manager).get(URL).status_code == 200


@pytest.mark.parametrize("asked", [{"since": "x"}, {"policy": "none"}, {"clock": "SIESTA"}, {"severity": "9"}])
def test_what_cannot_be_read_is_told_and_breaks_nothing(asked, world, manager, signed_in):
    client = signed_in(manager)
    assert client.get(URL, asked).status_code == 200
    assert client.get(reverse("admin:care_clocks_csv"), asked).status_code == 200


def test_report_costs_the_same_for_more_cases(world, contact, manager, signed_in, now, django_assert_num_queries):
    client = signed_in(manager)

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    before = count()
    for _one in range(3):
        open_case(contact, now=now)
    assert count() == before < 25
    assert Clock.objects.count() > 20

"""The list of all cases and its CSV: any filter, every row, safe in a spreadsheet, and the trail of who took it (SPEC 11)."""

import csv
import io
import tracemalloc
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from cases import actions
from cases.models import Case
from tests.stories import open_case


@pytest.fixture
def url():
    return reverse("admin:care_cases")


@pytest.fixture
def csv_url():
    return reverse("admin:care_cases_csv")


def read(answer):
    """The rows of a CSV answer, as dicts."""
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_list_holds_closed_cases_too(signed_in, manager, contact, url, now):
    case = open_case(contact, now=now)
    actions.close_case(case, by=manager, summary="Solved.", now=now)
    page = signed_in(manager).get(url).content.decode()
    assert case.number in page
    assert case.number not in signed_in(manager).get(url, {"status": "NEW"}).content.decode()


def test_list_offers_the_csv_with_its_filter_to_managers_only(signed_in, manager, agent, url, csv_url):
    assert f"{csv_url}?status=NEW" in signed_in(manager).get(url, {"status": "NEW"}).content.decode()
    assert csv_url not in signed_in(agent).get(url).content.decode()


def test_list_shows_nothing_of_regions_without_clearance(signed_in, agent, us_only_contact, url, now):
    case = open_case(us_only_contact, now=now)
    assert case.number not in signed_in(agent).get(url).content.decode()


def test_list_costs_the_same_for_three_rows_as_for_one(
    signed_in, manager, contact, url, now, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(manager)
    open_case(contact, now=now)
    client.get(url)
    with django_assert_max_num_queries(8) as one:
        client.get(url)
    for _index in range(2):
        actions.assign(open_case(contact, now=now), by=manager, owner=manager, now=now)
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_csv_has_every_row_of_the_filter(signed_in, manager, contact, csv_url, now):
    for index in range(60):  # more than a page
        open_case(contact, now=now + timedelta(minutes=index), priority_code="low" if index % 2 else "high")
    rows = read(signed_in(manager).get(csv_url, {"severity": "4"}))
    assert len(rows) == 30
    assert {row["severity"] for row in rows} == {"4"}


def test_csv_tells_times_with_their_zone_and_neutralizes_formulas(signed_in, manager, contact, csv_url, now):
    case = open_case(contact, now=now, subject='=HYPERLINK("https://evil.example")')
    (row,) = read(signed_in(manager).get(csv_url))
    assert row["number"] == case.number
    assert row["opened_at"] == "2026-03-04T10:00:00+01:00"
    assert row["subject"] == '\'=HYPERLINK("https://evil.example")'


def test_csv_is_refused_with_a_sentence_to_who_may_not_export(signed_in, agent, csv_url):
    answer = signed_in(agent).get(csv_url)
    assert answer.status_code == 403
    assert "Your role in the care team does not include this." in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_csv_holds_nothing_of_regions_without_clearance(signed_in, manager, contact, us_only_contact, csv_url, now):
    seen, hidden = open_case(contact, now=now), open_case(us_only_contact, now=now)
    assert {row["number"] for row in read(signed_in(manager).get(csv_url))} == {seen.number, hidden.number}
    manager.support_regions = ["global"]
    manager.save()
    assert {row["number"] for row in read(signed_in(manager).get(csv_url))} == {seen.number}


def test_export_leaves_a_trail(signed_in, manager, csv_url):
    signed_in(manager).get(csv_url, {"status": "NEW", "customer": "acme"})
    entry = LogEntry.objects.get()
    assert (entry.user, entry.content_type.model) == (manager, "case")
    assert "customer=acme&status=NEW" in entry.get_change_message()


def test_csv_needs_no_more_memory_for_ten_times_the_rows(signed_in, manager, contact, csv_url, now):
    first = open_case(contact, now=now)
    columns = {field.attname: getattr(first, field.attname) for field in Case._meta.concrete_fields if field.name != "id"}

    def peak_and_size(rows):
        Case.objects.bulk_create(Case(**columns) for _index in range(rows))
        answer = signed_in(manager).get(csv_url)
        tracemalloc.start()
        size = sum(len(chunk) for chunk in answer.streaming_content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak, size

    (few, small), (many, large) = peak_and_size(4000), peak_and_size(36_000)
    assert large > 8 * small
    assert many < few + large / 10  # the chunk that is read, not the file

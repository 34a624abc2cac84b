from datetime import UTC, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from portal.support_hours import SupportHours, support_hours
from sla.business_time import compile_calendar
from tests.factories import UserFactory
from tests.stories import open_case

OFFICE = {
    "tz": "Europe/Paris",
    "windows": {day: [["08:00", "12:00"], ["12:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": {"2026-04-06": {"en": "Easter Monday"}},
}
WEDNESDAY = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)


def test_support_hours_while_open_tell_the_closing_and_the_next_holiday():
    hours = support_hours(compile_calendar(OFFICE), now=WEDNESDAY)
    assert hours.is_open
    assert hours.changes_at == datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # two windows that touch are one
    assert hours.holiday.name == {"en": "Easter Monday"}


def test_support_hours_while_closed_tell_the_opening():
    hours = support_hours(compile_calendar(OFFICE), now=SATURDAY)
    assert not hours.is_open
    assert hours.changes_at == datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def test_support_hours_around_the_clock_never_change():
    always = compile_calendar({"tz": "UTC", "always_open": True})
    assert support_hours(always, now=SATURDAY) == SupportHours(is_open=True, changes_at=None, holiday=None)


def test_home_says_when_support_is_there(signed_in, contact):
    page = signed_in(contact).get("/").text
    assert "Hello, Claire Martin" in page
    assert "Support hours today" in page
    assert "Open until" in page or "Open. Closes" in page or "Closed. Opens again" in page


def test_home_of_somebody_without_organization_says_why_it_is_empty(signed_in, db):
    page = signed_in(UserFactory(name="Boris")).get("/").text
    assert "You do not belong to an organization yet" in page
    assert "Open a case" not in page


def test_home_offers_a_new_case_to_contacts_only(signed_in, contact, reader):
    assert "You have no open cases." in signed_in(contact).get("/").text
    assert "Open a case" not in signed_in(reader).get("/").text


def test_home_of_the_care_team_is_the_care_desk(signed_in, agent):
    assert signed_in(agent).get("/").headers["Location"] == "/admin/"


def statements_of(client, url):
    client.get(url)  # policies and calendars are read once in a process
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_home_costs_the_same_however_many_cases(signed_in, contact, now):
    client = signed_in(contact)
    open_case(contact, now=now)
    at_one = statements_of(client, "/")
    for _index in range(2):
        open_case(contact, now=now)
    assert statements_of(client, "/") == at_one <= 12


def test_home_shows_what_waits_for_the_customer_first(signed_in, contact, agent, now):
    urgent = open_case(contact, now=now, priority_code="high", subject="Urgent, with us")
    waiting = open_case(contact, now=now, priority_code="low", subject="Waiting for the customer")
    actions.assign(waiting, by=agent, owner=agent, now=now)
    actions.await_customer(waiting, by=agent, now=now)
    page = signed_in(contact).get("/")
    assert "1 case is waiting for you" in page.text
    assert [case.pk for case in page.context["cases"]] == [waiting.pk, urgent.pk]


def test_home_shows_nothing_of_other_organizations(signed_in, contact, stranger, now):
    open_case(stranger, now=now, subject="A secret of Volga", priority_code="major")
    open_case(contact, now=now, subject="Our own case")
    page = signed_in(contact).get("/").text
    assert "Our own case" in page
    assert "A secret of Volga" not in page

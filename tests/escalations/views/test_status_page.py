"""C11: what everybody reads, what nobody may learn there, what it costs, and that it stands without the database."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from cases.models import Case
from escalations import last_known
from escalations.actions.incidents import IncidentFacts, close_incident, declare_incident, publish_update, raise_candidate
from escalations.actions.restoration import restore_incident
from escalations.models import CaseLink, Incident, IncidentComponent
from escalations.views import status_page
from tests.factories import (
    ComponentFactory,
    IncidentComponentFactory,
    IncidentFactory,
    IncidentUpdateFactory,
    MaintenanceFactory,
    RegionFactory,
)
from tests.stories import open_case

ADDRESSES = ["/status/", "/status/status.json", "/status/feed.xml"]
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
HOUR = timedelta(hours=1)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def moment():
    """The pages look at the clock."""
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def incident(db, moment):
    """An outage of voice in Europe that goes on, with one update."""
    row = IncidentFactory(started_at=moment - HOUR, state=Incident.State.IDENTIFIED)
    IncidentComponentFactory(incident=row)
    IncidentUpdateFactory(incident=row, published_at=moment - HOUR / 2, next_update_at=moment + HOUR / 2)
    return row


def refuse(execute, sql, params, many, context):
    raise OperationalError("connection refused")


def database_is_away():
    """Every statement fails as it does where nothing listens."""
    return connection.execute_wrapper(refuse)


def later(moment, minutes=13):
    """The pages look at the clock: let it be this many minutes later."""
    return time_machine.travel(moment + timedelta(minutes=minutes), tick=False)


# --- what it says ------------------------------------------------------------------------------------------------------
def test_status_page_says_that_all_is_well(client, db):
    ComponentFactory()
    page = client.get("/status/").text
    assert "All systems operational" in page
    assert "Operational" in page
    assert "No maintenance is planned." in page


def test_status_page_without_any_component_stands(client, db):
    page = client.get("/status/")
    assert page.status_code == 200
    assert "No components are listed yet." in page.text


def test_status_page_tells_an_outage(client, incident):
    page = client.get("/status/").text
    assert "There is an outage." in page
    assert "Calls drop" in page
    assert "Voice · Europe" in page
    assert "We are looking into it." in page
    assert "Next update:" in page
    assert f"INC-{1000 + incident.pk}" in page


@pytest.mark.parametrize("state", [Incident.State.CANDIDATE, Incident.State.DISMISSED])
def test_what_is_not_declared_is_nowhere(client, incident, state):
    Incident.objects.update(state=state, declared_at=None)
    answers = [client.get(address).text for address in ADDRESSES]
    assert not any("Calls drop" in answer for answer in answers)
    assert client.get(f"/status/{incident.number}/").status_code == 404


def test_page_follows_an_incident_from_its_first_suspicion_to_its_end(client, incident_manager, moment):
    """With the real actions: nothing while it is suspected, its updates while it goes on, a line of the history afterwards."""
    voice, europe = ComponentFactory(), RegionFactory()
    facts = IncidentFacts({"en": "No calls"}, 2, moment - HOUR, [(voice, europe, IncidentComponent.Impact.PARTIAL)])
    pages = []

    def look():
        last_known.forget()
        Path(settings.STATUS_FILE).unlink(missing_ok=True)
        pages.append((client.get("/status/status.json").json()["state"], "No calls" in client.get("/status/").text))

    suspected = raise_candidate(facts, by=incident_manager, now=moment - HOUR / 2)
    look()
    row = declare_incident(suspected, by=incident_manager, now=moment - HOUR / 2)
    words = {"en": "We are looking into it."}
    publish_update(row, by=incident_manager, state="INVESTIGATING", words=words, next_update_at=moment + HOUR, now=moment)
    look()
    restore_incident(row, by=incident_manager, restored_at=moment, words={"en": "Over."}, summary={"en": "A disk."}, now=moment)
    look()
    close_incident(row, by=incident_manager, now=moment)
    look()
    assert pages == [("OPERATIONAL", False), ("PARTIAL", True), ("OPERATIONAL", True), ("OPERATIONAL", True)]
    assert "A disk." not in client.get(f"/status/{row.number}/").text  # what the cases are told is theirs


def test_status_page_in_each_language_marks_what_is_missing_there(incident, language):
    page = Client(headers={"Accept-Language": language}).get("/status/")
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page.text
    assert ('<div class="prose" lang="en">' in page.text) == (language in ("ja", "ru"))
    assert ("Les appels coupent" in page.text) == (language == "fr")


def test_language_is_the_addresses_then_the_cookies_then_the_browsers(incident):
    client = Client(headers={"Accept-Language": "ja"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert '<html lang="ru"' in client.get("/status/?lang=ru").text
    assert '<html lang="fr"' in client.get("/status/").text
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert '<html lang="ja"' in client.get("/status/").text


def test_maintenance_is_told_in_utc_and_to_the_signed_in_in_their_zone(client, db, moment, signed_in, contact):
    starts_at = (moment + timedelta(days=1)).replace(hour=12, minute=0)
    MaintenanceFactory(starts_at=starts_at, ends_at=starts_at + HOUR, words={"en": "Short breaks are possible."})
    assert "12:00 (UTC)" in client.get("/status/").text
    page = signed_in(contact).get("/status/").text
    assert "Database work" in page
    assert "12:00 (UTC)" not in page
    assert "Short breaks are possible." in page


def test_running_maintenance_shows_where_it_runs(client, db, moment):
    ComponentFactory(code="voice", regions=[RegionFactory()])
    ComponentFactory(code="chat", name={"en": "Chat"}, regions=[RegionFactory()])
    planned = MaintenanceFactory(starts_at=moment - HOUR, ends_at=moment + HOUR)
    planned.components.add(ComponentFactory(code="chat"))
    states = {each["component"]: each["state"] for each in client.get("/status/status.json").json()["components"]}
    assert states == {"voice": "OPERATIONAL", "chat": "MAINTENANCE"}
    assert "Maintenance is in progress." in client.get("/status/").text


def test_cancelled_and_past_maintenance_is_not_told(client, db, moment):
    MaintenanceFactory(starts_at=moment + HOUR, ends_at=moment + 2 * HOUR, cancelled_at=moment)
    MaintenanceFactory(starts_at=moment - 2 * HOUR, ends_at=moment - HOUR)
    assert client.get("/status/status.json").json()["maintenance"] == []


def test_incident_page_tells_all_updates_newest_first(client, incident, moment):
    IncidentUpdateFactory(incident=incident, words={"en": "Found the cause."}, published_at=moment)
    page = client.get(f"/status/{incident.number}/").text
    assert page.index("Found the cause.") < page.index("We are looking into it.")


def test_incident_older_than_the_history_is_still_there(client, db, moment):
    old = IncidentFactory(
        started_at=moment - timedelta(days=200), restored_at=moment - timedelta(days=199), state=Incident.State.CLOSED
    )
    assert old.number not in client.get("/status/").text
    assert "Calls drop" in client.get(f"/status/{old.number}/").text


@pytest.mark.parametrize("number", ["INC-9999", "INC-999999999999", "INC-0000", "INC-1", "inc-1001", "INC-10%00"])
def test_incident_that_is_not_there_is_404(client, db, number):
    assert client.get(f"/status/{number}/").status_code == 404


@pytest.mark.parametrize(
    "query", ["lang=xx", "lang=", "lang=fr&lang=%00", "lang[]=en", "live=%ff", "x=" + "y" * 5000, "a=1&" * 200]
)
@pytest.mark.parametrize("address", ADDRESSES)
def test_query_that_makes_no_sense_changes_nothing(client, incident, address, query):
    assert client.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_answers_as_get_without_a_body(client, incident, address):
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", get.headers["ETag"])


def test_words_of_people_are_no_markup(client, incident):
    Incident.objects.update(title={"en": "<script>alert(1)</script>"})
    IncidentUpdateFactory(incident=incident, words={"en": "<img src=x onerror=alert(1)> ]]> & \x0b"})
    pages = [client.get(address).text for address in ("/status/", "/status/feed.xml", f"/status/{incident.number}/")]
    assert [word for word in ("<script>alert", "<img src=x") for page in pages if word in page] == []
    ET.fromstring(client.get("/status/feed.xml").content)


# --- one's own cases ---------------------------------------------------------------------------------------------------
@pytest.fixture
def linked(incident, contact, stranger, moment):
    """A case of Acme's and one of Volga's, both linked to the incident."""
    for person, subject, priority in ((contact, "Acme-Secret", "medium"), (stranger, "Volga-Secret", "major")):
        case = open_case(person, now=moment, subject=subject, priority_code=priority)
        CaseLink.objects.create(incident=incident, case=case, linked_at=moment)
    return incident


@pytest.mark.parametrize("address", ["/status/", "/status/{number}/"])
def test_own_cases_are_shown_to_their_own_people_alone(linked, signed_in, contact, stranger, agent, address):
    address = address.format(number=linked.number)
    pages = {name: signed_in(user).get(address).text for name, user in (("acme", contact), ("volga", stranger), ("care", agent))}
    pages["nobody"] = Client().get(address).text
    found = {name: ("Acme-Secret" in page, "Volga-Secret" in page) for name, page in pages.items()}
    assert found == {"acme": (True, False), "volga": (False, True), "care": (False, False), "nobody": (False, False)}


def test_case_whose_link_was_undone_is_not_shown(linked, signed_in, contact, moment):
    CaseLink.objects.update(unlinked_at=moment)
    assert "Acme-Secret" not in signed_in(contact).get("/status/").text


def test_nothing_of_the_customers_is_in_json_and_feed(linked, client):
    texts = [client.get(address).text for address in ADDRESSES]
    secrets = ["Secret", "Acme", "Volga", "CS-1"]
    assert [word for word in secrets for text in texts if word in text] == []
    assert Case.objects.count() == 2


# --- caches ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", [*ADDRESSES, "/status/?lang=ja"])
def test_signed_out_answer_may_be_shared_and_sets_no_cookie(client, incident, address):
    response = client.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=5"
    assert not response.cookies
    assert "csrf" not in response.text.lower()


@pytest.mark.parametrize("address", ADDRESSES)
def test_signed_in_answer_is_kept_nowhere(signed_in, contact, incident, address):
    assert signed_in(contact).get(address).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", [*ADDRESSES, "/status/{number}/"])
def test_nothing_new_is_304(client, incident, address):
    address = address.format(number=incident.number)
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, by_date.status_code, again.content) == (304, 304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=5"


def test_news_is_no_304(client, incident, moment):
    etag = client.get("/status/").headers["ETag"]
    IncidentUpdateFactory(incident=incident, words={"en": "Found the cause."}, published_at=moment)
    with later(moment):
        response = client.get("/status/", headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "Found the cause." in response.text


def test_another_look_at_the_same_state_is_304(client, incident, moment):
    Incident.objects.update(state=Incident.State.RESTORED, restored_at=moment)
    etag = client.get("/status/").headers["ETag"]
    with later(moment):
        assert client.get("/status/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", [*ADDRESSES, "/status/{number}/", "/status/?lang=ja"])
def test_warm_answer_asks_no_database(client, incident, address, django_assert_num_queries):
    client.get("/status/")
    with django_assert_num_queries(0):
        assert client.get(address.format(number=incident.number)).status_code == 200


def test_signed_in_page_asks_the_same_however_much_there_is(signed_in, contact, incident, moment, django_assert_num_queries):
    client = signed_in(contact)
    client.get("/status/")
    for cases in (1, 3):
        while CaseLink.objects.count() < cases:
            CaseLink.objects.create(incident=incident, case=open_case(contact, now=moment), linked_at=moment)
        with django_assert_num_queries(4):
            client.get("/status/")


# --- without the database ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("address", [*ADDRESSES, "/status/{number}/"])
def test_last_known_state_is_told_while_the_database_is_away(incident, signed_in, contact, moment, address, is_signed_in):
    client = signed_in(contact) if is_signed_in else Client()
    client.get("/status/")
    with later(moment), database_is_away():
        response = client.get(address.format(number=incident.number))
    assert response.status_code == 200
    assert "Calls drop" in response.text
    assert not response.cookies  # nobody is signed out by it
    if not address.endswith("xml"):
        assert "Last checked:" in response.text or response.json()["is_stale"]


def test_last_known_state_says_how_old_it_is(client, incident, moment):
    with later(moment, 0):
        client.get("/status/")
    with later(moment), database_is_away():
        page = client.get("/status/").text
        is_same = client.get("/status/", headers={"If-Modified-Since": "Wed, 25 Nov 2099 00:00:00 GMT"}).status_code
    assert f'Last checked: <time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">13 minutes ago, ' in page
    assert is_same == 200  # the page gets older, though the state has not changed


def test_last_known_state_survives_a_restart(client, incident):
    client.get("/status/")
    last_known.forget()
    with database_is_away():
        response = client.get("/status/status.json")
    assert [each["number"] for each in response.json()["incidents"]] == [incident.number]


@pytest.mark.parametrize("address", [*ADDRESSES, "/status/INC-1001/"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_without_any_state_the_page_says_that_it_is_not_known(db, signed_in, contact, address, is_signed_in):
    client = signed_in(contact) if is_signed_in else Client()
    with database_is_away():
        response = client.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "no-store" in response.headers["Cache-Control"]
    if address.endswith("json"):
        assert response.json()["state"] == "UNKNOWN"
    elif address.endswith("xml"):
        assert ET.fromstring(response.content).findall("atom:entry", ATOM) == []
    else:
        assert "The state of the platform is not known at the moment." in response.text


def test_other_pages_still_say_that_the_database_is_away(signed_in, contact):
    client = signed_in(contact)
    client.raise_request_exception = False
    with database_is_away():
        assert client.get("/cases/").status_code == 503


# --- for programs ------------------------------------------------------------------------------------------------------
def test_status_json_keeps_its_names(client, incident, moment):
    MaintenanceFactory(starts_at=moment + HOUR, ends_at=moment + 2 * HOUR)
    data = client.get("/status/status.json").json()
    assert list(data) == ["state", "is_stale", "checked_at", "changed_at", "components", "incidents", "maintenance", "history"]
    assert data["state"] == "OUTAGE"
    assert data["components"] == [
        {
            "component": "voice",
            "component_name": {"en": "Voice", "fr": "Voix", "ja": "音声", "ru": "Голос"},
            "region": "emea",
            "region_name": {"en": "Europe", "fr": "Europe", "ja": "欧州", "ru": "Европа"},
            "state": "OUTAGE",
        }
    ]
    told = data["incidents"][0]
    assert list(told) == [
        "number", "url", "title", "state", "is_active", "severity", "started_at", "ended_at", "next_update_at", "affected", "updates",
    ]  # fmt: skip
    assert told["started_at"] == (moment - HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert told["url"] == f"{settings.SITE_URL}/status/{incident.number}/"
    assert list(told["updates"][0]) == ["id", "state", "published_at", "text"]
    assert list(data["maintenance"][0]) == ["title", "text", "starts_at", "ends_at", "is_running", "components", "regions"]
    assert list(data["history"][0]) == ["month", "incidents", "availability"]
    json.dumps(data)


def test_feed_is_atom_in_each_language_with_ids_that_stay(client, incident, language):
    update = incident.updates.get()
    feed = ET.fromstring(client.get(f"/status/feed.xml?lang={language}").content)
    entry = feed.find("atom:entry", ATOM)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.get(XML_LANG) == language
    assert [feed.findtext(f"atom:{name}", namespaces=ATOM) != "" for name in ("id", "title", "updated")] == [True] * 3
    assert feed.find("atom:author/atom:name", ATOM) is not None
    assert entry.findtext("atom:id", namespaces=ATOM).endswith(f",2026:status-update:{update.pk}:{language}")
    assert entry.findtext("atom:updated", namespaces=ATOM) == update.published_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    assert feed.findtext("atom:updated", namespaces=ATOM) == entry.findtext("atom:updated", namespaces=ATOM)
    assert entry.get(XML_LANG) == ("en" if language in ("ja", "ru") else None)


def test_shared_pages_are_not_kept_without_end(client, incident, monkeypatch):
    monkeypatch.setattr(status_page, "MOST_KEPT", 3)
    for language in ("en", "fr", "ja", "ru"):
        client.get(f"/status/?lang={language}")
        client.get(f"/status/feed.xml?lang={language}")
    assert len(status_page._kept) <= 3

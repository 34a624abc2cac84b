"""The state as last known: asked once for all who come at once, told when the database is away, kept over restarts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from escalations import last_known
from escalations.last_known import FRESH
from escalations.status_reading import read_snapshot
from tests.factories import ComponentFactory, IncidentComponentFactory, IncidentUpdateFactory, MaintenanceFactory, RegionFactory

READERS = 500


def refuse(execute, sql, params, many, context):
    raise OperationalError("connection refused")


def numbers(known):
    return [incident.number for incident in known.snapshot.incidents]


def test_database_is_asked_once_in_a_while(db, now, django_assert_num_queries, django_assert_max_num_queries):
    last_known.last_known(now=now)
    with django_assert_num_queries(0):
        last_known.last_known(now=now + FRESH - timedelta(milliseconds=1))
    incident = IncidentComponentFactory().incident
    assert numbers(last_known.last_known(now=now + FRESH)) == [incident.number]


def test_clock_that_was_set_back_does_not_stop_the_asking(db, now):
    last_known.last_known(now=now)
    incident = IncidentComponentFactory().incident
    assert numbers(last_known.last_known(now=now - timedelta(hours=1))) == [incident.number]


def test_failing_database_is_asked_no_more_often_either(db, now):
    asked = []

    def refuse_and_count(execute, sql, params, many, context):
        asked.append(sql)
        raise OperationalError("connection refused")

    last_known.last_known(now=now)
    with connection.execute_wrapper(refuse_and_count):
        known = [last_known.last_known(now=now + FRESH * 3 + timedelta(milliseconds=step)) for step in range(100)]
    assert len(asked) == 1
    assert {each.is_stale for each in known} == {True}
    assert known[0].snapshot.checked_at == now


def test_state_is_fresh_again_when_the_database_is_back(db, now):
    last_known.last_known(now=now)
    with connection.execute_wrapper(refuse):
        assert last_known.last_known(now=now + FRESH).is_stale
    assert not last_known.last_known(now=now + FRESH * 2).is_stale


def test_nothing_is_known_where_nothing_ever_was(db, now):
    with connection.execute_wrapper(refuse):
        assert last_known.last_known(now=now) == last_known.Known(None, True)


def test_another_process_takes_the_state_from_the_file(db, now, django_assert_num_queries):
    incident = IncidentComponentFactory().incident
    last_known.last_known(now=now)
    last_known.forget()
    with django_assert_num_queries(0):
        known = last_known.last_known(now=now + FRESH / 2)
    assert (numbers(known), known.is_stale) == ([incident.number], False)


def test_old_file_is_told_as_old(db, now):
    last_known.last_known(now=now)
    last_known.forget()
    with connection.execute_wrapper(refuse):
        known = last_known.last_known(now=now + timedelta(hours=9))
    assert (known.snapshot.checked_at, known.is_stale) == (now, True)


@pytest.mark.parametrize("content", ["", "{}", "no JSON", "null"])
def test_broken_file_is_written_anew(db, now, settings, content):
    Path(settings.STATUS_FILE).write_text(content)
    assert last_known.last_known(now=now).snapshot.checked_at == now
    last_known.forget()
    with connection.execute_wrapper(refuse):
        assert last_known.last_known(now=now).snapshot.checked_at == now


def test_state_is_told_where_no_file_can_be_written(db, now, settings):
    settings.STATUS_FILE = "/no/such/place/status.json"
    assert last_known.last_known(now=now).snapshot.checked_at == now


def test_file_is_whole_at_any_moment(db, now, settings):
    """Only a finished file takes the name; nothing else is left beside it."""
    for step in range(3):
        last_known.last_known(now=now + step * FRESH)
    path = Path(settings.STATUS_FILE)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_reading_asks_the_same_however_much_there_is(db, now, django_assert_num_queries):
    for count in (1, 3):
        for each in range(count):
            region = RegionFactory(code=f"region-{each}")
            component = ComponentFactory(code=f"component-{each}", regions=[region])
            affected = IncidentComponentFactory(component=component, region=region)
            IncidentUpdateFactory(incident=affected.incident)
            MaintenanceFactory(starts_at=now, ends_at=now + timedelta(hours=1)).components.add(component)
        with django_assert_num_queries(8):
            read_snapshot(now=now)


@pytest.mark.django_db(transaction=True)
def test_readers_at_once_cause_one_reading():
    """500 signed-out requests in 32 threads, from a cold start: the statements of one reading, and everybody is told the same."""
    incident = IncidentComponentFactory().incident
    statements, lock = [], threading.Lock()

    def count(execute, sql, params, many, context):
        with lock:
            statements.append(sql)
        return execute(sql, params, many, context)

    def read(_turn):
        with connection.execute_wrapper(count):
            response = Client().get("/status/status.json")
        connection.close()
        return response.status_code, [each["number"] for each in response.json()["incidents"]]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(read, range(READERS)))
    one_reading = 7  # regions of maintenance are not asked where there is none
    assert {status for status, _numbers in answers} == {200}
    assert {tuple(found) for _status, found in answers} == {(incident.number,)}
    assert len(statements) <= one_reading * 3  # where 500 requests take longer than the state is fresh

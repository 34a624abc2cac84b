from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from portal import heartbeat, tasks
from portal.models import Heartbeat


def test_healthz_asks_no_database(client):
    """Without the `db` fixture a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok")


@pytest.mark.django_db
def test_readyz_is_well_while_the_worker_beats(client):
    tasks.beat()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_readyz_tells_a_silent_worker(client):
    heartbeat.beat(now=timezone.now() - timedelta(minutes=6))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["worker"] == "failed"


@pytest.mark.django_db
def test_readyz_tells_a_missing_database(client, monkeypatch):
    def unreachable(*args, **kwargs):
        raise OperationalError("could not connect")

    monkeypatch.setattr(connection, "cursor", unreachable)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "failed"


@pytest.mark.django_db
def test_beat_twice_leaves_one_row_with_the_latest(now):
    heartbeat.beat(now=now)
    heartbeat.beat(now=now + timedelta(minutes=1))
    assert [row.beat_at for row in Heartbeat.objects.all()] == [now + timedelta(minutes=1)]
    assert heartbeat.is_alive(now=now + timedelta(minutes=5))
    assert not heartbeat.is_alive(now=now + timedelta(minutes=6))

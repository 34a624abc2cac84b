"""Similar new cases of several customers raise a candidate: once, without their words, also under many workers (SPEC 7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from escalations.actions.incidents import dismiss_candidate
from escalations.clusters import WINDOW, cases_of_cluster, raise_candidates
from escalations.models import Incident
from portal import tasks
from tests.escalations.incidents import declare, link
from tests.stories import customer_under, open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ALIKE = [
    "Calls drop after 30 seconds",
    "Inbound calls drop",
    "All our calls drop since noon",
    "Dropped calls, calls drop again",
    "Calls drop in Paris",
]
UNLIKE = ["Calls drop after 30 seconds", "Report is empty", "Cannot sign in", "Invoice of March", "Chat widget is slow"]


@pytest.fixture
def customers(policies):
    return [customer_under(policies["genesys-cloud"]) for _each in range(5)]


def open_each(customers, subjects, now):
    return [open_case(customers[place % len(customers)], now=now, subject=subject) for place, subject in enumerate(subjects)]


def test_five_alike_of_several_customers_raise_one_candidate(customers, now):
    cases = open_each(customers, ALIKE, now)
    (raised,) = raise_candidates(now=now + MINUTE)
    assert (raised.state, raised.cluster_key, raised.created_by) == ("CANDIDATE", cases[0].number, None)
    assert (raised.started_at, raised.created_at) == (now, now + MINUTE)
    assert raise_candidates(now=now + 2 * MINUTE) == []
    assert not any(word in str(raised.title) for word in ("Calls", "calls", "drop", "Paris"))
    assert set(raised.title) == {"en", "fr", "ja", "ru"}


@pytest.mark.parametrize("subjects", [ALIKE[:4], UNLIKE[:4], UNLIKE])
def test_four_and_unlike_ones_raise_none(customers, now, subjects):
    open_each(customers, subjects, now)
    assert raise_candidates(now=now + MINUTE) == []


def test_many_cases_of_two_customers_are_no_cluster(customers, now):
    open_each(customers[:2], ALIKE, now)
    assert raise_candidates(now=now + MINUTE) == []


def test_alike_in_japanese_raise_a_candidate(customers, now):
    open_each(
        customers, ["通話が切れる", "着信の通話が切れる", "通話が切れることがある", "30秒で通話が切れる", "通話が切れる件"], now
    )
    assert len(raise_candidates(now=now + MINUTE)) == 1


def test_cases_that_lie_too_far_apart_are_no_cluster(customers, now):
    open_each(customers, ALIKE[:3], now)
    open_each(customers, ALIKE[3:], now + WINDOW)
    assert raise_candidates(now=now + WINDOW) == []


def test_dismissed_candidate_is_not_raised_again_by_later_cases(customers, incident_manager, now):
    open_each(customers, ALIKE, now)
    (raised,) = raise_candidates(now=now)
    dismiss_candidate(raised, by=incident_manager, now=now)
    later = now + WINDOW + MINUTE
    open_each(customers, ALIKE, later)
    assert raise_candidates(now=later) == []


def test_what_an_active_incident_is_about_raises_no_candidate(customers, incident_manager, now):
    declare(incident_manager, now=now, title={"en": "Inbound calls drop"})
    open_each(customers, ALIKE, now)
    assert raise_candidates(now=now) == []


def test_linked_cases_belong_to_no_new_cluster(customers, incident_manager, agent, now):
    incident = declare(incident_manager, now=now, title={"en": "Something else"})
    link(incident, open_each(customers, ALIKE, now)[0], by=agent, now=now)
    assert raise_candidates(now=now) == []


def test_candidate_knows_its_cases_as_far_as_the_reader_sees_them(customers, policies, agent, now):
    federal = customer_under(policies["genesys-cloud"], support_region="us_only")
    cases = open_each([*customers[:4], federal], ALIKE, now)
    open_each(customers[:1], UNLIKE[1:], now)
    (raised,) = raise_candidates(now=now + MINUTE)
    assert cases_of_cluster(raised, type(cases[0]).objects.visible_to(agent)) == cases[:4]


def test_sweep_raises_it_and_the_care_desks_home_says_so(customers, signed_in, agent):
    now = tasks.database_clock()
    open_each(customers, ALIKE, now)
    tasks.sweep_due()
    assert (
        "1 candidate for a platform incident waits for a decision."
        in signed_in(agent).get(reverse("admin:index")).content.decode()
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="many writers at once need PostgreSQL")
def test_many_workers_raise_one_candidate(customers, now):
    open_each(customers, ALIKE, now)

    def work(_number):
        try:
            return len(raise_candidates(now=now))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 1
    assert Incident.objects.count() == 1

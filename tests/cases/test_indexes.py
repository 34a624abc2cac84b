"""Every list walks an index and stops after a page of it, as EXPLAIN says on PostgreSQL (SPEED G2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cases.care_groups import ANALYST
from cases.case_filter import NEEDS_YOU
from cases.models import Activity, Attachment, Case, OutboxMessage, User
from portal.care.queue_filter import due_soon, overdue
from tests.benchmarks.million import fill

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="EXPLAIN of PostgreSQL"),
]


@pytest.fixture
def world(policies):
    fill(5_000)


@pytest.fixture
def customer(world):
    return User.objects.get(email="contact7@org7.example")


@pytest.fixture
def agent_of_world(world, groups):
    user = User.objects.get(email="agent7@care.example")
    user.groups.add(groups[ANALYST])
    return user


def plan_of(rows):
    """The plan, and that nothing in it reads all cases."""
    plan = rows.explain()
    assert "Seq Scan on cases_case" not in plan, plan
    return plan


def test_customers_list_walks_its_index(customer):
    plan = plan_of(Case.objects.visible_to(customer).for_list().order_by("-latest_activity_at", "-pk")[:26])
    assert "Index Scan using case_of_organization" in plan
    assert "Sort" not in plan


def test_what_waits_for_a_customer_is_found_among_open_cases(customer):
    assert "open_case_of_organization" in plan_of(Case.objects.visible_to(customer).filter(status__in=NEEDS_YOU))
    assert "open_case_of_organization" in plan_of(Case.objects.visible_to(customer).open())


def test_queue_walks_its_index(agent_of_world):
    plan = plan_of(Case.objects.visible_to(agent_of_world).open().for_list().by_urgency()[:51])
    assert "Index Scan using case_queue" in plan
    assert "Sort" not in plan


def test_next_page_of_the_queue_begins_within_its_index(agent_of_world):
    cases = Case.objects.visible_to(agent_of_world).open()
    plan = plan_of(cases.less_urgent_than(cases.by_urgency()[50]).for_list().by_urgency()[:51])
    assert "Index Scan using case_queue" in plan


def test_counts_above_the_queue_ask_indexes_of_open_cases(agent_of_world):
    cases, now = Case.objects.visible_to(agent_of_world).open(), timezone.now()
    assert "open_case_due" in plan_of(overdue(cases, now - timedelta(hours=19)))
    assert "open_case_due" in plan_of(due_soon(cases, now))
    assert "open_case_of_owner" in plan_of(cases.filter(owner=None).order_by())


def test_list_of_all_cases_walks_backward(agent_of_world):
    plan = plan_of(Case.objects.visible_to(agent_of_world).for_list().order_by("-pk")[:26])
    assert "Index Scan Backward using cases_case_pkey" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("person", ["customer", "agent_of_world"])
def test_one_thing_is_found_by_its_key(person, request):
    user = request.getfixturevalue(person)
    for rows in (Case, Activity, Attachment, OutboxMessage):
        plan_of(rows.objects.visible_to(user).filter(pk=5))
    assert "activity_of_case" in plan_of(Activity.objects.visible_to(user).filter(case=5, pk__gt=0))

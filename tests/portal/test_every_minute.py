"""What is done every minute costs next to nothing while nothing is due, however much there was before (SPEED G7)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escalations.models import Escalation
from portal.tasks import EVERY_MINUTE
from tests.benchmarks.million import fill
from tests.benchmarks.side_tables import fill_side_tables
from tests.stories import open_case

pytestmark = pytest.mark.django_db
STATEMENTS = {
    "sweep": 1,
    "follow": 3,  # with an active escalation that is to be withdrawn with its breach; else 2
    "remind_due": 1,
    "finish_restorations": 1,
    "deliver_documents": 1,
    "raise_candidates": 1,
    "remind_of_documents": 1,
    "wake": 3,
}
INDEXES = {
    "sweep": ["clock_next_effect"],
    "follow": ["escalation_to_make", "active_escalation", "breach_withdrawn"],
    "remind_due": ["escalations_escalationreminder_ask_at"],
    "finish_restorations": ["restoration_to_tell"],
    "deliver_documents": ["document_to_deliver"],
    "raise_candidates": ["cases_case_pkey"],
    "remind_of_documents": ["clock_of_rca_not_met"],
    "wake": ["case_alarm_due", "escalations_wakeup_incident", "wake_up"],
}
steps = pytest.mark.parametrize("step", EVERY_MINUTE, ids=lambda step: step.__name__)


def statements_of(step, now):
    with CaptureQueriesContext(connection) as captured:
        step(now=now)
    return [query["sql"] for query in captured]


@steps
def test_step_with_nothing_due_asks_a_fixed_number_of_questions(step, contact, now):
    case = open_case(contact, now=now)
    Escalation.objects.create(case=case, is_automatic=True, cause="RESTORATION", cause_at=now, requested_at=now)
    asked = statements_of(step, now)
    assert len(asked) == STATEMENTS[step.__name__]
    assert all(statement.startswith("SELECT") for statement in asked)


@pytest.fixture
def years(policies):
    """A world with years behind it, in which the planner is not led astray by tables of a page or two."""
    fill(5_000)
    fill_side_tables()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="EXPLAIN of PostgreSQL")
@steps
def test_step_finds_what_is_due_by_an_index(step, years):
    for statement, index in zip(statements_of(step, timezone.now()), INDEXES[step.__name__], strict=False):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert index in plan, plan
        assert "Seq Scan" not in plan, plan

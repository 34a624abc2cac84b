"""`manage.py rebuild_clocks`: the stored clocks are a cache; what they say is derived again and compared (ISSUE 3.7)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases import actions
from cases.histories import histories
from cases.models import Case
from escalations.sweep import sweep
from portal.demo_world.world import load_world
from sla.models import Clock
from tests.sla.drafts import policy_draft
from tests.stories import open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def case(contact, agent, now):
    case = open_case(contact, now=now)
    actions.assign(case, by=agent, owner=agent, now=now)
    return case


def rebuild(capsys, *arguments):
    """What the command prints, and whether it ended with exit code 1."""
    try:
        call_command("rebuild_clocks", *arguments)
    except CommandError as error:
        assert error.returncode == 1
        return f"{capsys.readouterr().out}{error}", True
    return capsys.readouterr().out, False


def rows():
    return list(Clock.objects.order_by("case", "kind").values())


def test_demo_world_is_the_same_when_it_is_derived_again(policies, groups, capsys):
    load_world(now=timezone.now() - timedelta(minutes=3))
    assert rebuild(capsys, "--dry-run") == (f"{Case.objects.count()} cases looked at, 0 differ.\n", False)


@pytest.mark.parametrize("is_swept", [True, False])
def test_nothing_differs_whether_the_sweep_has_run_or_not(is_swept, case, now, capsys):
    if is_swept:
        sweep(now=timezone.now())
    assert rebuild(capsys) == ("1 cases looked at, 0 differ.\n", False)


def test_what_differs_is_told_and_put_right(case, capsys):
    good = rows()
    Clock.objects.filter(kind="FIRST_RESPONSE").update(due_at=case.opened_at + 3 * HOUR)
    Clock.objects.filter(kind="RESTORATION").delete()
    Case.objects.update(is_paused=True)
    told, failed = rebuild(capsys, "--case", case.number)
    assert failed and "They are put right." in told
    assert f"{case.number} FIRST_RESPONSE due_at: stored 2026-03-04T12:00:00+00:00, derived 2026-03-04T11:00:00+00:00" in told
    assert f"{case.number} RESTORATION state: stored None, derived" in told
    assert f"{case.number} CASE is_paused: stored True, derived False" in told
    assert rebuild(capsys) == ("1 cases looked at, 0 differ.\n", False)
    assert [(row["kind"], row["due_at"]) for row in rows()] == [(row["kind"], row["due_at"]) for row in good]


def test_dry_run_writes_nothing(case, capsys):
    Clock.objects.filter(kind="FIRST_RESPONSE").update(due_at=case.opened_at + 3 * HOUR)
    bad = rows()
    told, failed = rebuild(capsys, "--dry-run")
    assert failed and told.endswith("1 cases looked at, 1 differ.")
    assert rows() == bad


def test_new_version_rewrites_nothing(case, agent, manager, now, capsys):
    actions.reply(case, by=agent, text="Hello", now=now + timedelta(minutes=90))
    sweep(now=timezone.now())
    before = rows()
    stricter = policy_draft("genesys-cloud", ("within: 2 business hours", "within: 1 business hours"))
    actions.publish_version(stricter, by=manager, now=now + 2 * HOUR)
    assert rebuild(capsys) == ("1 cases looked at, 0 differ.\n", False)
    assert rows() == before


def test_moved_case_is_derived_with_all_its_versions(case, agent, manager, now, capsys):
    actions.reply(case, by=agent, text="Hello", now=now + timedelta(minutes=90))
    stricter = policy_draft("genesys-cloud", ("within: 2 business hours", "within: 1 business hours"))
    version = actions.publish_version(stricter, by=manager, now=now + 2 * HOUR)
    actions.move_case(case, by=manager, version=version, now=now + 2 * HOUR)
    assert rebuild(capsys) == ("1 cases looked at, 0 differ.\n", False)
    assert case.clocks.get(kind="FIRST_RESPONSE").state == "MET"


def test_unknown_case_is_an_error(db, capsys):
    with pytest.raises(CommandError, match="There is no case CS-1000042"):
        call_command("rebuild_clocks", "--case", "CS-1000042")


def test_histories_ask_two_questions_a_batch(contact, now, django_assert_num_queries):
    cases = [open_case(contact, now=now) for _one in range(5)]
    with django_assert_num_queries(2 * 3 + 1):  # two full batches of two, one of one, and the empty end
        found = [(case.pk, len(timeline)) for case, timeline in histories(Case.objects.all(), batch=2)]
    assert found == [(case.pk, 2) for case in cases]

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from portal import heartbeat, tasks

pytestmark = pytest.mark.django_db


def test_clear_sessions_removes_what_has_ended_and_nothing_else():
    for key, hours in (("ended", -1), ("running", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=hours))
    tasks.clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["running"]


def test_step_that_fails_holds_up_no_other_and_raises_the_alarm(monkeypatch):
    done = []

    def fail(*, now):
        raise RuntimeError("a step of the sweep")

    monkeypatch.setattr(tasks, "EVERY_MINUTE", (fail, lambda *, now: done.append(now)))
    tasks.sweep_due()
    assert (len(done), heartbeat.sweep_is_late(now=timezone.now())) == (1, True)
    monkeypatch.setattr(tasks, "EVERY_MINUTE", (lambda *, now: done.append(now),))
    tasks.sweep_due()
    assert (len(done), heartbeat.sweep_is_late(now=timezone.now())) == (2, False)


def test_every_schedule_names_a_job_that_exists(schedules):
    """One schedule that cannot be run stops all others (STACK 2.1)."""
    functions = list(Schedule.objects.values_list("func", flat=True))
    assert {"portal.tasks.beat", "portal.tasks.clear_sessions", "cases.tasks.send_mail"} <= set(functions)
    assert all(callable(import_string(function)) for function in functions)

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from portal import tasks

pytestmark = pytest.mark.django_db


def test_clear_sessions_removes_what_has_ended_and_nothing_else():
    for key, hours in (("ended", -1), ("running", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=hours))
    tasks.clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["running"]


def test_every_schedule_names_a_job_that_exists(schedules):
    """One schedule that cannot be run stops all others (STACK 2.1)."""
    functions = list(Schedule.objects.values_list("func", flat=True))
    assert {"portal.tasks.beat", "portal.tasks.clear_sessions", "cases.tasks.send_mail"} <= set(functions)
    assert all(callable(import_string(function)) for function in functions)

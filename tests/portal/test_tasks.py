import pkgutil
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
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


def schedules_of_migrations():
    """Write the schedules again: a test of another kind may have emptied the table."""
    for app in ("portal", "cases", "escalations"):
        for name in [module.name for module in pkgutil.iter_modules(import_module(f"{app}.migrations").__path__)]:
            migration = import_module(f"{app}.migrations.{name}")
            if hasattr(migration, "add_schedule"):
                migration.add_schedule(apps, None)


def test_every_schedule_names_a_job_that_exists():
    """One schedule that cannot be run stops all others (STACK 2.1)."""
    schedules_of_migrations()
    functions = list(Schedule.objects.values_list("func", flat=True))
    assert {"portal.tasks.beat", "portal.tasks.clear_sessions", "cases.tasks.send_mail"} <= set(functions)
    assert all(callable(import_string(function)) for function in functions)

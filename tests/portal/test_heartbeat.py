"""The care desk says so when nothing is swept: what falls due is not announced then (SAFETY 6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule

from portal import heartbeat, tasks
from sla.models import Clock
from tests.stories import open_case

pytestmark = pytest.mark.django_db
ALARM = "Nothing is being announced"


def test_queue_runs_the_sweep_every_minute(schedules):
    schedule = Schedule.objects.get(name="sweep_due")
    assert (schedule.func, schedule.schedule_type, schedule.minutes, schedule.repeats) == ("portal.tasks.sweep_due", "I", 1, -1)


def test_job_sweeps_and_says_so(contact, now):
    open_case(contact, now=now)
    assert heartbeat.sweep_is_late(now=timezone.now())
    tasks.sweep_due()
    assert Clock.objects.get(kind="FIRST_RESPONSE").state == "BREACHED"
    assert not heartbeat.sweep_is_late(now=timezone.now())


def test_sweep_is_late_after_three_minutes(now):
    heartbeat.beat(heartbeat.SWEEP, now=now)
    assert not heartbeat.sweep_is_late(now=now + timedelta(seconds=179))
    assert heartbeat.sweep_is_late(now=now + timedelta(minutes=3))


@pytest.mark.parametrize(("minutes", "is_shown"), [(1, False), (4, True)])
@pytest.mark.parametrize("page", ["admin:care_queue", "admin:care_cases"])
def test_care_desk_shows_the_alarm(page, minutes, is_shown, signed_in, agent):
    heartbeat.beat(heartbeat.SWEEP, now=timezone.now() - timedelta(minutes=minutes))
    assert (ALARM in signed_in(agent).get(reverse(page)).content.decode()) == is_shown


def test_admins_home_names_it_among_what_needs_attention(signed_in, manager):
    client = signed_in(manager)
    words = "The worker has not looked for due targets"
    assert words in client.get(reverse("admin:index")).content.decode()
    heartbeat.beat(heartbeat.SWEEP, now=timezone.now())
    assert words not in client.get(reverse("admin:index")).content.decode()


def test_customers_see_no_alarm(signed_in, contact):
    assert ALARM not in signed_in(contact).get(reverse("home")).content.decode()

"""Ended sessions are removed once a day."""

from django.db import migrations

NAME = "clear_sessions"


def add_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name=NAME, defaults={"func": "portal.tasks.clear_sessions", "schedule_type": "D", "repeats": -1}
    )


def drop_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0101_beat_every_minute")]
    operations = [migrations.RunPython(add_schedule, drop_schedule)]

"""The queue sweeps every minute; a sweep that is missed is made good by the next (SAFETY 6)."""

from django.db import migrations

NAME = "sweep_due"


def add_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name=NAME, defaults={"func": "portal.tasks.sweep_due", "schedule_type": "I", "minutes": 1, "repeats": -1}
    )


def drop_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0102_clear_sessions_daily")]
    operations = [migrations.RunPython(add_schedule, drop_schedule)]

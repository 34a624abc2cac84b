"""The queue has uploaded files scanned every minute, whether or not a wake-up arrived: the scanner may have been down (SAFETY 8)."""

from django.db import migrations

NAME = "scan_files"


def add_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name=NAME, defaults={"func": "cases.tasks.scan_files", "schedule_type": "I", "minutes": 1, "repeats": -1}
    )


def drop_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0109_files_to_scan")]
    operations = [migrations.RunPython(add_schedule, drop_schedule)]

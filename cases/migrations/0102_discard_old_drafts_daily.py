"""The queue deletes drafts that nobody has touched for 30 days, once a day (UX 4.7)."""

from django.db import migrations

NAME = "discard_old_drafts"


def add_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name=NAME, defaults={"func": "cases.tasks.discard_old_drafts", "schedule_type": "D", "repeats": -1}
    )


def drop_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0101_send_mail_every_minute")]
    operations = [migrations.RunPython(add_schedule, drop_schedule)]

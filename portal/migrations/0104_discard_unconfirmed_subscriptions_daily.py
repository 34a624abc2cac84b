"""The queue deletes subscriptions to the status page that nobody has confirmed within 7 days, once a day (SPEC 7)."""

from django.db import migrations

NAME = "discard_unconfirmed_subscriptions"


def add_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name=NAME, defaults={"func": "portal.tasks.discard_unconfirmed_subscriptions", "schedule_type": "D", "repeats": -1}
    )


def drop_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0103_sweep_every_minute")]
    operations = [migrations.RunPython(add_schedule, drop_schedule)]

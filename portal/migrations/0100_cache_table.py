from django.core.management import call_command
from django.db import migrations

TABLE = "portal_cache"  # settings.CACHES


def create(apps, schema_editor):
    """The shared cache of sign-in limits and used codes, so that nobody has to know `createcachetable`."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

"""Nobody can edit the trail (SAFETY 11): the database itself refuses to change an activity, and on PostgreSQL to delete one.

SQLite gets no DELETE trigger: Django's test flush is a DELETE there (STACK 2.10).
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION refuse_activity_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'The timeline is append-only.';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER activity_is_append_only BEFORE UPDATE OR DELETE ON cases_activity
    FOR EACH ROW EXECUTE FUNCTION refuse_activity_change();
"""
SQLITE = """
CREATE TRIGGER activity_is_append_only BEFORE UPDATE ON cases_activity
BEGIN
    SELECT RAISE(ABORT, 'The timeline is append-only.');
END;
"""


def add_trigger(apps, schema_editor):
    cursor = schema_editor.connection.cursor()
    cursor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop_trigger(apps, schema_editor):
    cursor = schema_editor.connection.cursor()
    if schema_editor.connection.vendor == "postgresql":
        cursor.execute("DROP TRIGGER activity_is_append_only ON cases_activity; DROP FUNCTION refuse_activity_change();")
    else:
        cursor.execute("DROP TRIGGER activity_is_append_only;")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial")]
    operations = [migrations.RunPython(add_trigger, drop_trigger)]

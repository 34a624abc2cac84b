"""What was published stays as it was (SPEC 8): the database itself refuses to change a published version, but for marking it as superseded,
and on PostgreSQL to delete one.

SQLite gets no DELETE trigger: Django's test flush is a DELETE there (STACK 2.10).
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION refuse_rca_version_change() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'PUBLISHED' AND NEW.state = 'SUPERSEDED' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A published RCA document is immutable.';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER published_rca_version_is_immutable BEFORE UPDATE OR DELETE ON escalations_rcaversion
    FOR EACH ROW WHEN (OLD.state IN ('PUBLISHED', 'SUPERSEDED')) EXECUTE FUNCTION refuse_rca_version_change();
"""
KEPT = (
    "id",
    "document_id",
    "number",
    "sections",
    "timeline",
    "written_by_id",
    "writers",
    "submitted_at",
    "approved_by_id",
    "approved_at",
    "published_by_id",
    "published_at",
    "review_note",
    "actions_frozen",
    "revision",
)
SQLITE = f"""
CREATE TRIGGER published_rca_version_is_immutable BEFORE UPDATE ON escalations_rcaversion
WHEN OLD.state IN ('PUBLISHED', 'SUPERSEDED')
    AND NOT (OLD.state = 'PUBLISHED' AND NEW.state = 'SUPERSEDED' AND {" AND ".join(f"OLD.{name} IS NEW.{name}" for name in KEPT)})
BEGIN
    SELECT RAISE(ABORT, 'A published RCA document is immutable.');
END;
"""


def add_trigger(apps, schema_editor):
    cursor = schema_editor.connection.cursor()
    cursor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop_trigger(apps, schema_editor):
    cursor = schema_editor.connection.cursor()
    if schema_editor.connection.vendor == "postgresql":
        cursor.execute("DROP TRIGGER published_rca_version_is_immutable ON escalations_rcaversion;")
        cursor.execute("DROP FUNCTION refuse_rca_version_change();")
    else:
        cursor.execute("DROP TRIGGER published_rca_version_is_immutable;")


class Migration(migrations.Migration):
    dependencies = [("escalations", "0006_rcaversion_writers")]
    operations = [migrations.RunPython(add_trigger, drop_trigger)]

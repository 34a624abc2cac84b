"""Look once at every document that was published before documents said whether a case may still miss them."""

from django.db import migrations


def mark_published(apps, schema_editor):
    apps.get_model("escalations", "RcaDocument").objects.filter(versions__state="PUBLISHED").update(is_delivery_due=True)


class Migration(migrations.Migration):
    dependencies = [("escalations", "0101_remove_caselink_restoration_not_told_and_more")]
    operations = [migrations.RunPython(mark_published, migrations.RunPython.noop)]

from django.contrib.auth.models import Group, Permission
from django.core.management import BaseCommand
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat

from cases.care_groups import GROUPS


class Command(BaseCommand):
    help = "Make the care team's groups with their permissions (SPEC 1). Running it again brings them back to what the code says."

    @transaction.atomic
    def handle(self, **options):
        permissions = {
            permission.label: permission
            for permission in Permission.objects.annotate(label=Concat("content_type__app_label", Value("."), "codename"))
        }
        for name, labels in GROUPS.items():
            group, _created = Group.objects.get_or_create(name=name)
            group.permissions.set([permissions[label] for label in labels])
        self.stdout.write(f"Care groups: {', '.join(GROUPS)}.")

"""What an organization lacks that it should have (SPEC 1)."""

from django.db.models import Exists, OuterRef

from cases.models import Agreement, Membership


def without_role(organizations, role):
    """Organizations in which no active member has this role."""
    members = Membership.objects.filter(organization=OuterRef("pk"), role=role, is_active=True)
    return organizations.filter(~Exists(members))


def without_agreement(organizations, on_date):
    """Organizations with no agreement in force: the default policy counts for them."""
    return organizations.filter(~Exists(Agreement.objects.in_force(on_date).filter(organization=OuterRef("pk"))))

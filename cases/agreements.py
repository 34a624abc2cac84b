"""Which agreement counts for an organization (SPEC 1)."""

from zoneinfo import ZoneInfo


def agreement_in_force(organization, *, at):
    """The organization's agreement on the local date of `at`, the latest begun first, or None: then the default policy counts."""
    on_date = at.astimezone(ZoneInfo(organization.time_zone)).date()
    return organization.agreements.in_force(on_date).select_related("policy", "calendar").order_by("-starts_on", "-pk").first()

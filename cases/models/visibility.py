"""Who may see what (SAFETY 1), said once, as conditions for queries; the `visible_to` of every model is made of these.

`path` leads from the asked rows to what is meant: "case__organization", or "" for the rows themselves. The conditions name the organizations
of a customer by their keys and follow plain joins, so that the database walks an index in the order of a list and stops after a page of it.
"""

from django.db.models import Q

NOTHING = Q(pk__in=[])


def seen_organization(user, path=""):
    """Organizations of which the user is an active member; for care staff, those of the support regions they are cleared for (SPEC 1)."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.is_staff:
        return Q(**{_joined(path, "support_region__in"): user.support_regions})
    return Q(**{_joined(path, "pk__in"): list(user.belongings.roles)})


def seen_case(user, path=""):
    """Cases of the organizations one sees; for customers also their own applications to become a contact.

    Care staff also need the right to read cases, which their group gives them; Django keeps what it found on the user.
    """
    if user.is_staff and not user.has_perm("cases.view_case"):
        return NOTHING
    seen = seen_organization(user, _joined(path, "organization"))
    if user.is_authenticated and not user.is_staff and user.belongings.applications:
        seen |= Q(**{_joined(path, "pk__in"): user.belongings.applications})
    return seen


def seen_activity(user, path=""):
    """Activities of the cases one sees; internal ones for care staff only."""
    seen = seen_case(user, _joined(path, "case"))
    return seen if user.is_staff else seen & Q(**{_joined(path, "visibility"): "CUSTOMER"})


def _joined(path, name):
    return f"{path}__{name}" if path else name

"""What a status is called. Customers read who acts next (UX 2.1); the care team reads the status names of the glossary."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case

FOR_CUSTOMERS = {
    Case.Status.NEW: _("We are reviewing it"),
    Case.Status.IN_PROGRESS: _("We are working on it"),
    Case.Status.AWAITING_CUSTOMER: _("Awaiting your reply"),
    Case.Status.AWAITING_THIRD_PARTY: _("We are working on it"),
    Case.Status.RESOLUTION_PROPOSED: _("Resolution proposed: please confirm"),
    Case.Status.CLOSED: pgettext_lazy("case", "Closed"),
}


def status_words(status, *, is_staff):
    """The words of a status for this kind of reader."""
    return Case.Status(status).label if is_staff else FOR_CUSTOMERS[Case.Status(status)]

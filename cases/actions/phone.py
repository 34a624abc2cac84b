"""A case that a contact reports by phone, logged by whoever takes the call (SPEC 2 "Phone intake")."""

from django.db import transaction
from django.utils.translation import gettext as _

from ..decision import Refused
from ..models import Case
from ..permissions import can_own
from ..timeline import Entry, Kind, locked
from .opening import open_case
from .writing import log_call, recorded, require


@transaction.atomic
def open_by_phone(organization, *, by, contact, intake, started_at, now, notes="", is_taken=True, draft=None):
    """Open a case for the contact who called and log the call, both at its real start, where the clocks begin too. Returns the case.

    With `is_taken`, whoever took the call owns the case from then on. Raises Refused: as `open_case`, or a call that starts in the future.
    """
    if started_at > now:
        raise Refused(_("The call must have started before now."))
    case = open_case(
        organization,
        by=by,
        contact=contact,
        intake=intake,
        channel=Case.Channel.PHONE,
        opened_at=started_at,
        draft=draft,
        now=now,
    )
    if is_taken:
        _own_from_the_call_on(case, by=by, started_at=started_at, now=now)
    log_call(case, by=by, text=notes, started_at=started_at, now=now)
    return case


def _own_from_the_call_on(case, *, by, started_at, now):
    case = locked(case)
    require(can_own(by, case))
    case.owner = by
    data = {"from": None, "to": by.pk, "agent": by.pk}
    recorded(case, Entry(Kind.OWNER, data=data, occurred_at=started_at), by=by, now=now)

"""A case that a contact reports by phone, logged by whoever takes the call (SPEC 2 "Phone intake")."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ..decision import Refused
from ..models import Case, Draft, SubmittedForm
from ..models.drafts import case_of_draft, key_of_draft
from ..permissions import can_own
from ..timeline import Entry, Kind, locked
from .opening import open_case
from .writing import log_call, recorded, require


@transaction.atomic
def open_by_phone(organization, *, by, contact, intake, started_at, now, notes="", is_taken=True, code=""):
    """Open a case for the contact who called and log the call, both at its real start, where the clocks begin too. Returns the case.

    With `is_taken`, whoever took the call owns the case from then on. `code` is that of the refused draft which is taken up; its writer's
    portal knows from then on what became of it. Raises Refused: as `open_case`, a call that starts in the future, or a draft from which a case
    was opened already.
    """
    if started_at > now:
        raise Refused(_("The call must have started before now."))
    draft = _taken_up(code, organization=organization, by=by)
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
    if draft:
        url = reverse("case", args=[case.number])
        SubmittedForm.objects.create(user=draft.user, key=key_of_draft(draft.code), result_url=url, submitted_at=now)
    if is_taken:
        _own_from_the_call_on(case, by=by, started_at=started_at, now=now)
    log_call(case, by=by, text=notes, started_at=started_at, now=now)
    return case


def _taken_up(code, *, organization, by):
    """The refused draft of this code, locked, so that of two who take it up one waits and then is refused; None where there is none."""
    drafts = Draft.objects.with_code(code, user=by).filter(organization=organization)
    draft = drafts.select_for_update(of=("self",)).first()
    taken = None if draft else case_of_draft(code, user=by)
    if taken and taken.organization_id == organization.pk:
        raise Refused(_("Case %(number)s has been opened from this draft already.") % {"number": taken.number})
    return draft


def _own_from_the_call_on(case, *, by, started_at, now):
    case = locked(case)
    require(can_own(by, case))
    case.owner = by
    data = {"from": None, "to": by.pk, "agent": by.pk}
    recorded(case, Entry(Kind.OWNER, data=data, occurred_at=started_at), by=by, now=now)

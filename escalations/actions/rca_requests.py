"""What customers ask for around an RCA: the document itself, a follow-up discussion, further documents; and the care team's answers (SPEC 8)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases import actions as case_actions
from cases.actions.writing import language_of, recorded, require, words
from cases.decision import Refused
from cases.intake import IntakeData
from cases.models import Case
from cases.text_cleaning import clean_line, clean_text
from cases.timeline import Entry, Kind, locked
from sla.policies import rules_of

from ..models import DocumentRequest
from ..permissions import can_answer_requests, can_request_documents, can_request_meeting, can_request_rca

State, Request = DocumentRequest.State, DocumentRequest.Kind
MOST_TIMES = 3


@transaction.atomic
def request_rca(case, *, by, reason, now, expected_version=None):
    """A contact asks for the RCA in the case. Returns the activity. Raises Refused: not in the policy, delivered, or asked already; StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_request_rca(by, case))
    request = _ask(case, Request.RCA, by=by, now=now)
    return _asked(case, Kind.RCA_ASKED, reason, request, by=by, now=now)


@transaction.atomic
def request_meeting(case, *, by, reason, times, now, expected_version=None):
    """A contact asks for a discussion of the delivered document and proposes up to three times. Returns the activity.

    Raises Refused: nothing is delivered yet, asked already, or no time lies ahead; StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_request_meeting(by, case))
    times = sorted({at for at in times if at > now})[:MOST_TIMES]
    if not times:
        raise Refused(_("Propose at least one time in the future."))
    proposed = [at.isoformat() for at in times]
    request = _ask(case, Request.MEETING, by=by, now=now, proposed_times=proposed)
    return _asked(case, Kind.MEETING_ASKED, reason, request, by=by, now=now, proposed=proposed)


def _ask(case, kind, *, by, now, **more):
    try:
        with transaction.atomic():
            return DocumentRequest.objects.create(case=case, kind=kind, asked_by=by, asked_at=now, **more)
    except IntegrityError as error:
        raise Refused(_("This was requested already. The care team will answer in the case.")) from error


def _asked(case, kind, reason, request, *, by, now, **data):
    if not clean_text(reason).text.strip():
        raise Refused(_("Say what it is about."))
    entry = words(reason, kind=kind, language=language_of(case, by), data={"request": request.pk, **data})
    return recorded(case, entry, by=by, now=now)


@transaction.atomic
def request_documents(case, *, by, text, recipient, now, expected_version=None):
    """Further documents: a new case that follows this one, with its number and the contact to whom they are sent. Returns the new case.

    Raises Refused, like `open_case`; StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_request_documents(by, case))
    text, recipient = clean_text(text).text.strip(), clean_line(recipient)
    if not (text and recipient):
        raise Refused(_("Say which documents you need and to whom they are to be sent."))
    with override(by.language):
        subject = _("Further documents on case %(number)s") % {"number": case.number}
        head = _("Original case: %(number)s") % {"number": case.number}
        contact = _("To be sent to: %(recipient)s") % {"recipient": recipient}
    answers = IntakeData(
        case_type=Case.Type.QUESTION,
        subject=subject,
        description=f"{head}\n\n{contact}\n\n{text}",
        priority_code=rules_of(case.policy_version).priorities[-1].code,
        product_area=case.product_area,
        language=by.language,
    )
    new = case_actions.open_case(case.organization, by=by, intake=answers, channel=Case.Channel.PORTAL, now=now, follows=case)
    recorded(case, Entry(Kind.FOLLOW_UP, data={"number": new.number, "original": True}, by_portal=True), by=by, now=now)
    return new


# --- the care team answers ---------------------------------------------------------------------------------------------
@transaction.atomic
def arrange_meeting(case, *, by, meets_at, minutes, place, now, expected_version=None):
    """Say when and where the discussion is; the customers get an invitation. Returns the activity. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_answer_requests(by, case))
    place = clean_line(place)[:300]
    if meets_at <= now:
        raise Refused(_("The discussion must lie in the future."))
    if not place:
        raise Refused(_("Say where the discussion takes place."))
    request = _answer(case, Request.MEETING, State.ARRANGED, by=by, now=now, meets_at=meets_at, minutes=minutes, place=place)
    ends_at = meets_at + timedelta(minutes=minutes)
    data = {"request": request.pk, "meets_at": meets_at.isoformat(), "ends_at": ends_at.isoformat(), "minutes": minutes}
    entry = words(place, kind=Kind.MEETING_ARRANGED, language=language_of(case, by), data=data)
    return recorded(case, entry, by=by, now=now)


@transaction.atomic
def decline_request(case, *, by, kind, reason, now, expected_version=None):
    """Decline what was asked for, with a reason that the customer reads. Returns the activity. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_answer_requests(by, case))
    if not clean_text(reason).text.strip():
        raise Refused(_("Say why the request is declined."))
    request = _answer(case, kind, State.DECLINED, by=by, now=now)
    data = {"request": request.pk, "kind": kind}
    return recorded(case, words(reason, kind=Kind.REQUEST_DECLINED, language=language_of(case, by), data=data), by=by, now=now)


def _answer(case, kind, state, *, by, now, **changes):
    request = DocumentRequest.objects.open().filter(case=case, kind=kind).first()
    answered = DocumentRequest.objects.open().filter(pk=request.pk if request else None)
    if not answered.update(state=state, answered_by=by, answered_at=now, **changes):
        raise Refused(_("Nothing is requested, or somebody has answered already."))
    request.refresh_from_db()
    return request

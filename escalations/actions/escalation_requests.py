"""Escalation requests: asked for by a contact, decided, led and resolved by the care team, and what the customer says of the result (SPEC 6)."""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.actions.writing import language_of, recorded, require, words
from cases.decision import Refused
from cases.permissions import can_own
from cases.text_cleaning import clean_text
from cases.timeline import Entry, Kind, locked

from ..escalation_facts import eligibility_now, level_now
from ..escalation_tellings import tell_deciders, tell_leader
from ..management_mail import forget_management_mail, send_management_mail
from ..models import Escalation, EscalationReminder
from ..permissions import can_decide_escalations, can_escalate, can_redact_escalation
from ..reminders import AGAIN

State = Escalation.State
EACH = (State.REQUESTED, State.ACCEPTED, State.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What the customer writes in a request: the problem, what it does to the business, why it is urgent."""

    description: str
    impact: str
    urgency: str

    def cleaned(self):
        """The words as they are stored, and the kinds of secret that were masked in them."""
        clean = [clean_text(text) for text in (self.description, self.impact, self.urgency)]
        return RequestWords(*(text.text for text in clean)), sorted({kind for text in clean for kind in text.masked})


class NotEligible(Refused):
    """Raised where the criteria of the policy do not hold (any more); `found` is the `Eligibility`."""

    def __init__(self, found):
        super().__init__(_("The case cannot be escalated now: a condition of the support policy does not hold. See which one."))
        self.found = found


class AlreadyEscalated(Refused):
    """Raised where another escalation of the case is active: one at a time, held by the database."""

    def __init__(self):
        super().__init__(_("The case has just been escalated. There is one escalation at a time."))


@transaction.atomic
def request_escalation(case, *, by, request, now, kind=Escalation.Kind.CASE, is_about_urgency=False):
    """Ask for an escalation at the level that is next; the criteria are asked under the lock of the case. Returns the `Escalation`.

    Raises Refused: NotEligible, AlreadyEscalated, or where the policy has no levels or not all is said.
    """
    case = locked(case)
    require(can_escalate(by, case))
    if case.escalations.active().exists():
        raise AlreadyEscalated
    found = eligibility_now(case, by=by, now=now, kind=kind, is_about_urgency=is_about_urgency)
    if not found.is_eligible:
        raise NotEligible(found)
    level = level_now(case, case.escalations.ended().filter(kind=kind).order_by("pk"))
    if level is None:
        raise Refused(_("The support policy of this case has no escalation."))
    said, masked = _said(request)
    who = {"requested_by": by, "requested_at": now, "language": by.language}
    escalation = _inserted(Escalation(case=case, kind=kind, level_code=level.code, **asdict(said), **who))
    EscalationReminder.objects.filter(case=case, kind=kind).update(ask_at=None)
    if level.mail:
        send_management_mail(escalation, level, now=now)
    activity = _escalated(case, escalation, by=by, now=now, **({"masked": masked} if masked else {}))
    tell_deciders(activity, escalation, now=now)
    return escalation


@transaction.atomic
def remind_of_escalation(case, *, by, now, kind=Escalation.Kind.CASE):
    """Mail this contact as soon as the criteria hold. Returns the `EscalationReminder`. Raises Refused, also where they hold already."""
    require(can_escalate(by, case))
    found = eligibility_now(case, by=by, now=now, kind=kind)
    if found.is_eligible:
        raise Refused(_("The case can be escalated now."))
    ask_at = found.eligible_from or now + AGAIN
    reminder, _created = EscalationReminder.objects.update_or_create(case=case, user=by, kind=kind, defaults={"ask_at": ask_at})
    return reminder


def _said(request):
    said, masked = request.cleaned()
    if not (said.description and said.impact and said.urgency):
        raise Refused(_("An escalation needs a description, the business impact and why it is urgent."))
    return said, masked


def _inserted(escalation):
    try:
        with transaction.atomic():
            escalation.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyEscalated from error
    return escalation


def _escalated(case, escalation, *, by, now, **data):
    case.is_escalated = True
    entry = Entry(Kind.ESCALATION_ASKED, data={**data_of(escalation), **data}, by_portal=by is None)
    return recorded(case, entry, by=by, now=now)


def data_of(escalation):
    """What every activity of an escalation carries."""
    return {"escalation": escalation.pk, "kind": escalation.kind, "level": escalation.level_code}


# --- what the care team decides ----------------------------------------------------------------------------------------
@transaction.atomic
def accept_escalation(escalation, *, by, now, expected_version=None):
    """Accept a request: it will be worked on. Returns the activity. Raises Refused, StaleCase."""
    case, escalation = _to_decide(escalation, by, expected_version, states=(State.REQUESTED,))
    _change(escalation, state=State.ACCEPTED, decided_by=by, decided_at=now)
    return recorded(case, Entry(Kind.ESCALATION_ACCEPTED, data=data_of(escalation)), by=by, now=now)


@transaction.atomic
def decline_escalation(escalation, *, by, reason, now, expected_version=None):
    """Decline a request, with a reason that the customer is told. Returns the activity. Raises Refused, StaleCase."""
    case, escalation = _to_decide(escalation, by, expected_version, states=(State.REQUESTED,))
    _require_words(reason, _("Say why the escalation is declined."))
    _change(escalation, state=State.DECLINED, decided_by=by, decided_at=now)
    case.is_escalated = False
    return _answered(case, escalation, Kind.ESCALATION_DECLINED, reason, by=by, now=now)


@transaction.atomic
def take_up_escalation(escalation, *, by, owner, promised_at, now, expected_version=None):
    """Put `owner` in charge and promise the customer the next update; also to hand over, and to promise the one after that.

    A request that waits for its decision is accepted with it. The promise is one of the case: its clock runs. Returns the activity.
    Raises Refused, StaleCase.
    """
    case, escalation = _to_decide(escalation, by, expected_version, states=EACH)
    require(can_own(owner, case))
    if promised_at <= now:
        raise Refused(_("The promised time must lie in the future."))
    entries = []
    if escalation.state == State.REQUESTED:
        entries.append(Entry(Kind.ESCALATION_ACCEPTED, data=data_of(escalation)))
        _change(escalation, decided_by=by, decided_at=now)
    _change(escalation, state=State.IN_PROGRESS, owner=owner, promised_at=promised_at, promise_made_at=now)
    promise = {"promised_at": promised_at.isoformat()}
    if not case.is_closed:
        entries.append(Entry(Kind.PROMISE, data=promise))
    entries.append(Entry(Kind.ESCALATION_UPDATE, data={**data_of(escalation), "owner": owner.pk, **promise}))
    activity = recorded(case, *entries, by=by, now=now)
    tell_leader(activity, escalation, now=now)
    return activity


@transaction.atomic
def resolve_escalation(escalation, *, by, result, now, expected_version=None):
    """Say what came of it; the customer is told, and asked whether that is enough. Returns the activity. Raises Refused, StaleCase."""
    case, escalation = _to_decide(escalation, by, expected_version, states=(State.ACCEPTED, State.IN_PROGRESS))
    _require_words(result, _("Say what came of the escalation."))
    _change(escalation, state=State.RESOLVED, resolved_at=now)
    case.is_escalated = False
    return _answered(case, escalation, Kind.ESCALATION_RESOLVED, result, by=by, now=now)


def _to_decide(escalation, by, expected_version, *, states):
    case = locked(escalation.case, expected_version=expected_version)
    escalation = _held(escalation, case)
    require(can_decide_escalations(by, case))
    if escalation.state not in states:
        raise Refused(_("Somebody has decided this escalation meanwhile."))
    return case, escalation


def _held(escalation, case):
    """The escalation as it is now, under the lock of its case."""
    held = Escalation.objects.select_related("owner").get(pk=escalation.pk)
    held.case = case
    return held


def _require_words(text, sentence):
    if not clean_text(text).text:
        raise Refused(sentence)


def _change(escalation, **changes):
    for name, value in changes.items():
        setattr(escalation, name, value)
    escalation.save(update_fields=list(changes))


def _answered(case, escalation, kind, text, *, by, now):
    return recorded(case, words(text, kind=kind, language=language_of(case, by), data=data_of(escalation)), by=by, now=now)


# --- what the customer says of it, and what is removed -----------------------------------------------------------------
@transaction.atomic
def answer_escalation(escalation, *, by, is_satisfied, now):
    """The customer says whether the result is enough; if not, the next level is open to them. Returns the activity. Raises Refused."""
    case = locked(escalation.case)
    escalation = _held(escalation, case)
    require(can_escalate(by, case))
    if escalation.state not in (State.DECLINED, State.RESOLVED):
        raise Refused(_("This escalation has not ended yet."))
    if escalation.is_satisfied is not None:
        raise Refused(_("This question was answered already."))
    _change(escalation, is_satisfied=is_satisfied)
    entry = Entry(Kind.ESCALATION_ANSWERED, data={**data_of(escalation), "is_satisfied": is_satisfied})
    activity = recorded(case, entry, by=by, now=now)
    tell_deciders(activity, escalation, now=now)
    return activity


@transaction.atomic
def redact_escalation(escalation, *, by, reason, now, expected_version=None):
    """Remove what the customer wrote in a request for good, also from the mail to the management. Returns the activity.

    Raises Refused, StaleCase.
    """
    case = locked(escalation.case, expected_version=expected_version)
    escalation = _held(escalation, case)
    require(can_redact_escalation(by, case))
    if escalation.redacted_at:
        raise Refused(_("The text was removed."))
    _change(escalation, redacted_at=now, **dict.fromkeys(Escalation.WORDS, ""))
    forget_management_mail(escalation)
    entry = words(reason, kind=Kind.REDACTED, language=by.language, data={"escalation": escalation.pk})
    return recorded(case, entry, by=by, now=now)

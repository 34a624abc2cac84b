"""What a customer may say about urgency: ask for a higher priority, contest the severity; and how the care team answers (SPEC 3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from sla.policies import rules_of
from sla.priority_ways import is_at_least, way_up

from ..decision import Refused
from ..models import UrgencyRequest
from ..permissions import can_ask_for_priority, can_contest_severity, can_triage
from ..text_cleaning import clean_text
from ..timeline import Kind, locked
from .writing import language_of, recorded, require, words

State = UrgencyRequest.State


@transaction.atomic
def ask_for_priority(case, *, by, code, reason, now, expected_version=None):
    """A contact asks for a higher priority in a work note, as the policy lets them. Returns the activity.

    Raises Refused: no contact, closed, asked already, not higher, by phone only, no reason. Raises StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_ask_for_priority(by, case))
    way = way_up(rules_of(case.policy_version), case.priority_code, code)
    if way is None:
        raise Refused(_("Choose a priority that is higher than the present one."))
    if way.is_by_phone:
        raise Refused(_("This priority is requested by phone. Call the care team."))
    _require_reason(reason)
    _ask(case, UrgencyRequest.Kind.PRIORITY, by=by, now=now, wanted_code=code)
    data = {"from": case.priority_code, "to": code, "way": way.ways[0]}
    return recorded(case, words(reason, kind=Kind.PRIORITY_ASKED, language=by.language, data=data), by=by, now=now)


@transaction.atomic
def contest_severity(case, *, by, reason, now, expected_version=None):
    """A contact contests the present severity, once, with a note (SPEC 3). Returns the activity. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_contest_severity(by, case))
    _require_reason(reason)
    _ask(case, UrgencyRequest.Kind.SEVERITY, by=by, now=now)
    entry = words(reason, kind=Kind.SEVERITY_CONTESTED, language=by.language, data={"severity": case.severity_rank})
    return recorded(case, entry, by=by, now=now)


@transaction.atomic
def decline_priority(case, *, by, reason, now, expected_version=None):
    """The care team leaves the priority as it is, and says why. Returns the activity. Raises Refused, StaleCase."""
    return _leave(case, UrgencyRequest.Kind.PRIORITY, Kind.PRIORITY_DECLINED, by, reason, now, expected_version)


@transaction.atomic
def uphold_severity(case, *, by, reason, now, expected_version=None):
    """The care team leaves a contested severity as it is, and says why. Returns the activity. Raises Refused, StaleCase."""
    return _leave(case, UrgencyRequest.Kind.SEVERITY, Kind.SEVERITY_UPHELD, by, reason, now, expected_version)


def settle_priority(case, *, by, now):
    """The priority of a locked case was changed: a request for this one, or for a lower one, is granted."""
    rules = rules_of(case.policy_version)
    for request in case.urgency_requests.filter(kind=UrgencyRequest.Kind.PRIORITY, state=State.ASKED):
        if is_at_least(rules, case.priority_code, request.wanted_code):
            _decide(case, UrgencyRequest.Kind.PRIORITY, State.GRANTED, by=by, now=now)


def settle_severity(case, *, by, now):
    """The severity of a locked case was changed: whoever contested the old one was heard."""
    _decide(case, UrgencyRequest.Kind.SEVERITY, State.GRANTED, by=by, now=now)


def _ask(case, kind, *, by, now, **more):
    UrgencyRequest.objects.create(case=case, kind=kind, asked_by=by, asked_at=now, **more)


def _leave(case, kind, told_as, by, reason, now, expected_version):
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    _require_reason(reason)
    request = case.urgency_requests.filter(kind=kind, state=State.ASKED).first()
    if request is None:
        raise Refused(_("There is no unanswered request of this kind."))
    _decide(case, kind, State.DECLINED, by=by, now=now)
    entry = words(reason, kind=told_as, language=language_of(case, by), data={"to": request.wanted_code})
    return recorded(case, entry, by=by, now=now)


def _decide(case, kind, state, *, by, now):
    asked = case.urgency_requests.filter(kind=kind, state=State.ASKED)
    asked.update(state=state, decided_by=by, decided_at=now)


def _require_reason(reason):
    if not clean_text(reason).text.strip():
        raise Refused(_("Say why."))

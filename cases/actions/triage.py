"""What the care team decides about a case: owner, severity, scope, impact, waiting, promises (SPEC 3, 4, 5)."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sla.policies import rules_of

from ..decision import Refused
from ..models import Case
from ..models.cases import CRITICAL
from ..permissions import can_assign, can_own, can_triage
from ..text_cleaning import clean_text
from ..timeline import INTERNAL, Entry, Kind, locked
from .urgency import settle_priority, settle_severity
from .writing import language_of, recorded, require, words


@transaction.atomic
def assign(case, *, by, owner, now, expected_version=None):
    """Make `owner` (None: nobody) the case owner. Returns the activity, or None where nothing changes. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_assign(by, case))
    if owner is not None:
        require(can_own(owner, case))
    if case.owner == owner:
        return None
    return _hand_over(case, owner, by=by, now=now)


def _hand_over(case, owner, *, by, now):
    data = {"from": case.owner_id, "to": owner and owner.pk, "agent": owner and owner.pk}
    case.owner = owner
    return recorded(case, Entry(Kind.OWNER, data=data), by=by, now=now)


@transaction.atomic
def take_next(*, by, now, cases):
    """Give `by` the most urgent of `cases` that nobody owns; returns it, or None. Two people never get the same one (UX S2)."""
    waiting = cases.open().filter(owner=None).by_urgency()
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    first = waiting.first()
    if first is None:
        return None
    case = locked(first)
    require(can_assign(by, case))
    require(can_own(by, case))
    _hand_over(case, by, by=by, now=now)
    return case


@transaction.atomic
def change_severity(case, *, by, rank, reason, now, expected_version=None):
    """Set the severity, with a reason that the customer is told (SPEC 3). Returns the activity. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if rules_of(case.policy_version).severity(rank) is None:
        raise Refused(_("This severity does not exist in the support policy."))
    if rank == case.severity_rank:
        raise Refused(_("The case already has this severity."))
    if not clean_text(reason).text.strip():
        raise Refused(_("A change of severity needs a reason."))
    entry = words(reason, kind=Kind.SEVERITY, language=language_of(case, by), data={"from": case.severity_rank, "to": rank})
    case.severity_rank = rank
    case.is_alarm_due = rank == CRITICAL
    settle_severity(case, by=by, now=now)
    return recorded(case, entry, by=by, now=now)


@transaction.atomic
def change_priority(case, *, by, code, reason, now, expected_version=None):
    """Set the priority on the customer's behalf. Returns the activity. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if rules_of(case.policy_version).priority(code) is None:
        raise Refused(_("This priority does not exist in the support policy."))
    entry = words(reason, kind=Kind.PRIORITY, language=language_of(case, by), data={"from": case.priority_code, "to": code})
    case.priority_code = code
    settle_priority(case, by=by, now=now)
    return recorded(case, entry, by=by, now=now)


def _linked_incident(case):
    """The number of the incident that the case is linked to, or None: what is published on the status page is not isolated (SPEC, small print)."""
    links = case.activities.filter(kind__in=(Kind.INCIDENT_LINKED, Kind.INCIDENT_UNLINKED)).order_by("pk")
    latest = links.last()
    return latest.data["incident"] if latest and latest.kind == Kind.INCIDENT_LINKED else None


@transaction.atomic
def set_scope(case, *, by, scope, now, reason="", expected_version=None):
    """Say whether the whole platform, one customer alone or a third party is concerned (SPEC 5). Raises Refused, StaleCase.

    That a third party is concerned can take a target away, so it needs a reason, which the customer is told.
    """
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if scope == Case.Scope.THIRD_PARTY and not clean_text(reason).text.strip():
        raise Refused(_("Say why this is a third-party issue."))
    if scope != Case.Scope.PLATFORM and (number := _linked_incident(case)):
        raise Refused(
            _("The case is linked to incident %(number)s, which concerns the platform. Undo the link first.") % {"number": number}
        )
    data = {"from": case.scope, "scope": scope}
    case.scope = Case.Scope(scope)
    return recorded(case, words(reason, kind=Kind.SCOPE, language=language_of(case, by), data=data), by=by, now=now)


@transaction.atomic
def set_impact(case, *, by, is_significant, now, expected_version=None):
    """Say whether the business impact is significant; an escalation criterion (SPEC 6). Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    case.is_impact_significant = is_significant
    return recorded(case, Entry(Kind.IMPACT, data={"significant_impact": is_significant}), by=by, now=now)


@transaction.atomic
def promise_update(case, *, by, promised_at, now, expected_version=None):
    """Promise the customer the next update; a clock of its own (SPEC 5). Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if promised_at <= now:
        raise Refused(_("The promised time must lie in the future."))
    return recorded(case, Entry(Kind.PROMISE, data={"promised_at": promised_at.isoformat()}), by=by, now=now)


@transaction.atomic
def await_customer(case, *, by, now, expected_version=None):
    """Wait for the customer: the clocks that the policy names are paused. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    return recorded(case, Entry(Kind.AWAITING_CUSTOMER), by=by, now=now)


@transaction.atomic
def await_third_party(case, *, by, name, now, reference="", link="", promised_on=None, expected_version=None):
    """Wait for development, cloud operations or another vendor. Only the name is told to the customer. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    data = {"promised_on": promised_on and promised_on.isoformat()}
    entries = [words(name, kind=Kind.AWAITING_THIRD_PARTY, language=language_of(case, by), data=data)]
    details = "\n".join(filter(None, (reference, link)))
    if details:
        entries.insert(0, words(details, kind=Kind.INTERNAL_NOTE, language=by.language, visibility=INTERNAL))
    return recorded(case, *entries, by=by, now=now)


@transaction.atomic
def third_party_replied(case, *, by, now, expected_version=None):
    """The third party answered: work goes on. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if case.status != Case.Status.AWAITING_THIRD_PARTY:
        raise Refused(_("The case is not waiting for a third party."))
    return recorded(case, Entry(Kind.THIRD_PARTY_REPLIED), by=by, now=now)


@transaction.atomic
def resume(case, *, by, now, expected_version=None):
    """Take the case back to work from any wait or proposal. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    return recorded(case, Entry(Kind.RESUMED), by=by, now=now)


@transaction.atomic
def mark_answer_not_adequate(case, *, by, now, expected_version=None):
    """Say that the customer's latest answer did not bring what is awaited: the closing count goes on (SPEC, small print)."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if not case.activities.filter(kind=Kind.AWAITING_CUSTOMER).exists():
        raise Refused(_("Nothing was asked of the customer."))
    return recorded(case, Entry(Kind.ANSWER_NOT_ADEQUATE), by=by, now=now)


@transaction.atomic
def mark_restored(case, *, by, restored_at, now, expected_version=None):
    """Say when the service was restored: not before the opening, not after now. Meets the restoration target. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if not case.opened_at <= restored_at <= now:
        raise Refused(_("The service must have been restored after the case was opened and before now."))
    return recorded(case, Entry(Kind.RESTORED, occurred_at=restored_at), by=by, now=now)

"""What a timeline of events amounts to: status, waits, severities, the moments that meet or start a clock.

Pure: events in, facts out. Knows no targets and no calendars; `sla.clock_rules` does. Every moment is an event's own. Doubled and late
events do no harm: the timeline is read in the order of what happened. Source: SPEC sections 4 and 5, shared/vectors/README.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sla import events
from sla.business_time import Pause
from sla.events import Event
from sla.policy_rules import PLATFORM, SCOPES, THIRD_PARTY, UNKNOWN

OPEN = "open"
AWAITING_CUSTOMER = "awaiting_customer"
AWAITING_THIRD_PARTY = "awaiting_third_party"
RESOLUTION_PROPOSED = "resolution_proposed"
RESOLVED = "resolved"
CLOSED = "closed"

CUSTOMER = "customer"  # causes of a pause, as `Target.pauses` names them
THIRD_PARTY_WAIT = "third_party"
WAITS = {AWAITING_CUSTOMER: CUSTOMER, AWAITING_THIRD_PARTY: THIRD_PARTY_WAIT}
ENDED = (RESOLVED, CLOSED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What targets are chosen by, from a moment on: severity, plan, and the version of the policy (how many moves came before)."""

    since: datetime
    severity: int | None
    plan: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """An agent's word to the customer: the next update comes by `until`."""

    made_at: datetime
    until: datetime
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A case after some of its events. `waits` and `closures` are in order; the open one, if any, comes last."""

    opened_at: datetime
    channel: str
    case_type: str
    terms: tuple[Terms, ...]
    scope: str
    is_impact_significant: bool
    care_acted_at: datetime  # the care team's latest action: escalation criteria count from it
    status: str = OPEN
    counted_from: datetime | None = None  # the closing count of a wait or a proposal
    answered_from: datetime | None = None  # the closing count that the customer's latest answer ended
    waits: tuple[Pause, ...] = ()
    closures: tuple[Pause, ...] = ()
    is_assigned: bool = False
    replied_at: datetime | None = None  # the first human reply
    updated_at: datetime | None = None  # the latest human reply
    responded_at: datetime | None = None  # owner and human reply together, for the first time
    asked_at: datetime | None = None  # the customer's first message that no reply has followed yet
    answered: tuple[datetime, datetime] | None = None  # the latest message of the customer that was answered, and when
    promise: Promise | None = None
    restored_at: datetime | None = None
    resolved_at: datetime | None = None
    rca_delivered_at: datetime | None = None
    decided_at: datetime | None = None  # a contact application
    closed_at: datetime | None = None
    closed_reason: str | None = None
    is_for_rca: bool = False  # opened to wait for an RCA: nobody asked, nothing is broken, and it is not closed before

    @property
    def severity(self) -> int | None:
        return self.terms[-1].severity

    @property
    def is_closed(self) -> bool:
        return self.status == CLOSED

    @property
    def is_held(self) -> bool:
        """Does it wait for an RCA that was not delivered yet? No countdown closes it then."""
        return self.is_for_rca and self.rca_delivered_at is None


#: When the portal would close a case by itself: (moment, reason), or None.
Closing = Callable[[Facts], tuple[datetime, str] | None]


def facts_at(timeline: list[Event], now: datetime, *, plan: str = "", closing: Closing | None = None) -> Facts:
    """The facts at `now`; what happens later is left out. Raises ValueError where the case is not opened by then.

    With `closing`, the case closes by itself when that moment has passed, and what comes after is ignored; a reply at the very moment
    still counts. Without it a case closes by its CLOSED event alone, as in the portal, which records one for each closing.
    """
    past = sorted((event for event in timeline if event.at <= now), key=lambda event: event.at)
    start = next((index for index, event in enumerate(past) if event.kind == events.OPENED), None)
    if start is None:
        raise ValueError("The timeline does not say when the case was opened.")
    facts = _opened(past[start], plan)
    for event in past[start + 1 :]:
        due = closing(facts) if closing else None
        if due and due[0] < event.at:
            return _closed_by_itself(facts, *due)
        facts = _after(facts, event)
    due = closing(facts) if closing else None
    return _closed_by_itself(facts, *due) if due and due[0] <= now else facts


def _opened(event: Event, plan: str) -> Facts:
    data = event.data
    return Facts(
        opened_at=event.at,
        channel=str(data.get("channel") or "").upper(),
        case_type=str(data.get("case_type") or "").upper(),
        terms=(Terms(event.at, data.get("severity"), plan if data.get("plan") is None else data["plan"]),),
        scope=THIRD_PARTY if data.get("third_party") else PLATFORM if data.get("platform_issue") else UNKNOWN,
        is_impact_significant=bool(data.get("significant_impact")),
        care_acted_at=event.at,
        responded_at=event.at if data.get("is_for_rca") else None,  # the care team spoke first
        is_for_rca=bool(data.get("is_for_rca")),
    )


def _closed_by_itself(facts: Facts, at: datetime, reason: str) -> Facts:
    # A wait stays open: the clock keeps what remained (vectors/README).
    return replace(facts, status=CLOSED, closed_at=at, closed_reason=reason)


def _after(facts: Facts, event: Event) -> Facts:
    if event.kind in CARE_ACTIONS:
        facts = replace(facts, care_acted_at=event.at)
    handler = _HANDLERS.get(event.kind)
    return handler(facts, event) if handler else facts


CARE_ACTIONS = frozenset(
    {
        events.HUMAN_REPLY,
        events.AGENT_NOTE,
        events.SEVERITY_CHANGED,
        events.WAITING_CUSTOMER,
        events.WAITING_THIRD_PARTY,
        events.SERVICE_RESTORED,
        events.RESOLUTION_PROPOSED,
        events.RESOLVED,
    }
)


# --- status and waits --------------------------------------------------------------------------------------------------


def _to_status(facts: Facts, status: str, at: datetime, counted_from: datetime | None = None) -> Facts:
    waits = facts.waits
    if facts.status in WAITS:
        waits = _ended(waits, at)
    if status in WAITS:
        waits = (*waits, Pause(at, None, WAITS[status]))
    return replace(facts, status=status, waits=waits, counted_from=counted_from)


def _ended(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    return (*pauses[:-1], replace(pauses[-1], end=at))


def _waiting_customer(facts, event):
    return facts if facts.is_closed else _to_status(facts, AWAITING_CUSTOMER, event.at, event.at)


def _waiting_third_party(facts, event):
    return facts if facts.is_closed else _to_status(facts, AWAITING_THIRD_PARTY, event.at)


def _customer_reply(facts, event):
    if facts.responded_at:  # until then the first response answers
        facts = replace(facts, asked_at=facts.asked_at or event.at)
    if facts.status not in (AWAITING_CUSTOMER, RESOLUTION_PROPOSED):
        return facts
    return replace(_to_status(facts, OPEN, event.at), answered_from=facts.counted_from)


def _answer_not_adequate(facts, event):
    # The closing count goes on as if there had been no answer; what the clocks ran since then stays counted.
    if facts.answered_from is None or facts.status != OPEN:
        return facts
    return _to_status(facts, AWAITING_CUSTOMER, event.at, facts.answered_from)


def _third_party_replied(facts, event):
    return _to_status(facts, OPEN, event.at) if facts.status == AWAITING_THIRD_PARTY else facts


def _resumed(facts, event):
    return facts if facts.status in ENDED else _to_status(facts, OPEN, event.at)


def _keep_open(facts, event):
    return replace(facts, counted_from=event.at) if facts.counted_from else facts


def _resolution_proposed(facts, event):
    return facts if facts.is_closed else _to_status(facts, RESOLUTION_PROPOSED, event.at, event.at)


def _resolved(facts, event):
    facts = replace(facts, resolved_at=facts.resolved_at or event.at)
    return facts if facts.is_closed else _to_status(facts, RESOLVED, event.at)


def _closed(facts, event):
    if facts.is_closed:
        return facts
    reason = event.data.get("reason") or event.data.get("cause")
    return replace(facts, status=CLOSED, counted_from=None, closed_at=event.at, closed_reason=reason)


def _reopened(facts, event):
    if not facts.is_closed and facts.status != RESOLVED:
        return facts
    closures = facts.closures
    if facts.closed_at:
        closures = (*closures, Pause(facts.closed_at, event.at, CLOSED))
    waits = _ended(facts.waits, facts.closed_at or event.at) if facts.waits and facts.waits[-1].end is None else facts.waits
    return replace(facts, status=OPEN, waits=waits, closures=closures, closed_at=None, closed_reason=None)


# --- what meets, starts or chooses a clock -----------------------------------------------------------------------------


def _assigned(facts, event):
    return _responded(replace(facts, is_assigned=True), event.at)


def _unassigned(facts, event):
    return replace(facts, is_assigned=False)


def _human_reply(facts, event):
    facts = replace(facts, replied_at=facts.replied_at or event.at, updated_at=event.at)
    if facts.asked_at:
        facts = replace(facts, asked_at=None, answered=(facts.asked_at, event.at))
    if facts.promise and not facts.promise.kept_at:
        facts = replace(facts, promise=replace(facts.promise, kept_at=event.at))
    return _responded(facts, event.at)


def _responded(facts, at):
    if facts.responded_at is None and facts.is_assigned and facts.replied_at:
        return replace(facts, responded_at=at)
    return facts


def _severity_changed(facts, event):
    return replace(facts, terms=(*facts.terms, replace(facts.terms[-1], since=event.at, severity=event.data.get("to"))))


def _plan_changed(facts, event):
    return replace(facts, terms=(*facts.terms, replace(facts.terms[-1], since=event.at, plan=event.data.get("to") or "")))


def _version_changed(facts, event):
    latest = facts.terms[-1]
    return replace(facts, terms=(*facts.terms, replace(latest, since=event.at, version=latest.version + 1)))


def _impact_changed(facts, event):
    return replace(facts, is_impact_significant=bool(event.data.get("significant_impact")))


def _scope_changed(facts, event):
    scope = str(event.data.get("scope")).upper()
    return replace(facts, scope=scope) if scope in SCOPES else facts


def _marked_third_party(facts, event):
    return replace(facts, scope=THIRD_PARTY)


def _service_restored(facts, event):
    return replace(facts, restored_at=facts.restored_at or event.at)


def _rca_delivered(facts, event):
    if facts.is_held and facts.counted_from:
        facts = replace(facts, counted_from=event.at)  # what stood still begins now
    return replace(facts, rca_delivered_at=facts.rca_delivered_at or event.at)


def _update_promised(facts, event):
    return replace(facts, promise=Promise(event.at, datetime.fromisoformat(event.data["promised_at"])))


def _contact_decided(facts, event):
    return replace(facts, decided_at=facts.decided_at or event.at)


_HANDLERS = {
    events.ASSIGNED: _assigned,
    events.UNASSIGNED: _unassigned,
    events.HUMAN_REPLY: _human_reply,
    events.WAITING_CUSTOMER: _waiting_customer,
    events.CUSTOMER_REPLY: _customer_reply,
    events.ANSWER_NOT_ADEQUATE: _answer_not_adequate,
    events.WAITING_THIRD_PARTY: _waiting_third_party,
    events.THIRD_PARTY_REPLIED: _third_party_replied,
    events.RESUMED: _resumed,
    events.SEVERITY_CHANGED: _severity_changed,
    events.PLAN_CHANGED: _plan_changed,
    events.VERSION_CHANGED: _version_changed,
    events.IMPACT_CHANGED: _impact_changed,
    events.SCOPE_CHANGED: _scope_changed,
    events.MARKED_THIRD_PARTY: _marked_third_party,
    events.SERVICE_RESTORED: _service_restored,
    events.RCA_DELIVERED: _rca_delivered,
    events.UPDATE_PROMISED: _update_promised,
    events.RESOLUTION_PROPOSED: _resolution_proposed,
    events.RESOLVED: _resolved,
    events.CLOSED: _closed,
    events.REOPENED: _reopened,
    events.KEEP_OPEN: _keep_open,
    events.CONTACT_DECIDED: _contact_decided,
}

"""Whole cases as JSON documents: a policy, a timeline and a moment in; status, clocks and escalations out (shared/vectors/README.md).

Pure: no Django, no database; the same rules and the same shipped packs as the portal.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from escalations.eligibility import eligibility, facts_of
from sla import events
from sla.business_time import BusinessCalendar
from sla.clock_rules import SUBJECT_TO_CLOSURE, CaseStates, ClockState, automatic_escalations, states_at
from sla.events import Event
from sla.policy_rules import FIRST_RESPONSE, RCA, RESOLUTION, RESTORATION, PolicyRules
from sla.shipped_packs import shipped_codes, shipped_rules
from sla.target_rules import ALL_HOURS
from sla.vector_lines import DocumentError, read_calendar, read_instant, required, write_instant


@dataclass(frozen=True, slots=True)
class _Question:
    rules: PolicyRules
    calendar: BusinessCalendar
    timeline: list[Event]

    def states(self, now) -> CaseStates:
        return states_at(self.rules, self.calendar, self.timeline, now=now, closes_by_itself=True)


def answer_policy(document: Mapping) -> dict:
    """Answer {"kind": "policy", "policy", "calendar", "events", "now", …}. Raises DocumentError, CalendarError, ValueError."""
    question = _read_question(document)
    states = question.states(read_instant(required(document, "now")))
    first_response = states.clock(FIRST_RESPONSE)
    if first_response is None or not first_response.has_target:
        raise DocumentError("no first response target holds for this case: its severity is missing or unknown")
    return {
        "status": states.facts.status,
        "closed_at": write_instant(states.facts.closed_at),
        "closed_reason": states.facts.closed_reason,
        "severity": states.facts.severity,
        "entitlement": _entitlement(question.rules, states, document.get("entitlement")),
        "first_response": _clock(first_response),
        "restoration": _clock(states.clock(RESTORATION)),
        "resolution": _clock(states.clock(RESOLUTION)),
        "rca": _rca(states),
        "auto_close": _auto_close(states),
        "escalations": [_escalation(question, check) for check in _list(document.get("escalation_checks"), "escalation_checks")],
        "auto_escalations": _auto_escalations(question.rules, states),
    }


# --- reading -----------------------------------------------------------------------------------------------------------


def _read_question(document: Mapping) -> _Question:
    code = required(document, "policy")
    if code not in shipped_codes():
        raise DocumentError(f"unknown policy {code!r}; known: {', '.join(shipped_codes())}")
    calendar = document.get("calendar")
    rules = shipped_rules(code)
    timeline = [_read_event(event, rules) for event in _list(required(document, "events"), "events")]
    return _Question(rules, ALL_HOURS if calendar is None else read_calendar(calendar), timeline)


def _read_event(document: object, rules: PolicyRules) -> Event:
    kind, at = required(document, "type"), read_instant(required(document, "at"))
    if not isinstance(kind, str) or kind not in events.ALL:
        raise DocumentError(f"unknown event type {kind!r}")
    data = {name: value for name, value in document.items() if name not in ("type", "at")}
    if kind == events.OPENED:
        data["channel"] = _channel(data.get("channel"))
        if data.get("severity") is not None:
            _known_severity(data["severity"], rules)
    if kind == events.SEVERITY_CHANGED:
        _known_severity(required(data, "to"), rules)
    if kind == events.IMPACT_CHANGED:
        data = {"significant_impact": data.get("significant_impact", data.get("to"))}
    return Event(at, kind, data)


def _channel(name: object) -> str:
    code = str(name or "").upper().replace("-", "_").replace(" ", "_")
    return _CHANNELS_BY_OTHER_NAMES.get(code, code)


_CHANNELS_BY_OTHER_NAMES = {"MAIL": "EMAIL", "E_MAIL": "EMAIL", "FORM": "WEB_FORM", "WEBFORM": "WEB_FORM"}


def _known_severity(rank: object, rules: PolicyRules) -> None:
    if isinstance(rank, bool) or rules.severity(rank) is None:
        raise DocumentError(f"{rank!r} is no severity of {rules.code}")


def _list(value: object, name: str) -> list:
    if value is not None and not isinstance(value, list):
        raise DocumentError(f"{name!r} must be a list")
    return value or []


# --- answering ---------------------------------------------------------------------------------------------------------


def _clock(clock: ClockState | None) -> dict | None:
    if clock is None:
        return None
    return {
        "applicable": clock.has_target,
        "due": write_instant(clock.due_at),
        "met_at": write_instant(clock.met_at),
        "breached": clock.breached_at is not None,
        "breached_at": write_instant(clock.breached_at),
        "paused": clock.remaining_seconds is not None,
        "remaining_seconds": clock.remaining_seconds,
    }


def _rca(states: CaseStates) -> dict | None:
    clock = states.clock(RCA)
    if clock is None or not clock.has_target:
        return None
    return {
        "due": write_instant(clock.due_at),
        "delivered_at": write_instant(clock.met_at),
        "overdue": clock.breached_at is not None,
    }


def _auto_close(states: CaseStates) -> dict | None:
    closing = states.closing
    if closing is None:
        return None
    answer = {"at": write_instant(closing.at), "kind": closing.kind}
    return {**answer, "reached": closing.reached} if closing.kind == SUBJECT_TO_CLOSURE else answer


def _escalation(question: _Question, check: object) -> dict:
    at, kind = required(check, "at"), required(check, "kind")
    states = question.states(read_instant(at))
    found = eligibility(question.rules, question.calendar, facts_of(states), kind=str(kind))
    return {
        "at": at,
        "kind": kind,
        "eligible": found.is_eligible,
        "reason": found.reason,
        "all_reasons": list(found.reasons) or [found.reason],
    }


def _auto_escalations(rules: PolicyRules, states: CaseStates) -> list | None:
    if not rules.escalation.automatic_on:
        return None
    return [{"cause": breach.kind.lower(), "at": write_instant(breach.at)} for breach in automatic_escalations(rules, states)]


def _entitlement(rules: PolicyRules, states: CaseStates, given: object) -> dict | None:
    """What the case takes from the customer's entitlement: one on creation or on resolution, as the policy says; none when used up."""
    if rules.entitlement is None or given is None:
        return None
    total, used = required(given, "total"), required(given, "used_before")
    if not all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in (total, used)):
        raise DocumentError("'total' and 'used_before' must be whole numbers from 0 on")
    covered = used < total
    taken = rules.entitlement.taken_on == "CREATION" or states.facts.resolved_at is not None
    used += 1 if covered and taken else 0
    return {"total": total, "covered": covered, "used": used, "remaining": max(0, total - used)}

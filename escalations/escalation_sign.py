"""How a case's latest escalation stands, told from the outline of its timeline: no query for headers and panels."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.models import Activity

from .models import Escalation

Kind = Activity.Kind
State = Escalation.State
STATE_AFTER = {
    Kind.ESCALATION_ASKED: State.REQUESTED,
    Kind.ESCALATION_ACCEPTED: State.ACCEPTED,
    Kind.ESCALATION_UPDATE: State.IN_PROGRESS,
    Kind.ESCALATION_DECLINED: State.DECLINED,
    Kind.ESCALATION_RESOLVED: State.RESOLVED,
    Kind.ESCALATION_WITHDRAWN: State.WITHDRAWN,
}
LOOKS = {
    State.REQUESTED: ("flag", "danger"),
    State.ACCEPTED: ("flag", "warn"),
    State.IN_PROGRESS: ("flag", "info"),
    State.DECLINED: ("circle-x", "neutral"),
    State.RESOLVED: ("circle-check", "ok"),
    State.WITHDRAWN: ("circle-check", "neutral"),
}  # icon and family of colors of a state's pill


@dataclass(frozen=True, slots=True)
class Sign:
    """An escalation as far as its activities tell."""

    key: int
    kind: str
    level_code: str
    asked_at: datetime
    state: str = State.REQUESTED
    promised_at: datetime | None = None
    is_answered: bool = False

    @property
    def is_active(self):
        return self.state in Escalation.ACTIVE

    @property
    def awaits_answer(self):
        """Does it wait for the customer to say whether the result is enough?"""
        return self.state in (State.DECLINED, State.RESOLVED) and not self.is_answered


def sign_of(outline):
    """The latest escalation of the case whose timeline this is, or None. Entries come with `kind`, `occurred_at` and `data`, in order."""
    sign = None
    for entry in outline:
        if entry.kind in STATE_AFTER:
            sign = _after(sign, entry)
        elif entry.kind == Kind.ESCALATION_ANSWERED and sign:
            sign = replace(sign, is_answered=True)
    return sign


def _after(sign, entry):
    data = entry.data
    if sign is None or sign.key != data["escalation"]:
        sign = Sign(data["escalation"], data["kind"], data["level"], entry.occurred_at)
    promised_at = datetime.fromisoformat(data["promised_at"]) if "promised_at" in data else sign.promised_at
    return replace(sign, state=STATE_AFTER[entry.kind], promised_at=promised_at)

"""May this case be escalated now? Each criterion of the policy one by one, with its verdict and from when it will hold.

Pure: facts and policy in, verdict out. Source: SPEC section 6, shared/vectors/README.md ("Decided", "Exactly").
"""

from dataclasses import dataclass
from datetime import datetime

from sla.business_time import BusinessCalendar
from sla.case_facts import AWAITING_CUSTOMER
from sla.clock_rules import CaseStates
from sla.policy_rules import RCA, PolicyRules
from sla.target_rules import allowance

CASE_KIND = "case"
RCA_KIND = "rca"
ELIGIBLE = "eligible"

CLOSED_CASE = "closed_case"
AWAITING = "awaiting_customer"
ALREADY_ESCALATED = "already_escalated"
UPDATE_UNREAD = "update_unread"
LOW_PRIORITY = "low_priority"
URGENCY_CHANGE = "urgency_change"
UPDATED_RECENTLY = "updated_recently"
RCA_NOT_YET_DUE = "rca_not_yet_due"
IMPACT_NOT_SIGNIFICANT = "impact_not_significant"

#: An RCA may be chased on a closed case; it is about the document alone.
_RCA_CRITERIA = (AWAITING, RCA_NOT_YET_DUE)


@dataclass(frozen=True, slots=True)
class EscalationFacts:
    """What the criteria look at, at the moment `at`."""

    at: datetime
    severity: int | None
    is_closed: bool
    is_awaiting_customer: bool
    care_acted_at: datetime
    is_impact_significant: bool
    rca_due_at: datetime | None = None  # None: no RCA is owed yet
    is_escalated: bool = False
    has_unread_update: bool = False
    is_about_urgency: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """`holds`: this criterion lets the case pass. `holds_from`: when it will by itself (or did); None where only somebody's act helps."""

    code: str
    holds: bool
    holds_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    criteria: tuple[Criterion, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of the criteria that do not hold, in the policy's order."""
        return tuple(criterion.code for criterion in self.criteria if not criterion.holds)

    @property
    def is_eligible(self) -> bool:
        return not self.reasons

    @property
    def reason(self) -> str:
        """The first reason against it, or "eligible"."""
        return self.reasons[0] if self.reasons else ELIGIBLE

    @property
    def eligible_from(self) -> datetime | None:
        """When all criteria will hold if nothing happens; None where time alone does not help, or they hold already."""
        moments = [criterion.holds_from for criterion in self.criteria if not criterion.holds]
        return max(moments) if moments and None not in moments else None


def facts_of(states: CaseStates, **more) -> EscalationFacts:
    """The facts that the timeline tells; `more` are those that only rows know (an active escalation, what was read)."""
    facts, rca = states.facts, states.clock(RCA)
    return EscalationFacts(
        at=states.now,
        severity=facts.severity,
        is_closed=facts.is_closed,
        is_awaiting_customer=facts.status == AWAITING_CUSTOMER,
        care_acted_at=facts.care_acted_at,
        is_impact_significant=facts.is_impact_significant,
        rca_due_at=rca.due_at if rca else None,
        **more,
    )


def eligibility(rules: PolicyRules, calendar: BusinessCalendar, facts: EscalationFacts, *, kind: str = CASE_KIND) -> Eligibility:
    """Every criterion of the policy that concerns this kind of escalation (`case` or `rca`), in the policy's order."""
    judge = _Judge(rules, calendar, facts)
    concerned = [
        code for code in rules.escalation.criteria if (code in _RCA_CRITERIA if kind == RCA_KIND else code != RCA_NOT_YET_DUE)
    ]
    return Eligibility(tuple(judge.criterion(code) for code in concerned))


@dataclass(frozen=True, slots=True)
class _Judge:
    rules: PolicyRules
    calendar: BusinessCalendar
    facts: EscalationFacts

    def criterion(self, code: str) -> Criterion:
        if code == UPDATED_RECENTLY:
            return self.since(code, self.quiet_from())
        if code == RCA_NOT_YET_DUE:
            return Criterion(code, False) if self.facts.rca_due_at is None else self.since(code, self.facts.rca_due_at)
        return Criterion(code, not self.stands_against(code))

    def since(self, code: str, moment: datetime) -> Criterion:
        """A criterion that holds from exactly that moment."""
        return Criterion(code, self.facts.at >= moment, moment)

    def stands_against(self, code: str) -> bool:
        facts = self.facts
        return {
            CLOSED_CASE: facts.is_closed,
            AWAITING: facts.is_awaiting_customer,
            ALREADY_ESCALATED: facts.is_escalated,
            UPDATE_UNREAD: facts.has_unread_update,
            LOW_PRIORITY: self.weight() == "low",
            URGENCY_CHANGE: facts.is_about_urgency,
            IMPACT_NOT_SIGNIFICANT: self.weight() in self.rules.escalation.impact_weights and not facts.is_impact_significant,
        }[code]

    def weight(self) -> str | None:
        level = self.rules.severity(self.facts.severity)
        return level.weight if level else None

    def quiet_from(self) -> datetime:
        """When the care team's latest action is old enough; at once where the policy asks for no quiet time."""
        quiet, since = self.rules.escalation.quiet.get(self.weight()), self.facts.care_acted_at
        return allowance(quiet, since, self.calendar).due(since).at if quiet else since

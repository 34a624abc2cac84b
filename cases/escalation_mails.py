"""The mails about escalations, to the management, and to people on call: what each carries, and nothing else. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from .case_mails import CaseMail


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationMail(CaseMail):
    """How an escalation stands: also what is told where it is accepted, declined, resolved or withdrawn."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAsked(EscalationMail):
    """`clock`: the target whose breach escalated the case by itself; empty where somebody asked."""

    clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationToDecide(EscalationAsked):
    """To those of the care team who may decide it."""

    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAccepted(EscalationMail):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDeclined(EscalationMail):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationUpdate(EscalationMail):
    """Who leads it, and when the customer hears from them."""

    leader: str
    promised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationYours(EscalationMail):
    """To whoever leads it from now on."""

    organization: str
    promised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationResolved(EscalationMail):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationWithdrawn(EscalationMail):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAnswered(EscalationMail):
    """To the care team: whether the customer says that the result is enough."""

    organization: str
    is_satisfied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPossible(CaseMail):
    """To a contact who wanted to be told when the criteria hold."""

    escalate_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementAttention:
    """To the management address of a policy, by the template of its guide: nothing of the case but these fields (SPEC 6).

    What the customer wrote in the request is kept in the outbox, since the mail must be the one they saw before sending; whoever removes it
    there removes it here.
    """

    frame: ClassVar[str] = "letter"
    headers: ClassVar[dict] = {}

    organization: str
    number: str
    statement: str  # the subject's brief statement of the problem
    place: str  # region and country of the customer
    description: str
    impact: str
    urgency: str
    product: str

    @property
    def thread(self):
        """What mail programs show together."""
        return f"case-{self.number.lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeUpCall:
    """To a person on call: a severity-1 case or incident waits. A number and a link, no customer's words."""

    frame: ClassVar[str] = "staff_frame"
    headers: ClassVar[dict] = {"X-Priority": "1"}

    reader: str
    number: str
    is_case: bool
    raised_at: datetime
    call: int  # which one it is
    url: str

    @property
    def thread(self):
        """What mail programs show together."""
        return f"wake-up-{self.number.lower()}"

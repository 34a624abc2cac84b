"""What each mail says: one small dataclass per kind, so that nothing but its fields can slip into a mail (SAFETY 4). Pure.

What somebody wrote, the subject and the words, is not among the facts kept in the outbox: it is read from the case when the mail is sent, so
that a removed text never leaves in a queued mail.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMail:
    """What every mail about a case carries. Moments are aware datetimes, names are in the reader's language."""

    frame: ClassVar[str] = "frame"  # templates/mail/_<frame>.html and .txt
    headers: ClassVar[dict] = {}

    reader: str  # the name in the greeting
    number: str
    url: str
    # what was written, filled in when the mail is sent
    subject: str = ""
    words: str = ""
    words_language: str = ""  # empty: not known

    @property
    def thread(self):
        """What mail programs show together."""
        return f"case-{self.number.lower()}"


WRITTEN = frozenset({"subject", "words", "words_language"})  # of CaseMail; never kept in the outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(CaseMail):
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(CaseMail):
    """To the new case owner."""

    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged(CaseMail):
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(CaseMail):
    before: str  # empty where there was none
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationChanged(CaseMail):
    """When the care team expects the case to be resolved; `before_at`: what it expected until now."""

    expected_at: datetime
    before_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(CaseMail):
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnswer(CaseMail):
    """To the case owner: what the customer wrote."""

    author: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityAsked(CustomerAnswer):
    """To the case owner: the customer asks for a higher priority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityContested(CustomerAnswer):
    """To the case owner: the customer does not agree with the severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyAnswer(CaseMail):
    """The priority or the severity stays as it is; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(CaseMail):
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(CaseMail):
    """A case was opened that follows another one."""

    original: str  # its number
    is_for_rca: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(CaseMail):
    """Something was delivered into the case: RCA, preliminary RCA, case summary."""

    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(CaseMail):
    """The automatic acknowledgment: never a response."""

    response_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingYou(CaseMail):
    closes_at: datetime | None = None
    is_closed_then: bool = False  # closed by the portal; otherwise subject to closure


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(CaseMail):
    closes_at: datetime | None = None
    is_closed_then: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingNotice(CaseMail):
    closes_at: datetime
    is_closed_then: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectToClosure(CaseMail):
    """To the case owner, who may close in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused(CaseMail):
    """Malware was found in a file that had been sent: its name is the mail's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWarning(CaseMail):
    """To the case owner: most of the time of a target is used up."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetMissed(CaseMail):
    """To the case owner."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNotMissed(CaseMail):
    """To the case owner: what was logged late shows that the target was not missed."""

    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(CaseMail):
    reopen_until: datetime | None = None


# --- escalations -------------------------------------------------------------------------------------------------------
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
    """To the care team: what the customer says of the result."""

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
class SubscriberMail:
    """To an address that asked for the status page's updates: no name, no case. One POST to `end_url` ends them (RFC 8058)."""

    frame: ClassVar[str] = "subscriber_frame"
    thread: ClassVar[str] = "status"

    url: str
    end_url: str

    @property
    def headers(self):
        return {"List-Unsubscribe": f"<{self.end_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusConfirmation(SubscriberMail):
    """`url`: the page whose button confirms the address."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate(SubscriberMail):
    """A public word on an incident. It is public and is not changed afterwards, so it is kept in the outbox."""

    number: str
    title: str
    state: str
    words: str
    words_language: str
    next_update_at: datetime | None = None

    @property
    def thread(self):
        """What mail programs show together."""
        return f"incident-{self.number.lower()}"


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


# Template name -> dataclass. Where one act brings several, a reader gets one mail: the kind further down tells more.
KINDS = {
    "warning": TargetWarning,
    "missed": TargetMissed,
    "not_missed": TargetNotMissed,
    "subject_to_closure": SubjectToClosure,
    "file_refused": FileRefused,
    "escalation_possible": EscalationPossible,
    "owner": OwnerChanged,
    "assigned": Assigned,
    "priority": PriorityChanged,
    "severity": SeverityChanged,
    "expectation": ExpectationChanged,
    "reply": Reply,
    "urgency_answer": UrgencyAnswer,
    "customer_answer": CustomerAnswer,
    "document": Document,
    "priority_asked": PriorityAsked,
    "severity_contested": SeverityContested,
    "reopened": Reopened,
    "follow_up": FollowUp,
    "opened": Opened,
    "awaiting_you": AwaitingYou,
    "proposed": Proposed,
    "closing_notice": ClosingNotice,
    "closed": Closed,
    "escalation_asked": EscalationAsked,
    "escalation_accepted": EscalationAccepted,
    "escalation_update": EscalationUpdate,
    "escalation_declined": EscalationDeclined,
    "escalation_resolved": EscalationResolved,
    "escalation_withdrawn": EscalationWithdrawn,
    "escalation_answered": EscalationAnswered,
    "escalation_to_decide": EscalationToDecide,
    "escalation_yours": EscalationYours,
    "management": ManagementAttention,
    "status_confirmation": StatusConfirmation,
    "status_update": StatusUpdate,
    "wake_up": WakeUpCall,
}
NAMES = {kind: name for name, kind in KINDS.items()}
RANKS = {name: rank for rank, name in enumerate(KINDS)}


def tells_more(name, than):
    """Does the mail kind `name` say more than the kind `than`?"""
    return RANKS[name] > RANKS[than]


def as_data(mail):
    """The mail as JSON values, for `OutboxMessage.data`; without what somebody wrote in a case."""
    left_out = WRITTEN if isinstance(mail, CaseMail) else ()
    told = {field.name: getattr(mail, field.name) for field in fields(mail) if field.name not in left_out}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def from_data(name, data, **written):
    """The mail again, with what somebody wrote. Raises KeyError for an unknown kind, TypeError for data of another kind."""
    mail = KINDS[name](**{**data, **written})
    moments = {
        field.name: datetime.fromisoformat(data[field.name])
        for field in fields(mail)
        if field.name in data and isinstance(data[field.name], str) and field.name.endswith(("_at", "_until"))
    }
    return replace(mail, **moments)

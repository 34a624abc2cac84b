"""What each mail says: one small dataclass per kind, so that nothing but its fields can slip into a mail (SAFETY 4). Pure.

What somebody wrote, the subject and the words, is not among the facts kept in the outbox: it is read from the case when the mail is sent, so
that a removed text never leaves in a queued mail.
"""

from dataclasses import fields, replace
from datetime import datetime

from .case_mails import (
    WRITTEN,
    Assigned,
    AwaitingYou,
    CaseMail,
    Closed,
    ClosingNotice,
    CustomerAnswer,
    Document,
    ExpectationChanged,
    FileRefused,
    FollowUp,
    MeetingArranged,
    Opened,
    OwnerChanged,
    PriorityAsked,
    PriorityChanged,
    Proposed,
    RcaDue,
    Reopened,
    Reply,
    SeverityChanged,
    SeverityContested,
    SubjectToClosure,
    TargetMissed,
    TargetNotMissed,
    TargetWarning,
    UrgencyAnswer,
)
from .escalation_mails import (
    EscalationAccepted,
    EscalationAnswered,
    EscalationAsked,
    EscalationDeclined,
    EscalationPossible,
    EscalationResolved,
    EscalationToDecide,
    EscalationUpdate,
    EscalationWithdrawn,
    EscalationYours,
    ManagementAttention,
    WakeUpCall,
)
from .incident_mails import IncidentLinked, IncidentUnlinked, IncidentUpdated
from .subscriber_mails import (
    StatusConfirmation,
    StatusUpdate,
)

# Template name -> dataclass. Where one act brings several, a reader gets one mail: the kind further down tells more.
KINDS = {
    "warning": TargetWarning,
    "rca_due": RcaDue,
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
    "incident_unlinked": IncidentUnlinked,
    "incident_linked": IncidentLinked,
    "incident_update": IncidentUpdated,
    "document": Document,
    "meeting": MeetingArranged,
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

from .activities import Activity, ActivityText, CaseRead
from .attachments import Attachment
from .cases import Case, CaseDetails, ConversationReference
from .drafts import Draft, SubmittedForm
from .outbox import OutboxMessage
from .people import Agreement, Membership, Organization, OrganizationPhone, SupportRegion, User
from .urgency_requests import UrgencyRequest

__all__ = [
    "Activity",
    "ActivityText",
    "Agreement",
    "Attachment",
    "Case",
    "CaseDetails",
    "CaseRead",
    "ConversationReference",
    "Draft",
    "Membership",
    "Organization",
    "OrganizationPhone",
    "OutboxMessage",
    "SubmittedForm",
    "SupportRegion",
    "UrgencyRequest",
    "User",
]

"""What a new case says, checked and clean, whichever channel it came by (SPEC 2)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IntakeData:
    """The answers of the intake form. Texts are cleaned and masked by the action before the first write."""

    case_type: str
    subject: str
    description: str
    priority_code: str
    product_area: str = ""
    short_name: str = ""
    conversation_ids: tuple[UUID, ...] = ()
    workability: str = ""
    workaround: str = ""
    users_affected: str = ""
    business_impact: str = ""
    happened_at: datetime | None = None
    happened_zone: str = ""
    frequency: str = ""
    steps: str = ""
    environment_changes: str = ""
    troubleshooting: str = ""
    api_request: str = ""
    api_response: str = ""
    checklist: tuple[str, ...] = ()
    reachable_name: str = ""
    reachable_phone: str = ""
    language: str = ""
    is_impact_significant: bool = False

"""What happened, in the words the clocks understand (SPEC 5; shared/vectors/README.md).

A plain vocabulary: `cases.timeline` turns activities into these events, `sla.clock_rules` works out the clocks from them. Nothing here
knows a case or a row.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OPENED = "opened"  # data: channel, severity, platform_issue, significant_impact, plan, third_party, case_type, is_for_rca
AUTO_ACK = "auto_ack"
ASSIGNED = "assigned"  # data: agent
UNASSIGNED = "unassigned"
HUMAN_REPLY = "human_reply"  # a public reply or a logged call with the customer
AGENT_NOTE = "agent_note"  # internal: an update, never a response
WAITING_CUSTOMER = "waiting_customer"
CUSTOMER_REPLY = "customer_reply"  # ends a wait for the customer, takes back a proposed resolution
ANSWER_NOT_ADEQUATE = "answer_not_adequate"  # the owner says that the latest customer reply did not end the wait
WAITING_THIRD_PARTY = "waiting_third_party"
THIRD_PARTY_REPLIED = "third_party_replied"
RESUMED = "resumed"  # the care team ends any wait, or takes back a proposal, by itself
SEVERITY_CHANGED = "severity_changed"  # data: from, to
PLAN_CHANGED = "plan_changed"  # data: from, to
VERSION_CHANGED = "version_changed"  # another version of policy or calendar counts from here; data: from, to
IMPACT_CHANGED = "impact_changed"  # data: significant_impact
SCOPE_CHANGED = "scope_changed"  # data: scope (unknown, platform, isolated, third_party)
MARKED_THIRD_PARTY = "marked_third_party"  # the same as scope_changed to third_party
SERVICE_RESTORED = "service_restored"
RCA_DELIVERED = "rca_delivered"
UPDATE_PROMISED = "update_promised"  # data: promised_at (ISO instant)
RESOLUTION_PROPOSED = "resolution_proposed"
RESOLVED = "resolved"
CLOSED = "closed"  # data: reason
REOPENED = "reopened"
KEEP_OPEN = "keep_open"  # the customer asks not to close: the closing count starts again
CONTACT_DECIDED = "contact_decided"  # a contact application was approved or declined

ALL = frozenset(value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str))


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case, at one instant (aware datetime)."""

    at: datetime
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    id: int | None = None  # the activity it came from, for explanations

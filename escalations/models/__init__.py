"""Escalation requests, platform incidents, RCA documents (SPEC 6, 7, 8)."""

from .escalation_requests import Escalation, EscalationReminder
from .incidents import (
    CaseLink,
    Component,
    Incident,
    IncidentComponent,
    IncidentUpdate,
    Maintenance,
    Region,
)
from .on_call import OnCallPerson, WakeUp
from .rca_documents import DocumentRequest, RcaAction, RcaDelivery, RcaDocument, RcaFile, RcaVersion
from .status_page import StatusSubscriber

__all__ = [
    "CaseLink",
    "Component",
    "DocumentRequest",
    "Escalation",
    "EscalationReminder",
    "Incident",
    "IncidentComponent",
    "IncidentUpdate",
    "Maintenance",
    "OnCallPerson",
    "RcaAction",
    "RcaDelivery",
    "RcaDocument",
    "RcaFile",
    "RcaVersion",
    "Region",
    "StatusSubscriber",
    "WakeUp",
]

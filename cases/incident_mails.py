"""Mails about the platform incident that a case is linked to (SPEC 7). Pure."""

from dataclasses import dataclass
from datetime import datetime

from .case_mails import CaseMail


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLinked(CaseMail):
    """A platform incident is the cause of the case."""

    incident: str  # its number
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUnlinked(IncidentLinked):
    """It is not, after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUpdated(IncidentLinked):
    """How the incident of the case stands; the words come with the activity."""

    state: str
    next_update_at: datetime | None = None

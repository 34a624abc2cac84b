"""How long an incident affected one customer (SPEC 8). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `began_at` to `ended_at`; None where it is not known: then the incident's own moment counts."""

    began_at: datetime | None = None
    ended_at: datetime | None = None


def affected_minutes(incident: Span, own: list[Span]) -> int:
    """Whole minutes, begun ones counted, in which at least one of the customer's cases was affected, inside the incident's time.

    Cases that were affected at the same time count once.
    """
    spans = sorted(_inside(incident, span) for span in own)
    total, reached = timedelta(0), incident.began_at
    for began_at, ended_at in spans:
        total += max(ended_at - max(began_at, reached), timedelta(0))
        reached = max(reached, ended_at)
    return -(-total // MINUTE)


def _inside(incident, span):
    began_at = max(span.began_at or incident.began_at, incident.began_at)
    return began_at, min(span.ended_at or incident.ended_at, incident.ended_at)

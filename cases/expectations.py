"""What the care team expects of a case: the time by which it will be resolved, as far as is known now (SPEC 5, ISSUE 3.9)."""

from datetime import datetime

from .models import Activity


def expected_resolution(activities):
    """The latest expectation among activities in their order, as a moment, or None where nothing was said."""
    told = [activity.data["expected_at"] for activity in activities if activity.kind == Activity.Kind.EXPECTATION]
    return datetime.fromisoformat(told[-1]) if told else None

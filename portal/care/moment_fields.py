"""Moments as the care team types them: on the clock of their own zone, also in the hour that the clocks go back over (SPEC 5)."""

from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

YEARS = range(2000, 2100)  # others are typing errors, and moments at the end of time cannot be reckoned with


class MomentField(forms.DateTimeField):
    """A moment in the care user's own time zone, to the minute. What a clock shows twice in a night is the first of the two, unless the form
    knows better: `latest_past`, `first_future`."""

    def to_python(self, value):
        """The aware moment, or None. Raises ValidationError, also for a time that the clocks skip."""
        with timezone.override(UTC):
            typed = super().to_python(value)
        if typed is None:
            return None
        wall, zone = typed.replace(tzinfo=None), timezone.get_current_timezone()
        if wall.year not in YEARS or wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return wall.replace(tzinfo=zone)


def moment_field(label, **options):
    """The field as a browser shows it."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w-m"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget, **options)


def latest_past(moment, now):
    """Of the two moments that a clock shows alike, the later one if it is not in the future: what somebody logs happened just now."""
    second = moment.replace(fold=1).astimezone(UTC)
    return second if second <= now else moment.astimezone(UTC)


def first_future(moment, now):
    """Of the two moments that a clock shows alike, the earlier one if it still lies ahead."""
    first = moment.astimezone(UTC)
    return first if first > now else moment.replace(fold=1).astimezone(UTC)

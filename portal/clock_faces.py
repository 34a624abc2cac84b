"""How an SLA clock looks: state, icon and words of UX 2.3, from the stored row and `now`."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sla import clock_words
from sla.clock_rules import CLOSING
from sla.models import Clock
from sla.moments import duration_text, short_moment_text

ICONS = clock_words.ICONS | {"closing": "hourglass"}
FAMILIES = clock_words.FAMILIES | {"closing": "warn"}


@dataclass(frozen=True, slots=True)
class ClockFace:
    state: str  # data-state of `.clock`
    words: str  # the short form, for pills

    @property
    def icon(self):
        return ICONS[self.state]

    @property
    def kind(self):
        """Family of colors (`data-k`)."""
        return FAMILIES.get(self.state, "neutral")

    @property
    def css_class(self):
        """Filled only when something is wrong now; dashed while paused: never color alone."""
        return clock_words.LOOKS.get(self.state, "")


def face_of_clock(clock, *, now):
    """The face of a `Clock` row."""
    state = _state(clock, now)
    return ClockFace(state, _words(state, clock.due_at, clock.remaining_seconds))


def face_of_case(case, *, now):
    """The face of a case's most urgent clock, from its plain columns (lists ask no clocks); None where nothing runs or waits."""
    if case.is_closed:
        return None
    if case.is_paused and case.next_due_at is None:
        return ClockFace("paused", _("Paused"))
    if case.next_due_at is None:
        return None
    state = _running_state(case.next_due_at, now)
    return ClockFace(state, _words(state, case.next_due_at, None))


def _state(clock, now):
    if clock.kind == CLOSING:
        return "closing"
    settled = {
        Clock.State.PAUSED: "paused",
        Clock.State.MET: "met",
        Clock.State.MISSED: "missed",
        Clock.State.STOPPED: "stopped",
        Clock.State.NO_TARGET: "none",
        Clock.State.BREACHED: "overdue",
    }
    if clock.state in settled:
        return settled[clock.state]
    if clock.started_at and clock.started_at > now:
        return "scheduled"
    warned = clock.next_effect == Clock.Effect.BREACH or (clock.next_effect_at is not None and clock.next_effect_at <= now)
    return _running_state(clock.due_at, now, is_warned=warned)


def _running_state(due_at, now, *, is_warned=False):
    if due_at <= now:
        return "overdue"
    return "soon" if is_warned or due_at - now < clock_words.SOON else "running"


def _words(state, due_at, remaining_seconds):
    if state in ("running", "soon"):
        return _("Due %(when)s") % {"when": short_moment_text(due_at)}
    if state == "overdue":
        return _("Overdue since %(when)s") % {"when": short_moment_text(due_at)}
    if state == "closing":
        return _("Closes %(when)s") % {"when": short_moment_text(due_at)}
    if state == "paused" and remaining_seconds is not None:
        return _("Paused with %(duration)s left") % {"duration": duration_text(remaining_seconds)}
    return {
        "paused": _("Paused"),
        "met": pgettext("sla", "Met"),
        "missed": _("Breached"),
        "stopped": _("Stopped"),
        "none": _("No target"),
        "scheduled": _("Not started yet"),
    }[state]

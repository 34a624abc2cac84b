"""An SLA clock in words: the block of UX 2.3 with its title and second line, for customers and care staff alike.

Plain texts in the active language and zone, from the derived state (`sla.clocks.states`). Lateness of a clock that has ended is reckoned at
its end, never against now; business time is told as such, round-the-clock time too.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from sla import clock_rules
from sla.clock_rules import CaseStates, ClockState
from sla.moments import duration_text, moment_text
from sla.policy_rules import (
    CONTACT_APPLICATION,
    FIRST_RESPONSE,
    NEXT_RESPONSE,
    NEXT_UPDATE,
    RCA,
    RESOLUTION,
    RESTORATION,
)
from sla.target_rules import ALL_HOURS, clock_face
from sla.texts import in_language

SOON = timedelta(hours=1)
NAMES = {
    FIRST_RESPONSE: gettext_lazy("First response"),
    NEXT_RESPONSE: gettext_lazy("Next response"),
    NEXT_UPDATE: gettext_lazy("Next update"),
    RESTORATION: gettext_lazy("Time to restore"),
    RESOLUTION: gettext_lazy("Time to resolve"),
    RCA: gettext_lazy("Root cause analysis (RCA)"),
    CONTACT_APPLICATION: gettext_lazy("Contact application"),
}
ICONS = {
    "scheduled": "clock",
    "running": "clock",
    "soon": "hourglass",
    "overdue": "octagon-alert",
    "paused": "circle-pause",
    "met": "circle-check",
    "missed": "circle-x",
    "stopped": "circle",
    "none": "info",
}
FAMILIES = {"running": "info", "soon": "warn", "overdue": "danger", "met": "ok", "missed": "danger"}
LOOKS = {"overdue": "solid", "paused": "dashed", "scheduled": "dashed"}
URGENCY = ("overdue", "soon", "running", "scheduled", "paused")  # what a reader should see first


@dataclass(frozen=True, slots=True)
class ClockPanel:
    """One clock as it is shown. `state` is the `data-state` of UX 2.3, or "stopped" or "none"."""

    kind: str
    state: str
    due: str  # the title line
    detail: str  # the second line, may be empty

    @property
    def name(self):
        return NAMES[self.kind]

    @property
    def icon(self):
        return ICONS[self.state]

    @property
    def headline(self):
        """Both in one line, for the header of the case."""
        return pgettext("clock", "%(name)s – %(words)s") % {"name": self.name, "words": self.due}

    @property
    def family(self):
        """Family of colors (`data-k`)."""
        return FAMILIES.get(self.state, "neutral")

    @property
    def css_class(self):
        """Filled only when something is wrong now; dashed while it stands still: never color alone."""
        return LOOKS.get(self.state, "")


def panels(states: CaseStates, *, is_staff=False) -> list[ClockPanel]:
    """The clocks of a case in words, in the policy's order; `is_staff` chooses from whose side a pause is told."""
    return [_Face(clock, states, is_staff).panel() for clock in states.clocks]


def most_urgent(shown: list[ClockPanel]) -> ClockPanel | None:
    """The panel that belongs in the header of the case: what is overdue, then what is due soon; None where nothing runs."""
    running = [panel for panel in shown if panel.state in URGENCY]
    return min(running, key=lambda panel: URGENCY.index(panel.state), default=None)


@dataclass(frozen=True, slots=True)
class _Face:
    clock: ClockState
    states: CaseStates
    is_staff: bool

    def panel(self):
        state, due, detail = _FACES[self.clock.state](self)
        return ClockPanel(self.clock.kind, state, due, detail)

    @property
    def now(self):
        return self.states.now

    @property
    def hours(self):
        """What the clock is counted in: business time or every hour."""
        target = self.clock.target
        is_business = target and target.duration and not self.clock.promise
        return clock_face(target.duration, self.clock.calendar) if is_business else ALL_HOURS

    @property
    def is_always_open(self):
        return self.hours.definition.always_open

    def length(self, start, end):
        """The time between two moments as this clock counts it."""
        return duration_text(self.hours.business_seconds_between(start, end))

    def left(self, seconds):
        duration = duration_text(seconds)
        if self.is_always_open:
            return _("%(duration)s left (24/7)") % {"duration": duration}
        return _("%(duration)s of business time left") % {"duration": duration}

    # --- one function for each state -----------------------------------------------------------------------------------

    def running(self):
        clock, hours = self.clock, self.hours
        due = moment_text(clock.due_at)
        if not hours.is_open(self.now) and not hours.business_seconds_between(min(clock.started_at, self.now), self.now):
            starts = moment_text(hours.next_opening(self.now))
            return "scheduled", _("Starts %(when)s") % {"when": starts}, _("Outside support hours. Due %(when)s") % {"when": due}
        seconds = hours.business_seconds_between(self.now, clock.due_at)
        if seconds < SOON.total_seconds() or (clock.warn_at and clock.warn_at <= self.now):
            return "soon", _("Due soon: %(when)s") % {"when": due}, self.left(seconds)
        return "running", _("Due %(when)s") % {"when": due}, self.left(seconds)

    def overdue(self):
        late = self.length(self.clock.due_at, self.now)
        if self.is_always_open:
            title = _("Overdue by %(duration)s") % {"duration": late}
        else:
            title = _("Overdue by %(duration)s of business time") % {"duration": late}
        return "overdue", title, _("Was due %(when)s") % {"when": moment_text(self.clock.due_at)}

    def paused(self):
        left = {"duration": duration_text(self.clock.remaining_seconds)}
        title, short_title, detail = self._pause_words()
        is_soon = self.clock.remaining_seconds < SOON.total_seconds()
        return "paused", (short_title if is_soon else title) % left, detail % left

    def _pause_words(self):
        """Title, title of a clock that was due soon when it was paused, second line."""
        pause = self.clock.open_pause
        if pause and pause.kind == "customer" and not self.is_staff:
            return (
                _("Paused: waiting for your reply"),
                _("Paused with %(duration)s left: waiting for your reply"),
                _("%(duration)s will be left when you reply"),
            )
        if pause and pause.kind == "customer":
            return (
                _("Paused: waiting for the customer"),
                _("Paused with %(duration)s left: waiting for the customer"),
                _("%(duration)s will be left when the customer replies"),
            )
        if pause and pause.kind == "third_party":
            return (
                _("Paused: waiting for a third party"),
                _("Paused with %(duration)s left: waiting for a third party"),
                _("%(duration)s will be left when the third party answers"),
            )
        return _("Paused"), _("Paused with %(duration)s left"), _("%(duration)s will be left when work goes on")

    def met(self):
        clock = self.clock
        early = clock.due_at and _("%(duration)s early") % {
            "duration": self.length(clock.met_at, max(clock.due_at, clock.met_at))
        }
        return "met", _("Met: %(when)s") % {"when": moment_text(clock.met_at)}, early or ""

    def missed(self):
        clock = self.clock
        title = _("Breached: met %(when)s") if clock.met_at else _("Breached: the case was closed %(when)s")
        late = self.length(clock.breached_at, max(clock.ended_at, clock.breached_at))
        return "missed", title % {"when": moment_text(clock.ended_at)}, _("%(duration)s late") % {"duration": late}

    def stopped(self):
        return "stopped", _("Stopped: the case was closed %(when)s") % {"when": moment_text(self.clock.ended_at)}, ""

    def without_target(self):
        target = self.clock.target
        return "none", pgettext("sla", "No target"), in_language(target.reason) if target and target.reason else ""


_FACES = {
    clock_rules.RUNNING: _Face.running,
    clock_rules.BREACHED: _Face.overdue,
    clock_rules.PAUSED: _Face.paused,
    clock_rules.MET: _Face.met,
    clock_rules.MISSED: _Face.missed,
    clock_rules.STOPPED: _Face.stopped,
    clock_rules.NO_TARGET: _Face.without_target,
}

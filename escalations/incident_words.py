"""What the states of incidents and components are called, and how they look: word, shape and color (glossary; UX C11)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Incident
from .status_snapshot import DEGRADED, MAINTENANCE, OPERATIONAL, OUTAGE, PARTIAL


@dataclass(frozen=True, slots=True)
class Look:
    """A state as a pill or a banner. `sentence`: what it means for the platform as a whole."""

    name: Promise
    icon: str
    kind: str
    css_class: str = ""
    sentence: Promise | str = ""


STATE_LOOKS = {
    OPERATIONAL: Look(_("Operational"), "circle-check", "ok", sentence=_("All systems operational")),
    MAINTENANCE: Look(_("Under maintenance"), "clock", "info", sentence=_("Maintenance is in progress.")),
    DEGRADED: Look(_("Degraded performance"), "diamond", "warn", sentence=_("Some services are slower than usual.")),
    PARTIAL: Look(_("Partial outage"), "triangle-alert", "warn", sentence=_("There is a partial outage.")),
    OUTAGE: Look(_("Outage"), "octagon-alert", "danger", "solid", sentence=_("There is an outage.")),
}
LOOKING_INTO = Look("", "info", "info", sentence=_("We are looking into an incident. No service is known to be affected."))

INCIDENT_ICONS = {
    Incident.State.DECLARED: ("flag", "danger"),
    Incident.State.INVESTIGATING: ("search", "danger"),
    Incident.State.IDENTIFIED: ("triangle-alert", "warn"),
    Incident.State.MONITORING: ("activity", "info"),
}
OVER = ("circle-check", "ok")
SEVERITIES = {  # of an incident, whatever the scales of the policies
    1: pgettext_lazy("severity", "1 – Critical"),
    2: pgettext_lazy("severity", "2 – High"),
    3: pgettext_lazy("severity", "3 – Medium"),
    4: pgettext_lazy("severity", "4 – Low"),
}


def state_words(state):
    """ "Investigating", "Resolved": the public word for the state of an incident; closed ones read as resolved, nobody outside asks for more."""
    return Incident.State.RESTORED.label if state == Incident.State.CLOSED else Incident.State(state).label


def look_of_incident(state):
    """The pill of an incident's state."""
    icon, kind = INCIDENT_ICONS.get(state, OVER)
    return Look(state_words(state), icon, kind)


def care_look(state):
    """The pill of an incident's state for the care team, which tells candidates and closed ones apart."""
    if state == Incident.State.CANDIDATE:
        return Look(Incident.State.CANDIDATE.label, "flag", "warn")
    icon, kind = INCIDENT_ICONS.get(state, OVER)
    return Look(Incident.State(state).label, icon, kind)


def look_of_platform(snapshot):
    """The one sentence on top of the status page."""
    return LOOKING_INTO if snapshot.active and snapshot.state == OPERATIONAL else STATE_LOOKS[snapshot.state]

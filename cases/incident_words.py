"""What the activities and mails about a platform incident say; the incident itself lies a layer up (SPEC 7). Pure."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from sla.texts import in_language

STATES = {  # of escalations.Incident, as they stand in the data of INCIDENT_UPDATE
    "DECLARED": gettext_lazy("Declared"),
    "INVESTIGATING": pgettext_lazy("incident", "Investigating"),
    "IDENTIFIED": pgettext_lazy("incident", "Identified"),
    "MONITORING": pgettext_lazy("incident", "Monitoring"),
    "RESTORED": pgettext_lazy("incident", "Resolved"),
}


def _named(data):
    return {"number": data["incident"], "title": in_language(data["title"])}


def linked(activity, case, names, words):
    return _("Linked to platform incident %(number)s: %(title)s") % _named(activity.data)


def unlinked(activity, case, names, words):
    return _("No longer linked to platform incident %(number)s: %(title)s") % _named(activity.data)


def update(activity, case, names, words):
    state = STATES[activity.data["state"]]
    return _("Incident update %(number)s (%(state)s): %(title)s") % {**_named(activity.data), "state": state}


# --- facts of mails ----------------------------------------------------------------------------------------------------
def named(activity, language):
    """Number and title in the reader's language."""
    data = activity.data
    return {"incident": data["incident"], "title": in_language(data["title"], language)}


def told(activity, language):
    """Also how it stands, and when the next update comes."""
    data = activity.data
    promise = data.get("next_update_at")
    state = STATES[data["state"]]
    return {**named(activity, language), "state": state, "next_update_at": datetime.fromisoformat(promise) if promise else None}

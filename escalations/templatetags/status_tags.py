"""States of the platform in pages: pills, the banner on top, the months of the history."""

from django import template
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ..incident_words import SEVERITIES, STATE_LOOKS, care_look, look_of_incident, look_of_platform, state_words

register = template.Library()


def _pill(look):
    return {"text": look.name, "icon": look.icon, "kind": look.kind, "css_class": look.css_class}


@register.inclusion_tag("components/_pill.html")
def place_pill(state):
    """The state of a component in a region, or the impact of an incident on it: word, shape, color."""
    return _pill(STATE_LOOKS[state])


@register.inclusion_tag("components/_pill.html")
def incident_pill(state):
    """The state of an incident."""
    return _pill(look_of_incident(state))


@register.inclusion_tag("components/_pill.html")
def care_incident_pill(state):
    """The state of an incident as the care team reads it: candidates and closed ones too."""
    return _pill(care_look(state))


@register.simple_tag
def incident_severity(rank):
    """ "1 – Critical"."""
    return SEVERITIES[rank]


@register.filter
def item(texts, language):
    """The text in exactly this language, or ""."""
    return texts.get(language, "")


@register.inclusion_tag("components/_banner.html")
def platform_banner(snapshot):
    """The one sentence on top of the page."""
    look = look_of_platform(snapshot)
    return {"kind": look.kind, "icon": look.icon, "heading": look.sentence, "text": "", "focus": False}


@register.simple_tag
def incident_words(state):
    """The public word for the state of an incident."""
    return state_words(state)


@register.simple_tag
def incident_look(state):
    """Icon and family of colors of an incident's state, for `{% icon %}`."""
    return look_of_incident(state)


@register.filter
def history(snapshot):
    """(month, its incidents), latest first."""
    by_number = {incident.number: incident for incident in snapshot.incidents}
    return [(month, [by_number[number] for number in month.incidents]) for month in snapshot.months]


@register.simple_tag
def month_words(month, incidents):
    """ "March 2026: 2 incidents, 99.95 %"."""
    count = ngettext("%(count)s incident", "%(count)s incidents", len(incidents)) % {"count": len(incidents)}
    facts = {"month": capfirst(date_format(month.starts_at, "YEAR_MONTH_FORMAT")), "incidents": count}
    if month.availability is None:
        return _("%(month)s: %(incidents)s") % facts
    return _("%(month)s: %(incidents)s, %(share)s available") % {**facts, "share": percent(month.availability)}


def percent(hundredths):
    """ "99.95 %": hundredths of a percent in the reader's notation."""
    return pgettext("percent", "%(number)s %%") % {"number": number_format(hundredths / 100, 2)}

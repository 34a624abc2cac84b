"""What pages about SLA clocks say in few words: names of clocks, verdicts, results."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from sla.clock_rules import CLOSING
from sla.clock_words import NAMES
from sla.moments import duration_text, short_moment_text
from sla.verdicts import LATE, NONE, ON_TIME, OPEN

register = template.Library()
FEW = 10  # below this, a percentage says more than is known
VERDICTS = {
    ON_TIME: gettext_lazy("On time"),
    LATE: gettext_lazy("Breached"),
    OPEN: gettext_lazy("Not decided yet"),
    NONE: pgettext_lazy("sla", "No target"),
}


@register.filter
def clock_name(kind):
    """The name of a kind of clock."""
    return _("Auto-close") if kind == CLOSING else NAMES[kind]


@register.simple_tag
def share(kept, decided):
    """How many of the promises that are decided were kept: "95 %", but "7 of 8" while they are few (UX 3.3). Rounded down."""
    if not decided:
        return "–"
    if decided < FEW:
        return _("%(kept)s of %(decided)s") % {"kept": kept, "decided": decided}
    return pgettext("percent", "%(number)s %%") % {"number": 100 * kept // decided}


@register.simple_tag
def clock_result(clock, verdict):
    """When a clock, a derived state, is due, and how it stands: "Wed, 2026-03-04 12:00 (UTC+1), missed"."""
    if clock is None:
        return "–"
    if clock.kind == CLOSING:
        return short_moment_text(clock.due_at)
    if clock.due_at:
        return _("%(due)s: %(verdict)s") % {"due": short_moment_text(clock.due_at), "verdict": VERDICTS[verdict]}
    if clock.remaining_seconds is not None:
        return _("Paused with %(duration)s left") % {"duration": duration_text(clock.remaining_seconds)}
    return VERDICTS[verdict]

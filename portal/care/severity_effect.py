"""What a change of severity would do to the targets of a case, told before it is made (SPEC 3, UX S4)."""

from django.utils.html import format_html_join

from cases.timeline import events_of
from sla import clock_words, clocks
from sla.events import SEVERITY_CHANGED, Event


def effects_of_severity(case, ranks, *, now):
    """For each rank, the clocks as they would stand with it: "First response: Due …", a line for each. Nothing is stored."""
    happened = events_of(case.activities.in_order())
    return {rank: _clocks_with(rank, case, happened, now) for rank in ranks}


def _clocks_with(rank, case, happened, now):
    change = Event(now, SEVERITY_CHANGED, {"from": case.severity_rank, "to": rank})
    states = clocks.states(case, events=[*happened, change], now=now)
    panels = clock_words.panels(states, is_staff=True)
    return format_html_join("", "<br>{}", ((panel.headline,) for panel in panels))

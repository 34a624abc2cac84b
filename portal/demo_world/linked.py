"""The cases of the demo that its active incident has caused: one linked by the care team, one opened by a customer who read of it."""

from dataclasses import replace
from datetime import timedelta

from cases.models import Case
from escalations.actions.incident_links import link_cases, open_affected_case
from escalations.affected import intake_of
from escalations.models import CaseLink, Incident

MINUTE = timedelta(minutes=1)
WALLBOARD = "ウォールボードの待ち呼数が実際と合わない"  # of `sakura.STORIES`
WORDS = "Our hourly report of this morning is still missing, and two team leads plan their shifts with it."


def link_cases_of_demo(people, organizations, *, now):
    """Link them with the real actions, as seen from `now`."""
    incident = Incident.objects.active().get()
    link_cases(
        incident, [Case.objects.get(subject=WALLBOARD)], by=people["agent"], way=CaseLink.Way.SINGLE, now=now - 25 * MINUTE
    )
    dana, initech, moment = people["dana"], organizations["initech"], now - 20 * MINUTE
    answers = replace(intake_of(incident, initech, words=WORDS, by=dana, now=moment), product_area="other")
    open_affected_case(incident, initech, by=dana, intake=answers, now=moment)

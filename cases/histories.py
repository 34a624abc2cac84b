"""Cases with their whole timelines, many at a time and never all at once: for rebuilding, simulating and previews (SPEC 5)."""

from collections import defaultdict

from .models import Activity
from .timeline import events_of

BATCH = 500


def histories(cases, *, batch=BATCH):
    """Each of `cases` (a queryset) with its timeline as events, by key: two queries a batch, constant memory however many there are."""
    cases = cases.with_terms().select_related("agreement").order_by("pk")
    after = 0
    while rows := list(cases.filter(pk__gt=after)[:batch]):
        timelines = _timelines(rows)
        for case in rows:
            yield case, timelines[case.pk]
        after = rows[-1].pk


def _timelines(rows):
    activities = (
        Activity.objects.filter(case__in=[case.pk for case in rows]).only("case", "kind", "occurred_at", "data").order_by("pk")
    )
    by_case = defaultdict(list)
    for activity in activities:
        by_case[activity.case_id].append(activity)
    return defaultdict(list, {key: events_of(found) for key, found in by_case.items()})

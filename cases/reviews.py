"""Cases that missed a target whose breach the policy has reviewed with all teams involved (SPEC 5, the table of packs: over 48 hours)."""

from django.db.models import Exists, OuterRef, Q

from sla.models import Clock, PolicyVersion
from sla.policies import rules_of

from .models import Activity

Kind = Activity.Kind


def cases_to_review(cases, *, now):
    """Those of `cases`, open or closed, that wait for their review, as a queryset."""
    asked = Q()
    for version in PolicyVersion.objects.filter(published_at__isnull=False).defer("source", "rules"):
        if kinds := rules_of(version).escalation.review_on:
            asked |= Q(policy_version=version, pk__in=missed(now).filter(kind__in=kinds).values("case"))
    reviewed = Activity.objects.filter(case=OuterRef("pk"), kind=Kind.REVIEW)
    return cases.filter(asked & ~Exists(reviewed)) if asked else cases.none()


def kinds_to_review(case, *, now):
    """The kinds of clock of this case whose breach asks for a review; none where there is nothing to review, or it was reviewed."""
    kinds = rules_of(case.policy_version).escalation.review_on
    if not kinds or case.activities.filter(kind=Kind.REVIEW).exists():
        return []
    return sorted(missed(now).filter(case=case, kind__in=kinds).values_list("kind", flat=True))


def missed(now):
    """Clocks whose due time was missed, whether the sweep has seen it or not."""
    return Clock.objects.filter(Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING, due_at__lt=now))


def teams_involved(activities):
    """Who worked on a case: the names of the care team's people and of the third parties waited for, in order, each once.

    `activities` come with `actor` and, where they have words, `text_row`.
    """
    names = []
    for activity in activities:
        if activity.kind == Kind.AWAITING_THIRD_PARTY and hasattr(activity, "text_row"):
            names.append(activity.text_row.text)
        elif activity.actor and activity.actor.is_staff:
            names.append(activity.actor.name)
    return list(dict.fromkeys(name for name in names if name))

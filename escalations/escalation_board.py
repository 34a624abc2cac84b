"""The board's readings of escalations: in which order, what is late, and where nobody can decide (SPEC 6, UX S6)."""

from django.db.models import Case as If
from django.db.models import Exists, F, OuterRef, Value, When

from cases.models import Activity, SupportRegion, User

from .models import Escalation

State = Escalation.State
ANSWERS = (Activity.Kind.REPLY, Activity.Kind.CALL, Activity.Kind.PROPOSED, Activity.Kind.CLOSED)


def for_board(escalations):
    """With what a row shows, in the board's order: what waits for a decision, the longest first; then what is worked on; then what has ended, the
    latest first."""
    place = If(When(state=State.REQUESTED, then=Value(0)), When(state__in=Escalation.ACTIVE, then=Value(1)), default=Value(2))
    waiting = If(When(state__in=Escalation.ACTIVE, then=F("requested_at")))
    rows = escalations.select_related("case__organization", "case__policy_version", "owner", "requested_by").defer(
        "case__policy_version__source", "case__policy_version__rules"
    )
    rows = rows.annotate(place=place, waiting=waiting, is_kept=Exists(_answer()))
    return rows.order_by("place", "waiting", F("requested_at").desc(), "pk")


def overdue(escalations, *, now):
    """Active ones whose promised update is late: the moment has passed and the customer heard nothing since the promise."""
    return escalations.filter(~Exists(_answer()), state=State.IN_PROGRESS, promised_at__lt=now)


def undecided(escalations):
    """Those that wait for a decision."""
    return escalations.filter(state=State.REQUESTED)


def _answer():
    """What the customer heard from the care team since the update was promised."""
    return Activity.objects.filter(
        case=OuterRef("case"),
        kind__in=ANSWERS,
        visibility=Activity.Visibility.CUSTOMER,
        from_customer=False,
        recorded_at__gt=OuterRef("promise_made_at"),
    )


def regions_without_decider(regions):
    """Those of these support regions in which nobody can decide an escalation, as their labels: an error, never an automatic approval."""
    wanted = set(regions)
    deciders = User.objects.with_right("escalations.decide_escalation") if wanted else []
    covered = {region for person in deciders for region in person.support_regions}
    return [region.label for region in SupportRegion if region in wanted - covered]

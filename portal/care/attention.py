"""What needs somebody's attention now: the top of the admin's home (SPEC 11)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from cases.models import Agreement, Case, Membership, Organization, OutboxMessage, UrgencyRequest
from cases.permissions import can_review
from cases.reviews import cases_to_review
from escalations.escalation_board import overdue as late_updates
from escalations.escalation_board import regions_without_decider, undecided
from escalations.models import Escalation, Incident, OnCallPerson, WakeUp
from escalations.permissions import can_see_escalations
from portal import heartbeat

from .counts import count_together, count_words
from .queue_filter import overdue


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of concern: its sentence, and the list that shows what it is about."""

    kind: str  # family of colors: danger, warn
    page: str  # URL name
    query: str
    sentence: object


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs attention, as a sentence with a link to what it is about."""

    kind: str
    words: str
    url: str


TOPICS = {
    "waking": Topic(
        "danger",
        "admin:care_queue",
        "severity=1",
        ngettext_lazy(
            "%(count)s alarm of severity 1: nobody on call is on it yet.",
            "%(count)s alarms of severity 1: nobody on call is on them yet.",
            "number",
        ),
    ),
    "undecided": Topic(
        "danger",
        "admin:care_escalations",
        "due=undecided",
        ngettext_lazy("%(count)s escalation waits for a decision.", "%(count)s escalations wait for a decision.", "number"),
    ),
    "late_updates": Topic(
        "danger",
        "admin:care_escalations",
        "due=overdue",
        ngettext_lazy("%(count)s escalation has an overdue update.", "%(count)s escalations have an overdue update.", "number"),
    ),
    "candidates": Topic(
        "danger",
        "admin:care_incidents",
        "",
        ngettext_lazy(
            "%(count)s candidate for a platform incident waits for a decision.",
            "%(count)s candidates for platform incidents wait for a decision.",
            "number",
        ),
    ),
    "overdue": Topic(
        "danger",
        "admin:care_queue",
        "due=overdue",
        ngettext_lazy("%(count)s case is overdue.", "%(count)s cases are overdue.", "number"),
    ),
    "unassigned": Topic(
        "warn",
        "admin:care_queue",
        "owner=none",
        ngettext_lazy("%(count)s open case has no owner.", "%(count)s open cases have no owner.", "number"),
    ),
    "asking": Topic(
        "warn",
        "admin:care_queue",
        "asks=urgency",
        ngettext_lazy(
            "%(count)s request about priority or severity waits for an answer.",
            "%(count)s requests about priority or severity wait for an answer.",
            "number",
        ),
    ),
    "to_review": Topic(
        "warn",
        "admin:care_reviews",
        "",
        ngettext_lazy("%(count)s case waits for its review.", "%(count)s cases wait for their review.", "number"),
    ),
    "stuck": Topic(
        "danger",
        "admin:cases_outboxmessage_changelist",
        "state__exact=PARKED",
        ngettext_lazy("%(count)s message could not be sent.", "%(count)s messages could not be sent.", "number"),
    ),
    "without_primary": Topic(
        "warn",
        "admin:cases_organization_changelist",
        "lacks=primary",
        ngettext_lazy(
            "%(count)s organization has no primary contact.", "%(count)s organizations have no primary contact.", "number"
        ),
    ),
    "without_backup": Topic(
        "warn",
        "admin:cases_organization_changelist",
        "lacks=backup",
        ngettext_lazy(
            "%(count)s organization has no backup contact.", "%(count)s organizations have no backup contact.", "number"
        ),
    ),
    "without_agreement": Topic(
        "warn",
        "admin:cases_organization_changelist",
        "lacks=agreement",
        ngettext_lazy(
            "%(count)s organization has no agreement in force: the default policy counts.",
            "%(count)s organizations have no agreement in force: the default policy counts.",
            "number",
        ),
    ),
}


def attention(user, *, now):
    """The concerns of this care user, of their regions only, the most pressing first; an empty list when all is well."""
    cases = Case.objects.visible_to(user).open()
    to_review = cases_to_review(Case.objects.visible_to(user), now=now) if can_review(user) else cases.none()
    organizations = Organization.objects.visible_to(user)
    escalations = visible_escalations(user)
    numbers = count_together(
        user,
        on_call=OnCallPerson.objects.visible_to(user).on_call(),
        waking=WakeUp.objects.visible_to(user).filter(acknowledged_at=None),
        undecided=undecided(escalations),
        late_updates=late_updates(escalations, now=now),
        candidates=Incident.objects.visible_to(user).filter(state=Incident.State.CANDIDATE),
        overdue=overdue(cases, now),
        unassigned=cases.filter(owner=None),
        asking=UrgencyRequest.objects.visible_to(user).unanswered(),
        to_review=to_review,
        stuck=OutboxMessage.objects.visible_to(user).filter(state=OutboxMessage.State.PARKED),
        without_primary=without_role(organizations, Membership.Role.PRIMARY),
        without_backup=without_role(organizations, Membership.Role.BACKUP),
        without_agreement=without_agreement(organizations, now.date()),
    )
    is_anybody_on_call = numbers.pop("on_call")
    concerns = [_concern(TOPICS[name], number) for name, number in numbers.items() if number]
    on_call = () if is_anybody_on_call else _of_on_call(user)
    return [*_of_worker(now), *on_call, *_of_deciders(user, organizations), *concerns]


def _of_on_call(user):
    if user.has_perm("escalations.change_oncallperson"):
        words = _("Nobody is on call: severity 1 wakes nobody.")
        yield Concern("danger", words, reverse("admin:escalations_oncallperson_changelist"))


def visible_escalations(user):
    """Those of the reader's regions; none for whom the board is not meant."""
    visible = Escalation.objects.visible_to(user)
    return visible if can_see_escalations(user) else visible.none()


def _of_deciders(user, organizations):
    """Nobody to decide is an error, never an automatic approval (SPEC 6)."""
    regions = organizations.values_list("support_region", flat=True).distinct() if can_see_escalations(user) else ()
    for region in regions_without_decider(regions):
        words = _(
            "Nobody can decide escalations of the support region “%(region)s”. Give a care manager cleared for it the right to."
        )
        yield Concern("danger", words % {"region": region}, reverse("admin:care_escalations"))


def _of_worker(now):
    if heartbeat.sweep_is_late(now=now):
        words = _("The worker has not looked for due targets for more than 3 minutes: nothing is announced.")
        yield Concern("danger", words, reverse("readyz"))


def _concern(topic, number):
    words = topic.sentence % {"number": number, "count": count_words(number)}
    return Concern(topic.kind, words, f"{reverse(topic.page)}?{topic.query}")


def without_role(organizations, role):
    """Organizations in which no active member has this role."""
    members = Membership.objects.filter(organization=OuterRef("pk"), role=role, is_active=True)
    return organizations.filter(~Exists(members))


def without_agreement(organizations, on_date):
    """Organizations with no agreement in force: the default policy counts for them."""
    return organizations.filter(~Exists(Agreement.objects.in_force(on_date).filter(organization=OuterRef("pk"))))

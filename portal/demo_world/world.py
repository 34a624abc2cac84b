"""Loads the demo's world: people, then stories, drafts, and no mail of the past."""

from django.db import transaction
from django.db.models import F

from cases import actions
from cases.models import Case, Draft, Organization, OutboxMessage
from cases.timeline import locked, refresh_clocks
from escalations import automatic
from escalations.models import OnCallPerson
from escalations.sweep import sweep

from . import acme, acme_long, escalated, federal, initech, lumiere, sakura, volga
from .analyses import write_analyses
from .files import screenshot
from .linked import link_cases_of_demo
from .people import CUSTOMERS, load_people
from .platform import make_platform
from .story import draft_with, tell

STORIES = [story for module in (acme_long, acme, sakura, volga, initech, lumiere, federal, escalated) for story in module.STORIES]


def is_loaded():
    """Is the demo's world in this database already?"""
    return Organization.objects.filter(short_name__in=[customer.key for customer in CUSTOMERS]).exists()


@transaction.atomic
def load_world(*, now):
    """Make the demo's world as seen from `now`; all or nothing. Where it is there already, nothing is touched. True where it was made."""
    if is_loaded():
        return False
    people, organizations = load_people()
    for story in STORIES:
        tell(story, people=people, organizations=organizations, now=now)
    _make_drafts(people, organizations, now=now)
    for place, key in enumerate(("agent", "agent2")):
        OnCallPerson.objects.create(user=people[key], position=place)
    make_platform(people, now=now)
    link_cases_of_demo(people, organizations, now=now)
    write_analyses(people, organizations, now=now)
    _bring_clocks_up_to(now)
    sweep(now=now)
    automatic.follow(now=now)  # what fell due is told in the timelines now, and not by mail when the worker starts
    OutboxMessage.objects.filter(state=OutboxMessage.State.QUEUED).update(state=OutboxMessage.State.SENT, sent_at=F("created_at"))
    return True


def _make_drafts(people, organizations, *, now):
    """What is typed and not sent: Léa's refused critical case, and Claire's answer with a screenshot."""
    critical = actions.save_draft(
        lumiere.REFUSED_CODE,
        by=people["lea"],
        kind=Draft.Kind.CASE,
        data=lumiere.REFUSED,
        now=now,
        organization=organizations["lumiere"],
    )
    actions.refuse_draft(critical, now=now)
    waiting = Case.objects.filter(opened_by=people["claire"], status=Case.Status.AWAITING_CUSTOMER).latest("opened_at")
    draft_with(
        (screenshot("import-roles.png", "Role import", "2 roles without a division", "Superviseur Lille"),),
        kind=Draft.Kind.REPLY,
        by=people["claire"],
        now=now,
        case=waiting,
        data={"text": "Bonjour Anna, oui, nous avons importé des rôles mardi à 18 h. Je vous joins "},
    )


def _bring_clocks_up_to(now):
    for each in Case.objects.all():
        case = locked(each)
        refresh_clocks(case, now=now)
        case.save()

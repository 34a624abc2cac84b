"""Follow-up cases (SPEC 4, 8): a new case linked with the one it follows, opened by people or, to wait for an RCA, by the portal."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from sla.policies import rules_of

from ..follow_up_draft import answers_to_copy
from ..models import Case, Draft, Membership
from ..models.drafts import speakable_code
from ..notifications import tell
from ..permissions import can_follow_up, can_own, standing_of
from ..rca_owed import FULL, follow_up_priority, has_document
from ..timeline import Entry, Kind, locked, record
from .drafting import save_draft
from .opening import open_case, opening_of
from .writing import recorded, require


@transaction.atomic
def draft_follow_up(case, *, by, now):
    """Begin a follow-up of a closed case as a draft with the answers of the original. Returns the draft. Raises Refused."""
    require(can_follow_up(by, case, now=now))
    data = {**answers_to_copy(case), "follows": case.number}
    return save_draft(speakable_code(), by=by, kind=Draft.Kind.CASE, organization=case.organization, data=data, now=now)


@transaction.atomic
def open_follow_up(case, *, by, intake, now, channel=Case.Channel.PORTAL, draft=None, expected_version=None):
    """Open a case that follows this one, for the contact who opened the original unless a contact does it. Returns the new case.

    Both sides of the link are told in both timelines. Raises Refused: the original can be reopened, or has an open follow-up; and like
    `open_case`.
    """
    original = locked(case, expected_version=expected_version)
    require(can_follow_up(by, original, now=now))
    contact = _contact_of(original) if by.is_staff else by
    new = open_case(
        original.organization, by=by, contact=contact, intake=intake, channel=channel, now=now, draft=draft, follows=original
    )
    record(original, _link(new), by=by, now=now)
    return new


def open_rca_follow_up(case, *, now):
    """Open the case that stays open until the RCA of this one is delivered, where the policy wants one. Returns it, or None.

    For the caller's transaction, with the case locked: once for each case, however often its resolution is proposed. It is opened under the
    terms of the original, whose RCA clock goes on; it has no targets of its own, for nobody asked and the service is restored.
    """
    priority = follow_up_priority(case)
    if not priority or case.follow_ups.filter(closes_with_rca=True).exists() or has_document(case, FULL):
        return None
    new = _held_copy(case, rules_of(case.policy_version).priority(priority), at=now)
    new.save()
    with override(case.language or "en"):
        text = _("This case stays open until the root cause analysis (RCA) for case %(number)s is delivered.")
    opened = Entry(Kind.OPENED, text % {"number": case.number}, case.language or "en", opening_of(new), by_portal=True)
    owner = [Entry(Kind.OWNER, data={"from": None, "to": new.owner_id, "agent": new.owner_id}, by_portal=True)]
    link = Entry(Kind.FOLLOW_UP, data={"number": case.number, "original": False}, by_portal=True)
    for activity in record(new, opened, *(owner if new.owner else []), link, by=None, now=now):
        tell(activity, now=now)
    recorded(case, _link(new), by=None, now=now)
    return new


def _contact_of(case):
    """Whoever opened the case, while they are still a contact; else the organization's primary contact."""
    if standing_of(case.opened_by, case.organization).is_contact:
        return case.opened_by
    primary = case.organization.memberships.filter(is_active=True, role=Membership.Role.PRIMARY).first()
    return primary.user if primary else case.opened_by


def _link(new):
    return Entry(Kind.FOLLOW_UP, data={"number": new.number, "original": True}, by_portal=True)


KEPT = (  # what the follow-up takes over from its original: people, terms, and where it happens
    *("organization", "opened_by", "case_type", "channel", "product_area", "language", "scope", "agreement"),
    *("policy_version", "calendar_version", "time_zone", "country", "plan"),
)


def _held_copy(case, priority, *, at):
    with override(case.language or "en"):
        # not the customer's words: what is removed from the original must not live on in a copy
        subject = _("Root cause analysis (RCA) for case %(number)s") % {"number": case.number}
    return Case(
        **{name: getattr(case, name) for name in KEPT},
        subject=subject,
        owner=case.owner if case.owner and can_own(case.owner, case) else None,
        severity_rank=priority.severity_rank,
        priority_code=priority.code,
        opened_at=at,
        latest_activity_at=at,
        version=0,
        urgency_rank=0,
        follows=case,
        closes_with_rca=True,
    )

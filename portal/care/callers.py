"""Who calls? People of customers by phone digits, name, e-mail or organization, with what they may do (SPEC 2 "Phone intake")."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from cases.decision import Decision
from cases.models import Membership, OrganizationPhone, User
from cases.models.people import digits_of
from cases.permissions import Standing, can_open_case

MOST_ROWS = 40
SHORTEST_NUMBER = 5  # digits; fewer would find half of the country
COMPARED = 9  # the latest digits, without what countries put before them: 01 99 00 12 34 and +33 1 99 00 12 34 are one number


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a person belongs, and whether cases may be opened for them there."""

    membership: Membership
    may_open: Decision


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may be the one who calls."""

    person: User
    belongings: list[Belonging]


def find_callers(user, typed):
    """The people whom `typed` may mean, of organizations that the care user may see, by name; one query."""
    memberships = Membership.objects.visible_to(user).filter(_is_meant(typed), user__is_staff=False)
    rows = memberships.select_related("user", "organization").order_by("user__name", "user_id", "organization__name")
    by_person = groupby(rows[:MOST_ROWS], key=lambda membership: membership.user)
    return [Caller(person, [_belonging(membership) for membership in mine]) for person, mine in by_person]


def contacts_of(organization):
    """The designated contacts of an organization: who may call instead; the primary one first."""
    contacts = Membership.objects.filter(organization=organization, is_active=True, role__in=Membership.CONTACT_ROLES)
    active = contacts.filter(user__is_active=True).select_related("user")
    return [
        membership.user for membership in sorted(active, key=lambda one: (one.role != Membership.Role.PRIMARY, one.user.name))
    ]


def may_open(membership):
    """May cases be opened for this person here? Answered as in the portal."""
    is_active = membership.is_active and membership.user.is_active
    standing = Standing(is_contact=is_active and membership.role in Membership.CONTACT_ROLES)
    return can_open_case(membership.user, membership.organization, standing)


def _belonging(membership):
    return Belonging(membership, may_open(membership))


def _is_meant(typed):
    words = typed.strip()
    meant = Q(user__name__icontains=words) | Q(user__email__icontains=words)
    meant |= Q(organization__name__icontains=words) | Q(organization__short_name__icontains=words.lower())
    return meant | _has_number(words)


def _has_number(words):
    digits = digits_of(words).lstrip("0")[-COMPARED:]
    if len(digits) < SHORTEST_NUMBER or any(character.isalpha() for character in words):
        return Q()
    phones = OrganizationPhone.objects.filter(digits__endswith=digits)
    return Q(user__phone_digits__endswith=digits) | Q(organization__in=phones.values("organization_id"))

"""Publishing policies and calendars: checked files become versions that never change (SPEC 5, ISSUE 2)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from sla.calendar_files import CheckedCalendar
from sla.models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy
from sla.pack_files import Pack


class CannotPublish(Exception):
    """A version that cannot be put in force; the message says why."""


class AlreadyPublished(CannotPublish):
    """A draft that was published before: what is in force never changes, and is not put in force twice."""

    def __init__(self, version):
        super().__init__(f"Version {version.number} is published already.")


class Outdated(CannotPublish):
    """A draft that is older than what is in force."""

    def __init__(self, version, latest: int):
        super().__init__(f"Version {latest} is in force; version {version.number} is older. Make a new draft.")


class VersionTaken(CannotPublish):
    """A file differs from the published version of the same number: its number must be raised."""

    def __init__(self, code: str, number: int):
        super().__init__(
            f"Version {number} of “{code}” is published already and differs from this file. Raise the version in the file to publish it as a new one."
        )


@transaction.atomic
def publish_pack(pack: Pack, *, source: str, now: datetime) -> PolicyVersion | None:
    """Publish a pack as a new version of its policy; None where this very version is published. Raises VersionTaken."""
    version = PolicyVersion.objects.filter(policy__code=pack.rules.code, number=pack.rules.version).first()
    if version is None:
        version = keep_draft(pack, source=source)
    elif version.digest != pack.digest:
        raise VersionTaken(pack.rules.code, pack.rules.version)
    return None if version.published_at else publish_draft(version, now=now)


@transaction.atomic
def keep_draft(pack: Pack, *, source: str, draft: PolicyVersion | None = None) -> PolicyVersion:
    """Keep a checked pack as a draft, a new one or in place of `draft`: nothing is decided by it until it is published."""
    policy, _ = SupportPolicy.objects.get_or_create(code=pack.rules.code, defaults={"name": pack.rules.name})
    draft = draft or PolicyVersion(policy=policy)
    if draft.published_at:
        raise VersionTaken(policy.code, draft.number)
    draft.number, draft.source, draft.rules, draft.digest = pack.rules.version, source, pack.data, pack.digest
    draft.save()
    return draft


@transaction.atomic
def publish_draft(version: PolicyVersion | CalendarVersion, *, now: datetime) -> PolicyVersion | CalendarVersion:
    """Put a draft in force for the cases that are opened from now on. Raises AlreadyPublished, Outdated."""
    if not type(version).objects.filter(pk=version.pk, published_at__isnull=True).update(published_at=now):
        raise AlreadyPublished(version)
    latest = _siblings(version).filter(published_at__isnull=False).aggregate(latest=Max("number"))["latest"]
    if latest > version.number:
        raise Outdated(version, latest)
    version.published_at = now
    if isinstance(version, PolicyVersion):
        SupportPolicy.objects.filter(pk=version.policy_id).update(name=version.rules["name"])
    return version


def _siblings(version):
    owner = version.policy if isinstance(version, PolicyVersion) else version.calendar
    return owner.versions


@transaction.atomic
def publish_calendar(checked: CheckedCalendar, *, now: datetime) -> CalendarVersion | None:
    """Publish a calendar as a new version; None where this very version is published. Raises VersionTaken."""
    calendar, _ = Calendar.objects.get_or_create(code=checked.code, defaults={"name": checked.name})
    version = calendar.versions.filter(number=checked.version).first()
    if version is not None:
        if version.digest != checked.digest:
            raise VersionTaken(checked.code, checked.version)
        return None
    calendar.name = checked.name
    calendar.save(update_fields=["name"])
    return calendar.versions.create(
        number=checked.version, definition=checked.definition, digest=checked.digest, published_at=now
    )


@transaction.atomic
def make_default(code: str) -> bool:
    """Make a policy the default one unless there is a default already; True where it was made."""
    if SupportPolicy.objects.filter(is_default=True).exists():
        return False
    return SupportPolicy.objects.filter(code=code).update(is_default=True) == 1

"""Publishing policies and calendars: checked files become versions that never change (SPEC 5, ISSUE 2)."""

from datetime import datetime

from django.db import transaction

from sla.calendar_files import CheckedCalendar
from sla.models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy
from sla.pack_files import Pack


class VersionTaken(Exception):
    """A file differs from the published version of the same number: its number must be raised."""

    def __init__(self, code: str, number: int):
        super().__init__(
            f"Version {number} of “{code}” is published already and differs from this file. Raise the version in the file to publish it as a new one."
        )


@transaction.atomic
def publish_pack(pack: Pack, *, source: str, now: datetime) -> PolicyVersion | None:
    """Publish a pack as a new version of its policy; None where this very version is published. Raises VersionTaken."""
    policy, _ = SupportPolicy.objects.get_or_create(code=pack.rules.code, defaults={"name": pack.rules.name})
    version = policy.versions.filter(number=pack.rules.version).first()
    if version is not None:
        return _same_or_refuse(version.digest == pack.digest, pack.rules.code, pack.rules.version)
    policy.name = pack.rules.name
    policy.save(update_fields=["name"])
    return policy.versions.create(number=pack.rules.version, source=source, rules=pack.data, digest=pack.digest, published_at=now)


@transaction.atomic
def publish_calendar(checked: CheckedCalendar, *, now: datetime) -> CalendarVersion | None:
    """Publish a calendar as a new version; None where this very version is published. Raises VersionTaken."""
    calendar, _ = Calendar.objects.get_or_create(code=checked.code, defaults={"name": checked.name})
    version = calendar.versions.filter(number=checked.version).first()
    if version is not None:
        return _same_or_refuse(version.digest == checked.digest, checked.code, checked.version)
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


def _same_or_refuse(is_same, code, number):
    if not is_same:
        raise VersionTaken(code, number)
    return

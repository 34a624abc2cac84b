"""Draft versions of policies and calendars for tests: the published text with some of its words changed."""

from functools import cache

from sla.models import CalendarVersion, PolicyVersion
from sla.pack_files import read_pack
from sla.publishing import keep_draft
from sla.shipped_packs import PACKS

CALENDARS = ("business-hours", "always-open")


@cache
def pack_of(code, *changes):
    """A shipped pack with its number raised and (old, new) words changed: (source, pack)."""
    source = (PACKS / f"{code}.yaml").read_text().replace("version: 1", "version: 2", 1)
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source, read_pack(source, calendars=CALENDARS)


def policy_draft(code, *changes) -> PolicyVersion:
    """A draft of version 2 of a shipped policy."""
    source, pack = pack_of(code, *changes)
    return keep_draft(pack, source=source)


def calendar_draft(code, **changes) -> CalendarVersion:
    """A draft of the next version of a published calendar, with parts of its definition changed."""
    latest = CalendarVersion.objects.filter(calendar__code=code).latest("number")
    return CalendarVersion.objects.create(
        calendar=latest.calendar, number=latest.number + 1, definition=latest.definition | changes, digest=f"test {changes}"[:64]
    )

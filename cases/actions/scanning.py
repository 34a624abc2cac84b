"""What becomes of uploaded files that wait for the malware scanner (SAFETY 8). The scanner is asked outside of any transaction."""

import logging
import time
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django_q.tasks import async_task

from ..clamd import ScanFailed, ScannerDown, is_infected
from ..models import Attachment
from ..timeline import Entry, Kind, locked
from .writing import recorded

log = logging.getLogger(__name__)
Scan = Attachment.Scan
BATCH = 100
BATCH_SECONDS = 30  # a batch ends before the queue would end it


def first_state():
    """The state of a file that is uploaded now: it waits where there is a scanner."""
    return Scan.PENDING if settings.CLAMD_URL else Scan.NOT_CONFIGURED


def wake_scanner():
    """Ask the worker to scan what waits as soon as this transaction is committed. Only a wake-up: the schedule finds what it misses."""
    transaction.on_commit(partial(async_task, "cases.tasks.scan_files", save=False), robust=True)


def scan_files(*, now):
    """Have the files that wait scanned, the oldest first. Returns how many have their verdict now. Safe to run twice.

    While the scanner is down they go on waiting, and nobody can download them; where there is none any more, they are released.
    """
    waiting = Attachment.objects.filter(scan=Scan.PENDING, removed_at=None)
    if not settings.CLAMD_URL:
        return waiting.update(scan=Scan.NOT_CONFIGURED)
    ends_at, settled = time.monotonic() + BATCH_SECONDS, 0
    for attachment in waiting.order_by("pk")[:BATCH]:
        try:
            settled += _settle(attachment.pk, _verdict(attachment), now=now)
        except ScannerDown as error:
            log.warning("The malware scanner cannot be reached; files wait: %s", error)
            break
        except (ScanFailed, OSError) as error:  # this one waits, the others go on
            log.warning("Attachment %s could not be scanned: %s", attachment.pk, error)
        if time.monotonic() > ends_at:
            break
    return settled


def _verdict(attachment):
    with attachment.file.open("rb") as content:
        return Scan.INFECTED if is_infected(content, url=settings.CLAMD_URL) else Scan.CLEAN


@transaction.atomic
def _settle(pk, verdict, *, now):
    """Write the verdict down, once. Returns whether it was this call: a file that was sent meanwhile is settled by the next run.

    A harmful file is deleted. One on a draft stays as a row, for its writer to take off; one that was sent is told of in the timeline.
    """
    attachment = Attachment.objects.select_related("activity", "case").filter(pk=pk).first()
    if attachment is None:
        return False
    case = locked(attachment.case) if attachment.case else None
    waiting = Attachment.objects.filter(pk=pk, scan=Scan.PENDING, case=case, removed_at=None)
    gone = {"file": "", "removed_at": now if case else None} if verdict == Scan.INFECTED else {}
    if not waiting.update(scan=verdict, **gone):
        return False
    if gone:
        transaction.on_commit(partial(default_storage.delete, attachment.file.name))
    if gone and case:
        recorded(case, _refusal_of(attachment), by=None, now=now)
    return True


def _refusal_of(attachment):
    data, visibility = {"attachment": attachment.pk}, attachment.activity.visibility
    return Entry(Kind.FILE_REFUSED, attachment.name, data=data, visibility=visibility, by_portal=True)

"""The state of the platform as last known: asked of the database every few seconds at most, kept in memory and as a file (SPEC 7, SPEED).

Whoever comes while somebody else asks gets the last known state, so that any number of readers cause one reading. Where the database does
not answer, the last known state is told with its time. The file (settings.STATUS_FILE) is shared by the processes of a machine and
survives their restart.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error

from . import status_snapshot
from .status_reading import read_snapshot
from .status_snapshot import Snapshot

log = logging.getLogger(__name__)
FRESH = timedelta(seconds=5)  # the database is asked no more often than this
STALE = timedelta(minutes=1)  # older than this: the page says so
PATIENCE = 3  # seconds that a reader waits for the first answer, or for one after a quiet time


@dataclass(frozen=True, slots=True)
class Known:
    """What can be told: a snapshot (None: there never was one), and whether it may be out of date."""

    snapshot: Snapshot | None
    is_stale: bool


@dataclass(slots=True)
class _Memory:
    snapshot: Snapshot | None = None
    asked_at: datetime | None = None  # when the latest asking ended
    asking_since: float | None = None  # monotonic, while somebody asks
    has_failed: bool = False
    file_version: int = 0


_memory = _Memory()
_asking = threading.Lock()


def last_known(*, now):
    """The state of the platform at `now`, or the last one that was known. Never raises, and asks the database once for all who come at once."""
    if _must_ask(now) and _asking.acquire(timeout=_patience(now)):
        try:
            if _must_ask(now):  # else whoever had the lock has asked
                _ask(now)
        finally:
            _memory.asking_since = None
            _asking.release()
    return Known(_memory.snapshot, _is_stale(now))


def forget():
    """Start as a new process does: knowing what the file says."""
    global _memory
    _memory = _Memory()


def _must_ask(now):
    return _memory.asked_at is None or abs(now - _memory.asked_at) >= FRESH


def _patience(now):
    """Seconds to wait for somebody who is asking: none while there is something recent to tell, and few in a database's long silence."""
    if _memory.snapshot is not None and not _is_stale(now):
        return 0
    since = _memory.asking_since
    return PATIENCE if since is None else max(0, PATIENCE - (time.monotonic() - since))


def _is_stale(now):
    return _memory.has_failed or _memory.snapshot is None or now - _memory.snapshot.checked_at > STALE


def _ask(now):
    _memory.asking_since = time.monotonic()
    _take_from_file()
    known = _memory.snapshot
    if known is None or abs(now - known.checked_at) >= FRESH:
        _take_from_database(now)
    else:  # another process of this machine has just asked
        _memory.has_failed = False
    _memory.asked_at = now


def _take_from_database(now):
    try:
        _memory.snapshot = read_snapshot(now=now, before=_memory.snapshot)
    except Error as error:
        log.error("The status page could not ask the database and tells the last known state: %r", error)
        _memory.has_failed = True
    else:
        _memory.has_failed = False
        _write_file(_memory.snapshot)


def _take_from_file():
    """Take over what another process, or this one before its restart, has kept, where it is newer than what we know."""
    path = Path(settings.STATUS_FILE)
    try:
        version = path.stat().st_mtime_ns
        if version == _memory.file_version:
            return
        kept = status_snapshot.loads(path.read_text())
        _memory.file_version = version
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.error("%s cannot be read and will be written anew: %r", path, error)
        return
    if _memory.snapshot is None or kept.checked_at > _memory.snapshot.checked_at:
        _memory.snapshot = kept


def _write_file(snapshot):
    """Keep the snapshot, atomically: a reader finds the old file or the new one, whole."""
    path = Path(settings.STATUS_FILE)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(status_snapshot.dumps(snapshot))
        unfinished.replace(path)
        _memory.file_version = path.stat().st_mtime_ns
    except OSError as error:
        log.error("The state of the platform could not be kept in %s: %r", path, error)

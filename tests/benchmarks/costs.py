"""What a call costs: processor time of this process and of its PostgreSQL backend, and the statements it sends.

Wall time on a shared machine moves by a factor of five, processor time by a third; the least of several rounds moves by a few per cent.
"""

from pathlib import Path
from time import process_time

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 15


def costs(calls, *, rounds=ROUNDS):
    """Processor seconds of each call of {name: call}, the least of `rounds`; the calls take turns, so that a busy moment hits all alike."""
    for call in calls.values():  # compiles templates and regular expressions, fills the caches that a running server has full
        call()
    spent = {name: [] for name in calls}
    for _round in range(rounds):
        for name, call in calls.items():
            spent[name].append(seconds_of(call))
    return {name: min(seconds) for name, seconds in spent.items()}


def seconds_of(call):
    """Processor seconds of one call, ours and the database's."""
    before = process_time() + database_seconds()
    call()
    return process_time() + database_seconds() - before


def statements_of(call):
    """How many statements the call sends."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def database_seconds():
    """Processor time of our PostgreSQL backend so far (it runs on this machine; without parallel workers all the work is its own)."""
    return int(Path(f"/proc/{_backend()}/schedstat").read_text().split()[0]) / 1e9


def _backend():
    connection.ensure_connection()
    return connection.connection.info.backend_pid

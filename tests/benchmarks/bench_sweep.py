"""The sweep against SPEED G7, on PostgreSQL with 1M clocks: nothing due, of the sweep and of each other step of every minute; a breach with
its event and notice; ten times as many breaches.

    createdb -U postgres sweep_benchmark
    DATABASE_URL=postgres://postgres@127.0.0.1:5432/sweep_benchmark python -m tests.benchmarks.bench_sweep [--clocks 1000000]

Anchors, measured in the same run: SELECT 1 through Django; and the least that telling a breach once can cost, a batch of
`FOR UPDATE SKIP LOCKED` rows that is updated and whose event and notice are inserted by three statements of plain SQL. Processor time of this
process and of the server's backend together (`/proc`, so the server must run on this machine). Other steps (`portal.tasks.EVERY_MINUTE`) are
asked beside years of escalations, incidents, RCAs, wake-ups and reminders (`side_tables`); their buffers are those of every statement they send.
"""

import argparse
import json
import os
import re
import statistics
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import process_time
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from cases.models import Activity, Case, OutboxMessage  # noqa: E402
from escalations.models import Escalation  # noqa: E402
from escalations.sweep import sweep  # noqa: E402
from portal.tasks import EVERY_MINUTE  # noqa: E402
from sla.models import Clock  # noqa: E402
from tests.benchmarks.costs import costs  # noqa: E402
from tests.benchmarks.million import fill  # noqa: E402
from tests.benchmarks.side_tables import fill_side_tables  # noqa: E402

NOW = timezone.now()
KINDS = ["NEXT_UPDATE", "RESTORATION", "RESOLUTION", "NEXT_RESPONSE"]  # beside the first response that `million` writes
MORE_CLOCKS = """
INSERT INTO sla_clock (case_id, kind, target_code, state, pause_cause, started_at, due_at, next_effect, next_effect_at)
SELECT id, kind, lower(kind), 'RUNNING', '', opened_at, now() + interval '1 day' + id * interval '1 second', 'BREACH',
    now() + interval '1 day' + id * interval '1 second'
FROM cases_case, unnest(%s::text[]) AS kind
"""
MAKE_DUE = """
UPDATE sla_clock SET state = 'RUNNING', due_at = %(at)s, next_effect = 'BREACH', next_effect_at = %(at)s, breached_at = NULL, announced_for = NULL
WHERE id IN (SELECT sla_clock.id FROM sla_clock JOIN cases_case ON cases_case.id = case_id JOIN cases_user owner ON owner.id = owner_id
             JOIN cases_organization customer ON customer.id = cases_case.organization_id
             WHERE owner.support_regions ? support_region AND kind = 'NEXT_UPDATE' ORDER BY sla_clock.id LIMIT %(count)s)
"""
TICKS = os.sysconf("SC_CLK_TCK")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--clocks", type=int, default=1_000_000)
    options.add_argument("--breaches", type=int, default=500)
    asked = options.parse_args()
    call_command("migrate", verbosity=0)
    if not Clock.objects.exists():
        prepare(asked.clocks)
    if not Escalation.objects.exists():
        fill_side_tables()
    print(f"{Clock.objects.count():,} clocks of {Case.objects.count():,} cases")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    nothing_due()
    every_minute()
    breaches(asked.breaches)
    sweep(now=NOW)
    print(f"{'sweep, nothing due, after all these':<44}{buffers():>10} buffers, until the next vacuum")


def prepare(clocks):
    """A fifth as many cases as clocks, five clocks each, none of them due."""
    call_command("load_policies", verbosity=0)
    fill(clocks // 5)
    with connection.cursor() as cursor:
        cursor.execute(MORE_CLOCKS, [KINDS])
        cursor.execute("VACUUM ANALYZE")


# --- nothing due -------------------------------------------------------------------------------------------------------
def nothing_due():
    select = cpu_each(select_one, 2000)
    probe = cpu_each(lambda: sweep(now=NOW), 2000)
    print(f"{'SELECT 1':<44}{select * 1e6:>10.0f} µs")
    print(f"{'sweep, nothing due':<44}{probe * 1e6:>10.0f} µs {probe / select:>8.2f}x  (goal 4x)  {buffers()} buffers (goal 10)")


def select_one():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def buffers():
    """How many pages the probe reads."""
    return pages_of(f"SELECT 1 FROM sla_clock WHERE next_effect_at <= '{NOW}' ORDER BY next_effect_at LIMIT 1")


def every_minute():
    """A row for each step with nothing due: its statements, the pages they read, its processor time."""
    steps = {step.__name__: partial(step, now=NOW) for step in EVERY_MINUTE}
    spent_by = costs({"SELECT 1": select_one, **steps}, rounds=100)
    print(f"{'every minute, nothing due':<44}{'SQL':>4}{'buffers':>9}{'µs':>8}{'x SELECT 1':>12}")
    for name, step in steps.items():
        with CaptureQueriesContext(connection) as captured:
            step()
        pages = sum(pages_of(query["sql"]) for query in captured)
        times = spent_by[name] / spent_by["SELECT 1"]
        print(f"{name:<44}{len(captured):>4}{pages:>9}{spent_by[name] * 1e6:>8.0f}{times:>12.1f}")


def pages_of(statement):
    """How many pages the statement reads, its planning not counted."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement)
        plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


# --- breaches ----------------------------------------------------------------------------------------------------------
def breaches(count):
    once = [figure(count, announce_all) for _again in range(5)]
    anchor = [figure(count, announce_in_plain_sql) for _again in range(5)]
    tenfold = [figure(10 * count, announce_all) for _again in range(3)]
    cost, least, ten = (statistics.median(figures) for figures in (once, anchor, tenfold))
    print(f"{f'{count} breaches in plain SQL, a batch':<44}{least * 1e3:>10.1f} ms")
    print(f"{f'{count} breaches with event and notice':<44}{cost * 1e3:>10.1f} ms {cost / least:>8.2f}x  (goal 2.5x)")
    print(f"{f'{10 * count} breaches':<44}{ten * 1e3:>10.1f} ms {ten / cost:>8.2f}x  (goal 12x)")


def figure(count, announce):
    """Processor seconds to announce so many breaches that fall due in one minute."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, {"count": count, "at": NOW - timedelta(seconds=30)})
    before = cpu(), Activity.objects.count(), OutboxMessage.objects.count()
    seconds = spent(announce)
    told = Activity.objects.count() - before[1], OutboxMessage.objects.count() - before[2]
    if told != (count, count):
        raise SystemExit(f"{told} events and notices instead of {count}.")
    return seconds


def announce_all():
    sweep(now=NOW)


PLAIN = """
WITH due AS (
  SELECT clock.id, clock.case_id, clock.kind, clock.next_effect_at FROM sla_clock clock
  WHERE next_effect_at <= %(now)s AND next_effect IN ('BREACH', 'PROMISE') ORDER BY next_effect_at, id LIMIT 500 FOR UPDATE SKIP LOCKED
), changed AS (
  UPDATE sla_clock SET state = 'BREACHED', breached_at = due.next_effect_at, announced_for = due.next_effect_at,
    next_effect = '', next_effect_at = NULL FROM due WHERE sla_clock.id = due.id RETURNING due.*
)
SELECT case_id, kind, changed.next_effect_at, subject, owner.id, owner.email, owner.name, owner.language, owner.time_zone
FROM changed JOIN cases_case ON cases_case.id = case_id JOIN cases_user owner ON owner.id = owner_id
JOIN cases_organization ON cases_organization.id = cases_case.organization_id WHERE owner.is_active AND owner.support_regions ? support_region
"""
EVENTS = """
INSERT INTO cases_activity (case_id, kind, from_customer, channel, visibility, recorded_at, occurred_at, data)
VALUES (%s, 'BREACHED', false, '', 'CUSTOMER', %s, %s, %s) RETURNING id
"""
NOTICES = """
INSERT INTO cases_outboxmessage (event, recipient_id, address, channel, template, language, time_zone, data, activity_id, case_id,
  message_id, state, attempts, created_at, next_attempt_at, error)
VALUES (%s, %s, %s, 'EMAIL', 'missed', %s, %s, %s, %s, %s, %s, 'QUEUED', 0, %s, %s, '') ON CONFLICT DO NOTHING
"""


def announce_in_plain_sql():
    while _plain_batch():
        pass


@transaction.atomic
def _plain_batch():
    """Writes the same rows as the sweep."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"now": NOW})
        due = cursor.fetchall()
        events = many(cursor, EVENTS, [(row[0], NOW, row[2], _event(row)) for row in due])
        many(cursor, NOTICES, [_notice(pk, row) for (pk,), row in zip(events, due, strict=True)], answers=False)
    return len(due)


def _event(row):
    return json.dumps({"clock": row[1], "due_at": row[2].isoformat()})


def _notice(pk, row):
    case, _kind, due_at, subject, owner, email, name, language, zone = row
    number = f"CS-{1_000_000 + case}"
    told = {"reader": name, "number": number, "subject": subject, "url": f"http://localhost:8000/cases/{number}/"}
    data = json.dumps(told | {"clock": "Next update", "due_at": due_at.isoformat()})
    return f"activity:{pk}", owner, email, language, zone, data, pk, case, f"<{uuid4().hex}@localhost>", NOW, NOW


def many(cursor, statement, rows, *, answers=True):
    """One INSERT of many rows: the statement's one row of places, as often as there are rows."""
    if not rows:
        return []
    head, one, tail = re.fullmatch(r"(.*VALUES )(\(.*?\))( .*)", statement.strip(), re.DOTALL).groups()
    cursor.execute(head + ", ".join([one] * len(rows)) + tail, [value for row in rows for value in row])
    return cursor.fetchall() if answers else []


# --- measuring ---------------------------------------------------------------------------------------------------------
def cpu_each(act, times):
    act()
    return spent(lambda: [act() for _again in range(times)]) / times


def spent(act):
    """Processor seconds of this process and of its backend."""
    before = cpu()
    act()
    return cpu() - before


def cpu():
    fields = Path(f"/proc/{backend()}/stat").read_text().rpartition(")")[2].split()
    return process_time() + (int(fields[11]) + int(fields[12])) / TICKS


def backend():
    return connection.connection.info.backend_pid


if __name__ == "__main__":
    main()

"""Pages and the CSV over many cases against SPEED G1, G2, G4, G6: processor time of this process and of PostgreSQL, as a ratio to anchors.

    DATABASE_URL=postgres://postgres@127.0.0.1/bench python -m tests.benchmarks.million
    DATABASE_URL=postgres://postgres@127.0.0.1/bench python -m tests.benchmarks.bench_pages

Anchor list25: 25 rows × 8 cells of one indexed query with two joins, through a bare view's worth of work (query and template). Each page is asked
in the Django test client, so its figure holds middleware, session and template.
"""

import os
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from cases.care_groups import ANALYST, CARE_MANAGER  # noqa: E402
from cases.exports import care_columns, csv_lines  # noqa: E402
from cases.models import Case, User  # noqa: E402

ROUNDS = 20
ROW = "{% for r in rows %}<tr>{% for c in r %}<td>{{ c }}</td>{% endfor %}</tr>{% endfor %}"
COPY = "COPY (SELECT id, subject, status, severity_rank, priority_code, opened_at, closed_at, latest_activity_at FROM cases_case) TO STDOUT CSV"


def main():
    settings.ALLOWED_HOSTS.append("testserver")
    anchor, _statements = cost(list25)
    print(f"{Case.objects.count():,} cases; list25 {anchor * 1000:.1f} ms of CPU")
    print(f"{'page':<34}{'ms CPU':>9}{'x list25':>10}{'SQL':>6}")
    for name, ask in pages():
        spent, statements = cost(ask)
        print(f"{name:<34}{spent * 1000:>9.1f}{spent / anchor:>10.2f}{statements:>6}")
    export()


def pages():
    contact = User.objects.get(email="contact7@org7.example")
    agent = User.objects.get(email="agent7@care.example")
    agent.groups.add(Group.objects.get(name=ANALYST), Group.objects.get(name=CARE_MANAGER))
    number = Case.objects.filter(opened_by=contact).latest("pk").number
    customer, staff = client_of(contact), client_of(agent)
    yield "customer: home", lambda: get(customer, "/")
    yield "customer: cases", lambda: get(customer, "/cases/")
    yield "customer: cases, waiting for me", lambda: get(customer, "/cases/?turn=you")
    yield "customer: cases, a word", lambda: get(customer, "/cases/?q=seconds")
    yield "customer: case", lambda: get(customer, f"/cases/{number}/")
    yield "care: queue", lambda: get(staff, "/admin/care/queue/")
    yield "care: queue, without owner", lambda: get(staff, "/admin/care/queue/?owner=none")
    yield "care: all cases", lambda: get(staff, "/admin/care/cases/")
    yield "care: all cases, a word", lambda: get(staff, "/admin/care/cases/?q=report+77777")
    yield "care: case", lambda: get(staff, f"/admin/care/case/{number}/")


def export():
    """G6: every case as CSV, against COPY of the same rows."""
    agent = User.objects.get(email="agent7@care.example")
    with connection.cursor() as cursor:
        started, copied = time.perf_counter(), 0
        with cursor.copy(COPY) as copy:
            for block in copy:
                copied += len(block)
        copy_wall = time.perf_counter() - started
    started, cpu, first, size = time.perf_counter(), time.process_time(), None, 0
    for line in csv_lines(
        Case.objects.visible_to(agent), care_columns(now=timezone.now()), time_zone=timezone.get_current_timezone()
    ):
        first = first or time.perf_counter() - started
        size += len(line)
    wall = time.perf_counter() - started
    print(
        f"COPY {copied / 1e6:.0f} MB in {copy_wall:.1f} s; CSV {size / 1e6:.0f} MB in {wall:.1f} s ({time.process_time() - cpu:.1f} s of our CPU), first byte {first:.2f} s"
    )


def list25():
    rows = (
        Case.objects.select_related("organization", "owner")
        .order_by("-pk")
        .values_list(
            "pk", "subject", "status", "severity_rank", "priority_code", "opened_at", "organization__name", "owner__name"
        )[:25]
    )
    return Template(ROW).render(Context({"rows": rows}))


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)


def cost(ask):
    """Processor seconds of one call, ours and the database's, and its statements."""
    connection.force_debug_cursor = True
    ask()
    reset_queries()
    ask()
    statements = len(connection.queries)
    connection.force_debug_cursor = False
    before = time.process_time() + database_seconds()
    for _round in range(ROUNDS):
        ask()
    return (time.process_time() + database_seconds() - before) / ROUNDS, statements


def database_seconds():
    """Processor time of our PostgreSQL backend so far (it runs on this machine)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

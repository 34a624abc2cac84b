"""What a process does in the fault tests of the sweep; each command is a process of its own, on the database of DATABASE_URL.

python -m tests.faults.sweeping fill 400     migrate, and make so many clocks that fall due in one minute
python -m tests.faults.sweeping sweep        sweep until killed, at a database that is LATENCY seconds away
python -m tests.faults.sweeping write        write notes until killed
python -m tests.faults.sweeping watch        end when nothing is left over
python -m tests.faults.sweeping report       what was announced and told, as JSON
"""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count, F  # noqa: E402

from cases import actions, care_groups  # noqa: E402
from cases.models import Activity, Case, OutboxMessage, User  # noqa: E402
from escalations import sweep as sweeper  # noqa: E402
from sla.models import Clock, SupportPolicy  # noqa: E402
from tests.factories import AgreementFactory, MembershipFactory, OrganizationFactory, StaffFactory, UserFactory  # noqa: E402
from tests.stories import open_case  # noqa: E402

OPENED_AT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
NOW = OPENED_AT + timedelta(hours=2, minutes=1)
LATENCY = float(os.environ.get("LATENCY", "0"))
BATCH = 25  # small, so that a kill hits the middle of something
AGENT = "agent@care.example"


def fill(count):
    """Cases with an owner, whose first responses were due one after the other within the minute before NOW."""
    for command in ("migrate", "load_policies", "load_care_groups"):
        call_command(command, verbosity=0)
    with transaction.atomic():
        first = _first_case()
        opened, clock = first.activities.get(kind="OPENED"), first.clocks.get(kind="FIRST_RESPONSE")
        cases = Case.objects.bulk_create(copy_of(first, opened_at=_opened_at(place)) for place in range(int(count)))
        Activity.objects.bulk_create(copy_of(opened, case_id=case.pk, occurred_at=case.opened_at) for case in cases)
        Clock.objects.all().delete()
        Clock.objects.bulk_create(_due(clock, case) for case in cases)


def _first_case():
    organization = OrganizationFactory()
    AgreementFactory(organization=organization, policy=SupportPolicy.objects.get(code="genesys-cloud"), license="genesys-cloud-2")
    contact, agent = UserFactory(), StaffFactory(email=AGENT)
    MembershipFactory(user=contact, organization=organization)
    agent.groups.add(Group.objects.get(name=care_groups.ANALYST))
    case = open_case(contact, now=OPENED_AT)
    actions.assign(case, by=agent, owner=agent, now=OPENED_AT)
    OutboxMessage.objects.all().delete()
    return Case.objects.get(pk=case.pk)


def copy_of(row, **changes):
    """The same row once more, unsaved, with some columns changed."""
    columns = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**{name: getattr(row, name) for name in columns} | changes)


def _opened_at(place):
    return OPENED_AT + timedelta(milliseconds=place * 7 % 60_000)


def _due(clock, case):
    due_at = case.opened_at + timedelta(hours=2)
    moments = {"started_at": case.opened_at, "due_at": due_at, "next_effect_at": due_at}
    return copy_of(clock, case_id=case.pk, next_effect="BREACH", **moments)


def sweep():
    sweeper.BATCH = BATCH
    with connection.execute_wrapper(_far_away):
        while True:
            if not sweeper.sweep(now=NOW):
                time.sleep(0.05)


def _far_away(execute, sql, params, many, context):
    time.sleep(LATENCY)
    return execute(sql, params, many, context)


def write():
    agent = User.objects.get(email=AGENT)
    while True:
        for case in Case.objects.filter(clocks__kind="FIRST_RESPONSE").order_by("-pk")[:20]:
            actions.add_internal_note(case, by=agent, text="Looking at it.", now=NOW)


def watch():
    while _left_over():
        time.sleep(0.2)


def report():
    told, mails = Activity.objects.filter(kind="BREACHED"), OutboxMessage.objects.filter(template="missed")
    figures = {
        "clocks": Clock.objects.filter(kind="FIRST_RESPONSE").count(),
        "announced": told.count(),
        "announced twice": _doubles(told, "case"),
        "dated at the due time": told.filter(case__clocks__kind="FIRST_RESPONSE", occurred_at=F("case__clocks__due_at")).count(),
        "notices": mails.count(),
        "told twice": _doubles(mails, "case", "recipient"),
        "left over": _left_over(),
        "notes": Activity.objects.filter(kind="INTERNAL_NOTE").count(),
    }
    sys.stdout.write(json.dumps(figures))


def _left_over():
    return Clock.objects.filter(kind="FIRST_RESPONSE").exclude(next_effect="").count()


def _doubles(rows, *columns):
    return rows.values(*columns).annotate(count=Count("pk")).filter(count__gt=1).count()


if __name__ == "__main__":
    {"fill": fill, "sweep": sweep, "write": write, "watch": watch, "report": report}[sys.argv[1]](*sys.argv[2:])

"""What a process does in the fault test of a restoration; each command is a process of its own, on the database of DATABASE_URL.

python -m tests.faults.restoring fill 12                  migrate; an incident and so many linked cases under the three Genesys policies
python -m tests.faults.restoring restore TABLE COUNT      restore it, and be killed at the so many-th change of this table
python -m tests.faults.restoring sweep                    what the next minute does
python -m tests.faults.restoring report                   what was told, as JSON
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402

from cases import care_groups  # noqa: E402
from cases.models import Activity, Case, OutboxMessage, User  # noqa: E402
from escalations.actions.restoration import finish_restorations, restore_incident  # noqa: E402
from escalations.models import CaseLink, Incident  # noqa: E402
from sla.models import SupportPolicy  # noqa: E402
from tests.escalations.incidents import SUMMARY, WORDS, declare, link  # noqa: E402
from tests.factories import StaffFactory  # noqa: E402
from tests.stories import customer_under, open_critical  # noqa: E402

OPENED_AT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
RESTORED_AT = OPENED_AT + timedelta(hours=1)
POLICIES = ("purecloud", "genesys-cloud", "genesys-cloud-cx")
AGENT, MANAGER = "agent@care.example", "ivo@care.example"


def fill(count):
    for command in ("migrate", "load_policies", "load_care_groups"):
        call_command(command, verbosity=0)
    agent, manager = StaffFactory(email=AGENT), StaffFactory(email=MANAGER)
    agent.groups.add(Group.objects.get(name=care_groups.ANALYST))
    manager.groups.add(Group.objects.get(name=care_groups.INCIDENT_MANAGER))
    incident = declare(manager, now=OPENED_AT)
    for place in range(int(count)):
        customer = customer_under(SupportPolicy.objects.get(code=POLICIES[place % len(POLICIES)]))
        link(incident, open_critical(customer, agent=agent, now=OPENED_AT), by=agent, now=OPENED_AT)


def restore(table, count):
    seen = 0

    def die(execute, sql, params, many, context):
        nonlocal seen
        answer = execute(sql, params, many, context)
        seen += sql.startswith((f'UPDATE "{table}"', f'INSERT INTO "{table}"'))
        if seen == int(count):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    manager = User.objects.get(email=MANAGER)
    with connection.execute_wrapper(die), transaction.atomic():
        restore_incident(
            Incident.objects.get(), by=manager, restored_at=RESTORED_AT, words=WORDS, summary=SUMMARY, now=RESTORED_AT
        )


def sweep():
    finish_restorations(now=RESTORED_AT + timedelta(minutes=1))


def report():
    told = Activity.objects.filter(kind__in=("RESTORED", "INCIDENT_UPDATE", "INCIDENT_SUMMARY", "PROPOSED"))
    proposed = OutboxMessage.objects.filter(template="proposed")
    figures = {
        "incident": Incident.objects.get().state,
        "updates": Incident.objects.get().updates.count(),
        "restored": told.filter(kind="RESTORED").count(),
        "proposed": Case.objects.filter(status="RESOLUTION_PROPOSED").count(),
        "told by mail": proposed.count(),
        "waiting for the RCA": Case.objects.filter(closes_with_rca=True).count(),
        "told twice": _doubles(told, "case", "kind") + _doubles(proposed, "case", "recipient"),
        "left over": CaseLink.objects.filter(restoration_told_at=None).count(),
    }
    sys.stdout.write(json.dumps(figures))


def _doubles(rows, *columns):
    return rows.values(*columns).annotate(count=Count("pk")).filter(count__gt=1).count()


if __name__ == "__main__":
    {"fill": fill, "restore": restore, "sweep": sweep, "report": report}[sys.argv[1]](*sys.argv[2:])

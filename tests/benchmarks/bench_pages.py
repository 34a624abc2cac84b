"""Pages over few and many cases against SPEED G1, G2, G3, G4, G5: processor time as a ratio to list25, and of the large world to the small one.

    DATABASE_URL=postgres://postgres@127.0.0.1/small python -m tests.benchmarks.million --cases 1000
    DATABASE_URL=postgres://postgres@127.0.0.1/large python -m tests.benchmarks.million
    python -m tests.benchmarks.bench_pages postgres://postgres@127.0.0.1/small postgres://postgres@127.0.0.1/large

Anchor list25: a bare Django view behind Django's own middleware, logged in, asked through the test client: 25 rows × 8 cells of one keyset query
with two joins, a template with no `{% url %}` or `|date`. Every world is measured in a process of its own. The long timelines are written by the
real actions in a transaction that is rolled back.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from cases import actions  # noqa: E402
from cases.care_groups import ANALYST, CARE_MANAGER  # noqa: E402
from cases.models import Case, User  # noqa: E402
from portal.urls import urlpatterns as portal_urls  # noqa: E402
from tests.benchmarks.costs import costs, statements_of  # noqa: E402
from tests.stories import open_case  # noqa: E402

BARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TABLE = engines["django"].from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
CELLS = ("pk", "subject", "status", "severity_rank", "priority_code", "opened_at", "organization__name", "owner__name")
ANCHOR = "list25"


def list25(request):
    """What any list of 25 costs at least."""
    rows = Case.objects.filter(pk__lte=int(request.GET["start"])).order_by("-pk").values_list(*CELLS)[:25]
    return HttpResponse(TABLE.render({"rows": rows}))


urlpatterns = [path("list25/", list25), *portal_urls]


def main(databases):
    worlds = [measured(database) for database in databases]
    print(f"{'page':<32}" + "".join(f"{'SQL':>6}{'ms CPU':>9}{'x list25':>10}" for _world in worlds) + f"{'large/small':>13}")
    for name in worlds[-1]["cost"]:
        print(f"{name:<32}" + "".join(figures(world, name) for world in worlds) + f"{growth(worlds, name):>13.2f}")


def figures(world, name):
    spent = world["cost"][name]
    return f"{world['statements'][name]:>6}{spent * 1000:>9.1f}{spent / world['cost'][ANCHOR]:>10.2f}"


def growth(worlds, name):
    return worlds[-1]["cost"][name] / worlds[0]["cost"][name]


def measured(database):
    """The costs and statements of every page of one world, by a process of its own."""
    environment = {**os.environ, "DATABASE_URL": database, "PGOPTIONS": "-c max_parallel_workers_per_gather=0"}
    command = [sys.executable, "-m", "tests.benchmarks.bench_pages", "--one"]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


@override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"])
def measure():
    with transaction.atomic():
        calls = {ANCHOR: anchor(), **pages()}
        print(json.dumps({"cost": costs(calls), "statements": {name: statements_of(call) for name, call in calls.items()}}))
        transaction.set_rollback(True)


def anchor():
    client = client_of(User.objects.get(email="contact7@org7.example"))
    with override_settings(MIDDLEWARE=BARE):
        client.get("/accounts/login/")  # the client's handler keeps the middleware that it meets first
    return page(client, f"/list25/?start={Case.objects.latest('pk').pk}")


def pages():
    contact, agent = User.objects.get(email="contact7@org7.example"), User.objects.get(email="agent7@care.example")
    agent.groups.add(Group.objects.get(name=ANALYST), Group.objects.get(name=CARE_MANAGER))
    customer, staff = client_of(contact), client_of(agent)
    short, middling, long = (case_with(entries, contact, agent) for entries in (3, 50, 500))
    last, word = Case.objects.filter(opened_by=contact).earliest("pk"), "report+7"
    return {
        "customer: home": page(customer, "/"),
        "customer: cases": page(customer, "/cases/"),
        "customer: cases, page 4": page(customer, "/cases/?page=4"),
        "customer: cases, waiting for me": page(customer, "/cases/?turn=you"),
        "customer: cases, common word": page(customer, "/cases/?q=drop"),
        "customer: cases, rare word": page(customer, f"/cases/?q={last.pk}+"),
        "customer: cases, number": page(customer, f"/cases/?q={short.number}"),
        "customer: case, 3 entries": page(customer, f"/cases/{short.number}/"),
        "customer: case, 50 entries": page(customer, f"/cases/{middling.number}/"),
        "customer: case, 500 entries": page(customer, f"/cases/{long.number}/"),
        "customer: updates (poll)": page(customer, f"/cases/{middling.number}/updates/?after=999999999", status=204),
        "care: queue": page(staff, "/admin/care/queue/"),
        "care: queue, without owner": page(staff, "/admin/care/queue/?owner=none"),
        "care: queue, overdue": page(staff, "/admin/care/queue/?due=overdue"),
        "care: queue, mine": page(staff, "/admin/care/queue/?owner=me"),
        "care: all cases": page(staff, "/admin/care/cases/"),
        "care: all cases, page 20": page(staff, "/admin/care/cases/?page=20"),
        "care: all cases, common word": page(staff, "/admin/care/cases/?q=drop"),
        "care: all cases, rare word": page(staff, f"/admin/care/cases/?q={word}77"),
        "care: all cases, word in French": page(staff, "/admin/care/cases/?q=coupure"),
        "care: all cases, word in Japanese": page(staff, "/admin/care/cases/?q=決済"),
        "care: all cases, word in Russian": page(staff, "/admin/care/cases/?q=сбой"),
        "care: all cases, no such word": page(staff, "/admin/care/cases/?q=zeppelin"),
        "care: all cases, number": page(staff, f"/admin/care/cases/?q={short.number}"),
        "care: all cases, one customer": page(staff, "/admin/care/cases/?customer=org-7"),
        "care: all cases, overdue": page(staff, "/admin/care/cases/?due=overdue"),
        "care: case, 3 entries": page(staff, f"/admin/care/case/{short.number}/"),
        "care: case, 50 entries": page(staff, f"/admin/care/case/{middling.number}/"),
        "care: case, 500 entries": page(staff, f"/admin/care/case/{long.number}/"),
        "care: records home": page(staff, "/admin/"),
        "care: raw cases": page(staff, "/admin/cases/case/"),
        "care: raw mails": page(staff, "/admin/cases/outboxmessage/"),
    }


def case_with(entries, contact, agent):
    """A case with so many entries in its timeline: a conversation."""
    now = timezone.now() - timedelta(days=1)
    case = open_case(contact, now=now)
    for number in range(entries - case.activities.count()):
        by, words = (contact, "Still the same.") if number % 2 else (agent, "We are looking into it.\n\nPlease tell us more.")
        actions.reply(case, by=by, text=f"{words} ({number})", now=now + timedelta(seconds=number))
    return case


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, address, *, status=200):
    """A call that asks for this page and makes sure that it comes."""

    def ask():
        response = client.get(address)
        assert response.status_code == status, (address, response.status_code)

    return ask


if __name__ == "__main__":
    connection.force_debug_cursor = False
    measure() if sys.argv[1:] == ["--one"] else main(sys.argv[1:])

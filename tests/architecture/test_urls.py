"""Who gets what at every URL, the admin's included: the table `url_roles.txt` says it, and a URL that is not in it fails (SAFETY 1, HOUSE rule 3).

Each request is made by seven kinds of person against real rows of Acme, and undone. Words that only some may read are planted in the rows,
and looked for in every answer; a test of its own makes sure that they are there to be found.

To see what a new URL answers: `python -m pytest tests/architecture/test_urls.py -n0 -k listed` prints the lines that are missing.
"""

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client

from cases import actions
from cases.models import Attachment, Case, Draft, OutboxMessage
from escalations.models import Escalation, OnCallPerson, StatusSubscriber, WakeUp
from sla.models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy
from tests.escalations import documents
from tests.factories import ComponentFactory, IncidentUpdateFactory, MaintenanceFactory, RegionFactory, StatusSubscriberFactory
from tests.stories import fresh, open_case

from .url_roles import ROLES, address, read_table, routes

pytestmark = pytest.mark.slow

SUBJECT = "Canary-Subject"  # for Acme's people and for staff cleared for it
INTERNAL = "Canary-Internal"  # for that staff alone
FILE = "Canary-File"
TYPED = "Canary-Typed"  # in a draft, for who typed it alone

COUNTS_EVERYTHING = (
    "/admin/sla/"  # policies and calendars tell how much they are used, over all customers and without their names
)
OUTSIDERS = ("signed_out", "stranger", "not_cleared")
CUSTOMERS = ("colleague", "reader")
MAY_NOT_READ = {
    **dict.fromkeys(OUTSIDERS, (SUBJECT, INTERNAL, FILE, TYPED)),
    **dict.fromkeys(CUSTOMERS, (INTERNAL,)),
}


@pytest.fixture
def published(db):
    """What everybody may know, and a subscription that only its mailed link leads to."""
    update = IncidentUpdateFactory()
    return {
        ("/status/subscription/", "token"): StatusSubscriberFactory().token,
        ("/status/", "number"): update.incident.number,
        ("/incidents/", "number"): update.incident.number,
        ("/admin/care/incidents/", "number"): update.incident.number,
        ("/admin/care/incidents/", "key"): update.pk,
        ("/admin/escalations/region/", "object_id"): RegionFactory().pk,
        ("/admin/escalations/component/", "object_id"): ComponentFactory().pk,
        ("/admin/escalations/maintenance/", "object_id"): MaintenanceFactory().pk,
    }


@pytest.fixture
def acme(published, organization, contact, colleague, agent, manager, now):
    """A case of Acme's with everything that could leak, and the values that fill the URLs."""
    case = open_case(contact, now=now, priority_code="high", subject=SUBJECT, description=f"{SUBJECT} described")
    actions.assign(case, by=agent, owner=agent, now=now + timedelta(minutes=1))
    actions.add_internal_note(fresh(case), by=agent, text=INTERNAL, now=now + timedelta(minutes=2))
    reply = actions.reply(fresh(case), by=agent, text=f"{SUBJECT} answered", now=now + timedelta(minutes=3))
    attachment = _attachment(agent, now, activity=reply, case=case)
    draft = Draft.objects.create(user=colleague, kind=Draft.Kind.REPLY, case=case, data={"text": TYPED}, updated_at=now)
    new_case = Draft.objects.create(
        user=colleague, kind=Draft.Kind.CASE, organization=organization, data={"subject": TYPED}, updated_at=now
    )
    kept = _attachment(agent, now, draft=draft)
    escalation = Escalation.objects.create(
        case=case,
        level_code="CASE",
        requested_by=colleague,
        requested_at=now,
        **dict.fromkeys(Escalation.WORDS, f"{SUBJECT} escalated"),
    )
    log_entry = LogEntry.objects.create(
        user=manager,
        content_type=ContentType.objects.get_for_model(Case),
        object_id=case.pk,
        object_repr=case.number,
        action_flag=ADDITION,
    )
    document = documents.published(case, by=agent, second=manager, now=now + timedelta(minutes=4), text=SUBJECT).document
    return {
        **published,
        ("/admin/care/case/<str:number>/request/", "kind"): "rca",
        ("/cases/<case_number:number>/meeting/", "key"): 1,
        ("/rca/", "number"): document.number,
        ("/admin/care/rca/", "number"): document.number,
        ("/admin/care/rca/", "about"): case.number,
        ("/admin/care/rca/actions/", "key"): document.actions.get().pk,
        ("/admin/care/rca/document/", "key"): organization.pk,
        ("/rca/", "name"): f"{document.number}-fr.pdf",
        ("/", "number"): case.number,
        ("/attachments/", "pk"): attachment.pk,
        ("/attachments/", "name"): attachment.name,
        ("/drafts/", "code"): draft.code,
        ("/drafts/", "pk"): kept.pk,
        ("/drafts/", "?"): f"kind=REPLY&case={case.number}",
        ("/cases/new/", "?"): f"draft={new_case.code}",
        ("/admin/care/case/<str:number>/redact/", "key"): case.activities.get(kind="INTERNAL_NOTE").pk,
        ("/admin/care/case/<str:number>/escalation/", "key"): escalation.pk,
        ("/admin/care/phone/", "key"): contact.memberships.get().pk,
        ("/admin/care/organizations/", "key"): organization.pk,
        ("/admin/care/publish/", "kind"): "policy",
        ("/admin/care/publish/", "key"): PolicyVersion.objects.first().pk,
        ("/admin/care/simulate.csv", "?"): f"policy={PolicyVersion.objects.first().pk}&since=2026-03-01&until=2026-03-09",
        ("/account/password/reset/key/", "uidb36"): "1",
        ("/account/password/reset/key/", "key"): "no-such-key",
        ("/account/second-factor/keys/", "pk"): 1,
        ("/admin/r/", "content_type_id"): ContentType.objects.get_for_model(Case).pk,
        ("/admin/r/", "object_id"): case.pk,
        ("/admin/cases/organization/", "object_id"): organization.pk,
        ("/admin/cases/user/", "object_id"): contact.pk,
        ("/admin/cases/case/", "object_id"): case.pk,
        ("/admin/cases/outboxmessage/", "object_id"): OutboxMessage.objects.filter(case=case).latest("pk").pk,
        ("/wake-up/", "token"): WakeUp.objects.create(case=case, raised_at=now, person=agent).token,
        ("/admin/escalations/oncallperson/", "object_id"): OnCallPerson.objects.create(user=agent).pk,
        ("/admin/escalations/statussubscriber/", "object_id"): StatusSubscriber.objects.first().pk,
        ("/admin/admin/logentry/", "object_id"): log_entry.pk,
        ("/admin/auth/group/", "object_id"): Group.objects.first().pk,
        ("/admin/sla/supportpolicy/", "object_id"): SupportPolicy.objects.first().pk,
        ("/admin/sla/policyversion/", "object_id"): PolicyVersion.objects.first().pk,
        ("/admin/sla/calendar/", "object_id"): Calendar.objects.first().pk,
        ("/admin/sla/calendarversion/", "object_id"): CalendarVersion.objects.first().pk,
        ("/admin/", "app_label"): "cases",
        ("/admin/", "url"): "no-such-page",
    }


def _attachment(by, now, **of):
    return Attachment.objects.create(
        file=ContentFile(FILE.encode(), "canary.log"),
        name="canary.log",
        size=len(FILE),
        content_type="text/plain",
        digest="0" * 64,
        uploaded_by=by,
        uploaded_at=now,
        **of,
    )


@pytest.fixture
def people(acme, stranger, colleague, reader, agent_not_cleared, agent, manager):
    """The cookies of who asks, by role; none for signed out."""
    users = dict(zip(ROLES, (None, stranger, colleague, reader, agent_not_cleared, agent, manager), strict=True))
    return {role: _signed_in(user) for role, user in users.items()}


def _signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.cookies


def ask(cookies, method, url):
    """The answer's status and text; what the request changed is undone."""
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url)
        text = b"".join(response.streaming_content if response.streaming else [response.content]).decode(errors="replace")
        transaction.set_rollback(True)
    return response.status_code, text


def test_every_url_is_listed(acme, people):
    table = read_table()
    listed, found = set(table), set(routes())
    missing = [line_of(route, acme, people) for route in routes() if route not in table]
    assert missing == [], "add to url_roles.txt, after reading each code:\n" + "\n".join(missing)
    assert listed - found == set(), "these are in url_roles.txt and nowhere else"


def line_of(route, acme, people):
    url = address(route, acme)
    codes = [[ask(cookies, method, url)[0] for cookies in people.values()] for method in ("GET", "POST")]
    return f"{route:66} " + "   ".join(" ".join(map(str, group)) for group in codes)


@pytest.mark.parametrize("role", ROLES)
def test_every_url_answers_each_role_as_listed(acme, people, role):
    wrong, leaks = [], []
    for row in read_table().values():
        for method in ("GET", "POST"):
            status, text = ask(people[role], method, address(row.route, acme))
            if status != row.expected(method, role):
                wrong.append(f"{method} {row.route}: {status}, not {row.expected(method, role)}")
            leaks += [f"{method} {row.route}: {word}" for word in MAY_NOT_READ.get(role, ()) if word in text]
    assert (wrong, leaks) == ([], [])


@pytest.mark.parametrize("outsider", ["stranger", "agent_not_cleared"])
def test_pages_of_an_outsider_are_the_same_with_and_without_the_case(
    outsider, published, organization, contact, colleague, agent, manager, request
):
    """Not even a number tells that it is there: each page without an object in its address is asked before and after."""
    pages = [route for route in routes() if "<" not in route and not route.startswith(COUNTS_EVERYTHING)]
    cookies = _signed_in(request.getfixturevalue(outsider))
    before = {page: _without_keys(ask(cookies, "GET", page)[1]) for page in pages}
    request.getfixturevalue("acme")
    changed = [page for page in pages if _without_keys(ask(cookies, "GET", page)[1]) != before[page]]
    assert changed == []


def _without_keys(text):
    """A page without what differs each time: tokens, keys of forms, codes of drafts, clock times."""
    return re.sub(r"\w{64}|[0-9a-f-]{36}|draft=\w+|drafts/\w+|\d{1,2}:\d\d(?::\d\d)?|\d{6,}", "…", text)


def test_there_is_something_to_leak(acme, people):
    """The planted words stand where they should for those who may read them."""
    expected = {
        ("colleague", "/cases/"): SUBJECT,
        ("colleague", "/cases/cases.csv"): SUBJECT,
        ("colleague", "/cases/<case_number:number>/"): SUBJECT,
        ("reader", "/cases/<case_number:number>/"): SUBJECT,
        ("reader", "/rca/<rca_number:number>/"): SUBJECT,
        ("colleague", "/"): SUBJECT,
        ("colleague", "/cases/new/"): TYPED,
        ("colleague", "/cases/new/describe/"): TYPED,
        ("colleague", "/attachments/<int:pk>/<str:name>"): FILE,
        ("analyst", "/admin/care/queue/"): SUBJECT,
        ("analyst", "/admin/care/cases/"): SUBJECT,
        ("analyst", "/admin/care/escalations/"): SUBJECT,
        ("analyst", "/admin/care/case/<str:number>/escalation/<int:key>/"): f"{SUBJECT} escalated",
        ("reader", "/cases/<case_number:number>/escalate/"): f"{SUBJECT} escalated",
        ("analyst", "/admin/care/case/<str:number>/"): INTERNAL,
        ("manager", "/admin/care/cases.csv"): SUBJECT,
    }
    silent = [
        f"{role} {route}"
        for (role, route), word in expected.items()
        if word not in ask(people[role], "GET", address(route, acme))[1]
    ]
    assert silent == []

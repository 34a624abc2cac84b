"""A scene with a case in every status, and every form that POSTs on the pages that its people see."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cases import actions
from tests.page_forms import read_page
from tests.stories import fresh, open_case

CONTACT_PAGES = [
    "/",
    "/cases/",
    "/cases/new/",
    "/cases/new/describe/",
    "/preferences/",
    "/support-policy/",
    "/account/password/change/",
]
CARE_PAGES = ["/admin/", "/admin/care/queue/", "/admin/care/cases/", "/admin/care/phone/?caller=claire"]
RECORD_PAGES = ["/admin/cases/organization/add/", "/admin/cases/user/add/"]
OPEN_PAGES = ["/account/login/", "/account/password/reset/"]
VOLATILE = re.compile(r"CS-\d+|/drafts/\w+|draft=\w+|/\d+/")


@pytest.fixture
def now():
    """An hour ago, for the pages of these tests live in the present."""
    return timezone.now() - timedelta(hours=1)


@pytest.fixture
def cases(contact, agent, now):
    """Acme's cases by status. All were opened with a note of the care team's, and the agent owns all but the new one."""
    found = {}
    steps = {
        "NEW": lambda case, at: None,
        "IN_PROGRESS": lambda case, at: actions.reply(case, by=agent, text="We look at it.", now=at),
        "AWAITING_CUSTOMER": lambda case, at: actions.await_customer(case, by=agent, now=at),
        "AWAITING_THIRD_PARTY": lambda case, at: actions.await_third_party(case, by=agent, name="Carrier", now=at),
        "RESOLUTION_PROPOSED": lambda case, at: actions.propose_resolution(case, by=agent, summary="Restarted.", now=at),
        "CLOSED": lambda case, at: actions.close_case(case, by=agent, summary="Restarted.", now=at),
    }
    for status, step in steps.items():
        case = open_case(contact, now=now, subject=f"A case that is {status}")
        if status != "NEW":
            actions.assign(case, by=agent, owner=agent, now=now + timedelta(minutes=1))
        step(fresh(case), now + timedelta(minutes=2))
        found[status] = fresh(case)
        assert found[status].status == status
    return found


def forms_on(found, user, pages, *, follow=r"^$"):
    """Add to `found` the forms that POST on these pages and on those they link to, each once, with who sees it."""
    client, seen = signed_in_as(user), set()
    while pages:
        page, *pages = pages
        if page in seen:
            continue
        seen.add(page)
        answer = client.get(page, follow=True)
        page = answer.request["PATH_INFO"] + ("?" + answer.request["QUERY_STRING"]).rstrip("?")
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            forms, links = read_page(page, answer.content.decode())
            pages += [link.partition("#")[0] for link in links if re.search(follow, link)]
            for form in forms:
                found.setdefault((VOLATILE.sub("…", form.url), tuple(sorted(form.fields))), (user, form))


def signed_in_as(user):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def found_forms(cases, contact, agent, manager, policies):
    """(who, form) for every form that POSTs. Each request of a test is undone, so that the scene stays as it is."""
    found, numbers = {}, [case.number for case in cases.values()]
    care = CARE_PAGES + [f"/admin/care/case/{number}/" for number in numbers]
    forms_on(found, None, OPEN_PAGES)
    forms_on(found, contact, CONTACT_PAGES + [f"/cases/{number}/" for number in numbers])
    forms_on(found, agent, care, follow=r"^/admin/care/case/CS-\d+/[\w-]+/$|^/admin/care/phone/\d+/")
    forms_on(found, manager, [f"/admin/care/case/{numbers[0]}/", *RECORD_PAGES], follow=r"/redact/")
    return [(user, form) for user, form in found.values() if "/logout/" not in form.url]


@pytest.fixture
def send():
    """`send(user, method, url, …)`: the answer, with what `look()` saw right after it; what the request changed is undone."""

    def ask(user, method, url, *, look=lambda: None, data=None, content_type=None):
        client = signed_in_as(user)
        with transaction.atomic():
            if content_type is None and method == "POST":
                answer = client.post(url, data or {})
            else:
                answer = client.generic(method, url, data or b"", content_type=content_type or "")
            answer.seen = look()
            transaction.set_rollback(True)
        return answer

    return ask

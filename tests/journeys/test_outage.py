"""An outage from its declaration to its end: forty cases of twelve customers, under four policies and in four languages (ISSUE 4 "Must show").

The incident manager's and the analysts' work is done by the actions, what customers read and do by the pages that they see, without JavaScript.
"""

import shutil
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.decision import Refused
from cases.models import Case, OutboxMessage
from cases.rca_owed import owes_preliminary
from escalations.actions import incidents, rca_actions, rca_documents
from escalations.actions.incident_links import link_cases, undo_batch
from escalations.actions.restoration import finish_restorations, restore_incident
from escalations.models import CaseLink
from escalations.rca_delivery import deliver_documents
from sla.models import Clock
from tests.escalations.documents import complete_draft
from tests.stories import customer_under, fresh, intake

from .visitor import Visitor

MINUTE = timedelta(minutes=1)
POLICIES = ("purecloud", "genesys-cloud", "genesys-cloud-cx", "360dialog")
LANGUAGES = ("ja", "en", "fr", "ru")
CUSTOMERS, CASES = 12, 40
PRIORITIES = {"360dialog": ("critical", "major", "minor", "minor")}
OTHERS = ("critical", "high", "medium", "low")
TITLE = {"en": "Inbound calls fail", "fr": "Échec des appels entrants", "ja": "着信の障害", "ru": "Не проходят входящие вызовы"}
FOUND = {
    "en": "A routing server has failed.",
    "fr": "Un serveur de routage est en panne.",
    "ja": "振り分けサーバーの故障が原因です。",
}  # no Russian yet
FOUND_IN_RUSSIAN = "Вышел из строя сервер маршрутизации."
OVER = {
    "en": "Calls come in again.",
    "fr": "Les appels arrivent de nouveau.",
    "ja": "着信は復旧しました。",
    "ru": "Вызовы снова проходят.",
}
SUMMARY = {
    "en": "A disk of a routing server failed; calls go through the reserve.",
    "fr": "Un disque d’un serveur de routage est tombé en panne ; les appels passent par le serveur de secours.",
    "ja": "振り分けサーバーのディスクが故障し、待機系に切り替えました。",
    "ru": "Отказал диск сервера маршрутизации; вызовы идут через резервный.",
}


@pytest.fixture
def began():
    """Pages ask the real clock: the outage began three hours before it."""
    return timezone.now() - timedelta(hours=3)


@pytest.fixture
def customers(policies):
    """Twelve contacts, each of an organization of their own."""
    return [
        customer_under(policies[POLICIES[place % 4]], language=LANGUAGES[(place + place // 4) % 4]) for place in range(CUSTOMERS)
    ]


@pytest.fixture
def bystander(policies):
    """A contact whose organization was not hit."""
    return customer_under(policies["purecloud"], language="ja")


@pytest.fixture
def cases(customers, agent, began):
    """Four cases of each of the first four customers, three of the others; the first of each is critical and came by phone."""
    opened = []
    for place, contact in enumerate(customers):
        for number in range(4 if place < 4 else 3):
            at = began + (10 + number) * MINUTE
            priority = PRIORITIES.get(POLICIES[place % 4], OTHERS)[number]
            words = {"subject": f"Canary-{place}-{number}", "language": contact.language, "priority_code": priority}
            organization = contact.memberships.get().organization
            by, channel = (agent, "PHONE") if number == 0 else (contact, "PORTAL")
            opened.append(
                actions.open_case(organization, by=by, contact=contact, intake=intake(**words), channel=channel, now=at)
            )
    assert (len(opened), len({case.organization for case in opened})) == (CASES, CUSTOMERS)
    return opened


def test_outage_from_its_declaration_to_its_end(cases, customers, bystander, agent, manager, incident_manager, began):
    incident = declare(incident_manager, began + 20 * MINUTE)
    link_all(incident, cases, agent, began + 30 * MINUTE)
    tell_progress(incident, customers, incident_manager, began + 40 * MINUTE)
    restore(incident, incident_manager, began + 100 * MINUTE)
    check_each_policy(cases)
    check_pages(incident, customers, bystander, cases)
    resolve(cases, agent)
    document = publish_rca(incident, incident_manager, agent, manager, began + 150 * MINUTE)
    deliver(document, cases)
    read_in_japanese(document, customers, bystander)
    follow_to_done(document, agent, began + 170 * MINUTE)


def declare(incident_manager, now):
    facts = incidents.IncidentFacts(title=TITLE, severity_rank=1, started_at=now - 20 * MINUTE)
    candidate = incidents.raise_candidate(facts, by=incident_manager, now=now)
    return incidents.declare_incident(candidate, by=incident_manager, now=now)


def link_all(incident, cases, agent, now):
    """In bulk; undone, for it was the wrong moment; and linked again."""
    first = link_cases(incident, cases, by=agent, way=CaseLink.Way.BULK, now=now)
    assert (len(first.links), first.left_out) == (CASES, [])
    assert undo_batch(incident, first.batch, by=agent, now=now + MINUTE) == (CASES, [])
    assert not Case.objects.filter(scope="PLATFORM").exists()
    link_cases(incident, cases, by=agent, way=CaseLink.Way.BULK, now=now + 2 * MINUTE)
    assert Case.objects.filter(scope="PLATFORM").count() == CASES


def tell_progress(incident, customers, incident_manager, now):
    """An update that has no Russian yet: each customer reads it in their language, or in English and marked."""
    promised_at = now + timedelta(hours=4)
    incidents.publish_update(incident, by=incident_manager, state="IDENTIFIED", words=FOUND, next_update_at=promised_at, now=now)
    for contact in customers[:4]:
        case = Case.objects.filter(opened_by=contact).first()
        page = Visitor(contact).open(f"/cases/{case.number}/")
        assert page.language == contact.language
        assert page.sees(FOUND.get(contact.language, FOUND["en"]))
        assert page.sees("Перевода пока нет, показано на английском языке.") == (contact.language == "ru")


def restore(incident, incident_manager, now):
    restore_incident(incident, by=incident_manager, restored_at=now - 10 * MINUTE, words=OVER, summary=SUMMARY, now=now)
    assert finish_restorations(now=now + MINUTE) == CASES  # the sweep: in a test nothing is committed
    incident.refresh_from_db()


def check_each_policy(cases):
    """Severity 1 is resolved where the policy says so, and an RCA is owed to whom it says."""
    found = {policy: [fresh(case) for case in cases if policy_of(case) == policy] for policy in POLICIES}
    proposed = {policy: sum(case.status == "RESOLUTION_PROPOSED" for case in of) for policy, of in found.items()}
    owed = {policy: Clock.objects.filter(kind="RCA", case__in=of).count() for policy, of in found.items()}
    assert proposed == {"purecloud": 3, "genesys-cloud": 3, "genesys-cloud-cx": 0, "360dialog": 0}
    assert owed == {"purecloud": 6, "genesys-cloud": 6, "genesys-cloud-cx": 3, "360dialog": 0}
    waiting = Case.objects.filter(closes_with_rca=True)
    assert {case.follows for case in waiting} == {case for case in found["purecloud"] if case.severity_rank == 1}
    assert set(OutboxMessage.objects.filter(template="proposed").values_list("recipient__language", flat=True)) <= set(LANGUAGES)


def policy_of(case):
    return case.policy_version.policy.code


def check_pages(incident, customers, bystander, cases):
    """Everybody reads their own cases in their own language, and nothing of anybody else's."""
    for place, contact in enumerate(customers):
        mine = next(case for case in cases if case.opened_by == contact)
        page = Visitor(contact).open(f"/cases/{mine.number}/")
        assert page.sees(OVER[contact.language], SUMMARY[contact.language], incident.number, f"Canary-{place}-0")
        assert not any(page.sees(f"Canary-{other}-") for other in range(CUSTOMERS) if other != place)
    stranger = Visitor(bystander)
    stranger.open(f"/cases/{cases[0].number}/", status=404)
    assert stranger.open("/status/").sees(TITLE["ja"]) and "Canary" not in stranger.text


def resolve(cases, agent):
    """Customers accept what is proposed; the care team closes the rest. Only what waits for the RCA stays open."""
    for case in map(fresh, cases):
        if case.status == "RESOLUTION_PROPOSED":
            Visitor(case.opened_by).open(f"/cases/{case.number}/").send("/accept/")
        else:
            more = {"preliminary": "A disk failed."} if owes_preliminary(case) else {}
            actions.close_case(case, by=agent, summary="Calls come in again.", now=timezone.now(), **more)
    left = Case.objects.exclude(status="CLOSED")
    assert left.count() == 3 and all(case.closes_with_rca for case in left)


def publish_rca(incident, incident_manager, agent, manager, now):
    """Written by one person, reviewed and approved by another, in all languages; nothing is published without that."""
    found = incident.updates.get(state="IDENTIFIED")
    incidents.translate_update(found, by=incident_manager, words={"ru": FOUND_IN_RUSSIAN}, now=now)
    version = complete_draft(incident, by=agent, now=now)
    with pytest.raises(Refused):
        rca_documents.publish(version, by=manager, now=now)
    rca_documents.submit_for_review(version, by=agent, now=now)
    with pytest.raises(Refused):
        rca_documents.approve(version, by=agent, now=now)
    rca_documents.approve(version, by=manager, now=now + MINUTE)
    rca_documents.publish(version, by=manager, now=now + 2 * MINUTE)
    assert deliver_documents(now=now + 3 * MINUTE) == CASES
    return version.document


def deliver(document, cases):
    """The RCA has come into each linked case, every clock of it is met, and what waited for it can be closed by its customer."""
    assert Clock.objects.filter(kind="RCA", case__in=cases).exclude(state="MET").count() == 0
    assert set(document.versions.get().deliveries.values_list("case", flat=True)) == {case.pk for case in cases}
    waited = Case.objects.exclude(follows=None)
    assert not any(case.closes_with_rca for case in waited)
    for case in waited:
        Visitor(case.opened_by).open(f"/cases/{case.number}/").send("/close/")
    assert not Case.objects.exclude(status="CLOSED").exists()


def read_in_japanese(document, customers, bystander):
    """An affected customer reads it as a page and as a PDF; whoever was not affected gets a 404 for both, also with the right address."""
    kenji = next(contact for contact in customers if contact.language == "ja")
    case = Case.objects.filter(opened_by=kenji, incident_links__isnull=False).first()
    reader, stranger = Visitor(kenji).open(f"/cases/{case.number}/"), Visitor(bystander)
    page, pdf = f"/rca/{document.number}/", f"/rca/{document.number}/{document.number}-ja.pdf"
    assert reader.sees(f'href="{page}"')
    assert reader.open(page).sees(TITLE["ja"], OVER["ja"], "Words of root_cause (ja)", "A second disk (ja)")
    answer = reader.client.get(pdf)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    if shutil.which("pdftotext"):  # what it says and that no character is missing: tests/escalations/test_rca_pdf.py
        text = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True).stdout.decode()
        assert TITLE["ja"] in "".join(text.split())
    for address in (page, pdf):
        assert stranger.client.get(address).status_code == 404
    assert document.number not in stranger.open("/rca/").text


def follow_to_done(document, agent, now):
    action = document.actions.get()
    for state in ("IN_PROGRESS", "DONE"):
        rca_actions.follow_action(action, by=agent, state=state, owner=agent, due_on=action.due_on, now=now)
    action.refresh_from_db()
    assert (action.state, action.done_at) == ("DONE", now)
    assert not document.actions.not_done().exists()

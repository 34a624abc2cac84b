"""A case from opening to close under each of the five packs, in its customer's language, by the forms that are on the pages (no JavaScript)."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.models import Case, Draft, OutboxMessage
from sla.models import Clock
from sla.policies import rules_of

WORDS = {
    "fr": (
        "Son haché à Lille",
        "Le son est haché depuis ce matin.",
        "Depuis quelle heure ?",
        "Depuis huit heures.",
        "Serveur remplacé.",
    ),
    "ja": ("音声が途切れる", "今朝から音声が途切れます。", "何時からでしょうか。", "8時からです。", "サーバーを交換しました。"),
    "ru": ("Прерывается звук", "С утра прерывается звук.", "С какого часа?", "С восьми.", "Сервер заменён."),
    "en": ("Audio breaks up", "Audio breaks up since this morning.", "Since when?", "Since eight.", "Server replaced."),
}
STORIES = [("claire", "medium"), ("kenji", "high"), ("olga", "major"), ("dana", "normal"), ("lea", "medium"), ("sam", "high")]


def describe(customer, priority, *, press=None, status=200, **more):
    """Check first, then the form with what every pack may ask for. Returns the visitor."""
    subject, description, *_rest = WORDS[customer.user.language]
    customer.open("/cases/new/").send("/cases/new/")
    happened = (timezone.now() - timedelta(hours=1)).astimezone(ZoneInfo(customer.user.time_zone))
    asked = {"happened_at": f"{happened:%Y-%m-%dT%H:%M}"} if 'name="happened_at"' in customer.text else {}
    typed = {"case_type": "PROBLEM", "subject": subject, "priority_code": priority, "description": description}
    return customer.send(
        "/describe/", press=press or {"review": "1"}, status=status, business_impact="9", **typed, **asked, **more
    )


@pytest.mark.parametrize(("name", "priority"), STORIES)
def test_case_from_opening_to_close(visitor, name, priority):
    customer, analyst = visitor(name), visitor("agent2")
    subject, description, question, answer, summary = WORDS[customer.user.language]
    describe(customer, priority).send("/review/")
    assert customer.language == customer.user.language
    case = Case.objects.get()
    assert customer.address == f"/cases/{case.number}/sent/" and customer.sees(case.number)

    analyst.open("/admin/care/queue/").send("/take-next/")
    assert analyst.address == f"/admin/care/case/{case.number}/"
    assert analyst.sees(subject, description)
    analyst.send("/reply/", text=question, then="AWAITING_CUSTOMER")

    customer.open(f"/cases/{case.number}/")
    assert customer.sees(question)
    customer.send("/reply/", text=answer)
    analyst.open(f"/admin/care/case/{case.number}/resolution/").send("/resolution/", summary=summary)
    customer.open(f"/cases/{case.number}/").send("/accept/")

    case.refresh_from_db()
    assert (case.status, case.owner.email) == (Case.Status.CLOSED, "agent2@care.example")
    assert case.clocks.get(kind="FIRST_RESPONSE").state == Clock.State.MET
    assert mails_to(customer) >= {"opened", "awaiting_you", "proposed"}
    assert rows_of(customer) == [(case.number, subject, "CLOSED")]


def mails_to(person):
    """The kinds of mail that were written for them, all in their own language."""
    messages = OutboxMessage.objects.filter(recipient=person.user)
    assert {message.language for message in messages} == {person.user.language}
    return {message.template for message in messages}


def rows_of(customer):
    """Number, subject and status of the cases in their export."""
    exported = b"".join(customer.client.get("/cases/cases.csv").streaming_content).decode("utf-8-sig")
    return [(row["number"], row["subject"], row["status"]) for row in csv.DictReader(io.StringIO(exported))]


@pytest.mark.parametrize("name", ["claire", "kenji"])
def test_critical_case_that_the_portal_takes_shows_the_phone_numbers(visitor, name):
    customer = visitor(name)
    describe(customer, "critical", press={"send": "1"}, status=422, reachable_phone="")
    assert not Case.objects.exists()
    customer.send("/describe/", press={"send": "1"}, reachable_phone="+33 6 39 98 12 40")
    case = Case.objects.get()
    assert customer.address == f"/cases/{case.number}/sent/"
    assert case.severity_rank == 1 and case.reachable_phone == "+33 6 39 98 12 40"
    assert customer.sees(*(phone.number for phone in rules_of(case.policy_version).phones))


@pytest.mark.parametrize("name", ["lea", "sam"])
def test_critical_case_that_must_be_phoned_in_is_taken_up_by_its_code(visitor, name):
    customer, analyst, uncleared = visitor(name), visitor("agent2"), visitor("agent")
    describe(customer, "critical", status=422)
    draft = Draft.objects.get(user=customer.user)
    assert customer.sees(draft.code) and not Case.objects.exists()

    assert not uncleared.open(f"/admin/care/phone/?code={draft.code}").sees(draft.data["subject"])
    assert analyst.open(f"/admin/care/phone/?code={draft.code.lower()}").sees(customer.user.name)
    membership = customer.user.memberships.get()
    analyst.open(f"/admin/care/phone/{membership.pk}/?code={draft.code}")
    assert analyst.sees(draft.data["description"])
    analyst.send(f"/phone/{membership.pk}/", notes="", reachable_phone="+1 303 555 0118", is_taken="on")

    case = Case.objects.get()
    assert (case.channel, case.severity_rank, case.opened_by, case.owner) == ("PHONE", 1, customer.user, analyst.user)
    assert not Draft.objects.exists()
    assert customer.open(f"/cases/{case.number}/").sees(draft.data["description"])

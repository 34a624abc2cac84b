"""Severity 1 wakes the people on call: once, repeated, the next person, until somebody is on it (SPEC 2, 7)."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cases import actions
from cases.models import OutboxMessage
from escalations import tasks, waking
from escalations.models import Incident, OnCallPerson, WakeUp
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def critical(contact, now):
    return open_case(
        contact, now=now, priority_code="critical", channel="PHONE", reachable_name="Claire", reachable_phone="+33 1"
    )


@pytest.fixture
def on_call(agent, agent_of_all_regions):
    """Two people, Anna first."""
    return [OnCallPerson.objects.create(user=user, position=place) for place, user in enumerate((agent, agent_of_all_regions))]


def called():
    """Who was called so far, in order."""
    return [message.recipient.name for message in OutboxMessage.objects.filter(template="wake_up").order_by("pk")]


def minutes_of_waking(now, count):
    for number in range(count):
        waking.wake(now=now + number * MINUTE)


def test_new_severity_1_case_wakes_the_first_person_once(critical, on_call, now):
    assert [waking.wake(now=now), waking.wake(now=now), waking.wake(now=now + MINUTE)] == [1, 0, 0]
    assert called() == ["Anna Weber"]
    entry = critical.activities.get(kind="ON_CALL")
    assert (entry.data, entry.visibility) == ({"state": "CALLED", "name": "Anna Weber"}, "INTERNAL")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a trigger in SQLite's words")
def test_alarm_that_fails_holds_up_no_other(critical, on_call, contact, now, caplog):
    other = open_case(contact, now=now, priority_code="critical", channel="PHONE")
    waking.raise_wake_ups(now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON escalations_wakeup WHEN OLD.case_id = "
            f"{critical.pk} BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    assert waking.wake(now=now) == 1
    assert (OutboxMessage.objects.get(template="wake_up").case, "could not be woken" in caplog.text) == (other, True)


def test_case_whose_calls_nobody_took_wakes_again_when_it_becomes_severity_1_again(critical, on_call, agent, now):
    waking.wake(now=now)
    WakeUp.objects.update(calls=waking.MOST_CALLS, next_call_at=None)
    case = fresh(critical)
    for rank, moment in ((2, now + MINUTE), (1, now + 2 * MINUTE)):
        actions.change_severity(case, by=agent, rank=rank, reason="Seen again.", now=moment)
    assert waking.wake(now=now + 3 * MINUTE) == 1
    assert WakeUp.objects.filter(acknowledged_at=None).count() == 1


def test_other_cases_wake_nobody(contact, on_call, now):
    open_case(contact, now=now, priority_code="high")
    waking.wake(now=now)
    assert called() == []


def test_calls_go_on_every_five_minutes_and_to_the_next_person_after_three(critical, on_call, now):
    minutes_of_waking(now, 36)
    anna, ben = "Anna Weber", "Ben Novak"
    assert called() == [anna, anna, anna, ben, ben, ben, anna, anna]


def test_nobody_is_called_twice_after_a_downtime(critical, on_call, now):
    waking.wake(now=now)
    waking.wake(now=now + 120 * MINUTE)
    waking.wake(now=now + 120 * MINUTE)
    assert len(called()) == 2


def test_whoever_says_to_be_on_it_ends_the_calls(critical, on_call, agent, manager, now):
    waking.wake(now=now)
    wake_up = WakeUp.objects.get()
    assert waking.acknowledge(wake_up, by=agent, now=now + MINUTE)
    assert not waking.acknowledge(wake_up, by=manager, now=now + 2 * MINUTE)
    minutes_of_waking(now, 30)
    wake_up.refresh_from_db()
    assert (wake_up.acknowledged_by, wake_up.acknowledged_at, called()) == (agent, now + MINUTE, ["Anna Weber"])
    assert [entry.data["state"] for entry in critical.activities.filter(kind="ON_CALL").order_by("pk")] == [
        "CALLED",
        "ACKNOWLEDGED",
    ]


def test_analyst_who_answers_wakes_the_people_on_call_all_the_same(critical, on_call, manager, now):
    actions.assign(critical, by=manager, owner=manager, now=now)
    actions.log_call(critical, by=manager, text="All sites are down.", started_at=now, now=now)
    waking.wake(now=now + MINUTE)
    assert called() == ["Anna Weber"]


def test_case_that_somebody_on_call_works_on_needs_no_more_calls(critical, on_call, agent, now):
    waking.wake(now=now)
    actions.assign(critical, by=agent, owner=agent, now=now + MINUTE)
    actions.reply(critical, by=agent, text="We are at it.", now=now + MINUTE)
    minutes_of_waking(now, 30)
    assert called() == ["Anna Weber"]


def test_closed_and_lowered_cases_need_no_more_calls(critical, on_call, agent, now):
    waking.wake(now=now)
    actions.change_severity(critical, by=agent, rank=3, reason="A workaround exists.", now=now + MINUTE)
    minutes_of_waking(now, 30)
    assert called() == ["Anna Weber"]


def test_case_raised_to_severity_1_wakes_although_it_was_answered(contact, on_call, agent, now):
    case = open_case(contact, now=now, priority_code="high")
    actions.assign(case, by=agent, owner=agent, now=now)
    actions.reply(case, by=agent, text="We are at it.", now=now)
    waking.wake(now=now + MINUTE)
    assert called() == []
    actions.change_severity(case, by=agent, rank=1, reason="All sites are down.", now=now + 2 * MINUTE)
    waking.wake(now=now + 3 * MINUTE)
    assert called() == ["Anna Weber"]


def test_case_raised_again_wakes_again(critical, on_call, agent, now):
    waking.wake(now=now)
    waking.acknowledge(WakeUp.objects.get(), by=agent, now=now)
    actions.change_severity(critical, by=agent, rank=2, reason="One site is back.", now=now + MINUTE)
    actions.change_severity(critical, by=agent, rank=1, reason="It is down again.", now=now + 2 * MINUTE)
    waking.wake(now=now + 3 * MINUTE)
    assert called() == ["Anna Weber", "Anna Weber"]


def test_nothing_due_asks_three_short_questions(critical, on_call, now, django_assert_num_queries):
    waking.wake(now=now)
    with django_assert_num_queries(3):
        waking.wake(now=now + MINUTE)


def test_only_people_cleared_for_the_customer_are_called(us_only_contact, on_call, now):
    open_case(us_only_contact, now=now, priority_code="critical", channel="PHONE")
    minutes_of_waking(now, 20)
    assert set(called()) == {"Ben Novak"}


def test_without_anybody_on_call_it_is_tried_again(critical, agent, now):
    waking.wake(now=now)
    assert (called(), WakeUp.objects.get().person) == ([], None)
    OnCallPerson.objects.create(user=agent)
    minutes_of_waking(now, 7)
    assert called() == ["Anna Weber"]


def test_person_who_leaves_is_called_no_more(critical, on_call, agent, now):
    waking.wake(now=now)
    agent.is_active = False
    agent.save()
    waking.wake(now=now + 5 * MINUTE)
    assert called() == ["Anna Weber", "Ben Novak"]


def test_severity_1_incident_wakes_and_a_lesser_one_does_not(on_call, now):
    for rank in (1, 2):
        Incident.objects.create(title={"en": f"Rank {rank}"}, severity_rank=rank, started_at=now, created_at=now)
    waking.wake(now=now)
    assert called() == ["Anna Weber"]
    assert WakeUp.objects.get().incident.severity_rank == 1


def test_wake_up_mail_holds_no_customers_words(contact, on_call, now):
    open_case(contact, now=now, priority_code="critical", channel="PHONE", subject="MARKED-SUBJECT", description="MARKED-BODY")
    waking.wake(now=now)
    data = json.dumps(OutboxMessage.objects.get(template="wake_up").data)
    assert "MARKED" not in data
    assert contact.name not in data


# --- the webhook -------------------------------------------------------------------------------------------------------
class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is told; redirects where it is asked to."""

    def do_POST(self):
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(302 if self.path == "/away" else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.told = []
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(receiver, path="/"):
    return f"http://127.0.0.1:{receiver.server_port}{path}"


def test_webhook_is_told_a_number_and_a_link_and_a_repeat_carries_the_same_id(critical, on_call, receiver, now):
    OnCallPerson.objects.update(webhook_url=address(receiver))
    waking.wake(now=now)
    wake_up, person = WakeUp.objects.get(), on_call[0]
    tasks.call_webhook(wake_up.pk, person.pk, 1)
    tasks.call_webhook(wake_up.pk, person.pk, 1)
    first, second = receiver.told
    assert first == second
    assert first["id"] == f"wake-up-{wake_up.pk}-1"
    assert (first["kind"], first["number"], first["severity"]) == ("case", critical.number, 1)
    assert first["acknowledge_url"].endswith(f"/wake-up/{wake_up.token}/")
    assert set(first) == {"id", "kind", "number", "severity", "raised_at", "call", "acknowledge_url"}


def test_webhook_is_not_called_once_somebody_is_on_it(critical, on_call, receiver, agent, now):
    OnCallPerson.objects.update(webhook_url=address(receiver))
    waking.wake(now=now)
    waking.acknowledge(WakeUp.objects.get(), by=agent, now=now)
    tasks.call_webhook(WakeUp.objects.get().pk, on_call[0].pk, 1)
    assert receiver.told == []


def test_webhook_follows_no_redirect(critical, on_call, receiver, now):
    OnCallPerson.objects.update(webhook_url=address(receiver, "/away"))
    waking.wake(now=now)
    with pytest.raises(OSError, match="302"):
        tasks.call_webhook(WakeUp.objects.get().pk, on_call[0].pk, 1)
    assert len(receiver.told) == 1


@pytest.mark.parametrize("url", ["http://example.com/", "file:///etc/passwd", "ftp://example.com/", "javascript:alert(1)"])
def test_webhook_must_be_https(agent, url):
    with pytest.raises(ValidationError, match="https"):
        OnCallPerson(user=agent, webhook_url=url).full_clean()


# --- the page ----------------------------------------------------------------------------------------------------------
def test_page_needs_no_sign_in_and_ends_the_calls_by_a_press_alone(critical, on_call, client, now):
    waking.wake(now=now)
    url = f"/wake-up/{WakeUp.objects.get().token}/"
    page = client.get(url).content.decode()
    assert critical.number in page
    assert critical.subject not in page
    assert WakeUp.objects.get().acknowledged_at is None
    assert client.post(url).status_code == 303
    assert WakeUp.objects.get().acknowledged_by.name == "Anna Weber"
    assert "Anna Weber is on it since" in client.get(url).content.decode()


def test_signed_in_colleague_is_the_one_who_is_on_it(critical, on_call, signed_in, manager, now):
    waking.wake(now=now)
    signed_in(manager).post(f"/wake-up/{WakeUp.objects.get().token}/")
    assert WakeUp.objects.get().acknowledged_by == manager


def test_customer_with_the_link_is_not_named(critical, on_call, signed_in, contact, now):
    waking.wake(now=now)
    signed_in(contact).post(f"/wake-up/{WakeUp.objects.get().token}/")
    assert WakeUp.objects.get().acknowledged_by.name == "Anna Weber"


def test_link_of_a_wake_up_for_which_nobody_was_called_is_for_colleagues(critical, client, signed_in, manager, now):
    waking.wake(now=now)
    url = f"/wake-up/{WakeUp.objects.get().token}/"
    assert client.post(url).status_code == 403
    assert signed_in(manager).post(url).status_code == 303
    assert WakeUp.objects.get().acknowledged_by == manager


def test_guessed_link_is_not_found(client):
    assert client.get("/wake-up/" + "A" * 32 + "/").status_code == 404


def test_workspace_says_who_is_being_woken(critical, on_call, signed_in, manager, now):
    waking.wake(now=now)
    client = signed_in(manager)
    page = client.get(f"/admin/care/case/{critical.number}/").content.decode()
    assert "On call: Anna Weber is being woken (call 1)." in page
    client.post(f"/wake-up/{WakeUp.objects.get().token}/")
    page = client.get(f"/admin/care/case/{critical.number}/").content.decode()
    assert "is being woken" not in page
    assert "Mia Stone is on it." in page


def test_home_says_when_nobody_is_on_call_and_when_nobody_is_on_it(critical, signed_in, manager, agent, now):
    waking.wake(now=now)
    home = signed_in(manager).get("/admin/").content.decode()
    assert "Nobody is on call: severity 1 wakes nobody." in home
    assert "1 alarm of severity 1: nobody on call is on it yet." in home
    assert "Nobody is on call" not in signed_in(agent).get("/admin/").content.decode()
    OnCallPerson.objects.create(user=agent)
    waking.acknowledge(WakeUp.objects.get(), by=agent, now=now)
    home = signed_in(manager).get("/admin/").content.decode()
    assert "on call" not in home

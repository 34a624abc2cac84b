from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django.test import TestCase
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from cases import outbox, tasks
from cases.models import Case, OutboxMessage
from tests.cases.mail_servers import Killed
from tests.factories import OutboxMessageFactory, UserFactory
from tests.stories import open_case

State = OutboxMessage.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mail_server(settings):
    """`mail_server("Refusing")`: use this mail server of `tests.cases.mail_servers` from here on."""

    def use(name):
        settings.EMAIL_BACKEND = f"tests.cases.mail_servers.{name}"

    return use


def test_each_recipient_gets_a_mail_of_their_own(db, now):
    first, second = OutboxMessageFactory(), OutboxMessageFactory()
    assert outbox.send_due(now=now) == 2
    assert [sent.recipients() for sent in mail.outbox] == [[first.address], [second.address]]
    assert set(OutboxMessage.objects.values_list("state", "attempts", "sent_at")) == {(State.SENT, 1, now)}


def test_a_mail_goes_to_the_address_that_its_reader_has_now(db, now):
    message = OutboxMessageFactory()
    message.recipient.email = "new-name@acme.example"
    message.recipient.save()
    outbox.send_due(now=now)
    message.refresh_from_db()
    assert (mail.outbox[0].recipients(), message.address) == (["new-name@acme.example"], "new-name@acme.example")


def test_a_mail_without_a_reader_goes_to_its_address(db, now):
    OutboxMessageFactory(address="management@vendor.example", recipient=None, data=OutboxMessageFactory.build().data)
    outbox.send_due(now=now)
    assert mail.outbox[0].recipients() == ["management@vendor.example"]


def test_a_reader_is_told_of_an_event_once_whatever_their_address(db):
    told = OutboxMessageFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessageFactory(event=told.event, recipient=told.recipient, address="other@acme.example")
    OutboxMessageFactory(event=told.event)


def test_an_address_without_a_reader_is_told_of_an_event_once(db):
    told = OutboxMessageFactory(address="a@acme.example", recipient=None, data={})
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessageFactory(event=told.event, address="a@acme.example", recipient=None, data={})


def test_a_mail_says_that_it_is_automatic_and_keeps_its_message_id(db, now):
    message = OutboxMessageFactory(message_id="<one@portal.example>")
    outbox.send_due(now=now)
    headers = mail.outbox[0].message()
    assert headers["Message-ID"] == message.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["References"] == headers["In-Reply-To"]


def test_what_is_sent_is_not_sent_again(db, now):
    OutboxMessageFactory()
    outbox.send_due(now=now)
    assert outbox.send_due(now=now + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1


def test_a_refused_mail_waits_longer_each_time_and_is_parked_in_the_end(db, now, mail_server):
    mail_server("Refusing")
    message = OutboxMessageFactory(recipient=UserFactory(email="refused@example.com"))
    waits = []
    while message.state == State.QUEUED:
        moment = message.next_attempt_at
        outbox.send_due(now=moment)
        message.refresh_from_db()
        waits.append((message.next_attempt_at - moment) // MINUTE)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert (message.state, message.attempts) == (State.PARKED, outbox.MAX_ATTEMPTS)
    assert "does not answer" in message.error


def test_one_refused_mail_does_not_stop_the_others(db, now, mail_server):
    mail_server("Refusing")
    refused = OutboxMessageFactory(recipient=UserFactory(email="refused@example.com"))
    OutboxMessageFactory()
    assert outbox.send_due(now=now) == 1
    refused.refresh_from_db()
    assert (refused.state, refused.next_attempt_at) == (State.QUEUED, now + MINUTE)


def test_mail_waits_while_the_mail_server_is_down(db, now, mail_server):
    mail_server("Down")
    OutboxMessageFactory.create_batch(2)
    assert outbox.send_due(now=now) == 0
    assert set(OutboxMessage.objects.values_list("state", "attempts", "next_attempt_at")) == {(State.QUEUED, 1, now + MINUTE)}
    mail_server("Accepting")
    assert outbox.send_due(now=now + MINUTE) == 2


def test_the_mail_server_is_not_bothered_when_nothing_is_due(db, now, mail_server):
    mail_server("Down")
    assert outbox.send_due(now=now) == 0


def test_a_mail_with_data_of_another_kind_stops_nothing(db, now):
    broken = OutboxMessageFactory(template="proposed", data={"nonsense": 1})
    OutboxMessageFactory()
    assert outbox.send_due(now=now) == 1
    broken.refresh_from_db()
    assert broken.state == State.QUEUED
    assert "TypeError" in broken.error


def test_the_mail_of_a_killed_sender_is_taken_up_again_when_its_claim_has_run_out(db, now, mail_server):
    message = OutboxMessageFactory()
    mail_server("Killing")
    with pytest.raises(Killed):
        outbox.send_due(now=now)
    message.refresh_from_db()
    assert message.state == State.SENDING
    mail_server("Accepting")
    assert outbox.send_due(now=now + outbox.CLAIM - MINUTE) == 0
    assert outbox.send_due(now=now + outbox.CLAIM) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 2)


def test_a_mail_that_kills_every_sender_is_parked(db, now, mail_server):
    mail_server("Killing")
    message = OutboxMessageFactory()
    moment = now
    for _attempt in range(outbox.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            outbox.send_due(now=moment)
        moment += outbox.CLAIM
    assert outbox.send_due(now=moment) == 0
    message.refresh_from_db()
    assert message.state == State.PARKED


def test_a_sender_whose_claim_ran_out_does_not_overwrite_what_the_next_one_did(db, now):
    OutboxMessageFactory()
    slow = outbox._claim(OutboxMessage.objects.get().pk, now=now)
    outbox.send_due(now=now + outbox.CLAIM)
    outbox._put_back(slow, TimeoutError(), now=now + outbox.CLAIM + MINUTE)
    assert OutboxMessage.objects.get().state == State.SENT


def test_a_claimed_mail_is_nobody_elses(db, now):
    message = OutboxMessageFactory()
    assert outbox._claim(message.pk, now=now) == message
    assert outbox._claim(message.pk, now=now) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: SQLite in memory has one connection")
def test_many_senders_at_once_send_each_mail_once(now):
    messages = OutboxMessageFactory.create_batch(40)

    def send(_sender):
        try:
            return outbox.send_due(now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as senders:
        count = sum(senders.map(send, range(8)))
    assert count == len(messages)
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(message.address for message in messages)
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_mail_due_for_days_is_held_until_somebody_releases_it(db, now):
    message = OutboxMessageFactory()
    later = now + outbox.STALE + MINUTE
    assert outbox.send_due(now=later) == 0
    message.refresh_from_db()
    assert message.state == State.PARKED
    assert outbox.release(OutboxMessage.objects.all(), now=later) == 1
    assert outbox.send_due(now=later) == 1


def test_only_parked_mail_can_be_released(db, now):
    OutboxMessageFactory()
    outbox.send_due(now=now)
    assert outbox.release(OutboxMessage.objects.all(), now=now) == 0


def test_a_person_who_left_gets_nothing(db, now):
    message = OutboxMessageFactory()
    message.recipient.is_active = False
    message.recipient.save()
    assert outbox.send_due(now=now) == 0
    message.refresh_from_db()
    assert (message.state, len(mail.outbox)) == (State.WITHDRAWN, 0)


@pytest.mark.parametrize(
    "hostile", ["Down\r\nBcc: victim@example.com", "Down\nBcc: v@example.com", "Down\x0b\x85\u2028Bcc: x\x1b"]
)
def test_a_subject_cannot_write_a_second_header(contact, now, hostile):
    case = open_case(contact, now=now)
    OutboxMessage.objects.all().delete()
    Case.objects.update(subject=hostile)  # past `clean_line`
    message = OutboxMessageFactory(recipient=contact, case=case)
    outbox.send_due(now=now)
    sent = mail.outbox[0].message()
    assert sent["Bcc"] is None
    assert mail.outbox[0].recipients() == [message.address]
    assert len(mail.outbox[0].subject.splitlines()) == 1


def test_the_job_sends_what_is_due(db):
    OutboxMessageFactory(created_at=timezone.now())
    tasks.send_mail()
    assert len(mail.outbox) == 1


def test_the_queue_sends_mail_every_minute(schedules):
    schedule = Schedule.objects.get(func="cases.tasks.send_mail")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == (Schedule.MINUTES, 1, -1)


def test_task_asks_for_the_next_batch_where_one_was_not_enough(db, monkeypatch):
    """The next one is asked for as soon as this transaction is committed; here it is asked for, and never sent."""
    monkeypatch.setattr(outbox, "BATCH", 1)
    OutboxMessageFactory.create_batch(2, created_at=timezone.now())
    OrmQ.objects.all().delete()
    with TestCase.captureOnCommitCallbacks(execute=True) as asked:
        tasks.send_mail()
    assert (len(mail.outbox), len(asked), OrmQ.objects.count()) == (1, 1, 1)
    with TestCase.captureOnCommitCallbacks(execute=True) as asked:
        tasks.send_mail()
    assert (len(mail.outbox), len(asked)) == (2, 0)

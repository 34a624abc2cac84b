"""Subscriptions to the status page and their mails: asked, confirmed, told once, ended at once (SPEC 7, SAFETY 3 and 4)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import Schedule

from cases import outbox
from cases.decision import Refused
from cases.models import OutboxMessage
from escalations.actions.subscriptions import confirm_subscription, discard_unconfirmed, end_subscription, subscribe
from escalations.models import StatusSubscriber
from escalations.status_mails import PACE, PACE_SECONDS, tell_subscribers
from portal import tasks
from tests.factories import IncidentUpdateFactory, StatusSubscriberFactory

State = OutboxMessage.State
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "reader@example.org"


def ask(now, address=ADDRESS, language="fr"):
    subscribe(address, language=language, time_zone="UTC", now=now)
    return StatusSubscriber.objects.latest("pk")


def queued():
    return OutboxMessage.objects.filter(state=State.QUEUED)


def sent(now):
    outbox.send_due(now=now)
    return mail.outbox


# --- asking and confirming ---------------------------------------------------------------------------------------------
def test_subscribing_asks_the_address_in_the_chosen_language(db, now):
    subscriber = ask(now)
    (asked,) = sent(now)
    assert asked.to == [ADDRESS]
    assert asked.subject == "Confirmez que vous voulez recevoir l’état de la plateforme"
    assert f"/status/subscription/{subscriber.token}/?lang=fr" in asked.body
    assert not StatusSubscriber.objects.current().exists()


@pytest.mark.parametrize("state", ["new", "unconfirmed", "confirmed", "ended"])
def test_same_happens_whether_or_not_the_address_is_known(db, now, state):
    if state != "new":
        subscriber = StatusSubscriberFactory(address=ADDRESS.upper(), confirmed_at=None if state == "unconfirmed" else now)
        if state == "ended":
            end_subscription(subscriber, now=now)
    ask(now)
    assert [(each.template, each.address.lower(), each.language) for each in queued()] == [("status_confirmation", ADDRESS, "fr")]
    assert StatusSubscriber.objects.standing().count() == 1


def test_asking_for_a_standing_subscription_changes_nothing_in_it(db, now):
    subscriber = StatusSubscriberFactory(address=ADDRESS, language="ja")
    ask(now, language="ru")
    subscriber.refresh_from_db()
    assert (subscriber.language, subscriber.confirmed_at is not None) == ("ja", True)


def test_one_address_is_asked_once_an_hour_and_three_times_a_day(db, now):
    asked_in = []
    for minutes in range(0, 24 * 60, 20):
        before = OutboxMessage.objects.count()
        ask(now + timedelta(minutes=minutes))
        asked_in += [minutes] * (OutboxMessage.objects.count() - before)
    assert asked_in == [0, 60, 120]
    ask(now + DAY)
    assert OutboxMessage.objects.count() == 4


def test_confirming_begins_the_mails_in_the_language_chosen_there(db, now):
    subscriber = ask(now)
    assert confirm_subscription(subscriber, language="ja", now=now + HOUR)
    assert list(StatusSubscriber.objects.current().values_list("address", "language", "confirmed_at")) == [
        (ADDRESS, "ja", now + HOUR)
    ]


def test_confirming_twice_keeps_the_first_moment(db, now):
    subscriber = ask(now)
    confirm_subscription(subscriber, language="fr", now=now)
    assert confirm_subscription(subscriber, language="en", now=now + HOUR)
    subscriber.refresh_from_db()
    assert (subscriber.confirmed_at, subscriber.language) == (now, "en")


def test_ended_subscription_is_not_confirmed_by_its_old_link(db, now):
    subscriber = ask(now)
    end_subscription(subscriber, now=now)
    assert not confirm_subscription(subscriber, language="fr", now=now)
    assert not StatusSubscriber.objects.current().exists()


def test_what_nobody_confirms_is_deleted_after_seven_days(db, now):
    ask(now)
    StatusSubscriberFactory(created_at=now - 30 * DAY)
    StatusSubscriberFactory(created_at=now - 30 * DAY, confirmed_at=None)
    assert discard_unconfirmed(now=now + 7 * DAY) == 1
    assert discard_unconfirmed(now=now + 7 * DAY + HOUR) == 1
    assert StatusSubscriber.objects.count() == 1


def test_asking_again_prolongs_the_time_to_confirm(db, now):
    ask(now)
    ask(now + 6 * DAY)
    assert discard_unconfirmed(now=now + 8 * DAY) == 0


def test_queue_deletes_the_unconfirmed_daily(schedules):
    StatusSubscriberFactory(created_at=timezone.now() - 8 * DAY, confirmed_at=None)
    schedule = Schedule.objects.get(name="discard_unconfirmed_subscriptions")
    assert (schedule.func, schedule.schedule_type) == ("portal.tasks.discard_unconfirmed_subscriptions", "D")
    tasks.discard_unconfirmed_subscriptions()
    assert not StatusSubscriber.objects.exists()


# --- telling -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def update(db, now):
    """An update in English and French."""
    return IncidentUpdateFactory(published_at=now, next_update_at=now + HOUR)


def test_update_is_told_to_each_in_their_language(update, now):
    for language in ("en", "fr", "ja", "ru"):
        StatusSubscriberFactory(address=f"{language}@example.org", language=language, time_zone="Asia/Tokyo")
    assert tell_subscribers(update, now=now) == 4
    mails = {each.to[0][:2]: each for each in sent(now)}
    assert {language: each.subject for language, each in mails.items()} == {
        "en": f"{update.incident.number}, Investigating: Calls drop",
        "fr": f"{update.incident.number}, En cours d’analyse : Les appels coupent",
        "ja": f"{update.incident.number}、調査中：Calls drop",
        "ru": f"{update.incident.number}, Выясняем причину: Calls drop",
    }
    assert "Nous analysons la situation." in mails["fr"].body
    assert f"/status/{update.incident.number}/?lang=fr\n" in mails["fr"].body
    assert "here it is in English" not in mails["en"].body
    assert "英語" in mails["ja"].body
    assert "19:00" in mails["ja"].body
    html = {language: each.alternatives[0][0] for language, each in mails.items()}
    assert ('<div class="words" lang="en">' in html["ru"], '<div class="words" lang="fr">' in html["fr"]) == (True, True)


def test_update_carries_the_headers_of_one_click(update, now, settings):
    subscriber = StatusSubscriberFactory()
    tell_subscribers(update, now=now)
    (told,) = sent(now)
    headers = told.message()
    assert headers["List-Unsubscribe"] == f"<{settings.SITE_URL}/status/subscription/{subscriber.token}/end/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/status/subscription/{subscriber.token}/end/" in told.body


def test_update_is_told_once_however_often_it_is_called(update, now):
    StatusSubscriberFactory.create_batch(3)
    for _turn in range(3):
        tell_subscribers(update, now=now)
    assert queued().count() == 3


def test_only_confirmed_and_standing_subscribers_are_told(update, now):
    StatusSubscriberFactory(address="current@example.org")
    StatusSubscriberFactory(confirmed_at=None)
    StatusSubscriberFactory(ended_at=now)
    assert tell_subscribers(update, now=now) == 1
    assert [each.address for each in queued()] == ["current@example.org"]


def test_one_address_cannot_be_subscribed_twice(update, now):
    for address in ("Reader@Example.org", "reader@example.org"):
        confirm_subscription(ask(now, address=address), language="en", now=now)
    assert tell_subscribers(update, now=now) == 1


def test_telling_many_takes_as_few_statements_as_telling_one(update, now):
    counts = []
    for wanted in (1, 2 * PACE + 1):
        missing = range(StatusSubscriber.objects.count(), wanted)
        StatusSubscriber.objects.bulk_create(StatusSubscriberFactory.build(address=f"{each}@example.org") for each in missing)
        with CaptureQueriesContext(connection) as statements:
            assert tell_subscribers(IncidentUpdateFactory(incident=update.incident), now=now) == wanted
        counts.append(len(statements))
    assert counts[1] - counts[0] <= 3  # SQLite takes fewer rows in one statement than PostgreSQL


def test_many_mails_leave_room_for_those_of_cases(update, now):
    StatusSubscriberFactory.create_batch(2 * PACE + 1)
    tell_subscribers(update, now=now)
    turns = [moment - now for moment in queued().values_list("next_attempt_at", flat=True)]
    pace = timedelta(seconds=PACE_SECONDS)
    assert Counter(turns) == {0 * pace: PACE, 1 * pace: PACE, 2 * pace: 1}


# --- ending ------------------------------------------------------------------------------------------------------------
def test_ended_subscriber_gets_nothing_more_not_even_what_is_queued(update, now):
    leaving, staying = StatusSubscriberFactory(), StatusSubscriberFactory()
    tell_subscribers(update, now=now)
    OutboxMessage.objects.filter(address=leaving.address).update(state=State.PARKED)
    later = IncidentUpdateFactory(incident=update.incident)
    tell_subscribers(later, now=now)
    end_subscription(leaving, now=now)
    assert [each.to for each in sent(now)] == [[staying.address]] * 2
    assert set(OutboxMessage.objects.filter(address=leaving.address).values_list("state", flat=True)) == {State.WITHDRAWN}


def test_ending_twice_keeps_the_first_moment(db, now):
    subscriber = StatusSubscriberFactory()
    end_subscription(subscriber, now=now)
    end_subscription(subscriber, now=now + HOUR)
    subscriber.refresh_from_db()
    assert subscriber.ended_at == now


def test_mail_of_a_case_to_the_same_address_is_not_withdrawn(db, now):
    subscriber = StatusSubscriberFactory()
    other = OutboxMessage.objects.create(
        event="x", address=subscriber.address, template="reopened", language="en", time_zone="UTC", message_id="<1@x>",
        created_at=now, next_attempt_at=now,
    )  # fmt: skip
    end_subscription(subscriber, now=now)
    other.refresh_from_db()
    assert other.state == State.QUEUED


def test_care_team_ends_a_subscription_only_with_the_right_to(db, now, agent, manager):
    subscriber = StatusSubscriberFactory()
    with pytest.raises(Refused):
        end_subscription(subscriber, now=now, by=agent)
    end_subscription(subscriber, now=now, by=manager)
    assert not StatusSubscriber.objects.standing().exists()

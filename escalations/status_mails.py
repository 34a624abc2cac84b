"""Mails to the subscribers of the status page: the question whether the address is theirs, and each public word on an incident (SPEC 7)."""

from datetime import timedelta
from functools import cache

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from cases import mails, outbox
from cases.models import OutboxMessage
from cases.site_address import absolute_url
from sla.texts import ENGLISH, in_language, is_fallback

from .incident_words import state_words
from .models import StatusSubscriber

SUBSCRIBER_KINDS = ("status_confirmation", "status_update")
BATCH = 500  # subscribers in one statement
PACE, PACE_SECONDS = 100, 10  # as many mails in as many seconds, so that the mails of cases do not wait behind thousands of these
MOST_QUESTIONS = 3  # mails to one address in a day, whoever asks for them


def ask_to_confirm(subscriber, *, language, now):
    """Queue the mail whose link leads to the confirming button; once an hour and three times a day at most for one address."""
    questions = [_question(subscriber, now - timedelta(hours=hours)) for hours in range(24)]
    if OutboxMessage.objects.filter(event__in=questions).count() >= MOST_QUESTIONS:
        return
    page = reverse("status_subscription_confirm", args=[subscriber.token])
    mail = mails.StatusConfirmation(
        url=absolute_url(f"{page}?{urlencode({'lang': language})}"), end_url=_end_url(subscriber), address=subscriber.address
    )
    _write([_outgoing(mail, questions[0], subscriber, language=language, now=now)])


def _question(subscriber, moment):
    return f"status-confirmation:{subscriber.pk}:{moment:%Y-%m-%dT%H}"


@transaction.atomic
def tell_subscribers(update, *, now):
    """Queue an `IncidentUpdate` to everybody who has confirmed, each in their own language; once, however often it is called.

    To be called in the transaction that publishes the update. Returns how many subscribers there were.
    """
    event, told, latest = f"status-update:{update.pk}", 0, 0
    facts_in = cache(lambda language: _facts(update, language))
    while batch := _subscribers_after(latest):
        messages = [
            _outgoing(_update_mail(facts_in(each.language), each), event, each, now=now, turn=turn)
            for turn, each in enumerate(batch, told)
        ]
        _write(messages)
        told, latest = told + len(batch), batch[-1].pk
    return told


def _subscribers_after(key):
    """The next subscribers, locked: whoever ends a subscription now waits, and then finds the mail to withdraw."""
    current = StatusSubscriber.objects.current().filter(pk__gt=key).order_by("pk")
    return list(current.select_for_update(no_key=True)[:BATCH])


def _facts(update, language):
    incident = update.incident
    with translation.override(language):
        return {
            "url": absolute_url(f"{reverse('status_incident', args=[incident.number])}?{urlencode({'lang': language})}"),
            "number": incident.number,
            "title": in_language(incident.title, language),
            "state": str(state_words(update.state)),
            "words": in_language(update.words, language),
            "words_language": ENGLISH if is_fallback(update.words, language) else language,
            "next_update_at": update.next_update_at,
        }


def _update_mail(facts, subscriber):
    return mails.StatusUpdate(end_url=_end_url(subscriber), **facts)


def _end_url(subscriber):
    return absolute_url(reverse("status_subscription_end", args=[subscriber.token]))


def _outgoing(mail, event, subscriber, *, now, language="", turn=0):
    return OutboxMessage(
        event=event,
        address=subscriber.address,
        template=mails.NAMES[type(mail)],
        language=language or subscriber.language,
        time_zone=subscriber.time_zone,
        data=mails.as_data(mail),
        message_id=outbox.new_message_id(),
        created_at=now,
        next_attempt_at=now + timedelta(seconds=PACE_SECONDS * (turn // PACE)),
    )


def _write(messages):
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    outbox.wake_sender()

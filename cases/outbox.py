"""The outbox: mail promised in a transaction, sent afterwards by whichever worker comes first (SPEC 10, SAFETY 4).

A message is claimed by one conditional UPDATE that also sets how long the claim holds; a sender that dies leaves a claim that runs out, and
the message is taken up again. So it leaves at least once, never from two senders at a time, and repeats carry the same Message-ID.
"""

import logging
import time
import uuid
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django_q.tasks import async_task

from .mail_rendering import compose
from .mails import as_data
from .models import Case, OutboxMessage
from .site_address import mail_domain

log = logging.getLogger(__name__)
State = OutboxMessage.State

MAX_ATTEMPTS = 10  # with the waits below: about eight and a half hours
FIRST_WAIT = timedelta(minutes=1)  # doubled after each attempt
CLAIM = timedelta(minutes=10)  # longer than the queue lets a task live (Q_CLUSTER timeout)
STALE = timedelta(days=2)  # due for longer than this: the site was down or restored, a person decides (SAFETY 4)
BATCH = 100
BATCH_SECONDS = 30  # a batch ends before the queue would end it


def new_message_id():
    """A Message-ID of this site, kept with the message so that a repeat carries the same one."""
    return f"<{uuid.uuid4().hex}@{mail_domain()}>"


def message_to(reader, name, mail, *, event, now, case=None, activity=None):
    """A mail of the kind `name` to a person, unsaved: in their language and zone, due at once. `event`: told once for each."""
    return OutboxMessage(
        event=event,
        recipient=reader,
        address=reader.email,
        template=name,
        language=reader.language,
        time_zone=reader.time_zone,
        data=as_data(mail),
        activity=activity,
        case=case,
        message_id=new_message_id(),
        created_at=now,
        next_attempt_at=now,
    )


def wake_sender():
    """Ask the worker to send what is due as soon as this transaction is committed. Only a wake-up: the schedule finds what it misses."""
    transaction.on_commit(_enqueue, robust=True)


def _enqueue():
    async_task("cases.tasks.send_mail", save=False)


def send_due(*, now):
    """Send what is due at `now`, oldest first, one recipient a mail. Returns how many left. Never raises for a single message."""
    due = list(OutboxMessage.objects.due(now).order_by("next_attempt_at", "id").values_list("pk", flat=True)[:BATCH])
    if not due:  # most minutes: the mail server is not bothered
        return 0
    connection, ends_at, sent = get_connection(), time.monotonic() + BATCH_SECONDS, 0
    try:
        for pk in due:
            message = _claim(pk, now=now)
            sent += bool(message and _deliver(message, connection, now=now))
            if time.monotonic() > ends_at:
                break
    finally:
        connection.close()
    return sent


def release(messages, *, now):
    """Send the stuck ones of these messages after all: they get their attempts anew. Returns how many."""
    wake_sender()
    return messages.filter(state=State.PARKED).update(state=State.QUEUED, attempts=0, next_attempt_at=now, error="")


def withdraw(messages, reason):
    """See that none of these messages leaves any more: neither those that wait, nor stuck ones, nor one whose attempt fails just now."""
    not_sent = messages.filter(state__in=(State.QUEUED, State.SENDING, State.PARKED))
    return not_sent.update(state=State.WITHDRAWN, error=reason)


def _claim(pk, *, now):
    """The message, ours alone until the claim runs out; None where another sender was faster."""
    claimed = OutboxMessage.objects.due(now).filter(pk=pk)
    late = claimed.filter(next_attempt_at__lt=now - STALE, state=State.QUEUED)
    if late.update(state=State.PARKED, error="Due for too long: held until somebody releases it."):
        return None
    if claimed.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.PARKED, error="The sender stopped during each attempt."):
        return None
    if not claimed.update(state=State.SENDING, attempts=F("attempts") + 1, next_attempt_at=now + CLAIM):
        return None
    return OutboxMessage.objects.select_related("recipient", "case", "activity__text_row").get(pk=pk)


def _deliver(message, connection, *, now):
    reason = _reason_to_withdraw(message)
    if reason:
        return _end(message, state=State.WITHDRAWN, error=reason) and False
    if message.recipient:
        message.address = message.recipient.email  # where they read their mail now
    try:
        connection.open()  # stays open for the next one
        connection.send_messages([compose(message)])
    except Exception as error:  # whatever the mail server, the network or a template does: this message waits, the others go on
        log.warning("Mail %s could not be sent: %r", message.pk, error)
        connection.close()
        return _put_back(message, error, now=now)
    _end(message, state=State.SENT, sent_at=now, error="", address=message.address)
    return True


def _reason_to_withdraw(message):
    """Why this mail must not leave any more: asked again at the last moment, since rights and words may have changed (SPEC 4, 12)."""
    reader = message.recipient
    if reader and not reader.is_active:
        return "The recipient is no longer active."
    if reader and message.case and not Case.objects.visible_to(reader).filter(pk=message.case_id).exists():
        return "The recipient may no longer see the case."
    if message.activity and hasattr(message.activity, "text_row") and message.activity.text_row.redacted_at:
        return "The text was removed."
    return ""


def _put_back(message, error, *, now):
    is_last = message.attempts >= MAX_ATTEMPTS
    wait = FIRST_WAIT * 2 ** (message.attempts - 1)
    _end(message, state=State.PARKED if is_last else State.QUEUED, next_attempt_at=now + wait, error=repr(error)[:500])
    return False


def _end(message, **outcome):
    """Write down how the attempt ended, unless the claim ran out and another sender has it now."""
    return OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts).update(**outcome)

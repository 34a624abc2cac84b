"""Subscriptions to the status page: begun by anybody, confirmed and ended by whoever reads the mails of the address (SPEC 7).

Nobody signs in for this. What entitles to an act is the token of the mailed link; `by` is given where the care team acts.
"""

from datetime import timedelta

from django.db import transaction

from cases import outbox
from cases.actions.writing import require
from cases.models import OutboxMessage

from ..models import StatusSubscriber
from ..permissions import can_end_subscriptions
from ..status_mails import SUBSCRIBER_KINDS, ask_to_confirm

CONFIRM_WITHIN = timedelta(days=7)


@transaction.atomic
def subscribe(address, *, language, time_zone, now):
    """Ask the address by mail to confirm. The same happens for a known address, so that nobody learns which ones are known (SAFETY 3).

    A subscription that stands is not changed by this: its language changes when the mailed link is used.
    """
    new = StatusSubscriber(address=address, language=language, time_zone=time_zone, created_at=now)
    StatusSubscriber.objects.bulk_create([new], ignore_conflicts=True)
    subscriber = StatusSubscriber.objects.standing().get(address__iexact=address)
    StatusSubscriber.objects.filter(pk=subscriber.pk, confirmed_at__isnull=True).update(created_at=now)
    ask_to_confirm(subscriber, language=language, now=now)


@transaction.atomic
def confirm_subscription(subscriber, *, language, now):
    """Send updates to the address from now on, in this language. False where the subscription has been ended meanwhile."""
    standing = StatusSubscriber.objects.standing().filter(pk=subscriber.pk)
    standing.filter(confirmed_at__isnull=True).update(confirmed_at=now)
    return bool(standing.update(language=language))


@transaction.atomic
def end_subscription(subscriber, *, now, by=None):
    """No more mail to this subscriber, not even what is queued. Doing it again changes nothing."""
    if by is not None:
        require(can_end_subscriptions(by))
    StatusSubscriber.objects.standing().filter(pk=subscriber.pk).update(ended_at=now)
    mails = OutboxMessage.objects.filter(template__in=SUBSCRIBER_KINDS, recipient=None, address__iexact=subscriber.address)
    outbox.withdraw(mails, "The subscription was ended.")


def discard_unconfirmed(*, now):
    """Delete the subscriptions that nobody has confirmed in time. Returns how many."""
    return StatusSubscriber.objects.filter(confirmed_at__isnull=True, created_at__lt=now - CONFIRM_WITHIN).delete()[0]

"""The mail that wakes a person on call: a number and a link, no customer's words (SAFETY 4)."""

from django.urls import reverse

from cases import mails, outbox
from cases.models import OutboxMessage
from cases.site_address import absolute_url


def mail_person(wake_up, person, *, now):
    """Queue the mail of this call; one for each call, however often it is asked for."""
    mail = mails.WakeUpCall(
        reader=person.name,
        number=str(wake_up),
        is_case=wake_up.case_id is not None,
        raised_at=wake_up.raised_at,
        call=wake_up.calls,
        url=absolute_url(reverse("wake_up", args=[wake_up.token])),
    )
    event = f"wake-up:{wake_up.pk}:{wake_up.calls}"
    message = outbox.message_to(person, mails.NAMES[type(mail)], mail, event=event, now=now, case=wake_up.case)
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    outbox.wake_sender()

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
    message = OutboxMessage(
        event=f"wake-up:{wake_up.pk}:{wake_up.calls}",
        recipient=person,
        address=person.email,
        template=mails.NAMES[type(mail)],
        language=person.language,
        time_zone=person.time_zone,
        data=mails.as_data(mail),
        case=wake_up.case,
        message_id=outbox.new_message_id(),
        created_at=now,
        next_attempt_at=now,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    outbox.wake_sender()

from datetime import UTC, datetime

import factory

from cases.models import OutboxMessage

from .people import UserFactory


class OutboxMessageFactory(factory.django.DjangoModelFactory):
    """A queued mail to one reader, about no case in particular."""

    class Meta:
        model = OutboxMessage

    event = factory.Sequence(lambda number: f"test:{number}")
    recipient = factory.SubFactory(UserFactory)
    address = factory.SelfAttribute("recipient.email")
    template = "reopened"
    language = "en"
    time_zone = "Europe/Paris"
    data = factory.LazyAttribute(
        lambda message: {
            "reader": message.recipient.name,
            "number": "CS-1000042",
            "url": "https://portal.example/cases/CS-1000042/",
            "author": "Anna Weber",
        }
    )
    message_id = factory.Sequence(lambda number: f"<{number}@portal.example>")
    created_at = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    next_attempt_at = factory.SelfAttribute("created_at")

"""Jobs of the queue: thin, each safe to run twice."""

from .models import OnCallPerson, WakeUp
from .webhooks import call_webhook as post


def call_webhook(key, person_key, call):
    """Call the webhook of a person on call, unless somebody is on it by now. What fails is seen in the queue; the next call comes anyway."""
    wake_up = WakeUp.objects.select_related("case", "incident").filter(pk=key, acknowledged_at=None).first()
    person = OnCallPerson.objects.filter(pk=person_key).first()
    if wake_up and person and person.webhook_url:
        post(person.webhook_url, wake_up, call=call)

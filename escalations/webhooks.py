"""Calling the webhook of a person on call: a small JSON document, no redirects, a few seconds at most. No customer's words leave this way."""

import json
import urllib.request

from django.urls import reverse

from cases.site_address import absolute_url

SECONDS = 5


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        """Whoever was trusted with the address is the one who is called."""
        return


def call_webhook(url, wake_up, *, call):
    """POST the wake-up to `url`. `call` is the number of the call: a repeat carries the same `id`. Raises OSError where nobody answers with 2xx."""
    request = urllib.request.Request(
        url, json.dumps(document(wake_up, call=call)).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
        return


def document(wake_up, *, call):
    """What a webhook is told: what it is about and where to say that one is on it. Names are stable."""
    return {
        "id": f"wake-up-{wake_up.pk}-{call}",
        "kind": "case" if wake_up.case_id else "incident",
        "number": str(wake_up),
        "severity": 1,
        "raised_at": wake_up.raised_at.isoformat(),
        "call": call,
        "acknowledge_url": absolute_url(reverse("wake_up", args=[wake_up.token])),
    }

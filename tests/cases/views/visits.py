"""How tests visit the customer's case page."""

import uuid

from django.urls import reverse

from tests.stories import fresh


def url(name, case, query=""):
    return reverse(name, args=[case.number]) + query


def page_of(client, case, query=""):
    response = client.get(url("case", case, query))
    assert response.status_code == 200
    return response.content.decode()


def send(client, name, case, *, seen=None, **fields):
    """Post a form of the page as it was shown now, or when `seen` was the latest activity."""
    latest = case.activities.filter(visibility="CUSTOMER").order_by("pk").last().pk if seen is None else seen
    fields = {"key": str(uuid.uuid4()), "seen": str(latest), "version": str(fresh(case).version), **fields}
    return client.post(url(f"case_{name}", case), fields)


def kinds(case):
    return list(case.activities.order_by("pk").values_list("kind", flat=True))

"""The workspace of a case: what the care team sees and does there (UX S3 to S5)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.models import Activity
from tests.stories import fresh, open_case

HOUR = timedelta(hours=1)


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now, priority_code="high")


@pytest.fixture
def desk(signed_in, agent):
    """The agent's browser."""
    return signed_in(agent)


def url(name, case, *more):
    return reverse(f"admin:{name}", args=[case.number, *more])


def test_workspace_opens(desk, case):
    page = desk.get(url("care_case", case)).content.decode()
    assert case.subject in page

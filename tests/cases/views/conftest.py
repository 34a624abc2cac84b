"""A case in each stage, for the pages of customers. The views ask the clock, so these stories end a moment ago."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from tests.stories import open_case

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lately():
    """The views ask the clock, so these stories end a moment ago."""
    return timezone.now() - 60 * MINUTE


@pytest.fixture
def case(contact, lately):
    return open_case(contact, now=lately)


@pytest.fixture
def owned(case, agent, lately):
    actions.assign(case, by=agent, owner=agent, now=lately)
    return case


@pytest.fixture
def proposed(owned, agent, lately):
    actions.propose_resolution(owned, by=agent, summary="Restarted the edge.", now=lately + MINUTE)
    return owned


@pytest.fixture
def closed(proposed, contact, lately):
    actions.accept_resolution(proposed, by=contact, now=lately + 2 * MINUTE)
    return proposed

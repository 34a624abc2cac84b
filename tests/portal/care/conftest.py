import pytest
from django.utils import timezone

from tests.stories import open_case

from .visits import HOUR


@pytest.fixture
def opened_at():
    """Pages ask the real clock, so the case is opened two hours before it."""
    return timezone.now() - 2 * HOUR


@pytest.fixture
def case(contact, opened_at):
    return open_case(contact, now=opened_at, priority_code="high")


@pytest.fixture
def desk(signed_in, agent):
    """The agent's browser."""
    return signed_in(agent)

"""The people and agreements of the demo, without its cases."""

import pytest

from portal.demo_world.people import load_people

from .visitor import Visitor


@pytest.fixture
def visitor(policies, groups):
    """`visitor("claire")`: this person of the demo at their browser."""
    users, _organizations = load_people()
    return lambda name: Visitor(users[name])

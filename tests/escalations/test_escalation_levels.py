"""Levels in the policy's order: higher only after the lower one left the customer unsatisfied, no TAM → the next (SPEC 6)."""

import pytest

from escalations.escalation_levels import Ended, level_for
from sla.policy_rules import EscalationLevel

LEVELS = tuple(EscalationLevel(code, {"en": code}, {"en": code}) for code in ("CASE", "TAM", "MANAGEMENT"))


@pytest.mark.parametrize(
    ("ended", "has_tam", "expected"),
    [
        ([], True, "CASE"),
        ([("CASE", None)], True, "CASE"),
        ([("CASE", True)], True, "CASE"),
        ([("CASE", False)], True, "TAM"),
        ([("CASE", False)], False, "MANAGEMENT"),
        ([("CASE", False), ("TAM", None)], True, "TAM"),
        ([("CASE", False), ("TAM", None)], False, "MANAGEMENT"),  # the TAM has left meanwhile
        ([("CASE", False), ("TAM", False)], True, "MANAGEMENT"),
        ([("CASE", False), ("MANAGEMENT", False)], False, "MANAGEMENT"),  # there is none above
        ([("CASE", False), ("MANAGEMENT", True)], False, "CASE"),
        ([("QUEUE", False)], True, "CASE"),  # a level that the policy no longer has
    ],
)
def test_level_follows_what_came_before(ended, has_tam, expected):
    found = level_for(LEVELS, [Ended(code, is_satisfied) for code, is_satisfied in ended], has_tam=has_tam)
    assert found.code == expected


def test_policy_without_levels_has_none():
    assert level_for((), [], has_tam=True) is None


def test_policy_whose_only_level_is_the_tam_has_none_without_one():
    assert level_for(LEVELS[1:2], [], has_tam=False) is None

"""How a customer gets to a higher priority under each pack (SPEC, "The five packs": higher priority)."""

import pytest

from sla.priority_ways import is_at_least, way_up, ways_up
from sla.shipped_packs import shipped_codes, shipped_rules

WAYS = [
    ("purecloud", "low", "medium", ("WORK_NOTE",)),
    ("purecloud", "low", "high", ("PHONE",)),
    ("purecloud", "medium", "high", ("CASE_OWNER",)),
    ("purecloud", "medium", "critical", ("PHONE",)),
    ("genesys-cloud", "low", "medium", ("WORK_NOTE",)),
    ("genesys-cloud", "medium", "high", ("CASE_OWNER",)),
    ("genesys-cloud", "high", "critical", ("PHONE",)),
    ("genesys-cloud-cx", "low", "medium", ("WORK_NOTE",)),
    ("genesys-cloud-cx", "medium", "high", ("CARE_TEAM",)),
    ("genesys-cloud-cx", "high", "critical", ("PHONE",)),
    ("360dialog", "minor", "critical", ("WORK_NOTE", "CARE_TEAM")),
    ("360dialog", "minor", "major", ("CARE_TEAM",)),  # the policy says nothing of it: one asks the care team
    ("dynamics-gold", "low", "high", ("CASE_OWNER",)),
]


@pytest.mark.parametrize(("pack", "code", "wanted", "ways"), WAYS)
def test_way_up_is_the_policys(pack, code, wanted, ways):
    assert way_up(shipped_rules(pack), code, wanted).ways == ways


@pytest.mark.parametrize("pack", shipped_codes())
def test_no_way_leads_sideways_down_or_beyond(pack):
    rules = shipped_rules(pack)
    codes = [priority.code for priority in rules.priorities]
    assert ways_up(rules, codes[0]) == []
    assert [way.priority.code for way in ways_up(rules, codes[-1])] == codes[-2::-1]
    assert [way_up(rules, code, code) for code in codes] == [None] * len(codes)
    assert way_up(rules, codes[0], codes[-1]) is None
    assert way_up(rules, codes[-1], "unheard-of") is None


@pytest.mark.parametrize(
    ("code", "wanted", "answer"),
    [("high", "medium", True), ("high", "high", True), ("medium", "high", False), ("?", "low", False), ("low", "?", False)],
)
def test_is_at_least_compares_in_the_policys_order(code, wanted, answer):
    assert is_at_least(shipped_rules("genesys-cloud"), code, wanted) == answer

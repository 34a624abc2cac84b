"""The policies that ship with the portal, straight from their files: no database needed."""

from functools import cache
from pathlib import Path

from sla.pack_files import rules_from
from sla.pack_yaml import data_of, read_yaml
from sla.policy_rules import PolicyRules

PACKS = Path(__file__).parent / "packs"


def shipped_codes() -> list[str]:
    """The codes of the shipped policies."""
    return sorted(path.stem for path in PACKS.glob("*.yaml") if path.stem != "calendars")


@cache
def shipped_rules(code: str) -> PolicyRules:
    """The rules of a shipped policy. Raises KeyError for a code that does not ship."""
    if code not in shipped_codes():
        raise KeyError(code)
    return rules_from(data_of(read_yaml((PACKS / f"{code}.yaml").read_bytes())))

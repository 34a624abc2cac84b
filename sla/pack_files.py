"""Pack files: a support policy as a care manager writes it, read into `PolicyRules` (SPEC "What the portal does", ISSUE 2, 3).

Pure but for PyYAML. The form of a file is the form of the dataclasses in `sla.policy_rules` (see `sla.pack_reader`). Every mistake is told,
all at once, with its line and field.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sla.pack_checks import contradictions
from sla.pack_reader import LANGUAGES, RulesReader
from sla.pack_yaml import Mistake, PackError, data_of, item_of, read_yaml
from sla.policy_rules import PolicyRules

__all__ = ["LANGUAGES", "Mistake", "Pack", "PackError", "read_pack", "rules_from"]


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked pack file: its rules, and the same as plain data for `PolicyVersion.rules`."""

    rules: PolicyRules
    data: dict

    @property
    def digest(self) -> str:
        """Changes when the policy changes; comments and layout of the file do not matter."""
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()


def read_pack(source: str | bytes, *, calendars: Collection[str], languages: Collection[str] = LANGUAGES) -> Pack:
    """Read a pack file. Every text must be there in each of `languages`; English always. Raises PackError with all mistakes."""
    item = read_yaml(source)
    return Pack(_read_rules(item, languages, calendars), data_of(item))


def rules_from(data: dict) -> PolicyRules:
    """The rules that a published version keeps as plain data. Raises PackError if the data was damaged."""
    return _read_rules(item_of(data), ("en",), None)


def _read_rules(item, languages, calendars):
    reader = RulesReader(languages)
    policy = reader.read_object(PolicyRules, item, "")
    reader.mistakes += [
        Mistake(reader.line_of(path), path, sentence) for path, sentence in contradictions(policy, calendars=calendars)
    ]
    if reader.mistakes:
        raise PackError(reader.mistakes)
    return policy

"""Reads the items of a pack or calendar file along dataclasses: a field's name with spaces for underscores, words for the values
("first response", "phone only"), phrases for durations ("2 business days"). Collects every mistake, with its line and path.

Pure: no Django, no models.
"""

import re
import types
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from sla import policy_rules as rules
from sla.calendar_definition import WEEKDAYS
from sla.pack_yaml import Item, Mistake
from sla.policy_rules import Duration, Text

LANGUAGES = ("en", "fr", "ja", "ru")

#: The values that a field knows; in a file they are written in lower case with spaces.
VOCABULARY = {
    "CalendarEntry.windows": WEEKDAYS,
    "Target.kind": rules.KINDS,
    "Target.channels": rules.CHANNELS,
    "Target.scopes": rules.SCOPES,
    "Target.pauses": rules.PAUSES,
    "Measure.kind": rules.KINDS,
    "SeverityLevel.weight": rules.WEIGHTS,
    "CaseType.code": rules.CASE_TYPES,
    "Priority.portal": rules.PORTAL_RULES,
    "PriorityChange.ways": rules.WAYS,
    "EscalationRules.criteria": rules.CRITERIA,
    "EscalationRules.clauses": rules.CRITERIA,
    "EscalationRules.quiet": rules.WEIGHTS,
    "EscalationRules.impact_weights": rules.WEIGHTS,
    "EscalationRules.automatic_on": rules.KINDS,
    "EscalationRules.review_on": rules.KINDS,
    "EscalationLevel.code": rules.LEVELS,
    "EscalationLevel.language": LANGUAGES,
    "Offering.channels": rules.CHANNELS,
    "Offering.support_region": ("us_only", "eea_only"),
    "ContactRules.who": ("DESIGNATED", "ANY", "ENTITLEMENT"),
    "ContactRules.backup": ("NONE", "WANTED", "MUST"),
    "EntitlementRules.taken_on": ("CREATION", "RESOLUTION"),
    "EntitlementRules.exhausted": ("FLAG", "REFUSE"),
    "Note.about": rules.TOPICS,
    "PolicyRules.decided_by": ("VENDOR", "BOTH"),
    "PolicyRules.resolving": rules.RESOLVING,
}

#: Fields whose name in a file reads better than the one in the code.
SPOKEN_NAMES = {
    "Target.duration": "within",
    "Priority.severity_rank": "severity",
    "PriorityChange.current": "from",
    "PriorityChange.wanted": "to",
}

UNITS = {
    "minute": rules.MINUTES,
    "hour": rules.HOURS,
    "business minute": rules.BUSINESS_MINUTES,
    "business hour": rules.BUSINESS_HOURS,
    "business day": rules.BUSINESS_DAYS,
}
NO_TARGET = "no target"
LARGEST_NUMBER = 100_000

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_AMOUNT = re.compile(r"(\d{1,6}) +(?:(.*[a-z])s|(.*))")
_END_OF_DAY = re.compile(r"end of the (\d{1,3})(?:st|nd|rd|th) business day")


def spoken(code: str) -> str:
    """A field's name or a value as a file writes it: "FIRST_RESPONSE" → "first response"."""
    return code.lower().replace("_", " ")


@cache
def _fields_of(cls) -> dict[str, tuple[Any, Any]]:
    """A dataclass's fields by the name a file uses, each with its type."""
    hints = get_type_hints(cls)
    return {SPOKEN_NAMES.get(f"{cls.__name__}.{f.name}", spoken(f.name)): (f, hints[f.name]) for f in fields(cls)}


def _blank(hint):
    """A harmless value of a type, standing in where a mistake was told, so that reading goes on."""
    if hint == Duration:
        return Duration(1, rules.MINUTES)
    if is_dataclass(hint):
        return hint(**{f.name: _blank(inner) for f, inner in _fields_of(hint).values()})
    return _blank(get_args(hint)[0]) if isinstance(hint, types.UnionType) else (get_origin(hint) or hint)()


class RulesReader:
    """Walks a file along the dataclasses and collects every mistake on the way."""

    def __init__(self, languages):
        self.languages = languages
        self.mistakes = []
        self.lines = {}

    def line_of(self, path):
        """The line of a path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 0)

    def wrong(self, item, path, sentence, hint=None):
        self.mistakes.append(Mistake(item.line, path, sentence))
        return _blank(hint) if hint is not None else None

    def read(self, hint, item, path, slot):
        """Read one value of a type; `slot` ("Target.kind") says which words it knows."""
        self.lines.setdefault(path, item.line)
        if isinstance(hint, types.UnionType):
            return self.read_optional(hint, item, path, slot)
        if is_dataclass(hint):
            return self.read_duration(item, path) if hint is Duration else self.read_object(hint, item, path)
        if hint == Text:
            return self.read_text(item, path)
        if get_origin(hint) is tuple:
            return self.read_list(get_args(hint)[0], item, path, slot)
        if get_origin(hint) is dict:
            return self.read_table(get_args(hint)[1], item, path, slot)
        return self.read_plain(hint, item, path, slot)

    def read_optional(self, hint, item, path, slot):
        if item.value is None or (Duration in get_args(hint) and item.value == NO_TARGET):
            return None
        return self.read(get_args(hint)[0], item, path, slot)

    def read_object(self, cls, item, path):
        if not isinstance(item.value, dict):
            return self.wrong(item, path, "Fields with names belong here.", cls)
        known = _fields_of(cls)
        for name in item.value.keys() - known.keys():
            self.wrong(item.value[name], _joined(path, name), f"This field is unknown. Known here: {', '.join(known)}.")
        values = {}
        for name, (field, hint) in known.items():
            values[field.name] = self.read_field(cls, field, hint, item, _joined(path, name), name)
        return cls(**values)

    def read_field(self, cls, field, hint, item, path, name):
        if name in item.value:
            return self.read(hint, item.value[name], path, f"{cls.__name__}.{field.name}")
        if field.default is not MISSING:
            return field.default
        if field.default_factory is not MISSING:
            return field.default_factory()
        return self.wrong(item, path, "This field is missing.", hint)

    def read_text(self, item, path):
        if not isinstance(item.value, dict):
            return self.wrong(item, path, f"A text needs its languages: {', '.join(self.languages)}.", Text)
        for language in {*self.languages, "en"} - item.value.keys():
            self.wrong(item, f"{path}.{language}", "The text in this language is missing.")
        return {language: self.read_wording(language, value, path) for language, value in item.value.items()}

    def read_wording(self, language, item, path):
        if language not in LANGUAGES:
            self.wrong(item, f"{path}.{language}", f"This language is unknown. Known: {', '.join(LANGUAGES)}.")
        if not isinstance(item.value, str) or not item.value.strip():
            return self.wrong(item, f"{path}.{language}", "Text belongs here; put quotes around a number or yes/no.", str)
        return item.value.strip()

    def read_list(self, hint, item, path, slot):
        if not isinstance(item.value, list):
            return self.wrong(item, path, "A list belongs here.", tuple)
        return tuple(self.read(hint, entry, f"{path}[{_label(entry, place)}]", slot) for place, entry in enumerate(item.value, 1))

    def read_table(self, hint, item, path, slot):
        if not isinstance(item.value, dict):
            return self.wrong(item, path, "Fields with names belong here.", dict)
        return {
            self.word(Item(name, value.line, name), _joined(path, name), slot): self.read(hint, value, _joined(path, name), "")
            for name, value in item.value.items()
        }

    def read_duration(self, item, path):
        phrase = str(item.value)
        if end := _END_OF_DAY.fullmatch(phrase):
            return self.duration(int(end[1]), rules.END_OF_BUSINESS_DAY, item, path)
        amount = _AMOUNT.fullmatch(phrase)
        unit = UNITS.get((amount[2] or amount[3]).strip()) if amount else None
        if unit:
            return self.duration(int(amount[1]), unit, item, path)
        known = ", ".join(f"{name}s" for name in UNITS)
        problem = "has no unit" if phrase.isdecimal() else "is no duration"
        return self.wrong(
            item, path, f"“{phrase}” {problem}. Write a number and one of: {known}; or: end of the 3rd business day.", Duration
        )

    def duration(self, amount, unit, item, path):
        if not 0 < amount <= LARGEST_NUMBER:
            return self.wrong(item, path, f"A duration lies between 1 and {LARGEST_NUMBER}.", Duration)
        return Duration(amount, unit)

    def read_plain(self, hint, item, path, slot):
        if slot in VOCABULARY:
            return self.word(item, path, slot)
        if hint is int and (isinstance(item.value, bool) or not isinstance(item.value, int)):
            return self.wrong(item, path, f"A whole number belongs here, not “{item.written}”.", int)
        if hint is int and not 0 <= item.value <= LARGEST_NUMBER:
            return self.wrong(item, path, f"This number must lie between 0 and {LARGEST_NUMBER}.", int)
        if hint is bool and not isinstance(item.value, bool):
            return self.wrong(item, path, f"Write yes or no, not “{item.written}”.", bool)
        if hint is str:
            return self.read_string(item, path)
        return item.value

    def read_string(self, item, path):
        if not isinstance(item.value, str):
            return self.wrong(item, path, "Text belongs here; put quotes around a number or yes/no.", str)
        if path.endswith("code") and not _CODE.fullmatch(item.value):
            self.wrong(item, path, "A code has small letters, digits, - and _ only.")
        return item.value.strip()

    def word(self, item, path, slot):
        known = {spoken(value): value for value in VOCABULARY[slot]}
        if item.written in known:
            return known[item.written]
        return self.wrong(item, path, f"“{item.written}” is unknown. Known: {', '.join(known)}.", str)


def _joined(path, name):
    return f"{path}.{name}" if path else name


def _label(item, place):
    """How a list's entry is named in a path: by its code where it has one."""
    code = item.value.get("code") if isinstance(item.value, dict) else None
    return code.written if code and code.written else place

"""How a customer asks for a higher priority than the present one, as the policy says (SPEC 3, 6; the table's row "higher priority"). Pure."""

from dataclasses import dataclass

from .policy_rules import PolicyRules, Priority, Text

CARE_TEAM, CASE_OWNER, PHONE, WORK_NOTE = "CARE_TEAM", "CASE_OWNER", "PHONE", "WORK_NOTE"


@dataclass(frozen=True, slots=True)
class WayUp:
    """A higher priority, and the ways to ask for it, the preferred one first; `clause` is the policy's sentence, None where it has none."""

    priority: Priority
    ways: tuple[str, ...]
    clause: Text | None = None

    @property
    def is_by_phone(self) -> bool:
        """True where only a call will do."""
        return self.ways == (PHONE,)


def ways_up(rules: PolicyRules, code: str) -> list[WayUp]:
    """Every priority above `code`, the next one first; empty for the highest. Where the policy says nothing, one asks the care team."""
    codes = [priority.code for priority in rules.priorities]  # the highest first
    higher = rules.priorities[: codes.index(code)] if code in codes else rules.priorities
    return [_way_to(rules, code, priority) for priority in reversed(higher)]


def way_up(rules: PolicyRules, code: str, wanted: str) -> WayUp | None:
    """The way from the priority `code` to the priority `wanted`; None where that is none, or not higher."""
    return next((way for way in ways_up(rules, code) if way.priority.code == wanted), None)


def is_at_least(rules: PolicyRules, code: str, wanted: str) -> bool:
    """Is the priority `code` as high as `wanted`, or higher?"""
    codes = [priority.code for priority in rules.priorities]
    return code in codes and wanted in codes and codes.index(code) <= codes.index(wanted)


def _way_to(rules: PolicyRules, code: str, priority: Priority) -> WayUp:
    changes = [change for change in rules.priority_changes if change.wanted == priority.code and change.current in ("", code)]
    change = max(changes, key=lambda change: bool(change.current), default=None)  # a rule for just this step says more
    return WayUp(priority, change.ways, change.clause) if change else WayUp(priority, (CARE_TEAM,))

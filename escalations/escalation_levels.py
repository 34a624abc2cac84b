"""Which level of the policy an escalation goes to: in the policy's order, higher only after the lower one left the customer unsatisfied (SPEC 6).

Pure: levels and what came before in, a level out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sla.policy_rules import EscalationLevel

TAM = "TAM"
MANAGEMENT = "MANAGEMENT"


@dataclass(frozen=True, slots=True)
class Ended:
    """An escalation that was declined or resolved, and what the customer says of it (None: nothing yet)."""

    level_code: str
    is_satisfied: bool | None = None


def level_for(levels: Sequence[EscalationLevel], ended: Sequence[Ended], *, has_tam: bool) -> EscalationLevel | None:
    """The level that an escalation asked for now goes to; None where the policy has none.

    The first one, and again after a satisfied customer; the next one after an unsatisfied one, as long as there is one; the same one where the
    customer has not said. Without a TAM the TAM's level is passed over. `ended`: oldest first.
    """
    within_reach = [level for level in levels if level.code != TAM or has_tam]
    latest = ended[-1] if ended else Ended("", is_satisfied=True)
    if latest.is_satisfied or not within_reach:
        return next(iter(within_reach), None)
    codes = [level.code for level in levels]
    reached = codes.index(latest.level_code) if latest.level_code in codes else -1
    least = reached if latest.is_satisfied is None else reached + 1
    return next((level for level in within_reach if codes.index(level.code) >= least), within_reach[-1])

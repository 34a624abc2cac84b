"""An answer to "may they?" that carries its sentence (HOUSE rule 4). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed, or refused with a reason in the reader's language. True where allowed."""

    allowed: bool
    reason: str = ""

    def __bool__(self):
        return self.allowed


ALLOWED = Decision(True)


def refused(reason):
    """A refusal with its sentence."""
    return Decision(False, reason)


class Refused(Exception):
    """Raised by an action that the acting user may not do; `reason` is a sentence for them."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class StaleCase(Exception):
    """Raised by an action on a case that somebody changed since the form was shown; the text typed must be kept (SAFETY 5)."""

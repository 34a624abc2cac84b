"""Refusals on the care desk's pages: a 403 with its sentence. What somebody may not even see is a 404 (`visible_to`)."""

from django.core.exceptions import PermissionDenied


def require(decision):
    """Raise PermissionDenied, with the sentence of the refusal, unless allowed."""
    if not decision:
        raise PermissionDenied(decision.reason)

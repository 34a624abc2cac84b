"""How a case ends and begins again: proposal, acceptance, rejection, closing, reopening (SPEC 4, 5 "Closing")."""

from django.db import transaction
from django.utils.translation import gettext as _

from ..decision import Refused
from ..permissions import can_accept, can_close, can_keep_open, can_reopen, can_resolve
from ..text_cleaning import clean_text
from ..timeline import Entry, Kind, locked
from .documents import documents_first
from .follow_up import open_rca_follow_up
from .writing import language_of, recorded, require, words


def _require_words(text, sentence):
    if not clean_text(text).text.strip():
        raise Refused(sentence)


@transaction.atomic
def propose_resolution(case, *, by, summary, now, preliminary="", expected_version=None):
    """Propose a resolution with a short summary; unanswered, the case closes as the policy says. Raises Refused, StaleCase.

    `preliminary` is the preliminary RCA, where the policy owes one with the resolution (SPEC 8).
    """
    case = locked(case, expected_version=expected_version)
    require(can_resolve(by, case))
    _require_words(summary, _("A proposed resolution needs a summary."))
    first = documents_first(case, preliminary, by=by)
    activity = recorded(case, *first, words(summary, kind=Kind.PROPOSED, language=language_of(case, by)), by=by, now=now)
    open_rca_follow_up(case, now=now)
    return activity


@transaction.atomic
def accept_resolution(case, *, by, now, expected_version=None):
    """The customer accepts: the problem is solved and the case is closed. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_accept(by, case))
    activity = recorded(case, Entry(Kind.ACCEPTED), Entry(Kind.CLOSED, data={"cause": "accepted"}), by=by, now=now)
    open_rca_follow_up(case, now=now)
    return activity


@transaction.atomic
def reject_resolution(case, *, by, reason, now, expected_version=None):
    """The customer says that the problem is not solved, and why: back to work. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_accept(by, case))
    _require_words(reason, _("Say what still happens."))
    return recorded(case, words(reason, kind=Kind.REJECTED, language=language_of(case, by)), by=by, now=now)


@transaction.atomic
def close_case(case, *, by, now, summary="", preliminary="", expected_version=None):
    """Close the case: by the care team with a resolution summary, by a contact as solved. Raises Refused, StaleCase.

    `preliminary`: as for `propose_resolution`; nobody asks the customer for it.
    """
    case = locked(case, expected_version=expected_version)
    require(can_close(by, case))
    first = []
    if by.is_staff:
        _require_words(summary, _("Closing a case needs a resolution summary."))
        first = documents_first(case, preliminary, by=by)
    entry = words(
        summary, kind=Kind.CLOSED, language=language_of(case, by), data={"cause": "resolved" if by.is_staff else "accepted"}
    )
    activity = recorded(case, *first, entry, by=by, now=now)
    open_rca_follow_up(case, now=now)
    return activity


@transaction.atomic
def reopen_case(case, *, by, reason, now, expected_version=None):
    """Reopen a closed case within the policy's window, with a reason. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_reopen(by, case, now=now))
    _require_words(reason, _("Say what still happens."))
    return recorded(
        case, words(reason, kind=Kind.REOPENED, language=language_of(case, by), data={"cause": "request"}), by=by, now=now
    )


@transaction.atomic
def keep_open(case, *, by, now, expected_version=None):
    """The customer asks not to close the case: the closing count starts again. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_keep_open(by, case))
    return recorded(case, Entry(Kind.KEEP_OPEN), by=by, now=now)

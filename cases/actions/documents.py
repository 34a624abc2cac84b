"""What is delivered into a case beside replies: RCA, preliminary RCA, case summary (SPEC 8)."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ..decision import Refused
from ..permissions import can_write_case_summary
from ..rca_owed import CASE_SUMMARY, FULL, PRELIMINARY, owes_case_summary, owes_preliminary
from ..text_cleaning import clean_text
from ..timeline import Entry, Kind, locked, record
from .writing import language_of, recorded, require, words


@transaction.atomic
def deliver_rca(case, *, data, by, now):
    """Record that a document was delivered into the case: `data` is {"document", "kind", "version"} (RCA_DELIVERED). Returns the activity.

    The RCA itself also goes to the follow-up cases that wait for it: they are held no longer and a closing that stood still begins to count.
    Who may deliver is asked by the caller, which publishes the document.
    """
    case = locked(case)
    if data["kind"] == FULL:
        for waiting in case.follow_ups.filter(closes_with_rca=True).order_by("pk"):
            record(_released(locked(waiting)), Entry(Kind.RCA_DELIVERED, data=data), by=by, now=now)  # told in the original alone
        case = _released(case)
    return recorded(case, Entry(Kind.RCA_DELIVERED, data=data), by=by, now=now)


def _released(case):
    case.closes_with_rca = False
    return case


@transaction.atomic
def write_case_summary(case, *, by, description, findings, restoration, now, expected_version=None):
    """Give an isolated case its summary: the problem, cause or findings, restoration and corrective actions. Written again, the latest counts.

    Returns the activity. Raises Refused, StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_write_case_summary(by, case))
    parts = [clean_text(part).text.strip() for part in (description, findings, restoration)]
    if not all(parts):
        raise Refused(_("A case summary needs a description, the cause or findings, and what was done."))
    with override(case.language or "en"):
        headings = [_("Description"), _("Cause or findings"), _("Restoration and corrective actions")]
    text = "\n\n".join(
        f"{heading}\n\n{part}" for heading, part in zip(headings, (description, findings, restoration), strict=True)
    )
    entry = words(text, kind=Kind.RCA_DELIVERED, language=language_of(case, by), data={"kind": CASE_SUMMARY})
    return recorded(case, entry, by=by, now=now)


def documents_first(case, preliminary, *, by):
    """What has to come with a resolution: the entry of the preliminary RCA, where it is owed. Raises Refused where something is missing."""
    if owes_case_summary(case):
        raise Refused(_("Write the case summary first: isolated cases of this severity get one when they are resolved."))
    if not owes_preliminary(case):
        return []
    if not clean_text(preliminary).text.strip():
        raise Refused(_("The resolution of this case needs a preliminary RCA: what is known of the cause."))
    return [words(preliminary, kind=Kind.RCA_DELIVERED, language=language_of(case, by), data={"kind": PRELIMINARY})]

"""What the care team now expects of a case, and what the teams found out about one that took too long (SPEC 5, ISSUE 3.9)."""

from django.db import transaction
from django.utils.translation import gettext as _

from ..decision import Refused
from ..expectations import expected_resolution
from ..permissions import can_review, can_triage
from ..reviews import kinds_to_review
from ..text_cleaning import LIMIT, clean_text
from ..timeline import INTERNAL, Kind, locked
from .writing import language_of, recorded, require, words


@transaction.atomic
def change_expectation(case, *, by, expected_at, reason, now, expected_version=None):
    """Say when the case will be resolved as far as is known now, and why; the customer is told at once.

    No promise: no clock follows it. Returns the activity. Raises Refused, StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_triage(by, case))
    if expected_at <= now:
        raise Refused(_("The expected time must lie in the future."))
    if not clean_text(reason).text.strip():
        raise Refused(_("A changed expectation needs a reason."))
    before = expected_resolution(case.activities.filter(kind=Kind.EXPECTATION).order_by("pk"))
    data = {"expected_at": expected_at.isoformat(), "from": before and before.isoformat()}
    entry = words(reason, kind=Kind.EXPECTATION, language=language_of(case, by), data=data)
    return recorded(case, entry, by=by, now=now)


@transaction.atomic
def review_case(case, *, by, teams, outcome, now, expected_version=None):
    """Write down what a review with the teams involved came to, for the care team alone; also on a closed case.

    Returns the activity. Raises Refused where the policy asks for no review of this case, or it was reviewed; StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_review(by, case))
    kinds = kinds_to_review(case, now=now)
    if not kinds:
        raise Refused(_("This case needs no review."))
    if not clean_text(teams).text.strip() or not clean_text(outcome).text.strip():
        raise Refused(_("A review needs the teams that took part and its outcome."))
    text = f"{teams.strip()}\n\n{outcome.strip()}"
    if len(text) > LIMIT:
        raise Refused(_("Teams and outcome together are too long: %(limit)s characters are allowed.") % {"limit": LIMIT})
    entry = words(text, kind=Kind.REVIEW, language=by.language, data={"clocks": kinds}, visibility=INTERNAL)
    return recorded(case, entry, by=by, now=now)

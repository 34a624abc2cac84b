"""The status follows from the timeline (SPEC 4)."""

import pytest

from cases.case_status import ALWAYS, TAKES_UP, status_after, status_of
from cases.models import Activity, Case


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (["OPENED", "ACKNOWLEDGED"], "NEW"),
        (["OPENED", "INTERNAL_NOTE"], "NEW"),
        (["OPENED", "OWNER"], "IN_PROGRESS"),
        (["OPENED", "REPLY"], "IN_PROGRESS"),
        (["OPENED", "WORK_NOTE"], "NEW"),
        (["OPENED", "REPLY", "AWAITING_CUSTOMER"], "AWAITING_CUSTOMER"),
        (["OPENED", "REPLY", "AWAITING_CUSTOMER", "WORK_NOTE"], "IN_PROGRESS"),
        (["OPENED", "REPLY", "AWAITING_CUSTOMER", "WORK_NOTE", "ANSWER_NOT_ADEQUATE"], "AWAITING_CUSTOMER"),
        (["OPENED", "REPLY", "AWAITING_CUSTOMER", "REPLY"], "AWAITING_CUSTOMER"),
        (["OPENED", "REPLY", "AWAITING_CUSTOMER", "RESUMED"], "IN_PROGRESS"),
        (["OPENED", "AWAITING_THIRD_PARTY", "WORK_NOTE"], "AWAITING_THIRD_PARTY"),
        (["OPENED", "AWAITING_THIRD_PARTY", "THIRD_PARTY_REPLIED"], "IN_PROGRESS"),
        (["OPENED", "PROPOSED"], "RESOLUTION_PROPOSED"),
        (["OPENED", "PROPOSED", "KEEP_OPEN"], "RESOLUTION_PROPOSED"),
        (["OPENED", "PROPOSED", "WORK_NOTE"], "IN_PROGRESS"),
        (["OPENED", "PROPOSED", "REJECTED"], "IN_PROGRESS"),
        (["OPENED", "PROPOSED", "ACCEPTED", "CLOSED"], "CLOSED"),
        (["OPENED", "CLOSED", "INTERNAL_NOTE"], "CLOSED"),
        (["OPENED", "CLOSED", "REOPENED"], "IN_PROGRESS"),
    ],
)
def test_status_follows_from_the_timeline(kinds, status):
    assert status_of(kinds) == status


def test_status_table_knows_only_real_codes():
    assert set(ALWAYS) | set(TAKES_UP) <= set(Activity.Kind.values)
    assert set(ALWAYS.values()) | set().union(*TAKES_UP.values()) <= set(Case.Status.values)


@pytest.mark.parametrize("kind", ["ACKNOWLEDGED", "INTERNAL_NOTE", "SEVERITY", "ATTACHMENT", "SCOPE"])
def test_status_is_untouched_by_other_activities(kind):
    assert all(status_after(status, kind) == status for status in Case.Status.values)

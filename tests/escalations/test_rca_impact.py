"""Own affected minutes: the time of the incident in which at least one of the customer's cases was affected."""

from datetime import UTC, datetime, timedelta

import pytest

from escalations.rca_impact import Span, affected_minutes

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
INCIDENT = Span(NINE, NINE + timedelta(minutes=47))


def at(minutes):
    return NINE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("own", "minutes"),
    [
        ([], 0),
        ([Span()], 47),
        ([Span(at(7))], 40),
        ([Span(None, at(10))], 10),
        ([Span(at(-60), at(90))], 47),  # the incident's time is the most
        ([Span(at(0), at(10)), Span(at(5), at(20))], 20),  # at the same time: once
        ([Span(at(0), at(10)), Span(at(30), at(40))], 20),  # the gap does not count
        ([Span(at(30), at(40)), Span(at(0), at(10)), Span(at(2), at(3))], 20),  # in any order
        ([Span(at(50), at(60))], 0),  # after it was over
        ([Span(at(0), at(0) + timedelta(seconds=1))], 1),  # a begun minute
    ],
)
def test_own_minutes(own, minutes):
    assert affected_minutes(INCIDENT, own) == minutes

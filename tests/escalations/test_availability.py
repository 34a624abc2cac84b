"""The arithmetic of the status page's history, by tables. Moments are hours of March 1, 2026, UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from escalations.availability import availability, lost_time, merged, months


def at(hour):
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hour)


def periods(*pairs):
    return [(at(start), at(end)) for start, end in pairs]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([(1, 2)], [(1, 2)]),
        ([(1, 3), (2, 4)], [(1, 4)]),  # overlap
        ([(1, 2), (2, 3)], [(1, 3)]),  # half-open: touching periods leave no gap
        ([(1, 9), (2, 3)], [(1, 9)]),  # one within the other
        ([(5, 6), (1, 2)], [(1, 2), (5, 6)]),  # in order
        ([(1, 1)], []),  # empty
        ([(3, 2)], []),  # ends before it starts
        ([(1, 2), (1, 2), (1, 2)], [(1, 2)]),
    ],
)
def test_merged_counts_no_moment_twice(given, expected):
    assert merged(periods(*given)) == periods(*expected)


@pytest.mark.parametrize(
    ("given", "hours"),
    [
        ([], 0),
        ([(0, 24)], 24),
        ([(-5, 2)], 2),  # began before
        ([(23, 30)], 1),  # ended after
        ([(-5, 30)], 24),
        ([(24, 25)], 0),  # the end of the window is outside
        ([(-1, 0)], 0),
        ([(1, 3), (2, 4), (10, 11)], 4),
        ([(-2, 1), (0, 2)], 2),
    ],
)
def test_lost_time_is_what_lies_in_the_window(given, hours):
    assert lost_time(periods(*given), (at(0), at(24))) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("lost", "places", "expected"),
    [
        ({}, ["a", "b"], 10_000),
        ({"a": [(0, 24)]}, ["a"], 0),
        ({"a": [(0, 24)]}, ["a", "b"], 5_000),
        ({"a": [(0, 12)], "b": [(0, 6)]}, ["a", "b"], 6_250),
        ({"a": [(0, 6), (3, 12)]}, ["a"], 5_000),  # overlapping incidents count once
        ({"a": [(0, 6)], "b": [(0, 6)]}, ["a", "b"], 7_500),  # the same hours in two places are two losses
        ({"gone": [(0, 24)]}, ["a"], 10_000),  # what is no longer listed does not count
        ({"a": [(0, 0.0001)]}, ["a"], 9_999),  # rounded down: a loss never reads as 100 %
        ({}, [], None),
    ],
)
def test_availability_is_the_average_over_places(lost, places, expected):
    by_place = {place: periods(*pairs) for place, pairs in lost.items()}
    assert availability(by_place, places, (at(0), at(24))) == expected


def test_availability_of_no_time_is_no_figure():
    assert availability({}, ["a"], (at(1), at(1))) is None


def test_months_are_the_parts_of_a_window_latest_first():
    window = (datetime(2025, 12, 10, 8, tzinfo=UTC), datetime(2026, 2, 3, tzinfo=UTC))
    december, january, february = (
        datetime(2025, 12, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 2, 1, tzinfo=UTC),
    )
    assert months(window) == [(february, window[1]), (january, february), (window[0], january)]
    assert december < window[0]


def test_months_end_before_a_window_that_ends_with_a_month():
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert months((first, last)) == [(first, last)]

"""How much of a period something was there: arithmetic of half-open periods (start, end) for the status page (SPEC 7). Pure."""

from datetime import UTC, datetime, timedelta

NOTHING = timedelta(0)


def merged(periods):
    """The same time in as few periods as possible, in order: what overlaps or touches becomes one, so that nothing counts twice."""
    result = []
    for start, end in sorted(period for period in periods if period[0] < period[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def lost_time(periods, window):
    """How much of the window the periods cover, as a timedelta; each moment counts once."""
    clipped = [(max(start, window[0]), min(end, window[1])) for start, end in periods]
    return sum((end - start for start, end in merged(clipped)), NOTHING)


def availability(periods_by_place, places, window):
    """The share of the window in which the places were there, averaged over them: hundredths of a percent, rounded down, 0 to 10000.

    `periods_by_place`: place -> when it was not there. None where there is no place or no time to speak of.
    """
    promised = len(places) * (window[1] - window[0])
    if promised <= NOTHING:
        return None
    lost = sum((lost_time(periods_by_place.get(place, ()), window) for place in places), NOTHING)
    return 10_000 * (promised - lost) // promised


def months(window):
    """The calendar months (UTC) of a window, latest first, each as the half-open period that lies in the window."""
    result, start = [], window[0].astimezone(UTC)
    while start < window[1]:
        following = datetime(start.year + start.month // 12, start.month % 12 + 1, 1, tzinfo=UTC)
        result.append((start, min(following, window[1])))
        start = following
    return result[::-1]

"""Clocks that would come out differently, as rows of a CSV: for the preview of a move and for simulations."""

DIFFERENCE_COLUMNS = (
    *("number", "organization", "severity", "clock"),
    *("state_now", "due_at_now", "verdict_now", "state_then", "due_at_then", "verdict_then"),
)


def difference_rows(case, differences):
    """One row of values for each clock of the case that differs."""
    for change in differences:
        yield (
            case.number,
            case.organization.name,
            case.severity_rank,
            change.kind,
            *_half(change.before, change.verdict_before),
            *_half(change.after, change.verdict_after),
        )


def _half(clock, verdict):
    return (clock.state, clock.due_at, verdict) if clock else (None, None, None)

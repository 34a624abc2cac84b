"""How a case's status follows from its timeline (SPEC 4). Pure: plain codes in, plain codes out."""

NEW = "NEW"
IN_PROGRESS = "IN_PROGRESS"
AWAITING_CUSTOMER = "AWAITING_CUSTOMER"
AWAITING_THIRD_PARTY = "AWAITING_THIRD_PARTY"
RESOLUTION_PROPOSED = "RESOLUTION_PROPOSED"
CLOSED = "CLOSED"

# An activity of this kind always leads to this status.
ALWAYS = {
    "OPENED": NEW,
    "AWAITING_CUSTOMER": AWAITING_CUSTOMER,
    "ANSWER_NOT_ADEQUATE": AWAITING_CUSTOMER,
    "AWAITING_THIRD_PARTY": AWAITING_THIRD_PARTY,
    "THIRD_PARTY_REPLIED": IN_PROGRESS,
    "RESUMED": IN_PROGRESS,
    "PROPOSED": RESOLUTION_PROPOSED,
    "REJECTED": IN_PROGRESS,
    "CLOSED": CLOSED,
    "REOPENED": IN_PROGRESS,
}
# An activity of this kind leads to IN_PROGRESS from these statuses, and changes nothing otherwise.
TAKES_UP = {
    "WORK_NOTE": {AWAITING_CUSTOMER, RESOLUTION_PROPOSED},  # a customer's answer; waiting for a third party goes on
    "PRIORITY_ASKED": {AWAITING_CUSTOMER, RESOLUTION_PROPOSED},  # work notes too
    "SEVERITY_CONTESTED": {AWAITING_CUSTOMER, RESOLUTION_PROPOSED},
    "OWNER": {NEW},
    "REPLY": {NEW},
    "CALL": {NEW},
}


def status_after(status, kind):
    """The status of a case in `status` (None before it is opened) after an activity of this kind."""
    if kind in ALWAYS:
        return ALWAYS[kind]
    return IN_PROGRESS if status in TAKES_UP.get(kind, ()) else status


def status_of(kinds):
    """The status that a whole timeline, as a sequence of activity kinds in order, leads to."""
    status = None
    for kind in kinds:
        status = status_after(status, kind)
    return status

"""What the status page says of given facts, by tables and without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalations.status_snapshot import Named, Place, Planned, PublicIncident, Update, dumps, loads, take

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VOICE, CHAT = Named("voice", {"en": "Voice"}), Named("chat", {"en": "Chat"})
EMEA, JAPAN = Named("emea", {"en": "Europe"}), Named("japan", {"en": "Japan", "ja": "日本"})
PLACES = (Place(VOICE, EMEA), Place(CHAT, EMEA), Place(VOICE, JAPAN))


def incident(number="INC-1001", *, state="IDENTIFIED", impact="OUTAGE", where=((VOICE, EMEA),), hours=(-1, None), severity=2):
    start, end = hours
    return PublicIncident(
        number=number,
        title={"en": number},
        state=state,
        severity_rank=severity,
        started_at=NOW + start * HOUR,
        ended_at=None if end is None else NOW + end * HOUR,
        affected=tuple(Place(component, region, impact) for component, region in where),
        updates=(Update(7, state, {"en": "Words"}, NOW, NOW + HOUR),),
    )


def planned(*, hours=(-1, 1), components=(), regions=()):
    return Planned({"en": "Work"}, {}, NOW + hours[0] * HOUR, NOW + hours[1] * HOUR, components, regions)


def snapshot(*incidents, maintenance=(), now=NOW, places=PLACES, before=None):
    return take(now=now, places=places, incidents=incidents, maintenance=tuple(maintenance), before=before)


def states(taken):
    return [place.state for place in taken.places]


@pytest.mark.parametrize(
    ("incidents", "maintenance", "expected"),
    [
        ([], [], ["OPERATIONAL"] * 3),
        ([incident()], [], ["OUTAGE", "OPERATIONAL", "OPERATIONAL"]),
        ([incident(state="MONITORING")], [], ["OUTAGE", "OPERATIONAL", "OPERATIONAL"]),
        ([incident(state="RESTORED", hours=(-2, -1))], [], ["OPERATIONAL"] * 3),
        ([incident(impact="DEGRADED"), incident("INC-1002", impact="PARTIAL")], [], ["PARTIAL", "OPERATIONAL", "OPERATIONAL"]),
        ([incident(where=((VOICE, JAPAN),), impact="DEGRADED")], [], ["OPERATIONAL", "OPERATIONAL", "DEGRADED"]),
        ([], [planned()], ["MAINTENANCE"] * 3),
        ([], [planned(components=(VOICE,))], ["MAINTENANCE", "OPERATIONAL", "MAINTENANCE"]),
        ([], [planned(regions=(JAPAN,))], ["OPERATIONAL", "OPERATIONAL", "MAINTENANCE"]),
        ([], [planned(components=(VOICE,), regions=(EMEA,))], ["MAINTENANCE", "OPERATIONAL", "OPERATIONAL"]),
        ([], [planned(hours=(0, 1))], ["MAINTENANCE"] * 3),  # half-open: it runs from its first moment on
        ([], [planned(hours=(-1, 0))], ["OPERATIONAL"] * 3),
        ([], [planned(hours=(1, 2))], ["OPERATIONAL"] * 3),
        ([incident(impact="DEGRADED")], [planned()], ["DEGRADED", "MAINTENANCE", "MAINTENANCE"]),  # what is worse is told
    ],
)
def test_state_of_each_place(incidents, maintenance, expected):
    assert states(snapshot(*incidents, maintenance=maintenance)) == expected


def test_state_of_the_platform_is_the_worst_of_all():
    assert snapshot(incident(impact="PARTIAL"), maintenance=[planned()]).state == "PARTIAL"
    assert snapshot(places=()).state == "OPERATIONAL"


def test_active_incidents_are_told_by_severity():
    taken = snapshot(incident("INC-1001", severity=3), incident("INC-1002", severity=1), incident("INC-1003", state="CLOSED"))
    assert [each.number for each in taken.active] == ["INC-1002", "INC-1001"]


def test_next_update_is_promised_only_while_the_incident_goes_on():
    assert incident().next_update_at == NOW + HOUR
    assert incident(state="RESTORED").next_update_at is None
    assert replace(incident(), updates=()).next_update_at is None


# --- history -----------------------------------------------------------------------------------------------------------
def figures(*incidents, now=NOW):
    return [
        (month.starts_at.strftime("%Y-%m"), len(month.incidents), month.availability)
        for month in snapshot(*incidents, now=now).months
    ]


def test_history_of_a_good_quarter():
    assert figures() == [("2026-03", 0, 10_000), ("2026-02", 0, 10_000), ("2026-01", 0, 10_000), ("2025-12", 0, 10_000)]


def test_history_counts_an_incident_in_each_month_that_it_touches():
    across = incident(state="CLOSED", hours=(-90, -60))  # March 1 begins 81 hours before now
    assert [count for _month, count, _share in figures(across)] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("incidents", "march"),
    [
        ([incident(hours=(-27, 0), state="CLOSED")], 8_888),  # 27 of 81 hours in one of three places: a ninth
        ([incident(hours=(-27, None))], 8_888),  # one that goes on counts until now
        ([incident(hours=(-27, 0), state="CLOSED"), incident("INC-1002", hours=(-27, 0), state="CLOSED")], 8_888),
        ([incident(hours=(-27, 0), state="CLOSED", impact="PARTIAL")], 8_888),
        ([incident(hours=(-27, 0), state="CLOSED", impact="DEGRADED")], 10_000),
        ([incident(hours=(-27, 0), state="CLOSED", where=((VOICE, EMEA), (CHAT, EMEA), (VOICE, JAPAN)))], 6_666),
        ([incident(hours=(-300, None), where=((VOICE, EMEA), (CHAT, EMEA), (VOICE, JAPAN)))], 0),
    ],
)
def test_availability_of_this_month_so_far(incidents, march):
    assert figures(*incidents)[0][2] == march


def test_history_without_components_has_no_figure():
    assert [month.availability for month in snapshot(places=()).months] == [None] * 4


def test_history_starts_90_days_ago():
    before = incident(hours=(-24 * 100, -24 * 91), state="CLOSED")
    assert figures(before)[-1] == ("2025-12", 0, 10_000)


# --- the same, changed, kept -------------------------------------------------------------------------------------------
def test_same_state_later_keeps_its_digest_and_when_it_changed():
    first = snapshot(incident(state="CLOSED", hours=(-3, -2)))
    later = snapshot(incident(state="CLOSED", hours=(-3, -2)), now=NOW + timedelta(seconds=5), before=first)
    assert (later.digest, later.changed_at, later.checked_at) == (first.digest, NOW, NOW + timedelta(seconds=5))


@pytest.mark.parametrize(
    "changed",
    [
        {"places": PLACES[:2]},
        {"maintenance": [planned(hours=(1, 2))]},
        {"incidents": [incident(state="RESTORED", hours=(-3, -2))]},
        {"incidents": [replace(incident(state="CLOSED", hours=(-3, -2)), title={"en": "Another"})]},
    ],
)
def test_any_difference_changes_the_digest(changed):
    incidents = changed.pop("incidents", [incident(state="CLOSED", hours=(-3, -2))])
    first = snapshot(incident(state="CLOSED", hours=(-3, -2)))
    later = snapshot(*incidents, now=NOW + HOUR, before=first, **changed)
    assert later.digest != first.digest
    assert later.changed_at == NOW + HOUR


def test_start_of_maintenance_is_a_change():
    work = [planned(hours=(1, 2))]
    first = snapshot(maintenance=work)
    assert snapshot(maintenance=work, now=NOW + HOUR, before=first).digest != first.digest


def test_snapshot_survives_as_text():
    taken = snapshot(incident(), incident("INC-1002", state="CLOSED", hours=(-3, -2)), maintenance=[planned(components=(CHAT,))])
    assert loads(dumps(taken)) == taken


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"checked_at": 1}', '"text"'])
def test_text_that_is_no_snapshot_is_refused(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        loads(text)

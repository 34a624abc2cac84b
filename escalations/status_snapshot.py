"""What the status page says, as one value: made from the database every few seconds, kept as a file, shown in every language. Pure.

Nothing in it belongs to a reader, and nothing in it belongs to a customer (SPEC 7). Codes are those of the models; texts are dicts by language.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from types import UnionType
from typing import get_args, get_origin, get_type_hints

from .availability import availability, months

HISTORY = timedelta(days=90)
OPERATIONAL, MAINTENANCE, DEGRADED, PARTIAL, OUTAGE = WORSE_AND_WORSE = (
    "OPERATIONAL",
    "MAINTENANCE",
    "DEGRADED",
    "PARTIAL",
    "OUTAGE",
)
ACTIVE = ("DECLARED", "INVESTIGATING", "IDENTIFIED", "MONITORING")
NOT_THERE = (PARTIAL, OUTAGE)  # slower than usual is still there


@dataclass(frozen=True, slots=True)
class Named:
    """A component or a region."""

    code: str
    name: dict  # language -> text


@dataclass(frozen=True, slots=True)
class Place:
    """A component in a region, and how it is."""

    component: Named
    region: Named
    state: str = OPERATIONAL

    @property
    def key(self):
        return (self.component.code, self.region.code)


@dataclass(frozen=True, slots=True)
class Update:
    """A public word on an incident."""

    key: int
    state: str
    words: dict
    published_at: datetime
    next_update_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """An incident as everybody may know it; updates newest first. `affected`: places, whose state is the impact."""

    number: str
    title: dict
    state: str
    severity_rank: int
    started_at: datetime
    ended_at: datetime | None
    affected: tuple[Place, ...]
    updates: tuple[Update, ...]

    @property
    def is_active(self):
        return self.state in ACTIVE

    @property
    def next_update_at(self):
        """When the next update is promised; None once the incident is over."""
        return self.updates[0].next_update_at if self.updates and self.is_active else None

    def period(self, now):
        """From its start to its end, or to `now` while it goes on."""
        return self.started_at, self.ended_at or now


@dataclass(frozen=True, slots=True)
class Planned:
    """Planned maintenance. No components: all of them; no regions: everywhere."""

    title: dict
    words: dict
    starts_at: datetime
    ends_at: datetime
    components: tuple[Named, ...]
    regions: tuple[Named, ...]
    is_running: bool = False

    def concerns(self, place):
        """Does it take place there?"""
        return _is_among(place.component, self.components) and _is_among(place.region, self.regions)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the history, as far as it lies in it: its incidents and its availability in hundredths of a percent (None: no figure)."""

    starts_at: datetime
    incidents: tuple[str, ...]  # numbers, latest first
    availability: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of the platform as it was at `checked_at`; the same since `changed_at`."""

    checked_at: datetime
    changed_at: datetime
    places: tuple[Place, ...]
    incidents: tuple[PublicIncident, ...]  # of the last 90 days and all active ones, latest first
    maintenance: tuple[Planned, ...]  # running or to come, earliest first
    months: tuple[Month, ...]  # latest first
    digest: str = ""  # differs where anything differs but the two moments

    @property
    def active(self):
        """What is going on, the most severe first."""
        return sorted((each for each in self.incidents if each.is_active), key=lambda each: each.severity_rank)

    @property
    def state(self):
        """The worst state of any component."""
        return max((place.state for place in self.places), key=WORSE_AND_WORSE.index, default=OPERATIONAL)

    def incident(self, number):
        """The incident with this number, or None."""
        return next((each for each in self.incidents if each.number == number), None)


def take(*, now, places, incidents, maintenance, before=None):
    """The snapshot of these facts. `before`: the one until now, whose `changed_at` stays where nothing changed."""
    running = tuple(replace(each, is_running=each.starts_at <= now < each.ends_at) for each in maintenance)
    snapshot = Snapshot(
        checked_at=now,
        changed_at=now,
        places=tuple(replace(place, state=_state_of(place, incidents, running)) for place in places),
        incidents=incidents,
        maintenance=running,
        months=_history(places, incidents, now),
    )
    digest = _digest(snapshot)
    is_same = before is not None and before.digest == digest
    return replace(snapshot, digest=digest, changed_at=before.changed_at if is_same else now)


def _state_of(place, incidents, maintenance):
    impacts = [each.state for incident in incidents if incident.is_active for each in incident.affected if each.key == place.key]
    works = [MAINTENANCE for each in maintenance if each.is_running and each.concerns(place)]
    return max([*impacts, *works], key=WORSE_AND_WORSE.index, default=OPERATIONAL)


def _is_among(named, chosen):
    return not chosen or named.code in [each.code for each in chosen]


def _history(places, incidents, now):
    keys = [place.key for place in places]
    lost = {}
    for incident in incidents:
        for each in incident.affected:
            if each.state in NOT_THERE:
                lost.setdefault(each.key, []).append(incident.period(now))
    return tuple(
        Month(
            starts_at=window[0],
            incidents=tuple(each.number for each in incidents if _touches(each.period(now), window)),
            availability=availability(lost, keys, window),
        )
        for window in months((now - HISTORY, now))
    )


def _touches(period, window):
    return period[0] < window[1] and (period[1] > window[0] or period[0] >= window[0])


def _digest(snapshot):
    data = asdict(snapshot)
    months_told = [{**month, "starts_at": month["starts_at"].strftime("%Y-%m")} for month in data["months"]]
    told = {**data, "checked_at": None, "changed_at": None, "digest": "", "months": months_told}
    return hashlib.sha256(_json(told).encode()).hexdigest()[:32]


# --- as a file ---------------------------------------------------------------------------------------------------------
def dumps(snapshot):
    """The snapshot as JSON text."""
    return _json(asdict(snapshot))


def loads(text):
    """The snapshot of such a text. Raises ValueError, KeyError or TypeError for any other text."""
    return _read(json.loads(text), Snapshot)


def _json(data):
    return json.dumps(data, default=datetime.isoformat, ensure_ascii=False, sort_keys=True)


def _read(value, kind):
    """The value of this type again: dataclasses, tuples of one type, moments, and what JSON knows itself."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: _read(value[field.name], hints[field.name]) for field in fields(kind)})
    if get_origin(kind) is tuple:
        return tuple(_read(each, get_args(kind)[0]) for each in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _read(value, get_args(kind)[0])
    return datetime.fromisoformat(value) if kind is datetime else value

"""`status.json`: what the status page says, for programs. Names and codes are promised to stay; the app's README lists them. Pure."""

from datetime import UTC


def document(known, *, url_of):
    """The state as JSON values. `known`: a `last_known.Known`; `url_of(number)`: the address of an incident's page."""
    snapshot = known.snapshot
    if snapshot is None:
        return {"state": "UNKNOWN", "is_stale": True, "checked_at": None, "changed_at": None} | dict.fromkeys(LISTS, [])
    return {
        "state": snapshot.state,
        "is_stale": known.is_stale,
        "checked_at": iso(snapshot.checked_at),
        "changed_at": iso(snapshot.changed_at),
        "components": [_place(place, "state") for place in snapshot.places],
        "incidents": [_incident(incident, url_of) for incident in snapshot.incidents],
        "maintenance": [_maintenance(planned) for planned in snapshot.maintenance],
        "history": [_month(month) for month in snapshot.months],
    }


LISTS = ("components", "incidents", "maintenance", "history")


def iso(moment):
    """ "2026-03-04T09:00:00Z", or None."""
    return moment and moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(place, name):
    return {
        "component": place.component.code,
        "component_name": place.component.name,
        "region": place.region.code,
        "region_name": place.region.name,
        name: place.state,
    }


def _incident(incident, url_of):
    return {
        "number": incident.number,
        "url": url_of(incident.number),
        "title": incident.title,
        "state": incident.state,
        "is_active": incident.is_active,
        "severity": incident.severity_rank,
        "started_at": iso(incident.started_at),
        "ended_at": iso(incident.ended_at),
        "next_update_at": iso(incident.next_update_at),
        "affected": [_place(place, "impact") for place in incident.affected],
        "updates": [_update(update) for update in incident.updates],
    }


def _update(update):
    return {"id": update.key, "state": update.state, "published_at": iso(update.published_at), "text": update.words}


def _maintenance(planned):
    return {
        "title": planned.title,
        "text": planned.words,
        "starts_at": iso(planned.starts_at),
        "ends_at": iso(planned.ends_at),
        "is_running": planned.is_running,
        "components": [named.code for named in planned.components],  # none: all of them
        "regions": [named.code for named in planned.regions],
    }


def _month(month):
    percent = None if month.availability is None else month.availability / 100
    return {"month": month.starts_at.strftime("%Y-%m"), "incidents": list(month.incidents), "availability": percent}

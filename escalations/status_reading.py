"""The rows behind the status page, read as one snapshot with a constant number of statements (SPEC 7)."""

from django.db.models import Prefetch, Q

from .models import Component, Incident, IncidentComponent, IncidentUpdate, Maintenance
from .status_snapshot import HISTORY, Named, Place, Planned, PublicIncident, Update, take


def read_snapshot(*, now, before=None):
    """The state of the platform at `now`. `before`: the snapshot until now. Raises what the database raises."""
    return take(now=now, places=_places(), incidents=_incidents(now), maintenance=_maintenance(now), before=before)


def read_incident(number):
    """A public incident of any age as the status page shows it, or None. For those that are older than a snapshot remembers."""
    row = _told(Incident.objects.public().numbered(number)).first()
    return row and _public_incident(row)


def _places():
    """Every component in each of its regions, by region."""
    components = Component.objects.filter(is_active=True).prefetch_related("regions").order_by("position", "code")
    pairs = [(region, component) for component in components for region in component.regions.all()]
    pairs.sort(key=lambda pair: (pair[0].position, pair[0].code))  # stable: components stay in their order
    return tuple(Place(_named(component), _named(region)) for region, component in pairs)


def _incidents(now):
    since = now - HISTORY
    recent = Q(started_at__gte=since) | Q(restored_at__gt=since) | Q(closed_at__gt=since) | Q(state__in=Incident.ACTIVE)
    rows = _told(Incident.objects.public().filter(recent)).order_by("-started_at", "-pk")
    return tuple(_public_incident(row) for row in rows)


def _told(incidents):
    affected = IncidentComponent.objects.select_related("component", "region")
    affected = affected.order_by("region__position", "region__code", "component__position", "component__code")
    updates = IncidentUpdate.objects.order_by("-published_at", "-pk")
    return incidents.prefetch_related(Prefetch("affected", affected), Prefetch("updates", updates))


def _public_incident(row):
    return PublicIncident(
        number=row.number,
        title=row.title,
        state=row.state,
        severity_rank=row.severity_rank,
        started_at=row.started_at,
        ended_at=row.restored_at or row.closed_at,
        affected=tuple(Place(_named(each.component), _named(each.region), each.impact) for each in row.affected.all()),
        updates=tuple(
            Update(each.pk, each.state, each.words, each.published_at, each.next_update_at) for each in row.updates.all()
        ),
    )


def _maintenance(now):
    rows = Maintenance.objects.public().filter(ends_at__gt=now).prefetch_related("components", "regions")
    return tuple(
        Planned(
            title=row.title,
            words=row.words,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            components=tuple(_named(each) for each in row.components.all()),
            regions=tuple(_named(each) for each in row.regions.all()),
        )
        for row in rows.order_by("starts_at", "pk")
    )


def _named(row):
    return Named(row.code, row.name)

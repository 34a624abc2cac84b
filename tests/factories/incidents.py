from datetime import UTC, datetime, timedelta

import factory

from escalations.models import Component, Incident, IncidentComponent, IncidentUpdate, Maintenance, Region, StatusSubscriber

from .people import StaffFactory

STARTED_AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ["code"]

    code = "emea"
    name = {"en": "Europe", "fr": "Europe", "ja": "欧州", "ru": "Европа"}


class ComponentFactory(factory.django.DjangoModelFactory):
    """A component that runs in `regions` (given as rows)."""

    class Meta:
        model = Component
        django_get_or_create = ["code"]
        skip_postgeneration_save = True

    code = "voice"
    name = {"en": "Voice", "fr": "Voix", "ja": "音声", "ru": "Голос"}

    @factory.post_generation
    def regions(self, create, extracted, **kwargs):
        self.regions.add(*(extracted or [RegionFactory()]))


class IncidentFactory(factory.django.DjangoModelFactory):
    """A declared incident."""

    class Meta:
        model = Incident

    title = {"en": "Calls drop", "fr": "Les appels coupent"}
    state = Incident.State.INVESTIGATING
    severity_rank = 1
    started_at = STARTED_AT
    created_at = STARTED_AT
    declared_at = factory.LazyAttribute(lambda incident: incident.started_at + timedelta(minutes=5))


class IncidentComponentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IncidentComponent

    incident = factory.SubFactory(IncidentFactory)
    component = factory.SubFactory(ComponentFactory)
    region = factory.SubFactory(RegionFactory)
    impact = IncidentComponent.Impact.OUTAGE


class IncidentUpdateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IncidentUpdate

    incident = factory.SubFactory(IncidentFactory)
    state = factory.SelfAttribute("incident.state")
    words = {"en": "We are looking into it.", "fr": "Nous analysons la situation."}
    published_at = STARTED_AT + timedelta(minutes=10)
    published_by = factory.SubFactory(StaffFactory)


class MaintenanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Maintenance

    title = {"en": "Database work"}
    starts_at = STARTED_AT + timedelta(days=1)
    ends_at = STARTED_AT + timedelta(days=1, hours=2)


class StatusSubscriberFactory(factory.django.DjangoModelFactory):
    """Somebody who has confirmed."""

    class Meta:
        model = StatusSubscriber

    address = factory.Sequence(lambda number: f"reader{number}@example.org")
    created_at = STARTED_AT
    confirmed_at = STARTED_AT

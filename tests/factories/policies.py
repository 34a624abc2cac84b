from datetime import UTC, datetime

import factory

from sla.models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy

PUBLISHED_AT = datetime(2020, 1, 1, tzinfo=UTC)


class CalendarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Calendar
        django_get_or_create = ["code"]

    code = "office"
    name = {"en": "Office hours"}


class CalendarVersionFactory(factory.django.DjangoModelFactory):
    """Monday to Friday, 08:00–17:00 in the customer's zone, one French holiday."""

    class Meta:
        model = CalendarVersion

    calendar = factory.SubFactory(CalendarFactory)
    number = 1
    definition = {
        "windows": {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": {"FR": [["2026-07-14", {"en": "Bastille Day", "fr": "Fête nationale"}]]},
    }
    published_at = PUBLISHED_AT


class SupportPolicyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportPolicy
        django_get_or_create = ["code"]

    code = "test-policy"
    name = {"en": "Test policy"}


class PolicyVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PolicyVersion

    policy = factory.SubFactory(SupportPolicyFactory)
    number = 1
    source = ""
    rules = factory.LazyFunction(dict)
    digest = "test"
    published_at = PUBLISHED_AT

"""Regions, components and planned maintenance in the admin: texts in four languages, by whoever keeps the status page (SPEC 7)."""

import pytest
from django.urls import reverse

from escalations.models import Component, Maintenance, Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(signed_in, incident_manager):
    return signed_in(incident_manager)


def texts(name, *by_language):
    """In the order of the languages: en, fr, ja, ru."""
    return {f"{name}_{code}": text for code, text in zip(("en", "fr", "ja", "ru"), by_language, strict=True)}


def test_region_is_named_in_four_languages_and_keeps_its_code(leader):
    form = {"code": "eu-west-3", "position": 1, **texts("name", "Paris", "Paris", "パリ", "")}
    assert leader.post(reverse("admin:escalations_region_add"), form).status_code == 302
    region = Region.objects.get()
    assert region.name == {"en": "Paris", "fr": "Paris", "ja": "パリ"}
    change = reverse("admin:escalations_region_change", args=[region.pk])
    page = leader.get(change).content.decode()
    assert 'lang="ja"' in page and "パリ" in page and 'name="code"' not in page
    leader.post(change, {"position": 2, **texts("name", "Paris", "", "", "Париж")})
    region.refresh_from_db()
    assert (region.name, region.code) == ({"en": "Paris", "ru": "Париж"}, "eu-west-3")


@pytest.mark.parametrize("said", [("", "Paris", "", ""), ("", "", "", ""), (" \u200b", "Paris", "", "")])
def test_name_needs_its_english_text(leader, said):
    answer = leader.post(reverse("admin:escalations_region_add"), {"code": "eu", "position": 1, **texts("name", *said)})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    assert not Region.objects.exists()


def test_component_runs_in_regions(leader):
    region = Region.objects.create(code="eu", name={"en": "Europe"})
    form = {
        "code": "voice",
        "position": 1,
        "regions": [region.pk],
        "is_active": "on",
        **texts("name", "Voice", "Voix", "音声", "Голос"),
    }
    leader.post(reverse("admin:escalations_component_add"), form)
    assert list(Component.objects.get().regions.all()) == [region]


def maintenance(**changes):
    form = {"starts_at_0": "2026-12-01", "starts_at_1": "22:00", "ends_at_0": "2026-12-02", "ends_at_1": "00:00"}
    return {**form, **texts("title", "New disks", "", "", ""), **texts("words", "", "", "", ""), **changes}


def test_maintenance_is_planned_and_taken_back(leader):
    assert leader.post(reverse("admin:escalations_maintenance_add"), maintenance()).status_code == 302
    planned = Maintenance.objects.get()
    assert (planned.title, planned.words) == ({"en": "New disks"}, {})
    change = reverse("admin:escalations_maintenance_change", args=[planned.pk])
    leader.post(change, maintenance(cancelled_at_0="2026-11-30", cancelled_at_1="12:00"))
    assert not Maintenance.objects.public().exists()


def test_maintenance_that_ends_before_it_starts_is_refused(leader):
    answer = leader.post(reverse("admin:escalations_maintenance_add"), maintenance(ends_at_0="2026-12-01"))
    assert "The maintenance has to end after it starts." in answer.content.decode()
    assert not Maintenance.objects.exists()


@pytest.mark.parametrize("model", ["region", "component", "maintenance"])
def test_records_of_the_platform_are_for_who_keeps_the_status_page(signed_in, agent, contact, leader, model):
    address = reverse(f"admin:escalations_{model}_changelist")
    assert [client.get(address).status_code for client in (signed_in(contact), signed_in(agent), leader)] == [404, 403, 200]

"""Policies and calendars in the admin: read as tables, drafted and published by care managers, never changed afterwards."""

import pytest
from django.urls import reverse

from sla.models import CalendarVersion, PolicyVersion, SupportPolicy
from sla.policies import current_version, rules_of
from sla.shipped_packs import PACKS

GENESYS = (PACKS / "genesys-cloud.yaml").read_text()
SECOND = GENESYS.replace("version: 1", "version: 2", 1).replace("within: 2 business hours", "within: 3 business hours")
ADD = "/admin/sla/policyversion/add/"


def change_url(row):
    return reverse(f"admin:sla_{row._meta.model_name}_change", args=[row.pk])


def draft(client, source=SECOND):
    response = client.post(ADD, {"source": source})
    return response, PolicyVersion.objects.filter(published_at__isnull=True).first()


# --- reading -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["supportpolicy", "policyversion", "calendar", "calendarversion"])
def test_lists_answer(signed_in, manager, organization, name):
    page = signed_in(manager).get(reverse(f"admin:sla_{name}_changelist"))
    assert page.status_code == 200
    assert b"Agreements: 1" in page.content or b"agreements: 1" in page.content or name != "supportpolicy"


@pytest.mark.parametrize("reader_language", ["en", "fr", "ja", "ru"])
def test_pages_answer_in_the_readers_language(signed_in, manager, policies, reader_language):
    type(manager).objects.filter(pk=manager.pk).update(language=reader_language)
    client = signed_in(manager)
    for row in (*SupportPolicy.objects.all(), *PolicyVersion.objects.all(), *CalendarVersion.objects.all()):
        page = client.get(change_url(row))
        assert page.status_code == 200
        if isinstance(row, PolicyVersion):
            assert row.rules["summary"][reader_language] in page.content.decode()


def test_policy_page_leads_to_its_versions(signed_in, manager, policies):
    version = policies["genesys-cloud"].versions.get()
    assert change_url(version) in signed_in(manager).get(change_url(policies["genesys-cloud"])).content.decode()


def test_calendar_shows_four_weeks_with_holidays_by_name(signed_in, manager, policies):
    version = CalendarVersion.objects.get(calendar__code="business-hours")
    page = signed_in(manager).get(change_url(version), {"country": "JP"})
    days = [day for week in page.context["weeks"] for day in week]
    assert (page.context["country"], len(days), days[0].day.weekday()) == ("JP", 28, 0)
    assert "08:00–17:00" in page.content.decode()


def test_unknown_country_falls_back_to_the_first(signed_in, manager, policies):
    version = CalendarVersion.objects.get(calendar__code="business-hours")
    assert signed_in(manager).get(change_url(version), {"country": "<x>"}).context["country"] == "AE"


# --- rights ------------------------------------------------------------------------------------------------------------
def test_published_versions_cannot_be_changed_by_anybody(signed_in, administrator, policies):
    client = signed_in(administrator)
    for row in (policies["genesys-cloud"], policies["genesys-cloud"].versions.get(), CalendarVersion.objects.first()):
        assert client.post(change_url(row), {"source": SECOND}).status_code == 403
        assert client.post(reverse(f"admin:sla_{row._meta.model_name}_delete", args=[row.pk])).status_code == 403
    assert PolicyVersion.objects.count() == 5


def test_analysts_read_and_draft_nothing(signed_in, agent, policies):
    client = signed_in(agent)
    assert client.get(change_url(policies["genesys-cloud"].versions.get())).status_code == 200
    assert client.post(ADD, {"source": SECOND}).status_code == 403


def test_customers_find_nothing(signed_in, contact, policies):
    assert signed_in(contact).get(reverse("admin:sla_policyversion_changelist")).status_code == 404


# --- drafting and publishing -------------------------------------------------------------------------------------------
def test_new_draft_begins_with_the_latest_text(signed_in, manager, policies):
    page = signed_in(manager).get(ADD, {"policy": "genesys-cloud"})
    assert page.context["adminform"].form.initial["source"] == GENESYS


def test_draft_decides_nothing_until_it_is_published(signed_in, manager, policies):
    client = signed_in(manager)
    response, version = draft(client)
    assert response.status_code == 302
    assert (version.policy.code, version.number) == ("genesys-cloud", 2)
    assert current_version(policies["genesys-cloud"]).number == 1
    assert client.post(reverse("admin:sla_policyversion_publish", args=[version.pk])).status_code == 302
    latest = current_version(policies["genesys-cloud"])
    assert (latest.number, rules_of(latest).targets[1].duration.amount) == (2, 3)


def test_draft_can_be_changed(signed_in, manager, policies):
    client = signed_in(manager)
    _, version = draft(client)
    client.post(change_url(version), {"source": SECOND.replace("within: 3 business hours", "within: 4 business hours")})
    assert rules_of(PolicyVersion.objects.get(pk=version.pk)).targets[1].duration.amount == 4


def test_browsers_line_ends_are_no_change(signed_in, manager, policies):
    _, version = draft(signed_in(manager), SECOND.replace("\n", "\r\n"))
    assert version.source == SECOND


def test_mistakes_are_told_line_by_line_and_the_text_is_kept(signed_in, manager, policies):
    wrong = SECOND.replace("within: 3 business hours", "within: 3").replace("kind: rca", "kind: rcb")
    response, version = draft(signed_in(manager), wrong)
    errors = response.context["adminform"].form.errors["source"]
    assert version is None and response.status_code == 200
    assert [error.split(": ")[1] for error in errors] == [
        "measures[4].kind",
        "targets[first-response].within",
        "targets[rca].kind",
    ]
    assert "within: 3\n" in response.content.decode()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (GENESYS, "Version 1 exists already. Raise the version."),
        ("\0", "Null characters are not allowed."),
        ("x: [", "This is not valid YAML"),
    ],
)
def test_unusable_text_is_refused_beside_its_field(signed_in, manager, policies, source, words):
    response, version = draft(signed_in(manager), source)
    assert version is None and words in response.content.decode()


def test_draft_cannot_become_another_policys(signed_in, manager, policies):
    client = signed_in(manager)
    _, version = draft(client)
    other = (PACKS / "purecloud.yaml").read_text().replace("version: 1", "version: 2", 1)
    page = client.post(change_url(version), {"source": other})
    assert "This draft belongs to another policy." in page.content.decode()


def test_publishing_twice_says_so_and_changes_nothing(signed_in, manager, policies):
    client = signed_in(manager)
    _, version = draft(client)
    url = reverse("admin:sla_policyversion_publish", args=[version.pk])
    client.post(url)
    published_at = PolicyVersion.objects.get(pk=version.pk).published_at
    assert "This version was published before." in client.post(url, follow=True).content.decode()
    assert PolicyVersion.objects.get(pk=version.pk).published_at == published_at


def test_asking_publishes_nothing_and_analysts_cannot(signed_in, manager, agent, policies):
    client = signed_in(manager)
    _, version = draft(client)
    url = reverse("admin:sla_policyversion_publish", args=[version.pk])
    assert client.get(url).status_code == 200
    assert signed_in(agent).post(url).status_code == 403
    assert PolicyVersion.objects.get(pk=version.pk).published_at is None


def test_publication_is_in_the_history(signed_in, manager, policies):
    client = signed_in(manager)
    _, version = draft(client)
    client.post(reverse("admin:sla_policyversion_publish", args=[version.pk]))
    history = client.get(reverse("admin:sla_policyversion_history", args=[version.pk])).content.decode()
    assert "published at" in history.lower() and "Mia Stone" in history

"""Policies and calendars in the admin: read as tables, drafted and published by care managers, never changed afterwards."""

import re

import pytest
from django.urls import reverse

from sla.models import Calendar, CalendarVersion, PolicyVersion, SupportPolicy
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
    assert client.post(reverse("admin:care_publish", args=["policy", version.pk])).status_code == 303
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
    other = re.sub(r"^version: \d+$", "version: 99", (PACKS / "purecloud.yaml").read_text(), count=1, flags=re.MULTILINE)
    page = client.post(change_url(version), {"source": other})
    assert "This draft belongs to another policy." in page.content.decode()


def test_publication_is_in_the_history(signed_in, manager, policies):
    client = signed_in(manager)
    _, version = draft(client)
    client.post(reverse("admin:care_publish", args=["policy", version.pk]))
    history = client.get(reverse("admin:sla_policyversion_history", args=[version.pk])).content.decode()
    assert "published at" in history.lower() and "Mia Stone" in history


def test_draft_can_be_copied_from_any_version(signed_in, manager, policies):
    client = signed_in(manager)
    _, second = draft(client)
    page = client.get(ADD, {"copy": policies["purecloud"].versions.get().pk})
    assert page.context["adminform"].form.initial["source"] == (PACKS / "purecloud.yaml").read_text()
    assert client.get(ADD, {"copy": second.pk}).context["adminform"].form.initial["source"] == SECOND
    assert client.get(ADD, {"copy": "x"}).context["adminform"].form.initial == {}


def test_policy_must_name_a_calendar_that_is_published(signed_in, manager, policies):
    Calendar.objects.create(code="drafted", name={"en": "Drafted"})
    wrong = SECOND.replace("calendar: business-hours", "calendar: drafted", 1)
    response, version = draft(signed_in(manager), wrong)
    assert wrong != SECOND and version is None and response.status_code == 200


# --- calendars ---------------------------------------------------------------------------------------------------------
ADD_CALENDAR = "/admin/sla/calendarversion/add/"


def calendar_fields(**changes):
    """What the form of a new draft of business-hours sends, with some fields changed."""
    calendar = Calendar.objects.get(code="business-hours")
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-17:00")
    return {"calendar": calendar.pk, "zone": "", "day_minutes": "540", **week, "countries": "", **changes}


def calendar_errors(client, **changes):
    response = client.post(ADD_CALENDAR, calendar_fields(**changes))
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def saved_calendar(client, **changes):
    assert client.post(ADD_CALENDAR, calendar_fields(**changes)).status_code == 302
    return CalendarVersion.objects.latest("pk")


def test_new_calendar_gets_its_name_in_four_languages(signed_in, manager, policies):
    names = {"name_en": "Night", "name_fr": "Nuit", "name_ja": "夜間", "name_ru": "Ночь"}
    assert signed_in(manager).post("/admin/sla/calendar/add/", {"code": "night", **names}).status_code == 302
    assert Calendar.objects.get(code="night").name == {"en": "Night", "fr": "Nuit", "ja": "夜間", "ru": "Ночь"}
    assert signed_in(manager).post("/admin/sla/calendar/add/", {"code": "day", **names, "name_ja": ""}).status_code == 200


def test_calendar_draft_has_split_days_nights_holidays_and_extra_days(signed_in, manager, policies):
    version = saved_calendar(
        signed_in(manager),
        zone="Asia/Tokyo",
        mon="08:00-12:00, 13:00-17:00",
        sat="22:00-06:00",
        countries="jp, FR",
        first_year="2027",
        latest_year="2028",
        own_holidays="2027-12-31; Company day; Jour de l’entreprise; 創立記念日; День компании\n2027-12-30; Stocktaking",
        extra_days="2027-05-01",
    )
    kept = version.definition
    assert (version.number, version.published_at, kept["tz"]) == (2, None, "Asia/Tokyo")
    assert kept["windows"]["mon"] == [["08:00", "12:00"], ["13:00", "17:00"]]
    assert kept["windows"]["sat"] == [["22:00", "06:00"]]
    assert set(kept["holidays"]) == {"JP", "FR", "*"}
    assert {day[:4] for day, _name in kept["holidays"]["JP"]} == {"2027", "2028"}
    own = ["2027-12-31", {"en": "Company day", "fr": "Jour de l’entreprise", "ja": "創立記念日", "ru": "День компании"}]
    assert kept["holidays"]["*"] == [own, ["2027-12-30", {"en": "Stocktaking"}]]
    assert kept["extra_days"]["*"] == ["2027-05-01"]


def test_calendar_draft_shows_what_it_says_and_can_be_changed(signed_in, manager, policies):
    client = signed_in(manager)
    version = saved_calendar(client, mon="08:00-12:00, 13:00-17:00", countries="FR", first_year="2027", latest_year="2028")
    page = client.get(change_url(version))
    shown = page.context["adminform"].form.initial
    assert (shown["mon"], shown["countries"], shown["first_year"], shown["latest_year"]) == (
        "08:00-12:00, 13:00-17:00",
        "FR",
        2027,
        2028,
    )
    assert len(page.context["weeks"]) == 4
    digest = version.digest
    assert client.post(change_url(version), calendar_fields(mon="09:00-12:00")).status_code == 302
    version.refresh_from_db()
    assert (version.number, version.definition["windows"]["mon"]) == (2, [["09:00", "12:00"]])
    assert version.digest != digest


def told_last(client, row):
    """The latest entry of a record's history, as the page tells it."""
    page = client.get(reverse(f"admin:sla_{row._meta.model_name}_history", args=[row.pk]))
    return list(page.context["action_list"])[-1].get_change_message()


def test_history_of_a_calendar_says_what_each_field_was_and_is(signed_in, manager, policies):
    client = signed_in(manager)
    version = saved_calendar(client, mon="08:00-12:00, 13:00-17:00")
    client.post(change_url(version), calendar_fields(mon="09:00-12:00", zone="Asia/Tokyo"))
    told = told_last(client, version)
    assert "Monday: 08:00-12:00, 13:00-17:00 → 09:00-12:00" in told
    assert "time zone:  → Asia/Tokyo" in told


def test_history_of_a_policy_tells_the_lines_that_differ_and_no_others(signed_in, manager, policies):
    client = signed_in(manager)
    _response, version = draft(client)
    client.post(change_url(version), {"source": SECOND.replace("within: 3 business hours", "within: 4 business hours")})
    told = told_last(client, version)
    assert "-    within: 3 business hours" in told
    assert "+    within: 4 business hours" in told
    assert "warn percent" not in told


def test_calendar_draft_begins_with_the_version_that_is_copied(signed_in, manager, policies):
    version = CalendarVersion.objects.get(calendar__code="business-hours")
    page = signed_in(manager).get(ADD_CALENDAR, {"copy": version.pk})
    initial = page.context["adminform"].form.initial
    assert (initial["calendar"], initial["mon"], initial["sat"]) == (version.calendar_id, "08:00-17:00", "")
    assert "FR" in initial["countries"] and initial["latest_year"] == 2030


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"wed": "08:00-12:00, 11:00-13:00"}, "wed", "Two windows overlap."),
        ({"tue": "22:00-09:00"}, "wed", "reach over midnight"),
        ({"sun": "20:00-10:00"}, "mon", "The hours of Sunday"),
        ({"mon": "8-17"}, "mon", "Write hours like"),
        ({"mon": "08:00-25:00"}, "mon", "Write hours like"),
        (dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""), "mon", "no open hours"),
        ({"zone": "Mars/Olympus"}, "zone", "Select a valid choice"),
        ({"day_minutes": "0"}, "day_minutes", "greater than or equal to 1"),
        ({"countries": "FR, XQ", "first_year": "2027", "latest_year": "2028"}, "countries", "There is no country “XQ”."),
        ({"countries": "FR"}, "first_year", "for which years"),
        ({"countries": "FR", "first_year": "2028", "latest_year": "2027"}, "latest_year", "before the first"),
        ({"own_holidays": "2027-02-30; Leap"}, "own_holidays", "Write dates like"),
        ({"own_holidays": "2027-02-20"}, "own_holidays", "its name at least in English"),
        ({"extra_days": "soon"}, "extra_days", "Write dates like"),
        ({"fri": "20:00-04:00", "extra_days": "2027-05-01", "mon": "02:00-10:00"}, "extra_days", "Two windows overlap."),
    ],
)
def test_wrong_calendar_is_told_beside_its_field(changes, field, words, signed_in, manager, policies):
    errors = calendar_errors(signed_in(manager), **changes)
    assert list(errors) == [field] and words in errors[field][0]
    assert CalendarVersion.objects.count() == 2


def test_always_open_calendar_needs_no_hours(signed_in, manager, policies):
    closed = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "")
    assert saved_calendar(signed_in(manager), always_open="on", **closed).definition["always_open"]


def test_calendar_is_not_drafted_by_analysts(signed_in, agent, policies):
    assert signed_in(agent).post(ADD_CALENDAR, calendar_fields()).status_code == 403


@pytest.mark.parametrize("reader_language", ["fr", "ja", "ru"])
def test_calendar_form_answers_in_the_readers_language(signed_in, manager, policies, reader_language):
    type(manager).objects.filter(pk=manager.pk).update(language=reader_language)
    assert signed_in(manager).get(ADD_CALENDAR).status_code == 200


def test_new_draft_of_a_policy_that_no_database_reads_begins_empty(signed_in, manager, policies):
    """PostgreSQL takes no text with a NUL, not even to look for it."""
    assert signed_in(manager).get(ADD, {"policy": "genesys-cloud\x00"}).context["adminform"].form.initial == {}

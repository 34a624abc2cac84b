"""manage.py load_policies: checks files, publishes versions, changes nothing the second time."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from sla.calendars import business_calendar, current_calendar_version
from sla.models import CalendarVersion, PolicyVersion
from sla.policies import current_version, default_policy, rules_of
from sla.shipped_packs import PACKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(tmp_path):
    """Write the genesys-cloud pack with some words replaced."""

    def write(*replacements):
        text = (PACKS / "genesys-cloud.yaml").read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "changed.yaml"
        path.write_text(text)
        return path

    return write


def load(*arguments):
    return call_command("load_policies", *map(str, arguments), verbosity=0)


def test_loading_marks_genesys_cloud_as_the_default():
    load()
    assert default_policy().code == "genesys-cloud"
    assert rules_of(current_version(default_policy())).targets[0].duration.amount == 10


def test_loading_twice_changes_nothing():
    load()
    before = list(PolicyVersion.objects.values()), list(CalendarVersion.objects.values())
    load()
    assert (list(PolicyVersion.objects.values()), list(CalendarVersion.objects.values())) == before


def test_comments_and_layout_are_no_change(changed):
    load()
    load(changed(("# --- Hours", "# --- Our hours")))
    assert PolicyVersion.objects.filter(policy__code="genesys-cloud").count() == 1


def test_changed_file_with_the_same_version_is_refused(changed):
    load()
    with pytest.raises(CommandError, match="Raise the version") as refusal:
        load(changed(("within: 2 business hours", "within: 3 business hours")))
    assert refusal.value.returncode == 1


def test_raised_number_becomes_a_new_version(changed):
    load()
    load(changed(("within: 2 business hours", "within: 3 business hours"), ("version: 1", "version: 2")))
    latest = current_version(default_policy())
    assert (latest.number, rules_of(latest).targets[1].duration.amount) == (2, 3)


def test_wrong_file_loads_nothing_and_names_line_and_field(changed, capsys):
    path = changed(("within: 2 business hours", "within: 2"))
    line = path.read_text()[: path.read_text().index("within: 2\n")].count("\n") + 1
    with pytest.raises(CommandError) as refusal:
        load(PACKS / "calendars.yaml", path)
    assert f"{path}: line {line}: targets[first-response].within: “2” has no unit." in capsys.readouterr().err
    assert refusal.value.returncode == 1
    assert not CalendarVersion.objects.exists()


def test_check_publishes_nothing():
    load("--check")
    assert not PolicyVersion.objects.exists()


def test_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="No such file") as refusal:
        load(tmp_path / "nowhere.yaml")
    assert refusal.value.returncode == 2


def test_loaded_calendar_knows_each_countrys_days():
    load()
    version = current_calendar_version("business-hours")
    russia = business_calendar(version, time_zone="Europe/Moscow", country="RU")
    france = business_calendar(version, time_zone="Europe/Paris", country="FR")
    nowhere = business_calendar(version, time_zone="Europe/Paris", country="QQ")
    working_saturday, national_day = date(2024, 4, 27), date(2026, 7, 14)
    assert [calendar.is_business_day(working_saturday) for calendar in (russia, france, nowhere)] == [True, False, False]
    assert [calendar.is_business_day(national_day) for calendar in (russia, france, nowhere)] == [True, False, True]
    japan = business_calendar(version, time_zone="Asia/Tokyo", country="JP")
    assert not any(japan.is_business_day(date(2027, 1, day)) for day in (1, 2, 3))
    assert japan.is_business_day(date(2027, 1, 4))

"""Pack files: what is read, and every mistake with its line and field (ISSUE 3, bad input)."""

import pytest

from sla.calendar_files import read_calendars
from sla.pack_files import PackError, read_pack, rules_from
from sla.pack_yaml import MAX_CHARACTERS
from sla.policy_rules import BUSINESS_DAYS, END_OF_BUSINESS_DAY, Duration
from sla.shipped_packs import PACKS

SMALL = (PACKS / "dynamics-gold.yaml").read_text()
GENESYS = (PACKS / "genesys-cloud.yaml").read_text()
CALENDARS = (PACKS / "calendars.yaml").read_text()
CODES = ("business-hours", "always-open")


def mistakes(source, **options):
    """What is told about a pack, as "line N: field: sentence"."""
    with pytest.raises(PackError) as refusal:
        read_pack(source, calendars=CODES, **options)
    return [str(mistake) for mistake in refusal.value.mistakes]


def changed(text, old, new):
    """The text with its first `old` replaced, and the line on which that stands."""
    place = text.index(old)
    return text[:place] + new + text[place + len(old) :], text[:place].count("\n") + 1


def only_mistake(text, old, new):
    """The one mistake of the changed text, and the line on which it must be told."""
    source, line = changed(text, old, new)
    told = mistakes(source)
    assert len(told) == 1, told
    return told[0], line


# --- what is read ------------------------------------------------------------------------------------------------------
def test_kept_data_gives_the_same_rules():
    pack = read_pack(GENESYS, calendars=CODES)
    assert rules_from(pack.data) == pack.rules


def test_durations_are_read_from_phrases():
    rules = read_pack(GENESYS, calendars=CODES).rules
    durations = {target.code: target.duration for target in rules.targets}
    assert durations["restoration-2"] == Duration(2, BUSINESS_DAYS)
    assert durations["restoration-4"] is None
    assert rules.resolution_proposed.after == Duration(3, END_OF_BUSINESS_DAY)


def test_digest_follows_the_policy_not_the_layout():
    pack = read_pack(SMALL, calendars=CODES)
    assert read_pack("# a comment\n" + SMALL + "\n", calendars=CODES).digest == pack.digest
    assert read_pack(SMALL.replace("15 minutes\n", "16 minutes\n"), calendars=CODES).digest != pack.digest


def test_bytes_with_a_byte_order_mark_are_read():
    assert read_pack("\ufeff".encode() + SMALL.encode(), calendars=CODES).rules.code == "dynamics-gold"


# --- fields ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("exhausted: flag", "exhausting: flag", "entitlement.exhausting: This field is unknown."),
        ("cases: 15", "cases: fifteen", "entitlement.cases: A whole number belongs here, not “fifteen”."),
        ("cases: 15", "cases: yes", "entitlement.cases: A whole number belongs here, not “yes”."),
        ("cases: 15", "cases: -1", "entitlement.cases: This number must lie between 0 and 100000."),
        ("cases: 15", "cases: 0x0F", "entitlement.cases: A whole number belongs here, not “0x0F”."),
        ("within: 15 minutes", "within: 15", "targets[first-response].within: “15” has no unit."),
        ("within: 15 minutes", "within: 15 fortnights", "targets[first-response].within: “15 fortnights” is no duration."),
        ("within: 15 minutes", "within: 0 minutes", "targets[first-response].within: A duration lies between 1 and 100000."),
        ("kind: first response", "kind: first answer", "measures[1].kind: “first answer” is unknown. Known: first response,"),
        ("- closed case", "- shut case", "escalation.criteria[1]: “shut case” is unknown. Known: closed case,"),
        ("channels: [phone]", "channels: [fax]", "offerings[phone].channels[1]: “fax” is unknown. Known: portal, phone,"),
        ("taken on: resolution", "taken on: payment", "entitlement.taken on: “payment” is unknown. Known: creation, resolution."),
        ("decided by: vendor", "decided by: nobody", "decided by: “nobody” is unknown. Known: vendor, both."),
        ("warn percent: 75", "warn percent: 175", "warn percent: A percentage is at most 100."),
        ("required: yes", "required: perhaps", "intake[case_type].required: Write yes or no, not “perhaps”."),
        ("calendar: always-open", "calendar: never-open", "calendar: There is no calendar “never-open”."),
        ("calendar: always-open", "calendar: 24", "calendar: Text belongs here; put quotes around a number or yes/no."),
        ("code: knowledge", "code: Know it all", "checklist[Know it all].code: A code has small letters, digits, - and _ only."),
        ("severities: []", "severities: none", "severities: A list belongs here."),
        ("link: status_page", "link: nowhere", "checklist[status_page].link: There is no link “nowhere”."),
    ],
)
def test_wrong_value_is_told_with_line_and_field(old, new, told):
    sentence, line = only_mistake(SMALL, old, new)
    assert sentence.startswith(f"line {line}: {told}")


def test_missing_field_is_told_at_the_object_that_lacks_it():
    source, line = changed(SMALL, "    within: 15 minutes\n", "")
    assert mistakes(source) == [f"line {line - 2}: targets[first-response].within: This field is missing."]


def test_missing_language_is_told():
    source, line = changed(SMALL, "  fr: Support Gold Dynamics 365\n", "")
    assert mistakes(source) == [f"line {line - 1}: name.fr: The text in this language is missing."]


def test_a_pack_may_have_fewer_languages_where_asked_but_never_without_english():
    source, _ = changed(SMALL, "  fr: Support Gold Dynamics 365\n", "")
    assert read_pack(source, calendars=CODES, languages=["en", "ja"]).rules.name.keys() == {"en", "ja", "ru"}
    without, _ = changed(SMALL, "  en: Dynamics 365 Gold support\n", "")
    assert "name.en: The text in this language is missing." in mistakes(without, languages=["ja"])[0]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("  de: Dynamics 365 Gold-Support\n", "name.de: This language is unknown. Known: en, fr, ja, ru."),
        ("  ja:\n", "name.ja: Text belongs here;"),
        ("  ja: yes\n", "name.ja: Text belongs here;"),
        ('  ja: "  "\n', "name.ja: Text belongs here;"),
        ("  ja: [a, b]\n", "name.ja: Text belongs here;"),
    ],
)
def test_wrong_text_is_told(new, told):
    source, line = changed(SMALL, "  ja: Dynamics 365ゴールドサポート\n", new)
    assert any(sentence.startswith(f"line {line}: {told}") for sentence in mistakes(source))


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_the_file():
    source = SMALL
    for old, new in [("version: 1", "version: one"), ("cases: 15", "cases: many"), ("within: 15 minutes", "within: soon")]:
        source, _ = changed(source, old, new)
    told = mistakes(source)
    assert [sentence.split(": ")[1] for sentence in told] == ["version", "targets[first-response].within", "entitlement.cases"]


# --- contradictions ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("severity: 2\n", "severity: 9\n", "priorities[high].severity: There is no severity 9."),
        ("severities: [3]", "severities: [7]", "targets[restoration-3].severities: There is no severity 7."),
        ("code: restoration-2", "code: restoration-1", "targets[restoration-1].code: The code “restoration-1” is written twice."),
        ("to: medium", "to: middling", "priority changes[1].to: There is no priority “middling”."),
        ("licenses: [collaborate,", "licenses: [barter,", "offerings[portal].licenses: There is no license “barter”."),
        ("mail: PureCloudManagementAttention@genesys.com", 'mail: ""', "escalation.levels: The management level needs its mail"),
        ("on request: yes", "follow up priority: urgent", "rca.follow up priority: There is no priority “urgent”."),
    ],
)
def test_contradiction_is_told(old, new, told):
    source, _ = changed(GENESYS, old, new)
    assert any(told in sentence for sentence in mistakes(source)), mistakes(source)


def test_no_target_needs_a_reason():
    source, _ = changed(GENESYS, "within: 4 hours", "within: no target")
    assert "targets[restoration-1].reason: Where there is no target, the reason must be told." in mistakes(source)[0]


def test_first_response_must_hold_for_every_case():
    source, _ = changed(GENESYS, "severities: [2, 3, 4]", "severities: [2, 3]")
    assert "No first response target holds for severity 4" in mistakes(source)[0]
    source, _ = changed(SMALL, "    within: 15 minutes", "    within: 15 minutes\n    plans: [gold]")
    assert "No first response target holds for a case without severity" in mistakes(source)[0]


def test_first_response_is_never_paused():
    source, _ = changed(SMALL, "    within: 15 minutes", "    within: 15 minutes\n    pauses: [customer]")
    assert "A first response is never paused." in mistakes(source)[0]


# --- YAML itself -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("", "The file is empty."),
        ("# only a comment\n", "The file is empty."),
        ("code: a\n---\ncode: b\n", "A file holds one document"),
        ("a: &bomb [x]\nb: [*bomb, *bomb]\n", "line 1: Anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: Tags (!) are not allowed"),
        ("a: 1\nb: 2\na: 3\n", "line 3: a: This field is written twice."),
        ("? [a, b]\n: 1\n", "line 1: A field's name must be a plain word."),
        ("[" * 100, "line 1: The file is nested too deeply."),
        ("[" * 100_000, "nest"),
        ("a: " * 50_000, "This is not valid YAML"),
        ("a: [1, 2\n", "This is not valid YAML"),
        ("a:\tb: c\n", "This is not valid YAML"),
        ("code: a\0b\n", "line 1: The file holds a NUL character."),
        ("code: a\x07b\n", "This is not valid YAML"),
        ("x" * (MAX_CHARACTERS + 1), "The file is too big"),
        (b"code: \xff\n", "line 1: The file is not UTF-8 text."),
        ("just words", "Fields with names belong here."),
        ("- a\n- b\n", "Fields with names belong here."),
        ("<<: {a: 1}\n", "<<: This field is unknown."),
    ],
)
def test_hostile_yaml_is_a_plain_mistake(source, told):
    assert any(told in sentence for sentence in mistakes(source))


def test_damaged_kept_data_is_refused():
    data = read_pack(SMALL, calendars=CODES).data
    with pytest.raises(PackError, match="targets: A list belongs here"):
        rules_from(data | {"targets": "none"})


@pytest.mark.parametrize("data", [None, [], "text", 7, {}, {"name": None}, {"targets": [[]]}, {"severities": [{"rank": 1}]}])
def test_any_data_is_refused_without_a_crash(data):
    with pytest.raises(PackError):
        rules_from(data)


# --- calendars ---------------------------------------------------------------------------------------------------------
def test_calendars_carry_holidays_by_name_and_extra_days():
    hours, always = read_calendars(CALENDARS)
    assert ["2027-05-03", {"en": "Constitution Day", "ja": "憲法記念日"}] in hours.definition["holidays"]["JP"]
    assert ["2026-07-14", {"en": "National Day", "fr": "Fête nationale"}] in hours.definition["holidays"]["FR"]
    assert [day for day, _ in hours.definition["holidays"]["JP"]][-1].startswith("2030-12-")
    assert "2024-04-27" in hours.definition["extra_days"]["RU"]
    assert always.definition["always_open"] and not always.definition["holidays"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mon: [08:00-17:00]", "mon: [8 to 5]", "“8 to 5” is no window; write it like 08:00-17:00."),
        ("mon: [08:00-17:00]", "mon: [08:00-12:00, 11:00-17:00]", "Two windows of mon overlap."),
        ("mon: [08:00-17:00]", "moon: [08:00-17:00]", "“moon” is unknown. Known: mon, tue,"),
        ("always open: yes", "always open: no", "The calendar has no open hours on any weekday."),
        ("zone: customer", "zone: Mars/Olympus", "There is no time zone named 'Mars/Olympus'."),
        ("    - AT\n", "    - QQ\n", "There is no country “QQ”."),
        ("public holidays: yes", "extra days: [2026-02-30]", "'2026-02-30' is no date; write it like 2027-03-10."),
        ("day minutes: 540", "day minutes: 5400", "A business day has between 1 and 1440 open minutes, not 5400."),
    ],
)
def test_wrong_calendar_is_told(old, new, told):
    source, _ = changed(CALENDARS, old, new)
    with pytest.raises(PackError) as refusal:
        read_calendars(source)
    assert told in str(refusal.value)

"""The five shipped packs: each row of SPEC's table "The five packs, rule by rule", and the languages of every text (glossary)."""

import re

import pytest

from sla.policy_rules import (
    BUSINESS_DAYS,
    BUSINESS_HOURS,
    CLOSE,
    CONTACT_APPLICATION,
    END_OF_BUSINESS_DAY,
    FIRST_RESPONSE,
    HOURS,
    ISOLATED,
    MINUTES,
    PHONE_ONLY,
    PLATFORM,
    PROPOSE,
    RCA,
    RESOLUTION,
    RESTORATION,
    TAKEN,
    TAKEN_WITH_PHONE,
    THIRD_PARTY,
    UNKNOWN,
    Duration,
)
from sla.shipped_packs import shipped_codes, shipped_rules
from sla.target_rules import Conditions, target_for

PURECLOUD, CLOUD, CX = "purecloud", "genesys-cloud", "genesys-cloud-cx"
DIALOG, DYNAMICS = "360dialog", "dynamics-gold"
GENESYS = (PURECLOUD, CLOUD, CX)
ALL = (PURECLOUD, CLOUD, CX, DIALOG, DYNAMICS)


def duration(code, kind, *, severity=None, plan="", channel="PORTAL", scope=UNKNOWN):
    """What a case of this kind is promised: a duration, or None."""
    target = target_for(shipped_rules(code), kind, Conditions(severity, plan, channel, scope))
    return target.duration if target else None


def durations(code, kind, **conditions):
    return [duration(code, kind, severity=severity, **conditions) for severity in (1, 2, 3, 4)]


# --- the table, row by row ---------------------------------------------------------------------------------------------
def test_five_packs_ship():
    assert shipped_codes() == sorted(ALL)


@pytest.mark.parametrize("code", GENESYS)
def test_genesys_severities(code):
    assert [(level.rank, level.code, level.weight) for level in shipped_rules(code).severities] == [
        (1, "critical", "high"),
        (2, "high", "high"),
        (3, "medium", "medium"),
        (4, "low", "low"),
    ]


def test_other_severities():
    assert [(level.rank, level.code) for level in shipped_rules(DIALOG).severities] == [
        (1, "critical"),
        (2, "major"),
        (3, "minor"),
    ]
    assert len(shipped_rules(DIALOG).severity(1).examples) == 3
    assert shipped_rules(DYNAMICS).severities == ()
    assert [priority.code for priority in shipped_rules(DYNAMICS).priorities] == ["high", "normal", "low"]


def test_only_cx_calls_critical_code_red():
    assert shipped_rules(CX).severity(1).also_called["en"] == "Code red"
    assert all(shipped_rules(code).severity(1).also_called is None for code in (PURECLOUD, CLOUD, DIALOG))


def test_response_table_has_its_own_definitions_where_the_guide_does():
    for code in (PURECLOUD, CLOUD):
        assert all(level.response_definition for level in shipped_rules(code).severities)
    assert all(level.response_definition is None for level in shipped_rules(CX).severities)


def test_who_decides_the_severity():
    decided = {code: shipped_rules(code).decided_by for code in ALL}
    assert decided == {PURECLOUD: "VENDOR", CLOUD: "VENDOR", CX: "BOTH", DIALOG: "VENDOR", DYNAMICS: "VENDOR"}


def test_business_hours():
    calendars = {code: shipped_rules(code).calendar for code in ALL}
    hours, always = "business-hours", "always-open"
    assert calendars == {PURECLOUD: hours, CLOUD: hours, CX: hours, DIALOG: always, DYNAMICS: always}


def test_first_response():
    ten_minutes, two_hours, two_business_hours = Duration(10, MINUTES), Duration(2, HOURS), Duration(2, BUSINESS_HOURS)
    assert durations(PURECLOUD, FIRST_RESPONSE) == [ten_minutes, *[two_business_hours] * 3]
    assert durations(CLOUD, FIRST_RESPONSE) == [ten_minutes, *[two_business_hours] * 3]
    assert durations(CX, FIRST_RESPONSE) == [ten_minutes, *[two_hours] * 3]
    assert durations(DYNAMICS, FIRST_RESPONSE) == [Duration(15, MINUTES)] * 4
    assert duration(DYNAMICS, FIRST_RESPONSE) == Duration(15, MINUTES)


@pytest.mark.parametrize("channel", ["CHAT", "PORTAL"])
def test_first_response_of_360dialog_follows_the_plan_in_chat_and_portal(channel):
    plans = {plan: duration(DIALOG, FIRST_RESPONSE, plan=plan, channel=channel) for plan in ("basic", "regular", "premium", "")}
    day = Duration(24, HOURS)
    assert plans == {"basic": day, "regular": Duration(4, HOURS), "premium": Duration(30, MINUTES), "": day}


@pytest.mark.parametrize("channel", ["EMAIL", "WEB_FORM"])
@pytest.mark.parametrize("plan", ["basic", "regular", "premium", ""])
def test_first_response_of_360dialog_by_mail_and_form_is_24_hours(plan, channel):
    assert duration(DIALOG, FIRST_RESPONSE, plan=plan, channel=channel) == Duration(24, HOURS)


def test_restoration():
    by_severity = [Duration(4, HOURS), Duration(2, BUSINESS_DAYS), Duration(5, BUSINESS_DAYS), None]
    assert durations(PURECLOUD, RESTORATION) == by_severity
    for code in (CLOUD, CX):
        assert durations(code, RESTORATION, scope=PLATFORM) == by_severity
        assert durations(code, RESTORATION, scope=ISOLATED) == [None] * 4
        assert durations(code, RESTORATION, scope=UNKNOWN) == [None] * 4


def test_resolution():
    assert durations(DIALOG, RESOLUTION) == [Duration(48, HOURS)] * 4
    third_party = target_for(shipped_rules(DIALOG), RESOLUTION, Conditions(1, "premium", "CHAT", THIRD_PARTY))
    assert third_party.duration is None
    assert "Meta" in third_party.reason["en"]
    assert shipped_rules(DIALOG).escalation.review_on == (RESOLUTION,)
    assert all(not any(t.kind == RESOLUTION for t in shipped_rules(code).targets) for code in (*GENESYS, DYNAMICS))


@pytest.mark.parametrize("code", ALL)
def test_waiting_pauses_restoration_and_resolution_only(code):
    for target in shipped_rules(code).targets:
        counts = target.kind in (RESTORATION, RESOLUTION) and target.duration
        assert target.pauses == (("customer", "third_party") if counts else ())


@pytest.mark.parametrize("code", ALL)
def test_every_policy_says_what_its_targets_measure(code):
    rules = shipped_rules(code)
    assert {target.kind for target in rules.targets} <= {measure.kind for measure in rules.measures}
    assert next(measure for measure in rules.measures if measure.kind == FIRST_RESPONSE).met_by


def test_time_to_restore_and_time_to_resolve_are_two_figures():
    for code in GENESYS:
        assert {RESTORATION, RESOLUTION} <= {measure.kind for measure in shipped_rules(code).measures}


def test_critical_in_the_portal():
    portal = {code: shipped_rules(code).priorities[0].portal for code in ALL}
    assert portal == {
        PURECLOUD: TAKEN_WITH_PHONE,
        CLOUD: TAKEN_WITH_PHONE,
        CX: PHONE_ONLY,
        DIALOG: TAKEN,
        DYNAMICS: TAKEN,
    }


def test_channels():
    channels = {code: {name for offer in shipped_rules(code).offerings for name in offer.channels} for code in ALL}
    assert channels == {
        PURECLOUD: {"PORTAL", "PHONE", "CHAT"},
        CLOUD: {"PORTAL", "PHONE"},
        CX: {"PORTAL", "PHONE"},
        DIALOG: {"CHAT", "PORTAL", "EMAIL", "WEB_FORM"},
        DYNAMICS: {"PHONE", "MOBILE_APP", "SOCIAL", "EMAIL", "PORTAL"},
    }


@pytest.mark.parametrize("code", GENESYS)
def test_genesys_licenses_open_the_channels_and_self_service_is_free(code):
    rules = shipped_rules(code)
    product = {PURECLOUD: "purecloud", CLOUD: "genesys-cloud", CX: "genesys-cloud-cx"}[code]
    licenses = ("collaborate", "communicate", f"{product}-1", f"{product}-2", f"{product}-3")
    assert tuple(named.code for named in rules.licenses) == licenses
    assert all(offer.licenses == (licenses if offer.channels else ()) for offer in rules.offerings)


def test_japan_has_documents_of_its_own():
    for code in (PURECLOUD, CLOUD):
        links = {link.code: link.country for link in shipped_rules(code).links}
        assert links["guide"] == "" and links["guide_japan"] == links["overview_japan"] == "JP"


def test_cx_has_regional_support_and_two_sign_ins():
    rules = shipped_rules(CX)
    assert {offer.support_region for offer in rules.offerings if offer.support_region} == {"us_only", "eea_only"}
    assert {"sign_in", "sign_in_satellite"} <= {link.code for link in rules.links}


def test_contacts():
    assert {code: (shipped_rules(code).contacts.who, shipped_rules(code).contacts.backup) for code in ALL} == {
        PURECLOUD: ("DESIGNATED", "WANTED"),
        CLOUD: ("DESIGNATED", "WANTED"),
        CX: ("DESIGNATED", "MUST"),
        DIALOG: ("ANY", "NONE"),
        DYNAMICS: ("ENTITLEMENT", "NONE"),
    }
    for code in GENESYS:
        assert duration(code, CONTACT_APPLICATION) == Duration(48, BUSINESS_HOURS)
        assert shipped_rules(code).areas.version == 1
    assert "training" in shipped_rules(PURECLOUD).contacts.steps[0]["en"]


def test_awaiting_customer():
    for code in GENESYS:
        rule = shipped_rules(code).awaiting_customer
        assert (rule.after, rule.closes, rule.notice_hours) == (Duration(3, END_OF_BUSINESS_DAY), False, 24)
    rule = shipped_rules(DIALOG).awaiting_customer
    assert (rule.after, rule.closes, rule.notice_hours) == (Duration(48, HOURS), True, 24)
    assert shipped_rules(DYNAMICS).awaiting_customer is None


def test_resolution_proposed():
    for code in GENESYS:
        rules = shipped_rules(code)
        rule = rules.resolution_proposed
        assert (rules.resolving, rule.after, rule.closes) == (PROPOSE, Duration(3, END_OF_BUSINESS_DAY), True)
    for code in (DIALOG, DYNAMICS):
        assert (shipped_rules(code).resolving, shipped_rules(code).resolution_proposed) == (CLOSE, None)


@pytest.mark.parametrize("code", ALL)
def test_our_own_figures(code):
    rules = shipped_rules(code)
    assert (rules.reopen_days, rules.warn_percent) == (14, 75)
    assert rules.rca_reminder_days == ((2, 1) if code in GENESYS else ())
    closing = [note for note in rules.notes if note.about == "CLOSING"]
    assert all(number in closing[0].text["en"] for number in ("14 days", "75%"))


def test_escalation_criteria():
    full = (
        *("closed_case", "awaiting_customer", "already_escalated", "low_priority", "urgency_change"),
        *("updated_recently", "rca_not_yet_due", "impact_not_significant"),
    )
    assert shipped_rules(PURECLOUD).escalation.criteria == shipped_rules(CLOUD).escalation.criteria == full
    assert shipped_rules(CX).escalation.criteria == (*full[:3], "update_unread", *full[3:])
    assert shipped_rules(DIALOG).escalation.criteria == shipped_rules(DYNAMICS).escalation.criteria == (full[0], full[2])


@pytest.mark.parametrize("code", ALL)
def test_every_criterion_has_its_sentence(code):
    escalation = shipped_rules(code).escalation
    assert set(escalation.clauses) == set(escalation.criteria)


def test_quiet_times_and_impact():
    day, three_days = Duration(24, HOURS), Duration(3, BUSINESS_DAYS)
    for code in (PURECLOUD, CLOUD):
        assert shipped_rules(code).escalation.quiet == {"high": day, "medium": three_days}
    assert shipped_rules(CX).escalation.quiet == {"high": day}
    assert all(shipped_rules(code).escalation.impact_weights == ("high",) for code in GENESYS)


def test_escalation_by_itself():
    automatic = {code: shipped_rules(code).escalation.automatic_on for code in ALL}
    assert automatic == {PURECLOUD: (), CLOUD: (), CX: (), DIALOG: (FIRST_RESPONSE, RESOLUTION), DYNAMICS: ()}


def test_escalation_levels():
    levels = {code: tuple(level.code for level in shipped_rules(code).escalation.levels) for code in ALL}
    assert levels == {
        PURECLOUD: ("CASE", "TAM", "MANAGEMENT"),
        CLOUD: ("CASE", "MANAGEMENT"),
        CX: ("CASE",),
        DIALOG: ("TECHNICAL_TEAM",),
        DYNAMICS: ("QUEUE",),
    }
    management = shipped_rules(CLOUD).escalation.levels[-1]
    assert management.mail == "PureCloudManagementAttention@genesys.com"
    assert "United States" in management.clause["en"] and "personal data" in management.clause["en"]


def test_higher_priority():
    ways = {code: {(c.current, c.wanted): c.ways for c in shipped_rules(code).priority_changes} for code in ALL}
    by_note, by_phone, with_owner = ("WORK_NOTE",), ("PHONE",), ("CASE_OWNER",)
    for code in (PURECLOUD, CLOUD):
        assert ways[code] == {
            ("low", "medium"): by_note,
            ("low", "high"): by_phone,
            ("medium", "high"): with_owner,
            ("", "critical"): by_phone,
        }
    assert ways[CX] == {("low", "medium"): by_note, ("", "high"): ("CARE_TEAM",), ("", "critical"): by_phone}


def test_rca():
    days = Duration(5, BUSINESS_DAYS)
    for code in (PURECLOUD, CLOUD):
        assert durations(code, RCA, scope=PLATFORM) == [days, days, None, None]
        assert durations(code, RCA, scope=ISOLATED) == [None] * 4
    assert durations(CX, RCA, scope=PLATFORM) == [days, None, None, None]
    for code in (DIALOG, DYNAMICS):
        assert shipped_rules(code).rca is None
        assert not any(target.kind == RCA for target in shipped_rules(code).targets)


def test_rca_beyond_the_document():
    purecloud, cloud, cx = (shipped_rules(code).rca for code in GENESYS)
    assert (purecloud.preliminary_severities, purecloud.follow_up_priority) == ((1,), "medium")
    assert shipped_rules(PURECLOUD).priority("medium").severity_rank == 3
    assert "new case" in purecloud.further_documents["en"] and "case note" in cloud.further_documents["en"]
    assert (cloud.on_request, cloud.preliminary_severities, cloud.follow_up_priority) == (True, (), "")
    assert cloud.incident_summary and cloud.meeting and purecloud.meeting
    assert cx.isolated_summary_severities == (1,)
    isolated = target_for(shipped_rules(CX), RCA, Conditions(1, "", "PHONE", ISOLATED))
    assert isolated.duration is None and "case summary" in isolated.reason["en"]


def test_entitlement():
    entitlement = shipped_rules(DYNAMICS).entitlement
    assert (entitlement.cases, entitlement.taken_on, entitlement.exhausted) == (15, "RESOLUTION", "FLAG")
    assert "14" in entitlement.clause["en"]
    assert all(shipped_rules(code).entitlement is None for code in (*GENESYS, DIALOG))


def test_plans():
    plans = {code: [plan.code for plan in shipped_rules(code).plans] for code in ALL}
    assert plans == {PURECLOUD: [], CLOUD: [], CX: [], DIALOG: ["basic", "regular", "premium"], DYNAMICS: ["gold"]}


def test_languages():
    assert {code: shipped_rules(code).language for code in ALL} == {
        PURECLOUD: "ja",
        CLOUD: "en",
        CX: "fr",
        DIALOG: "ru",
        DYNAMICS: "ja",
    }
    assert shipped_rules(DIALOG).support_languages == ("en", "pt-BR", "de", "es", "ru")


def test_intake_asks():
    asked = {code: {field.code for field in shipped_rules(code).intake} for code in ALL}
    base = {"short_name", "organization_id", "conversation_ids", "description", "business_impact", "attachments", "steps"}
    assert asked[PURECLOUD] == asked[CLOUD] == base
    assert asked[CX] == base | {"customer_name", "environment_changes", "troubleshooting"}
    assert {"api_request", "api_response", "happened_at", "attachments", "business_impact"} <= asked[DIALOG]
    assert {"case_type", "customer_name", "subject"} <= asked[DYNAMICS]
    assert all(field.help for code in ALL for field in shipped_rules(code).intake)
    advice = " ".join(text["en"] for text in shipped_rules(DIALOG).advice)
    assert "complete API key" in advice and "password" in advice and "a case or a chat" in advice


def test_case_types_of_dynamics():
    assert [kind.code for kind in shipped_rules(DYNAMICS).case_types] == ["QUESTION", "REQUEST", "PROBLEM"]


def test_status_page_mail_and_numbers():
    for code in ALL:
        assert "status_page" in {link.code for link in shipped_rules(code).links}
    assert {link.code: link.url for link in shipped_rules(DIALOG).links}["lost_access_mail"] == "mailto:support@360dialog.com"
    for code in (*GENESYS, DYNAMICS):
        assert {phone.region for phone in shipped_rules(code).phones} == {"emea", "americas", "apac", "japan"}


@pytest.mark.parametrize(
    ("code", "topics"),
    [
        (PURECLOUD, {"TARGETS", "ESCALATION"}),
        (CLOUD, {"HOURS", "TARGETS", "ESCALATION"}),
        (CX, {"HOURS", "RCA", "ESCALATION"}),
        (DIALOG, {"TARGETS", "ESCALATION"}),
        (DYNAMICS, {"HOURS", "CONTACTS", "ESCALATION"}),
    ],
)
def test_assumptions_are_said_in_the_notes(code, topics):
    assumed = {note.about for note in shipped_rules(code).notes if re.search("our (assumption|reading)", note.text["en"], re.I)}
    assert topics <= assumed


def test_updates():
    assert "24 hours" in shipped_rules(CX).updates["en"] and "3 business days" not in shipped_rules(CX).updates["en"]
    for code in (PURECLOUD, CLOUD):
        assert "24 hours" in shipped_rules(code).updates["en"] and "3 business days" in shipped_rules(code).updates["en"]
    assert "at once" in shipped_rules(DIALOG).updates["en"]
    assert shipped_rules(DYNAMICS).updates is None

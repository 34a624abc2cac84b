"""A restored incident, and what each policy says follows it in the linked cases (SPEC 7, 8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from cases import actions
from cases.decision import Refused
from cases.models import Activity, Case, OutboxMessage, SupportRegion
from cases.permissions import can_accept, can_close
from escalations.actions import restoration
from escalations.actions.restoration import finish_restorations, restore_incident
from escalations.models import CaseLink, Incident, StatusSubscriber
from portal import tasks
from sla.models import Clock
from tests.stories import customer_under, fresh, open_case, open_critical

from .incidents import SUMMARY, WORDS, declare, link, restore

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def incident(incident_manager, now):
    return declare(incident_manager, now=now)


@pytest.fixture
def linked(policies, agent, incident, now):
    """`linked(policy)`: a case of a new customer under this policy, linked ten minutes after the incident began."""

    def make(policy, *, severity=1, language="en", opened_at=now, **more):
        customer = customer_under(policies[policy], language=language)
        case = open_critical(customer, agent=agent, now=opened_at, language=language, **more)
        if severity != 1:
            actions.change_severity(case, by=agent, rank=severity, reason="Less.", now=opened_at)
        link(incident, fresh(case), by=agent, now=opened_at + 10 * MINUTE)
        return fresh(case)

    return make


def since(case, moment):
    """What was recorded in the case at this moment."""
    return list(case.activities.filter(recorded_at=moment).order_by("pk").values_list("kind", flat=True))


def told(case, kind):
    return case.activities.get(kind=kind)


# --- the incident ------------------------------------------------------------------------------------------------------
def test_incident_is_restored_once_with_a_public_update(incident, incident_manager, now):
    update = restore(incident, by=incident_manager, now=now + 2 * HOUR, restored_at=now + HOUR)
    incident.refresh_from_db()
    assert (incident.state, incident.restored_at, incident.summary, incident.version) == ("RESTORED", now + HOUR, SUMMARY, 3)
    assert (update.state, update.words, update.published_at, update.published_by) == (
        "RESTORED",
        WORDS,
        now + 2 * HOUR,
        incident_manager,
    )
    with pytest.raises(Refused, match="This incident is restored already."):
        restore(incident, by=incident_manager, now=now + 3 * HOUR)
    assert incident.updates.count() == 1


def test_subscribers_of_the_status_page_are_told(incident, incident_manager, now):
    StatusSubscriber.objects.create(address="eve@status.example", language="ja", created_at=now, confirmed_at=now)
    restore(incident, by=incident_manager, now=now + HOUR)
    mail = OutboxMessage.objects.get(address="eve@status.example")
    assert (mail.template, mail.data["words"]) == ("status_update", WORDS["ja"])


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (-1, "The incident cannot have been restored before it started."),
        (121, "The incident cannot have been restored in the future."),
        (0, None),
        (120, None),
    ],
)
def test_restoration_lies_between_start_and_now(incident, incident_manager, now, minutes, sentence):
    at = {"restored_at": now + minutes * MINUTE, "now": now + 2 * HOUR}
    if sentence is None:
        assert restore(incident, by=incident_manager, **at)
        return
    with pytest.raises(Refused) as refusal:
        restore(incident, by=incident_manager, **at)
    assert refusal.value.reason == sentence
    incident.refresh_from_db()
    assert (incident.state, incident.restored_at, incident.updates.count()) == ("IDENTIFIED", None, 0)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("CANDIDATE", "This incident is not declared."),
        ("DISMISSED", "This incident is not declared."),
        ("CLOSED", "This incident is restored already."),
    ],
)
def test_only_an_active_incident_is_restored(incident_manager, now, state, sentence):
    incident = declare(incident_manager, now=now, state=state)
    with pytest.raises(Refused) as refusal:
        restore(incident, by=incident_manager, now=now + HOUR)
    assert refusal.value.reason == sentence


@pytest.mark.parametrize("state", Incident.ACTIVE)
def test_every_active_incident_can_be_restored(incident_manager, now, state):
    assert restore(declare(incident_manager, now=now, state=state), by=incident_manager, now=now + HOUR)


@pytest.mark.parametrize("who", ["agent", "manager", "contact"])
def test_restoring_is_for_incident_managers(incident, now, who, request):
    with pytest.raises(Refused):
        restore(incident, by=request.getfixturevalue(who), now=now + HOUR)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"words": {"en": " ", "fr": "Rétabli."}}, "The update needs its English text."),
        ({"summary": {"fr": "Un disque."}}, "The incident summary needs its English text."),
    ],
)
def test_english_is_required(incident, incident_manager, now, texts, sentence):
    with pytest.raises(Refused) as refusal:
        restore(incident, by=incident_manager, now=now + HOUR, **texts)
    assert refusal.value.reason == sentence


def test_refusals_are_told_in_the_readers_language(incident, incident_manager, now, language):
    with pytest.raises(Refused) as refusal:
        restore(incident, by=incident_manager, now=now, restored_at=now + HOUR)
    sentences = {
        "en": "The incident cannot have been restored in the future.",
        "fr": "La date de rétablissement ne peut pas être dans le futur.",
        "ja": "復旧日時に未来の日時は指定できません。",
        "ru": "Время восстановления не может быть в будущем.",
    }
    assert refusal.value.reason == sentences[language]


def test_secrets_and_empty_languages_are_not_stored(incident, incident_manager, now):
    restore(incident, by=incident_manager, now=now + HOUR, summary={"en": "password: Tr0ub4dor&3xyz", "ru": "\u200b "})
    incident.refresh_from_db()
    assert set(incident.summary) == {"en"}
    assert "Tr0ub4dor" not in incident.summary["en"]


# --- the linked cases, as each policy says -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("policy", "kinds", "status"),
    [
        ("purecloud", ["RESTORED", "INCIDENT_UPDATE", "RCA_DELIVERED", "PROPOSED", "FOLLOW_UP"], "RESOLUTION_PROPOSED"),
        ("genesys-cloud", ["RESTORED", "INCIDENT_UPDATE", "PROPOSED"], "RESOLUTION_PROPOSED"),
        ("genesys-cloud-cx", ["RESTORED", "INCIDENT_UPDATE", "INCIDENT_SUMMARY"], "IN_PROGRESS"),
    ],
)
def test_severity_1_case_after_restoration(linked, incident, incident_manager, now, policy, kinds, status):
    case = linked(policy)
    restore(incident, by=incident_manager, now=now + 2 * HOUR, restored_at=now + HOUR)
    assert (since(case, now + 2 * HOUR), fresh(case).status) == (kinds, status)
    assert told(case, "RESTORED").occurred_at == now + HOUR
    rca = Clock.objects.get(case=case, kind="RCA")
    assert (rca.state, rca.started_at, rca.due_at) == ("RUNNING", now + HOUR, now + HOUR + 7 * DAY)
    assert Clock.objects.get(case=case, kind="RESTORATION").met_at == now + HOUR


@pytest.mark.parametrize("policy", ["purecloud", "genesys-cloud", "genesys-cloud-cx"])
@pytest.mark.parametrize("severity", [2, 3, 4])
def test_lower_severity_is_told_and_stays_in_work(linked, incident, incident_manager, now, policy, severity):
    case = linked(policy, severity=severity)
    restore(incident, by=incident_manager, now=now + HOUR)
    assert since(case, now + HOUR) == ["RESTORED", "INCIDENT_UPDATE", "INCIDENT_SUMMARY"]
    assert fresh(case).status == "IN_PROGRESS"
    is_owed = severity == 2 and policy != "genesys-cloud-cx"
    assert Clock.objects.filter(case=case, kind="RCA").exists() == is_owed


@pytest.mark.parametrize(("policy", "code"), [("360dialog", "critical"), ("dynamics-gold", "high")])
def test_policies_without_rca_are_told_and_nothing_else(linked, incident, incident_manager, now, policy, code):
    case = linked(policy, priority_code=code)
    restore(incident, by=incident_manager, now=now + HOUR)
    assert since(case, now + HOUR) == ["RESTORED", "INCIDENT_UPDATE", "INCIDENT_SUMMARY"]
    assert not Clock.objects.filter(case=case, kind="RCA").exists()


@pytest.mark.parametrize(("language", "text"), [("ja", SUMMARY["ja"]), ("fr", SUMMARY["fr"])])
def test_proposal_is_the_summary_in_the_language_of_the_case(linked, incident, incident_manager, now, language, text):
    case = linked("genesys-cloud", language=language)
    restore(incident, by=incident_manager, now=now + HOUR)
    proposed = told(case, "PROPOSED")
    assert (proposed.text_row.text, proposed.text_row.language, proposed.data) == (text, language, {"incident": incident.number})


def test_missing_translation_is_told_in_english_and_marked(linked, incident, incident_manager, now, signed_in):
    case = linked("genesys-cloud", language="ja")
    restore(incident, by=incident_manager, now=now + HOUR, summary={"en": "A disk failed."})
    proposed = told(case, "PROPOSED")
    assert (proposed.text_row.text, proposed.text_row.language) == ("A disk failed.", "en")
    page = signed_in(case.opened_by).get(f"/cases/{case.number}/").content.decode()
    assert '<div class="prose" lang="en"><p>A disk failed.</p>' in page
    assert "まだ翻訳されていないため、英語で表示しています。" in page
    assert WORDS["ja"] in page


def test_customer_may_close_after_the_summary(linked, incident, incident_manager, now):
    case = linked("genesys-cloud")
    restore(incident, by=incident_manager, now=now + HOUR)
    contact = case.opened_by
    assert can_accept(contact, fresh(case)) and can_close(contact, fresh(case))
    actions.accept_resolution(fresh(case), by=contact, now=now + 2 * HOUR)
    assert Clock.objects.get(case=case, kind="RCA").state == "RUNNING"  # still owed


def test_summary_is_the_preliminary_rca_and_a_case_waits_for_the_rca(linked, incident, incident_manager, now):
    case = linked("purecloud")
    restore(incident, by=incident_manager, now=now + HOUR)
    assert told(case, "RCA_DELIVERED").data == {"incident": incident.number, "kind": "PRELIMINARY"}
    follow_up = Case.objects.get(follows=case)
    assert (follow_up.priority_code, follow_up.severity_rank, follow_up.closes_with_rca) == ("medium", 3, True)
    actions.accept_resolution(fresh(case), by=case.opened_by, now=now + 2 * HOUR)
    assert Case.objects.filter(follows=case).count() == 1


def test_proposal_of_the_care_team_is_left_as_it_is(linked, agent, incident, incident_manager, now):
    case = linked("genesys-cloud")
    actions.propose_resolution(case, by=agent, summary="We switched over.", now=now + HOUR)
    restore(incident, by=incident_manager, now=now + 2 * HOUR)
    assert since(case, now + 2 * HOUR) == ["RESTORED", "INCIDENT_UPDATE", "INCIDENT_SUMMARY"]
    assert Clock.objects.get(case=case, kind="CLOSING").started_at == now + HOUR


def test_closed_case_learns_when_for_its_rca_and_nothing_else_moves(linked, incident, incident_manager, now):
    case = linked("genesys-cloud")
    actions.close_case(case, by=case.opened_by, now=now + HOUR)
    restore(incident, by=incident_manager, now=now + 2 * HOUR)
    assert since(case, now + 2 * HOUR) == ["RESTORED"]
    assert Clock.objects.get(case=case, kind="RCA").started_at == now + 2 * HOUR
    assert Clock.objects.get(case=case, kind="RESTORATION").state == "STOPPED"
    assert fresh(case).status == "CLOSED"


def test_case_opened_after_the_restoration_was_restored_from_its_opening(linked, incident, incident_manager, now):
    case = linked("genesys-cloud", opened_at=now + 2 * HOUR)
    restore(incident, by=incident_manager, now=now + 3 * HOUR, restored_at=now + HOUR)
    assert told(case, "RESTORED").occurred_at == now + 2 * HOUR
    assert Clock.objects.get(case=case, kind="RCA").started_at == now + 2 * HOUR


def test_restoration_that_the_owner_told_before_counts(linked, agent, incident, incident_manager, now):
    case = linked("genesys-cloud")
    actions.mark_restored(case, by=agent, restored_at=now + 20 * MINUTE, now=now + HOUR)
    restore(incident, by=incident_manager, now=now + 2 * HOUR)
    assert told(case, "RESTORED").occurred_at == now + 20 * MINUTE


def test_case_linked_later_is_told_by_the_next_sweep(linked, incident, incident_manager, now):
    restore(incident, by=incident_manager, now=now + HOUR)
    case = linked("genesys-cloud", opened_at=now + 2 * HOUR)
    assert finish_restorations(now=now + 3 * HOUR) == 1
    assert fresh(case).status == "RESOLUTION_PROPOSED"


def test_undone_link_and_unlinked_case_are_told_nothing(linked, incident, incident_manager, contact, now):
    case, other = linked("genesys-cloud"), open_case(contact, now=now)
    CaseLink.objects.update(unlinked_at=now + HOUR)
    restore(incident, by=incident_manager, now=now + 2 * HOUR)
    assert since(case, now + 2 * HOUR) == since(other, now + 2 * HOUR) == []


def test_cases_of_regions_that_the_incident_manager_may_not_see_are_told_too(
    us_only_contact, agent_of_all_regions, incident, incident_manager, now
):
    assert SupportRegion.US_ONLY not in incident_manager.support_regions
    case = open_critical(us_only_contact, agent=agent_of_all_regions, now=now)
    link(incident, case, by=agent_of_all_regions, now=now)
    restore(incident, by=incident_manager, now=now + HOUR)
    assert since(case, now + HOUR) == ["RESTORED", "INCIDENT_UPDATE", "INCIDENT_SUMMARY"]


def test_nothing_of_one_customer_is_told_to_another(linked, incident, incident_manager, now, signed_in):
    mine, other = linked("purecloud", subject="Canary-Mine"), linked("genesys-cloud", subject="Canary-Other")
    restore(incident, by=incident_manager, now=now + HOUR)
    page = signed_in(mine.opened_by).get(f"/cases/{mine.number}/").content.decode()
    assert "Canary-Mine" in page
    assert "Canary-Other" not in page and other.number not in page and other.organization.name not in page
    told_to = set(OutboxMessage.objects.filter(created_at=now + HOUR).values_list("case__organization", "recipient"))
    assert told_to == {
        (mine.organization_id, mine.opened_by_id),
        (mine.organization_id, mine.owner_id),  # the owner of the case that waits for the RCA
        (other.organization_id, other.opened_by_id),
    }


# --- each once, whatever happens ---------------------------------------------------------------------------------------
def test_commit_tells_the_cases(linked, incident, incident_manager, now, django_capture_on_commit_callbacks):
    case = linked("genesys-cloud")
    with django_capture_on_commit_callbacks(execute=True):
        restore_incident(incident, by=incident_manager, restored_at=now + HOUR, words=WORDS, summary=SUMMARY, now=now + HOUR)
    assert fresh(case).status == "RESOLUTION_PROPOSED"


def test_each_case_is_told_once(linked, incident, incident_manager, now):
    case = linked("purecloud")
    restore(incident, by=incident_manager, now=now + HOUR)
    before = case.activities.count()
    assert finish_restorations(now=now + 2 * HOUR) == 0
    assert restoration.tell_restoration(CaseLink.objects.get(case=case), now=now + 2 * HOUR) is False
    assert case.activities.count() == before


def test_case_that_fails_does_not_hold_up_the_others_and_is_tried_again(linked, incident, incident_manager, now, caplog):
    broken, well = linked("genesys-cloud"), linked("genesys-cloud")
    definition = broken.calendar_version.definition
    calendar = type(broken.calendar_version).objects.create(
        calendar=broken.calendar_version.calendar, number=99, definition={"windows": {}}, digest="unreadable for restorations"
    )
    Case.objects.filter(pk=broken.pk).update(calendar_version=calendar)
    restore(incident, by=incident_manager, now=now + HOUR)
    assert (fresh(well).status, since(broken, now + HOUR)) == ("RESOLUTION_PROPOSED", [])
    assert broken.number in caplog.text
    calendar.definition = definition
    calendar.save()
    assert finish_restorations(now=now + 2 * HOUR) == 1
    assert fresh(broken).status == "RESOLUTION_PROPOSED"


def test_sweep_completes_what_a_crash_left_over(linked, incident, incident_manager, now):
    case = linked("genesys-cloud")
    restore_incident(incident, by=incident_manager, restored_at=now + HOUR, words=WORDS, summary=SUMMARY, now=now + HOUR)
    assert fresh(case).status == "IN_PROGRESS"  # the process died before the commit's callback
    tasks.sweep_due()
    assert Activity.objects.filter(case=case, kind="RESTORED").count() == 1
    assert Incident.objects.get(pk=incident.pk).state == "RESTORED"


def test_nothing_to_tell_costs_one_statement(incident, django_assert_num_queries, now):
    with django_assert_num_queries(1):
        finish_restorations(now=now)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="several workers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_four_who_restore_at_once_restore_it_once_and_tell_each_case_once(linked, incident, incident_manager, now):
    cases = [linked("purecloud") for _case in range(6)]

    def restore_it(_worker):
        try:
            return restore(incident, by=incident_manager, now=now + HOUR)
        except Refused as refusal:
            finish_restorations(now=now + HOUR)
            return refusal.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(restore_it, range(4)))
    assert answers.count("This incident is restored already.") == 3
    assert [since(case, now + HOUR).count("PROPOSED") for case in cases] == [1] * 6
    assert Case.objects.filter(closes_with_rca=True).count() == 6

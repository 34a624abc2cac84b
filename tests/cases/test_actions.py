"""Everything that can be done to a case, by whom, and what it leaves in the timeline (SPEC 2, 3, 4)."""

from datetime import timedelta

import pytest

from cases import actions
from cases.decision import Refused, StaleCase
from cases.models import Activity, ActivityText, Draft
from tests.stories import fresh, intake, open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def kinds(case):
    return list(case.activities.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


def test_open_case_freezes_what_was_promised(case, organization, contact, now):
    case = fresh(case)
    assert (case.opened_by, case.opened_at, case.status, case.severity_rank) == (contact, now, "NEW", 3)
    assert case.policy_version.policy.code == "genesys-cloud"
    assert (case.time_zone, case.country) == (organization.time_zone, organization.country)
    assert not case.is_default_policy
    assert case.number == f"CS-{1_000_000 + case.pk}"


def test_open_case_without_agreement_runs_under_the_flagged_default_policy(contact, organization, now):
    organization.agreements.all().delete()
    case = open_case(contact, now=now)
    assert case.is_default_policy
    assert case.policy_version.policy.is_default
    assert case.clocks.filter(kind="FIRST_RESPONSE").exists()


def test_open_case_ignores_an_agreement_that_is_over(contact, organization, now):
    organization.agreements.update(starts_on=now.date() - timedelta(days=400), ends_on=now.date())
    assert open_case(contact, now=now).is_default_policy


@pytest.mark.parametrize("who", ["reader", "stranger", "agent_not_cleared"])
def test_open_case_is_refused_to_others(who, organization, request, now):
    with pytest.raises(Refused):
        actions.open_case(organization, by=request.getfixturevalue(who), intake=intake(), channel="PORTAL", now=now)


def test_open_case_by_staff_needs_a_caller_who_is_a_contact(organization, agent, contact, stranger, now):
    case = actions.open_case(
        organization, by=agent, contact=contact, intake=intake(), channel="PHONE", now=now, opened_at=now - HOUR
    )
    assert (case.opened_by, case.opened_at, case.channel) == (contact, now - HOUR, "PHONE")
    with pytest.raises(Refused):
        actions.open_case(organization, by=agent, contact=stranger, intake=intake(), channel="PHONE", now=now)


def test_critical_is_refused_where_the_policy_takes_it_by_phone_only(
    us_only_contact, us_only_organization, agent_of_all_regions, now
):
    with pytest.raises(Refused):
        open_case(us_only_contact, now=now, priority_code="critical")
    case = actions.open_case(
        us_only_organization,
        by=agent_of_all_regions,
        contact=us_only_contact,
        intake=intake(priority_code="critical"),
        channel="PHONE",
        now=now,
    )
    assert case.severity_rank == 1


def test_open_case_masks_secrets_before_the_first_write(contact, now):
    case = open_case(
        contact,
        now=now,
        description="It fails with password: hunter2secret",
        steps="curl -H 'Authorization: Bearer abcdef0123456789abcdef0123456789'",
    )
    written = ActivityText.objects.get(activity__case=case).text + fresh(case).details.steps
    assert "hunter2secret" not in written
    assert "abcdef0123456789abcdef0123456789" not in written
    assert case.activities.get(kind="OPENED").data["masked"]


def test_open_case_takes_the_files_of_the_draft(contact, now):
    draft = Draft.objects.create(user=contact, kind="CASE", updated_at=now)
    draft.attachments.create(
        file="x", name="log.txt", size=1, content_type="text/plain", digest="0" * 64, uploaded_by=contact, uploaded_at=now
    )
    case = actions.open_case(
        contact.memberships.get().organization, by=contact, intake=intake(), channel="PORTAL", now=now, draft=draft
    )
    assert case.attachments.get().activity.kind == "OPENED"
    assert not Draft.objects.exists()


def test_reply_of_the_care_team_and_answer_of_the_customer(case, agent, contact, now):
    actions.reply(case, by=agent, text="Which **browser**?", now=now + HOUR, then="AWAITING_CUSTOMER")
    assert fresh(case).status == "AWAITING_CUSTOMER"
    answer = actions.reply(case, by=contact, text="Firefox.", now=now + 2 * HOUR)
    assert (answer.kind, answer.from_customer, fresh(case).status) == ("WORK_NOTE", True, "IN_PROGRESS")


def test_same_words_a_moment_later_are_one_message(case, agent, contact, now):
    """Back puts a sent text into a new form; who answered in between, or a later time, makes it another message."""
    first = actions.reply(case, by=contact, text="Any news?", now=now + HOUR)
    assert actions.reply(fresh(case), by=contact, text="Any news?", now=now + HOUR + timedelta(minutes=5)) == first
    assert actions.reply(fresh(case), by=contact, text="Any news today?", now=now + HOUR + timedelta(minutes=6)) != first
    actions.reply(fresh(case), by=agent, text="Not yet.", now=now + HOUR + timedelta(minutes=7))
    assert actions.reply(fresh(case), by=contact, text="Any news?", now=now + HOUR + timedelta(minutes=8)) != first
    assert actions.reply(fresh(case), by=contact, text="Any news?", now=now + 3 * HOUR).recorded_at == now + 3 * HOUR


@pytest.mark.parametrize("who", ["reader", "stranger", "agent_not_cleared"])
def test_reply_is_refused_to_others(case, who, request, now):
    with pytest.raises(Refused):
        actions.reply(case, by=request.getfixturevalue(who), text="Hello", now=now)
    assert kinds(case) == ["OPENED", "ACKNOWLEDGED"]


def test_stale_form_changes_nothing(case, agent, contact, now):
    shown = fresh(case).version
    actions.reply(case, by=contact, text="One more thing.", now=now)
    with pytest.raises(StaleCase):
        actions.reply(case, by=agent, text="Answer to the old state", now=now, expected_version=shown)
    assert kinds(case) == ["OPENED", "ACKNOWLEDGED", "WORK_NOTE"]


def test_internal_note_is_for_the_care_team_alone(case, agent, contact, now):
    note = actions.add_internal_note(case, by=agent, text="canary", now=now)
    assert note.visibility == "INTERNAL"
    assert note not in Activity.objects.visible_to(contact)
    with pytest.raises(Refused):
        actions.add_internal_note(case, by=contact, text="x", now=now)


@pytest.mark.parametrize("minutes", [-1, 61])
def test_call_must_lie_between_opening_and_now(case, agent, now, minutes):
    with pytest.raises(Refused):
        actions.log_call(case, by=agent, text="Called", started_at=now + timedelta(minutes=minutes), now=now + HOUR)


def test_call_keeps_both_moments(case, agent, now):
    call = actions.log_call(case, by=agent, text="Called", started_at=now + HOUR, now=now + 2 * HOUR)
    assert (call.occurred_at, call.recorded_at) == (now + HOUR, now + 2 * HOUR)


def test_assign_and_hand_over(case, agent, manager, agent_not_cleared, contact, now):
    actions.assign(case, by=agent, owner=agent, now=now)
    assert (fresh(case).owner, fresh(case).status) == (agent, "IN_PROGRESS")
    assert actions.assign(case, by=agent, owner=agent, now=now) is None
    actions.assign(case, by=agent, owner=manager, now=now)
    assert fresh(case).owner == manager
    for nobody in (agent_not_cleared, contact):
        with pytest.raises(Refused):
            actions.assign(case, by=agent, owner=nobody, now=now)
    assert kinds(case).count("OWNER") == 2


def test_take_next_gives_the_most_urgent_case_without_owner(contact, agent, manager, now):
    low = open_case(contact, now=now, priority_code="low")
    high = open_case(contact, now=now, priority_code="high")
    cases = type(low).objects.visible_to(agent)
    assert actions.take_next(by=agent, now=now, cases=cases) == high
    assert actions.take_next(by=manager, now=now, cases=cases) == low
    assert actions.take_next(by=agent, now=now, cases=cases) is None


def test_severity_change_needs_a_reason_and_is_told(case, agent, contact, now):
    with pytest.raises(Refused):
        actions.change_severity(case, by=agent, rank=2, reason=" ", now=now)
    with pytest.raises(Refused):
        actions.change_severity(case, by=agent, rank=9, reason="x", now=now)
    with pytest.raises(Refused):
        actions.change_severity(case, by=contact, rank=2, reason="It is worse", now=now)
    change = actions.change_severity(case, by=agent, rank=2, reason="All agents are concerned.", now=now)
    assert (change.data["from"], change.data["to"], change.visibility) == (3, 2, "CUSTOMER")
    assert (fresh(case).severity_rank, fresh(case).urgency_rank) == (2, 2)


def test_waiting_for_a_third_party_and_back(case, agent, contact, now):
    actions.await_third_party(case, by=agent, name="Cloud operations", reference="OPS-77", now=now)
    assert fresh(case).status == "AWAITING_THIRD_PARTY"
    seen = " ".join(activity.text_row.text for activity in Activity.objects.visible_to(contact) if hasattr(activity, "text_row"))
    assert "Cloud operations" in seen
    assert "OPS-77" not in seen
    actions.third_party_replied(case, by=agent, now=now + HOUR)
    assert fresh(case).status == "IN_PROGRESS"
    with pytest.raises(Refused):
        actions.third_party_replied(case, by=agent, now=now + HOUR)


def test_resolution_is_proposed_rejected_proposed_and_accepted(case, agent, contact, reader, now):
    with pytest.raises(Refused):
        actions.propose_resolution(case, by=agent, summary=" ", now=now)
    actions.propose_resolution(case, by=agent, summary="Restart the edge.", now=now)
    with pytest.raises(Refused):
        actions.accept_resolution(case, by=reader, now=now)
    with pytest.raises(Refused):
        actions.reject_resolution(case, by=contact, reason="", now=now)
    actions.reject_resolution(case, by=contact, reason="Still drops.", now=now + HOUR)
    assert fresh(case).status == "IN_PROGRESS"
    actions.propose_resolution(case, by=agent, summary="New firmware.", now=now + 2 * HOUR)
    actions.accept_resolution(case, by=contact, now=now + 3 * HOUR)
    assert (fresh(case).status, fresh(case).closed_at) == ("CLOSED", now + 3 * HOUR)
    with pytest.raises(Refused):
        actions.accept_resolution(case, by=contact, now=now + 3 * HOUR)


def test_closed_case_is_reopened_by_reply_within_the_window_only(case, agent, contact, now):
    actions.close_case(case, by=contact, now=now)
    with pytest.raises(Refused):
        actions.reply(case, by=agent, text="Are you sure?", now=now)
    with pytest.raises(Refused):
        actions.reopen_case(case, by=contact, reason="Again", now=now + timedelta(days=14, seconds=1))
    with pytest.raises(Refused):
        actions.reply(case, by=contact, text="Again", now=now + timedelta(days=14, seconds=1))
    actions.reply(case, by=contact, text="It is back.", now=now + timedelta(days=14))
    assert (fresh(case).status, fresh(case).closed_at) == ("IN_PROGRESS", None)
    assert kinds(case)[-2:] == ["REOPENED", "WORK_NOTE"]


def test_closing_by_the_care_team_needs_a_summary(case, agent, now):
    with pytest.raises(Refused):
        actions.close_case(case, by=agent, now=now)
    actions.close_case(case, by=agent, summary="Answered.", now=now)
    assert fresh(case).is_closed


def test_redaction_leaves_a_tombstone(case, agent, manager, contact, now):
    reply = actions.reply(case, by=contact, text="my home address", now=now)
    with pytest.raises(Refused):
        actions.redact(reply, by=agent, reason="personal data", now=now)
    actions.redact(reply, by=manager, reason="personal data", now=now)
    row = ActivityText.objects.get(activity=reply)
    assert (row.text, row.redacted_by, row.redaction_reason, row.redacted_at) == ("", manager, "personal data", now)
    assert "my home address" not in str(list(type(row).objects.values()))


def test_promise_must_lie_ahead(case, agent, now):
    with pytest.raises(Refused):
        actions.promise_update(case, by=agent, promised_at=now, now=now)
    assert actions.promise_update(case, by=agent, promised_at=now + HOUR, now=now).data == {
        "promised_at": (now + HOUR).isoformat()
    }


def test_restored_must_lie_between_opening_and_now(case, agent, now):
    with pytest.raises(Refused):
        actions.mark_restored(case, by=agent, restored_at=now - HOUR, now=now)
    assert actions.mark_restored(case, by=agent, restored_at=now, now=now + HOUR).occurred_at == now


def test_open_case_keeps_short_answers_within_their_columns_after_masking(contact, now):
    """A masked password may be longer than the password; PostgreSQL refuses what is longer than its column."""
    answer = f"{'a' * 185} password: aB3"
    details = open_case(contact, now=now, users_affected=answer, frequency=answer).details
    for field in ("users_affected", "frequency"):
        assert len(getattr(details, field)) <= 200
        assert "aB3" not in getattr(details, field)
    details.full_clean()


def test_redaction_of_the_opening_reaches_the_subject_and_the_answers(contact, manager, now):
    """The answers are the opening's words too: a token may stand in an API response (SPEC 4)."""
    case = open_case(
        contact,
        now=now,
        subject="Jane Doe cannot call",
        api_response="Jane Doe, born 1980",
        steps="Ask Jane Doe",
        users_affected="Jane Doe",
    )
    actions.redact(case.activities.get(kind="OPENED"), by=manager, reason="personal data", now=now)
    details = fresh(case).details
    assert (details.api_response, details.steps, details.users_affected) == ("", "", "")
    assert (fresh(case).subject, fresh(case).title) == ("", "Subject removed")


def test_redaction_leaves_the_first_tombstone_as_it_is(case, agent, manager, administrator, now):
    """Nobody can edit the trail: who removed a text, when and why (SAFETY 11)."""
    note = actions.reply(case, by=agent, text="Jane Doe, born 1980", now=now)
    actions.redact(note, by=manager, reason="personal data", now=now)
    with pytest.raises(Refused):
        actions.redact(note, by=administrator, reason="something else", now=now + HOUR)
    row = ActivityText.objects.get(activity=note)
    assert (row.redacted_by, row.redaction_reason, row.redacted_at) == (manager, "personal data", now)


def test_call_answers_what_the_customer_was_asked(case, agent, now):
    """A customer's reply, by whatever channel, takes the case back at once; else it would be closed for silence (SPEC 4)."""
    actions.await_customer(case, by=agent, now=now + HOUR)
    actions.log_call(case, by=agent, text="They have sent the log.", started_at=now + 2 * HOUR, now=now + 3 * HOUR)
    assert (fresh(case).status, kinds(case)[-2:]) == ("IN_PROGRESS", ["RESUMED", "CALL"])
    assert case.activities.get(kind="RESUMED").occurred_at == now + 2 * HOUR
    assert not case.clocks.filter(kind="CLOSING", next_effect_at__isnull=False).exists()


@pytest.mark.parametrize(("started", "with_customer"), [(1, True), (3, False)])
def test_call_before_the_question_or_among_colleagues_answers_nothing(started, with_customer, case, agent, now):
    actions.await_customer(case, by=agent, now=now + 2 * HOUR)
    call = {"started_at": now + started * HOUR, "now": now + 4 * HOUR, "with_customer": with_customer}
    actions.log_call(case, by=agent, text="What the log shows.", **call)
    assert (fresh(case).status, kinds(case)[-1]) == ("AWAITING_CUSTOMER", "CALL")

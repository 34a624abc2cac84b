"""Publishing versions, moving open cases to one, changing plans: who may, what moves, what never does (SPEC 5, ISSUE 3.3, 3.7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from cases import actions
from cases.decision import Refused
from cases.models import Activity, Agreement, Case, OutboxMessage
from cases.terms import effects_of_move
from sla.models import Clock
from sla.policies import current_version
from sla.publishing import AlreadyPublished, Outdated
from tests.sla.drafts import calendar_draft, policy_draft
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
STRICTER = ("within: 2 business hours", "within: 1 business hours")


def rows():
    names = ("state", "due_at", "met_at", "breached_at", "remaining_seconds", "target_code")
    return {
        (row["case_id"], row["kind"]): tuple(row[name] for name in names)
        for row in Clock.objects.values("case_id", "kind", *names)
    }


def volga_case(by, **more):
    """A case under 360dialog, which has three severities."""
    return open_case(by, priority_code="minor", **more)


@pytest.fixture
def cases(contact, agent, now):
    """Running, answered, waiting, closed."""
    running, answered, waiting, closed = (open_case(contact, now=now) for _one in range(4))
    for case in (answered, waiting, closed):
        actions.assign(case, by=agent, owner=agent, now=now)
        actions.reply(case, by=agent, text="Hello", now=now + timedelta(minutes=80))
    actions.await_customer(waiting, by=agent, now=now + timedelta(minutes=90))
    actions.close_case(closed, by=contact, now=now + timedelta(minutes=91))
    return {"running": running, "answered": answered, "waiting": waiting, "closed": closed}


def move_all(version, *, by, now):
    return [actions.move_case(case, by=by, version=version, now=now) for case in Case.objects.order_by("pk")]


# --- publishing --------------------------------------------------------------------------------------------------------
def test_publishing_counts_for_new_cases_only(cases, contact, manager, now):
    before = rows()
    draft = actions.publish_version(policy_draft("genesys-cloud", STRICTER), by=manager, now=now + 2 * HOUR)
    assert rows() == before
    assert open_case(contact, now=now + 2 * HOUR).clocks.get(kind="FIRST_RESPONSE").due_at == now + 3 * HOUR
    assert current_version(draft.policy) == draft


def test_publishing_twice_is_a_named_error(policies, manager, now):
    draft = policy_draft("genesys-cloud", STRICTER)
    actions.publish_version(draft, by=manager, now=now)
    with pytest.raises(AlreadyPublished, match="Version 2 is published already"):
        actions.publish_version(draft, by=manager, now=now + HOUR)
    draft.refresh_from_db()
    assert draft.published_at == now


def test_draft_older_than_what_is_in_force_is_refused(policies, manager, now):
    older, newer = calendar_draft("business-hours"), calendar_draft("business-hours", always_open=True)
    actions.publish_version(newer, by=manager, now=now)
    with pytest.raises(Outdated, match="Version 3 is in force"):
        actions.publish_version(older, by=manager, now=now)
    older.refresh_from_db()
    assert older.published_at is None


@pytest.mark.parametrize("who", ["agent", "contact"])
def test_publishing_is_for_care_managers_and_administrators(who, policies, request, now):
    with pytest.raises(Refused):
        actions.publish_version(policy_draft("genesys-cloud", STRICTER), by=request.getfixturevalue(who), now=now)


# --- moving ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("after", "breaches"), [(timedelta(minutes=95), 1), (5 * HOUR, 0), (timedelta(days=3), 0)])
def test_preview_of_a_move_equals_what_then_moves(after, breaches, cases, manager, now):
    version = actions.publish_version(policy_draft("genesys-cloud", STRICTER), by=manager, now=now)
    moment = now + after
    for case in Case.objects.all():
        actions.set_impact(case, by=manager, is_significant=True, now=moment) if not case.is_closed else None  # up to date
    before = rows()
    effects = list(effects_of_move(Case.objects.visible_to(manager), version, now=moment))
    assert rows() == before
    foreseen = {(effect.case.pk, change.kind): change for effect in effects for change in effect.differences}
    moved = move_all(version, by=manager, now=moment)
    after = rows()
    assert {key for key in before | after if before.get(key) != after.get(key)} == set(foreseen)
    for key, change in foreseen.items():
        assert after[key][:2] == (change.after.state, change.after.due_at)
        assert after[key][3] == change.after.breached_at
    assert [bool(activity) for activity in moved] == [True, True, True, False]
    assert sum(len(effect.breached) for effect in effects) == breaches
    assert any(effect.moved for effect in effects)


def test_preview_knows_countdowns_and_the_notice_that_was_given(cases, manager, now):
    case, days = cases["waiting"], {"mon": [["08:00", "17:00"]], "fri": [["08:00", "17:00"]]}
    version = actions.publish_version(calendar_draft("business-hours", windows=days), by=manager, now=now)
    for moment, is_noticed in ((now + 2 * HOUR, False), (now + timedelta(days=2), True)):
        if is_noticed:
            Clock.objects.filter(case=case, kind="CLOSING").update(noticed_at=now + timedelta(days=30))
        (effect,) = [effect for effect in effects_of_move(Case.objects.all(), version, now=moment) if effect.case == case]
        assert ("CLOSING" in {change.kind for change in effect.moved}) != is_noticed


def test_met_and_closed_results_are_never_rewritten(cases, manager, now):
    version = actions.publish_version(policy_draft("genesys-cloud", STRICTER), by=manager, now=now)
    kept = {name: cases[name].clocks.get(kind="FIRST_RESPONSE") for name in ("answered", "waiting", "closed")}
    move_all(version, by=manager, now=now + 2 * HOUR)
    for name, clock in kept.items():
        again = cases[name].clocks.get(kind="FIRST_RESPONSE")
        assert (
            (again.state, again.due_at, again.breached_at)
            == (clock.state, clock.due_at, clock.breached_at)
            == ("MET", now + 2 * HOUR, None)
        )
    assert fresh(cases["closed"]).policy_version.number == 1


def test_move_is_told_in_the_timeline_and_not_repeated(cases, manager, now):
    version = actions.publish_version(policy_draft("genesys-cloud", STRICTER), by=manager, now=now)
    (first,) = filter(None, [actions.move_case(cases["running"], by=manager, version=version, now=now)])
    assert (first.kind, first.actor, first.data["from"]["policy_number"], first.data["to"]["policy_number"]) == (
        "VERSION",
        manager,
        1,
        2,
    )
    assert actions.move_case(cases["running"], by=manager, version=version, now=now) is None


def test_draft_moves_no_case(cases, manager, now):
    with pytest.raises(Refused):
        actions.move_case(cases["running"], by=manager, version=policy_draft("genesys-cloud", STRICTER), now=now)


def test_cases_of_other_policies_and_regions_stay(cases, us_only_contact, stranger, agent_of_all_regions, manager, now):
    foreign = volga_case(stranger, now=now)
    version = actions.publish_version(policy_draft("genesys-cloud", STRICTER), by=manager, now=now)
    assert actions.move_case(foreign, by=manager, version=version, now=now) is None
    with pytest.raises(Refused):
        actions.move_case(cases["running"], by=agent_of_all_regions, version=version, now=now)


def test_calendar_version_moves_business_time(cases, manager, now):
    holiday = {"*": [["2026-03-04", {"en": "Company day"}]]}
    version = actions.publish_version(calendar_draft("business-hours", holidays=holiday), by=manager, now=now)
    moved = actions.move_case(cases["running"], by=manager, version=version, now=now + HOUR)
    assert moved.data["to"]["calendar_number"] == 2
    assert cases["running"].clocks.get(kind="FIRST_RESPONSE").due_at == datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


# --- plans -------------------------------------------------------------------------------------------------------------
def test_plan_change_reckons_open_cases_again(stranger, manager, now):
    """360dialog: Premium 30 minutes, Regular 4 hours by chat."""
    waiting = volga_case(stranger, now=now, channel="CHAT")
    agreement = waiting.agreement
    changed = actions.change_plan(agreement, by=manager, plan="regular", now=now + timedelta(minutes=10))
    case = fresh(waiting)
    assert (case.plan, case.agreement) == ("regular", changed)
    assert case.clocks.get(kind="FIRST_RESPONSE").due_at == now + 4 * HOUR
    assert case.activities.latest("pk").data == {"from": "premium", "to": "regular", "agreement": changed.pk}
    assert volga_case(stranger, now=now + HOUR).plan == "regular"


def test_plan_change_erases_no_breach_and_rewrites_no_met_clock(stranger, agent_of_all_regions, manager, now):
    late, met = (volga_case(stranger, now=now, channel="CHAT") for _one in range(2))
    actions.assign(met, by=agent_of_all_regions, owner=agent_of_all_regions, now=now)
    actions.reply(met, by=agent_of_all_regions, text="Hello", now=now + timedelta(minutes=29))
    actions.change_plan(late.agreement, by=manager, plan="basic", now=now + HOUR)
    clock = late.clocks.get(kind="FIRST_RESPONSE")
    assert (clock.breached_at, clock.due_at) == (now + timedelta(minutes=30), now + 24 * HOUR)
    clock = met.clocks.get(kind="FIRST_RESPONSE")
    assert (clock.state, clock.due_at) == ("MET", now + timedelta(minutes=30))


@pytest.mark.parametrize("plan", ["premium", "platinum"])
def test_plan_must_be_another_one_that_the_policy_knows(plan, stranger, manager, now):
    with pytest.raises(Refused):
        actions.change_plan(volga_case(stranger, now=now).agreement, by=manager, plan=plan, now=now)


def test_two_plan_changes_on_one_day(stranger, manager, now):
    case = volga_case(stranger, now=now)
    first = actions.change_plan(case.agreement, by=manager, plan="regular", now=now)
    actions.change_plan(first, by=manager, plan="basic", now=now + HOUR)
    assert volga_case(stranger, now=now + 2 * HOUR).plan == fresh(case).plan == "basic"
    assert volga_case(stranger, now=now + timedelta(days=2)).plan == "basic"
    with pytest.raises(Refused):
        actions.change_plan(case.agreement, by=manager, plan="regular", now=now + timedelta(days=2))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_change_a_plan_at_once_make_one_new_agreement(stranger, manager, now):
    case = volga_case(stranger, now=now)
    agreement = case.agreement

    def change(plan):
        try:
            return actions.change_plan(agreement, by=manager, plan=plan, now=now).plan
        except Refused:
            return None
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(4) as pool:
        made = [plan for plan in pool.map(change, ["regular", "basic", "regular", "basic"]) if plan]
    assert len(made) == 1
    assert Agreement.objects.filter(organization=agreement.organization).count() == 2
    assert fresh(case).plan == made[0]


# --- scope, expectation, review ----------------------------------------------------------------------------------------
def test_third_party_issue_needs_a_reason_that_the_customer_reads(stranger, manager, now):
    case = volga_case(stranger, now=now)
    with pytest.raises(Refused):
        actions.set_scope(case, by=manager, scope="THIRD_PARTY", now=now)
    marked = actions.set_scope(case, by=manager, scope="THIRD_PARTY", reason="Meta refuses the template.", now=now)
    assert (marked.text_row.text, marked.visibility) == ("Meta refuses the template.", "CUSTOMER")
    assert case.clocks.get(kind="RESOLUTION").state == "NO_TARGET"


def test_changed_expectation_is_told_at_once(cases, agent, contact, now):
    OutboxMessage.objects.all().delete()
    case = cases["answered"]
    before = rows()
    for days in (2, 3):
        actions.change_expectation(
            case, by=agent, expected_at=now + timedelta(days=days), reason="A part is missing.", now=now + days * HOUR
        )
    told = case.activities.filter(kind="EXPECTATION").order_by("pk").last()
    assert told.data == {"expected_at": (now + timedelta(days=3)).isoformat(), "from": (now + timedelta(days=2)).isoformat()}
    assert [(mail.template, mail.address) for mail in OutboxMessage.objects.all()] == [("expectation", contact.email)] * 2
    assert rows() == before


@pytest.mark.parametrize(("hours", "reason"), [(-1, "Late."), (1, " ")])
def test_expectation_lies_ahead_and_has_a_reason(hours, reason, cases, agent, now):
    with pytest.raises(Refused):
        actions.change_expectation(cases["answered"], by=agent, expected_at=now + hours * HOUR, reason=reason, now=now)


def test_case_over_48_hours_is_reviewed_once_by_care_managers(stranger, agent_of_all_regions, manager, now):
    case, later = volga_case(stranger, now=now), now + 48 * HOUR
    review = {"teams": "Technical team, Meta", "outcome": "Meta answers now.", "now": later + timedelta(seconds=1)}
    with pytest.raises(Refused):
        actions.review_case(case, by=manager, **review | {"now": later})
    with pytest.raises(Refused):
        actions.review_case(case, by=agent_of_all_regions, **review)
    written = actions.review_case(case, by=manager, **review)
    assert (written.kind, written.visibility, written.data) == ("REVIEW", "INTERNAL", {"clocks": ["RESOLUTION"]})
    assert written.text_row.text == "Technical team, Meta\n\nMeta answers now."
    with pytest.raises(Refused):
        actions.review_case(case, by=manager, **review)
    assert Activity.objects.filter(kind="REVIEW").count() == 1

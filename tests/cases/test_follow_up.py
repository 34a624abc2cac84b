"""Follow-up cases: by people after the reopening window, and by the portal to wait for an RCA (SPEC 4, 8)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases import actions
from cases.decision import Refused
from cases.models import Activity, Case, Draft, OutboxMessage
from cases.outbox import send_due
from escalations.sweep import sweep
from sla.models import Clock
from tests.factories import MembershipFactory, UserFactory
from tests.stories import customer_under, fresh, intake, open_case, open_critical

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CAUSE = "A disk of the routing server failed."


@pytest.fixture
def late(now):
    """After the window in which a case closed an hour after `now` can be reopened."""
    return now + HOUR + 15 * DAY


@pytest.fixture
def closed(contact, agent, now):
    case = open_case(contact, now=now, business_impact="Forty people wait.", short_name="acme")
    return closed_by(agent, case, now + HOUR)


def closed_by(agent, case, now):
    actions.close_case(fresh(case), by=agent, summary="Restarted.", now=now)
    return fresh(case)


def linked(case):
    found = case.activities.filter(kind=Activity.Kind.FOLLOW_UP).order_by("pk")
    return [(activity.data["number"], activity.data["original"]) for activity in found]


# --- by people ---------------------------------------------------------------------------------------------------------
def test_contact_begins_a_follow_up_with_the_answers_of_the_original(closed, colleague, late):
    draft = actions.draft_follow_up(closed, by=colleague, now=late)
    assert (draft.user, draft.kind, draft.organization) == (colleague, Draft.Kind.CASE, closed.organization)
    assert draft.data["follows"] == closed.number
    assert draft.data["business_impact"] == "Forty people wait."
    assert draft.data["description"] == "Since this morning every second call drops."
    assert "happened_at" not in draft.data


def test_what_was_removed_from_the_original_is_not_copied(closed, contact, manager, late):
    actions.redact(closed.activities.get(kind="OPENED"), by=manager, reason="A name.", now=late)
    data = actions.draft_follow_up(fresh(closed), by=contact, now=late).data
    assert (data["subject"], data["description"], data["business_impact"]) == ("", "", "")


def test_follow_up_links_both_cases_and_tells_both_sides(closed, contact, colleague, late):
    actions.reply(closed, by=colleague, text="It is back.", now=closed.closed_at + HOUR)  # she takes part now
    actions.close_case(fresh(closed), by=contact, now=closed.closed_at + HOUR)
    new = actions.open_follow_up(fresh(closed), by=contact, intake=intake(), now=late + DAY)
    assert (new.follows, new.closes_with_rca) == (closed, False)
    assert (linked(closed), linked(new)) == ([(new.number, True)], [(closed.number, False)])
    mails = OutboxMessage.objects.filter(case=new).order_by("recipient__email")
    assert [(mail.recipient, mail.template) for mail in mails] == [(contact, "opened"), (colleague, "follow_up")]


@pytest.mark.parametrize(
    ("who", "days", "reason"),
    [
        ("contact", 14, "This case can still be reopened. Reopen it to add a reply."),
        ("reader", 15, "Only designated contacts can do this."),
        ("stranger", 15, "Only designated contacts can do this."),
        ("agent_not_cleared", 0, "Your role in the care team does not include this."),
    ],
)
def test_follow_up_is_refused_with_its_reason(closed, who, days, reason, request):
    with pytest.raises(Refused) as refusal:
        actions.draft_follow_up(closed, by=request.getfixturevalue(who), now=closed.closed_at + days * DAY)
    assert refusal.value.reason == reason


def test_window_ends_exactly(closed, contact):
    until = closed.closed_at + 14 * DAY
    with pytest.raises(Refused):
        actions.draft_follow_up(closed, by=contact, now=until)
    assert actions.draft_follow_up(closed, by=contact, now=until + timedelta(microseconds=1))


def test_open_case_and_second_follow_up_are_refused(closed, contact, now, late):
    with pytest.raises(Refused, match="This case is open."):
        actions.draft_follow_up(open_case(contact, now=now), by=contact, now=late)
    first = actions.open_follow_up(closed, by=contact, intake=intake(), now=late)
    with pytest.raises(Refused, match=first.number):
        actions.open_follow_up(fresh(closed), by=contact, intake=intake(), now=late)
    actions.close_case(first, by=contact, now=late + HOUR)
    assert actions.open_follow_up(fresh(closed), by=contact, intake=intake(), now=late + 2 * HOUR)


def test_care_team_opens_one_at_once_for_who_opened_the_original(closed, agent, contact):
    new = actions.open_follow_up(closed, by=agent, intake=intake(), now=closed.closed_at + HOUR)
    assert (new.opened_by, new.follows) == (contact, closed)


def test_care_team_opens_one_for_the_primary_contact_where_the_opener_has_left(contact, agent, now):
    gone = UserFactory(email="gone@acme.example")
    membership = MembershipFactory(user=gone, organization=contact.memberships.get().organization, role="BACKUP")
    case = closed_by(agent, open_case(gone, now=now), now + HOUR)
    membership.is_active = False
    membership.save()
    assert actions.open_follow_up(case, by=agent, intake=intake(), now=now + 2 * HOUR).opened_by == contact


# --- by the portal, to wait for an RCA ---------------------------------------------------------------------------------
@pytest.fixture
def kenji(policies):
    """Of Sakura, under `purecloud`, writes in Japanese."""
    return customer_under(policies["purecloud"], language="ja", country="JP", time_zone="Asia/Tokyo")


@pytest.fixture
def critical(kenji, agent, now):
    return open_critical(kenji, agent=agent, now=now, language="ja", subject="着信できません")


def proposed(case, agent, now, **more):
    actions.propose_resolution(case, by=agent, summary="Switched over.", preliminary=CAUSE, now=now, **more)
    return Case.objects.filter(follows=case)


def test_proposing_the_resolution_of_severity_1_opens_the_case_that_waits_for_the_rca(critical, agent, kenji, now):
    new = proposed(critical, agent, now + HOUR).get()
    assert (new.severity_rank, new.priority_code, new.scope, new.closes_with_rca) == (3, "medium", "PLATFORM", True)
    assert (new.opened_by, new.owner, new.language) == (kenji, agent, "ja")
    assert (new.policy_version, new.calendar_version) == (critical.policy_version, critical.calendar_version)
    assert new.subject == f"ケース{critical.number}の根本原因分析（RCA）"  # in the customer's language, without their words
    assert (linked(critical), linked(new)) == ([(new.number, True)], [(critical.number, False)])
    assert not Clock.objects.filter(case=new).exists()
    mails = OutboxMessage.objects.filter(created_at=now + HOUR).order_by("case", "recipient__email")
    assert [(mail.case, mail.recipient, mail.template) for mail in mails] == [
        (critical, kenji, "proposed"),
        (new, agent, "assigned"),
        (new, kenji, "follow_up"),
    ]


def test_case_that_waits_is_opened_once_however_the_case_ends(critical, agent, kenji, now):
    proposed(critical, agent, now + HOUR)
    actions.reject_resolution(critical, by=kenji, reason="No.", now=now + 2 * HOUR)
    actions.propose_resolution(fresh(critical), by=agent, summary="Again.", now=now + 3 * HOUR)
    actions.accept_resolution(fresh(critical), by=kenji, now=now + 4 * HOUR)
    new = Case.objects.get(follows=critical)
    with pytest.raises(IntegrityError), transaction.atomic():
        new.pk = None
        new.save(force_insert=True)


@pytest.mark.parametrize("who", ["kenji", "agent"])
def test_closing_opens_it_too(critical, agent, kenji, now, who, request):
    by = request.getfixturevalue(who)
    words = {"summary": "Switched over.", "preliminary": CAUSE} if by.is_staff else {}
    actions.close_case(critical, by=by, now=now + HOUR, **words)
    assert Case.objects.get(follows=critical).closes_with_rca


def test_closing_by_silence_opens_it_too(critical, agent, now):
    actions.set_scope(critical, by=agent, scope="UNKNOWN", now=now)
    assert not proposed(fresh(critical), agent, now + HOUR).exists()
    actions.set_scope(fresh(critical), by=agent, scope="PLATFORM", now=now + 2 * HOUR)
    for days in (4, 6):  # notice, then the closing
        sweep(now=now + days * DAY)
    assert fresh(critical).is_closed
    assert Case.objects.get(follows=critical).closes_with_rca


@pytest.mark.parametrize(
    ("policy", "scope", "severity"),
    [
        ("purecloud", "ISOLATED", 1),
        ("purecloud", "UNKNOWN", 1),
        ("purecloud", "PLATFORM", 2),
        ("genesys-cloud", "PLATFORM", 1),
        ("genesys-cloud-cx", "PLATFORM", 1),
    ],
)
def test_no_case_waits_where_the_policy_wants_none(policies, agent, now, policy, scope, severity):
    case = open_critical(customer_under(policies[policy]), agent=agent, now=now, scope=scope)
    if severity != 1:
        actions.change_severity(case, by=agent, rank=severity, reason="A workaround.", now=now)
    actions.propose_resolution(fresh(case), by=agent, summary="Done.", preliminary=CAUSE, now=now + HOUR)
    assert not Case.objects.filter(follows=case).exists()


def test_no_case_waits_for_an_rca_that_was_delivered(critical, agent, now):
    actions.deliver_rca(critical, data={"document": "RCA-1001", "kind": "RCA", "version": 1}, by=agent, now=now)
    assert not proposed(fresh(critical), agent, now + HOUR).exists()


@pytest.mark.parametrize("language", ["en", "ja"], indirect=True)
def test_case_that_waits_is_neither_resolved_nor_closed_by_anybody(critical, agent, kenji, now, language):
    new = proposed(critical, agent, now + HOUR).get()
    reason = {
        "en": "This case stays open until the RCA is delivered.",
        "ja": "このケースは、RCAをお届けするまでオープンのままです。",
    }
    for attempt in (
        lambda: actions.propose_resolution(new, by=agent, summary="Done.", now=now),
        lambda: actions.close_case(new, by=agent, summary="Done.", now=now),
        lambda: actions.close_case(new, by=kenji, now=now),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.reason == reason[language]


def test_case_waits_no_longer_where_no_rca_is_owed_any_more(critical, agent, kenji, now):
    new = proposed(critical, agent, now + HOUR).get()
    actions.set_scope(fresh(critical), by=agent, scope="ISOLATED", now=now + 2 * HOUR)
    actions.close_case(fresh(new), by=kenji, now=now + 3 * HOUR)
    assert fresh(new).is_closed


def test_silence_does_not_close_the_case_that_waits_and_counts_from_the_delivery(critical, agent, kenji, now):
    new = proposed(critical, agent, now + HOUR).get()
    actions.reply(new, by=agent, text="Which sites?", then="AWAITING_CUSTOMER", now=now + 2 * HOUR)
    sweep(now=now + 20 * DAY)
    assert not Clock.objects.filter(case=new).exists()

    actions.deliver_rca(fresh(critical), data={"document": "RCA-1001", "kind": "RCA", "version": 1}, by=agent, now=now + 20 * DAY)
    countdown = Clock.objects.get(case=new, kind="CLOSING")
    assert (fresh(new).closes_with_rca, countdown.started_at) == (False, now + 20 * DAY)
    actions.close_case(fresh(new), by=kenji, now=now + 21 * DAY)
    assert fresh(new).is_closed


def test_preliminary_rca_does_not_lift_it(critical, agent, now):
    new = proposed(critical, agent, now + HOUR).get()
    actions.deliver_rca(critical, data={"document": "", "kind": "PRELIMINARY", "version": 1}, by=agent, now=now + 2 * HOUR)
    assert fresh(new).closes_with_rca


def test_mail_of_the_follow_up_is_in_the_readers_language(critical, agent, kenji, now, mailoutbox):
    new = proposed(critical, agent, now + HOUR).get()
    send_due(now=now + HOUR)
    mail = next(mail for mail in mailoutbox if new.number in mail.subject and mail.to == [kenji.email])
    assert "根本原因分析（RCA）をお届けするまで" in mail.body
    assert critical.number in mail.body

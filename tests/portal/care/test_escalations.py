"""S6: the board of escalations with clocks of its own, one escalation with what can be decided, the CSV, what needs attention (SPEC 6, 11)."""

import csv
import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import SupportRegion, User
from escalations import automatic
from escalations.actions import escalation_requests as escalating
from escalations.models import Escalation
from escalations.sweep import sweep
from portal.care.attention import attention
from tests.escalations.scenes import HOUR, WORDS, again, escalated, quiet_case
from tests.portal.care.visits import minute, sent
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
BOARD = "admin:care_escalations"
State = Escalation.State


@pytest.fixture
def lately():
    """Pages ask the real clock."""
    return timezone.now() - timedelta(minutes=10)


@pytest.fixture
def case(contact, agent, manager, lately):
    return quiet_case(contact, agent, now=lately, subject="Calls drop")


@pytest.fixture
def escalation(case, contact, lately):
    return escalated(case, by=contact, now=lately)


@pytest.fixture
def desk(signed_in, manager):
    """The manager's browser."""
    return signed_in(manager)


def url(escalation, name="care_escalation"):
    return reverse(f"admin:{name}", args=[escalation.case.number, escalation.pk])


def board(client, **query):
    answer = client.get(reverse(BOARD), query)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(client, escalation, name, **fields):
    return client.post(url(escalation, name), {"key": str(uuid.uuid4()), **sent(escalation.case, **fields)})


# --- the board ---------------------------------------------------------------------------------------------------------
def test_board_puts_what_waits_longest_for_a_decision_on_top(contact, agent, manager, desk, lately):
    subjects = ["Taken up", "Waits longest", "Waits"]
    cases = [quiet_case(contact, agent, now=lately - HOUR, subject=subject) for subject in subjects]
    first, second, third = (
        escalated(one, by=contact, now=lately - 40 * timedelta(minutes=1) + timedelta(minutes=place))
        for place, one in enumerate(cases)
    )
    escalating.take_up_escalation(again(first), by=manager, owner=agent, promised_at=lately + HOUR, now=lately)
    page = board(desk)
    assert page.index("Waits longest") < page.index(">Waits<") < page.index("Taken up")
    assert "3 escalations" in page and "Waiting for a decision" in page
    assert (second.state, third.state) == (State.REQUESTED, State.REQUESTED)


def test_promised_update_is_overdue_until_the_customer_hears_something(escalation, agent, manager, desk, lately):
    promised_at = lately + timedelta(minutes=1)
    escalating.take_up_escalation(again(escalation), by=manager, owner=agent, promised_at=promised_at, now=lately)
    assert 'data-k="danger"><svg' in board(desk) and "Update overdue" in board(desk, due="overdue").partition("<tbody")[2]
    actions.add_internal_note(
        fresh(escalation.case), by=agent, text="Nothing for the customer", now=lately + timedelta(minutes=2)
    )
    assert "Calls drop" in board(desk, due="overdue")
    actions.reply(fresh(escalation.case), by=agent, text="Here is your update.", now=lately + timedelta(minutes=3))
    assert "Calls drop" not in board(desk, due="overdue")
    assert "Update overdue" not in board(desk).partition("<tbody")[2]


def test_board_shows_active_ones_until_more_is_asked_for(escalation, manager, desk, lately):
    escalating.decline_escalation(again(escalation), by=manager, reason="No", now=lately)
    assert "No escalation is active." in board(desk)
    assert "Calls drop" in board(desk, state="all") and "Calls drop" in board(desk, state="DECLINED")
    assert "No escalation matches the filters." in board(desk, state="RESOLVED")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"customer": "acme"}, True),
        ({"customer": "volga"}, False),
        ({"kind": "RCA"}, False),
        ({"origin": "automatic"}, False),
        ({"origin": "customer"}, True),
        ({"due": "undecided"}, True),
        ({"due": "overdue"}, False),
        ({"q": "CS-9999999"}, False),
        ({"q": "nonsense"}, False),
        ({"state": "nonsense", "page": "-3"}, True),
    ],
)
def test_board_is_narrowed_by_its_filters(escalation, desk, query, is_found):
    assert ("Calls drop" in board(desk, **query)) is is_found


def test_board_is_found_by_case_number(escalation, desk):
    assert "Calls drop" in board(desk, q=escalation.case.number)


def test_board_shows_only_regions_one_is_cleared_for(escalation, agent, agent_not_cleared, signed_in):
    assert "Calls drop" in board(signed_in(agent))
    assert "Calls drop" not in board(signed_in(agent_not_cleared))
    assert signed_in(agent_not_cleared).get(url(escalation)).status_code == 404


def test_board_asks_a_constant_number_of_questions(contact, agent, manager, desk, lately):
    counts = []
    for _count in range(3):
        escalated(quiet_case(contact, agent, now=lately), by=contact, now=lately)
        board(desk)
        with CaptureQueriesContext(connection) as queries:
            board(desk)
        counts.append(len(queries))
    assert counts[0] == counts[2] and counts[0] <= 8, counts


def test_breach_that_escalates_by_itself_is_on_the_board(stranger, agent, manager, desk):
    case = open_case(stranger, now=timezone.now() - HOUR, priority_code="major", subject="Late answer")
    sweep(now=timezone.now())
    automatic.follow(now=timezone.now())
    page = board(desk, origin="automatic")
    assert "Late answer" in page and "automatically" in page
    assert "First response" in desk.get(url(case.escalations.get())).content.decode()


# --- one escalation ----------------------------------------------------------------------------------------------------
def test_escalation_is_decided_led_and_resolved_on_pages_of_its_own(escalation, agent, desk, lately):
    page = desk.get(url(escalation)).content.decode()
    assert "Forty agents cannot work." in page and "Accept the escalation" in page
    assert desk.get(url(escalation, "care_escalation_accept")).status_code == 200
    assert posted(desk, escalation, "care_escalation_accept").status_code == 303
    assert posted(desk, escalation, "care_escalation_take_up", owner=agent.pk, promised_at="").status_code == 422
    promised_at = minute(timezone.now() + 2 * HOUR, desk.get(url(escalation)).wsgi_request.user.time_zone)
    assert posted(desk, escalation, "care_escalation_take_up", owner=agent.pk, promised_at=promised_at).status_code == 303
    assert again(escalation).owner == agent
    assert posted(desk, escalation, "care_escalation_resolve", result="").status_code == 422
    assert posted(desk, escalation, "care_escalation_resolve", result="Trunk replaced.").status_code == 303
    page = desk.get(url(escalation)).content.decode()
    assert "Trunk replaced." in page and "Resolve the escalation" not in page


def test_declining_asks_for_a_reason(escalation, desk):
    assert posted(desk, escalation, "care_escalation_decline", reason="").status_code == 422
    assert posted(desk, escalation, "care_escalation_decline", reason="We answer soon.").status_code == 303
    assert again(escalation).state == State.DECLINED


def test_second_decision_answers_with_the_reason_and_the_text(escalation, manager, desk, lately):
    fields = sent(escalation.case, reason="Mine")
    escalating.accept_escalation(again(escalation), by=manager, now=lately)
    answer = desk.post(url(escalation, "care_escalation_decline"), fields)
    assert answer.status_code == 409 and "Mine" in answer.content.decode()
    assert again(escalation).state == State.ACCEPTED


def test_analyst_sees_and_does_not_decide(escalation, agent, signed_in):
    client = signed_in(agent)
    page = client.get(url(escalation)).content.decode()
    assert "Forty agents cannot work." in page and "Accept the escalation" not in page
    for name in ("accept", "decline", "take_up", "resolve", "redact"):
        assert client.get(url(escalation, f"care_escalation_{name}")).status_code == 403


def test_text_is_removed_on_a_page_of_its_own(escalation, desk):
    assert posted(desk, escalation, "care_escalation_redact", reason="Names").status_code == 303
    page = desk.get(url(escalation)).content.decode()
    assert "The text was removed." in page and "Forty agents" not in page


def test_escalation_of_another_case_is_not_found(escalation, contact, desk, lately):
    other = open_case(contact, now=lately)
    address = reverse("admin:care_escalation", args=[other.number, escalation.pk])
    assert desk.get(address).status_code == 404
    assert desk.get(reverse("admin:care_escalation", args=["nonsense", escalation.pk])).status_code == 404


def test_workspace_shows_the_escalation_and_leads_to_the_decision(escalation, desk):
    page = desk.get(reverse("admin:care_case", args=[escalation.case.number])).content.decode()
    assert "Escalated: In the case" in page and "Decide on the escalation" in page and url(escalation) in page


# --- CSV ---------------------------------------------------------------------------------------------------------------
def rows_of(client, **query):
    answer = client.get(reverse("admin:care_escalations_csv"), query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_csv_has_every_escalation_of_the_filter_and_no_words(escalation, organization, manager, desk):
    organization.name = "=Acme()"
    organization.save()
    (row,) = rows_of(desk)
    assert row["number"] == escalation.case.number and row["organization"] == "'=Acme()"
    assert (row["level"], row["state"], row["is_automatic"], row["is_satisfied"]) == ("CASE", "REQUESTED", "no", "")
    assert row["requested_at"].startswith(f"{escalation.requested_at:%Y-%m-%d}")
    assert "Forty agents" not in str(row)
    assert rows_of(desk, state="RESOLVED") == []
    assert LogEntry.objects.filter(user=manager, change_message__contains="state=RESOLVED").exists()


def test_csv_needs_the_right_to_export(escalation, agent, signed_in):
    client = signed_in(agent)
    assert client.get(reverse("admin:care_escalations_csv")).status_code == 403
    assert "escalations.csv" not in board(client)


# --- what needs attention ----------------------------------------------------------------------------------------------
def words_of(user):
    return [concern.words for concern in attention(user, now=timezone.now())]


def test_home_counts_what_waits_and_what_is_late(escalation, agent, manager, lately):
    assert "1 escalation waits for a decision." in words_of(manager)
    promised_at = lately + timedelta(minutes=1)
    escalating.take_up_escalation(again(escalation), by=manager, owner=agent, promised_at=promised_at, now=lately)
    assert "1 escalation has an overdue update." in words_of(manager)
    assert "1 escalation waits for a decision." not in words_of(manager)


def test_queue_leads_to_what_waits_for_a_decision(escalation, agent, onlooker, manager, signed_in, lately):
    queue, link = reverse("admin:care_queue"), f"{reverse(BOARD)}?due=undecided"
    assert link in signed_in(agent).get(queue).content.decode()
    assert link not in signed_in(onlooker).get(queue).content.decode()
    escalating.accept_escalation(again(escalation), by=manager, now=lately)
    assert link not in signed_in(agent).get(queue).content.decode()


def test_region_in_which_nobody_can_decide_is_an_error_and_nothing_is_approved(case, contact, manager, desk, lately):
    assert not any("Nobody can decide" in words for words in words_of(manager))
    administrator = User.objects.create_user(
        "looks@care.example", is_staff=True, support_regions=[SupportRegion.GLOBAL], name="Lou"
    )
    administrator.user_permissions.set(manager.groups.get().permissions.exclude(codename="decide_escalation"))
    manager.is_active = False
    manager.save()
    escalation = escalated(case, by=contact, now=lately)
    (error,) = (words for words in words_of(administrator) if "Nobody can decide" in words)
    assert "“Global”" in error
    assert again(escalation).state == State.REQUESTED


def test_board_shows_the_same_error(escalation, onlooker, manager, signed_in):
    onlooker.user_permissions.set(manager.groups.get().permissions.exclude(codename="decide_escalation"))
    manager.groups.clear()
    assert "Nobody can decide escalations of the support region “Global”" in board(signed_in(onlooker))


def test_customers_and_colleagues_without_the_right_have_no_board(contact, onlooker, groupless, signed_in):
    assert signed_in(contact).get(reverse(BOARD)).status_code == 404
    for user in (onlooker, groupless):
        assert signed_in(user).get(reverse(BOARD)).status_code == 403
        assert reverse(BOARD) not in signed_in(user).get(reverse("admin:index")).content.decode()


def test_words_of_the_request_are_for_those_who_may_see_escalations(escalation, onlooker, agent, signed_in):
    url = reverse("admin:care_escalation", args=[escalation.case.number, escalation.pk])
    assert (signed_in(onlooker).get(url).status_code, signed_in(agent).get(url).status_code) == (403, 200)


def test_words_of_the_request_are_for_those_who_are_cleared(case, contact, agent_not_cleared, signed_in, lately):
    one = escalating.request_escalation(case, by=contact, request=WORDS, now=lately)
    assert "Forty agents" not in signed_in(agent_not_cleared).get(url(one)).content.decode()

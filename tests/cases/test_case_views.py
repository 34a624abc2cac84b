"""The customer's case page: what it shows, to whom, and what can be done there (UX C7, C9)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Activity, Case, ConversationReference, Draft
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CANARY = "they-owe-us-money"
ACTIONS = ("reply", "accept", "reject", "close", "reopen", "keep_open")


@pytest.fixture
def now():
    """The views ask the clock, so these stories end a moment ago."""
    return timezone.now() - 60 * MINUTE


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


@pytest.fixture
def owned(case, agent, now):
    actions.assign(case, by=agent, owner=agent, now=now)
    return case


@pytest.fixture
def proposed(owned, agent, now):
    actions.propose_resolution(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    return owned


@pytest.fixture
def closed(proposed, contact, now):
    actions.accept_resolution(proposed, by=contact, now=now + 2 * MINUTE)
    return proposed


def url(name, case, query=""):
    return reverse(name, args=[case.number]) + query


def page_of(client, case, query=""):
    response = client.get(url("case", case, query))
    assert response.status_code == 200
    return response.content.decode()


def send(client, name, case, *, seen=None, **fields):
    """Post a form of the page as it was shown now, or when `seen` was the latest activity."""
    latest = case.activities.filter(visibility="CUSTOMER").order_by("pk").last().pk if seen is None else seen
    fields = {"key": str(uuid.uuid4()), "seen": str(latest), "version": str(fresh(case).version), **fields}
    return client.post(url(f"case_{name}", case), fields)


def kinds(case):
    return list(case.activities.order_by("pk").values_list("kind", flat=True))


# --- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_case_to_its_contacts_and_readers(case, contact, colleague, reader, signed_in):
    for user in (contact, colleague, reader):
        page = page_of(signed_in(user), case)
        assert case.subject in page
        assert "Since this morning every second call drops." in page


@pytest.mark.parametrize("name", ["case", "case_updates", "case_clocks"])
@pytest.mark.parametrize("who", ["stranger", "agent_not_cleared", "us_only_contact"])
def test_the_page_is_missing_for_others(case, who, name, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(url(name, case)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("who", ["stranger", "agent_not_cleared"])
def test_actions_are_missing_for_others(proposed, who, name, signed_in, request):
    response = send(signed_in(request.getfixturevalue(who)), name, proposed, text="Hello", reason="Hello")
    assert response.status_code == 404


def test_a_read_only_colleague_sees_no_form_but_why(proposed, reader, signed_in):
    page = page_of(signed_in(reader), proposed)
    assert 'action="/cases/' not in page
    assert "Only designated contacts can do this." in page


@pytest.mark.parametrize("name", ACTIONS)
def test_a_read_only_colleague_changes_nothing(proposed, reader, signed_in, name):
    before = kinds(proposed)
    response = send(signed_in(reader), name, proposed, text="Hello", reason="Hello")
    assert response.status_code == 403
    assert kinds(proposed) == before


def test_nothing_changes_on_get(proposed, contact, signed_in):
    for name in ACTIONS:
        assert signed_in(contact).get(url(f"case_{name}", proposed)).status_code == 405


def test_internal_notes_appear_nowhere_for_customers(owned, contact, agent, signed_in, now):
    actions.add_internal_note(owned, by=agent, text=CANARY, now=now)
    actions.log_call(owned, by=agent, text=CANARY, now=now, started_at=now, with_customer=False)
    client = signed_in(contact)
    pages = [page_of(client, owned, query) for query in ("", "?show=messages", "?show=changes", "?before=999999", "?seen=0")]
    pages += [client.get(url(name, owned)).content.decode() for name in ("case_clocks", "case_updates")]
    pages += [client.get(reverse("case_list")).content.decode(), client.get("/").content.decode()]
    pages.append(b"".join(client.get(reverse("case_export"))).decode())
    assert Activity.objects.filter(text_row__text=CANARY).count() == 2  # there is something to leak
    assert [page for page in pages if CANARY in page or "Internal note" in page] == []


def test_an_internal_note_is_no_update_for_the_customer(owned, contact, agent, signed_in, now):
    latest = owned.activities.order_by("pk").last().pk
    actions.add_internal_note(owned, by=agent, text=CANARY, now=now)
    assert signed_in(contact).get(url("case_updates", owned, f"?after={latest}")).status_code == 204


def test_a_removed_text_leaves_a_tombstone(owned, contact, agent, administrator, signed_in, now):
    reply = actions.reply(owned, by=agent, text="The password is swordfish", now=now)
    actions.redact(reply, by=administrator, reason="It was a secret", now=now)
    page = page_of(signed_in(contact), owned)
    assert "swordfish" not in page
    assert "It was a secret" in page
    assert "Ada Admin" in page


def test_a_message_carries_its_language(owned, contact, signed_in, now):
    contact.language = "ja"
    contact.save()
    actions.reply(owned, by=contact, text="まだ切断されます。", now=now)
    assert '<div class="prose" lang="ja"><p>まだ切断されます。</p>' in page_of(signed_in(contact), owned)


def test_what_people_write_is_shown_as_text(contact, signed_in, now):
    case = open_case(contact, now=now, subject="<script>a</script>", description="<img src=x onerror=alert(1)>")
    page = page_of(signed_in(contact), case)
    assert "<script>a" not in page
    assert "<img" not in page


def test_a_call_tells_when_it_was_and_when_it_was_logged(owned, contact, agent, signed_in, now):
    actions.log_call(owned, by=agent, text="Called back.", started_at=now + MINUTE, now=now + 9 * MINUTE)
    page = page_of(signed_in(contact), owned)
    assert "Phone call" in page
    assert "(logged " in page


def test_the_page_says_when_no_agreement_was_in_force(contact, organization, signed_in, now):
    organization.agreements.all().delete()
    case = open_case(contact, now=now)
    assert "the targets of the default policy count" in page_of(signed_in(contact), case)


def test_clocks_explain_themselves_to_customers(case, contact, signed_in):
    page = page_of(signed_in(contact), case)
    assert "First response" in page
    assert "How are these calculated?" in page
    assert "Restoration targets apply only to platform-level issues" in page  # no target, and why
    assert "of business hours, kept in the time zone Europe/Paris" in page


def test_the_page_of_the_care_team_is_elsewhere(case, agent, agent_not_cleared, signed_in):
    response = signed_in(agent).get(url("case", case))
    assert (response.status_code, response.url) == (302, reverse("admin:care_case", args=[case.number]))
    assert signed_in(agent_not_cleared).get(url("case", case)).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "ja", "ru"])
@pytest.mark.parametrize("state", ["case", "owned", "proposed", "closed"])
def test_the_page_renders_in_every_language_and_status(state, language, contact, signed_in, request):
    case = request.getfixturevalue(state)
    contact.language = language
    contact.save()
    assert f'<html lang="{language}"' in page_of(signed_in(contact), case)


# --- long timelines ----------------------------------------------------------------------------------------------------


def with_messages(case, people, count, now):
    for number in range(count):
        actions.reply(case, by=people[number % len(people)], text=f"Message {number}.", now=now + number * timedelta(seconds=10))


def test_a_long_timeline_shows_its_first_and_its_latest_entries(owned, contact, agent, signed_in, now):
    with_messages(owned, [contact, agent], 40, now)
    page = page_of(signed_in(contact), owned)
    assert "Since this morning" in page
    assert [f"Message {number}." in page for number in (29, 30, 39)] == [False, True, True]
    assert "Show 32 earlier updates" in page


def test_the_earlier_entries_are_a_page_further_back(owned, contact, agent, signed_in, now):
    with_messages(owned, [contact, agent], 80, now)
    client = signed_in(contact)
    first_shown = Activity.objects.get(text_row__text="Message 70.").pk
    page = page_of(client, owned, f"?before={first_shown}")
    assert [f"Message {number}." in page for number in (19, 20, 69, 70)] == [False, True, True, False]
    assert "Show 22 earlier updates" in page
    assert "Jump to latest" in page


@pytest.mark.parametrize(
    "query", ["?before=abc", "?before=-1", "?before=99999999999999999999999", "?show=x", "?seen=%00", "?before=٣"]
)
def test_odd_parameters_show_the_page(case, contact, signed_in, query):
    assert case.subject in page_of(signed_in(contact), case, query)


def test_messages_and_changes_can_be_shown_alone(owned, contact, agent, signed_in, now):
    actions.reply(owned, by=agent, text="Which browser?", now=now)
    client = signed_in(contact)
    messages, changes = page_of(client, owned, "?show=messages"), page_of(client, owned, "?show=changes")
    assert ("Which browser?" in messages, "Case owner: Anna Weber" in messages) == (True, False)
    assert ("Which browser?" in changes, "Case owner: Anna Weber" in changes) == (False, True)


# --- what refreshes ----------------------------------------------------------------------------------------------------


def test_updates_are_announced_once(owned, contact, agent, signed_in, now):
    client, latest = signed_in(contact, htmx=True), owned.activities.order_by("pk").last().pk
    assert client.get(url("case_updates", owned, f"?after={latest}")).status_code == 204
    new = actions.reply(owned, by=agent, text="Which browser?", now=now)
    response = client.get(url("case_updates", owned, f"?after={latest}"))
    assert "1 new update: show" in response.content.decode()
    assert "Which browser?" not in response.content.decode()  # nothing inserts itself
    assert client.get(url("case_updates", owned, f"?after={latest}&told={new.pk}")).status_code == 204


def test_ones_own_acts_are_no_updates(owned, contact, signed_in, now):
    latest = owned.activities.order_by("pk").last().pk
    actions.reply(owned, by=contact, text="More.", now=now)
    assert signed_in(contact).get(url("case_updates", owned, f"?after={latest}")).status_code == 204


def test_what_is_new_is_marked(owned, contact, agent, signed_in, now):
    latest = owned.activities.order_by("pk").last().pk
    new = actions.reply(owned, by=agent, text="Which browser?", now=now)
    page = page_of(signed_in(contact), owned, f"?seen={latest}")
    assert page.index("New since your last visit") < page.index(f'id="event-{new.pk}"')
    assert f'id="case-item-{new.pk}" tabindex="-1" data-focus' in page


# --- replying ----------------------------------------------------------------------------------------------------------


def test_a_reply_leads_to_what_was_written(owned, contact, signed_in):
    response = send(signed_in(contact), "reply", owned, text="It is Firefox.")
    note = owned.activities.get(kind="WORK_NOTE")
    assert (response.status_code, response.url) == (303, f"{url('case', owned)}#event-{note.pk}")
    assert note.text_row.text == "It is Firefox."


def test_a_reply_by_htmx_answers_with_the_page_and_the_focus_on_what_was_written(owned, contact, signed_in):
    response = send(signed_in(contact, htmx=True), "reply", owned, text="It is Firefox.")
    note = owned.activities.get(kind="WORK_NOTE")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert f'id="case-item-{note.pk}" tabindex="-1" data-focus' in page
    assert page.count("It is Firefox.") == 1  # the form is empty again


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u2060"])
def test_an_empty_reply_is_told_beside_the_field(owned, contact, signed_in, htmx, text):
    response = send(signed_in(contact, htmx=htmx), "reply", owned, text=text)
    assert response.status_code == 422
    assert "This field is required." in response.content.decode()
    assert "WORK_NOTE" not in kinds(owned)


def test_a_reply_that_is_too_long_is_given_back_whole(owned, contact, signed_in):
    text = "long " * 5000 + "END"
    response = send(signed_in(contact), "reply", owned, text=text)
    assert response.status_code == 422
    assert text in response.content.decode()


def test_a_hostile_reply_is_stored_clean(owned, contact, signed_in):
    send(signed_in(contact), "reply", owned, text="Nul \x00, \u202eevil\u202c and\r\nline")
    assert owned.activities.get(kind="WORK_NOTE").text_row.text == "Nul , evil and\nline"


def test_a_secret_in_a_reply_is_masked_and_the_customer_told(owned, contact, signed_in):
    client = signed_in(contact)
    response = client.get(send(client, "reply", owned, text="password: hunter2secret").url)
    assert "hunter2secret" not in owned.activities.get(kind="WORK_NOTE").text_row.text
    assert "We found what looks like a password or an API key" in response.content.decode()


def test_a_double_click_writes_one_reply(owned, contact, signed_in):
    client, key = signed_in(contact), str(uuid.uuid4())
    first, second = (send(client, "reply", owned, text="It is Firefox.", key=key) for _click in range(2))
    assert first.url == second.url
    assert kinds(owned).count("WORK_NOTE") == 1


def test_a_reply_is_not_held_up_by_what_others_wrote_meanwhile(owned, contact, agent, signed_in, now):
    seen = owned.activities.order_by("pk").last().pk
    actions.reply(owned, by=agent, text="Which browser?", now=now)
    assert send(signed_in(contact), "reply", owned, text="By the way …", seen=seen).status_code == 303


def test_a_reply_to_a_case_closed_meanwhile_keeps_the_text_and_sends_it_when_asked_again(owned, contact, agent, signed_in, now):
    client, seen = signed_in(contact), owned.activities.order_by("pk").last().pk
    actions.close_case(owned, by=agent, summary="Restarted the edge.", now=now)
    response = send(client, "reply", owned, text="One more thing.", seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "The case has changed since you opened this page." in page
    assert ">\nOne more thing.</textarea>" in page
    assert "Send and reopen the case" in page
    assert send(client, "reply", owned, text="One more thing.").status_code == 303
    assert fresh(owned).status == "IN_PROGRESS"


def test_a_reply_long_after_the_closing_is_refused_and_given_back(closed, contact, signed_in, now):
    Case.objects.filter(pk=closed.pk).update(closed_at=now - timedelta(days=20))
    response = send(signed_in(contact), "reply", closed, text="It came back.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "The time for reopening this case is over." in page
    assert "It came back.</textarea>" in page


# --- deciding ----------------------------------------------------------------------------------------------------------


def test_accepting_closes_the_case(proposed, contact, signed_in):
    assert send(signed_in(contact), "accept", proposed).status_code == 303
    assert kinds(proposed)[-2:] == ["ACCEPTED", "CLOSED"]


def test_rejecting_needs_a_reason(proposed, contact, signed_in):
    client = signed_in(contact)
    assert send(client, "reject", proposed, reason="").status_code == 422
    assert send(client, "reject", proposed, reason="Calls still drop.").status_code == 303
    assert fresh(proposed).status == "IN_PROGRESS"


def test_a_resolution_is_not_accepted_unseen(proposed, contact, agent, signed_in, now):
    seen = proposed.activities.order_by("pk").last().pk
    actions.resume(proposed, by=agent, now=now + 2 * MINUTE)
    actions.propose_resolution(proposed, by=agent, summary="Replaced the edge instead.", now=now + 3 * MINUTE)
    response = send(signed_in(contact), "accept", proposed, seen=seen)
    assert response.status_code == 409
    assert "Replaced the edge instead." in response.content.decode()
    assert "ACCEPTED" not in kinds(proposed)


def test_an_internal_note_meanwhile_holds_up_nothing(proposed, contact, agent, signed_in, now):
    seen = proposed.activities.order_by("pk").last().pk
    actions.add_internal_note(proposed, by=agent, text=CANARY, now=now + 2 * MINUTE)
    assert send(signed_in(contact), "accept", proposed, seen=seen, version="1").status_code == 303


def test_what_cannot_be_done_now_is_told(owned, contact, signed_in):
    response = send(signed_in(contact), "accept", owned)
    assert response.status_code == 409
    assert "There is no proposed resolution to answer." in response.content.decode()


def test_the_customer_closes_and_reopens(owned, contact, signed_in):
    client = signed_in(contact)
    assert send(client, "close", owned).status_code == 303
    assert "You can reopen it until" in page_of(client, owned)
    assert send(client, "reopen", owned, reason="It came back.").status_code == 303
    assert kinds(owned)[-2:] == ["CLOSED", "REOPENED"]


def test_the_countdown_is_shown_and_starts_again(proposed, contact, signed_in):
    client = signed_in(contact)
    assert "This case will be closed automatically on" in page_of(client, proposed)
    assert send(client, "keep_open", proposed).status_code == 303
    assert kinds(proposed)[-1] == "KEEP_OPEN"


def test_how_to_ask_for_a_higher_priority_is_the_policys(case, contact, signed_in):
    assert "From medium to high, talk to the case owner" in page_of(signed_in(contact), case)


# --- cost --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 50])
def test_the_page_asks_at_most_twelve_questions_however_long_the_timeline(count, owned, contact, agent, manager, signed_in, now):
    with_messages(owned, [contact, agent], count, now)
    ConversationReference.objects.create(case=owned, conversation_id=uuid.uuid4())
    actions.assign(owned, by=manager, owner=manager, now=now + 20 * MINUTE)
    actions.await_customer(owned, by=agent, now=now + 21 * MINUTE)
    Draft.objects.create(user=contact, kind="REPLY", case=owned, data={"text": "Half a …"}, updated_at=now)
    client = signed_in(contact)
    page_of(client, owned)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page_of(client, owned)
    assert len(queries) <= 12, "\n".join(query["sql"] for query in queries)

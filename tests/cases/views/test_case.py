"""The customer's case page: what it shows, to whom, at what cost (UX C7)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions
from cases.models import Activity, ConversationReference, Draft
from tests.cases.views.visits import kinds, page_of, send, url
from tests.stories import open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CANARY = "they-owe-us-money"
ACTIONS = ("reply", "accept", "reject", "close", "reopen", "keep_open")


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


def test_internal_notes_appear_nowhere_for_customers(owned, contact, agent, signed_in, lately):
    actions.add_internal_note(owned, by=agent, text=CANARY, now=lately)
    actions.log_call(owned, by=agent, text=CANARY, now=lately, started_at=lately, with_customer=False)
    client = signed_in(contact)
    pages = [page_of(client, owned, query) for query in ("", "?show=messages", "?show=changes", "?before=999999", "?seen=0")]
    pages += [client.get(url(name, owned)).content.decode() for name in ("case_clocks", "case_updates")]
    pages += [client.get(reverse("case_list")).content.decode(), client.get("/").content.decode()]
    pages.append(b"".join(client.get(reverse("case_export"))).decode())
    assert Activity.objects.filter(text_row__text=CANARY).count() == 2  # there is something to leak
    assert [page for page in pages if CANARY in page or "Internal note" in page] == []


def test_an_internal_note_is_no_update_for_the_customer(owned, contact, agent, signed_in, lately):
    latest = owned.activities.order_by("pk").last().pk
    actions.add_internal_note(owned, by=agent, text=CANARY, now=lately)
    assert signed_in(contact).get(url("case_updates", owned, f"?after={latest}")).status_code == 204


def test_a_removed_text_leaves_a_tombstone(owned, contact, agent, administrator, signed_in, lately):
    reply = actions.reply(owned, by=agent, text="The password is swordfish", now=lately)
    actions.redact(reply, by=administrator, reason="It was a secret", now=lately)
    page = page_of(signed_in(contact), owned)
    assert "swordfish" not in page
    assert "It was a secret" in page
    assert "Ada Admin" in page


def test_a_message_carries_its_language(owned, contact, signed_in, lately):
    contact.language = "ja"
    contact.save()
    actions.reply(owned, by=contact, text="まだ切断されます。", now=lately)
    assert '<div class="prose" lang="ja"><p>まだ切断されます。</p>' in page_of(signed_in(contact), owned)


def test_what_people_write_is_shown_as_text(contact, signed_in, lately):
    case = open_case(contact, now=lately, subject="<script>a</script>", description="<img src=x onerror=alert(1)>")
    page = page_of(signed_in(contact), case)
    assert "<script>a" not in page
    assert "<img" not in page


def test_a_call_tells_when_it_was_and_when_it_was_logged(owned, contact, agent, signed_in, lately):
    actions.log_call(owned, by=agent, text="Called back.", started_at=lately + MINUTE, now=lately + 9 * MINUTE)
    page = page_of(signed_in(contact), owned)
    assert "Phone call" in page
    assert "(logged " in page


def test_the_page_says_when_no_agreement_was_in_force(contact, organization, signed_in, lately):
    organization.agreements.all().delete()
    case = open_case(contact, now=lately)
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


def with_messages(case, people, count, lately):
    for number in range(count):
        actions.reply(
            case, by=people[number % len(people)], text=f"Message {number}.", now=lately + number * timedelta(seconds=10)
        )


def test_a_long_timeline_shows_its_first_and_its_latest_entries(owned, contact, agent, signed_in, lately):
    with_messages(owned, [contact, agent], 40, lately)
    page = page_of(signed_in(contact), owned)
    assert "Since this morning" in page
    assert [f"Message {number}." in page for number in (29, 30, 39)] == [False, True, True]
    assert "Show 32 earlier updates" in page


def test_the_earlier_entries_are_a_page_further_back(owned, contact, agent, signed_in, lately):
    with_messages(owned, [contact, agent], 80, lately)
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


def test_messages_and_changes_can_be_shown_alone(owned, contact, agent, signed_in, lately):
    actions.reply(owned, by=agent, text="Which browser?", now=lately)
    client = signed_in(contact)
    messages, changes = page_of(client, owned, "?show=messages"), page_of(client, owned, "?show=changes")
    assert ("Which browser?" in messages, "Case owner: Anna Weber" in messages) == (True, False)
    assert ("Which browser?" in changes, "Case owner: Anna Weber" in changes) == (False, True)


# --- what refreshes ----------------------------------------------------------------------------------------------------


def test_updates_are_announced_once(owned, contact, agent, signed_in, lately):
    client, latest = signed_in(contact, htmx=True), owned.activities.order_by("pk").last().pk
    assert client.get(url("case_updates", owned, f"?after={latest}")).status_code == 204
    new = actions.reply(owned, by=agent, text="Which browser?", now=lately)
    response = client.get(url("case_updates", owned, f"?after={latest}"))
    assert "1 new update: show" in response.content.decode()
    assert "Which browser?" not in response.content.decode()  # nothing inserts itself
    assert client.get(url("case_updates", owned, f"?after={latest}&told={new.pk}")).status_code == 204


def test_ones_own_acts_are_no_updates(owned, contact, signed_in, lately):
    latest = owned.activities.order_by("pk").last().pk
    actions.reply(owned, by=contact, text="More.", now=lately)
    assert signed_in(contact).get(url("case_updates", owned, f"?after={latest}")).status_code == 204


def test_what_is_new_is_marked(owned, contact, agent, signed_in, lately):
    latest = owned.activities.order_by("pk").last().pk
    new = actions.reply(owned, by=agent, text="Which browser?", now=lately)
    page = page_of(signed_in(contact), owned, f"?seen={latest}")
    assert page.index("New since your last visit") < page.index(f'id="event-{new.pk}"')
    assert f'id="case-item-{new.pk}" tabindex="-1" data-focus' in page


# --- cost --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 50])
def test_the_page_asks_at_most_twelve_questions_however_long_the_timeline(
    count, owned, contact, agent, manager, signed_in, lately
):
    with_messages(owned, [contact, agent], count, lately)
    ConversationReference.objects.create(case=owned, conversation_id=uuid.uuid4())
    actions.assign(owned, by=manager, owner=manager, now=lately + 20 * MINUTE)
    actions.await_customer(owned, by=agent, now=lately + 21 * MINUTE)
    Draft.objects.create(user=contact, kind="REPLY", case=owned, data={"text": "Half a …"}, updated_at=lately)
    client = signed_in(contact)
    page_of(client, owned)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page_of(client, owned)
    assert len(queries) <= 12, "\n".join(query["sql"] for query in queries)

"""Platform incidents in the care desk: list, page, declaring, the editor in four languages, linking one by one and in bulk (SPEC 7)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions
from escalations.actions.incidents import raise_candidate
from escalations.models import CaseLink, Component, Incident, Region
from tests.escalations.incidents import TITLE, WORDS, declare, facts, link, update
from tests.stories import fresh, open_case

from .visits import HOUR, minute

State = Incident.State


@pytest.fixture
def incident(incident_manager, opened_at):
    return declare(incident_manager, now=opened_at)


@pytest.fixture
def voice(db):
    component = Component.objects.create(code="voice", name={"en": "Voice", "ja": "音声"})
    component.regions.add(Region.objects.create(code="emea", name={"en": "Europe"}))
    return component


@pytest.fixture
def leader(signed_in, incident_manager):
    """An incident manager's browser."""
    return signed_in(incident_manager)


def url(name, incident, *more):
    return reverse(f"admin:care_incident{name}", args=[incident.number, *more])


def again(incident):
    return Incident.objects.get(pk=incident.pk)


def texts(name, **by_language):
    return {f"{name}_{language}": text for language, text in by_language.items()}


def statements(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_number_that_nobody_has_is_missing(desk):
    for number in ("INC-9", f"INC-{'9' * 30}", f"INC-{'9' * 5000}", "INC-", "nothing"):
        assert desk.get(reverse("admin:care_incident", args=[number])).status_code == 404


# --- to look at --------------------------------------------------------------------------------------------------------
def test_list_shows_candidates_active_and_past_incidents(desk, incident, incident_manager, agent, opened_at, contact):
    raise_candidate(facts(started_at=opened_at, title={"en": "Perhaps chat"}), by=agent, now=opened_at)
    declare(incident_manager, now=opened_at, state=State.CLOSED, title={"en": "Old trouble"})
    link(incident, open_case(contact, now=opened_at), by=agent, now=opened_at)
    page = desk.get(reverse("admin:care_incidents")).content.decode()
    assert page.index("Perhaps chat") < page.index("Inbound calls fail") < page.index("Old trouble")


@pytest.mark.parametrize("page", ["admin:care_incidents", "incident"])
def test_pages_ask_as_often_for_three_as_for_one(desk, incident, incident_manager, agent, contact, opened_at, voice, page):
    address = url("", incident) if page == "incident" else reverse(page)
    case = open_case(contact, now=opened_at)
    link(incident, case, by=agent, now=opened_at, way="BULK")
    update(incident, by=incident_manager, now=opened_at)
    desk.get(address)
    one = statements(desk, address)
    for _each in range(2):
        declare(incident_manager, now=opened_at)
        link(incident, open_case(contact, now=opened_at), by=agent, now=opened_at, way="BULK")
        update(incident, by=incident_manager, now=opened_at)
    assert statements(desk, address) == one <= 10


def test_page_lists_only_linked_cases_that_the_reader_may_see(
    desk, incident, contact, us_only_contact, agent, agent_of_all_regions, opened_at
):
    link(incident, open_case(contact, now=opened_at, subject="Ours"), by=agent, now=opened_at)
    foreign = open_case(us_only_contact, now=opened_at, subject="Canary-Federal")
    link(incident, foreign, by=agent_of_all_regions, now=opened_at)
    page = desk.get(url("", incident)).content.decode()
    assert "Ours" in page
    assert "Canary-Federal" not in page and foreign.number not in page
    assert "1 more case is linked that is not listed here." in page


def test_page_marks_what_is_not_translated(leader, desk, incident, incident_manager, opened_at):
    told = update(incident, by=incident_manager, words={"en": "We repair it.", "fr": "Nous réparons."}, now=opened_at)
    page = leader.get(url("", incident)).content.decode()
    assert page.count("not translated") == 2
    assert url("_translate", incident, told.pk) in page
    assert url("_translate", incident, told.pk) not in desk.get(url("", incident)).content.decode()


def test_candidate_of_a_cluster_shows_its_cases_and_no_word_of_them_in_its_title(desk, policies, agent, opened_at, contact):
    case = open_case(contact, now=opened_at, subject="Canary calls drop")
    candidate = raise_candidate(facts(started_at=opened_at), by=None, now=opened_at, cluster_key=case.number)
    assert "Canary calls drop" in desk.get(url("", candidate)).content.decode()
    assert "Canary" not in desk.get(reverse("admin:care_incidents")).content.decode()


# --- what it is --------------------------------------------------------------------------------------------------------
def test_analyst_raises_a_candidate(desk, voice, opened_at):
    region = Region.objects.get()
    form = {"severity_rank": 1, "started_at": minute(opened_at), f"place_{voice.pk}_{region.pk}": "OUTAGE", "declare": "1"}
    answer = desk.post(reverse("admin:care_incident_new"), {**form, **texts("title", en="Calls fail", fr="", ja="着信の障害")})
    raised = Incident.objects.get()
    assert (answer.status_code, answer.url) == (303, url("", raised))
    assert (raised.state, raised.title) == (State.CANDIDATE, {"en": "Calls fail", "ja": "着信の障害"})
    assert [(str(each), each.impact) for each in raised.affected.all()] == [("Voice (Europe)", "OUTAGE")]


def test_incident_manager_declares_at_once(leader, opened_at):
    form = {"severity_rank": 2, "started_at": minute(opened_at), "declare": "1", **texts("title", en="Calls fail")}
    leader.post(reverse("admin:care_incident_new"), form)
    assert Incident.objects.get().state == State.DECLARED


def test_candidate_is_declared_under_a_title_for_everybody(leader, agent, opened_at):
    candidate = raise_candidate(facts(started_at=opened_at), by=agent, now=opened_at)
    page = leader.get(url("_facts", candidate)).content.decode()
    assert "name no customer" in page
    form = {"severity_rank": 3, "started_at": minute(opened_at), "version": 1, **texts("title", en="Voice is down")}
    assert leader.post(url("_facts", candidate), form).status_code == 303
    declared = again(candidate)
    assert (declared.state, declared.title, declared.severity_rank) == (State.DECLARED, {"en": "Voice is down"}, 3)


def test_correction_keeps_what_has_left_the_status_page_since(leader, incident_manager, voice, opened_at):
    place = (voice, voice.regions.get(), "OUTAGE")
    incident = declare(incident_manager, now=opened_at, affected=[place])
    Component.objects.update(is_active=False)
    shown = leader.get(url("_facts", incident)).context["form"]
    sent = {name: shown[name].value() or "" for name in shown.fields} | texts("title", en="Corrected")
    sent["started_at"] = minute(opened_at)
    assert leader.post(url("_facts", incident), sent).status_code == 303
    (row,) = again(incident).affected.all()
    assert (again(incident).title["en"], row.component, row.region, row.impact) == ("Corrected", *place)


def test_form_without_english_title_or_with_a_future_start_says_so(leader, opened_at):
    form = {"severity_rank": 3, "started_at": minute(timezone.now() + HOUR), **texts("title", fr="Panne")}
    answer = leader.post(reverse("admin:care_incident_new"), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This field is required." in page and "Enter a time that is not in the future." in page


def test_candidate_is_dismissed_and_restored_incident_closed_by_one_button(leader, agent, incident_manager, opened_at):
    candidate = raise_candidate(facts(started_at=opened_at), by=agent, now=opened_at)
    leader.post(url("_dismiss", candidate), {"version": 1})
    restored = declare(incident_manager, now=opened_at, state=State.RESTORED)
    leader.post(url("_close", restored), {"version": restored.version})
    assert (again(candidate).state, again(restored).state) == (State.DISMISSED, State.CLOSED)


def test_button_of_a_page_that_was_overtaken_changes_nothing(leader, agent, opened_at):
    candidate = raise_candidate(facts(started_at=opened_at), by=agent, now=opened_at)
    page = leader.post(url("_dismiss", candidate), {"version": 7}, follow=True).content.decode()
    assert "Somebody changed this incident meanwhile." in page
    assert again(candidate).state == State.CANDIDATE


@pytest.mark.parametrize("name", ["_facts", "_update"])
def test_incident_is_led_by_incident_managers(desk, incident, name):
    assert desk.get(url(name, incident)).status_code == 403


# --- updates -----------------------------------------------------------------------------------------------------------
def test_update_is_seen_as_customers_read_it_before_it_is_published(leader, incident):
    form = {"state": "IDENTIFIED", "version": again(incident).version, **texts("words", en="We repair it.", fr="Nous réparons.")}
    preview = leader.post(url("_update", incident), {**form, "preview": "1"})
    page = preview.content.decode()
    assert preview.status_code == 200 and "As customers read it" in page
    assert page.count("Readers get the English text, marked as such:") == 2
    assert not incident.updates.exists()
    assert leader.post(url("_update", incident), {**form, "publish": "1"}).status_code == 303
    assert incident.updates.get().words == {"en": "We repair it.", "fr": "Nous réparons."}


def test_update_sent_twice_is_published_once(leader, incident):
    form = {"state": "IDENTIFIED", "key": "5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11", **texts("words", en="We repair it.")}
    for _click in range(2):
        assert leader.post(url("_update", incident), form).status_code == 303
    assert incident.updates.count() == 1


@pytest.mark.parametrize("state", ["MONITORING", "RESTORED"])
def test_update_that_was_overtaken_keeps_what_was_typed(leader, incident, incident_manager, opened_at, state):
    shown = again(incident).version
    update(incident, by=incident_manager, now=opened_at)
    typed = texts("words", en="Typed with care") | texts("summary", en="A disk.")
    form = {"state": state, "version": shown, "restored_at": minute(opened_at + HOUR), **typed}
    answer = leader.post(url("_update", incident), form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Typed with care" in page
    assert f'name="version" value="{shown + 1}"' in page
    assert incident.updates.count() == 1


def test_editor_restores_the_incident(leader, incident, contact, agent, opened_at):
    case = open_case(contact, now=opened_at)
    link(incident, case, by=agent, now=opened_at)
    form = {
        "state": "RESTORED",
        "restored_at": minute(opened_at + HOUR),
        **texts("words", en="It works."),
        **texts("summary", en="A disk."),
    }
    assert leader.post(url("_update", incident), form).status_code == 303
    assert (again(incident).state, again(incident).summary) == (State.RESTORED, {"en": "A disk."})


def test_restoring_needs_its_time_and_the_summary(leader, incident, opened_at):
    answer = leader.post(url("_update", incident), {"state": "RESTORED", **texts("words", en="It works.")})
    assert answer.status_code == 422 and answer.content.decode().count("This field is required.") >= 2
    before = {
        "state": "RESTORED",
        "restored_at": minute(opened_at - HOUR),
        **texts("words", en="It works."),
        **texts("summary", en="A disk."),
    }
    answer = leader.post(url("_update", incident), before)
    assert answer.status_code == 422 and "cannot have been restored before it started" in answer.content.decode()
    assert again(incident).is_active


def test_translation_is_added_later(leader, incident, incident_manager, opened_at):
    told = update(incident, by=incident_manager, words={"en": "We repair it."}, now=opened_at)
    assert leader.post(url("_translate", incident, told.pk), texts("words", ru="Чиним.")).status_code == 303
    told.refresh_from_db()
    assert told.words == {"en": "We repair it.", "ru": "Чиним."}


# --- linking -----------------------------------------------------------------------------------------------------------
def test_case_is_linked_from_its_page_and_unlinked_again(desk, incident, incident_manager, contact, opened_at):
    case = open_case(contact, now=opened_at)
    update(incident, by=incident_manager, now=opened_at)
    page = desk.get(reverse("admin:care_case", args=[case.number])).content.decode()
    link_url, unlink_url = (reverse(f"admin:care_case_{name}", args=[case.number]) for name in ("incident", "unlink"))
    assert link_url in page
    assert incident.number in desk.get(link_url).content.decode()
    assert desk.post(link_url, {"incident": incident.pk}).status_code == 303
    page = desk.get(reverse("admin:care_case", args=[case.number])).content.decode()
    assert WORDS["en"] in page and unlink_url in page
    assert desk.post(unlink_url).status_code == 303
    assert not CaseLink.objects.current().exists()
    assert desk.post(unlink_url).status_code == 404


def test_open_incidents_are_searched_by_number_and_words_of_any_language(desk, incident, incident_manager, contact, opened_at):
    other = declare(incident_manager, now=opened_at, title={"en": "Chat is slow"})
    closed = declare(incident_manager, now=opened_at, title={"en": "Chat was slow"}, state=State.CLOSED)
    address = reverse("admin:care_case_incident", args=[open_case(contact, now=opened_at).number])
    for query, found in [("", {incident, other}), ("chat", {other}), ("着信", {incident}), (other.number, {other}), ("x", set())]:
        page = desk.get(address, {"q": query}).content.decode()
        assert {each for each in (incident, other, closed) if each.number in page.replace(f'value="{query}"', "")} == found, query


def test_link_that_is_refused_says_why(desk, incident, incident_manager, contact, agent, opened_at):
    case = open_case(contact, now=opened_at)
    link(declare(incident_manager, now=opened_at), case, by=agent, now=opened_at)
    answer = desk.post(reverse("admin:care_case_incident", args=[case.number]), {"incident": incident.pk})
    assert answer.status_code == 422 and "The case is linked to incident INC-" in answer.content.decode()


def test_bulk_preview_finds_by_what_cases_have_in_common(desk, incident, contact, organization, policies, opened_at):
    organization.cloud_region = "emea"
    organization.save()
    Region.objects.create(code="emea", name={"en": "Europe"})
    found = open_case(contact, now=opened_at, subject="Calls drop", product_area="Voice")
    others = [
        open_case(contact, now=opened_at, subject="Report is empty", product_area="Voice"),
        open_case(contact, now=opened_at, subject="Calls drop", product_area="Chat"),
        open_case(contact, now=opened_at - 3 * HOUR, subject="Calls drop", product_area="Voice"),
    ]
    asked = {
        "organization": organization.pk,
        "region": "emea",
        "product_area": "voice",
        "words": "calls",
        "since": minute(opened_at - HOUR),
    }
    page = desk.get(url("_link", incident), asked).content.decode()
    assert [each.number in page for each in (found, *others)] == [True, False, False, False]


def test_bulk_preview_says_what_cannot_be_linked_and_why(
    desk, incident, incident_manager, contact, us_only_contact, agent, opened_at
):
    linkable, elsewhere, closed = (open_case(contact, now=opened_at) for _each in range(3))
    other = declare(incident_manager, now=opened_at)
    link(other, elsewhere, by=agent, now=opened_at)
    actions.close_case(closed, by=contact, now=opened_at)
    foreign = open_case(us_only_contact, now=opened_at, subject="Canary-Federal")
    numbers = f"{linkable.number} {elsewhere.number}, {closed.number} {foreign.number} nonsense"
    page = desk.get(url("_link", incident), {"numbers": numbers}).content.decode()
    assert page.count('type="checkbox"') == 1 and f'value="{linkable.number}"' in page
    assert f"The case is linked to incident {other.number}." in page and "The case is closed." in page
    assert f"There is no such case, or you may not see it: {foreign.number}, nonsense" in page
    assert "Canary-Federal" not in page


def test_bulk_links_what_is_linkable_tells_the_rest_and_is_undone(desk, incident, contact, us_only_contact, opened_at):
    first, second, closed = (open_case(contact, now=opened_at) for _each in range(3))
    foreign = open_case(us_only_contact, now=opened_at)
    actions.close_case(closed, by=contact, now=opened_at)
    numbers = [each.number for each in (first, second, closed, foreign)]
    page = desk.post(url("_link", incident), {"case": numbers}, follow=True).content.decode()
    assert "2 cases were linked." in page
    assert f"{closed.number}: The case is closed." in page
    assert f"{foreign.number}: There is no such case." in page
    assert not foreign.incident_links.exists()
    batch = CaseLink.objects.current().first().batch
    page = desk.post(url("_undo", incident), {"batch": batch}, follow=True).content.decode()
    assert "2 links were undone." in page
    assert fresh(first).scope == "UNKNOWN" and not CaseLink.objects.current().exists()
    assert "These links were undone already." in desk.post(url("_undo", incident), {"batch": batch}, follow=True).content.decode()


def test_bulk_ticks_beforehand_only_what_a_filter_found(desk, incident, contact, opened_at):
    open_case(contact, now=opened_at, subject="Calls drop")
    for asked, ticked in (({}, False), ({"since": "2020-01-01T00:00"}, False), ({"words": "calls"}, True)):
        page = desk.get(url("_link", incident), asked).content.decode()
        assert 'type="checkbox"' in page and (" checked>" in page) is ticked, asked


def test_bulk_without_a_tick_or_with_a_strange_batch_is_answered(desk, incident):
    assert "Tick at least one case." in desk.post(url("_link", incident), {}, follow=True).content.decode()
    assert desk.post(url("_undo", incident), {"batch": "x"}).status_code == 400


def test_workspace_of_a_linked_case_keeps_its_number_of_statements(desk, incident, incident_manager, contact, agent, opened_at):
    case = open_case(contact, now=opened_at)
    address = reverse("admin:care_case", args=[case.number])
    desk.get(address)
    before = statements(desk, address)
    update(incident, by=incident_manager, now=opened_at)
    link(incident, case, by=agent, now=opened_at)
    assert statements(desk, address) == before + 1 <= 12


# --- in every language -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["", "_facts", "_update", "_link", "list", "new"])
def test_pages_are_shown_in_each_language(leader, incident, incident_manager, language, name, opened_at):
    update(incident, by=incident_manager, now=opened_at)
    incident_manager.language = language
    incident_manager.save()
    address = {"list": reverse("admin:care_incidents"), "new": reverse("admin:care_incident_new")}.get(name) or url(
        name, incident
    )
    answer = leader.get(address)
    assert answer.status_code == 200
    assert name in ("new", "_facts") or TITLE[language] in answer.content.decode()

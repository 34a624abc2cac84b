"""The customer's case page in the browser: live updates, drafts, files, conflicts, with and without JavaScript (UX A16, A20–A22, A25–A28, A33)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions
from cases.models import User
from tests.stories import fresh, open_case

PNG = {"name": "shot.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(100)}
TICK = "document.body.dispatchEvent(new CustomEvent('portal:tick'))"  # what portal.js sends every 30 seconds


@pytest.fixture
def case(transactional_db, contact, agent):
    """Claire's case, owned by Anna."""
    case = open_case(contact, now=timezone.now())
    actions.assign(case, by=agent, owner=agent, now=timezone.now())
    return case


@pytest.fixture
def page(case, contact, open_browser):
    page = open_browser(contact)
    page.goto(f"/cases/{case.number}/")
    return page


def reply_of(agent, case, text, **more):
    return actions.reply(case, by=agent, text=text, now=timezone.now(), **more)


def test_news_announce_themselves_and_move_nothing(page, case, agent):
    page.fill("#reply_text", "Half written")
    page.evaluate("window.liveRegion = document.getElementById('live')")
    first = reply_of(agent, case, "Which browser?", then="AWAITING_CUSTOMER")
    page.evaluate(TICK)
    expect(page.locator("#case-updates")).to_contain_text("2 new updates: show")
    expect(page.locator("#live")).to_have_text(f"2 new updates in {case.number}")
    assert page.get_by_text("Which browser?").count() == 0
    page.get_by_role("link", name="2 new updates: show").click()
    expect(page.locator(f"#case-item-{first.pk}")).to_be_focused()
    expect(page.locator("#case-move")).to_contain_text("Your reply is needed")
    expect(page.locator("#case-updates")).to_be_empty()
    assert page.input_value("#reply_text") == "Half written"
    assert page.evaluate("window.liveRegion === document.getElementById('live')")


def test_nothing_is_asked_while_live_updates_are_off(page):
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Live updates are off.")).to_be_visible()
    assert page.locator("html").get_attribute("data-live") == "off"
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Live updates are on.")).to_be_visible()


def test_what_somebody_opened_stays_open_while_clocks_refresh(page):
    page.get_by_text("How are these calculated?").click()
    with page.expect_response(re.compile("/clocks/$")):
        page.evaluate(TICK)
    expect(page.locator("#clock-explanation")).to_have_attribute("open", "")


def test_reply_by_keyboard(page, case):
    page.fill("#reply_text", "It is Firefox.")
    page.press("#reply_text", "Control+Enter")
    note = page.locator("article.msg").last
    expect(note).to_contain_text("It is Firefox.")
    expect(note.locator("h3")).to_be_focused()
    assert page.input_value("#reply_text") == ""


def test_three_clicks_are_one_reply(page, case):
    page.fill("#reply_text", "It is Firefox.")
    page.evaluate("() => { for (const _ of [1, 2, 3]) document.querySelector('#case-reply .btn-primary').click() }")
    expect(page.locator("article.msg").last).to_contain_text("It is Firefox.")
    assert case.activities.filter(kind="WORK_NOTE").count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_empty_reply_keeps_the_file_and_leads_to_the_field(case, contact, open_browser, javascript):
    page = open_browser(contact, javascript=javascript)
    page.goto(f"/cases/{case.number}/")
    page.set_input_files("#id_files", PNG)
    if javascript:
        expect(page.locator("#draft-file-list")).to_contain_text("Remove shot.png")
    page.locator("#case-reply .btn-primary").click()
    expect(page.locator(".error-summary")).to_contain_text("This field is required.")
    expect(page.locator("#draft-file-list")).to_contain_text("shot.png")
    page.fill("#reply_text", "See the screenshot.")
    page.locator("#case-reply .btn-primary").click()
    expect(page.locator("article.msg").last).to_contain_text("shot.png")
    assert case.activities.get(kind="WORK_NOTE").attachments.count() == 1


def test_what_was_typed_is_there_again_after_the_tab_was_closed(page, case, contact, open_browser):
    page.fill("#reply_text", "Half a sentence")
    expect(page.locator("#draft-status")).to_contain_text("Draft saved at")
    page.close()
    again = open_browser(contact)
    again.goto(f"/cases/{case.number}/")
    assert again.input_value("#reply_text") == "Half a sentence"


def test_case_closed_meanwhile_keeps_the_text_and_reopens_when_asked_again(page, case, agent):
    actions.close_case(case, by=agent, summary="Restarted the edge.", now=timezone.now())
    page.fill("#reply_text", "One more thing.")
    page.locator("#case-reply .btn-primary").click()
    expect(page.get_by_text("The case has changed since you opened this page.")).to_be_visible()
    assert page.input_value("#reply_text") == "One more thing."
    page.get_by_role("button", name="Send and reopen the case").click()
    expect(page.locator("#case-head")).to_contain_text("We are working on it")
    assert fresh(case).status == "IN_PROGRESS"


@pytest.mark.parametrize("javascript", [True, False])
def test_resolution_is_rejected_and_accepted(case, contact, agent, open_browser, javascript):
    actions.propose_resolution(case, by=agent, summary="Restarted the edge.", now=timezone.now())
    page = open_browser(contact, javascript=javascript, width=360)
    page.goto(f"/cases/{case.number}/")
    page.locator("#case-move summary").click()
    page.fill("#reject_reason", "Calls still drop.")
    page.get_by_role("button", name="Problem not solved").click()
    expect(page.locator("#case-head")).to_contain_text("We are working on it")
    actions.propose_resolution(case, by=agent, summary="Replaced the edge.", now=timezone.now())
    page.goto(f"/cases/{case.number}/")
    page.get_by_role("button", name="Accept resolution").click()
    expect(page.locator("#case-head")).to_contain_text("Closed")
    assert fresh(case).status == "CLOSED"


def test_without_javascript_no_dead_control_is_shown(case, contact, open_browser):
    page = open_browser(contact, javascript=False)
    page.goto(f"/cases/{case.number}/")
    assert page.locator(".js-only:visible").count() == 0
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    expect(page.get_by_role("button", name="Save draft")).to_be_visible()


def test_list_is_filtered_as_one_chooses(case, contact, open_browser):
    page = open_browser(contact)
    page.goto("/cases/")
    page.select_option("#id_turn", "closed")
    expect(page.locator("#case-count")).to_have_text("0 cases")
    expect(page.locator("#case-list")).to_contain_text("No case matches the filters.")
    assert "turn=closed" in page.url
    assert page.locator("#case-export").get_attribute("href").endswith("turn=closed")
    page.go_back()
    expect(page.locator("#case-list")).to_contain_text(case.subject)


def test_a_reader_is_told_why_there_is_no_form(case, reader, open_browser):
    page = open_browser(reader)
    page.goto(f"/cases/{case.number}/")
    expect(page.locator("#case-reply")).to_contain_text("Only designated contacts can do this.")
    assert page.locator("textarea").count() == 0
    assert User.objects.get(pk=reader.pk).drafts.count() == 0

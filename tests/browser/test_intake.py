"""A new case in the browser: what JavaScript adds, what works without it, and that nothing is lost (UX A18–A24, A33)."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cases.models import Attachment, Case, Draft

PNG = {"name": "shot.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(100)}
EXE = {"name": "run.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x00"}


def fill(page, **changes):
    """Answer what must be answered."""
    page.get_by_role("radio", name="Problem", exact=True).check()
    page.get_by_role("radio", name=changes.pop("priority", "High")).check()
    answers = {
        "subject": "Calls drop after 30 seconds",
        "description": "Every second call drops.",
        "business_impact": "Forty agents",
    }
    for name, text in {**answers, **changes}.items():
        page.fill(f"#id_{name}", text)


def review(page):
    page.get_by_role("button", name="Review before sending").last.click()


def test_draft_and_files_are_there_again_after_the_tab_was_closed(open_browser, contact):
    page = open_browser(contact)
    page.goto("/cases/new/describe/")
    page.fill("#id_subject", "Half written")
    expect(page.locator("#draft-status")).to_contain_text("Draft saved at")
    page.set_input_files("#id_files", PNG)
    expect(page.locator("#draft-file-list")).to_contain_text("Remove shot.png")
    page.set_input_files("#id_files", EXE)
    expect(page.locator("#draft-file-list")).to_contain_text("Files of type “exe” are not allowed.")
    url = page.url
    page.close()
    again = open_browser(contact)
    again.goto("/cases/new/")
    again.get_by_role("link", name="Half written", exact=True).click()
    assert again.url == url
    assert again.input_value("#id_subject") == "Half written"
    again.get_by_role("button", name="Remove shot.png").click()
    expect(again.locator("#draft-file-list")).not_to_contain_text("shot.png")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("javascript", [True, False])
def test_wrong_answer_keeps_everything_and_leads_to_its_field(open_browser, contact, organization, javascript):
    page = open_browser(contact, javascript=javascript)
    page.goto("/cases/new/describe/")
    fill(page, organization_id="1234")
    page.set_input_files("#id_files", PNG)
    review(page)
    expect(page).to_have_title(re.compile("^Error:"))
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("It has 32 digits and letters; yours has 4.")
    if javascript:
        expect(summary).to_be_focused()
    assert page.input_value("#id_description") == "Every second call drops."
    assert page.get_by_role("radio", name="High").is_checked()
    expect(page.locator("#draft-file-list")).to_contain_text("shot.png")
    page.fill("#id_organization_id", f" {{{str(organization.organization_id).upper()}}} ")
    review(page)
    page.wait_for_url("**/review/**")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/sent/")
    assert page.locator("h1").inner_text().endswith(Case.objects.get().number)
    assert Case.objects.get().attachments.get().name == "shot.png"


def test_double_click_and_back_open_one_case(open_browser, contact):
    page = open_browser(contact)
    page.goto("/cases/new/describe/")
    fill(page)
    review(page)
    page.wait_for_url("**/review/**")
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/sent/")
    sent = page.url
    page.go_back()
    if page.get_by_role("button", name="Send").count():
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/sent/")
    assert page.url == sent
    page.reload()
    assert Case.objects.count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_phone_numbers_appear_with_a_critical_priority_and_no_other(open_browser, us_only_contact, javascript):
    page = open_browser(us_only_contact, javascript=javascript)
    page.goto("/cases/new/describe/")
    numbers = page.locator(".on-critical a[href^='tel:']").first
    for name, shown in (("High", False), ("Critical", True), ("Low", False), ("Critical", True)):
        page.get_by_role("radio", name=name, exact=True).check()
        assert numbers.is_visible() is shown
    review(page)
    expect(page.locator("main")).to_contain_text("Call us now")
    assert Draft.objects.get().code in page.locator("[aria-labelledby=call-now]").inner_text()
    assert Draft.objects.get().refused_at is not None


def test_session_that_ended_while_writing_leaves_the_text_in_its_place(open_browser, contact):
    page = open_browser(contact)
    page.goto("/cases/new/describe/")
    Session.objects.all().delete()
    page.fill("#id_description", "Every second call drops.")
    expect(page.locator("#draft-status")).to_contain_text("You were signed out.")
    assert page.input_value("#id_description") == "Every second call drops."
    assert page.evaluate("window.scrollY") == 0 or page.locator("#id_description").is_visible()

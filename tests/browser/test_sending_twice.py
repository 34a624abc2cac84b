"""What is sent twice has one effect: double click, reload, back button, two windows (SAFETY 5, UX A33)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions
from cases.models import Activity, Case
from tests.stories import fresh, open_case

WORDS = "It also happens in Nantes since noon."


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_reply_is_sent_once_by_double_click_reload_and_back(open_browser, contact, javascript):
    case = open_case(contact, now=timezone.now())
    page = open_browser(contact, javascript=javascript)
    box = page.locator("#case-reply [name=text]")
    page.goto("/cases/")
    page.goto(f"/cases/{case.number}/")
    box.fill(WORDS)
    page.dblclick("#case-reply button.btn-primary")
    expect(page.locator("#case-timeline")).to_contain_text(WORDS)
    page.reload()
    expect(page.locator("#case-timeline")).to_contain_text(WORDS)
    assert notes_of(case) == [WORDS]
    page.go_back()
    if box.count() and box.input_value() == WORDS:  # the browser put it there again
        page.click("#case-reply button.btn-primary")
        expect(page.locator("#case-timeline")).to_contain_text(WORDS)
    assert notes_of(case) == [WORDS]


def notes_of(case):
    notes = Activity.objects.filter(case=case, kind=Activity.Kind.WORK_NOTE)
    return list(notes.values_list("text_row__text", flat=True))


def test_resolution_accepted_in_one_window_is_not_rejected_in_another(open_browser, contact, agent):
    now = timezone.now()
    case = open_case(contact, now=now - timedelta(hours=2))
    actions.assign(case, by=agent, owner=agent, now=now - timedelta(hours=1))
    actions.propose_resolution(fresh(case), by=agent, summary="Restarted.", now=now - timedelta(minutes=30))
    first, second = (open_browser(contact) for _window in range(2))
    for page in (first, second):
        page.goto(f"/cases/{case.number}/")
    first.click(f"form[action='/cases/{case.number}/accept/'] button")
    expect(first.locator(f"form[action='/cases/{case.number}/reopen/']")).to_be_attached()
    second.click("#case-move details summary")
    second.fill(f"form[action='/cases/{case.number}/reject/'] [name=reason]", WORDS)
    second.click(f"form[action='/cases/{case.number}/reject/'] button")
    expect(second.locator(".banner[role=alert], .banner[data-k=warn]").first).to_be_visible()
    assert WORDS in [box.input_value() for box in second.locator("textarea").all()]
    assert fresh(case).status == Case.Status.CLOSED

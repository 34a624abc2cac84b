"""The care desk in a browser: what refreshes by itself never disturbs, and everything works without JavaScript (UX S1 to S5, A16, A25, A37)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Case
from tests.stories import fresh, open_case

TICK = "document.body.dispatchEvent(new CustomEvent('portal:tick'))"


@pytest.fixture
def case(transactional_db, contact):
    return open_case(contact, now=timezone.now(), priority_code="high")


def workspace(case):
    return reverse("admin:care_case", args=[case.number])


def test_queue_refreshes_by_itself_and_keeps_the_focus(open_browser, agent, contact, case):
    page = open_browser(agent)
    page.goto(reverse("admin:care_queue"))
    page.focus(f"#link-{case.number}")
    newer = open_case(contact, now=timezone.now(), priority_code="critical", subject="All lines are dead")
    page.evaluate(TICK)
    page.wait_for_selector(f"#link-{newer.number}")
    assert page.evaluate("document.activeElement.id") == f"link-{case.number}"
    assert "updated" in page.locator("tr", has_text="All lines are dead").inner_text()


def test_queue_on_a_phone_is_still_a_table(open_browser, agent, case):
    page = open_browser(agent, width=360)
    page.goto(reverse("admin:care_queue"))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    tree = page.locator("table").aria_snapshot()
    assert [role for role in ("table", "rowgroup", "row", "columnheader", "cell") if f"- {role}" not in tree] == []


def test_agent_works_on_a_case_without_javascript(open_browser, agent, case):
    page = open_browser(agent, javascript=False)
    page.goto(reverse("admin:care_queue"))
    page.get_by_role("button", name="Take next case").click()
    assert fresh(case).owner == agent
    page.get_by_role("link", name="Change the severity").click()
    page.get_by_label("3 – Medium").check()
    page.get_by_label("Reason").fill("A workaround is in place.")
    page.get_by_role("button", name="Change the severity and tell the customer").click()
    page.get_by_label("Your reply").fill("Which version do you use?")
    page.get_by_label("Attachments").set_input_files({"name": "steps.txt", "mimeType": "text/plain", "buffer": b"1. Restart"})
    page.get_by_label("Awaiting customer").check()
    page.get_by_role("button", name="Send to Claire Martin").click()
    assert page.get_by_role("link", name="steps.txt").is_visible()
    assert (fresh(case).severity_rank, fresh(case).status) == (3, "AWAITING_CUSTOMER")
    page.get_by_role("link", name="Propose a resolution").click()
    page.get_by_label("Resolution summary").fill("Update to version 2.")
    page.get_by_role("button", name="Propose the resolution").click()
    assert fresh(case).status == "RESOLUTION_PROPOSED"


def test_news_announce_themselves_and_leave_what_is_typed(open_browser, agent, contact, case):
    page = open_browser(agent)
    page.goto(workspace(case))
    page.get_by_label("Your reply").fill("I am just writing")
    actions.reply(case, by=contact, text="It is worse now.", now=timezone.now())
    page.evaluate(TICK)
    page.get_by_role("link", name="1 new update: show").click()
    page.get_by_text("It is worse now.").wait_for()
    assert page.get_by_label("Your reply").input_value() == "I am just writing"
    assert "1 new update" in page.locator("#live").inner_text()


def test_reply_and_note_are_kept_while_they_are_written(open_browser, agent, case):
    page = open_browser(agent)
    page.goto(workspace(case))
    for label, text, status in (
        ("Your reply", "Half a reply", "draft-status"),
        ("Your note", "Half a note", "draft-status-note"),
    ):
        page.get_by_label(label).fill(text)
        page.get_by_label(label).blur()
        page.locator(f"#{status}", has_text="Draft saved at").wait_for()
    page.goto(workspace(case))
    assert page.get_by_label("Your reply").input_value() == "Half a reply"
    assert page.get_by_label("Your note").input_value() == "Half a note"
    assert Case.objects.get().activities.count() == 2


def test_note_cannot_become_a_reply(open_browser, agent, case):
    page = open_browser(agent)
    page.goto(workspace(case))
    note = page.locator("form", has=page.get_by_role("button", name="Save internal note"))
    assert note.get_by_role("radio").count() == 0
    note.get_by_label("Your note").fill("For us alone.")
    note.get_by_role("button").last.click()
    page.locator("article[data-internal]", has_text="For us alone.").wait_for()
    assert not case.activities.filter(kind="REPLY").exists()

"""A session that ends while somebody writes: no word is lost (SPEC 2, UX A22)."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.factories.people import PASSWORD
from tests.stories import open_case

WORDS = "Since 08:15 every streamed answer longer than about 30 seconds is cut."


def sign_in_by_page(page, user):
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-primary")


def test_reply_written_by_somebody_signed_out_meanwhile_can_be_sent_after_all(open_browser, contact):
    case = open_case(contact, now=timezone.now())
    page = open_browser(contact)
    page.goto(f"/cases/{case.number}/")
    page.fill("#case-reply textarea", WORDS)
    Session.objects.all().delete()
    page.click("#case-reply .btn-primary")
    page.wait_for_selector("[data-alert] >> text=You were signed out")
    assert page.input_value("#case-reply textarea") == WORDS
    with page.context.expect_page() as opened:
        page.click("[data-alert] a")
    sign_in_by_page(opened.value, contact)
    opened.value.wait_for_url(f"**/cases/{case.number}/")
    page.click("#case-reply .btn-primary")
    page.wait_for_selector(f"#case-timeline >> text={WORDS}")


def test_form_sent_without_javascript_after_the_session_ended_gives_the_words_back(open_browser, contact):
    case = open_case(contact, now=timezone.now())
    page = open_browser(contact, javascript=False)
    page.goto(f"/cases/{case.number}/")
    page.fill("#case-reply textarea", WORDS)
    Session.objects.all().delete()
    page.click("#case-reply .btn-primary")
    assert page.inner_text("h1") == "You were signed out"
    assert page.input_value("textarea") == WORDS
    page.click("main .btn-primary")
    sign_in_by_page(page, contact)
    assert page.url.endswith(f"/cases/{case.number}/")


def test_page_asked_for_after_the_session_ended_comes_back_after_sign_in(open_browser, contact):
    page = open_browser(None)
    page.goto("/preferences/")
    sign_in_by_page(page, contact)
    page.wait_for_url("**/preferences/")


def test_language_switch_works_without_javascript(open_browser, contact):
    page = open_browser(None, javascript=False)
    page.goto("/account/login/")
    page.click("button[lang=ja]")
    assert page.get_attribute("html", "lang") == "ja"
    assert page.url.endswith("/account/login/")

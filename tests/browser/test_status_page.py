"""The platform status as signed-out people see it in a browser: sound in each language, refreshing by itself, no cookie (UX C11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escalations import last_known
from tests.browser.test_pages import check
from tests.factories import IncidentComponentFactory, IncidentUpdateFactory, MaintenanceFactory, StatusSubscriberFactory

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def incident():
    """An outage that goes on, and planned maintenance."""
    now = timezone.now()
    row = IncidentComponentFactory(incident__started_at=now - HOUR).incident
    IncidentUpdateFactory(incident=row, published_at=now - HOUR / 2, next_update_at=now + HOUR)
    MaintenanceFactory(starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    return row


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark"), ("ja", "light"), ("ru", "dark")])
def test_status_pages_are_sound(incident, open_browser, axe_script, language, scheme):
    page = open_browser(scheme=scheme, language=language)
    token = StatusSubscriberFactory(confirmed_at=None).token
    check(page, ["/status/", f"/status/{incident.number}/"], axe_script)
    assert page.context.cookies() == []
    subscription = f"/status/subscription/{token}/"
    check(page, ["/status/subscription/", "/status/subscription/sent/", subscription, f"{subscription}end/"], axe_script)


def test_open_status_page_shows_news_and_leaves_the_history_as_it_is(incident, open_browser):
    page = open_browser()
    page.goto("/status/")
    page.locator("summary").first.click()
    IncidentUpdateFactory(incident=incident, words={"en": "Found the cause."}, published_at=timezone.now())
    last_known.forget()
    last_known.last_known(now=timezone.now() + HOUR)  # as if the state in memory had grown old
    page.evaluate("document.body.dispatchEvent(new CustomEvent('portal:tick'))")
    page.get_by_text("Found the cause.").wait_for()
    assert page.locator("details").first.get_attribute("open") is not None


def test_subscription_without_javascript(incident, open_browser):
    page = open_browser(javascript=False, language="fr")
    page.goto("/status/")
    page.get_by_role("link", name="Recevoir les points de situation par e-mail").click()
    page.get_by_label("Adresse e-mail").fill("lectrice@example.org")
    page.get_by_role("button", name="S’abonner").click()
    page.get_by_role("heading", name="Consultez votre messagerie").wait_for()

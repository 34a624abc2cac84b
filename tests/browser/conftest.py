"""A headless Chromium for the tests in this directory. Where there is none they are skipped, visibly; with CI=true they fail.

Every page opened here is watched: a breach of the content security policy, an error of a script, an answer of 500 or anything kept in the
browser's storage fails the test that saw it (UX A29, A30).
"""

import os
import shutil
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEPT = {
    "htmx-current-path-for-history",
    "theme",
}  # the address of the page (htmx), light or dark (Django's admin): no word of a case
PATIENCE = 10_000  # milliseconds: two cores for everybody


def pytest_collection_modifyitems(items):
    browser_items = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in browser_items:
        item.add_marker(pytest.mark.browser)
    if browser_items and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # In memory the threads of a live server share one connection, and a page that saves twice at a time finds "table is locked".
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(settings.VAR_DIR / "test.sqlite3")


def chromium_path(playwright):
    """Where Chromium is, or None: CHROMIUM, one of the usual names, or the one that Playwright installed."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="session")
def chromium():
    """The browser of the session."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            say("No Chromium: install it (apt-get install --no-install-recommends chromium) or say where it is with CHROMIUM=…")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What no page may do."""

    faults: list[str] = field(default_factory=list)

    def follow(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("response", self._response)

    def look_for_kept_text(self, context):
        """Nothing of a case may stay in the browser's storage (UX A30)."""
        for page in context.pages:
            if page.url.startswith("http"):
                kept = page.evaluate("() => Object.entries({...localStorage, ...sessionStorage})")
                self.faults += [f"kept in the browser by {page.url}: {pair}" for pair in kept if pair[0] not in KEPT]

    def _console(self, message):
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def _response(self, response):
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")


@pytest.fixture
def open_browser(chromium, live_server, settings):
    """`open_browser(user, …)`: a page of a browser of its own, signed in as `user` (None: signed out)."""
    settings.SITE_URL = live_server.url
    contexts, watch = [], Watch()

    def open_page(user=None, *, javascript=True, width=1280, height=900, scheme="light", language="en", **options):
        context = chromium.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale=language,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if user is not None:
            sign_in(context, user, live_server.url)
        page = context.new_page()
        watch.follow(page)
        return page

    yield open_page
    for context in contexts:
        watch.look_for_kept_text(context)
        context.close()
    assert watch.faults == []


def sign_in(context, user, url):
    """Give the browser a session of this user, as signing in would (the sign-in page has a test of its own)."""
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": url}]
    )


@pytest.fixture(scope="session")
def axe_script():
    """The source of axe-core, from the development dependencies."""
    package = distribution("axe-playwright-python")
    path = next(file for file in package.files if file.name == "axe.min.js")
    return Path(package.locate_file(path)).read_text()

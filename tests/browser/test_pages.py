"""Every page as each customer of the demo sees it, in their language: accessible, no wider than the window, clean under the strict policy.

UX A1, A2, A29, A30. What the fixture `open_browser` watches for (policy, scripts, 500, storage) is watched here on every page.
"""

import pytest
from django.utils import timezone

from cases.models import Case, User
from portal.demo_world.world import load_world

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (320, 360, 1280)
WIDEST = """() => [...document.querySelectorAll("main *")].filter(one => one.getBoundingClientRect().right > innerWidth || one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
    .map(one => one.outerHTML.slice(0, 150)).slice(-1)[0]"""
CUSTOMER_PAGES = ["/", "/cases/", "/cases/new/", "/cases/new/describe/", "/preferences/", "/support-policy/"]
CARE_PAGES = ["/admin/", "/admin/care/queue/", "/admin/care/cases/", "/admin/care/phone/", "/admin/cases/organization/"]


@pytest.fixture
def world(policies, groups, db):
    """The demo's world as of now."""
    load_world(now=timezone.now())
    return {user.email.partition("@")[0]: user for user in User.objects.all()}


def faults_of(page, axe_script):
    """What is wrong on this page: rules of WCAG broken, widths at which it has to be scrolled sideways."""
    page.evaluate(axe_script)
    broken = page.evaluate("(levels) => axe.run(document, {runOnly: levels}).then(result => result.violations)", LEVELS)
    for rule in broken:
        yield f"{page.url} {rule['id']}: {rule['nodes'][0]['html'][:200]} ({len(rule['nodes'])} times)"
    height = page.viewport_size["height"]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            yield f"{page.url} is {overflow} px too wide at {width}: {page.evaluate(WIDEST)}"
    page.set_viewport_size({"width": 1280, "height": height})


def check(page, urls, axe_script):
    faults = []
    for url in urls:
        answer = page.goto(url)
        if answer.status != 200:
            faults.append(f"{url}: {answer.status}")
        else:
            faults += faults_of(page, axe_script)
    assert faults == []


@pytest.mark.parametrize(("name", "scheme"), [("claire", "light"), ("kenji", "dark"), ("olga", "light"), ("dana", "dark")])
def test_customers_pages_are_sound(world, open_browser, axe_script, name, scheme):
    user = world[name]
    cases = Case.objects.visible_to(user).order_by("pk")
    one_of_each_status = {case.status: f"/cases/{case.number}/" for case in cases}
    page = open_browser(user, scheme=scheme)
    check(page, [*CUSTOMER_PAGES, *one_of_each_status.values()], axe_script)
    assert page.locator("html").get_attribute("lang") == user.language


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark"), ("ja", "light"), ("ru", "dark")])
def test_care_pages_are_sound(world, open_browser, axe_script, language, scheme):
    User.objects.filter(pk=world["manager"].pk).update(language=language)
    cases = Case.objects.filter(organization__short_name="acme").order_by("pk")
    one_of_each_status = {case.status: f"/admin/care/case/{case.number}/" for case in cases}
    page = open_browser(world["manager"], scheme=scheme)
    check(page, [*CARE_PAGES, *one_of_each_status.values()], axe_script)


STEPS = ["call", "assign", "severity", "priority", "scope", "third-party", "promise", "restored", "resolution", "close"]


def test_steps_of_the_care_team_are_sound(world, open_browser, axe_script):
    """Each thing that can be done to a case has a page of its own; looked at in the language with the longest words."""
    User.objects.filter(pk=world["manager"].pk).update(language="ru")
    case = Case.objects.filter(organization__short_name="acme", status=Case.Status.IN_PROGRESS).first()
    caller = world["claire"].memberships.get()
    steps = [f"/admin/care/case/{case.number}/{step}/" for step in STEPS]
    check(
        open_browser(world["manager"]), [*steps, "/admin/care/phone/?caller=acme", f"/admin/care/phone/{caller.pk}/"], axe_script
    )


def test_pages_of_a_new_case_are_sound(world, open_browser, axe_script):
    """With a draft that waits for a call, and after sending."""
    case = Case.objects.filter(opened_by=world["lea"]).first()
    draft = world["lea"].drafts.get()
    pages = [f"/cases/new/describe/?draft={draft.code}", f"/drafts/{draft.code}/discard/", f"/cases/{case.number}/sent/"]
    check(open_browser(world["lea"], scheme="dark"), pages, axe_script)


def test_pages_without_sign_in_are_sound(open_browser, axe_script, language):
    check(open_browser(language=language), ["/account/login/", "/account/password/reset/"], axe_script)

"""The workspace of a case: what the care team sees there, and who may see and do it (UX S3)."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Draft
from sla.models import SupportPolicy
from sla.policies import current_version, rules_of
from tests.stories import open_case

from .visits import HOUR, PAGES, latest, sent, url


# --- what is seen ------------------------------------------------------------------------------------------------------
def test_workspace_shows_the_customer_and_their_local_time(desk, case):
    page = desk.get(url("care_case", case)).content.decode()
    assert "Acme" in page and "Customer local time:" in page and "Europe/Paris" in page


def test_workspace_shows_internal_notes_as_internal_and_the_customers_page_none(desk, signed_in, agent, contact, case):
    actions.add_internal_note(case, by=agent, text="Only for us: canary", now=timezone.now())
    page = desk.get(url("care_case", case)).content.decode()
    article = re.search(r"<article class=\"msg\" data-internal.*?</article>", page, re.S)[0]
    assert "Only for us: canary" in article and "Customers cannot see this." in article
    assert "canary" not in signed_in(contact).get(reverse("case", args=[case.number])).content.decode()


def test_reply_names_its_readers_on_the_button(desk, contact, colleague, case):
    assert "Send to Claire Martin<" in desk.get(url("care_case", case)).content.decode()
    actions.reply(case, by=colleague, text="Me too.", now=timezone.now())
    assert "Send to Claire Martin and 1 other<" in desk.get(url("care_case", case)).content.decode()


def test_severity_one_without_a_reachable_person_says_so(desk, contact):
    case = open_case(contact, now=timezone.now(), priority_code="critical")
    assert "Nobody is named who can be reached at any time." in desk.get(url("care_case", case)).content.decode()


def test_case_under_the_default_policy_says_so(desk, organization, contact):
    organization.agreements.all().delete()
    case = open_case(contact, now=timezone.now())
    assert "the targets of the default policy count" in desk.get(url("care_case", case)).content.decode()


def test_workspace_tells_what_was_checked_before_opening(desk, contact):
    code = next(iter(rules_of(current_version(SupportPolicy.objects.get(code="genesys-cloud"))).checklist)).code
    case = open_case(contact, now=timezone.now(), checklist=(code,))
    assert "Checked before opening" in desk.get(url("care_case", case)).content.decode()
    assert "Checked before opening" not in desk.get(url("care_case", open_case(contact, now=timezone.now()))).content.decode()


def test_logged_call_shows_both_times(desk, agent, case, opened_at):
    actions.log_call(case, by=agent, text="We talked.", started_at=opened_at + HOUR, now=timezone.now())
    assert "(logged" in desk.get(url("care_case", case)).content.decode()


def test_workspace_costs_twelve_statements_with_fifty_activities(desk, agent, contact, case, django_assert_max_num_queries):
    now = timezone.now()
    actions.assign(case, by=agent, owner=agent, now=now)
    for index in range(24):
        actions.reply(case, by=agent, text=f"Answer {index}", now=now)
        actions.reply(case, by=contact, text=f"Question {index}", now=now)
    Draft.objects.create(user=agent, kind=Draft.Kind.REPLY, case=case, data={"text": "Half a"}, updated_at=now)
    assert case.activities.count() >= 50
    desk.get(url("care_case", case))
    with django_assert_max_num_queries(12):
        page = desk.get(url("care_case", case)).content.decode()
    assert "Answer 23" in page and "Half a" in page


@pytest.mark.parametrize("name", ["case", *PAGES])
def test_pages_render_in_every_language(name, language, signed_in, agent, case):
    agent.language = language
    agent.save()
    answer = signed_in(agent).get(url(f"care_{name}", case))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


# --- who may -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["case", "case_updates", "case_clocks", *PAGES])
def test_case_of_another_region_is_missing(name, signed_in, agent, agent_of_all_regions, us_only_contact):
    case = open_case(us_only_contact, now=timezone.now(), priority_code="high")
    assert signed_in(agent).get(url(f"care_{name}", case)).status_code == 404
    assert signed_in(agent_of_all_regions).get(url(f"care_{name}", case)).status_code in (200, 204)


@pytest.mark.parametrize("name", ["reply", "note", "status", *PAGES])
def test_step_on_a_case_of_another_region_is_missing(name, signed_in, agent, us_only_contact):
    case = open_case(us_only_contact, now=timezone.now(), priority_code="high")
    before = case.activities.count()
    assert signed_in(agent).post(url(f"care_{name}", case), {"text": "Hello"}).status_code == 404
    assert case.activities.count() == before


def test_who_only_looks_gets_no_form_and_a_refused_post(signed_in, onlooker, case):
    client = signed_in(onlooker)
    page = client.get(url("care_case", case)).content.decode()
    assert "Your role in the care team does not include this." in page
    assert [name for name in ("reply", "note", "status", "severity") if url(f"care_{name}", case) in page] == []
    for name in ("reply", "note", "status", *PAGES):
        answer = client.post(url(f"care_{name}", case), sent(case, text="Hello"))
        assert answer.status_code == 403
        assert "Your role in the care team does not include this." in answer.content.decode()
    assert case.activities.count() == 2


# --- what refreshes ----------------------------------------------------------------------------------------------------
def test_updates_tell_what_is_newer_and_nothing_twice(desk, contact, case):
    known = latest(case).pk
    assert desk.get(url("care_case_updates", case), {"after": known}).status_code == 204
    newer = actions.reply(case, by=contact, text="News.", now=timezone.now())
    answer = desk.get(url("care_case_updates", case), {"after": known})
    assert "1 new update: show" in answer.content.decode()
    assert desk.get(url("care_case_updates", case), {"after": known, "told": newer.pk}).status_code == 204


def test_ones_own_doings_are_no_news(desk, agent, case):
    known = latest(case).pk
    actions.add_internal_note(case, by=agent, text="Mine.", now=timezone.now())
    assert desk.get(url("care_case_updates", case), {"after": known}).status_code == 204


def test_clocks_refresh_by_themselves(desk, case):
    page = desk.get(url("care_case_clocks", case)).content.decode()
    assert page.strip().startswith('<section id="care-case-clocks"') and "First response" in page

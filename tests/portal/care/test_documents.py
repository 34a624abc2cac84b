"""What the workspace asks for with a resolution, and what it does not offer while a case waits for an RCA (SPEC 8)."""

import pytest
from django.utils import timezone

from cases import actions
from cases.models import Case
from tests.stories import customer_under, fresh, intake, open_critical

from .visits import HOUR, sent, url

SUMMARY = {"description": "No audio in Lyon.", "findings": "Old firmware.", "restoration": "Replaced the edge."}


@pytest.fixture
def critical(policies, agent, opened_at):
    return open_critical(customer_under(policies["purecloud"]), agent=agent, now=opened_at)


@pytest.fixture
def isolated(policies, agent, opened_at):
    return open_critical(customer_under(policies["genesys-cloud-cx"]), agent=agent, now=opened_at, scope="ISOLATED")


@pytest.mark.parametrize("step", ["care_resolution", "care_close"])
def test_resolution_of_severity_1_asks_for_the_preliminary_rca(desk, critical, step):
    assert 'name="preliminary"' in desk.get(url(step, critical)).content.decode()
    answer = desk.post(url(step, critical), sent(critical, summary="Switched over."))
    assert answer.status_code == 422
    answer = desk.post(url(step, critical), sent(critical, summary="Switched over.", preliminary="A disk failed."))
    assert answer.status_code == 303
    page = desk.get(url("care_case", critical)).content.decode()
    assert "A disk failed." in page
    follow_up = Case.objects.get(follows=critical)
    assert f'Follow-up case: <a class="num" href="{url("care_case", follow_up)}">' in page


def test_resolution_asks_for_nothing_else_where_nothing_else_is_owed(desk, case):
    assert 'name="preliminary"' not in desk.get(url("care_resolution", case)).content.decode()
    assert url("care_summary", case) not in desk.get(url("care_case", case)).content.decode()
    assert desk.get(url("care_summary", case)).status_code == 403


def test_case_that_waits_for_an_rca_offers_no_end_and_says_why(desk, agent, critical):
    actions.close_case(critical, by=agent, summary="Switched over.", preliminary="A disk failed.", now=timezone.now())
    held = Case.objects.get(follows=critical)
    page = desk.get(url("care_case", held)).content.decode()
    assert url("care_resolution", held) not in page and url("care_close", held) not in page
    assert "This case stays open until the RCA is delivered." in page
    assert desk.post(url("care_close", held), sent(held, summary="Done.")).status_code == 403


def test_case_summary_comes_before_the_resolution_and_the_customer_reads_it(desk, signed_in, isolated):
    assert url("care_summary", isolated) in desk.get(url("care_case", isolated)).content.decode()
    answer = desk.post(url("care_resolution", isolated), sent(isolated, summary="Replaced."))
    assert answer.status_code == 422
    assert "Write the case summary first" in answer.content.decode()
    assert "Replaced." in answer.content.decode()

    assert desk.post(url("care_summary", isolated), sent(isolated, **SUMMARY)).status_code == 303
    assert desk.post(url("care_resolution", isolated), sent(isolated, summary="Replaced.")).status_code == 303
    page = signed_in(isolated.opened_by).get(f"/cases/{isolated.number}/").content.decode()
    section = page[page.index('id="case-summary"') :].partition("</section>")[0]
    assert all(text in section for text in SUMMARY.values())


@pytest.mark.parametrize("missing", SUMMARY)
def test_case_summary_without_a_part_comes_back_filled(desk, isolated, missing):
    answer = desk.post(url("care_summary", isolated), sent(isolated, **{**SUMMARY, missing: ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(text in page for name, text in SUMMARY.items() if name != missing)


def test_follow_up_is_opened_from_the_workspace_of_a_closed_case(desk, agent, case):
    assert desk.get(url("care_follow_up", case)).status_code == 403
    actions.close_case(case, by=agent, summary="Restarted.", now=timezone.now())
    form = {"subject": "What is left", "priority_code": "low", "description": "We send the report."}
    answer = desk.post(url("care_follow_up", case), sent(case, **form))
    new = Case.objects.get(follows=case)
    assert (answer.status_code, answer.url.partition("#")[0]) == (303, url("care_case", case))
    assert (new.opened_by, new.subject, new.priority_code) == (case.opened_by, "What is left", "low")


def test_pages_stay_within_their_statements(desk, signed_in, agent, isolated, django_assert_max_num_queries):
    """With a case summary, and three follow-ups of a case that was closed long ago."""
    now = timezone.now()
    actions.write_case_summary(isolated, by=agent, now=now, **SUMMARY)
    actions.close_case(fresh(isolated), by=agent, summary="Replaced.", now=now)
    Case.objects.filter(pk=isolated.pk).update(closed_at=now - 30 * 24 * HOUR)
    customer = signed_in(isolated.opened_by)
    for _follow_up in range(3):
        new = actions.open_follow_up(fresh(isolated), by=agent, intake=intake(), now=now)
        actions.close_case(new, by=agent, summary="Done.", now=now)
    for client, address in ((desk, url("care_case", isolated)), (customer, f"/cases/{isolated.number}/")):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200

"""The page that explains every clock of a case, to be printed (SPEC 5, "Explain")."""

import re
from datetime import timedelta

import pytest

from cases import actions
from sla.models import CalendarVersion
from tests.cases.views.visits import page_of, url
from tests.stories import fresh

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def page(client, case):
    answer = client.get(url("case_explanation", case))
    assert answer.status_code == 200
    return answer.content.decode()


def arithmetic(page):
    return "".join(re.findall(r'<section class="stack arithmetic">.*?</section>', page, re.DOTALL))


def test_page_tells_what_the_case_page_tells_of_every_clock(owned, contact, signed_in):
    client = signed_in(contact)
    told = page(client, owned)
    assert url("case_explanation", owned) in page_of(client, owned)
    assert told.count('class="stack arithmetic"') == owned.clocks.exclude(kind="CLOSING").count()
    assert "First response" in told
    assert "Time allowed: 2 h of business hours" in told or "Time allowed: 2 h of calendar time" in told


def test_page_tells_both_time_zones_where_they_differ(owned, contact, signed_in):
    contact.time_zone = "Asia/Tokyo"
    contact.save()
    told = page(signed_in(contact), owned)
    assert "Asia/Tokyo / Europe/Paris" in told
    assert "(UTC+9)" in told


def test_page_tells_why_there_is_no_target(contact, agent, signed_in, owned, lately):
    actions.change_severity(owned, by=agent, rank=4, reason="A question.", now=lately)
    assert "No target: " in page(signed_in(contact), owned)


def test_page_counts_a_pause_with_its_cause(owned, contact, agent, signed_in, lately):
    actions.change_severity(owned, by=agent, rank=1, reason="All down.", now=lately)
    actions.set_scope(fresh(owned), by=agent, scope="PLATFORM", now=lately)
    actions.await_customer(fresh(owned), by=agent, now=lately + timedelta(minutes=1))
    assert "awaiting the customer" in page(signed_in(contact), owned)


def test_page_does_not_change_with_a_later_version_of_the_calendar(owned, contact, signed_in):
    client = signed_in(contact)
    before = page(client, owned)
    version = owned.calendar_version
    CalendarVersion.objects.create(
        calendar=version.calendar,
        number=version.number + 1,
        definition=version.definition | {"windows": {"mon": [["01:00", "02:00"]]}},
        published_at=version.published_at,
    )
    assert arithmetic(page(client, owned)) == arithmetic(before) != ""


def test_page_is_told_in_the_readers_language(owned, contact, signed_in, language):
    contact.language = language
    contact.save()
    words = {
        "en": "How the clocks of case",
        "fr": "Calcul des compteurs SLA",
        "ja": "の計算方法",
        "ru": "Как рассчитаны таймеры SLA",
    }
    assert words[language] in page(signed_in(contact), owned)


def test_page_asks_a_fixed_number_of_questions(owned, contact, signed_in, django_assert_max_num_queries):
    client = signed_in(contact)
    with django_assert_max_num_queries(10):
        page(client, owned)

"""How far a contact has read a case: written by the case page, only where it shows something newer (SPEC 6)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.models import CaseRead
from tests.cases.views.visits import page_of, send

pytestmark = pytest.mark.django_db


def read_by(user, case):
    return CaseRead.objects.filter(user=user, case=case).values_list("activity_key", flat=True).first()


def latest(case):
    return case.activities.filter(visibility="CUSTOMER").latest("pk").pk


def test_page_notes_what_its_contact_has_read(owned, contact, colleague, agent, signed_in, lately):
    page_of(signed_in(contact), owned)
    assert (read_by(contact, owned), read_by(colleague, owned)) == (latest(owned), None)
    actions.reply(owned, by=agent, text="News", now=lately)
    assert read_by(contact, owned) < latest(owned)
    page_of(signed_in(contact), owned)
    assert read_by(contact, owned) == latest(owned)
    assert CaseRead.objects.count() == 1


def test_page_writes_nothing_where_nothing_is_new(owned, contact, signed_in):
    client = signed_in(contact)
    page_of(client, owned)
    with CaptureQueriesContext(connection) as queries:
        page_of(client, owned)
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))] == []


@pytest.mark.parametrize("query", ["?show=changes", "?show=messages", "?before=1"])
def test_page_that_shows_a_part_is_no_reading(owned, contact, signed_in, query):
    page_of(signed_in(contact), owned, query)
    assert read_by(contact, owned) is None


def test_read_only_colleague_leaves_no_mark(owned, reader, signed_in):
    page_of(signed_in(reader), owned)
    assert not CaseRead.objects.exists()


def test_internal_note_is_nothing_to_read(owned, contact, agent, signed_in, lately):
    page_of(signed_in(contact), owned)
    actions.add_internal_note(owned, by=agent, text="Secret", now=lately)
    page_of(signed_in(contact), owned)
    assert read_by(contact, owned) == latest(owned)


def test_who_writes_has_read_what_the_answer_shows(owned, contact, signed_in):
    send(signed_in(contact, htmx=True), "reply", owned, text="Here you are")
    assert read_by(contact, owned) == latest(owned)


def test_mark_never_goes_back(owned, contact, lately):
    for key in (5, 9, 7):
        actions.mark_read(owned, by=contact, key=key, now=lately)
    assert read_by(contact, owned) == 9

"""The same form sent many times at once opens one case; files sent at once stay within their number (SAFETY 5). On PostgreSQL, where
SQLite's one writer at a time hides what can go wrong.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from cases import actions
from cases.decision import Refused
from cases.models import Attachment, Case, Draft, SubmittedForm
from cases.models.drafts import SPEAKABLE
from cases.problem import Problem
from tests.cases.views.test_intake import ANSWERS, CODE, REVIEW
from tests.stories import intake

MANY = 6
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="many writers at once need PostgreSQL"),
]


def at_once(act):
    """What `act(number)` returned in each of many threads that began together."""
    start = Barrier(MANY)

    def one(number):
        start.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_form_sent_many_times_at_once_opens_one_case(contact, organization, now):
    actions.save_draft(CODE, by=contact, kind="CASE", organization=organization, data=ANSWERS, now=now)
    clients = [Client() for _each in range(MANY)]
    for client in clients:
        client.force_login(contact)
    answers = at_once(lambda number: clients[number].post(REVIEW))
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["Location"] for answer in answers} == {f"/cases/{Case.objects.get().number}/sent/"}
    assert SubmittedForm.objects.count() == 1
    assert not Draft.objects.exists()


def test_draft_taken_up_by_many_at_once_opens_one_case(contact, organization, agent, now):
    draft = actions.save_draft(CODE, by=contact, kind="CASE", organization=organization, data=ANSWERS, now=now)
    actions.refuse_draft(draft, now=now)

    def take_up(number):
        try:
            return actions.open_by_phone(
                organization, by=agent, contact=contact, intake=intake(), started_at=now, now=now, code=CODE
            ).number
        except Refused as refusal:
            return refusal.reason

    case_numbers = at_once(take_up)
    case = Case.objects.get()
    told = f"Case {case.number} has been opened from this draft already."
    assert sorted(case_numbers) == sorted([case.number, *[told] * (MANY - 1)])


def test_files_sent_at_once_stay_within_their_number(contact, now, settings):
    settings.ATTACHMENT_MAX_COUNT = 3
    draft = actions.save_draft(CODE, by=contact, kind="CASE", data={}, now=now)

    def keep(number):
        try:
            return actions.keep_file(SimpleUploadedFile(f"{number}.txt", b"words"), draft=draft, by=contact, now=now)
        except Problem as problem:
            return problem.code

    results = at_once(keep)
    assert results.count("too_many_files") == MANY - 3
    assert Attachment.objects.count() == 3


def test_first_words_saved_at_once_make_one_draft(contact, now):
    """A file chosen as the first thing is uploaded while the form saves itself. Many rounds: the gap in between is small."""
    codes = [f"{first}{second}AAAA" for first in SPEAKABLE[:6] for second in SPEAKABLE[:5]]
    for code in codes:
        at_once(
            lambda number, code=code: actions.save_draft(code, by=contact, kind="CASE", data={"subject": f"{number}"}, now=now)
        )
    assert Draft.objects.count() == len(codes)

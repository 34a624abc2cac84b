"""The customer's case page: what it shows, to whom, and what can be done there (UX C7, C9)."""

import pytest
from django.urls import reverse

from tests.stories import open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


def url(name, case):
    return reverse(name, args=[case.number])


def test_the_page_shows_the_case_to_its_contacts(case, contact, colleague, signed_in):
    for user in (contact, colleague):
        page = signed_in(user).get(url("case", case))
        assert page.status_code == 200
        assert case.subject in page.content.decode()

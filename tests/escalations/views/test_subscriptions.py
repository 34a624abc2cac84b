"""The pages of a subscription: one answer for every address, nothing changed by a GET, one click of a mail program."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cases.models import OutboxMessage
from escalations.models import StatusSubscriber
from tests.factories import StatusSubscriberFactory

FORM = "/status/subscription/"


def send(client, address="reader@example.org", **answers):
    return client.post(FORM, {"address": address, "language": "fr", **answers})


@pytest.fixture
def subscriber(db):
    """Somebody who has been asked."""
    return StatusSubscriberFactory(confirmed_at=None, created_at=timezone.now(), language="ja")


def page_of(subscriber, *more):
    return "/".join([f"{FORM}{subscriber.token}", *more, ""])


def test_form_leads_to_a_page_that_says_to_look_into_the_mail(client, db):
    response = send(client)
    assert (response.status_code, response.headers["Location"]) == (303, "/status/subscription/sent/?lang=en")
    assert "Look into your mail" in client.get(response.headers["Location"]).text
    assert StatusSubscriber.objects.get().language == "fr"


def test_pages_keep_the_language_of_the_status_page(client, db):
    assert '<option value="ja" selected>' in client.get(f"{FORM}?lang=ja").text
    response = client.post(f"{FORM}?lang=ja", {"address": "reader@example.org", "language": "ja"})
    assert '<html lang="ja"' in client.get(response.headers["Location"]).text


def test_answer_is_the_same_for_a_known_address(client, db):
    StatusSubscriberFactory(address="known@example.org")
    answers = [send(client, address=address) for address in ("known@example.org", "new@example.org")]
    assert len({(each.status_code, each.content, each.headers["Location"]) for each in answers}) == 1
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize(
    "answers",
    [
        {"address": ""},
        {"address": "no address"},
        {"address": "a@b"},
        {"address": "a@example.org\nBcc: b@example.org"},
        {"address": "x" * 250 + "@example.org"},
        {"address": "a\x00@example.org"},
        {"language": "xx"},
        {"language": ""},
    ],
)
def test_wrong_form_comes_back_with_what_was_typed(client, db, answers):
    response = send(client, **answers)
    assert response.status_code == 422
    assert 'class="error-summary"' in response.text
    assert not StatusSubscriber.objects.exists()


def test_one_network_address_causes_ten_mails_an_hour(client, db):
    codes = [send(client, address=f"reader{number}@example.org").status_code for number in range(12)]
    assert codes == [303] * 10 + [429] * 2
    assert OutboxMessage.objects.count() == 10
    cache.clear()
    assert send(client, address="reader11@example.org").status_code == 303


def test_signed_in_people_find_their_address_and_language(signed_in, stranger):
    page = signed_in(stranger).get(FORM).text
    assert f'value="{stranger.email}"' in page
    assert '<option value="ru" selected>' in page


def test_opening_the_mailed_link_changes_nothing(client, subscriber):
    for _turn in range(2):
        for address in (page_of(subscriber), page_of(subscriber, "end")):
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200
    subscriber.refresh_from_db()
    assert (subscriber.confirmed_at, subscriber.ended_at) == (None, None)


def test_button_of_the_mailed_link_confirms(client, subscriber):
    page = client.get(f"{page_of(subscriber)}?lang=ru")
    assert '<html lang="ru"' in page.text
    assert '<option value="ru" selected>' in page.text
    response = client.post(page_of(subscriber), {"language": "ru"})
    subscriber.refresh_from_db()
    assert response.status_code == 200
    assert subscriber.confirmed_at is not None
    assert subscriber.language == "ru"


def test_one_click_of_a_mail_program_ends_the_subscription(subscriber):
    """RFC 8058: a POST without cookies, token or session, answered without a redirect."""
    program = Client(enforce_csrf_checks=True)
    response = program.post(page_of(subscriber, "end"), {"List-Unsubscribe": "One-Click"})
    subscriber.refresh_from_db()
    assert response.status_code == 200
    assert subscriber.ended_at is not None
    assert program.post(page_of(subscriber, "end")).status_code == 200


def test_confirming_is_protected_against_other_sites(subscriber):
    assert Client(enforce_csrf_checks=True).post(page_of(subscriber), {"language": "ru"}).status_code == 403


def test_confirming_what_was_ended_says_so(client, subscriber):
    client.post(page_of(subscriber, "end"))
    response = client.post(f"{page_of(subscriber)}?lang=en", {"language": "en"})
    assert "The subscription has ended" in response.text


@pytest.mark.parametrize("token", ["x" * 32, "x", "%00" * 30, "..%2f" * 5, "x" * 5000])
def test_unknown_token_is_404(client, db, token):
    assert client.get(f"{FORM}{token}/").status_code == 404
    assert client.post(f"{FORM}{token}/end/").status_code == 404


@pytest.mark.parametrize("query", ["lang=xx", "lang=%00", "lang=" + "y" * 3000, "lang[]=fr"])
def test_query_that_makes_no_sense_leaves_the_page_whole(client, subscriber, query):
    assert client.get(f"{page_of(subscriber)}?{query}").status_code == 200

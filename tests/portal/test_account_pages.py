"""Every page of signing in, in every language: it renders, names its language, has one heading and nothing a strict policy refuses."""

import re

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
SIGNED_OUT = [
    "/account/login/",
    "/account/login/?next=/preferences/",
    "/account/signup/",
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-broken/",
]
SIGNED_IN = [
    "/preferences/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/account/password/change/",
    "/account/second-factor/",
    "/account/second-factor/app/activate/",
    "/account/second-factor/keys/",
    "/account/second-factor/keys/add/",
]


def assert_sound(response, language):
    page = response.text
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert re.findall(r"<title>\s*(?:–|$)", page) == []
    assert " style=" not in page
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("url", SIGNED_OUT)
def test_page_of_the_signed_out(url, language):
    assert_sound(Client(headers={"Accept-Language": language}).get(url), language)


@pytest.mark.parametrize("url", SIGNED_IN)
def test_page_of_the_signed_in(client, url, language):
    user = UserFactory(language=language)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})  # asked for before the second factor is touched
    assert_sound(client.get(url), language)


@pytest.mark.parametrize("url", ["/account/password/set/", "/admin/password_change/"])
def test_page_that_leads_to_the_change_of_password(signed_in, url):
    response = signed_in(UserFactory(is_staff=True)).get(url)
    assert response.headers["Location"] == "/account/password/change/"


def test_wrong_entries_are_told_beside_their_fields(client):
    user = UserFactory()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    answer = client.post("/account/password/change/", {"oldpassword": "wrong", "password1": "short", "password2": "other"})
    assert set(answer.context["form"].errors) == {"oldpassword", "password1"}
    assert 'id="id_oldpassword_error"' in answer.text
    assert "data-focus" in answer.text


@pytest.mark.parametrize("login", ["", "no address", "a" * 5000 + "@x.example", "claire\0@acme.example", "‮claire@acme.example"])
def test_hostile_address_is_refused_without_an_error_page(login):
    response = Client().post("/account/login/", {"login": login, "password": "x\0y"})
    assert response.status_code == 200
    assert response.context["form"].errors

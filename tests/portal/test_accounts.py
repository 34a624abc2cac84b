"""Signing in, out and with a second factor; what is open and what is not (SAFETY 2, STACK 2.5)."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from portal import secrets_at_rest
from tests.factories import StaffFactory, UserFactory
from tests.factories.people import PASSWORD

LOGIN = "/account/login/"
pytestmark = pytest.mark.django_db


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": user.email, "password": password, **more})


# --- sign-in -----------------------------------------------------------------------------------------------------------
def test_sign_in_leads_to_the_page_that_was_asked_for(client):
    user = UserFactory()
    assert client.get("/preferences/").headers["Location"] == "/account/login/?next=/preferences/"
    assert sign_in(client, user, next="/preferences/").headers["Location"] == "/preferences/"


def test_sign_in_takes_the_address_in_any_case(client):
    user = UserFactory(email="claire@acme.example")
    response = client.post(LOGIN, {"login": "Claire@ACME.example", "password": PASSWORD})
    assert response.status_code == 302
    assert client.get("/preferences/").context["user"] == user


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_never_leads_off_the_site(client, target):
    response = sign_in(client, UserFactory(), next=target)
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""])
def test_language_switch_never_leads_off_the_site(client, target):
    response = client.post("/language/", {"language": "fr", "next": target})
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_wrong_password_and_unknown_address_read_the_same(client):
    user = UserFactory()
    known = sign_in(client, user, "wrong password").text.replace(user.email, "X")
    unknown = client.post(LOGIN, {"login": "nobody@nowhere.example", "password": "wrong password"}).text
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"')
    assert strip.sub("", known) == strip.sub("", unknown.replace("nobody@nowhere.example", "X"))


def test_inactive_person_is_told_so_only_with_the_right_password(client):
    user = UserFactory(is_active=False)
    assert sign_in(client, user).headers["Location"] == "/account/inactive/"
    assert "This account is not active" in client.get("/account/inactive/").text
    assert sign_in(Client(), user, "wrong password").status_code == 200


def test_deactivation_ends_open_sessions_at_once(signed_in):
    user = UserFactory()
    client = signed_in(user)
    assert client.get("/preferences/").status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/preferences/").status_code == 302


def test_repeated_failures_lock_the_account_even_for_the_right_password(client):
    user = UserFactory()
    for _attempt in range(5):
        sign_in(Client(), user, "wrong password")
    response = sign_in(client, user)
    assert response.status_code == 200
    assert "Too many failed login attempts" in response.text


@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}})
def test_lock_after_failures_holds_in_the_shared_cache_table(client):
    user = UserFactory()
    for _attempt in range(5):
        sign_in(Client(), user, "wrong password")
    assert "Too many failed login attempts" in sign_in(client, user).text


def test_sign_out_by_post_only(signed_in):
    client = signed_in(UserFactory())
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/preferences/").status_code == 200
    assert client.post("/account/logout/").headers["Location"] == LOGIN
    assert client.get("/preferences/").status_code == 302


def test_there_is_no_sign_up(client):
    assert "There is no sign-up here" in client.get("/account/signup/").text
    response = client.post("/account/signup/", {"email": "new@nowhere.example", "password1": PASSWORD})
    assert "There is no sign-up here" in response.text


# --- password reset ----------------------------------------------------------------------------------------------------
def test_password_reset_by_mail_in_the_readers_language(client):
    user = UserFactory(name="Claire", language="en")
    client.post("/account/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form_page = client.get(link, follow=True)
    changed = client.post(
        form_page.redirect_chain[-1][0], {"password1": "another long secret", "password2": "another long secret"}
    )
    assert changed.status_code == 302
    assert sign_in(Client(), user, "another long secret").status_code == 302
    assert sign_in(Client(), user).status_code == 200


def test_password_reset_answers_the_same_for_an_unknown_address(client):
    known = client.post("/account/password/reset/", {"email": UserFactory().email})
    unknown = client.post("/account/password/reset/", {"email": "nobody@nowhere.example"})
    assert known.headers["Location"] == unknown.headers["Location"] == "/account/password/reset/sent/"
    assert [message.to for message in mail.outbox][1] == ["nobody@nowhere.example"]
    assert "There is no account with this address" in mail.outbox[1].body


def test_password_reset_link_works_once(client):
    user = UserFactory()
    client.post("/account/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "another long secret", "password2": "another long secret"})
    assert "This link no longer works" in Client().get(link, follow=True).text


# --- second factor -----------------------------------------------------------------------------------------------------
def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def still():
    """A verification code lives for 30 seconds of the wall clock: it stands still, just after a code began."""
    with time_machine.travel(1_800_000_001, tick=False):
        yield


def activate(client):
    url = reverse("mfa_activate_totp")
    page = client.get(url)
    if page.status_code == 302:  # "confirm that it is you" comes first, unless one has just signed in
        client.post(page.headers["Location"], {"password": PASSWORD})
        page = client.get(url)
    secret = page.context["form"].secret
    assert client.post(url, {"code": code_of(secret)}).status_code == 302
    return secret


def test_second_factor_is_asked_for_after_it_was_set_up(client, still):
    user = StaffFactory()
    sign_in(client, user)
    secret = activate(client)
    again = Client()
    assert sign_in(again, user).headers["Location"].startswith("/account/second-factor/authenticate/")
    assert again.get("/preferences/").status_code == 302
    assert again.get("/admin/").status_code == 302
    again.post("/account/second-factor/authenticate/", {"code": code_of(secret)})
    assert again.get("/preferences/").status_code == 200


def test_second_factor_code_is_not_taken_twice(client, still):
    user = UserFactory()
    sign_in(client, user)
    secret = activate(client)
    code = code_of(secret)
    first, second = Client(), Client()
    for other in (first, second):
        sign_in(other, user)
        other.post("/account/second-factor/authenticate/", {"code": code})
    assert first.get("/preferences/").status_code == 200
    assert second.get("/preferences/").status_code == 302


def test_care_staff_need_the_second_factor_everywhere_where_the_site_requires_it(client, settings, still):
    settings.REQUIRE_SECOND_FACTOR = True
    user = StaffFactory()
    sign_in(client, user)
    for page in ("/", "/preferences/", "/admin/"):
        assert client.get(page).headers["Location"] == "/account/second-factor/"
    assert "To go on, set one up." in client.get("/account/second-factor/").text
    secret = activate(client)
    assert "sign in again with your second factor" in client.get("/preferences/", follow=True).text
    again = Client()
    sign_in(again, user)
    again.post("/account/second-factor/authenticate/", {"code": code_of(secret)})
    assert again.get("/preferences/").status_code == 200


def test_customers_need_no_second_factor_where_the_site_requires_it(client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    sign_in(client, UserFactory())
    assert client.get("/preferences/").status_code == 200


def test_recovery_code_lets_in_once(client, still):
    user = UserFactory()
    sign_in(client, user)
    activate(client)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    for other in (first, second):
        sign_in(other, user)
        other.post("/account/second-factor/authenticate/", {"code": code})
    assert first.get("/preferences/").status_code == 200
    assert second.get("/preferences/").status_code == 302


def test_second_factor_seed_is_not_stored_in_clear(client, still):
    user = UserFactory()
    sign_in(client, user)
    secret = activate(client)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    assert secrets_at_rest.decrypt(stored) == secret


def test_seed_is_read_under_an_earlier_key(settings):
    token = secrets_at_rest.encrypt("seed")
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "a new key, long enough to be one: 0123456789"
    assert secrets_at_rest.decrypt(token) is None
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert secrets_at_rest.decrypt(token) == "seed"


def test_lost_key_refuses_the_code_and_does_not_fail(client, settings, still):
    user = UserFactory()
    sign_in(client, user)
    secret = activate(client)
    settings.SECRET_KEY = "a new key, long enough to be one: 0123456789"
    again = Client()
    sign_in(again, user)
    response = again.post("/account/second-factor/authenticate/", {"code": code_of(secret)})
    assert response.status_code == 200
    assert again.get("/preferences/").status_code == 302


# --- deny by default ---------------------------------------------------------------------------------------------------
OPEN_PAGES = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_logout",
    "admin_logout",
    "mfa_authenticate",
    "admin:login",
    "set_language",
    "healthz",
    "readyz",
    # the public status page, and its subscriptions by mail: their token is the permission
    "status_page",
    "status_incident",
    "status_json",
    "status_feed",
    "status_subscription",
    "status_subscription_sent",
    "status_subscription_confirm",
    "status_subscription_end",
    "wake_up",  # at night, by the token of the mailed link
}


def named_patterns(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from named_patterns(pattern.url_patterns, prefix + namespace)
        else:
            yield f"{prefix}{pattern.name}", pattern.callback


def test_only_the_pinned_pages_are_open_to_the_signed_out():
    open_pages = {name for name, view in named_patterns(get_resolver().url_patterns) if not getattr(view, "login_required", True)}
    assert open_pages == OPEN_PAGES


def test_admin_sends_the_signed_out_to_the_portals_sign_in(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/account/login/?next=")
    response = client.post("/admin/login/", {"username": "x", "password": "y"})
    assert response.headers["Location"].startswith("/account/login/")


def test_admin_does_not_exist_for_customers(signed_in):
    assert signed_in(UserFactory()).get("/admin/", follow=True).status_code == 404


# --- the end of a session ----------------------------------------------------------------------------------------------
def test_signed_out_htmx_get_moves_the_whole_window():
    response = Client(headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/preferences/?a=1"}).get("/preferences/")
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/account/login/?next=%2Fpreferences%2F%3Fa%3D1"


def test_signed_out_htmx_form_leaves_the_words_in_the_page():
    response = Client(headers={"HX-Request": "true"}).post("/preferences/", {"name": "a name"})
    assert response.status_code == 401
    assert "HX-Redirect" not in response.headers
    assert 'target="_blank"' in response.text


def test_signed_out_form_gives_the_words_back():
    words = "Since 08:15 every streamed answer longer than about 30 seconds is cut. <b>&"
    response = Client().post("/preferences/", {"name": words, "password": "a secret that is long enough"})
    assert response.status_code == 401
    assert "every streamed answer longer than about 30 seconds is cut. &lt;b&gt;&amp;" in response.text
    assert "a secret that is long enough" not in response.text


def test_form_without_valid_protection_gives_the_words_back():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    response = client.post("/preferences/", {"name": "words that took half an hour"})
    assert response.status_code == 403
    assert "words that took half an hour" in response.text


def test_signed_in_answers_are_not_kept_by_caches(signed_in):
    assert signed_in(UserFactory()).get("/").headers["Cache-Control"] == "no-store, private"

"""Language, time zone and theme: for the signed-in kept with the person, for anybody else in a cookie (UX C15)."""

import pytest
from django.test import Client

from cases.models import User
from portal.forms import PreferencesForm
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CHOICES = {"name": "Claire Martin", "language": "ja", "time_zone": "Asia/Tokyo", "theme": "dark", "live_updates": ""}


def test_language_of_the_signed_out_is_kept_in_a_cookie():
    client = Client(headers={"Accept-Language": "en"})
    assert '<html lang="en"' in client.get("/account/login/").text
    client.post("/language/", {"language": "ru", "next": "/account/login/"})
    assert '<html lang="ru"' in client.get("/account/login/").text


def test_language_of_the_signed_in_is_kept_with_the_person(signed_in):
    user = UserFactory(language="en")
    response = signed_in(user).post("/language/", {"language": "fr", "next": "/preferences/"})
    assert (response.status_code, response.headers["Location"]) == (303, "/preferences/")
    user.refresh_from_db()
    assert user.language == "fr"
    assert '<html lang="fr"' in signed_in(user).get("/preferences/").text


@pytest.mark.parametrize("language", ["", "xx", "de", "en\0", "../../etc/passwd", "j" * 5000])
def test_unknown_language_changes_nothing(signed_in, language):
    user = UserFactory(language="ja")
    assert signed_in(user).post("/language/", {"language": language}).status_code == 303
    user.refresh_from_db()
    assert user.language == "ja"


def test_preferences_are_saved_and_used_at_once(signed_in):
    user = UserFactory()
    client = signed_in(user)
    response = client.post("/preferences/", CHOICES)
    assert (response.status_code, response.headers["Location"]) == (303, "/preferences/")
    page = client.get("/preferences/").text
    assert '<html lang="ja" data-theme="dark" data-live="off">' in page
    user.refresh_from_db()
    assert (user.language, user.time_zone, user.theme, user.live_updates) == ("ja", "Asia/Tokyo", "dark", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("name", "Claire\0"),
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("theme", "pink"),
    ],
)
def test_wrong_preference_is_told_beside_its_field_and_nothing_is_lost(signed_in, field, value):
    user = UserFactory(name="Before", language="en")
    response = signed_in(user).post("/preferences/", CHOICES | {"language": "en"} | {field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.text
    assert "<title>Error: Preferences" in response.text
    user.refresh_from_db()
    assert user.name == "Before"


def test_preferences_change_nothing_else(signed_in):
    user = UserFactory()
    signed_in(user).post("/preferences/", CHOICES | {"is_staff": "on", "email": "other@nowhere.example", "support_regions": "[]"})
    user.refresh_from_db()
    assert not user.is_staff
    assert user.email != "other@nowhere.example"


def test_own_zone_stays_selectable_even_where_the_list_has_other_names(signed_in):
    user = UserFactory(time_zone="UTC")
    assert '<option value="UTC" selected>' in signed_in(user).get("/preferences/").text


def test_preferences_do_not_undo_what_an_administrator_does_meanwhile(contact):
    form = PreferencesForm(CHOICES, instance=User.objects.get(pk=contact.pk))
    assert form.is_valid()
    User.objects.filter(pk=contact.pk).update(is_active=False)
    form.save()
    contact.refresh_from_db()
    assert (contact.is_active, contact.language) == (False, "ja")

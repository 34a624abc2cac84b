"""Error pages in four languages; those for a broken server need neither database nor session (UX A46)."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import translation

from portal import urls
from portal.views import errors
from tests.factories import UserFactory

RAISED = {
    "bad": SuspiciousOperation("no"),
    "denied": PermissionDenied("Only designated contacts can open cases."),
    "missing": Http404(),
    "large": RequestDataTooBig("no"),
    "broken": ValueError("no"),
    "away": OperationalError("could not connect"),
}


def fail(request, what):
    raise RAISED[what]


fail.login_required = False
urlpatterns = [path("fail/<what>/", fail), *urls.urlpatterns]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500

STATUS = {"bad": 400, "denied": 403, "missing": 404, "large": 413, "broken": 500, "away": 503}


@pytest.fixture
def visitor(language):
    return Client(raise_request_exception=False, headers={"Accept-Language": language})


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("what", STATUS)
def test_error_page_in_the_visitors_language_without_database(visitor, language, what):
    """Nothing here may ask the database: the test has none."""
    response = visitor.get(f"/fail/{what}/")
    assert response.status_code == STATUS[what]
    assert f'<html lang="{language}"' in response.text
    with translation.override(language):
        assert str(errors.PAGES[STATUS[what]].heading).split(".")[0] in response.text


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("what", STATUS)
def test_error_for_htmx_is_a_banner(what):
    response = Client(raise_request_exception=False, headers={"HX-Request": "true"}).get(f"/fail/{what}/")
    assert response.status_code == STATUS[what]
    assert "<html" not in response.text
    assert 'class="banner"' in response.text


@override_settings(ROOT_URLCONF=__name__)
def test_denied_says_the_reason():
    assert "Only designated contacts can open cases." in Client().get("/fail/denied/").text


@override_settings(ROOT_URLCONF=__name__)
def test_broken_page_gives_a_reference_and_logs_it(caplog):
    response = Client(raise_request_exception=False).get("/fail/broken/")
    reference = next(record.args[1] for record in caplog.records if record.name == "portal.views.errors")
    assert reference in response.text
    assert len(reference) == 8


def test_page_of_too_many_requests_says_when_to_retry():
    response = errors.too_many_requests(RequestFactory(headers={"HX-Request": "true"}).post("/account/login/"))
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "300"


@pytest.mark.django_db
def test_wrong_method_gets_a_page(client):
    response = client.get("/language/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "Go back to the page before" in response.text


@pytest.mark.django_db
def test_missing_page_offers_a_search_to_the_signed_in(signed_in):
    response = signed_in(UserFactory()).get("/no-such-page/")
    assert response.status_code == 404
    assert 'role="search"' in response.text


# --- requests that make no sense ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_too_much_text_is_413_with_a_page(signed_in):
    response = signed_in(UserFactory()).post("/preferences/", {"name": "x" * (5 * 1024 * 1024)})
    assert response.status_code == 413
    assert "This is too large" in response.text


@pytest.mark.django_db
def test_too_many_fields_are_413(signed_in):
    response = signed_in(UserFactory()).post("/preferences/", {f"field{number}": "x" for number in range(400)})
    assert response.status_code == 413


@pytest.mark.django_db
def test_broken_multipart_is_400(signed_in):
    response = signed_in(UserFactory()).post("/preferences/", b"no parts", content_type="multipart/form-data; boundary=")
    assert response.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cases/CS-%00/", "/%ff%fe/", "/cases/CS-99999999999999999999/", "/" + "x" * 8000])
def test_address_that_makes_no_sense_is_404(signed_in, path):
    assert signed_in(UserFactory()).get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["next=%00", "next=%ff", "next=" + "x" * 9000, "next[]=1", "a=1&" * 500])
def test_query_that_makes_no_sense_leaves_the_sign_in_page_whole(client, query):
    assert client.get(f"/account/login/?{query}").status_code in (200, 413)

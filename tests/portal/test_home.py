import pytest

from tests.factories import UserFactory


@pytest.mark.django_db
def test_home_greets_the_person_in_the_shell(signed_in):
    response = signed_in(UserFactory(name="Claire Martin")).get("/")
    assert response.status_code == 200
    assert "Hello, Claire Martin" in response.text

"""Guessing passwords in parallel gets no further than guessing one after the other (SAFETY 2; STACK 2.5)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client, override_settings

from tests.factories import UserFactory

SHARED = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="many writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
@override_settings(CACHES=SHARED)
def test_parallel_guesses_are_limited_like_serial_ones():
    user = UserFactory()

    def guess(number):
        try:
            return (
                "are not correct" in Client().post("/account/login/", {"login": user.email, "password": f"wrong {number}"}).text
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        was_checked = list(pool.map(guess, range(40)))
    assert 1 <= was_checked.count(True) <= 5

"""Somebody who uses the portal without JavaScript: opens pages, fills in the forms that are really on them, presses their buttons."""

import re

from django.test import Client

from tests.page_forms import read_page


class Visitor:
    """A signed-in person at a browser. `text` is the page on the screen, `address` where it is."""

    def __init__(self, user):
        self.user, self.client = user, Client()
        self.client.force_login(user)
        self.address = self.text = ""

    def open(self, address, *, status=200):
        """Go to a page, following redirects."""
        return self._show(self.client.get(address, follow=True), status)

    def send(self, to, *, press=None, status=200, files=(), **typed):
        """Fill in the form of this page that posts to an address containing `to`, press its button (name=value), see what comes."""
        forms, _links = read_page(self.address, self.text)
        form = next(form for form in forms if to in form.url)
        data = {
            field.name: field.values for field in form.fields.values() if field.kind not in ("file", "button") and field.values
        }
        unknown = set(typed) - set(form.fields)
        assert not unknown, f"{unknown} are not on the form to {form.url}"
        answer = self.client.post(form.url, data | typed | (press or {}) | ({"files": files} if files else {}), follow=True)
        return self._show(answer, status)

    def _show(self, answer, status):
        assert answer.status_code == status, f"{answer.request['PATH_INFO']}: {answer.status_code}, not {status}"
        self.address = answer.request["PATH_INFO"] + ("?" + answer.request["QUERY_STRING"]).rstrip("?")
        self.text = answer.content.decode()
        return self

    @property
    def language(self):
        return re.search(r'<html lang="(\w+)"', self.text)[1]

    def sees(self, *words):
        """Are all these words on the page?"""
        return all(word in self.text for word in words)

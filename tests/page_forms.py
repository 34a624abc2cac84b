"""Finds the forms that POST on a page, as a browser would send them: where to, and which fields with which values."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TEXT_TYPES = {"text", "textarea", "email", "tel", "url", "search", "password"}


@dataclass
class Field:
    """One control: its type and what it would send; `choices` for radios, check boxes and selects."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def is_text(self):
        return self.kind in TEXT_TYPES

    @property
    def is_choice(self):
        return self.kind in ("radio", "checkbox", "select")


@dataclass
class PageForm:
    page: str
    url: str
    enctype: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def sends_files(self):
        return self.enctype == "multipart/form-data"

    def data(self, **changes):
        """What would be sent, with some values changed; None leaves a field out. Empty text fields get a word each."""
        sent = {one.name: one.values or self._something(one) for one in self.fields.values() if one.kind != "file"}
        sent |= changes
        return {name: value for name, value in sent.items() if value not in (None, [])}

    @staticmethod
    def _something(one):
        if one.is_text:
            return f"word-of-{one.name}"
        return one.choices[:1] if one.kind in ("radio", "select") else []


class _Parser(HTMLParser):
    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.page, self.forms, self.links = page, [], []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "a" and attributes.get("href"):
            self.links.append(urljoin(self.page, attributes["href"]))
        elif tag == "form":
            is_post = attributes.get("method", "get").lower() == "post"
            self.form = self._begin(attributes) if is_post else None
        elif self.form is not None and attributes.get("name") or tag == "option":
            self._control(tag, attributes)

    def _begin(self, attributes):
        form = PageForm(self.page, urljoin(self.page, attributes.get("action") or self.page), attributes.get("enctype", ""))
        self.forms.append(form)
        return form

    def _control(self, tag, attributes):
        match tag:
            case "input":
                self._input(attributes)
            case "textarea":
                self.textarea = self._field(attributes["name"], "textarea")
            case "select":
                self.select = self._field(attributes["name"], "select")
            case "option" if self.select is not None:
                self.select.choices.append(attributes.get("value", ""))
                if "selected" in attributes:
                    self.select.values.append(attributes.get("value", ""))
            case "button":
                self._field(attributes["name"], "button").choices.append(attributes.get("value", ""))

    def _input(self, attributes):
        kind = attributes.get("type", "text").lower()
        one, value = self._field(attributes["name"], kind), attributes.get("value", "")
        if kind in ("radio", "checkbox"):
            one.choices.append(value or "on")
            if "checked" in attributes:
                one.values.append(value or "on")
        elif kind not in ("file", "submit") and value:
            one.values = [value]

    def _field(self, name, kind):
        return self.form.fields.setdefault(name, Field(name, kind))

    def handle_data(self, data):
        if self.textarea is not None and data.strip():
            self.textarea.values = [*self.textarea.values, data]

    def handle_endtag(self, tag):
        match tag:
            case "form":
                self.form = self.select = self.textarea = None
            case "select":
                self.select = None
            case "textarea":
                self.textarea = None


def read_page(page, html):
    """The forms that POST and the links of a page."""
    parser = _Parser(page)
    parser.feed(html)
    return parser.forms, parser.links

"""What a template may not contain (HOUSE "HTMX", UX A4 and A15): nothing that a strict content security policy would have to allow."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]  # mails are read in mail programs, which know no style sheets

FORBIDDEN = {
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I),
    "JavaScript in an attribute": re.compile(r"\son[a-z]+\s*=|\shx-on|javascript:|hx-vals=['\"]js:", re.I),
    "filter in hx-trigger": re.compile(r"hx-trigger=\"[^\"]*\["),
    "hx-disable": re.compile(r"\bhx-disable\b(?!d)"),
    "title attribute": re.compile(r"<(?!title)[a-z][^>]*\stitle\s*=", re.I),
    "literal color": re.compile(r"[\"'\s:]#[0-9a-f]{6}\b|\brgba?\(", re.I),
    "absolute address": re.compile(r"(?:src|href|action)=\"https?://", re.I),
    "blocktranslate without trimmed": re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)"),
}


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_contain_none_of(what):
    found = [
        f"{name_of(path)}:{number}"
        for path in PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


def test_every_form_that_posts_carries_the_csrf_token():
    form = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.S | re.I)
    bare = [name_of(path) for path in PAGES for match in form.findall(path.read_text()) if "csrf_token" not in match]
    assert bare == []


def test_fragments_have_a_root_named_after_the_file():
    """`_case_timeline.html` -> `id="case-timeline"` (HOUSE "HTMX"); components are parts of fragments and exempt."""
    nameless = [
        name_of(path)
        for path in PAGES
        if path.name.startswith("_") and "components" not in path.parts and not _has_own_root(path)
    ]
    assert nameless == []


def _has_own_root(path):
    root_id = path.stem.removeprefix("_").replace("_", "-")
    return f'id="{root_id}' in path.read_text()

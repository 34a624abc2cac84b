"""The style sheets and scripts: contrast of every pair of colors, weight, no stranger's address, only icons that exist (UX A4, A43, A48)."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
FAMILIES = ("danger", "warn", "info", "ok", "neutral", "note")
TEXT, SHAPE = 4.5, 3.0  # floors of WCAG 1.4.3 and 1.4.11


def tokens():
    """{name: (light, dark)} of tokens.css."""
    found = re.findall(r"--p-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (STATIC / "tokens.css").read_text())
    return {name: (light, dark) for name, light, dark in found}


def pairs():
    """(foreground, background, floor) of everything that stands on something."""
    for background in ("page", "surface", "surface-2"):
        yield from ((text, background, TEXT) for text in ("text", "muted", "link", "link-hover", "link-visited"))
        yield from ((shape, background, SHAPE) for shape in ("border-strong", "focus"))
    yield from [("on-accent", "accent", TEXT), ("on-accent", "accent-hover", TEXT)]
    yield from [("accent", "surface", SHAPE), ("accent", "page", SHAPE)]
    for family in FAMILIES:
        yield from ((f"{family}-text", background, TEXT) for background in (f"{family}-soft", "surface", "page"))
        yield from ((text, f"{family}-soft", TEXT) for text in ("text", "muted", "link"))
        yield from ((f"{family}-line", background, SHAPE) for background in (f"{family}-soft", "surface"))
        yield f"on-{family}", f"{family}-solid", TEXT


def luminance(color):
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colors_has_its_contrast(scheme):
    colors = tokens()
    weak = [
        f"{front} on {back}: {ratio:.2f}"
        for front, back, floor in pairs()
        if (ratio := contrast(colors[front][scheme], colors[back][scheme])) < floor
    ]
    assert weak == []


def test_colors_stand_in_the_tokens_alone():
    """Elsewhere only black, white and gray of the printed page."""
    literal = re.compile(r"#(?!000\b|fff\b|999\b)[0-9a-f]{3,8}\b", re.I)
    assert literal.findall((STATIC / "portal.css").read_text()) == []


def test_text_is_never_put_in_capitals_by_style():
    assert [sheet.name for sheet in STATIC.glob("*.css") if re.search(r"text-transform:(?!\s*none)", sheet.read_text())] == []


def weight(*names):
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names) / 1024


def test_pages_stay_light():
    """Kilobytes as sent: style sheets 12, our script 3.5 (htmx has 16.5 more of the 20), icons 4."""
    assert weight("tokens.css", "portal.css") <= 12
    assert weight("portal.js") <= 3.5
    assert weight("icons.svg") <= 4


def test_nothing_comes_from_a_stranger():
    address = re.compile(r"https?://(?!www\.w3\.org/)")
    files = [path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg")]
    assert [path.name for path in files if address.search(path.read_text())] == []


def test_icons_asked_for_exist():
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "portal").rglob("*.py")]
    asked = {name for path in sources for name in re.findall(r'{% icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)"', path.read_text())}
    assert {name for pair in asked for name in pair if name} - known == set()

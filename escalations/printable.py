"""What the fonts of our PDFs can show, and what is drawn for the rest. Pure.

A missing glyph is a box on paper while the text behind it looks right (STACK 2.6), so every text goes through here before it is
set. Languages are ours and Latin, Greek, Cyrillic and Japanese script in general; the list is made by `pdf/fonts/make_fonts.py`.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from cases.text_cleaning import clean_characters

CHARACTERS = Path(__file__).parent / "pdf" / "fonts" / "characters.txt"
SIMILAR = str.maketrans("≒≓➔➜⟶✔✅☑✗✘✖❌▸►", "≈≈→→→✓✓✓××××▶▶")
STAND_IN = "\ufffd"  # drawn as a question mark in a diamond
# What joins or varies the character before it and has no shape of its own: without a glyph for the whole, nothing to show
JOINERS = re.compile("[\u00ad\u034f\u061c\u180e\u200c-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@cache
def shown_characters() -> frozenset[str]:
    """Every character that regular and bold have a glyph for."""
    spans = (line.partition("-") for line in CHARACTERS.read_text().split())
    points = (range(int(first, 16), int(latest or first, 16) + 1) for first, _, latest in spans)
    return frozenset(chr(point) for span in points for point in span) | {"\n", "\t"}


def printable(text: str) -> str:
    """The text in characters that our fonts have: composed, without controls and turns of direction; "�" for what is left."""
    text = _composed(text)
    if shown_characters().issuperset(text):
        return text
    return "".join(_shown(character) for character in text)


def unprintable_characters(text: str) -> list[str]:
    """The characters that a PDF shows as "�", each once, as they come: for a warning before a document is published."""
    return [character for character in dict.fromkeys(_composed(text)) if character != STAND_IN and _shown(character) == STAND_IN]


def _composed(text):
    return JOINERS.sub("", unicodedata.normalize("NFC", clean_characters(text))).translate(SIMILAR)


def _shown(character):
    if character in shown_characters():
        return character
    plain = unicodedata.normalize("NFKC", character)  # "𝟏" is "1", "ﬁ" is "fi"
    return plain if shown_characters().issuperset(plain) else STAND_IN

"""What everybody types goes through here before it is written, whatever the channel (SAFETY 7). Pure."""

import re
import unicodedata
from dataclasses import dataclass

from cases.secret_masking import mask

LIMIT = 20_000  # characters of one text; more belongs into a file
NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls but tab and newline; what turns the direction of writing; what cannot be seen (zero-width space and joiners of
# words, byte order mark, interlinear marks, tags); halves of characters. The zero-width joiners of emoji and scripts stay.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
SURROGATES = re.compile("[\ud800-\udfff]")
BLANK_ENDS = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text that may be stored, and the kinds of secret that were masked in it ("password", "api_key", …)."""

    text: str
    masked: list[str]


class TextTooLong(ValueError):
    """Raised where a text is longer than its limit: it is never cut."""

    def __init__(self, length, limit):
        super().__init__(f"{length} characters, {limit} allowed")
        self.length = length
        self.limit = limit


def clean_text(text, *, limit=LIMIT):
    """The text as it is stored: controls and tricks of direction out, newlines made one kind, ends trimmed, secrets masked.

    Raises TextTooLong above `limit` characters. Cleaning twice changes nothing.
    """
    text = clean_characters(text)
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    masked = mask(text)
    return CleanText(masked.text, [kind.value for kind in masked.kinds])


def clean_characters(text):
    """The text without what cannot be stored or seen; nothing is masked. For what is kept as it was typed, and for lengths."""
    text = NEWLINES.sub("\n", text)
    text = SURROGATES.sub("\ufffd", UNWANTED.sub("", text))
    return BLANK_ENDS.sub("", text).strip()


def clean_line(text):
    """The same as one line: every run of blanks is one space. For subjects and names."""
    return " ".join(clean_characters(text).split())


def is_blank(text):
    """True where nothing of the text can be seen."""
    return not any(unicodedata.category(char)[0] in "LNPS" for char in text)

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.text_cleaning import CleanText, TextTooLong, clean_line, clean_text, is_blank


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("  two\nlines \n", "two\nlines"),
        ("a\r\nb\rc\u2028d\x85e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("tab\tstays", "tab\tstays"),
        ("user\u202egnp.exe\u202c", "usergnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("half \ud83d here", "half \ufffd here"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("👩\u200d💻 会話 Ёж é", "👩\u200d💻 会話 Ёж é"),
        ("\ufffe\uffff", ""),
    ],
)
def test_text_is_stored_without_what_cannot_be_seen(typed, stored):
    assert clean_text(typed) == CleanText(stored, [])


def test_secrets_are_masked_and_named():
    assert clean_text("pass\u200bword: hunter2\x00") == CleanText("password: ••••••••", ["password"])


def test_too_long_text_is_refused_and_not_cut():
    with pytest.raises(TextTooLong) as refused:
        clean_text("x" * 11, limit=10)
    assert (refused.value.length, refused.value.limit) == (11, 10)


def test_length_is_counted_after_cleaning():
    assert clean_text("x" * 10 + "\x00" * 5 + "  ", limit=10).text == "x" * 10


def test_line_has_no_breaks():
    assert clean_line(" a\n\tb\u3000 c\r\n") == "a b c"


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), (" \n\u200d\u3000", True), ("\u0301", True), (".", False), ("日", False)]
)
def test_blank_is_what_cannot_be_seen(text, blank):
    assert is_blank(text) is blank


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once.text) == CleanText(once.text, [])


def test_a_megabyte_is_refused_quickly():
    started = time.process_time()
    for text in (
        "\x00" * 1_000_000 + "x" * 30_000,
        "\ud800" * 1_000_000,
        " " * 999_999 + "x" * 30_000,
        "\r" * 500_000 + "x" * 30_000,
    ):
        with pytest.raises(TextTooLong):
            clean_text(text + "x")
    assert time.process_time() - started < 5

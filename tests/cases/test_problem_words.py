"""Every problem that the pure rules can raise has its sentence, and every sentence finds its values."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from cases import attachment_rules, identifiers
from cases.actions import drafting
from cases.problem import Problem
from cases.problem_words import (
    CONVERSATION_IDS_SENTENCES,
    FILE_SENTENCES,
    ORGANIZATION_ID_SENTENCES,
    SHORT_NAME_SENTENCES,
    file_sentence,
    sentence,
)

ALL = [
    (sentences, code)
    for sentences in (SHORT_NAME_SENTENCES, ORGANIZATION_ID_SENTENCES, CONVERSATION_IDS_SENTENCES, FILE_SENTENCES)
    for code in sentences
]
VALUES = {"max": 26_214_400, "size": 27_000_000, "length": 300, "count": 31}
TEXTS = ["characters", "name", "names", "other", "organization", "value", "extension", "allowed"]


def raised_in(module):
    return set(re.findall(r'Problem\(\s*"(\w+)"', Path(module.__file__).read_text())) - {"empty"}


def test_every_code_has_a_sentence_somewhere():
    told = {code for _sentences, code in ALL}
    assert raised_in(identifiers) | raised_in(attachment_rules) | raised_in(drafting) <= told


@pytest.mark.parametrize(("sentences", "code"), ALL)
def test_sentence_is_filled_in_every_language(sentences, code, language):
    words = sentence(Problem(code, **VALUES, **dict.fromkeys(TEXTS, "Xx")), sentences)
    assert "%(" not in words
    assert words


def test_sizes_are_told_in_words():
    with translation.override("en"):
        words = file_sentence(Problem("file_too_large", name="a.mp4", size=27_000_000, max=26_214_400))
    assert words == "The file “a.mp4” is too large (25.7 MB). The maximum size is 25 MB."

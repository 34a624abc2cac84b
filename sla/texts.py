"""Texts kept in several languages: one dict by language code, English always there (HOUSE, "Decided for the data model")."""

from django.utils.translation import get_language

ENGLISH = "en"


def in_language(text, language=None):
    """The text in this language (default: the reader's), or in English where it is not translated. A plain string is given back as it is."""
    if not isinstance(text, dict):
        return text or ""
    return text.get(language or get_language() or ENGLISH) or text.get(ENGLISH, "")


def is_fallback(text, language=None):
    """True where `in_language` had to take English: the page marks the words with `lang="en"` and says so."""
    language = language or get_language() or ENGLISH
    return isinstance(text, dict) and language != ENGLISH and not text.get(language)

from django.utils import translation

from sla.texts import in_language, is_fallback

TEXT = {"en": "High", "fr": "Élevée"}


def test_in_language_takes_the_readers_language():
    with translation.override("fr"):
        assert in_language(TEXT) == "Élevée"


def test_in_language_falls_back_to_english():
    assert in_language(TEXT, "ja") == "High"
    assert in_language({"en": "High", "ja": ""}, "ja") == "High"


def test_in_language_of_no_text_is_empty():
    assert in_language({}) == ""
    assert in_language(None) == ""


def test_is_fallback_only_where_english_stands_in():
    assert is_fallback(TEXT, "ja")
    assert not is_fallback(TEXT, "fr")
    assert not is_fallback(TEXT, "en")

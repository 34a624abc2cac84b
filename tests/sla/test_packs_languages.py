"""Every text of the shipped packs in its four languages: complete, by the glossary, in each language's typography (glossary-notes)."""

import re
from dataclasses import fields, is_dataclass

from sla.shipped_packs import shipped_codes, shipped_rules

CLOUD, DIALOG = "genesys-cloud", "360dialog"
GENESYS = ("purecloud", CLOUD, "genesys-cloud-cx")
NAMES = re.compile(
    r"^(Collaborate|Communicate|(Genesys Cloud|Genesys Cloud CX|PureCloud) \d|Basic|Regular|Premium|Gold|WhatsApp API|Hub)$"
)
SAME_IN_FRENCH = {"Chat", "France"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def texts_of(value, path):
    """Every text below a value, with its path."""
    if is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for place, entry in enumerate(value):
            yield from texts_of(entry, f"{path}[{getattr(entry, 'code', place)}]")
    elif isinstance(value, dict) and "en" in value:
        yield path, value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from texts_of(entry, f"{path}[{name}]")


TEXTS = [pair for code in shipped_codes() for pair in texts_of(shipped_rules(code), code)]
PROSE = [(path, text) for path, text in TEXTS if not NAMES.match(text["en"])]


def faulty(language, pattern):
    """Paths of the texts in which a pattern is found that must not be there."""
    return [(path, text[language]) for path, text in TEXTS if re.search(pattern, text[language])]


def test_there_is_something_to_check():
    assert len(PROSE) > 500


def test_each_text_has_four_languages():
    assert [path for path, text in TEXTS if set(text) != {"en", "fr", "ja", "ru"} or not all(text.values())] == []


def test_nothing_is_left_in_english():
    same = [(path, text) for path, text in PROSE if text["fr"] == text["en"] and text["fr"] not in SAME_IN_FRENCH]
    assert same == []
    assert [path for path, text in PROSE if not JAPANESE.search(text["ja"])] == []
    assert [path for path, text in PROSE if not CYRILLIC.search(text["ru"])] == []


def test_no_script_strays_into_another_language():
    for language in ("en", "fr", "ja"):
        assert faulty(language, CYRILLIC) == []
    for language in ("en", "fr", "ru"):
        assert faulty(language, JAPANESE) == []


def test_japanese_typography():
    assert faulty("ja", r"[\u3040-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u3040-\u9fff]") == []
    assert faulty("ja", r"[\u3040-\u9fff][,.:;?!()]|[,:;?!()][\u3040-\u9fff]") == []
    assert faulty("ja", "あなた|私の|訴訟|案件|チケット|復元|修復|高値|チャンネル|電子メール|下さい|出来") == []


def test_french_typography():
    assert faulty("fr", r" [:;?!%»]|« |[a-zàéè]'[a-zàéèê]") == []
    assert faulty("fr", r"[^\u00a0/][:;?!%](?!//)(\s|$)") == []
    assert (
        faulty(
            "fr",
            r"(?i)ouvrable|restauration|soumettre|sauvegarder|impact commercial|\b(un|le|ce|du|des|les|vos) cas\b(?! échéant)|tickets?\b",
        )
        == []
    )


def test_russian_typography():
    assert faulty("ru", r" —|№ |\d%|\d (ч|мин|час|рабоч|дн)") == []
    assert faulty("ru", r"(?i)\b(еще|ее|учетн|отчет|серьезн|счет\b|все время|надежн)") == []
    assert faulty("ru", r"(?i)тикет|заявк|серьёзность|эскалаци\b|пострадавш|\bагент|API.?ключ|\bвам\b.*пожалуйста") == []


def test_english_is_american_and_plain():
    assert faulty("en", r"(?i)organisation|licence|successfully|acknowledgement|\bplease\b|'") == []


def test_glossary_names_of_severities():
    for code in GENESYS:
        assert shipped_rules(code).severity(1).name == {
            "en": "1 – Critical",
            "fr": "1 – Critique",
            "ja": "1 – クリティカル",
            "ru": "1\u00a0— Критический",
        }
    assert shipped_rules(DIALOG).severity(2).name["ru"] == "2\u00a0— Серьёзный"
    assert (
        shipped_rules(CLOUD).priority("low").name["fr"] == "Basse" and shipped_rules(CLOUD).severity(4).name["fr"] == "4 – Faible"
    )

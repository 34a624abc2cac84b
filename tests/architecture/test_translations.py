"""The catalogs: complete, up to the code, right in form, and really translated (HOUSE "Languages", glossary-notes 2)."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["fr", "ja", "ru"]
PLURAL_FORMS = {"fr": 2, "ja": 1, "ru": 4}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
TRANSLATING = {
    name + lazy: arguments
    for name, arguments in {
        "gettext": (0,),
        "ngettext": (0, 1),
        "pgettext": (0, 1),
        "npgettext": (0, 1, 2),
        "gettext_noop": (0,),
    }.items()
    for lazy in ("", "_lazy")
}
# Words that are the same in another language as in English. Everything else that repeats the English is not translated.
SAME = {
    "fr": {
        "%(count)s incident",
        "version %(version)s",
        "Actions",
        "Chat",
        "Contacts",
        "Date",
        "Description",
        "Document",
        "Incident",
        "Impact",
        "Incidents",
        "%(number)s, version %(version)s",
        "Message",
        "Messages",
        "Minutes",
        "Notes",
        "Page %(number)s",
        "Pages",
        "Question",
        "SLA",
        "Support",
        "Version",
        "Version %(version)s",
        "code",
        "cause",
        "description",
        "document",
        "impact",
        "incident",
        "incidents",
        "minutes",
        "position",
        "sections",
        "version",
    },
    "ja": {"SLA"},
    "ru": {"SLA"},
}


def catalog_path(language):
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request):
    found = polib.pofile(str(catalog_path(request.param)), check_for_duplicates=True)
    found.language = request.param
    return found


def translations_of(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def words_of(text):
    """What is left of a text without placeholders, digits and signs: empty, and there is nothing to translate."""
    return re.sub(r"[\W\d_]+", "", PLACEHOLDER.sub("", text))


# --- catalogs ----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_catalog_has_no_missing_fuzzy_or_obsolete_entry(catalog):
    assert [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy or entry.obsolete] == []


@pytest.mark.slow
def test_catalog_header_names_language_and_plural_forms(catalog):
    assert catalog.metadata["Language"] == catalog.language
    assert f"nplurals={PLURAL_FORMS[catalog.language]};" in catalog.metadata["Plural-Forms"]
    assert not catalog.metadata_is_fuzzy


@pytest.mark.slow
def test_every_plural_has_all_forms(catalog):
    wanted = list(range(PLURAL_FORMS[catalog.language]))
    wrong = [entry.msgid for entry in catalog if entry.msgid_plural and sorted(entry.msgstr_plural) != wanted]
    assert wrong == []


@pytest.mark.slow
def test_translations_keep_the_placeholders(catalog):
    """A singular may leave the number out ("one case"); nothing may be added or misspelt."""
    wrong = []
    for entry in catalog:
        known = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        needed = set() if entry.msgid_plural else known
        texts = [text for text in translations_of(entry) if text]
        wrong += [entry.msgid for text in texts if not needed <= set(PLACEHOLDER.findall(text)) <= known]
    assert wrong == []


@pytest.mark.slow
def test_catalog_does_not_repeat_the_english(catalog):
    repeated = [
        entry.msgid
        for entry in catalog
        if entry.msgid in translations_of(entry) and words_of(entry.msgid) and entry.msgid not in SAME[catalog.language]
    ]
    assert repeated == []


@pytest.mark.slow
def test_compiled_catalog_is_up_to_date(catalog):
    assert catalog_path(catalog.language).with_suffix(".mo").read_bytes() == catalog.to_binary()


@pytest.mark.slow
def test_msgfmt_finds_no_fault(catalog):
    if not shutil.which("msgfmt"):
        pytest.skip("msgfmt is not installed (apt-get install gettext); the tests above check the same with polib.")
    command = ["msgfmt", "--check", "--output-file=/dev/null", str(catalog_path(catalog.language))]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.slow
def test_french_has_no_break_spaces_where_french_typography_wants_them(catalog):
    if catalog.language != "fr":
        pytest.skip("French only")
    breaking = re.compile(r"[^\s\u00a0][ ][:;?!%»](?!\()|«[ ]|\u202f|\w[?!;](?:\s|$)")
    assert [text for entry in catalog for text in translations_of(entry) if breaking.search(PLACEHOLDER.sub("x", text))] == []


@pytest.mark.slow
def test_update_translations_changes_nothing(tmp_path):
    """In a copy of the sources: the catalogs are what the code says."""
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed (apt-get install gettext).")
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "tests", "__pycache__", "staticfiles", "static", ".*cache")
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=ignored)
    (copy / "static").mkdir()
    subprocess.run([sys.executable, "manage.py", "update_translations"], cwd=copy, check=True, capture_output=True, timeout=300)
    changed = [
        language
        for language in ["en", *LANGUAGES]
        if (copy / "locale" / language / "LC_MESSAGES" / "django.po").read_text() != catalog_path(language).read_text()
    ]
    assert changed == []


# --- sources -----------------------------------------------------------------------------------------------------------
def python_files():
    return [path for app in ("portal", "cases", "sla", "escalations") for path in (ROOT / app).rglob("*.py")]


def translated_arguments(tree):
    """(line, argument) of every call that marks a text for translation; `_` under whatever name it was imported."""
    names = {"_": (0,)} | TRANSLATING
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            for index in names[node.func.id]:
                if index < len(node.args):
                    yield node.lineno, node.args[index]


def faults_of(argument):
    if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
        return "is not a plain string: gettext cannot find it"
    if re.search(r"(?<!%)%[sdr]|\{\}|\{\d", argument.value):
        return "has a placeholder without a name"
    if argument.value != argument.value.strip():
        return "begins or ends with a space: a piece of a sentence"
    return None


def test_texts_for_translation_are_plain_strings_with_named_placeholders():
    found = [
        f"{path.relative_to(ROOT)}:{line} {fault}"
        for path in python_files()
        for line, argument in translated_arguments(ast.parse(path.read_text()))
        if (fault := faults_of(argument))
    ]
    assert found == []


def test_fault_finder_finds_faults():
    source = "_(f'a {b}')\ngettext('%s cases')\nngettext('%(count)s case', '%d cases', 1)\n_('ends with ')\n_('fine %(x)s')"
    faults = [faults_of(argument) for _line, argument in translated_arguments(ast.parse(source))]
    assert [bool(fault) for fault in faults] == [True, True, False, True, True, False]

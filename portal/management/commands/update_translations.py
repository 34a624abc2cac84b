from pathlib import Path

import polib
from django.conf import settings
from django.core.management import BaseCommand, call_command

LANGUAGES = [code for code, _name in settings.LANGUAGES]  # English too: its catalog may say a library's text in our words
IGNORED = ["tests/*", "var/*", ".venv/*", "staticfiles/*"]
PLURAL_FORMS = {
    "en": (2, "nplurals=2; plural=(n != 1);"),
    "fr": (2, "nplurals=2; plural=(n > 1);"),
    "ja": (1, "nplurals=1; plural=0;"),
    "ru": (
        4,
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1"
        " : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
    ),
}


class Command(BaseCommand):
    help = (
        "Bring the catalogs in locale/ up to the code (needs gettext), in a form that does not change when nothing has changed."
    )

    def handle(self, **options):
        call_command("makemessages", locale=LANGUAGES, ignore_patterns=IGNORED, no_location=True, no_obsolete=True, verbosity=0)
        for language in LANGUAGES:
            path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
            catalog = polib.pofile(str(path), wrapwidth=100)
            tidy(catalog, language)
            catalog.save()
            missing = sum(1 for entry in catalog if not entry.translated())
            self.stdout.write(f"{language}: {len(catalog)} entries, {missing} to translate.")


def tidy(catalog, language):
    """Right header and plural forms; no guesses: msgmerge's fuzzy entries are emptied, to be translated anew."""
    forms, header = PLURAL_FORMS[language]
    catalog.header = ""
    catalog.metadata_is_fuzzy = False
    catalog.metadata = {
        "Project-Id-Version": "support-portal",
        "PO-Revision-Date": "2026-01-01 00:00+0000",  # git knows the real ones
        "Last-Translator": "see the history of this file",
        "Language-Team": language,
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": header,
    }
    for entry in catalog:
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        if entry.msgid_plural:
            entry.msgstr_plural = {form: entry.msgstr_plural.get(form, "") for form in range(forms)}
        if language == "en" and not entry.translated():
            say_as_written(entry)


def say_as_written(entry):
    """English is what the code says, unless its catalog says otherwise."""
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid

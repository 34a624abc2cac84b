from pathlib import Path

import polib
from django.conf import settings
from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Make the .mo files of the catalogs in locale/, without gettext. They are committed, so that running the portal needs nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; fail where a .mo file is stale or a catalog incomplete."
        )

    def handle(self, *, check, **options):
        faults = []
        for path in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
            catalog = polib.pofile(str(path), check_for_duplicates=True)
            missing = sum(1 for entry in catalog if not entry.obsolete and not entry.translated())
            if check:
                faults += [f"{path}: {fault}" for fault in _faults(catalog, path, missing)]
            else:
                path.with_suffix(".mo").write_bytes(catalog.to_binary())
                self.stdout.write(f"{path.parts[-3]}: {len(catalog)} entries, {missing} not translated.")
        if faults:
            raise CommandError("\n".join(faults))


def _faults(catalog, path, missing):
    if missing:
        yield f"{missing} entries are not translated"
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalog.to_binary():
        yield "the .mo file is stale; run compile_translations"

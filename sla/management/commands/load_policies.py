"""manage.py load_policies [FILE …]: check pack and calendar files and publish them as new versions."""

from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from sla.calendar_files import is_calendar_file, read_calendars
from sla.models import Calendar
from sla.pack_files import LANGUAGES, read_pack
from sla.pack_yaml import PackError
from sla.publishing import CannotPublish, make_default, publish_calendar, publish_pack
from sla.shipped_packs import PACKS

DEFAULT_POLICY = "genesys-cloud"
WRONG, UNREADABLE = 1, 2  # exit codes


class Command(BaseCommand):
    help = (
        "Check pack and calendar files and publish them as new versions; loading the same files again changes nothing. "
        "Without FILE: the packs that ship with the portal. Exit code 1: a file is wrong; 2: a file cannot be read."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pack or calendar file (YAML)")
        parser.add_argument("--check", action="store_true", help="only check the files, publish nothing")
        parser.add_argument(
            "--languages",
            default=",".join(LANGUAGES),
            help="languages in which every text must be there (default: %(default)s); English always",
        )

    def handle(self, *, files, check, languages, verbosity, **options):
        self.is_quiet = verbosity < 1
        files = files or sorted(PACKS.glob("*.yaml"))
        calendars, packs = self.read_all(files, languages.split(","))
        if check:
            self.say(f"{len(files)} files checked, nothing to complain about.")
            return
        with transaction.atomic():
            self.publish_all(calendars, packs, timezone.now())

    def read_all(self, files, languages):
        """Read every file before anything is published; all mistakes of all files are told."""
        sources = {file: self.source_of(file) for file in files}
        self.wrong = 0
        calendars = {file: self.told(file, read_calendars, sources[file]) for file in files if is_calendar_file(sources[file])}
        known = self.known_calendars() | {one.code for found in calendars.values() for one in found or ()}
        read = partial(read_pack, calendars=known, languages=languages)
        packs = {file: self.told(file, read, sources[file]) for file in files if file not in calendars}
        if self.wrong:
            raise CommandError(f"{self.wrong} mistakes; nothing was loaded.", returncode=WRONG)
        return calendars, {file: (pack, sources[file].decode("utf-8-sig")) for file, pack in packs.items()}

    def source_of(self, file):
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=UNREADABLE) from error

    def told(self, file, read, source):
        """What reading gives, or None after telling every mistake with its file."""
        try:
            return read(source)
        except PackError as error:
            self.wrong += len(error.mistakes)
            for mistake in error.mistakes:
                self.stderr.write(f"{file}: {mistake}")
            return None

    def known_calendars(self):
        """The calendars that are published, and those that ship; --check works on a machine without a database, too."""
        shipped = {checked.code for checked in read_calendars((PACKS / "calendars.yaml").read_bytes())}
        has_table = Calendar._meta.db_table in connection.introspection.table_names()
        return shipped | set(Calendar.objects.values_list("code", flat=True) if has_table else ())

    def publish_all(self, calendars, packs, now):
        for file, found in calendars.items():
            for checked in found:
                self.publish(file, checked, partial(publish_calendar, checked, now=now))
        for file, (pack, source) in packs.items():
            self.publish(file, pack.rules, partial(publish_pack, pack, source=source, now=now))
        if make_default(DEFAULT_POLICY):
            self.say(f"{DEFAULT_POLICY} is the default policy now.")

    def publish(self, file, read, publish):
        """`read` is a calendar or the rules of a policy: both have a code and a version."""
        try:
            done = "published" if publish() else "unchanged"
        except CannotPublish as error:
            raise CommandError(f"{file}: {error} Nothing was loaded.", returncode=WRONG) from error
        self.say(f"{read.code} {read.version}: {done}")

    def say(self, sentence):
        if not self.is_quiet:
            self.stdout.write(sentence)

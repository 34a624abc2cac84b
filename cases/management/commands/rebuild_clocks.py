"""manage.py rebuild_clocks: derive every clock again from the timelines, tell what differs, and put it right."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cases.histories import histories
from cases.models import Case
from cases.timeline import locked, refresh_clocks
from sla.rebuilding import discrepancies

DIFFERENT = 1  # exit code


class Command(BaseCommand):
    help = (
        "Derive every SLA clock again from the timelines, each case under its own frozen versions, and tell where the stored clocks "
        "differ; none is expected. What differs is put right. Exit code 1: something differed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--case", metavar="CS-…", help="only this case")
        parser.add_argument("--dry-run", action="store_true", help="only tell, write nothing")

    def handle(self, *, case, dry_run, **options):
        self.is_dry, self.now = dry_run, timezone.now()
        looked_at, different = 0, 0
        for row, timeline in histories(self.chosen(case)):
            looked_at += 1
            different += self.rebuild(row, timeline)
        told = f"{looked_at} cases looked at, {different} differ."
        if different:
            raise CommandError(told if dry_run else f"{told} They are put right.", returncode=DIFFERENT)
        self.stdout.write(told)

    def chosen(self, number):
        cases = Case.objects.prefetch_related("clocks")
        if number and not cases.numbered(number).exists():
            raise CommandError(f"There is no case {number}.")
        return cases.numbered(number) if number else cases

    def rebuild(self, case, timeline):
        """Tell what differs in one case and put it right; True where anything did."""
        found = discrepancies(case, events=timeline, stored=list(case.clocks.all()), now=self.now)
        for one in found:
            self.stdout.write(
                f"{case.number} {one.kind or 'CASE'} {one.field}: stored {_text(one.stored)}, derived {_text(one.derived)}"
            )
        if found and not self.is_dry:
            _refresh(case, now=self.now)
        return bool(found)


@transaction.atomic
def _refresh(case, *, now):
    case = locked(case)
    refresh_clocks(case, now=now)
    case.save(update_fields=["next_due_at", "is_paused"])


def _text(value):
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)

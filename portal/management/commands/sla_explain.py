"""manage.py sla_explain: the clocks of a case in words, or questions in JSON answered line by line."""

import json
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from cases.models import Case
from cases.timeline import events_of
from escalations.vector_lines import answer_line
from sla.clocks import explanations
from sla.explanation_words import words_of


class Command(BaseCommand):
    help = "Explain the SLA clocks of a case in words, or answer business-time and policy questions, one JSON document per line."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("number", nargs="?", help="a case number, for example CS-1000042")
        parser.add_argument(
            "--lang", default="en", choices=[code for code, _ in settings.LANGUAGES], help="language of the words"
        )
        parser.add_argument(
            "--json-lines", action="store_true", help="read one JSON document per line, answer one JSON object per line"
        )

    def handle(self, *, number, lang, json_lines, **options):
        if json_lines:
            answer_lines(sys.stdin.buffer, self.stdout)
        elif number:
            with translation.override(lang):
                self.explain(number)
        else:
            raise CommandError("Name a case (CS-1000042), or say --json-lines.")

    def explain(self, number):
        case = Case.objects.numbered(number).with_terms().first()
        if case is None:
            raise CommandError(f"There is no case {number}.")
        zones = (case.time_zone, settings.TIME_ZONE)
        self.stdout.write(case.number)
        timeline = events_of(case.activities.order_by("pk"))
        for explanation in explanations(case, events=timeline, now=timezone.now()):
            self.stdout.write(as_text(words_of(explanation, zones)))


def as_text(words):
    lines = [f"  {line}" for line in (words.clause, words.basis, *words.lines, *words.result) if line]
    return "\n".join(["", words.title, *lines])


def answer_lines(lines, output):
    """Answer each line at once, so that a program on the other side can ask one after the other."""
    for line in lines:
        output.write(json.dumps(answer_line(line)))
        output.flush()

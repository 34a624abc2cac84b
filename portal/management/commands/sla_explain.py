import json
import sys

from django.core.management.base import BaseCommand, CommandError

from escalations.vector_lines import answer_line


class Command(BaseCommand):
    help = "Explain SLA clocks: answers business-time and policy questions, one JSON document per line."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--json-lines", action="store_true", help="read one JSON document per line, answer one JSON object per line"
        )

    def handle(self, *args, **options):
        if not options["json_lines"]:
            raise CommandError("Say --json-lines.")
        answer_lines(sys.stdin.buffer, self.stdout)


def answer_lines(lines, output):
    """Answer each line at once, so that a program on the other side can ask one after the other."""
    for line in lines:
        output.write(json.dumps(answer_line(line)))
        output.flush()

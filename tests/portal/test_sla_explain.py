import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.stories import open_case

ROOT = Path(__file__).parents[2]
CALENDAR = {"tz": "UTC", "windows": {"wed": [["08:00", "17:00"]]}}
QUESTION = {
    "kind": "business-time",
    "op": "add_business",
    "calendar": CALENDAR,
    "input": {"start": "2027-03-10T09:00:00Z", "minutes": 120},
}
NONSENSE = [
    b"",
    b"nonsense",
    b"[]",
    b"null",
    b"\xff\xfe\xff",
    b"[" * 100_000,
    b'{"kind": "weather"}',
    b'{"kind": "business-time"}',
]


def test_sla_explain_answers_every_line_at_once_and_survives_nonsense():
    command = [sys.executable, "manage.py", "sla_explain", "--json-lines"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def ask(line):
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        for line in NONSENSE:
            assert list(ask(line)) == ["error"]
            assert ask(json.dumps(QUESTION).encode()) == {"due": "2027-03-10T11:00:00Z"}
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize(("language", "clause"), [("en", "2 business hours"), ("ja", "2営業時間以内"), ("ru", "рабочих часов")])
def test_sla_explain_tells_the_clocks_of_a_case_in_words(contact, now, language, clause):
    case = open_case(contact, now=now)
    output = StringIO()
    call_command("sla_explain", case.number, lang=language, stdout=output)
    told = output.getvalue()
    assert told.startswith(case.number)
    assert clause in told
    assert "10:00" in told and "UTC+1" in told  # in the customer's zone …
    assert "09:00" in told  # … and in the care team's


def test_sla_explain_names_a_case_that_does_not_exist(db):
    with pytest.raises(CommandError, match="CS-1999999"):
        call_command("sla_explain", "CS-1999999")


def test_sla_explain_wants_a_question():
    with pytest.raises(CommandError, match="--json-lines"):
        call_command("sla_explain")

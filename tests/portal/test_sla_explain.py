import json
import subprocess
import sys
from pathlib import Path

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

"""A process that is killed while it restores an incident: nothing of it happened, or the next sweep completes it, each case once (ISSUE 4)."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CASES = 12  # four under each of three policies
DONE = {
    "incident": "RESTORED",
    "updates": 1,
    "restored": 12,
    "proposed": 8,  # `genesys-cloud-cx` does not resolve by itself
    "told by mail": 8,
    "waiting for the RCA": 4,  # `purecloud`
    "told twice": 0,
    "left over": 0,
}
NOTHING = dict.fromkeys(DONE, 0) | {"incident": "IDENTIFIED", "left over": CASES}


def run(database, *command):
    line = [sys.executable, "-m", "tests.faults.restoring", *command]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)


def report(database):
    return json.loads(run(database, "report").stdout)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    database = tmp_path_factory.mktemp("restoration") / "filled.sqlite3"
    done = run(database, "fill", str(CASES))
    assert done.returncode == 0, done.stderr.decode()
    return database


@pytest.mark.parametrize(
    ("table", "count", "is_restored"),
    [
        ("escalations_incidentupdate", 1, False),  # in the incident's own transaction
        ("escalations_caselink", 1, True),  # the first case is claimed
        ("escalations_caselink", 6, True),
        ("cases_outboxmessage", 4, True),  # a case is told, its mail is being written
    ],
)
def test_killed_restoration_is_nothing_or_is_completed(filled, tmp_path, table, count, is_restored):
    database = shutil.copy(filled, tmp_path / "killed.sqlite3")
    assert run(database, "restore", table, str(count)).returncode == -signal.SIGKILL
    after_the_kill = report(database)
    run(database, "sweep")
    if is_restored:
        assert (after_the_kill["incident"], after_the_kill["left over"] > 0) == ("RESTORED", True)
        assert report(database) == DONE
    else:
        assert after_the_kill == report(database) == NOTHING

"""Many sweepers at once, some of them killed: every breach is announced once and told once (SAFETY 6, ISSUE 3 "Must show").

The sizes are small by default; `SWEEP_FAULT_CLOCKS=5000 SWEEP_FAULT_KILL_SECONDS=2` gives the full ones. Run with -s to see the table.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

CLOCKS = int(os.environ.get("SWEEP_FAULT_CLOCKS", "400"))
KILL_SECONDS = float(os.environ.get("SWEEP_FAULT_KILL_SECONDS", "2"))
SWEEPERS = 8
PATIENCE = 60 + CLOCKS / 10  # seconds
ROOT = Path(__file__).parents[2]


class Crew:
    """Processes of `tests.faults.sweeping` on a database of their own."""

    def __init__(self, database_url, logs):
        latency = "0.05" if database_url.startswith("postgres") else "0"
        self.environment = os.environ | {"DATABASE_URL": database_url, "LATENCY": latency}
        self.log = (logs / "processes.log").open("wb")
        self.running = []

    def ask(self, *command):
        """Run a command to its end; returns what it says."""
        done = subprocess.run(self._line(*command), cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=300)
        return done.stdout.decode()

    def start(self, command):
        process = subprocess.Popen(self._line(command), cwd=ROOT, env=self.environment, stderr=self.log)
        self.running.append(process)
        return process

    def kill_one(self):
        """Kill -9 any of them, and put a new one in its place."""
        victim = self.running.pop(random.randrange(len(self.running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.start("sweep")

    def end(self):
        for process in self.running:
            process.kill()
            process.wait()
        self.log.close()

    def errors(self):
        return Path(self.log.name).read_text()

    @staticmethod
    def _line(*command):
        return [sys.executable, "-m", "tests.faults.sweeping", *command]


def run_until_done(crew, *, kill_seconds=None):
    """Wait until nothing is left over; returns a report and how many were killed."""
    ends_at, killed = time.monotonic() + PATIENCE, 0
    watcher = crew.start("watch")
    crew.running.remove(watcher)
    while watcher.poll() is None and time.monotonic() < ends_at:
        time.sleep(kill_seconds or 1)
        if kill_seconds:
            crew.kill_one()
            killed += 1
    watcher.kill()
    return json.loads(crew.ask("report")), killed


def check(report, killed):
    for name, figure in {**report, "killed": killed}.items():
        sys.stdout.write(f"{name:<24}{figure:>8}\n")
    told_once = {"announced": CLOCKS, "dated at the due time": CLOCKS, "notices": CLOCKS}
    never = {"announced twice": 0, "told twice": 0, "left over": 0}
    assert {name: report[name] for name in (*told_once, *never)} == told_once | never


@pytest.fixture
def crew(request, tmp_path):
    crew = Crew(request.getfixturevalue(request.param), tmp_path)
    yield crew
    crew.end()


@pytest.fixture
def postgres_url(django_db_setup, django_db_blocker):
    """A database of its own beside the tests'."""
    name = f"sweep_faults_{os.getpid()}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        server = connection.settings_dict
        yield f"postgres://{server['USER']}:{server['PASSWORD']}@{server['HOST'] or '127.0.0.1'}:{server['PORT'] or 5432}/{name}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'sweep.sqlite3'}"


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.parametrize("crew", ["postgres_url"], indirect=True)
def test_eight_sweepers_of_which_one_is_killed_again_and_again_tell_everything_once(crew):
    crew.ask("fill", str(CLOCKS))
    for _one in range(SWEEPERS):
        crew.start("sweep")
    check(*run_until_done(crew, kill_seconds=KILL_SECONDS))
    assert "Error" not in crew.errors()


@pytest.mark.slow
@pytest.mark.parametrize("crew", ["sqlite_url"], indirect=True)
def test_two_sweepers_and_a_writer_on_sqlite_double_nothing_and_lock_nobody_out(crew):
    crew.ask("fill", str(CLOCKS))
    for command in ("write", "sweep", "sweep"):
        crew.start(command)
    report, killed = run_until_done(crew)
    check(report, killed)
    assert report["notes"] > 0
    assert crew.errors() == ""

"""`manage.py demo`: it makes the same kind of world on whatever day, refuses a production site, serves, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, User
from portal.demo_world.world import load_world
from sla.models import Clock

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 22, 3, 0, tzinfo=UTC),  # Sunday night
        datetime(2027, 1, 1, 12, 0, tzinfo=UTC),  # a holiday nearly everywhere
        datetime(2026, 5, 5, 8, 0, tzinfo=UTC),  # Golden Week
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),  # Monday after the clocks changed
    ],
    ids=lambda now: f"{now:%a %d %b}",
)
def test_world_shows_every_state_on_whatever_day_it_is_made(policies, groups, now):
    load_world(now=now)
    assert set(Case.objects.values_list("status", flat=True)) == set(Case.Status.values)
    assert set(Case.objects.exclude(severity_rank=None).values_list("severity_rank", flat=True)) == {1, 2, 3, 4}
    assert Case.objects.filter(severity_rank=None).exists()
    wanted = {
        Clock.State.MET,
        Clock.State.RUNNING,
        Clock.State.PAUSED,
        Clock.State.BREACHED,
        Clock.State.MISSED,
        Clock.State.NO_TARGET,
    }
    assert wanted - set(Clock.objects.values_list("state", flat=True)) == set()


def test_demo_refuses_a_production_site(settings, db):
    settings.DEMO = False
    with pytest.raises(CommandError, match="production"):
        call_command("demo", no_serve=True, stdout=StringIO())
    assert not User.objects.exists()


def test_demo_says_that_the_port_is_taken_before_it_starts_anything(db):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken"):
            call_command("demo", port=port, stdout=StringIO())
    assert not User.objects.exists()


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory):
    """The environment of a bare machine: a database and files of its own, in which the demo was loaded once."""
    directory = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "SITE_URL")}
    environment |= {
        "DATABASE_URL": f"sqlite:///{directory / 'demo.sqlite3'}",
        "MEDIA_ROOT": str(directory / "media"),
        "Q_WORKERS": "1",
    }
    loaded = run_demo(environment, "--no-serve")
    printed, _nothing = loaded.communicate(timeout=120)
    assert loaded.returncode == 0, printed
    assert "was made" in printed
    return environment


def run_demo(environment, *options):
    """The demo as somebody starts it in a terminal."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def demo(surroundings):
    """The demo, started for the second time, with a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = run_demo(surroundings, "--port", str(port))
    yield process, port
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def status_of(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=10) as answer:
            return answer.status
    except (urllib.error.URLError, ConnectionError):
        return None


def read_until(process, words):
    """What the process printed up to these words; fails with all of it where they do not come."""
    printed = []
    for line in process.stdout:
        printed.append(line)
        if words in line:
            return "".join(printed)
    pytest.fail(f"The demo ended without saying {words!r}:\n{''.join(printed)}")


def family_of(pid):
    """The process and all its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        parents[int(stat.parent.name)] = int(fields[1])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def family_when_complete(pid):
    """Itself, gunicorn and its worker, the cluster with its guard, worker, monitor and pusher: eight."""
    ends_at = time.monotonic() + 20
    while len(family := family_of(pid)) < 8:
        assert time.monotonic() < ends_at, f"only {len(family)} processes"
        time.sleep(0.1)
    return family


def alive(pids):
    def is_alive(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return {pid for pid in pids if is_alive(pid)}


def ended_within(seconds, pids):
    ends_at = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < ends_at:
        time.sleep(0.1)
    return not alive(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and counts on the kernel's parent-death signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_demo_serves_and_leaves_no_process_behind(demo, number):
    process, port = demo
    printed = read_until(process, "Ctrl-C")
    assert "kept as it is" in printed and "claire@acme.example" in printed and str(port) in printed
    assert status_of(port) == 200
    family = family_when_complete(process.pid)
    process.send_signal(number)
    assert ended_within(30, family), f"still there: {alive(family)}"
    assert process.wait() == (-number if number == signal.SIGKILL else 0)
    assert status_of(port) is None

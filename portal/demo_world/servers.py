"""The demo's web server and worker as child processes that never outlive it, not even when it is killed with -9."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
PR_SET_PDEATHSIG = 1


class ServerEnded(Exception):
    """One of the two ended by itself, or the web server did not answer."""


def port_is_free(port):
    """Can the web server listen on this port?"""
    if not 0 < port <= 65535:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def address(port):
    return f"http://{HOST}:{port}"


@contextmanager
def running(port):
    """Web server and worker, stopped when the block is left. Yields them by name; raises ServerEnded where the portal does not answer."""
    processes = {}
    try:
        for name, command in _commands(port).items():
            processes[name] = _start(command, port)
        _wait_until_it_answers(port, processes)
        yield processes
    finally:
        _stop(processes.values())


def wait_for_one_to_end(processes):
    """Blocks. The name of the first process that ends."""
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                return name
        time.sleep(0.25)


def _commands(port):
    gunicorn = ["-b", f"{HOST}:{port}", "-k", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    return {
        "web server": [sys.executable, "-m", "gunicorn", "portal.wsgi", *gunicorn],
        "worker": [sys.executable, "manage.py", "qcluster"],
    }


def _start(command, port):
    # a session of its own: Ctrl-C reaches this process alone, which then tells each server's main process (STACK 2.1)
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={"SITE_URL": address(port), **os.environ},
        start_new_session=True,
        preexec_fn=_end_with_parent(os.getpid()),
    )


def _end_with_parent(parent):
    """On Linux the kernel sends the child SIGTERM when this process is gone, whatever ended it."""

    def prepare():
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it was gone before we asked
                os._exit(1)

    return prepare


def _wait_until_it_answers(port, processes):
    ends_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends_at:
        for name, process in processes.items():
            if process.poll() is not None:
                raise ServerEnded(f"The {name} ended while starting; its messages stand above.")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise ServerEnded(f"The web server does not answer on port {port}.")


def _stop(processes):
    processes = [process for process in processes if process.poll() is None]
    for process in processes:
        process.terminate()  # the main process only: the worker hangs when its whole group gets SIGTERM
    for process in processes:
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

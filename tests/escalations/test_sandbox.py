"""A process that is closed in opens nothing outside of its folder and reaches nobody (SAFETY 9)."""

import socket
import subprocess
import sys

import pytest

ATTEMPTS = {
    "open(allowed).read()": "",
    "open('/etc/passwd').read()": "PermissionError",
    "open(allowed, 'a').close()": "PermissionError",
    "open(allowed + '.new', 'w').close()": "PermissionError",
    "os.listdir('/')": "PermissionError",
    "socket.create_connection(('127.0.0.1', port), 2)": "OSError",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))": "OSError",
    "subprocess.run(['/bin/true'])": "PermissionError",
}
PROGRAM = """
import os, socket, subprocess, sys
from escalations.sandbox import close_in
folder, allowed, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
missing = close_in(folder)
try:
    {attempt}
    print("done", *missing)
except OSError as error:
    print(type(error).__name__, *missing)
"""


@pytest.fixture
def outcome(tmp_path):
    """What becomes of an attempt in a process that is closed in, and what the kernel does not offer for it here."""
    allowed = tmp_path / "inside" / "template.txt"
    allowed.parent.mkdir()
    allowed.write_text("words")

    def try_it(attempt):
        with socket.create_server(("127.0.0.1", 0)) as server:
            arguments = [str(allowed.parent), str(allowed), str(server.getsockname()[1])]
            command = [sys.executable, "-c", PROGRAM.format(attempt=attempt), *arguments]
            told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.split()
        return told[0], told[1:]

    return try_it


@pytest.mark.parametrize(("attempt", "refusal"), ATTEMPTS.items())
def test_process_that_is_closed_in_can_only_read_its_folder(outcome, attempt, refusal):
    what, missing = outcome(attempt)
    if refusal and missing:
        pytest.skip(f"This kernel does not close off: {', '.join(missing)}")
    assert (what == "done") == (refusal == "")
    assert refusal != "PermissionError" or what == "PermissionError"

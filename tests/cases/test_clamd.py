"""The scanner's protocol, spoken with a small scanner on localhost."""

import io
import socket

import pytest

from cases import clamd
from tests.cases.scanners import EICAR, LIMIT, scanner


@pytest.fixture(scope="module")
def url():
    with scanner() as running:
        yield running.url


@pytest.mark.parametrize(
    ("content", "infected"),
    [(b"all is well", False), (b"", False), (EICAR, True), (b"x" * (clamd.CHUNK - 9) + EICAR, True), (b"x" * LIMIT, False)],
)
def test_verdict_on_a_file_of_any_length(url, content, infected):
    assert clamd.is_infected(io.BytesIO(content), url=url) == infected


def test_file_above_the_scanners_limit_gets_no_verdict(url):
    with pytest.raises(clamd.ScanFailed):
        clamd.is_infected(io.BytesIO(b"x" * (LIMIT + 1)), url=url)


def test_scanner_that_is_not_there_is_down():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for url in (f"tcp://127.0.0.1:{port}", "unix:///no/such/socket"):
        with pytest.raises(clamd.ScannerDown):
            clamd.is_infected(io.BytesIO(b"x"), url=url)


def test_scanner_that_hangs_up_or_is_silent_gives_no_verdict(monkeypatch):
    monkeypatch.setattr(clamd, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(clamd.ScanFailed):
        clamd.is_infected(io.BytesIO(b"x"), url=f"tcp://127.0.0.1:{silent.getsockname()[1]}")


def test_scanner_behind_a_socket_file_is_asked(tmp_path):
    with scanner(f"{tmp_path}/clamd.sock") as running:
        assert clamd.is_infected(io.BytesIO(EICAR), url=running.url)

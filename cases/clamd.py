"""Asks a ClamAV daemon whether a file is harmful, by the INSTREAM command of its protocol (clamd(8)). Pure."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

CHUNK = 64 * 1024
PORT = 3310
SECONDS = 20  # for each step; a scanner that is silent for longer counts as failing


class ScannerDown(Exception):
    """There is no connection to the scanner: no file can be scanned now."""


class ScanFailed(Exception):
    """The scanner gave no verdict on this file, such as one above its own limit (StreamMaxLength)."""


def is_infected(content: BinaryIO, *, url: str) -> bool:
    """The scanner's verdict on a file. `url`: "tcp://host:3310" or "unix:///run/clamav/clamd.sock".

    Raises ScannerDown, ScanFailed.
    """
    try:
        connection = _connect(url)
    except OSError as error:
        raise ScannerDown(str(error)) from error
    with connection:
        answer = _ask(connection, content)
    if answer.endswith(" FOUND"):
        return True
    if answer.endswith(": OK"):
        return False
    raise ScanFailed(answer or "The scanner did not answer.")


def _connect(url):
    place = urlsplit(url)
    if place.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(place.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((place.hostname, place.port or PORT), timeout=SECONDS)


def _ask(connection, content):
    """The answer to the file, which goes in chunks with their length before them; a length of zero ends it."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := content.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        return _read(connection)
    except OSError as error:
        raise ScanFailed(str(error)) from error


def _read(connection):
    answer = b""
    while not answer.endswith(b"\0") and (part := connection.recv(1024)):
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace").strip()

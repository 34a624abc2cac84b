"""A malware scanner for tests: what clamd does with INSTREAM, on localhost."""

import socketserver
import struct
import threading
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # harmless; every scanner calls it malware
LIMIT = 200_000  # bytes; clamd's StreamMaxLength


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        command = self.rfile.read(len(b"zINSTREAM\0"))
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(content)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
        elif EICAR in content:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


class _Quiet:
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is none of our business."""


class _Scanner(_Quiet, socketserver.ThreadingTCPServer):
    pass


class _LocalScanner(_Quiet, socketserver.ThreadingUnixStreamServer):
    pass


@contextmanager
def scanner(path=""):
    """A running scanner: `.url`, and in `.scanned` the files it was shown. With a path behind a socket file, else behind a port."""
    with _LocalScanner(path, _Session) if path else _Scanner(("127.0.0.1", 0), _Session) as server:
        server.scanned = []
        server.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()

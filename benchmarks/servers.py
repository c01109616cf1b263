"""Server processes to measure, and the one connection to each: plain bytes, so that the client costs little."""

import os
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
_PATIENCE = 60.0


@dataclass(frozen=True)
class Ask:
    """One request: a path and the headers beyond ``Host``."""

    path: str
    headers: tuple[str, ...] = ()

    @property
    def bytes(self) -> bytes:
        """The request as it goes over the wire (RFC 9112 section 3)."""
        lines = (f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1", *self.headers)
        return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        """Connect to a port of the loopback interface."""
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def answer(self, request: bytes) -> Answer:
        """Send a request and read its answer to the end (RFC 9112 section 6)."""
        self._socket.sendall(request)
        status = int(self._file.readline().split()[1])
        headers: dict[str, str] = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, b"".join(self._chunks()))
        return Answer(status, headers, self._file.read(int(headers.get("content-length", "0"))))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline(), 16):
            yield self._file.read(size)
            self._file.readline()
        self._file.readline()

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()


class Server:
    """A server process, and the one connection to it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        """Connect to a process that listens."""
        self._process, self._port = process, port
        self.connection = Connection(port)

    def reconnect(self) -> None:
        """Begin another connection: the server hangs up where nothing is asked for a while."""
        self.connection.close()
        self.connection = Connection(self._port)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def cpu(self) -> float:
        """Seconds of processor time that the process has used (``man 5 proc``: utime and stime)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> int:
        """Bytes of memory that the process holds."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server that runs for as long as the block; raises ``RuntimeError`` with its words when it does not start."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stderr=log, env={**os.environ, **(environment or {})})
        try:
            server = Server(process, _port(process, log.fileno()))
            yield server
            server.connection.close()
        finally:
            process.terminate()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: int) -> int:
    """The port that the process says it listens on, once it answers there."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = _ADDRESS.search(os.pread(log, 100_000, 0).decode())
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {os.pread(log, 100_000, 0).decode()}")

"""The SPARQL servers that are set beside each other: kgpub, Oxigraph's own server, rdflib-endpoint."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import tree
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize

KGPUB, NATIVE, RDFLIB = "kgpub", "oxigraph", "rdflib-endpoint"
RDFLIB_ENDPOINT = "0.6.3"
_PATIENCE = 600.0
_GRACE = 10.0


@dataclass(frozen=True)
class Peer:
    """A server that runs: its name, its process, where it listens, the path of its endpoint."""

    name: str
    pid: int
    port: int
    path: str

    @property
    def cpu(self) -> float:
        """Seconds of processor time of all its processes."""
        return tree.cpu(self.pid)

    @property
    def memory(self) -> tree.Memory:
        """What all its processes hold in memory."""
        return tree.memory(self.pid)


def tools(folder: Path) -> Path:
    """The folder of the programs of the other servers, in a virtual environment that is made when it is not there."""
    programs = folder / "bin"
    if not (programs / RDFLIB).exists():
        venv.create(folder, with_pip=True)
        wanted = (f"oxigraph=={version('pyoxigraph')}", f"rdflib-endpoint[cli]=={RDFLIB_ENDPOINT}")
        command = [str(programs / "pip"), "install", "--quiet", "--disable-pip-version-check", *wanted]
        subprocess.run(command, check=True, stdout=sys.stderr)
    return programs


@contextmanager
def kgpub(site: Path, log: Path, settings: Mapping[str, str]) -> Iterator[Peer]:
    """Kgpub as it is, with its access log in a file; settings are of the environment."""
    port = _free_port()
    command = (sys.executable, "-m", "kgpub", "serve", str(site), "--port", str(port))
    with _running(KGPUB, command, port, "/sparql", {"KGPUB_LOG__ACCESS": str(log), **settings}) as peer:
        yield peer


@contextmanager
def native(programs: Path, store: Path, scratch: Path) -> Iterator[Peer]:
    """Oxigraph's own server, over a copy of a snapshot's store."""
    copied, port = scratch / "store", _free_port()
    shutil.copytree(store, copied)
    command = (str(programs / NATIVE), "serve-read-only", "--location", str(copied), "--bind", f"127.0.0.1:{port}")
    with _running(NATIVE, command, port, "/query") as peer:
        yield peer


@contextmanager
def rdflib_endpoint(programs: Path, store: Path, scratch: Path) -> Iterator[Peer]:
    """rdflib-endpoint as its README has it, over the triples of a store's default graph, in memory."""
    triples, port = scratch / "triples.nt", _free_port()
    quads = Store.read_only(str(store)).quads_for_pattern(None, None, None, DefaultGraph())
    serialize((quad.triple for quad in quads), str(triples), RdfFormat.N_TRIPLES)
    command = (str(programs / RDFLIB), "serve", "--host", "127.0.0.1", "--port", str(port), str(triples))
    with _running(RDFLIB, command, port, "/") as peer:
        yield peer


@contextmanager
def _running(
    name: str, command: Sequence[str], port: int, path: str, environment: Mapping[str, str] | None = None
) -> Iterator[Peer]:
    """A server in a session of its own, as long as the block lasts; raises ``RuntimeError`` when it does not start."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, env={**os.environ, **(environment or {})}
        )
        try:
            _wait_for(process, port, log.fileno())
            yield Peer(name, process.pid, port, path)
        finally:
            process.terminate()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: int) -> None:
    """Wait until a process answers at its port."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the server did not start: {os.pread(log, 100_000, 0).decode()}")


def _free_port() -> int:
    """A port below those that outgoing connections take: one of them would find itself while nobody listens yet."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("there is no free port")

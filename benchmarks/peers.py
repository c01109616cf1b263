"""The servers that are set beside each other: how each is started, and what it uses while it runs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import installing
import tree
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize

KGPUB, NATIVE, RDFLIB = "kgpub", "oxigraph", "rdflib-endpoint"
TRIFID, SHMARQL, VIRTUOSO = "Trifid", "SHMARQL", "Virtuoso"
_PATIENCE = 600.0
_GRACE = 10.0
_STEP = 0.01
GRAPH = "urn:graph"
"""The graph that a server loads its file into, where it needs one."""


@dataclass(frozen=True)
class Program:
    """How a server is started: its name, command, port, the path of its endpoint, its environment and folder."""

    name: str
    command: Sequence[str]
    port: int
    path: str
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    first: str = ""
    """The path that is asked for until it answers 200; by default a query for one triple."""


@dataclass(frozen=True)
class Peer:
    """A server that runs: its name, its process, where it listens, the path of its endpoint, how it began."""

    name: str
    pid: int
    port: int
    path: str
    first: float
    """Seconds from the command to the first 200."""
    first_cpu: float
    """Seconds of processor time until then."""

    @property
    def cpu(self) -> float:
        """Seconds of processor time of all its processes."""
        return tree.cpu(self.pid)

    @property
    def memory(self) -> tree.Memory:
        """What all its processes hold in memory."""
        return tree.memory(self.pid)


def free_ports() -> Iterator[int]:
    """Ports below those that outgoing connections take: one of them would find itself while nobody listens yet."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with suppress(OSError):
            socket.create_server(("127.0.0.1", port)).close()
            yield port
    raise RuntimeError("there is no free port")


def kgpub(site: Path, log: Path, settings: Mapping[str, str], port: int, name: str = KGPUB) -> Program:
    """Kgpub as it is, with its access log in a file; settings are of the environment."""
    command = (sys.executable, "-m", "kgpub", "serve", str(site), "--port", str(port))
    return Program(name, command, port, "/sparql", {"KGPUB_LOG__ACCESS": str(log), **settings}, first="/?lang=en")


def native(programs: Path, store: Path, port: int) -> Program:
    """Oxigraph's own server, over a store that nobody else has open."""
    command = (str(programs / NATIVE), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}")
    return Program(NATIVE, command, port, "/query")


def rdflib_endpoint(programs: Path, triples: Path, port: int) -> Program:
    """rdflib-endpoint as its README has it, over a file that it holds in memory."""
    command = (str(programs / RDFLIB), "serve", "--host", "127.0.0.1", "--port", str(port), str(triples))
    return Program(RDFLIB, command, port, "/")


def shmarql(programs: Path, triples: Path, base: str, port: int) -> Program:
    """SHMARQL over the files of a folder; it looks for a Redis on this machine, and does without."""
    command = (str(programs / "uvicorn"), "shmarql.main:app", "--host", "127.0.0.1", "--port", str(port))
    environment = {"DATA_LOAD_PATHS": str(triples.parent), "SITE_URI": base, "REDIS_HOST": "127.0.0.1"}
    return Program(SHMARQL, command, port, "/sparql", environment, triples.parent.parent)


def trifid(modules: Path, triples: Path, base: str, port: int, scratch: Path) -> Program:
    """Trifid over a file, with its own store and renderer of entities; it rewrites IRIs of the base to its host."""
    settings = scratch / "trifid.yaml"
    settings.write_text(_TRIFID.format(base=base, triples=triples, graph=GRAPH), "utf-8")
    command = ("node", str(modules / "trifid/server.js"), "-c", str(settings), "-p", str(port))
    return Program(TRIFID, command, port, "/query")


_TRIFID = """\
globals:
  datasetBaseUrl: {base}
  endpoints: {{default: {{url: /query}}}}
server:
  listener: {{host: 127.0.0.1}}
plugins:
  entity-renderer:
    module: "@zazuko/trifid-entity-renderer"
  fetch-handler:
    module: trifid-handler-fetch
    paths: /query
    config: {{url: "{triples}", contentType: application/n-triples, graphName: "{graph}", unionDefaultGraph: true}}
"""


def virtuoso(root: Path, triples: Path, port: int, console: int, scratch: Path) -> Program:
    """Virtuoso with a database of its own, into which the file is loaded in bulk; its text index is made, too."""
    home = scratch / "virtuoso"
    home.mkdir()
    (home / "virtuoso.ini").write_text(
        _VIRTUOSO.format(home=home, data=triples.parent, port=port, console=console, graph=GRAPH), "utf-8"
    )
    (home / "load.sql").write_text(_LOAD.format(data=triples.parent, name=triples.name, graph=GRAPH), "utf-8")
    environment = installing.libraries(root)
    command = (str(root / "usr/bin/virtuoso-t"), "-f", "-c", str(home / "virtuoso.ini"))
    program = Program(VIRTUOSO, command, port, "/sparql", environment, home)
    isql = [str(root / "usr/bin/isql-vt"), f"127.0.0.1:{console}", "dba", "dba", str(home / "load.sql")]
    with running(Program(VIRTUOSO, command, port, "/sparql", environment, home, first="/sparql?query=ASK%7B%7D")):
        subprocess.run(isql, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
    return program


_VIRTUOSO = """\
[Database]
DatabaseFile = {home}/virtuoso.db
ErrorLogFile = {home}/virtuoso.log
LockFile = {home}/virtuoso.lck
TransactionFile = {home}/virtuoso.trx
xa_persistent_file = {home}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {home}/temporary.db
TransactionFile = {home}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{console}
DirsAllowed = {data}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
DefaultGraph = {graph}
ResultSetMaxRows = 1000000
"""
_LOAD = """\
DB.DBA.RDF_OBJ_FT_RULE_ADD(null, null, 'All');
ld_dir('{data}', '{name}', '{graph}');
rdf_loader_run();
DB.DBA.VT_INC_INDEX_DB_DBA_RDF_OBJ();
checkpoint;
"""


def export(store: Path, triples: Path) -> Path:
    """The triples of a store's default graph in a file of N-Triples."""
    quads = Store.read_only(str(store)).quads_for_pattern(None, None, None, DefaultGraph())
    serialize((quad.triple for quad in quads), str(triples), RdfFormat.N_TRIPLES)
    return triples


@contextmanager
def running(program: Program) -> Iterator[Peer]:
    """A server in a session of its own, as long as the block lasts; raises ``RuntimeError`` when it does not start."""
    with tempfile.TemporaryFile() as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            program.command,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=program.folder,
            env={**os.environ, **program.environment},
        )
        try:
            _wait_for(process, program, log.fileno())
            first = time.perf_counter() - begun
            yield Peer(program.name, process.pid, program.port, program.path, first, tree.cpu(process.pid))
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server, at last by force, and whatever it left behind in its session."""
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait_for(process: subprocess.Popen[bytes], program: Program, log: int) -> None:
    """Wait until a process answers 200."""
    end = time.monotonic() + _PATIENCE
    query = urlencode({"query": "SELECT ?s { ?s ?p ?o } LIMIT 1"})
    while time.monotonic() < end and process.poll() is None:
        if _status(program.port, program.first or f"{program.path}?{query}") == 200:
            return
        time.sleep(_STEP)
    raise RuntimeError(f"{program.name} did not start: {os.pread(log, 100_000, 0).decode(errors='replace')[-2000:]}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_GRACE)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path, headers={"Accept": "text/html, application/sparql-results+json"})
        return connection.getresponse().status
    connection.close()
    return 0

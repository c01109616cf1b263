"""Several processes that serve one site: each answers as one alone does, and together they keep to one site's bounds."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kgpub.settings import load
from kgpub.snapshot import current, switch
from kgpub.web.supervising import _Place
from test_listening import under_manager

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="several processes need Linux")

HOPELESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
PATIENCE = 60.0
"""Seconds after which a test gives up, whatever else the machine has to do."""


def kgpub(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "kgpub", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers") / "site"
    kgpub("new", str(folder))
    kgpub("build", str(folder))
    return folder


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A server in a process of its own, and what it says."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """An answer over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode() if body else None, named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def query(self, text: str, client: str, **parameters: str) -> Answer:
        """An answer to a query that a client behind a proxy asks."""
        more = "".join(f"&{name}={value}" for name, value in parameters.items())
        return self.ask(f"/sparql?query={quote(text)}{more}", X_Forwarded_For=client)

    def figure(self, name: str, **labels: str) -> float:
        """A figure for Prometheus, summed over labels that are not named; 0 where there is none."""
        families = text_string_to_metric_families(self.ask("/-/metrics").body.decode())
        samples = [one for family in families for one in family.samples if one.name == name]
        return sum(one.value for one in samples if labels.items() <= one.labels.items())

    def processes(self) -> list[int]:
        """The processes that serve: children of the first one that run the same command."""
        return [one for one in children(self.process.pid) if b"kgpub\0serve" in command(one)]


def children(parent: int) -> list[int]:
    try:
        told = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return [int(one) for one in told.split()]


def descendants(parent: int) -> list[int]:
    found = children(parent)
    return [*found, *(below for one in found for below in descendants(one))]


def command(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


@contextmanager
def served(site: Path, number: int, *flags: str, **settings: str) -> Iterator[Server]:
    """The site served by so many processes, once it says so."""
    line = [sys.executable, "-m", "kgpub", "serve", str(site), "--port", "0", "--workers", str(number), *flags]
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(line, stderr=log, env=os.environ | settings)
        try:
            said: list[str] = []

            def is_said() -> bool:
                assert process.poll() is None, Path(log.name).read_text()
                said[:] = re.findall(r"http://127\.0\.0\.1:(\d+)", Path(log.name).read_text())
                return bool(said)

            until(is_said)
            yield Server(process, int(said[0]), Path(log.name))
        finally:
            below = descendants(process.pid)
            process.kill()
            process.wait()
            until(lambda: not any(map(lives, below)))


@pytest.fixture(scope="module")
def three(site: Path) -> Iterator[Server]:
    with served(site, 3) as server:
        yield server


@pytest.fixture(scope="module")
def one(site: Path) -> Iterator[Server]:
    with served(site, 1) as server:
        yield server


ASKED: dict[str, tuple[str, str, dict[str, str]]] = {
    "a page": ("GET", "/id/vazha.ka.html", {}),
    "a page that is negotiated": ("GET", "/id/vazha", {"Accept": "text/html"}),
    "a document": ("GET", "/id/vazha.ttl", {}),
    "its head": ("HEAD", "/id/vazha.ttl", {}),
    "packed": ("GET", "/id/vazha.en.html", {"Accept-Encoding": "gzip"}),
    "no such thing": ("GET", "/id/nobody", {}),
    "no such format": ("GET", "/id/vazha", {"Accept": "image/png"}),
    "the home page": ("GET", "/?lang=en", {}),
    "search": ("GET", "/search?q=vazha&lang=en", {}),
    "a query": ("GET", "/sparql?query=" + quote("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"), {}),
    "a query that cannot be read": ("GET", "/sparql?query=SELECT", {"Accept": "application/json"}),
    "a query that fetches": ("GET", "/sparql?query=" + quote("SELECT * { SERVICE <x:y> { ?s ?p ?o } }"), {}),
    "a query that takes too long": ("GET", f"/sparql?query={quote(HOPELESS)}&timeout=0.3", {}),
    "a snapshot that there is not": ("GET", "/sparql?snapshot=dead&query=" + quote("ASK { ?s ?p ?o }"), {}),
    "another method": ("DELETE", "/id/vazha.ttl", {}),
    "what is allowed": ("OPTIONS", "/sparql", {}),
    "looks": ("GET", "/-/static/style.css", {}),
    "a dump": ("GET", "/-/void.ttl", {}),
    "the site map": ("GET", "/sitemap.xml", {}),
}  # fmt: skip
OF_THE_MOMENT = {"date"}


@pytest.mark.parametrize("row", ASKED.values(), ids=ASKED)
def test_three_processes_answer_as_one_does(row: tuple[str, str, dict[str, str]], one: Server, three: Server) -> None:
    method, path, headers = row
    alone = one.ask(path, method, **headers)
    for again in range(4):
        answer = three.ask(path, method, **headers)
        assert (again, answer.status, answer.body) == (again, alone.status, alone.body)
        kept = {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}
        assert kept == {name: value for name, value in alone.headers.items() if name not in OF_THE_MOMENT}


@pytest.mark.parametrize("path", ["/-/health", "/-/status"])
def test_it_says_how_many_processes_serve(path: str, one: Server, three: Server) -> None:
    assert json.loads(one.ask(path).body)["processes"] == 1
    assert json.loads(three.ask(path).body)["processes"] == 3
    assert len(three.processes()) == 3
    assert three.figure("kgpub_processes") == 3


def test_figures_are_those_of_all_processes(three: Server) -> None:
    """Each connection may come to another process, and whichever answers knows them all."""
    names = {"kind": "search", "status": "200"}
    before = three.figure("kgpub_requests_total", **names)
    asked = three.figure("kgpub_queries_total", outcome="ok")
    for number in range(12):
        three.ask("/search?q=vazha&lang=ka")
        three.query(f"ASK {{ ?s ?p {number} }}", "192.0.2.1")
    for _ in range(6):
        assert three.figure("kgpub_requests_total", **names) == before + 12
        assert three.figure("kgpub_request_seconds_count", kind="search") == before + 12
        assert three.figure("kgpub_queries_total", outcome="ok") == asked + 12


def test_what_they_take_of_the_machine_is_added_up(one: Server, three: Server) -> None:
    assert three.figure("process_open_fds") > 2 * one.figure("process_open_fds")
    assert three.figure("process_max_fds") == one.figure("process_max_fds")
    assert three.figure("process_cpu_seconds_total") > 0


def at_once(number: int, ask: Callable[[int], Answer]) -> list[int]:
    """The statuses of so many requests made at the same time, in the order in which they were answered."""
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda n=n: statuses.append(ask(n).status)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return sorted(statuses)


HUNGRY = {"KGPUB_SPARQL__MEMORY": "200000000", "KGPUB_SPARQL__TIMEOUT": "60", "KGPUB_SPARQL__MAX_TIMEOUT": "60"}
BOUNDS = {"KGPUB_SPARQL__WORKERS": "1", "KGPUB_SPARQL__QUEUE": "2", "KGPUB_SPARQL__PATIENCE": "60"}


@pytest.fixture(scope="module")
def narrow(site: Path) -> Iterator[Server]:
    """Three processes that have one worker among them, a short queue, and a share of two for each client."""
    with served(site, 3, KGPUB_SPARQL__PER_CLIENT="2", KGPUB_LOG__ACCESS="", **BOUNDS) as server:
        assert server.query("ASK { ?s ?p ?o }", "192.0.2.1").status == 200  # the worker is there
        yield server


@pytest.mark.slow
def test_the_queue_is_one(narrow: Server) -> None:
    statuses = at_once(9, lambda number: narrow.query(HOPELESS, f"192.0.2.{number}", timeout="2"))
    assert Counter(statuses) == {503: 9}
    assert narrow.figure("kgpub_queries_total", outcome="timeout") == 3  # one that ran and two that waited
    assert narrow.figure("kgpub_queries_total", outcome="busy") == 6


def test_the_share_of_a_client_is_one(narrow: Server) -> None:
    statuses = at_once(7, lambda _: narrow.query(HOPELESS, "198.51.100.1", timeout="2"))
    assert Counter(statuses) == {503: 2, 429: 5}
    assert narrow.query("ASK { ?s ?p ?o }", "198.51.100.1").status == 200  # all of it was given back


@pytest.mark.slow
def test_a_query_that_ended_a_worker_is_remembered_by_all(site: Path) -> None:
    hungry = HOPELESS.replace("COUNT(*)", "GROUP_CONCAT(?c)")
    with served(site, 3, **HUNGRY) as server:
        assert [server.query(hungry, "192.0.2.1").status for _ in range(6)] == [400] * 6
        assert server.figure("kgpub_workers_replaced_total") == 1
        assert server.query("ASK { ?s ?p ?o }", "192.0.2.1").status == 200


def owner(server: Server, end: socket.socket) -> int | None:
    """The process that has the other end of a connection."""
    mine, theirs = (f"0100007F:{port:04X}" for port in (end.getsockname()[1], server.port))
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    node = next((line[9] for line in lines if line[1:3] == [theirs, mine]), "")
    for process in server.processes():
        with suppress(OSError):
            if any(str(one.readlink()) == f"socket:[{node}]" for one in Path(f"/proc/{process}/fd").iterdir()):
                return process
    return None


def test_a_process_that_is_killed_takes_no_other_request_with_it_and_comes_back(site: Path) -> None:
    with served(site, 3) as server, ExitStack() as stack:
        open_ones = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE) for _ in range(24)]
        owners: dict[http.client.HTTPConnection, int | None] = {}
        for connection in open_ones:
            stack.callback(connection.close)
            connection.request("GET", "/id/vazha.ttl")
            assert connection.getresponse().read()
            owners[connection] = owner(server, connection.sock)
        killed = server.processes()[0]
        os.kill(killed, signal.SIGKILL)
        for connection in [one for one, process in owners.items() if process != killed]:
            connection.request("GET", "/id/vazha.ttl")
            assert connection.getresponse().status == 200
        for _ in range(12):
            assert server.ask("/id/vazha.ttl").status == 200  # whoever connects is served by the others
        until(lambda: killed not in server.processes() and len(server.processes()) == 3)
        until(lambda: json.loads(server.ask("/-/health").body)["processes"] == 3)
        assert f"process {killed} ended by signal 9" in server.log.read_text()


@pytest.mark.slow
def test_what_a_killed_process_had_of_the_crew_comes_back(site: Path) -> None:
    with served(site, 2, KGPUB_SPARQL__PER_CLIENT="1", **BOUNDS) as server:
        text = f"/sparql?query={quote(HOPELESS)}&timeout=30"
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("GET", text, headers={"X-Forwarded-For": "192.0.2.1"})
        until(lambda: server.figure("kgpub_queries_running") == 1)
        assert server.query("ASK { ?s ?p ?o }", "192.0.2.1").status == 429
        process = owner(server, connection.sock)
        assert process is not None
        os.kill(process, signal.SIGKILL)
        connection.close()
        until(lambda: server.query("ASK { ?s ?p ?o }", "192.0.2.1").status == 200)
        until(lambda: server.figure("kgpub_queries_running") == 0)


def busy(server: Server, number: int) -> list[threading.Thread]:
    """So many hopeless queries under way."""

    def ask(client: int) -> None:
        with suppress(OSError, http.client.HTTPException):
            server.query(HOPELESS, f"192.0.2.{client}", timeout="30")

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(number)]
    for thread in threads:
        thread.start()
    until(lambda: server.figure("kgpub_queries_running") == number)
    return threads


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_it_ends_when_told_to_while_hopeless_queries_run(site: Path, number: signal.Signals) -> None:
    with served(site, 3, KGPUB_SPARQL__WORKERS="2") as server:
        threads = busy(server, 2)
        below = descendants(server.process.pid)
        assert len(below) >= 3 + 1 + 3, "three that serve, the nursery, two that answer and one that checks"
        server.process.send_signal(number)
        code = server.process.wait(PATIENCE)
        assert code == (-signal.SIGTERM if number is signal.SIGTERM else 130)
        until(lambda: not any(map(lives, below)))
        for thread in threads:
            thread.join(PATIENCE)
        assert "Traceback" not in server.log.read_text()


def test_nothing_is_left_when_the_first_process_is_killed(site: Path) -> None:
    with served(site, 3, "--reload", KGPUB_SPARQL__WORKERS="2") as server:
        threads = busy(server, 2)
        below = descendants(server.process.pid)
        assert len(below) >= 3 + 1 + 1 + 3, "and one that watches the files"
        server.process.kill()
        until(lambda: not any(map(lives, below)))
        for thread in threads:
            thread.join(PATIENCE)


@pytest.mark.slow
def test_while_a_process_fails_again_and_again_the_others_stand_in_for_it(site: Path) -> None:
    """Who connects to its socket is answered by another one, however long it is not there."""
    with served(site, 2, KGPUB_LOG__ACCESS="") as server:
        steady, failing = server.processes()
        for _ in range(4):
            os.kill(failing, signal.SIGKILL)
            until(lambda gone=failing: gone not in server.processes())  # type: ignore[misc] # mypy knows no types of defaults
            assert [server.ask("/id/vazha.ttl").status for _ in range(16)] == [200] * 16
            until(lambda: len(server.processes()) == 2)
            (failing,) = set(server.processes()) - {steady}
        assert "another one is started in 2 s" in server.log.read_text()
        os.kill(failing, signal.SIGKILL)
        os.kill(steady, signal.SIGKILL)
        until(lambda: not lives(failing) and not lives(steady))  # and now nobody is there
        assert server.ask("/-/health").status == 200
        until(lambda: json.loads(server.ask("/-/health").body)["processes"] == 2)


@pytest.mark.slow
def test_all_processes_may_die_at_once(site: Path) -> None:
    """Who connects meanwhile waits, since the sockets are the first process's."""
    with served(site, 2, KGPUB_LOG__ACCESS="") as server:
        both = server.processes()
        for process in both:
            os.kill(process, signal.SIGKILL)
        until(lambda: not any(map(lives, both)))
        assert [server.ask("/-/health").status for _ in range(8)] == [200] * 8
        until(lambda: json.loads(server.ask("/-/health").body)["processes"] == 2)


@pytest.mark.parametrize(
    ("lived", "pauses"),
    [
        ("shortly", [0, 0.5, 1, 2, 4, 8, 16, 30, 30]),
        ("long", [0, 0, 0]),
    ],
)
def test_the_pause_before_the_next_start(lived: str, pauses: list[float]) -> None:
    place = _Place(lambda _: None, 0)
    assert [place.pause(1.0 if lived == "shortly" else 1000.0) for _ in pauses] == pauses


def test_a_port_in_use_is_refused_though_processes_share_theirs(site: Path, three: Server) -> None:
    line = [sys.executable, "-m", "kgpub", "serve", str(site), "--port", str(three.port), "--workers", "2"]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{three.port}" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET])
def test_the_socket_of_a_service_manager_is_shared_and_it_hears_when_all_are_ready(
    site: Path, family: socket.AddressFamily
) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="kg") as near,
        socket.socket(family) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard,
    ):
        listener.bind(f"{near}/s" if family == socket.AF_UNIX else ("127.0.0.1", 0))
        listener.listen()
        heard.bind(f"{near}/n")
        heard.settimeout(PATIENCE)
        process = under_manager(site, listener, NOTIFY_SOCKET=f"{near}/n", KGPUB_SERVER__WORKERS="3")
        try:
            assert heard.recv(100) == b"READY=1"
            for _ in range(6):
                with socket.socket(family) as end:
                    end.settimeout(PATIENCE)
                    end.connect(listener.getsockname())
                    end.sendall(b"GET /-/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    assert b'"processes":3' in b"".join(iter(lambda end=end: end.recv(4096), b""))  # type: ignore[misc] # mypy knows no types of defaults
            process.terminate()
            assert heard.recv(100) == b"STOPPING=1"
            assert process.wait(PATIENCE) == -signal.SIGTERM
        finally:
            process.kill()
            process.communicate()


@pytest.mark.slow
def test_a_process_that_is_told_to_end_is_followed_by_another(site: Path) -> None:
    with served(site, 2) as server:
        told = server.processes()[0]
        os.kill(told, signal.SIGTERM)
        until(lambda: not lives(told) and len(server.processes()) == 2)
        until(lambda: json.loads(server.ask("/-/health").body)["processes"] == 2)


@pytest.mark.slow
def test_what_hinders_the_start_ends_it_with_the_reason(site: Path) -> None:
    line = [sys.executable, "-m", "kgpub", "serve", str(site), "--port", "0", "--workers", "3"]
    environment = os.environ | {"KGPUB_SPARQL__KEYS": "none.toml"}
    done = subprocess.run(line, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "none.toml: the API keys cannot be read" in done.stderr
    assert "http://" not in done.stderr


@pytest.mark.slow
def test_lines_of_the_log_are_whole(site: Path, tmp_path: Path) -> None:
    log = tmp_path / "access"
    with served(site, 3, KGPUB_LOG__ACCESS=str(log)) as server:
        at_once(8, lambda n: [server.ask(f"/?lang=en&mark={n}-{'x' * 400}-{again}") for again in range(25)][-1])
        server.process.terminate()
        server.process.wait(PATIENCE)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len([line for line in lines if "mark=" in line["path"]]) == 200


@pytest.fixture(scope="module")
def two_snapshots(site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A site, and two versions of it that differ in a name."""
    folder = tmp_path_factory.mktemp("switching") / "site"
    shutil.copytree(site, folder)
    books, first = folder / "data/books.ttl", current(load(folder))
    books.write_text(books.read_text("utf-8").replace("Vazha-Pshavela", "Luka Razikashvili"), "utf-8")
    kgpub("build", str(folder))
    return folder, [first, current(load(folder))]


def asks_on(server: Server, over: threading.Event, bad: list[object]) -> None:
    """Ask again and again until it is over, and remember what was no good answer."""
    while not over.is_set():
        for path, known in PATHS.items():
            try:
                answer = server.ask(path)
            except (OSError, http.client.HTTPException) as error:
                bad.append((path, error))
            else:
                if answer.status != 200 or not any(one in answer.body for one in known):
                    bad.append((path, answer))


PATHS = {
    "/id/vazha.ttl": (b"Vazha-Pshavela", b"Luka Razikashvili"),
    "/id/vazha.en.html": (b"Vazha-Pshavela", b"Luka Razikashvili"),
    "/sparql?query=" + quote("ASK { ?s ?p ?o }"): (b"true",),
}


@pytest.mark.parametrize("times", [4, pytest.param(100, marks=pytest.mark.slow)])
def test_switching_under_load_fails_no_request(two_snapshots: tuple[Path, list[str]], times: int) -> None:
    folder, versions = two_snapshots
    with served(folder, 3, KGPUB_LOG__ACCESS="") as server:
        bad: list[object] = []
        over = threading.Event()
        threads = [threading.Thread(target=asks_on, args=(server, over, bad)) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in range(times):
                version = versions[number % 2]
                switch(load(folder).snapshots_folder, version)
                until(lambda wanted=version: all(tells(server) == wanted for _ in range(9)))  # type: ignore[misc] # mypy knows no types of defaults
        finally:
            over.set()
            for thread in threads:
                thread.join(PATIENCE)
        assert bad == []


def tells(server: Server) -> str:
    version: str = json.loads(server.ask("/-/status").body)["version"]
    return version


@pytest.mark.slow
def test_changed_files_are_built_once_and_served_by_all(two_snapshots: tuple[Path, list[str]]) -> None:
    folder, _ = two_snapshots
    with served(folder, 3, "--reload", KGPUB_LOG__ACCESS="") as server:
        books = folder / "data/books.ttl"
        books.write_text(books.read_text("utf-8").replace("Razikashvili", "of Chargali"), "utf-8")
        until(lambda: all(b"of Chargali" in server.ask("/id/vazha.ttl").body for _ in range(9)))
        assert server.log.read_text().count("is in service") <= 1

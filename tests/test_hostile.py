"""A real server and everything one can do to its endpoint: what each answer is, and that pages come all the while."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

SETTINGS = {
    "KGPUB_SPARQL__TIMEOUT": "1",
    "KGPUB_SPARQL__MAX_TIMEOUT": "3",
    "KGPUB_SPARQL__MEMORY": "300000000",
    "KGPUB_SPARQL__MAX_BYTES": "3000000",
    "KGPUB_SPARQL__MAX_ROWS": "20000",
    "KGPUB_SPARQL__QUEUE": "8",
    "KGPUB_SPARQL__MAX_QUERY": "50000",
    "KGPUB_SPARQL__KEYS": "keys.toml",
    "KGPUB_LOG__ACCESS": "access.log",
}
HOPELESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
HUNGRY = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?i ?f ?c LIMIT 10"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
FORM = "application/x-www-form-urlencoded"
GOOD = "ASK { ?s ?p ?o }"
KEY = "a key that nobody guesses"
KEYS = f"""
[[key]]
name = "ana"
sha256 = "{__import__("hashlib").sha256(KEY.encode()).hexdigest()}"
per_client = 2
timeout = 8
"""


class Server:
    """A server on loopback, and one request to it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
        self.process, self.port, self.folder = process, port, folder

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        client: str = "198.51.100.1",
        content_type: str = "",
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {"X-Forwarded-For": client} | ({"Content-Type": content_type} if content_type else {})
            sent |= {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def query(self, query: str, client: str = "198.51.100.1", **more: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask("/sparql?" + urlencode({"query": query, **more}), client=client)

    def figure(self, name: str) -> float:
        text = self.ask("/-/metrics")[2].decode()
        return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))

    def page(self) -> None:
        status, _, body = self.ask("/id/vazha.en.html")
        assert status == 200
        assert b"Vazha-Pshavela" in body


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile") / "site"
    subprocess.run([sys.executable, "-m", "kgpub", "new", str(folder)], check=True, capture_output=True)
    (folder / "keys.toml").write_text(KEYS, "utf-8")
    with started(folder) as running:
        yield running


class started:  # noqa: N801 # reads as a phrase
    """A server as long as it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "kgpub", "serve", str(self.folder), "--port", "0"]
        log = self.folder / "server.log"
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | SETTINGS)
        assert until(lambda: "http://" in log.read_text("utf-8"), 60)
        port = urlsplit("http://" + log.read_text("utf-8").split("http://")[1].split()[0]).port
        assert port is not None
        return Server(self.process, port, self.folder)

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def kind(body: bytes) -> str:
    return str(json.loads(body)["type"].rpartition("/")[2])


DEEP = "SELECT * { " + "{ " * 10_000 + "}" * 10_000 + " }"
ENDS = {
    "cross join": (HOPELESS, 503, "timeout"),
    "exponential path": ("SELECT (COUNT(*) AS ?n) { ?a (!ex:x|^!ex:y)* ?b . ?c (!ex:x|^!ex:y)* ?d . ?e (!ex:x|^!ex:z)* ?f . ?g (!ex:x|^!ex:w)* ?h }".replace("ex:", "schema:"), 503, "timeout"),
    "star of star": ("SELECT (COUNT(*) AS ?n) { ?a ((rdf:type|^rdf:type)*)* ?b . ?c ((rdf:type|^rdf:type)*)* ?d . ?e (rdf:type|^rdf:type)* ?f . ?g (rdf:type|^rdf:type)* ?h }", 503, "timeout"),
    "sort everything": (SORTED, 0, "any"),
    "concatenate everything": (HUNGRY, 0, "any"),
    "regex": ('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER REGEX(STR(?c), "(x+x+)+y") }', 200, ""),
    "too many rows": ("SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 200000", 200, ""),
    "nested 10,000 deep": (DEEP, 400, "query-refused"),
    "NUL bytes": ("ASK { ?s ?p 'a\0b' }", 200, ""),
    "NUL outside": ("ASK { ?s \0 ?o }", 400, "bad-query"),
    "service": ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 400, "query-refused"),
    "load": ("LOAD <http://127.0.0.1:1/>", 400, "query-refused"),
    "update": ("DELETE WHERE { ?s ?p ?o }", 400, "query-refused"),
    "empty": ("", 400, "bad-query"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_the_end_of_every_bad_query_and_the_page_after_it(server: Server, name: str) -> None:
    query, status, expected = ENDS[name]
    body = urlencode({"query": query}).encode()
    if name == "too many rows":
        with pytest.raises(IncompleteRead):
            server.ask("/sparql", method="POST", body=body, content_type=FORM)
    else:
        got, headers, told = server.ask("/sparql", method="POST", body=body, content_type=FORM)
        end = (got, kind(told) if got != 200 else "")
        assert end in ({(503, "timeout"), (400, "too-heavy")} if expected == "any" else {(status, expected)}), told
        assert headers["content-type"].startswith("application/")
    server.page()
    assert server.query(GOOD)[0] == 200


REQUESTS: dict[str, tuple[str, str, bytes | None, str, int]] = {
    "100 MB": ("POST", "/sparql", b"query=" + b"x" * 100_000_000, "application/x-www-form-urlencoded", 413),
    "a long query": ("POST", "/sparql", b"ASK {}#" + b"x" * 60_000, "application/sparql-query", 413),
    "a long query in the address": ("GET", "/sparql?query=ASK%7B%7D%23" + "x" * 60_000, None, "", 414),
    "an address beyond HTTP": ("GET", "/sparql?query=ASK%7B%7D%23" + "x" * 100_000, None, "", 400),
    "invalid UTF-8": ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", "application/sparql-query", 400),
    "invalid UTF-8 in a form": ("POST", "/sparql", b"query=%ff", "application/x-www-form-urlencoded", 400),
    "a wrong content type": ("POST", "/sparql", b"ASK {}", "text/plain", 415),
    "no content type": ("POST", "/sparql", b"ASK {}", "", 415),
    "the method QUERY": ("QUERY", "/sparql", b"ASK {}", "application/sparql-query", 200),
    "QUERY of a page": ("QUERY", "/", b"ASK {}", "application/sparql-query", 405),
    "an update": ("POST", "/sparql", b"CLEAR ALL", "application/sparql-update", 415),
    "a wrong charset": ("POST", "/sparql", b"ASK {}", "application/sparql-query; charset=utf-16", 415),
    "a wrong method": ("PUT", "/sparql?query=ASK%7B%7D", b"", "", 405),
    "too long a time": ("GET", "/sparql?query=ASK%7B%7D&timeout=4", None, "", 400),
    "no time": ("GET", "/sparql?query=ASK%7B%7D&timeout=nan", None, "", 400),
    "no such snapshot": ("GET", "/sparql?query=ASK%7B%7D&snapshot=0000", None, "", 410),
    "no version at all": ("GET", "/sparql?query=ASK%7B%7D&snapshot=../..", None, "", 400),
    "two queries": ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, "", 400),
    "half an escape": ("GET", "/sparql?query=%", None, "", 400),
    "many parameters": ("GET", "/sparql?query=ASK%7B%7D" + "&default-graph-uri=x:y" * 2_000, None, "", 200),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_status_of_every_bad_request(server: Server, name: str) -> None:
    method, path, body, content_type, status = REQUESTS[name]
    try:
        got, sent, told = server.ask(path, method=method, body=body, content_type=content_type)
    except (BrokenPipeError, ConnectionResetError):
        assert status == 413  # it hung up while the rest was being sent
    else:
        assert got == status, told[:300]
        if status == 405:
            assert sent["allow"] == (
                "GET, HEAD, OPTIONS, POST, QUERY" if path.startswith("/sparql") else "GET, HEAD, OPTIONS"
            )
    server.page()


def test_200_hopeless_queries_at_once(server: Server) -> None:
    with ThreadPoolExecutor(60) as many:
        answers = [many.submit(server.query, HOPELESS, f"203.0.113.{n}") for n in range(200)]
        pages = 0
        while not all(one.done() for one in answers):
            server.page()
            pages += 1
    kinds = {kind(one.result()[2]) for one in answers}
    assert {one.result()[0] for one in answers} == {503}
    assert kinds == {"timeout", "busy"}
    assert pages > 20
    waits = {"retry-after" in one.result()[1] for one in answers if kind(one.result()[2]) == "busy"}
    assert waits == {True}
    assert until(lambda: server.query(GOOD)[0] == 200)


def test_one_client_has_its_share(server: Server) -> None:
    with ThreadPoolExecutor(12) as many:
        answers = [many.submit(server.query, HOPELESS, "192.0.2.7") for _ in range(12)]
        assert until(lambda: server.figure("kgpub_queries_running") == 2)
        assert server.query(GOOD, "192.0.2.8")[0] == 200
    found = [(one.result()[0], kind(one.result()[2])) for one in answers]
    assert set(found) == {(503, "timeout"), (429, "too-many-requests")}
    assert found.count((503, "timeout")) == 4


def test_keys_raise_limits_and_wrong_keys_are_refused(server: Server) -> None:
    address = "/sparql?" + urlencode({"query": GOOD, "timeout": "7"})
    assert server.ask(address)[0] == 400
    assert server.ask(address, X_API_Key=KEY)[0] == 200
    assert server.ask(address, Authorization=f"Bearer {KEY}")[0] == 200
    status, headers, _ = server.ask(address, Authorization="Bearer wrong")
    assert (status, headers["www-authenticate"]) == (401, "Bearer")


def raw(server: Server, query: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port))
    address = "/sparql?" + urlencode({"query": query, "timeout": "3"})
    connection.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n".encode())
    return connection


@pytest.mark.parametrize("query", [HOPELESS, LONG], ids=["before the answer", "in the middle"])
def test_who_goes_away_stops_the_worker(server: Server, query: str) -> None:
    before = server.figure('kgpub_queries_total{outcome="abandoned"}')
    connection = raw(server, query)
    if query == LONG:
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    else:
        assert until(lambda: server.figure("kgpub_queries_running") == 1)
    connection.close()
    assert until(lambda: server.figure("kgpub_queries_running") == 0, 2.5)
    if query == HOPELESS:
        assert server.figure('kgpub_queries_total{outcome="abandoned"}') == before + 1


def test_a_slow_client_holds_no_worker(server: Server) -> None:
    slow = raw(server, "SELECT ?a ?b ?c ?d ?e { ?a ?b ?c . ?d ?e ?f } LIMIT 19000")
    assert slow.recv(100).startswith(b"HTTP/1.1 200")
    assert until(lambda: server.figure("kgpub_queries_running") == 0, 2.5)
    body = b""
    while not body.endswith(b"0\r\n\r\n"):
        piece = slow.recv(1_000_000)
        assert piece, "broken off"
        body += piece
    slow.close()


def test_head_runs_nothing_to_its_end(server: Server) -> None:
    status, headers, body = server.ask("/sparql?" + urlencode({"query": LONG}), method="HEAD")
    assert (status, headers["content-type"], body) == (200, "application/sparql-results+json", b"")
    assert until(lambda: server.figure("kgpub_queries_running") == 0, 2.5)


def logged(path: Path, is_there: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """The lines of a log, once what is waited for is there: it is written a moment later."""
    until = time.monotonic() + 10
    lines: list[dict[str, Any]] = []
    while not (lines and is_there(lines)) and time.monotonic() < until:
        time.sleep(0.02)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
    return lines


def test_the_log_tells_each_query(server: Server) -> None:
    worth = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    server.query(worth, "192.0.2.11")
    server.query(worth, "192.0.2.11")
    server.query(HOPELESS, "192.0.2.11", timeout="0.2")
    server.query("SELECT * { SERVICE <http://secret.example/> {} }", "192.0.2.12")
    server.ask("/-/cite.bib?query=ASK%7B%3Fsecret%20%3Fp%20%3Fo%7D", client="192.0.2.12")
    lines = logged(server.folder / "access.log", lambda lines: lines[-1]["path"] == "/-/cite.bib")
    assert not any("secret" in json.dumps(line) for line in lines)
    mine = [line for line in lines if line["client"] == "192.0.2.11"]
    assert [(line["status"], line["outcome"], line["rows"]) for line in mine] == [
        (200, "ok", 1), (200, "kept", 1), (503, "timeout", 0),
    ]  # fmt: skip
    assert all(len(line["query"]) == 16 and line["snapshot"] and line["ms"] > 0 for line in mine)
    assert not any("SELECT" in line["path"] for line in lines if line["path"].startswith("/sparql"))


def test_figures_are_told(server: Server) -> None:
    status, headers, body = server.ask("/-/metrics")
    assert status == 200
    assert headers["content-type"].startswith("text/plain; version=")
    for name in (
        "kgpub_requests_total",
        "kgpub_request_seconds_bucket",
        "kgpub_queries_total",
        "kgpub_workers_replaced_total",
    ):
        assert name in body.decode()


def children(of: int) -> list[int]:
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found, waiting = [], [of]
    while waiting:
        parent = waiting.pop()
        below = [pid for pid, ppid in pairs if ppid == parent]
        found += below
        waiting += below
    return found


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_comes_soon_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "site"
    subprocess.run([sys.executable, "-m", "kgpub", "new", str(folder)], check=True, capture_output=True)
    (folder / "keys.toml").write_text(KEYS, "utf-8")
    with started(folder) as server:
        connections = [raw(server, HOPELESS), raw(server, HOPELESS), raw(server, LONG)]
        assert until(lambda: server.figure("kgpub_queries_running") == 2)
        below = children(server.process.pid)
        assert len(below) >= 4
        server.process.send_signal(number)
        server.process.wait(3)
        assert until(lambda: not any(alive(pid) for pid in below), 3)
        for one in connections:
            one.close()

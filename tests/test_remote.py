"""An endpoint elsewhere: what goes wrong there is told, and nothing half believed."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from conftest import TOML, write_site
from endpoints import JSON, TRUE, Asked, Misbehaving, free_port, misbehaving, table
from kgpub.engine import DatasetClause, Pattern
from kgpub.engine.ground import Ground
from kgpub.engine.remote import Access, Client, RemoteEngine, Scope, connected, constructing, paging
from kgpub.engine.remote.breaker import FAILURES, PAUSE, Breaker
from kgpub.engine.remote.client import RESULTS, _replaced
from kgpub.engine.remote.dialects import DIALECTS, OTHER, named, recognised
from kgpub.engine.remote.labels import settled
from kgpub.engine.remote.results import boolean, rows
from kgpub.errors import KgpubError, LimitReached, SettingsError, UpstreamFailed, UpstreamTimeout
from kgpub.settings import load

X = "http://example.org/x"
ROW = {"s": X, "p": X, "o": X, "g": X}
FEW = 200_000
SOON = 0.5


@pytest.fixture
def endpoint() -> Iterator[Misbehaving]:
    with misbehaving() as server:
        yield server


def client(server: Misbehaving, **changed: object) -> Client:
    access: dict[str, object] = {"url": server.url, "fields": {}, "timeout": 20.0, "connections": 4, "max_bytes": FEW}
    made = Client(Access(**(access | changed)))  # type: ignore[arg-type] # a table of its own fields
    server.askers.callback(made.close)
    return made


def engine(server: Misbehaving, dialect: str = "other", **changed: object) -> RemoteEngine:
    asking = client(server, **changed)
    asking.dialect = named(dialect)
    return RemoteEngine(
        asking, Scope((X,), (X,)), Ground("http://example.org/", {"ex": "http://example.org/"}, 1000, FEW), 9999, 0
    )


def hang_up(asked: Asked) -> None:
    """End the connection without a word, as a process that dies does."""
    asked.connection.shutdown(socket.SHUT_RDWR)
    asked.close_connection = True


def half(asked: Asked) -> None:
    body = table(ROW, ROW)
    asked.send_response(200)
    asked.send_header("Content-Type", JSON)
    asked.send_header("Content-Length", str(len(body)))
    asked.end_headers()
    asked.wfile.write(body[: len(body) // 2])
    asked.close_connection = True


def unending(asked: Asked) -> None:
    asked.send_response(200)
    asked.send_header("Content-Type", JSON)
    asked.send_header("Connection", "close")
    asked.end_headers()
    asked.close_connection = True
    asked.wfile.write(b'{"head": {"vars": ["s"]}, "results": {"bindings": [')
    while not asked.server.over.is_set():
        asked.wfile.write(b" " * 65_536)


def dripping(asked: Asked) -> None:
    asked.send_response(200)
    asked.send_header("Content-Type", JSON)
    asked.send_header("Connection", "close")
    asked.end_headers()
    asked.close_connection = True
    while not asked.server.over.wait(0.05):
        asked.wfile.write(b" ")


def silent(asked: Asked) -> None:
    asked.server.over.wait(20)
    asked.close_connection = True


FAULTS: dict[str, tuple[Callable[[Asked], None], type[KgpubError], str]] = {
    "hangs up": (hang_up, UpstreamFailed, ""),
    "half a document": (half, UpstreamFailed, ""),
    "a document cut off that says it is whole": (
        lambda a: a.whole(table(ROW, ROW)[:-9]),
        UpstreamFailed,
        "no whole result",
    ),
    "text after the end": (lambda a: a.whole(table(ROW) + b"Error: time is over"), UpstreamFailed, ""),
    "a page of HTML": (lambda a: a.whole(b"<h1>Oops</h1>", kind="text/html"), UpstreamFailed, "text/html"),
    "HTML that says it is JSON": (lambda a: a.whole(b"<h1>Oops</h1>"), UpstreamFailed, "no whole result"),
    "no media type": (lambda a: a.whole(TRUE, kind=""), UpstreamFailed, "no media type"),
    "a coding": (lambda a: a.whole(b"\x1f\x8b", fields={"Content-Encoding": "gzip"}), UpstreamFailed, "a coding"),
    "an answer to ASK": (lambda a: a.whole(TRUE), UpstreamFailed, "true or false"),
    "500": (lambda a: a.whole(b"no room on disk", 500, "text/plain"), UpstreamFailed, "500: no room on disk"),
    "503": (lambda a: a.whole(b"", 503), UpstreamFailed, "503"),
    "429": (lambda a: a.whole(b"", 429), UpstreamFailed, "429"),
    "504": (lambda a: a.whole(b"", 504), UpstreamTimeout, "504"),
    "429 for time": (lambda a: a.whole(b"Operation timed out.", 429), UpstreamTimeout, "429"),
    "500 for time": (lambda a: a.whole(b'{"code": "TimeLimitExceededException"}', 500), UpstreamTimeout, "500"),
    "503 for time": (lambda a: a.whole(b"Query timed out", 503), UpstreamTimeout, "503"),
    "401": (lambda a: a.whole(b"who are you", 401), UpstreamFailed, "401: who are you"),
    "another host": (
        lambda a: a.whole(b"", 302, fields={"Location": "http://elsewhere.example/"}),
        UpstreamFailed,
        "elsewhere.example",
    ),
    "another place": (lambda a: a.whole(b"", 308, fields={"Location": "/query"}), UpstreamFailed, "sends on to /query"),
    "400": (lambda a: a.whole(b"what is LATERAL?", 400), UpstreamFailed, "LATERAL"),
    "unending": (unending, UpstreamFailed, f"more than {FEW:,} bytes"),
    "dripping": (dripping, UpstreamTimeout, ""),
    "silent": (silent, UpstreamTimeout, "did not answer within"),
    "terminal codes": (lambda a: a.whole(b"\x1b[31mred\x07", 401), UpstreamFailed, "401: [31mred"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_goes_wrong_there_is_told_and_never_an_empty_answer(name: str, endpoint: Misbehaving) -> None:
    behave, error, words = FAULTS[name]
    endpoint.behave = behave
    with pytest.raises(error) as told:
        list(engine(endpoint, timeout=SOON if behave in (dripping, silent) else 20.0).quads(Pattern(NamedNode(X)), 1))
    assert words in told.value.detail
    assert told.value.status in (502, 504)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FAULTS if name != "an answer to ASK"])
def test_a_visitor_gets_no_half_answer_either(name: str, endpoint: Misbehaving) -> None:
    behave, _, words = FAULTS[name]
    endpoint.behave = behave
    with pytest.raises(KgpubError) as told:
        b"".join(
            engine(endpoint, timeout=SOON if behave in (dripping, silent) else 20.0)
            .stream("SELECT * { ?s ?p ?o }", "text/csv", DatasetClause())
            .chunks
        )
    assert words in told.value.detail
    assert told.value.status in (400, 502, 504)


def test_an_endpoint_that_is_not_there_is_no_missing_page() -> None:
    gone = Client(Access(f"http://127.0.0.1:{free_port()}/sparql", {}, 20.0, 1, FEW))
    with closing(gone), pytest.raises(UpstreamFailed, match="refused"):
        gone.ask("ASK {}", RESULTS, boolean)


def test_what_passes_is_tried_again(endpoint: Misbehaving) -> None:
    answers: Iterator[Callable[[Asked], None]] = iter(
        [hang_up, lambda a: a.whole(b"", 503, fields={"Retry-After": "0"}), lambda a: a.whole(table(ROW))]
    )
    endpoint.behave = lambda asked: next(answers)(asked)  # noqa: PLW0108 # another one each time
    assert len(list(engine(endpoint).quads(Pattern(NamedNode(X)), 5))) == 1
    assert len(endpoint.asked) == 3


def test_what_does_not_pass_is_not(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(b"", 403)
    with pytest.raises(UpstreamFailed):
        list(engine(endpoint).quads(Pattern(NamedNode(X)), 5))
    assert len(endpoint.asked) == 1


def test_a_wait_that_is_asked_for_and_too_long_is_not_waited(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(b"", 503, fields={"Retry-After": "3600"})
    with pytest.raises(UpstreamFailed):
        list(engine(endpoint).quads(Pattern(NamedNode(X)), 5))
    assert len(endpoint.asked) == 1


def test_who_fails_again_and_again_is_left_alone(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(b"", 403)
    asking = engine(endpoint)
    for _ in range(FAILURES + 3):
        with pytest.raises(UpstreamFailed, match="403"):
            list(asking.quads(Pattern(NamedNode(X)), 5))
    assert len(endpoint.asked) == FAILURES
    assert "403" in asking.trouble


def test_a_breaker_lets_one_try_and_closes_when_that_goes_well() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES):
        breaker.enter()
        breaker.failed("down")
    with pytest.raises(UpstreamFailed, match=r"down .* again in 2 s"):
        breaker.enter()
    now[0] += PAUSE
    breaker.enter()
    with pytest.raises(UpstreamFailed):
        breaker.enter()
    breaker.failed("still down")
    now[0] += PAUSE
    with pytest.raises(UpstreamFailed):
        breaker.enter()
    now[0] += PAUSE
    breaker.enter()
    breaker.done()
    breaker.enter()
    assert breaker.reason == ""


@pytest.mark.parametrize(
    ("is_believed", "is_expired", "told"), [(False, False, "certificate"), (True, True, "expired"), (True, False, "")]
)
def test_certificates_are_checked(is_believed: bool, is_expired: bool, told: str) -> None:
    authority = trustme.CA()
    ends = datetime.now(UTC) + timedelta(days=-1 if is_expired else 1)
    issued = authority.issue_cert("127.0.0.1", not_after=ends, not_before=ends - timedelta(days=9))
    serving, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    issued.configure_cert(serving)
    if is_believed:
        authority.configure_trust(asking)
    with misbehaving(serving) as server:
        ask = Client(Access(server.url, {}, 20.0, 1, FEW), OTHER, asking)
        server.askers.callback(ask.close)
        if not told:
            assert ask.ask("ASK {}", RESULTS, boolean)
            return
        with pytest.raises(UpstreamFailed, match=told):
            ask.ask("ASK {}", RESULTS, boolean)


@pytest.mark.parametrize(
    ("changed", "sent"),
    [
        ({"auth": ("me", "hush")}, "Basic bWU6aHVzaA=="),
        ({"fields": {"Authorization": "Bearer hush"}}, "Bearer hush"),
    ],
)
def test_who_asks_is_sent_and_never_shown(changed: dict[str, object], sent: str, endpoint: Misbehaving) -> None:
    asking = client(endpoint, **changed)
    assert asking.ask("ASK {}", RESULTS, boolean)
    assert endpoint.fields[0]["Authorization"] == sent
    endpoint.behave = lambda asked: asked.whole(b"go away", 403)
    with pytest.raises(UpstreamFailed) as told:
        asking.ask("ASK {}", RESULTS, boolean)
    assert "hush" not in told.value.detail + repr(asking._access)


def test_secrets_stand_in_no_file(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {}, TOML + '[remote]\ntoken = "hush"\n')
    with pytest.raises(SettingsError, match=r"remote\.token: is no thing for a file; set KGPUB_REMOTE__TOKEN"):
        load(folder)


@pytest.mark.parametrize(
    "url", ["ftp://x/", "http://", "http://me:pw@x/sparql", "http://x/sparql#a", "sparql", "http://x y/"]
)
def test_an_engine_is_an_address(url: str, tmp_path: Path) -> None:
    folder = write_site(tmp_path, {}, f'engine = "{url}"\n' + TOML)
    with pytest.raises(SettingsError, match="engine"):
        load(folder)


def test_secrets_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Misbehaving
) -> None:
    folder = write_site(tmp_path, {}, f'engine = "{endpoint.url}"\n' + TOML)
    monkeypatch.setenv("KGPUB_REMOTE__HEADER", "X-Api-Key: hush")
    site = load(folder)
    connected(site).close()
    assert endpoint.fields[0]["X-Api-Key"] == "hush"
    assert "hush" not in repr(site) + site.model_dump_json()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"server": "Oxigraph/0.5.13"}, "oxigraph"),
        ({"server": "Virtuoso/07.20.3229 (Linux) x86_64"}, "virtuoso"),
        ({"x-sql-state": "S1TAT", "server": "nginx"}, "virtuoso"),
        ({"server": "Apache Jena Fuseki (5.1.0)"}, "fuseki"),
        ({"server": "nginx"}, "other"),
        ({}, "other"),
    ],
)
def test_a_dialect_is_recognised_by_its_fields(fields: dict[str, str], name: str) -> None:
    assert recognised(fields).name == name


def test_virtuoso_is_recognised_behind_a_proxy(endpoint: Misbehaving, tmp_path: Path) -> None:
    text = {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1"}
    answer = {"head": {"link": [], "vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": text}]}}
    endpoint.behave = lambda asked: asked.whole(json.dumps(answer).encode())
    found = connected(load(write_site(tmp_path, {}, f'engine = "{endpoint.url}"\n' + TOML)))
    found.close()
    assert found.dialect.name == "virtuoso"


@pytest.mark.parametrize(
    ("dialect", "sent"), [("virtuoso", "timeout=20000"), ("fuseki", "timeout=20"), ("qlever", ""), ("neptune", "")]
)
def test_an_endpoint_is_told_how_long_it_may_take_in_its_own_way(
    dialect: str, sent: str, endpoint: Misbehaving
) -> None:
    endpoint.behave = lambda asked: asked.whole(table(ROW))
    list(engine(endpoint, dialect).quads(Pattern(NamedNode(X)), 1))
    told = [f"{name}={value}" for name, values in endpoint.forms[0].items() for value in values if name != "query"]
    assert [one.rstrip("0123456789") for one in told] == [sent.rstrip("0123456789")] * bool(sent)
    assert all(abs(int(one.partition("=")[2]) / int(sent.partition("=")[2]) - 1) < 0.1 for one in told)


def test_only_what_ran_here_counts_as_tested() -> None:
    assert {dialect.name for dialect in DIALECTS if dialect.is_tested} == {"oxigraph", "virtuoso"}


@pytest.mark.parametrize("field", ["X-SQL-State", "X-SPARQL-MaxRows"])
def test_an_answer_that_says_it_was_cut_off_is_none(field: str, endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(table(ROW), fields={field: "1"})
    with pytest.raises(UpstreamFailed, match="cut its answer off"):
        list(engine(endpoint, "virtuoso").quads(Pattern(NamedNode(X)), 1))


@pytest.mark.parametrize(("fields", "expected"), [({"X-SPARQL-MaxRows": "500"}, 500), ({}, 10_000)])
def test_the_cap_is_the_one_that_the_endpoint_has(fields: dict[str, str], expected: int, endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(table(ROW), fields=fields)
    asking = client(endpoint)
    asking.dialect = named("virtuoso")
    assert paging.cap(asking) == expected


def test_iris_that_are_none_come_encoded(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(table({"s": "http://a b/<c>", "p": X, "o": X, "g": X}))
    (row,) = client(endpoint).ask("SELECT", RESULTS, rows)
    assert row["s"] == NamedNode("http://a%20b/%3Cc%3E")


def test_asks_of_an_engine_name_its_graphs_only(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(table(ROW))
    list(engine(endpoint).quads(Pattern(object=Literal('a"}'), graph=NamedNode(X)), 3))
    assert endpoint.asked == [
        f'SELECT DISTINCT ?s ?p ?o ?g WHERE {{ VALUES ?g {{ <{X}> }} GRAPH ?g {{ ?s ?p "a\\"}}" . }} }} LIMIT 3'
    ]
    assert list(engine(endpoint).quads(Pattern(graph=NamedNode("http://secret/")))) == []
    assert len(endpoint.asked) == 1


def test_what_was_found_a_moment_ago_is_not_asked_again(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(table(ROW))
    asking = client(endpoint)
    lately = RemoteEngine(asking, Scope((X,), (X,)), Ground(X, {}, 1, 1), 1, 3600)
    assert list(lately.quads(Pattern(NamedNode(X)), 5)) == list(lately.quads(Pattern(NamedNode(X)), 5))
    list(lately.quads(Pattern(NamedNode(X)), 6))
    assert len(endpoint.asked) == 2


def test_what_a_visitor_may_not_ask_is_never_passed_on(endpoint: Misbehaving) -> None:
    for query in ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "DROP ALL", "hello"):
        with pytest.raises(KgpubError) as told:
            engine(endpoint).stream(query, None, DatasetClause())
        assert told.value.status == 400
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("query", "clause", "default", "named"),
    [
        ("", DatasetClause(), [X], [X, f"{X}2"]),
        (f"FROM <{X}2>", DatasetClause(), [f"{X}2"], []),
        (f"FROM NAMED <{X}>", DatasetClause(), [], [X]),
        ("FROM <x2>", DatasetClause(), [f"{X}2"], []),
        ("FROM <http://secret/>", DatasetClause(), ["urn:x-kgpub:nothing"], []),
        (f"FROM <http://secret/> FROM <{X}>", DatasetClause(), [X], []),
        (f"FROM <{X}>", DatasetClause((f"{X}2",), ()), [f"{X}2"], []),
        ("", DatasetClause(("http://secret/",), ("http://secret/",)), ["urn:x-kgpub:nothing"], []),
    ],
)
def test_a_visitor_is_given_the_dataset_that_was_asked_for_of_what_is_published(
    query: str, clause: DatasetClause, default: list[str], named: list[str], endpoint: Misbehaving
) -> None:
    endpoint.behave = lambda asked: asked.whole(table(ROW))
    asking = RemoteEngine(
        client(endpoint), Scope((X, f"{X}2"), (X,)), Ground("http://example.org/", {}, 1000, FEW), 9999, 0
    )
    b"".join(asking.stream(f"SELECT * {query} WHERE {{ ?s ?p ?o }}", "text/csv", clause).chunks)
    assert endpoint.forms[-1].get("default-graph-uri", []) == default
    assert endpoint.forms[-1].get("named-graph-uri", []) == named


def test_a_visitors_answer_keeps_to_the_limits(endpoint: Misbehaving) -> None:
    endpoint.behave = lambda asked: asked.whole(table(*[{"s": X}] * 1001, variables=("s",)))
    with pytest.raises(LimitReached):
        b"".join(engine(endpoint).stream("SELECT ?s { ?s ?p ?o }", "text/csv", DatasetClause()).chunks)


def numbered(number: int) -> dict[str, str]:
    return {"s": f"{X}{number}", "o": X}


class Capped:
    """An endpoint with a graph of so many triples that never gives more than ``cap`` rows."""

    def __init__(self, count: int, cap: int, *, forgets: int = 0, grows: bool = False) -> None:
        self.count, self.cap, self.forgets, self.grows = count, cap, forgets, grows

    def __call__(self, asked: Asked) -> None:
        query = asked.server.asked[-1]
        if "COUNT" in query:
            name = {"p": {"type": "uri", "value": X}} if "?p" in query.split("WHERE")[0] else {}
            count = {
                "n": {
                    "type": "literal",
                    "value": str(self.count),
                    "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                }
            }
            body = {"head": {"vars": ["p", "n"]}, "results": {"bindings": [name | count]}}
            asked.whole(json.dumps(body).encode())
            return
        offset, limit = (int(query.split(word)[1].split()[0]) for word in ("OFFSET", "LIMIT"))
        is_ordered = "ORDER BY" in query
        numbers = [max(number, 0 if is_ordered else self.forgets) for number in range(self.count + self.grows)]
        asked.whole(table(*map(numbered, numbers[offset : offset + min(limit, self.cap)]), variables=("s", "o")))


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        (Capped(95, 1000), 100),
        (Capped(95, 1000), 10),
        (Capped(95, 20), 100),
        (Capped(95, 20, forgets=3), 100),
        (Capped(100, 10), 10),
    ],
)
def test_every_triple_is_read_whatever_the_cap(there: Capped, asked: int, endpoint: Misbehaving) -> None:
    endpoint.behave = there
    found: list[Quad] = []
    paging.read(client(endpoint), paging.Graph(X, there.count), found.extend, page=asked)
    assert sorted(quad.subject.value for quad in found) == sorted(f"{X}{n}" for n in range(there.count))  # type: ignore[union-attr] # IRIs


@pytest.mark.parametrize(
    ("there", "counted", "told"),
    [
        (Capped(95, 5), 95, "no more than 5 rows"),
        (Capped(95, 50), 96, "counted with 96 triples and read with 95"),
        (Capped(95, 0), 95, "95 triples were counted and 0 came"),
    ],
)
def test_what_does_not_add_up_is_no_site(there: Capped, counted: int, told: str, endpoint: Misbehaving) -> None:
    endpoint.behave = there
    with pytest.raises(UpstreamFailed, match=told):
        paging.read(client(endpoint), paging.Graph(X, counted), lambda _: None, page=100)


@given(st.lists(st.binary(max_size=9)), st.binary(min_size=1, max_size=4), st.binary(max_size=3))
def test_what_is_replaced_in_pieces_is_replaced_in_the_whole(pieces: list[bytes], old: bytes, new: bytes) -> None:
    assert b"".join(_replaced(iter(pieces), old, new)) == b"".join(pieces).replace(old, new)


def test_blank_nodes_are_called_alike_whatever_the_endpoint_calls_them() -> None:
    def told(first: str, second: str) -> list[Quad]:
        graph, p = NamedNode(X), NamedNode(X)
        return [
            Quad(NamedNode(X), p, BlankNode(first), graph),
            Quad(NamedNode(X), p, BlankNode(second), graph),
            Quad(BlankNode(first), p, Literal("first"), graph),
            Quad(BlankNode(second), p, Literal("second"), graph),
            Quad(BlankNode(second), p, BlankNode(first), graph),
        ]

    expected = settled(NamedNode(X), told("a", "b"))
    assert settled(NamedNode(X), told("b", "a")) == expected
    assert settled(NamedNode(X), reversed(told("zz", "y1"))) == expected
    assert len({quad.object for quad in expected}) == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) WHERE { SELECT * WHERE { ?s ?p ?o }\n}"),
        (
            "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3",
            "SELECT (COUNT(*) AS ?n) WHERE { SELECT * WHERE { ?s ?p ?o } LIMIT 3\n}",
        ),
        (
            "PREFIX a: <x#> CONSTRUCT { ?s a:b [ a:c '}' ] }#{\n FROM <y> { ?s ?p ?o }",
            "PREFIX a: <x#> SELECT (COUNT(*) AS ?n) FROM <y> WHERE { SELECT * { ?s ?p ?o }\n}",
        ),
    ],
)
def test_the_rows_of_a_construct_can_be_counted(query: str, expected: str) -> None:
    assert constructing.parts(query).counted == expected


XSD = "http://www.w3.org/2001/XMLSchema#integer"


class CappedRows:
    """An endpoint that counts so many rows of a CONSTRUCT and gives them by the page, some of them blank nodes."""

    def __init__(self, counted: int, given: int) -> None:
        self.counted, self.given = counted, given

    def __call__(self, asked: Asked) -> None:
        query = asked.server.asked[-1]
        if "COUNT" in query:
            bindings = [{"n": {"type": "literal", "value": str(self.counted), "datatype": XSD}}]
        else:
            offset, limit = (int(query.rsplit(word, 1)[1].split()[0]) for word in ("OFFSET", "LIMIT"))
            chosen = range(self.given)[offset : offset + min(limit, 10_000)]
            bindings = [
                {
                    "s": {"type": "bnode", "value": f"nodeID://b{n}"} if n % 2 else {"type": "uri", "value": f"{X}{n}"},
                    "o": {"type": "literal", "value": str(n), "xml:lang": "en"},
                }
                for n in chosen
            ]
        asked.whole(json.dumps({"head": {"vars": ["s", "o", "n"]}, "results": {"bindings": bindings}}).encode())


CONSTRUCT = f"CONSTRUCT {{ ?s <{X}> ?o ; <{X}b> [ <{X}> ?s ] }} WHERE {{ ?s <{X}> ?o }}"


def test_a_construct_beyond_the_cap_is_read_by_pages(endpoint: Misbehaving) -> None:
    endpoint.behave = CappedRows(10_500, 10_500)
    asking = client(endpoint, max_bytes=50_000_000)
    asking.dialect = named("virtuoso")
    roomy = RemoteEngine(asking, Scope((X,), (X,)), Ground("http://example.org/", {}, 100_000, 50_000_000), 9999, 0)
    made = list(
        parse(b"".join(roomy.stream(CONSTRUCT, "application/n-triples", DatasetClause()).chunks), RdfFormat.N_TRIPLES)
    )
    assert len(made) == 3 * 10_500
    assert len({quad.object for quad in made if quad.predicate.value == f"{X}b"}) == 10_500
    assert {quad.object for quad in made if isinstance(quad.object, Literal)} == {
        Literal(str(n), language="en") for n in range(10_500)
    }


def test_a_construct_of_which_rows_are_missing_is_none(endpoint: Misbehaving) -> None:
    endpoint.behave = CappedRows(10_500, 10_100)
    asking = client(endpoint, max_bytes=50_000_000)
    asking.dialect = named("virtuoso")
    roomy = RemoteEngine(asking, Scope((X,), (X,)), Ground("http://example.org/", {}, 100_000, 50_000_000), 9999, 0)
    with pytest.raises(UpstreamFailed, match="counted 10,500 rows of a CONSTRUCT and gave 10,100"):
        b"".join(roomy.stream(CONSTRUCT, None, DatasetClause()).chunks)

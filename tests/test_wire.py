"""Requests as bytes on a wire, as no library would send them: each gets an answer of its own, and nothing slips in."""

import socket
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from conftest import BASE, write_site
from kgpub import formats
from kgpub.making.building import build
from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import current
from kgpub.web import create_app
from kgpub.web.cache import PageCache
from kgpub.web.respond import _choose_language
from kgpub.web.serving import Serving
from running import running

TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'
FILES = {
    "data/a.ttl": """<id/a> <ns/p> <id/b> , <id/x(y)> , <id/ბ> , <id/z/> , <id/%E1%83%92> , <id/c%41> .
<id/ბ> <ns/p> 1 . <id/x(y)> <ns/p> 2 . <id/z/> <ns/p> 3 . <id/c%41> <ns/p> 4 . <id/a> <ns/q> "5" .
"""
}
HOST = b"Host: x\r\n"


class Wire(NamedTuple):
    """A site in service, and where it listens."""

    settings: Settings
    port: int

    def talk(self, request: bytes) -> bytes:
        """All that comes back, until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as wire:
            wire.sendall(request)
            whole = b""
            while piece := wire.recv(65_536):
                whole += piece
        return whole


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder = write_site(tmp_path_factory.mktemp("wire"), FILES, TOML)
    with running(folder) as address:
        port = urlsplit(address).port
        assert port is not None
        yield Wire(load(folder), port)


def get(target: bytes, *more: bytes, method: bytes = b"GET") -> bytes:
    lines = b"".join(one + b"\r\n" for one in more)
    return method + b" " + target + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n" + lines + b"\r\n"


class Row(NamedTuple):
    request: bytes
    status: int
    location: str = ""


GEORGIAN = "ბ".encode()
TABLE = {
    "CR LF, escaped, in the path": Row(get(b"/id/a%0D%0AX-Injected:%20y"), 404),
    "CR LF, escaped, in a parameter": Row(get(b"/-/data?lang=%0D%0AX-Injected:y"), 400),
    "CR LF, escaped, in a profile": Row(get(b"/id/a?_profile=%0D%0AX-Injected:y"), 400),
    "CR LF, escaped, in a media type": Row(get(b"/id/a?_mediatype=%0D%0AX-Injected:y"), 406),
    "CR LF, escaped, in an IRI": Row(get(b"/-/about?iri=urn:x%0D%0AX-Injected:y"), 400),
    "CR LF, escaped, in a parameter that means nothing": Row(
        get(b"/-/about?iri=https://kg.example/id/a&x=%0D%0AX-Injected:y"), 303, "/id/a.html"
    ),
    "CR in the path": Row(get(b"/id/a\rX-Injected: y"), 400),
    "CR in a header": Row(get(b"/id/a", b"Accept: text/html\rX-Injected: y"), 400),
    "LF in a header": Row(get(b"/id/a", b"Accept: text/html\nX-Injected y"), 400),
    "NUL in a header": Row(get(b"/id/a", b"Accept: a\0b"), 400),
    "bytes that are no ASCII in a header": Row(get(b"/id/a", b"Accept: \xff\xfe"), 303, "/id/a.html"),
    "UTF-8 in a header": Row(get(b"/id/a", b"Accept-Profile: <" + GEORGIAN + b">"), 303, "/id/a.html"),
    "UTF-8 in the path": Row(get(b"/id/" + GEORGIAN), 400),
    "Georgian letters": Row(get(b"/id/%E1%83%91"), 303, "/id/%E1%83%91.html"),
    "Georgian letters in small hexadecimal": Row(get(b"/id/%e1%83%91"), 303, "/id/%E1%83%91.html"),
    "Georgian letters, escaped in the IRI itself": Row(get(b"/id/%E1%83%92"), 303, "/id/%E1%83%92.html"),
    "half of a letter": Row(get(b"/id/%E1%83"), 404),
    "no letter": Row(get(b"/id/%FF"), 404),
    "no escape": Row(get(b"/id/%zz"), 400),
    "NUL in the path": Row(get(b"/id/%00"), 404),
    "an escaped letter": Row(get(b"/id/%61"), 303, "/id/a.html"),
    "an escape of an escape": Row(get(b"/id/%2561"), 404),
    "an escape that the IRI has": Row(get(b"/id/c%41"), 303, "/id/c%41.html"),
    "parentheses": Row(get(b"/id/x(y)"), 303, "/id/x(y).html"),
    "parentheses, escaped": Row(get(b"/id/x%28y%29"), 303, "/id/x(y).html"),
    "a slash at the end": Row(get(b"/id/z/"), 303, "/id/z/index.html"),
    "a slash that is missing": Row(get(b"/id/z"), 404),
    "a slash too many": Row(get(b"/id/a/"), 404),
    "an absolute target": Row(get(b"http://evil.example/id/a"), 303, "/id/a.html"),
    "an absolute target with a profile": Row(get(b"http://evil.example/id/a?_profile=labels"), 303, "/id/a.ttl?_profile=labels"),
    "two slashes at the beginning": Row(get(b"//evil.example/id/a"), 404),
    "a backslash": Row(get(b"/\\evil.example/id/a"), 404),
    "a star": Row(get(b"*"), 404),
    "a star for OPTIONS": Row(get(b"*", method=b"OPTIONS"), 204),
    "a tunnel": Row(get(b"evil.example:443", method=b"CONNECT"), 400),
    "a method that nobody knows": Row(get(b"/id/a", method=b"BREW"), 400),
    "TRACE": Row(get(b"/id/a", method=b"TRACE"), 405),
    "dots": Row(get(b"/id/../-/status"), 404),
    "escaped dots": Row(get(b"/-/static/%2e%2e%2f%2e%2e%2fkgpub.toml"), 404),
    "dots among the dumps": Row(get(b"/-/dumps/..%2f..%2fmanifest.json"), 404),
    "Accept of 10 kB": Row(get(b"/id/a", b"Accept: " + b"image/x;q=0.1," * 700 + b"text/turtle"), 303, "/id/a.ttl"),
    "Accept of 10 kB of nothing": Row(get(b"/id/a", b"Accept: " + b"a/b;q=0.1," * 1_000), 406),
    "Accept of 10 kB of quotes": Row(get(b"/id/a", b"Accept: " + b'"' * 10_001), 303, "/id/a.html"),
    "Accept-Language of 10 kB": Row(get(b"/id/a.html", b"Accept-Language: " + b"xx;q=0.1," * 1_100), 200),
    "Accept-Encoding of 10 kB": Row(get(b"/id/a.html", b"Accept-Encoding: " + b"x;q=0.1," * 1_250), 200),
    "Accept-Profile of 10 kB": Row(get(b"/id/a", b"Accept-Profile: " + b"<urn:x>;q=0.1," * 700), 303, "/id/a.html"),
    "weights out of range": Row(get(b"/id/a", b"Accept: text/turtle;q=-1, text/html;q=nan, application/n-triples;q=1e9"), 303, "/id/a.nt"),
    "forged addresses": Row(
        get(b"/id/a", b"X-Forwarded-Host: evil.example", b"X-Forwarded-Proto: gopher", b"X-Forwarded-For: evil, \" <",
            b"Forwarded: for=evil;host=evil.example;proto=x", b"X-Forwarded-Prefix: /evil", b"X-Original-URL: /evil"),
        303, "/id/a.html",
    ),
    "an ending that nobody knows": Row(get(b"/id/a.xyz"), 404),
    "two endings": Row(get(b"/id/a.ttl.ttl"), 404),
    "a language that nobody speaks": Row(get(b"/id/a.xx.html"), 404),
    "two lengths": Row(
        b"POST /sparql HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"
        b"Content-Type: application/sparql-query\r\n\r\n0\r\n\r\nGET /-/metrics HTTP/1.1\r\n\r\n", 400,
    ),
    "another protocol": Row(b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_the_answer_to_every_odd_request(wire: Wire, name: str) -> None:
    row = TABLE[name]
    whole = wire.talk(row.request)
    head, _, _ = whole.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    assert int(first.split()[1]) == row.status, head
    fields = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines}
    assert "x-injected" not in fields
    assert "evil" not in head.decode("latin-1")
    assert fields.get("location", "") == row.location
    assert whole.count(b"HTTP/1.1 ") == 1
    if row.status >= 400 and row.status != 400:
        assert fields["content-type"].startswith("application/problem+json")
    assert wire.talk(get(b"/-/health")).startswith(b"HTTP/1.1 200")


def test_forged_addresses_change_no_byte(wire: Wire) -> None:
    forged = (b"X-Forwarded-Host: evil.example", b"X-Forwarded-Proto: https", b"Forwarded: host=evil.example")
    for target in (b"/id/a.html", b"/-/void.ttl", b"/sitemap.xml", b"/-/linkset.json", b"/.well-known/api-catalog"):
        plain, other = (wire.talk(get(target, *more)).partition(b"\r\n\r\n") for more in ((), forged))
        assert other[2] == plain[2]
        assert b"evil" not in other[0]


# ---- ranges and conditions on files


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(write_site(tmp_path_factory.mktemp("conditions"), FILES, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site)), follow_redirects=False) as made:
        yield made


PAST, FUTURE = "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
ETAG, OTHER = "{etag}", '"other"'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Range": "bytes=0-3"}, 206), ({"Range": "bytes=-3"}, 206), ({"Range": "bytes=3-"}, 206),
        ({"Range": "bytes=5-3"}, 200), ({"Range": "bytes=a-b"}, 200), ({"Range": "lines=0-3"}, 200),
        ({"Range": "bytes=0-3,5-7"}, 200), ({"Range": "bytes=" + "0-1," * 2_000 + "0-1"}, 200),
        ({"Range": "bytes=-"}, 200), ({"Range": "bytes=0-99999999999999999999"}, 200), ({"Range": ""}, 200),
        ({"Range": "bytes=99999999-"}, 416), ({"Range": "bytes=-0"}, 416), ({"Range": "bytes=٣-٤"}, 200),
        ({"If-Match": ETAG}, 200), ({"If-Match": OTHER}, 412), ({"If-Match": "*"}, 200),
        ({"If-Match": f"{OTHER}, {ETAG}"}, 200), ({"If-Match": f"W/{ETAG}"}, 412), ({"If-Match": ""}, 412),
        ({"If-None-Match": ETAG}, 304), ({"If-None-Match": OTHER}, 200), ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": f"W/{ETAG}"}, 304), ({"If-None-Match": f"{OTHER},{ETAG}"}, 304),
        ({"If-Match": OTHER, "If-None-Match": ETAG}, 412), ({"If-Match": ETAG, "If-None-Match": ETAG}, 304),
        ({"If-Match": ETAG, "If-None-Match": OTHER}, 200), ({"If-Match": OTHER, "If-None-Match": OTHER}, 412),
        ({"If-Modified-Since": FUTURE}, 200), ({"If-Modified-Since": PAST}, 200), ({"If-Modified-Since": "x"}, 200),
        ({"If-Unmodified-Since": PAST}, 200), ({"If-None-Match": OTHER, "If-Modified-Since": FUTURE}, 200),
        ({"If-None-Match": ETAG, "If-Modified-Since": PAST}, 304), ({"If-None-Match": ETAG, "Range": "bytes=0-3"}, 304),
        ({"If-Match": OTHER, "Range": "bytes=0-3"}, 412), ({"If-Match": ETAG, "Range": "bytes=0-3"}, 206),
        ({"Range": "bytes=0-3", "If-Range": ETAG}, 206), ({"Range": "bytes=0-3", "If-Range": OTHER}, 200),
        ({"Range": "bytes=0-3", "If-Range": f"W/{ETAG}"}, 200), ({"Range": "bytes=0-3", "If-Range": FUTURE}, 200),
        ({"Range": "bytes=99999999-", "If-Range": OTHER}, 200), ({"If-Range": ETAG}, 200),
    ],
)  # fmt: skip
def test_conditions_and_ranges(client: TestClient, site: Settings, headers: dict[str, str], status: int) -> None:
    plain = client.get("/-/dump.nq")
    asked = {name.encode(): value.replace(ETAG, plain.headers["etag"]).encode() for name, value in headers.items()}
    answer = client.get("/-/dump.nq", headers=asked)
    assert answer.status_code == status
    whole = (site.snapshots_folder / "snapshots" / current(site) / FOLDER / WHOLE).read_bytes()
    if status == 206:
        start, _, rest = answer.headers["content-range"].removeprefix("bytes ").partition("-")
        stop, _, size = rest.partition("/")
        assert int(size) == len(whole)
        assert answer.content == whole[int(start) : int(stop) + 1]
    else:
        assert answer.content == (whole if status == 200 else b"")
    assert answer.headers.get("content-range") == (
        f"bytes */{len(whole)}" if status == 416 else answer.headers.get("content-range")
    )
    head = client.head("/-/dump.nq", headers=asked)
    assert (head.status_code, head.content) == (status, b"")


# ---- what grows


def front(application: object) -> PageCache:
    """The cache of pages in front of an application."""
    (found,) = [one for one in vars(application).values() if isinstance(one, PageCache)]
    return found


def test_unknown_addresses_fill_nothing(site: Settings) -> None:
    made = create_app(Serving(site))
    cache = front(made)
    with TestClient(made, follow_redirects=False) as client:
        for number in range(2_500):
            headers = {"Accept": f"text/turtle;q=0.{number}, x/y{number}", "Accept-Language": f"x{number}"}
            assert client.get(f"/id/none{number}", headers=headers).status_code == 404
        for number in range(200):
            assert client.get(f"/id/a.ttl?x{number}=1").status_code == 200
            assert client.get(f"/id/a?_profile=none{number}").status_code == 400
            assert client.get("/id/a.ttl?_profile=labels", headers={"X": f"{number}"}).status_code == 200
    assert len(cache._pages) < 10
    assert len(cache._answers) == 0
    for remembered in (formats._remembered_choice, _choose_language):
        info = remembered.cache_info()
        assert info.maxsize is not None
        assert info.currsize <= info.maxsize


def test_strange_headers_are_not_remembered() -> None:
    before = formats._remembered_choice.cache_info().currsize
    for number in range(50):
        assert formats.choose("a/b," * 200 + f"text/turtle;x={number}", formats.ENTITY) is formats.TURTLE
    assert formats._remembered_choice.cache_info().currsize == before

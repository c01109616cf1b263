"""nginx as docs/deploy sets it up: what kgpub promises holds in front of it too."""

import gzip
import http.client
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import brotli
import pytest

from kgpub.settings import Settings, load
from kgpub.web.running import KEPT_OPEN
from proxied import DEPLOY, NGINX, Front, certificate, direct, free_port, nginx, written
from running import running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        NGINX is None or not (shutil.which("openssl") and shutil.which("curl")),
        reason="nginx, openssl or curl is not installed",
    ),
]

ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 6000"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
MOST_BYTES = 3_000_000
LONGEST = 65_536
PAGE = "/id/panther.en.html"


def asked(query: str, prefix: str = "/") -> str:
    return f"{prefix}sparql?query={quote(query)}"


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with a path short enough for a socket's name."""
    with TemporaryDirectory(prefix="kg") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def settings(place: Path) -> Settings:
    for command in ("new", "build"):
        subprocess.run([sys.executable, "-m", "kgpub", command, str(place / "site")], check=True, capture_output=True)
    return load(place / "site")


@pytest.fixture(scope="module")
def server(settings: Settings, place: Path) -> Iterator[Path]:
    """The path of a server's socket; its answers are at most so long, its log is beside it."""
    limits = {"KGPUB_SPARQL__MAX_BYTES": str(MOST_BYTES), "KGPUB_LOG__ACCESS": str(place / "log")}
    with running(settings.folder, "--uds", str(place / "s"), **limits):
        yield place / "s"


@pytest.fixture(scope="module")
def front(server: Path, place: Path) -> Iterator[Front]:
    """nginx with TLS at the root of a host, as in site.conf."""
    folder, secure, plain = place / "nginx", free_port(), free_port()
    folder.mkdir()
    certificate(folder)
    changes = {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "/etc/ssl/certs/data.example.org.pem": str(folder / "cert.pem"),
        "/etc/ssl/private/data.example.org.key": str(folder / "key.pem"),
    }
    written(folder, (DEPLOY / "nginx/site.conf").read_text("utf-8"), server, changes)
    with nginx(folder, secure, folder / "cert.pem") as found:
        redirect = Front(plain, folder).ask("/id/panther?x=%2F")
        assert (redirect.status, redirect.fields["location"]) == (301, "https://data.example.org/id/panther?x=%2F")
        yield found


def test_the_configuration_is_taken_without_a_warning(front: Front) -> None:
    assert NGINX is not None
    command: list[str | Path] = [NGINX, "-t", "-p", front.folder, "-c", front.folder / "nginx.conf", "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not re.search(r"\[(warn|error|alert|emerg)\]", done.stderr), done.stderr


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/", {"Accept": "text/html", "Accept_Language": "ka"}),
        ("/", {"Accept": "text/html", "Accept_Language": "en"}),
        ("/id/panther", {"Accept": "text/turtle"}),
        ("/id/panther", {"Accept": "text/html", "Accept_Language": "ka"}),
        ("/id/panther.ka.html", {"Accept_Encoding": "br"}),
        ("/id/panther.ttl", {"Accept_Encoding": "gzip, br"}),
        ("/id/none", {"Accept": "text/html", "Accept_Language": "ka"}),
        ("/id/%E1%83%90%2Fb", {}),
        ("/id/a%20b?x=%C3%A4&x", {}),
        ("/id//panther.ttl", {}),
        ("/-/static/style.css", {}),
        ("/-/dump.nq", {}),
        (asked("ASK{}"), {"Accept": "application/sparql-results+xml"}),
        (asked("ASK{"), {}),
        ("/robots.txt", {}),
        ("/.well-known/void", {}),
    ],
)
def test_an_answer_is_the_one_that_kgpub_gives(
    front: Front, server: Path, address: str, fields: dict[str, str]
) -> None:
    own, through = direct(server, address, **fields), front.ask(address, **fields)
    assert through.status == own.status
    assert through.body == own.body
    ours = {"date", "server", "connection", "x-cache", "transfer-encoding"}
    kept = {name: value for name, value in through.fields.items() if name not in ours}
    assert kept == {name: value for name, value in own.fields.items() if name not in ours}


def test_what_is_public_is_kept_and_each_coding_is_a_variant(front: Front) -> None:
    codings = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
    bodies = set()
    for coding, decode in codings.items():
        for cached in ("MISS", "HIT"):
            found = front.ask("/id/vazha.en.html", Accept_Encoding=coding or "identity")
            assert found.fields["x-cache"] == cached
            assert found.fields.get("content-encoding", "") == coding
            assert not found.fields["etag"].startswith("W/")
            bodies.add(decode(found.body))
    assert len(bodies) == 1


@pytest.mark.parametrize("address", ["/", "/id/panther", "/id/panther.html", "/-/data", "/search?q=panther"])
def test_what_depends_on_who_asks_is_not_kept(front: Front, address: str) -> None:
    for language in ("ka", "en", "ka"):
        found = front.ask(address, Accept="text/html", Accept_Language=language)
        assert found.fields.get("x-cache", "MISS") == "MISS"
        assert found.status == 303 or f'<html lang="{language}"' in found.body.decode()


@pytest.mark.parametrize("field", ["Authorization", "X_API_Key", "Cookie"])
def test_who_shows_a_key_or_a_cookie_is_answered_by_kgpub(front: Front, field: str) -> None:
    front.ask(PAGE)
    assert front.ask(PAGE).fields["x-cache"] == "HIT"
    assert front.ask(PAGE, **{field: "x"}).fields["x-cache"] == "BYPASS"


@pytest.mark.parametrize("address", [PAGE, "/", "/-/dump.nq", asked("ASK{}")])
def test_what_a_client_has_is_not_sent_again(front: Front, address: str) -> None:
    first = front.ask(address)
    assert (first.status, bool(first.body)) == (200, True)
    again = front.ask(address, If_None_Match=first.fields["etag"])
    assert (again.status, again.body, again.fields["etag"]) == (304, b"", first.fields["etag"])
    assert front.ask(address, If_None_Match='"other"').status == 200


@pytest.mark.parametrize("address", [PAGE, "/", asked("ASK{}")])
def test_a_head_has_no_body(front: Front, address: str) -> None:
    found = front.ask(address, "HEAD")
    assert (found.status, found.body) == (200, b"")


@pytest.mark.parametrize(
    ("fields", "status", "part"),
    [
        ({"Range": "bytes=10-19"}, 206, slice(10, 20)),
        ({"Range": "bytes=-5"}, 206, slice(-5, None)),
        ({"Range": "bytes=10-19", "If_Range": '"old"'}, 200, slice(None)),
        ({"Range": "bytes=999999999-"}, 416, slice(0)),
    ],
)
def test_a_dump_is_had_in_ranges(front: Front, fields: dict[str, str], status: int, part: slice) -> None:
    whole = front.ask("/-/dump.nq").body
    found = front.ask("/-/dump.nq", **fields)
    assert (found.status, found.body) == (status, whole[part])


def test_a_long_answer_comes_whole(front: Front) -> None:
    found = front.ask(asked(ROWS), Accept="text/csv")
    assert found.status == 200
    assert found.body.count(b"\r\n") == 6_001
    assert len(found.body) > 1_048_576, "long enough to be streamed"


def test_a_broken_off_answer_does_not_look_whole(front: Front) -> None:
    with pytest.raises(http.client.IncompleteRead) as broken:
        front.ask(asked(ENDLESS), Accept="text/csv")
    assert len(broken.value.partial) > 65_536, "it had begun"


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_curl_sees_that_an_answer_was_broken_off(front: Front, version: str) -> None:
    address = f"https://data.example.org:{front.port}{asked(ENDLESS)}"
    command = [
        "curl",
        "-sS",
        version,
        "-o",
        "/dev/null",
        "-w",
        "%{http_version} %{http_code}",
        "-H",
        "Accept: text/csv",
    ]
    command += ["--cacert", str(front.trust), "--resolve", f"data.example.org:{front.port}:127.0.0.1", address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == f"{version[6:].removesuffix('.0')} 200"
    assert done.returncode in {18, 92}, done.stderr


def test_an_old_client_gets_a_refusal_in_place_of_a_part(front: Front) -> None:
    head, _, rest = front.say(f"GET {asked(ENDLESS)} HTTP/1.0\r\nHost: x\r\nAccept: text/csv\r\n\r\n").partition(
        b"\r\n\r\n"
    )
    assert head.split()[1] == b"400"
    assert b"limit-reached" in rest


def test_an_old_client_gets_a_whole_answer_with_its_length(front: Front) -> None:
    head, _, rest = front.say(f"GET {asked(ROWS)} HTTP/1.0\r\nHost: x\r\nAccept: text/csv\r\n\r\n").partition(
        b"\r\n\r\n"
    )
    length = re.search(rb"(?i)content-length: (\d+)", head)
    assert head.split()[1] == b"200"
    assert length is not None and int(length[1]) == len(rest)


def test_an_old_client_can_send_a_form(front: Front) -> None:
    form = f"query={quote('ASK{}')}"
    head = f"POST /sparql HTTP/1.0\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}"
    assert b" 200 " in front.say(f"{head}\r\n\r\n{form}").partition(b"\r\n")[0]


def test_the_longest_query_passes(front: Front) -> None:
    query = "ASK{}#" + "ა" * ((LONGEST - 6) // 3)
    assert LONGEST - 3 < len(query.encode()) <= LONGEST
    form = f"query={quote(query, safe='')}".encode()
    sent = front.post("/sparql", form)
    assert sent.status == 200


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/html"])
def test_the_longest_address_passes(front: Front, accept: str) -> None:
    assert front.ask(asked("ASK{}#" + "x" * 65_000), Accept=accept).status == 200


@pytest.mark.parametrize(("size", "own"), [(262_144, True), (262_145, False)])
def test_what_kgpub_would_not_read_nginx_does_not_either(front: Front, size: int, own: bool) -> None:
    found = front.post("/sparql", b"x=" + b"y" * (size - 2))
    assert found.status == (400 if own else 413)
    assert (found.fields["content-type"] == "application/problem+json") is own


def said(name: str, file: str) -> list[str]:
    text = (DEPLOY / "nginx" / file).read_text("utf-8")
    return re.findall(rf"^\s*{name} ([^;]+);", text, re.MULTILINE)


def test_limits_and_times_fit_those_of_kgpub(settings: Settings) -> None:
    limits = settings.sparql
    assert said("client_max_body_size", "site.conf") == [f"{(3 * limits.max_query + 65_536) // 1024}k"]
    assert int(said("proxy_read_timeout", "kgpub-proxy.conf")[0].rstrip("s")) > limits.patience + limits.max_timeout
    assert int(said("keepalive_timeout", "kgpub-http.conf")[0].rstrip("s")) < KEPT_OPEN


def test_the_log_names_the_client_whatever_it_claims(front: Front, place: Path) -> None:
    front.ask("/-/status?mark", X_Forwarded_For="203.0.113.9")
    wait(lambda: "/-/status?mark" in (place / "log").read_text())
    (line,) = (line for line in (place / "log").read_text().splitlines() if "/-/status?mark" in line)
    assert '"client": "127.0.0.1"' in line


def test_figures_are_for_this_machine_only(front: Front) -> None:
    assert front.ask("/-/metrics").status == 200
    elsewhere = replace(front, source="127.0.0.2")
    assert elsewhere.ask("/-/metrics").status == 403
    assert elsewhere.ask("//-/./metrics?x").status == 403
    assert b" 403 " in elsewhere.say("GET /-/metrics HTTP/1.0\r\n\r\n").partition(b"\r\n")[0]


def figure(front: Front, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", front.ask("/-/metrics").body.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_client_that_goes_away_frees_its_worker(front: Front) -> None:
    with front.dial() as end:
        end.sendall(f"GET {asked(SLOW)} HTTP/1.1\r\nHost: data.example.org\r\n\r\n".encode())
        wait(lambda: figure(front, "kgpub_queries_running") == 1)
    wait(lambda: figure(front, "kgpub_queries_running") == 0)
    assert figure(front, 'kgpub_queries_total{outcome="abandoned"}') == 1


def wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def below(settings: Settings, place: Path) -> Iterator[Front]:
    """nginx before a server below a path of a host, as in prefix.conf."""
    site, folder, port = place / "below", place / "nginx-below", free_port()
    shutil.copytree(settings.folder, site)
    toml = (site / "kgpub.toml").read_text("utf-8")
    (site / "kgpub.toml").write_text(toml.replace('"https://example.org/"', '"https://agency.example/kg/"'), "utf-8")
    folder.mkdir()
    servers = f"server {{ listen 127.0.0.1:{port}; proxy_http_version 1.1; location / {{ return 204; }} include prefix.conf; }}"
    with running(site, "--allow-removed", "--uds", str(place / "b"), KGPUB_SPARQL__MAX_BYTES=str(MOST_BYTES)):
        written(folder, servers, place / "b", {})
        shutil.copy(DEPLOY / "nginx/prefix.conf", folder / "prefix.conf")
        with nginx(folder, port) as found:
            yield found


@pytest.mark.parametrize(
    ("address", "accept", "status", "words"),
    [
        ("/", "*/*", 204, ""),
        ("/kgother", "*/*", 204, ""),
        ("/kg", "*/*", 308, ""),
        ("/kg/?lang=ka", "text/html", 200, 'href="/kg/-/static/style.css'),
        ("/kg/id/panther.en.html", "*/*", 200, 'href="/kg/id/rustaveli'),
        ("/kg/id/panther.ttl", "*/*", 200, "id:rustaveli"),
        ("/kg/-/static/style.css", "*/*", 200, "{"),
        ("/kg/sparql?query=ASK%7B%7D", "application/json", 200, "true"),
        ("/kg/-/dump.nq", "*/*", 200, "https://agency.example/kg/id/panther"),
        ("/kg/-/metrics", "*/*", 200, "kgpub_queries"),
    ],
)
def test_below_a_path_everything_is_below_it(below: Front, address: str, accept: str, status: int, words: str) -> None:
    found = below.ask(address, Accept=accept)
    assert (found.status, words in found.body.decode()) == (status, True)


@pytest.mark.parametrize(("address", "to"), [("/kg/id/panther", "/kg/id/panther."), ("/.well-known/void", "/kg/")])
def test_below_a_path_redirects_stay_below_it(below: Front, address: str, to: str) -> None:
    found = below.ask(address, Accept="text/turtle")
    assert found.status in {302, 303}
    assert to in found.fields["location"]


def test_below_a_path_an_old_client_gets_a_refusal_in_place_of_a_part(below: Front) -> None:
    said = below.say(f"GET {asked(ENDLESS, '/kg/')} HTTP/1.0\r\nHost: x\r\nAccept: text/csv\r\n\r\n")
    assert said.partition(b"\r\n")[0].split()[1] == b"400"


def test_below_a_path_what_is_public_is_kept_too(below: Front) -> None:
    assert [below.ask("/kg/id/panther.ka.html").fields["x-cache"] for _ in range(2)] == ["MISS", "HIT"]

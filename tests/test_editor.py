"""The query editor: its vocabulary, its layout of queries, its bundle, and what it does in a real browser."""

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlsplit

import pyoxigraph as ox
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from conftest import write_site
from kgpub.errors import KgpubError
from kgpub.formats import JSON
from kgpub.making.building import build
from kgpub.model import Counted, Statistics
from kgpub.represent import html
from kgpub.represent.colour import contrast
from kgpub.represent.locale import voice
from kgpub.represent.messages.editor import EDITOR_KEYS
from kgpub.settings import load
from kgpub.snapshot import open_snapshot
from kgpub.validate import validate
from kgpub.web import pages, problems
from kgpub.web.cache import PageCache
from kgpub.web.respond import Served
from kgpub.web.serving import Serving
from kgpub.web.terms import MOST_TERMS, terms
from sampled import sampled
from w3c import SUITES

ROOT = Path(__file__).parents[1]
EDITOR = ROOT / "editor"
STATIC = Path(html.__file__).parent / "static"
CHROMIUM = shutil.which("chromium")
NODE, NPM = shutil.which("node"), shutil.which("npm")

TOML = """
title = "Things"
base = "https://kg.example/"
languages = ["ka", "en"]
[prefixes]
ex = "ns/"
id = "id/"
"""
DATA = """
@prefix ex: <https://kg.example/ns/> . @prefix id: <https://kg.example/id/> . @prefix other: <http://other.example/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Project rdfs:label "პროექტი"@ka , "Project"@en .
ex:Organisation rdfs:label "ორგანიზაცია"@ka , "Organisation"@en .
ex:fundedBy rdfs:label "დამფინანსებელი"@ka , "funded by"@en .
ex:partner rdfs:label "Partner"@en .
id:one a ex:Project ; ex:fundedBy id:two , id:three ; other:odd%20name "x" ; ex:partner id:two .
id:two a ex:Organisation .
ex:Hostile rdfs:label "<img src=x onerror=alert(1)>"@en .
id:four a ex:Hostile .
id:three a ex:Organisation .
"""


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Served:
    site = load(write_site(tmp_path_factory.mktemp("desk"), {"data/things.ttl": DATA}, TOML))
    build(site, validate, lambda step, done: None)
    return Served(site, open_snapshot(site))


# ---- the desk: the query page's markup under the server's own headers, with a reader of queries that tests can steer


@dataclass
class Desk:
    """A server of one page, what it was asked, and what it is told to do."""

    now: Served
    address: str = ""
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)

    async def page(self, request: Request) -> Response:
        """The query page; ``# slow`` waits to be let through, ``BAD`` is refused."""
        given = (
            dict(request.query_params)
            if request.method == "GET"
            else {k: str(v) for k, v in (await request.form()).items()}
        )
        query = given.get("query", "")
        self.asked.append(f"{request.method} {query}")
        while "# slow" in query and not self.gate.is_set():
            if await request.is_disconnected():
                self.left.set()
                break
            await asyncio.sleep(0.01)
        if given.get("format"):
            return PlainTextResponse(f"as {given['format']}")
        answer, status = ("", 200) if not query else (f"<p class='told'>{len(query)}: {escape(query)}</p>", 200)
        if "BAD" in query:
            answer, status = '<section class="alert"><h2>Refused</h2></section>', 400
        return HTMLResponse(_page(given.get("lang", "en"), query, answer), status)

    async def check(self, request: Request) -> Response:
        """Every ``BAD`` is a mistake at its place, every ``OLD`` one that can be mended."""
        assert request.headers["content-type"] == "application/sparql-query"
        text = (await request.body()).decode()
        self.asked.append(f"CHECK {text}")
        while "# slow" in text and not self.gate.is_set():
            await asyncio.sleep(0.01)
        found: list[dict[str, object]] = []
        for number, line in enumerate(text.split("\n"), 1):
            for word, severity in (("BAD", "error"), ("OLD", "warning")):
                if word in line:
                    fix = {"label": "Mend it", "query": text.replace("OLD", "NEW")} if word == "OLD" else None
                    place = {"line": number, "column": line.index(word) + 1, "severity": severity, "kind": word.lower()}
                    found.append({**place, "message": f"What is {word}?", "fix": fix})
        return JSONResponse({"problems": found})

    def app(self) -> ASGIApp:
        """The application, behind the layer that sets the headers."""
        routes = [
            Route("/sparql", self.page, methods=["GET", "POST"]),
            Route("/-/check", self.check, methods=["POST"]),
            Route("/-/terms.json", terms),
            Route("/-/static/{name}", pages.static),
            Route("/favicon.ico", lambda _: Response(status_code=204)),
        ]
        serving = cast(Serving, SimpleNamespace(now=self.now))
        inner = Starlette(routes=routes, exception_handlers={KgpubError: problems.refuse})
        inner.state.serving = serving
        return PageCache(inner, serving)


EXAMPLE = "# Everything\nSELECT ?s WHERE { ?s ?p ?o } LIMIT 5\n"


def _page(language: str, query: str, answer: str) -> str:
    """The markup that the script attaches to."""
    words = json.dumps({key: voice(language)(f"editor.{key}") for key in EDITOR_KEYS}, ensure_ascii=False)
    other = "en" if language == "ka" else "ka"
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>SPARQL</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/-/static/mark.svg">
<link rel="stylesheet" href="/-/static/style.css"><link rel="stylesheet" href="/-/static/site.css">
<link rel="stylesheet" href="/-/static/editor.css"><script src="/-/static/editor.js" defer></script></head><body>
<nav class="languages"><a href="/sparql?lang={other}&amp;query={len(query)}">other</a></nav>
<main class="wrap" id="main"><h1>SPARQL</h1><div class="ask">
<form class="query" id="ask" action="/sparql" method="get" data-check="/-/check" data-mount="/"
 data-terms="/-/terms.json?lang={language}" data-words="{escape(words)}">
<input type="hidden" name="lang" value="{language}"><label for="query">Query</label>
<textarea id="query" name="query" rows="12">\n{escape(query or EXAMPLE)}</textarea>
<div class="pair"><label for="format">As</label><select id="format" name="format"><option value="">page</option>
<option value="csv">CSV</option></select><button type="submit" id="run">Run</button></div></form>
<aside class="side"><a id="next" href="#main">next</a></aside></div><div id="answer">{answer}</div></main></body></html>"""


@pytest.fixture(scope="module")
def desk(now: Served) -> Iterator[Desk]:
    made = Desk(now)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    made.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(made.app(), log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield made
    made.gate.set()
    server.should_exit = True
    thread.join()
    listening.close()


# ---- the vocabulary


@pytest.fixture(scope="module")
def vocabulary(desk: Desk) -> Iterator[TestClient]:
    with TestClient(cast(Any, desk.app())) as client:  # Any: what TestClient takes is wider than its annotation
        yield client


def _terms(client: TestClient, language: str) -> dict[str, dict[str, Any]]:  # Any: what JSON holds
    answer = client.get(f"/-/terms.json?lang={language}")
    assert answer.headers["content-type"] == JSON.content_type and answer.headers["content-language"] == language
    return {one["t"]: one for one in answer.json()["terms"]}


TERMS = [
    ("a class with its members", "ka", "ex:Organisation", {"k": "c", "n": 2, "l": "ორგანიზაცია", "o": ["Organisation"]}),
    ("in the reader's language", "en", "ex:Organisation", {"k": "c", "n": 2, "l": "Organisation", "o": ["ორგანიზაცია"]}),
    ("a property with its statements", "en", "ex:fundedBy", {"k": "p", "n": 2, "l": "funded by", "o": ["დამფინანსებელი"]}),
    ("a label in another language says so", "ka", "ex:partner", {"k": "p", "n": 1, "l": "Partner", "g": "en"}),
    ("without a prefix in full, without a label bare", "ka", "<http://other.example/terms#odd%20name>", {"k": "p", "n": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "term", "said"), [row[1:] for row in TERMS], ids=[row[0] for row in TERMS])
def test_the_vocabulary_lists_a_term(vocabulary: TestClient, language: str, term: str, said: dict[str, object]) -> None:
    assert _terms(vocabulary, language)[term] == {"t": term, **said}


def test_the_vocabulary_begins_with_the_most_used_and_has_the_prefixes(vocabulary: TestClient) -> None:
    counts = [one["n"] for one in _terms(vocabulary, "ka").values()]
    assert counts == sorted(counts, reverse=True)
    prefixes = vocabulary.get("/-/terms.json?lang=ka").json()["prefixes"]
    assert prefixes["ex"] == "https://kg.example/ns/" and "rdf" in prefixes


def test_the_vocabulary_is_kept_by_its_validator_and_varies_by_language(vocabulary: TestClient) -> None:
    fixed = vocabulary.get("/-/terms.json?lang=en")
    again = vocabulary.get("/-/terms.json?lang=en", headers={"If-None-Match": fixed.headers["etag"]})
    assert again.status_code == 304
    asked = vocabulary.get("/-/terms.json", headers={"Accept-Language": "en"})
    assert asked.json() == fixed.json() and "Accept-Language" in asked.headers["vary"]
    assert vocabulary.get("/-/terms.json?lang=fr").status_code == 400


def test_a_vocabulary_without_end_is_cut_off_at_the_least_used(now: Served) -> None:
    many = tuple(Counted(f"https://kg.example/ns/c{number}", number) for number in range(MOST_TERMS, 0, -1))
    figures = Statistics(classes=many, properties=(Counted("https://kg.example/ns/most", MOST_TERMS + 1),))
    labels = SimpleNamespace(labels=lambda iris: {iri: {"en": "x" * 1000} for iri in iris})
    crowded = SimpleNamespace(
        now=SimpleNamespace(site=now.site, snapshot=SimpleNamespace(statistics=figures, index=labels))
    )
    app = Starlette(routes=[Route("/", terms)])
    app.state.serving = crowded
    found = TestClient(app).get("/").json()["terms"]
    assert len(found) == MOST_TERMS
    assert (found[0]["t"], found[-1]["t"]) == ("ex:most", "ex:c2")
    assert max(len(one["l"]) for one in found) == 120


# ---- its words, its layout, its bundle


def test_the_script_asks_for_every_word_that_there_is_and_for_no_other() -> None:
    text = "\n".join(path.read_text("utf-8") for path in sorted((EDITOR / "src").glob("*.js")))
    asked = set(re.findall(r"\bwords\.(?!js\b)([a-z]+)", text)) | set(re.findall(r"\bwords\[\"([a-z.]+)\"\]", text))
    chosen = {"class", "property", "error", "warning", "info"}  # by the kind of a term, by the severity of a remark
    assert asked | chosen == set(EDITOR_KEYS)


needs_node = pytest.mark.skipif(NODE is None, reason="needs node on the path")


def _node(*arguments: str, given: str = "") -> str:
    done = subprocess.run([str(NODE), *arguments], cwd=EDITOR, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@needs_node
def test_the_modules_of_the_editor_keep_their_own_tables() -> None:
    _node("--test", *(str(path) for path in sorted((EDITOR / "test").glob("*.test.js"))))


_FORMAT = """
import { format } from "./src/format.js";
let given = "";
for await (const piece of process.stdin) given += piece;
const made = JSON.parse(given).map((text) => format(text));
process.stdout.write(JSON.stringify(made.map((text) => [text, text && format(text)])));
"""


@needs_node
@pytest.mark.skipif(not SUITES.is_dir(), reason="needs the W3C's queries beside the repository")
def test_every_query_of_the_w3c_is_laid_out_and_read_as_before() -> None:
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(SUITES.rglob("*.rq"))]
    made = json.loads(_node("--input-type=module", "-e", _FORMAT, given=json.dumps(texts)))
    assert len(texts) > 1000
    for text, (once, twice) in zip(texts, made, strict=True):
        assert once == twice
        assert _reads(text) == _reads(once if once is not None else text)
        assert once is not None or not _reads(text), text


def _reads(query: str) -> bool:
    try:
        ox.Store().query(query, base_iri="http://w3c.test/")
    except SyntaxError:
        return False
    except (ValueError, OSError, RuntimeError):  # read, then not answered
        return True
    return True


FILES = ("editor.js", "editor.css", "editor-licences.txt")


@pytest.mark.skipif(NPM is None, reason="needs npm on the path")
def test_the_bundle_is_what_the_sources_give(tmp_path: Path) -> None:
    made = tmp_path / "editor"
    shutil.copytree(EDITOR, made, ignore=shutil.ignore_patterns("node_modules"))
    installed = subprocess.run([str(NPM), "ci"], cwd=made, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"npm cannot fetch the packages: {installed.stderr.strip()[-200:]}")
    subprocess.run([str(NPM), "run", "build", "--", str(tmp_path)], cwd=made, capture_output=True, check=True)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (STATIC / name).read_bytes(), f"{name}: run `npm run build` in editor/"


def test_the_bundle_says_whose_it_is_and_names_no_address_to_fetch_from() -> None:
    script = (STATIC / "editor.js").read_text("utf-8")
    assert set(re.findall(r"https?://[\w.-]+", script)) <= {
        "http://www.w3.org"
    }  # the namespaces of SVG and of rdf:type
    assert not re.search(r"\beval\(|new Function\b|\.innerHTML\b", script)
    assert not re.search(r"text-transform", (STATIC / "editor.css").read_text("utf-8"))
    licences = (STATIC / "editor-licences.txt").read_text("utf-8")
    lock = json.loads((EDITOR / "package-lock.json").read_text("utf-8"))["packages"]
    for name in ("@codemirror/view", "@codemirror/state", "@lezer/common", "style-mod"):
        assert f"{name} {lock[f'node_modules/{name}']['version']} (MIT)" in licences
    assert "resolved" not in (EDITOR / "package-lock.json").read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_editor_is_served(vocabulary: TestClient, name: str) -> None:
    answer = vocabulary.get(f"/-/static/{name}")
    assert answer.status_code == 200 and answer.content == (STATIC / name).read_bytes()


INKS = re.findall(
    r"--code-(?!size|selected)([a-z]+): (#[0-9a-f]{6})", (EDITOR / "src" / "editor.css").read_text("utf-8")
)
GROUNDS = re.findall(r"--(?:wash|paper): (#[0-9a-f]{6})", (STATIC / "style.css").read_text("utf-8"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_text_is_legible_on_its_ground(scheme: str) -> None:
    inks, grounds = len(INKS) // 2, GROUNDS[:2] if scheme == "light" else GROUNDS[2:4]
    shown = INKS[:inks] if scheme == "light" else INKS[inks:]
    assert len(shown) == 7 and len({name for name, _ in INKS}) == 7
    low = [(name, ground) for name, ink in shown for ground in grounds if contrast(ink, ground) < 4.5]
    assert low == []


# ---- in a browser


in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium on the path"),
    # Playwright's event loop leaves its own sockets and transports to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
if CHROMIUM is not None:
    from playwright.sync_api import Browser, Locator, Page, expect

_WATCH = "addEventListener('securitypolicyviolation', (e) => console.error('CSP: ' + e.violatedDirective));"
_NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
)


@pytest.fixture(scope="module")
def query_page(now: Served) -> Iterator[str]:
    """The address of kgpub itself, serving the things."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "kgpub", "serve", str(now.site.folder), "--port", address.rpartition(":")[2]]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        assert any("http://" in line for line in server.stderr), "the server did not start"
        yield address
    finally:
        server.terminate()
        server.stderr.close()
        assert server.wait(30) in {0, -15}


class Seat:
    """A reader at the desk: a page, and everything that went wrong on it."""

    def __init__(self, browser: "Browser", desk: Desk, **context: Any) -> None:  # Any: passed on to Playwright
        self.desk = desk
        self.faults: list[str] = []
        self.elsewhere: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, **context)
        self.context.add_init_script(_WATCH)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "request", lambda one: None if one.url.startswith(desk.address) else self.elsewhere.append(one.url)
        )

    def open(self, query: str | None = None, language: str = "en") -> "Page":
        """The query page, with a query in its address or none."""
        tail = "" if query is None else f"&query={quote(query)}"
        self.page.goto(f"{self.desk.address}/sparql?lang={language}{tail}")
        expect(self.text).to_be_visible()
        return self.page

    @property
    def text(self) -> "Locator":
        """Where the query is written."""
        return self.page.locator(".cm-content")

    def write(self, text: str) -> None:
        """Put a text in place of what is there, as from the clipboard."""
        self.text.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def said(self) -> str:
        """What the form would send."""
        return self.page.locator("#query").input_value()


@pytest.fixture
def seat(browser: "Browser", desk: Desk) -> Iterator[Seat]:
    desk.gate.clear()
    desk.left.clear()
    desk.asked.clear()
    made = Seat(browser, desk)
    yield made
    refused = "the server responded with a status of 400"
    assert [fault for fault in made.faults if refused not in fault] == []
    assert made.elsewhere == []
    made.context.close()


COMPLETED = [
    ("a Georgian label", "{ ?x დამფ", "ex:fundedBy", "{ ?x ex:fundedBy"),
    ("an English label", "{ ?x funded", "ex:fundedBy", "{ ?x ex:fundedBy"),
    ("a prefix and a name", "{ ?x a ex:Org", "ex:Organisation", "{ ?x a ex:Organisation"),
    ("part of a full address", "{ ?x odd", "<http://other.example/terms#odd%20name>", "{ ?x <http://other.example/terms#odd%20name>"),
    ("a variable of the text", "SELECT ?abc { ?x ?y ?ab", "?abc", "SELECT ?abc { ?x ?y ?abc"),
    ("a word of SPARQL", "{ ?x ?y ?z filt", "FILTER", "{ ?x ?y ?z FILTER"),
    ("a function with its brackets", "FILTER(strst", "STRSTARTS", "FILTER(STRSTARTS()"),
    ("a declaration", "PREFIX e", "ex:", "PREFIX ex: <https://kg.example/ns/>"),
    ("a label that is markup", "{ ?x a Host", "ex:Hostile", "{ ?x a ex:Hostile"),
]  # fmt: skip


class TestInABrowser:
    """What a reader sees and does."""

    pytestmark = in_browser

    def test_the_text_is_coloured_and_the_form_keeps_its_field(self, seat: Seat) -> None:
        page = seat.open()
        assert seat.said() == EXAMPLE
        expect(page.locator("#query")).to_be_hidden()
        expect(page.locator(".cm-line .comment")).to_have_text("# Everything")
        expect(page.locator(".cm-line .keyword")).to_have_text(["SELECT", "WHERE", "LIMIT"])
        expect(page.locator(".cm-line .variable").first).to_have_text("?s")
        ink = "(one) => getComputedStyle(one).color"
        assert (
            len({page.locator(f".cm-line .{kind}").first.evaluate(ink) for kind in ("comment", "keyword", "variable")})
            == 3
        )
        seat.write('ASK { ?s ex:სახელი """one\n two"""@ka }')
        expect(page.locator(".cm-line .prefix")).to_have_text("ex:")
        expect(page.locator(".cm-line .local")).to_have_text("სახელი")
        expect(page.locator(".cm-line .string")).to_have_text(['"""one', ' two"""'])

    @pytest.mark.parametrize(
        ("before", "option", "after"), [row[1:] for row in COMPLETED], ids=[row[0] for row in COMPLETED]
    )
    def test_what_is_typed_is_completed_by(self, seat: Seat, before: str, option: str, after: str) -> None:
        page = seat.open(language="ka")
        seat.write(before[:-1])
        page.keyboard.type(before[-1])
        shown = page.locator(".cm-tooltip-autocomplete li", has=page.get_by_text(option, exact=True)).first
        expect(shown).to_be_visible()
        until = time.monotonic() + 10
        while seat.said() == before and time.monotonic() < until:  # a list just opened takes no click for a moment
            shown.click()
        assert seat.said() == after

    def test_an_option_says_label_and_count_and_nothing_is_read_as_markup(self, seat: Seat) -> None:
        page = seat.open(language="en")
        seat.write("{ ?x a ")
        page.keyboard.press("Control+ ")
        options = page.locator(".cm-tooltip-autocomplete li")
        expect(options.first).to_contain_text("ex:Organisation")
        expect(options.first.locator(".label")).to_have_text("Organisation")
        expect(options.first.locator(".uses")).to_have_text("2")
        expect(options.filter(has_text="ex:Hostile").locator(".label")).to_have_text("<img src=x onerror=alert(1)>")

    def test_a_mistake_is_marked_at_its_place_while_typing_and_goes_when_it_is_mended(self, seat: Seat) -> None:
        page = seat.open()
        seat.write("SELECT *\n{ BAD }")
        expect(page.locator(".cm-lintRange-error")).to_have_text("BAD")
        remark = page.locator(".editor-problems li")
        expect(remark).to_contain_text("What is BAD?")
        page.get_by_role("button", name="Line 2, column 3").click()
        expect(seat.text).to_be_focused()
        for _ in "BAD":
            page.keyboard.press("Delete")
        expect(remark).to_have_count(0)
        assert seat.said() == "SELECT *\n{  }"

    def test_a_remark_with_a_way_out_mends_the_text_and_can_be_undone(self, seat: Seat) -> None:
        page = seat.open()
        seat.write("ASK { OLD OLD }")
        page.get_by_role("button", name="Mend it").first.click()
        assert seat.said() == "ASK { NEW NEW }"
        page.keyboard.press("Control+z")
        assert seat.said() == "ASK { OLD OLD }"

    def test_what_is_said_of_an_earlier_text_is_dropped(self, seat: Seat) -> None:
        page = seat.open()
        with page.expect_request("**/-/check"):
            seat.write("ASK { BAD } # slow")
        seat.write("ASK {")
        page.keyboard.type(" ")
        seat.desk.gate.set()
        page.keyboard.insert_text("OLD }")
        expect(page.locator(".editor-problems li")).to_have_text([re.compile("What is OLD")])
        expect(page.locator(".cm-lintRange-error")).to_have_count(0)

    def test_running_swaps_the_answer_and_going_back_brings_text_and_answer(self, seat: Seat) -> None:
        page = seat.open()
        page.evaluate(
            "document.addEventListener('kgpub:answer', () => document.body.dataset.told = (+document.body.dataset.told || 0) + 1)"
        )
        for query in ("ASK { ?first ?p ?o }", "ASK { ?second ?p ?o }"):
            seat.write(query)
            page.keyboard.press("Control+Enter")
            expect(page.locator("#answer .told")).to_have_text(f"{len(query)}: {query}")
            assert parse_qs(urlsplit(page.url).query) == {"lang": ["en"], "query": [query]}
        expect(page.locator(".languages a")).to_have_attribute("href", "/sparql?lang=ka&query=21")
        expect(page.locator("body")).to_have_attribute("data-told", "2")
        page.go_back()
        expect(page.locator("#answer .told")).to_contain_text("?first")
        assert seat.said() == "ASK { ?first ?p ?o }"
        page.go_forward()
        expect(page.locator("#answer .told")).to_contain_text("?second")
        assert seat.said() == "ASK { ?second ?p ?o }"
        page.go_back()
        page.go_back()
        expect(page.locator("#answer .told")).to_have_count(0)

    def test_a_refusal_takes_the_place_of_the_answer(self, seat: Seat) -> None:
        page = seat.open()
        seat.write("ASK { BAD }")
        page.locator("#run").click()
        expect(page.locator("#answer .alert")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text(re.compile("could not be answered|Remarks"))
        expect(page.locator(".cm-lintRange-error")).to_have_text("BAD")

    @pytest.mark.parametrize("way", ["the button", "Escape"])
    def test_a_question_under_way_is_cancelled_by(self, seat: Seat, way: str) -> None:
        page = seat.open("ASK {}")
        seat.write("ASK {} # slow")
        page.locator("#run").click()
        expect(page.locator("#run")).to_have_text(re.compile("Cancel · [0-9]+ s"))
        if way == "Escape":
            page.keyboard.press("Escape")
        else:
            page.locator("#run").click()
        expect(page.locator("#run")).to_have_text("Run")
        expect(page.get_by_role("status")).to_have_text("Cancelled.")
        assert seat.desk.left.wait(30), "the server hears that nobody waits"
        expect(page.locator("#answer .told")).to_have_text("6: ASK {}")

    def test_an_answer_that_takes_long_comes(self, seat: Seat) -> None:
        page = seat.open()
        seat.write("ASK {} # slow")
        page.locator("#run").click()
        expect(page.locator("#run")).to_have_text("Cancel · 1 s")
        seat.desk.gate.set()
        expect(page.locator("#answer .told")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text(re.compile("Answered in [0-9.]+ s"))

    def test_queries_side_by_side_survive_and_are_kept_by_keyboard(self, seat: Seat) -> None:
        page = seat.open()
        tabs = page.get_by_role("tab")
        page.get_by_role("button", name="New query").click()
        page.keyboard.insert_text("# A second one\nASK {}")
        expect(tabs).to_have_text(["Everything", "A second one"])
        tabs.nth(1).press("F2")
        page.keyboard.type("Kept")
        page.keyboard.press("Enter")
        expect(tabs.nth(1)).to_be_focused()
        page.keyboard.press("ArrowLeft")
        assert seat.said() == EXAMPLE
        page.keyboard.press("End")
        page.reload()
        expect(tabs).to_have_text(["Everything", "Kept"])
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        assert seat.said() == "# A second one\nASK {}"
        tabs.nth(1).press("Delete")
        expect(tabs).to_have_text(["Everything"])
        page.get_by_role("button", name="Bring back").click()
        expect(tabs).to_have_text(["Everything", "Kept"])
        assert seat.said() == "# A second one\nASK {}"

    def test_a_query_from_a_link_takes_nobodys_place(self, seat: Seat) -> None:
        page = seat.open()
        seat.write("ASK { ?mine ?p ?o }")
        seat.open("ASK { ?theirs ?p ?o }")
        assert seat.said() == "ASK { ?theirs ?p ?o }"
        expect(page.get_by_role("tab")).to_have_text(["ASK { ?mine ?p ?o }", "ASK { ?theirs ?p ?o }"])
        seat.open("ASK { ?mine ?p ?o }")
        expect(page.get_by_role("tab", selected=True)).to_have_text("ASK { ?mine ?p ?o }")

    @pytest.mark.parametrize("way", ["the button", "the keys"])
    def test_a_query_is_tidied_by(self, seat: Seat, way: str) -> None:
        page = seat.open()
        seat.write("select ?x where{?x a ex:Project}")
        if way == "the keys":
            page.keyboard.press("Shift+Alt+F")
        else:
            page.get_by_role("button", name="Tidy").click()
        assert seat.said() == "SELECT ?x WHERE {\n  ?x a ex:Project\n}\n"
        seat.text.focus()
        page.keyboard.press("Control+z")
        assert seat.said() == "select ?x where{?x a ex:Project}"

    def test_what_cannot_be_tidied_is_left_alone_and_says_where(self, seat: Seat) -> None:
        page = seat.open()
        seat.write("ask {\n (?x }")
        page.get_by_role("button", name="Tidy").click()
        expect(page.get_by_role("status")).to_contain_text("line 2")
        assert seat.said() == "ask {\n (?x }"

    def test_what_was_run_is_in_the_history(self, seat: Seat) -> None:
        page = seat.open()
        for name in ("One", "Two"):
            seat.write(f"# {name}\nASK {{}}")
            page.keyboard.press("Control+Enter")
            expect(page.locator("#answer .told")).to_contain_text(name)
        history = page.get_by_role("button", name="History")
        history.press("Enter")
        runs = page.locator(".editor-run-name")
        expect(runs).to_have_text(["Two", "One"])
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab", selected=True)).to_have_text("One")
        assert seat.said() == "# One\nASK {}"
        history.click()
        page.keyboard.press("Escape")
        expect(runs.first).to_be_hidden()
        expect(history).to_be_focused()
        history.click()
        page.get_by_role("button", name="Clear the history").click()
        history.click()
        expect(page.get_by_text("No query has been run yet.")).to_be_visible()

    def test_the_link_to_a_query_is_copied(self, seat: Seat) -> None:
        seat.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = seat.open()
        seat.write("ASK { ?ა ?p ?o }")
        page.locator("#format").select_option("csv")
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status")).to_have_text("Link copied")
        link = page.evaluate("navigator.clipboard.readText()")
        assert link.startswith(f"{seat.desk.address}/sparql?")
        assert parse_qs(urlsplit(link).query) == {"lang": ["en"], "query": ["ASK { ?ა ?p ?o }"]}

    def test_without_a_clipboard_the_link_is_there_to_be_copied(self, seat: Seat) -> None:
        seat.context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page = seat.open("ASK {}")
        page.get_by_role("button", name="Copy link").click()
        field = page.get_by_label("Address of this query")
        expect(field).to_be_focused()
        expect(field).to_have_value(f"{seat.desk.address}/sparql?lang=en&query=ASK+%7B%7D")

    def test_tab_is_no_trap(self, seat: Seat) -> None:
        page = seat.open()
        seat.text.focus()
        page.keyboard.press("Tab")
        expect(seat.text).not_to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(seat.text).to_be_focused()
        page.keyboard.type("?")
        expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(seat.text).not_to_be_focused()
        expect(page.locator(":focus")).to_have_text("Tidy")

    def test_another_format_and_a_long_query_leave_as_the_form_leaves(self, seat: Seat) -> None:
        page = seat.open()
        page.locator("#format").select_option("csv")
        page.locator("#run").click()
        expect(page.get_by_text("as csv")).to_be_visible()
        long = "ASK {}" + " # long" * 1000
        seat.open()
        seat.write(long)
        page.locator("#run").click()
        expect(page.locator("#answer .told")).to_contain_text("ASK {}")
        assert f"POST {long}" in seat.desk.asked
        assert seat.said() == long
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status")).to_have_text("The query is too long for a link.")

    def test_where_nothing_may_be_kept_the_editor_works(self, seat: Seat) -> None:
        seat.context.add_init_script(_NO_STORAGE)
        page = seat.open()
        seat.write("# Here\nASK {}")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer .told")).to_contain_text("Here")
        page.get_by_role("button", name="New query").click()
        expect(page.get_by_role("tab")).to_have_count(2)

    def test_a_page_of_another_kind_is_shown_in_place_of_the_answer(self, seat: Seat) -> None:
        page = seat.open()
        busy = "<!doctype html><html><body><nav>no</nav><main><h2>The server is busy</h2></main></body></html>"
        page.route("**/sparql?*", lambda route: route.fulfill(status=503, content_type="text/html", body=busy))
        page.locator("#run").click()
        expect(page.locator("#answer")).to_have_text("The server is busy")
        seat.faults.clear()  # the browser's own report of the 503

    def test_a_server_that_is_gone_is_said_and_the_text_stays(self, seat: Seat) -> None:
        page = seat.open()
        page.route("**/sparql?*", lambda route: route.abort())
        seat.write("ASK {}")
        page.locator("#run").click()
        expect(page.get_by_role("status")).to_have_text("The server does not answer. Try again.")
        assert seat.said() == "ASK {}"
        seat.faults.clear()  # the browser's own report of the failure

    def test_without_javascript_the_field_is_a_field(self, browser: "Browser", desk: Desk) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{desk.address}/sparql?lang=en")
        page.locator("#query").fill("ASK {}")
        page.locator("#run").click()
        expect(page.locator("#answer .told")).to_have_text("6: ASK {}")
        context.close()

    def test_the_query_page_itself_has_the_editor_and_runs_a_query(self, browser: "Browser", query_page: str) -> None:
        seat = Seat(browser, Desk(cast(Served, None), query_page))
        page = seat.open(language="ka")
        seat.write("SELECT ?who { ?what ex:fundedBy ?who } ORDER BY ?who")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer tbody tr")).to_have_count(2)
        assert parse_qs(urlsplit(page.url).query)["query"] == [seat.said()]
        assert [fault for fault in seat.faults if "Security Policy" in fault or "CSP" in fault] == []
        assert seat.elsewhere == []
        seat.context.close()

    @pytest.mark.parametrize(
        ("language", "scheme"), sampled(product(("ka", "en"), ("light", "dark")), [("ka", "dark")])
    )
    def test_on_a_phone_nothing_is_cut_off(
        self, browser: "Browser", desk: Desk, language: str, scheme: Any
    ) -> None:  # Any: a literal
        seat = Seat(browser, desk, color_scheme=scheme)
        seat.page.set_viewport_size({"width": 360, "height": 700})
        page = seat.open(language=language)
        for _ in range(6):
            page.locator(".editor-icon").first.click()
            page.keyboard.insert_text("# ძალიან გრძელი სახელი აქვს ამ მოთხოვნას\nASK { BAD }")
        expect(page.locator(".editor-problems li")).to_be_visible()
        page.locator(".editor-holder button").first.click()
        for name in ("documentElement", "body"):
            assert page.evaluate(f"document.{name}.scrollWidth") <= 360
        assert seat.faults == [] and seat.elsewhere == []
        seat.context.close()

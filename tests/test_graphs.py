"""Graphs of other people, with three lines of settings: every kind of page answers, is small, names its links."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from pyoxigraph import NamedNode
from starlette.testclient import TestClient

from kgpub.engine import Pattern
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.settings import load
from kgpub.snapshot import Snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving
from running import running
from test_axe import AXE, CHROMIUM, RULES, told

if CHROMIUM is not None:
    from playwright.sync_api import Browser

GRAPHS = Path(__file__).parents[2] / "shared/graphs"
FOLDERS = sorted(path.parent for path in GRAPHS.glob("*/README.md"))
MOST = 150_000
LANGUAGES = ("ka", "en")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDERS, reason="needs the folder of other people's graphs beside the repository"),
]


class Links(HTMLParser):
    """The addresses of the links that have nothing to be called by."""

    def __init__(self) -> None:
        super().__init__()
        self.nameless: list[str] = []
        self._open: list[str] = []
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self._open.append(given.get("href") or "")
            self._words = given.get("aria-label") or ""
        elif tag == "img":
            self._words += given.get("alt") or ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            href = self._open.pop()
            if not self._words.strip():
                self.nameless.append(href)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda path: path.name)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Serving:
    folder: Path = tmp_path_factory.mktemp("graphs") / request.param.name
    shutil.copytree(request.param, folder / "data", copy_function=shutil.copyfile)
    (folder / "data").chmod(0o755)
    lines = (f'title = "{folder.name}"', 'base = "https://kg.example/"', 'languages = ["ka", "en"]')
    (folder / "kgpub.toml").write_text("\n".join(lines), "utf-8")
    site = load(folder)
    build(site, lambda sources, settings: Report(conforms=True), lambda step, done: None)
    return Serving(site)


def _iri(path: str, iri: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}iri={quote(iri, safe='')}"


def addresses(snapshot: Snapshot, language: str) -> Iterator[str]:
    """An address of each kind of page, and of members of the largest classes."""
    lang, kind = f"?lang={language}", quote("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", safe="")
    for path in ("", "-/classes", "-/data", "-/thesaurus", "sparql", "-/queries"):
        yield f"/{path}{lang}"
    yield f"/search{lang}&q=a"
    for scheme in snapshot.index.thesaurus.schemes(language, 0, 4):
        own = f"&iri={quote(scheme.iri, safe='')}" if scheme.iri else ""
        yield f"/-/thesaurus/concepts{lang}{own}"
        for one in snapshot.index.thesaurus.alphabets(scheme.iri)[:2]:
            yield f"/-/thesaurus/alphabet/{one.language or 'und'}{lang}{own}"
        for branch in snapshot.index.thesaurus.tops(scheme.iri, language, 0, 2):
            yield _iri(f"/-/thesaurus/concepts{lang}", branch.iri)
            yield _iri(f"/-/about.{language}.html", branch.iri)
    figures = snapshot.statistics
    named = (*figures.classes[:12], *figures.properties[:8], *figures.graphs[:2])
    for counted in named:
        yield _iri(f"/-/about.{language}.html", counted.iri)
    for counted in figures.classes[:12]:
        yield f"{_iri(f'/-/links{lang}', counted.iri)}&property={kind}"
        for member in _members(snapshot, counted.iri):
            yield _iri(f"/-/about.{language}.html", member)


def _members(snapshot: Snapshot, name: str) -> Iterator[str]:
    found = snapshot.engine.quads(Pattern(object=NamedNode(name)), 40)
    return islice(dict.fromkeys(q.subject.value for q in found if isinstance(q.subject, NamedNode)), 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_answers_and_is_small_and_names_its_links(served: Serving, language: str) -> None:
    client = TestClient(create_app(served), base_url="http://testserver", headers={"Accept": "text/html"})
    amiss = []
    for address in addresses(served.now.snapshot, language):
        answer = client.get(address)
        links = Links()
        links.feed(answer.text)
        if answer.status_code != 200 or len(answer.content) >= MOST or links.nameless:  # OK
            amiss.append((address, answer.status_code, len(answer.content), links.nameless[:3]))
        assert f'<html lang="{language}">' in answer.text
    assert amiss == [], "\n".join(map(str, amiss))


TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
EMPTY = re.compile(r"<(dt|h[1-6]|th|caption|summary|label)\b[^>]*>(?:\s|<[^>]*>)*</\1>")
LOCAL = re.compile(r'href="(/[^"#]*)')
STATIC = ("/-/static/", "/-/dumps/", "/-/dump.nq", "/-/queries/", "/sparql")


def test_ten_pages_have_names_and_captions_and_links_that_answer(served: Serving) -> None:
    client = TestClient(create_app(served), base_url="http://testserver", headers={"Accept": "text/html"})
    every, index = list(dict.fromkeys(addresses(served.now.snapshot, "en"))), served.now.snapshot.index
    amiss, links = [], set[str]()
    for address in every[:: max(1, len(every) // 10)]:
        answer = client.get(address)
        title, iri = TITLE.search(answer.text), unquote(address.partition("iri=")[2].partition("&")[0])
        assert answer.status_code == 200, address  # OK
        if title is None or not re.sub(r"<[^>]*>", "", title[1]).strip() or EMPTY.search(answer.text):
            amiss.append((address, "empty"))
        elif index.texts(iri) and "://" in title[1]:
            amiss.append((address, title[1]))
        local = sorted(one for one in set(LOCAL.findall(answer.text)) if not one.startswith(STATIC))
        links |= {unescape(one) for one in local[:: max(1, len(local) // 40)]}
    answers = {link: client.get(link, headers={"Accept": "*/*"}, follow_redirects=False) for link in sorted(links)}
    amiss += [(link, str(one.status_code)) for link, one in answers.items() if one.status_code not in {200, 303}]
    assert amiss == [], "\n".join(map(str, amiss))


NAMELESS = {"http://resource.geosciml.org/classifier/cmmi/deposit-model/"}
"""Thesauri that the data gives no name of any kind, nor anything that has one."""


def test_every_thesaurus_has_a_name_and_the_home_page_says_so(served: Serving) -> None:
    snapshot = served.now.snapshot
    schemes = [one.iri for one in snapshot.index.thesaurus.schemes("en", 0, 200) if one.iri]
    home = TestClient(create_app(served), base_url="http://testserver").get("/?lang=en").text
    assert ("<h2>Thesauri</h2>" in home) is bool(schemes)
    nameless = [iri for iri in schemes if not snapshot.index.texts(iri)]
    assert nameless == [iri for iri in schemes if iri in NAMELESS]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None or not AXE.is_file(), reason="needs Debian's chromium and axe-core")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_sample_of_pages_is_for_everybody(served: Serving, browser: "Browser") -> None:
    sample = list(addresses(served.now.snapshot, "ka"))
    page = browser.new_page(viewport={"width": 390, "height": 900})
    amiss: list[str] = []
    with running(served.now.site.folder) as base:
        for address in sample[3 :: max(1, len(sample) // 10)]:
            page.goto(base + address.removeprefix("/"))
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate("rules => axe.run(document, rules)", RULES)
            amiss += [f"{address}: {line}" for line in told(found)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                amiss.append(f"{address}: wider than the screen")
    page.close()
    assert amiss == [], "\n".join(map(str, amiss))

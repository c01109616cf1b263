"""Pictures for link previews: whole names as far as they fit, no boxes, the same bytes, whatever the data holds."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.requests import Request
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.errors import Busy
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent import card
from kgpub.represent.card import Card, chosen, cut, draw, drawable, fitted, width, wrapped
from kgpub.settings import Settings, load
from kgpub.snapshot import open_snapshot
from kgpub.web import card as web
from kgpub.web import create_app
from kgpub.web.respond import Served
from kgpub.web.serving import Serving

EX = "https://kg.example/"
FILES = {
    "data/a.ttl": "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
    "<city> a <City> ; rdfs:label 'Tbilisi'@en, 'თბილისი'@ka . <City> rdfs:label 'City'@en, 'ქალაქი'@ka .\n"
    f"<long> a <City> ; rdfs:label '{'ძალიან გრძელი სახელი ' * 50_000}'@ka . <seul> rdfs:label '서울'@ko, 'Seoul'@en .\n"
    "<seul2> rdfs:label '서울'@ko . <who> a foaf:Person ; rdfs:label '<b>&\"Who\"'@en .\n",
}
TOML = f"""title = {{ ka = "ქალაქები", en = "Cities" }}
base = "{EX}"
languages = ["ka", "en"]
[pages]
noindex = ["foaf:Person"]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load(write_site(tmp_path_factory.mktemp("card"), FILES, TOML))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site))) as opened:
        yield opened


def made(*names: str, kind: str = "Kind", site: str = "Site") -> Image.Image:
    return Image.open(BytesIO(draw(Card(names, kind, site, "#0b5c6b"))))


DRAWABLE = [
    pytest.param("თბილისი – Tbilisi", "თბილისი – Tbilisi", id="both alphabets"),
    pytest.param("Łódź, Ž\u030cižkov", "Łódź, Žižkov", id="letters with marks, those beyond composition dropped"),
    pytest.param("e\u0301te\u0301", "été", id="composed"),
    pytest.param("Rocket 🚀 project", "Rocket project", id="pictures left out"),
    pytest.param("a\u202eb\x00c\nd\u200be", "abc de", id="controls left out, a line's end is a space"),
    pytest.param("中文 שלום", "", id="nothing that could be drawn"),
    pytest.param("ᲗᲑᲘᲚᲘᲡᲘ", "", id="capitals that the font has no glyph for"),
    pytest.param("x" * 1_000_000, "x" * card.LONGEST, id="no more than fits is looked at"),
]


@pytest.mark.parametrize(("text", "expected"), DRAWABLE)
def test_what_has_no_glyph_is_left_out(text: str, expected: str) -> None:
    assert drawable(text) == expected


CHOSEN = [
    (("თბილისი", "Tbilisi"), "თბილისი"),
    (("서울", "Seoul"), "Seoul"),
    (("서울 A", "Seoul"), "Seoul"),
    (("Party 🎉",), "Party"),
    (("서울", "🚀"), ""),
    ((), ""),
]


@pytest.mark.parametrize(("names", "expected"), CHOSEN)
def test_a_name_that_cannot_be_drawn_is_replaced_by_another(names: tuple[str, ...], expected: str) -> None:
    assert chosen(names) == expected


@given(st.text(st.characters(codec="utf-8"), max_size=400) | st.text("აბგდ abc–,", max_size=400))
def test_every_name_fits(text: str) -> None:
    known = drawable(text)
    size, lines = fitted(known)
    assert all(width(line, 600, size) <= card._TEXT for line in lines)
    assert len(lines) * size * card._LEADING + 136 < 520
    whole = "".join(lines)
    assert whole.endswith("…") or whole.replace(" ", "") == known.replace(" ", "")


@given(st.text("აბc d", max_size=300), st.integers(40, 300))
def test_lines_lose_nothing_and_a_cut_is_no_wider_than_asked(text: str, most: int) -> None:
    assert "".join(wrapped(text, 92)).replace(" ", "") == text.replace(" ", "")
    assert width(cut(text, 400, 34, most), 400, 34) <= most


def test_a_short_name_is_written_larger_than_a_long_one() -> None:
    sizes = [fitted("სახელი " * n)[0] for n in (1, 3, 8, 12, 60)]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) > 3


def test_the_picture_has_its_size_and_the_same_bytes_each_time() -> None:
    assert made("თბილისი").size == (1200, 630)
    one = Card(("თბილისი",), "ქალაქი", "საიტი", "#ffee00")
    assert draw(one) == draw(one) != draw(Card(("ბათუმი",), "ქალაქი", "საიტი", "#ffee00"))


def test_georgian_is_drawn_with_glyphs_of_its_own() -> None:
    drawn = [made(name).tobytes() for name in ("თბილისი", "ბათუმი", "ქუთაისი")]
    assert len(set(drawn)) == 3
    narrow, wide = width("ი", 600, 92), width("ო", 600, 92)
    assert narrow != wide, "boxes would all be as wide"


@pytest.mark.parametrize("accent", ["#ffffff", "#000000", "#ffee00", "#0b5c6b"])
def test_words_stand_out_whatever_the_sites_colour(accent: str) -> None:
    picture = Image.open(BytesIO(draw(Card(("Name",), "Kind", "Site", accent)))).convert("L")
    assert max(picture.tobytes()) == 255 and picture.tobytes()[0] < 130


PICTURES = [
    ("/-/card.png?lang=ka", None),
    ("/-/card.png", None),
    (f"/-/card.png?iri={EX}city&lang=ka", None),
    (f"/-/card.png?iri={EX}city&lang=en", None),
    (f"/-/card.png?iri={EX}long&lang=ka", None),
    (f"/-/card.png?iri={EX}seul2&lang=ka", None),
    (f"/-/card.png?iri={EX}who&lang=ka", "noindex"),
]


@pytest.mark.parametrize(("address", "robots"), PICTURES)
def test_a_picture_is_a_kept_answer_with_a_validator(client: TestClient, address: str, robots: str | None) -> None:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (1200, 630) and len(answer.content) < 120_000
    assert answer.headers.get("x-robots-tag") == robots
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and ("public" in answer.headers["cache-control"]) == ("lang=" in address)


REFUSED = [("iri=https://kg.example/nobody", 404), ("iri=a%20b", 400), ("lang=xx", 400), (f"iri={EX}city&lang=", 400)]


@pytest.mark.parametrize(("query", "status"), REFUSED)
def test_refusals(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/-/card.png?{query}").status_code == status


PAGES = [
    ("/city.ka.html", f"{EX}-/card.png?iri={quote(EX + 'city', safe='')}&lang=ka"),
    ("/who.en.html", f"{EX}-/card.png?iri={quote(EX + 'who', safe='')}&lang=en"),
    ("/?lang=en", f"{EX}-/card.png?lang=en"),
    ("/-/classes?lang=ka", f"{EX}-/card.png?lang=ka"),
]


@pytest.mark.parametrize(("page", "picture"), PAGES)
def test_a_page_names_its_picture_by_an_absolute_address_that_answers(
    client: TestClient, page: str, picture: str
) -> None:
    head = client.get(page, headers={"Accept": "text/html"}).text.partition("</head>")[0]
    said = {
        name: unescape(value)
        for name, value in re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)"', head)
    }
    assert said["og:image"] == said["twitter:image"] == picture
    assert said["og:image:width"] == "1200" and said["og:image:alt"] == said["og:title"]
    assert said["twitter:card"] == "summary_large_image" and said["og:site_name"] in {"ქალაქები", "Cities"}
    assert client.get(picture.removeprefix(EX[:-1])).headers["content-type"] == "image/png"


def test_a_sites_own_picture_is_for_pages_that_are_about_no_thing(tmp_path_factory: pytest.TempPathFactory) -> None:
    toml = 'image = "https://kg.example/own.jpg"\n' + TOML
    settings = load(write_site(tmp_path_factory.mktemp("own"), FILES, toml))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings)), headers={"Accept": "text/html"}) as client:
        home = client.get("/?lang=en").text
        assert 'og:image" content="https://kg.example/own.jpg"' in home and "og:image:width" not in home
        assert "/-/card.png?iri=" in client.get("/city.en.html").text


def test_one_is_drawn_at_a_time_and_too_many_are_refused(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    running: list[int] = []
    most = 0

    async def threaded(work: Any, *arguments: Any) -> Any:  # Any: whatever is run, and gives
        nonlocal most
        if work is not draw:
            return work(*arguments)
        running.append(1)
        most = max(most, len(running))
        await asyncio.sleep(0)
        running.pop()
        return b"x"

    monkeypatch.setattr(web, "run_in_threadpool", threaded)
    monkeypatch.setattr(web, "_MOST_WAITING", 5)

    snapshot = open_snapshot(site)
    app = SimpleNamespace(state=SimpleNamespace(serving=SimpleNamespace(now=Served(site, snapshot))))

    async def ask() -> list[object]:
        cards = web.Cards()
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": "/-/card.png",
            "headers": [],
            "query_string": b"lang=ka",
        }
        scope["app"] = app
        asked = (cards.card(Request(scope)) for _ in range(9))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    answers = asyncio.run(ask())
    snapshot.close()
    assert most == 1
    assert sum(isinstance(one, Busy) for one in answers) == 4

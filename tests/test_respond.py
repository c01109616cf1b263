"""From bytes to a response: which language a reader gets, which page, which headers."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from kgpub.errors import BadRequest
from kgpub.formats import HTML, JSON_LD, TURTLE, Format
from kgpub.settings import Settings
from kgpub.web.respond import (
    PRIVATE,
    PUBLIC,
    Reader,
    choose_language,
    etag,
    link,
    page_number,
    reader,
    redirect,
    respond,
)

BOTH, ENGLISH, REGION = ("ka", "en"), ("en",), ("en-gb", "ka")
SITE = Settings(title="T", base="https://kg.example/", languages=BOTH, folder=Path())


def _request(query: str = "", language: str | None = None) -> Request:
    headers = [(b"accept-language", language.encode())] if language is not None else []
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": headers})


LANGUAGES = [
    pytest.param(None, BOTH, "ka", id="without a header the site's first language"),
    pytest.param("", BOTH, "ka", id="an empty header is no header"),
    pytest.param(" , ;q=1,", BOTH, "ka", id="a header without tags is no header"),
    pytest.param("en", BOTH, "en", id="a language that the site has"),
    pytest.param("EN", BOTH, "en", id="letter case does not matter"),
    pytest.param("fr", BOTH, "ka", id="a language that the site has not"),
    pytest.param("fr, en;q=0.1", BOTH, "en", id="the next one where the first is missing"),
    pytest.param("ka;q=0.1, en;q=0.9", BOTH, "en", id="the higher weight wins"),
    pytest.param("en, ka", BOTH, "en", id="among equals the first named"),
    pytest.param("en;q=0, fr", BOTH, "ka", id="a language at weight 0 is not wanted"),
    pytest.param("en;q=x, ka;q=0.1", BOTH, "ka", id="an unreadable weight counts as 0"),
    pytest.param("*", BOTH, "ka", id="any language is the site's first"),
    pytest.param("fr, *;q=0.5", BOTH, "ka", id="any language after one that is missing"),
    pytest.param("en;q=0.9, *;q=0.5", BOTH, "en", id="a named language before any"),
    pytest.param("en-US,en;q=0.9", BOTH, "en", id="a browser set to American English"),
    pytest.param("ka-GE,ka;q=0.9,en-US;q=0.8,en;q=0.7", BOTH, "ka", id="a browser set to Georgian"),
    pytest.param("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", BOTH, "en", id="a browser set to Russian"),
    pytest.param("en-GB", BOTH, "en", id="a region gets its language"),
    pytest.param("en", REGION, "en-gb", id="a language gets its region"),
    pytest.param("ka-Latn", BOTH, "ka", id="Georgian in Latin letters is nothing the site has: the first language"),
    pytest.param("ka-Latn, en;q=0.5", BOTH, "en", id="and any other wanted language comes before it"),
    pytest.param("ka", ENGLISH, "en", id="a site with one language"),
    pytest.param("english", BOTH, "ka", id="a tag that only begins alike is another"),
    pytest.param("en" * 5000, BOTH, "ka", id="a very long header"),
]


@pytest.mark.parametrize(("accept", "offered", "expected"), LANGUAGES)
def test_the_language_a_reader_gets(accept: str | None, offered: tuple[str, ...], expected: str) -> None:
    assert choose_language(accept, offered) == expected


@given(st.text(alphabet="kaen-*;,=q.01 GE", max_size=30))
def test_any_header_at_all_gets_a_language_of_the_site(accept: str) -> None:
    assert choose_language(accept, BOTH) in BOTH


READERS = [
    pytest.param("", None, Reader("ka", fixed=False), id="nothing asked for"),
    pytest.param("", "en", Reader("en", fixed=False), id="the browser's language"),
    pytest.param("lang=en", "ka", Reader("en", fixed=True), id="the address over the browser"),
    pytest.param("lang=en&lang=ka", None, Reader("ka", fixed=True), id="the last of two"),
]


@pytest.mark.parametrize(("query", "language", "expected"), READERS)
def test_reader(query: str, language: str | None, expected: Reader) -> None:
    assert reader(_request(query, language), SITE) == expected


@pytest.mark.parametrize("lang", ["fr", "", "KA", "ka-Latn", "%22%3E"])
def test_a_language_that_the_site_has_not_is_refused(lang: str) -> None:
    with pytest.raises(BadRequest, match="there are: ka, en"):
        reader(_request(f"lang={lang}"), SITE)


NUMBERS = [
    pytest.param("", 1, id="the first page unless asked"),
    pytest.param("page=1", 1, id="the first page"),
    pytest.param("page=0017", 17, id="zeros in front"),
    pytest.param("page=99999999", 99_999_999, id="a page far away"),
]


@pytest.mark.parametrize(("query", "expected"), NUMBERS)
def test_page_number(query: str, expected: int) -> None:
    assert page_number(_request(query)) == expected


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "x", "", "1e3", "%D9%A1", "%C2%B2", "9" * 5000, "+1", "%201"])
def test_what_is_no_page_number_is_refused(page: str) -> None:
    with pytest.raises(BadRequest):
        page_number(_request(f"page={page}"))


@pytest.mark.parametrize("format", [HTML, TURTLE, JSON_LD], ids=lambda f: f.name)
def test_a_complete_answer_says_what_it_is_and_has_a_strong_validator(format: Format) -> None:
    made = respond(b"body", format)
    assert made.status_code == 200
    assert made.headers.getlist("content-type") == [format.content_type]
    assert made.headers["cache-control"] == PUBLIC
    assert made.headers["etag"] == etag(b"body")
    assert made.headers["content-length"] == "4"


def test_an_answer_may_have_its_own_caching_and_headers() -> None:
    made = respond(b"", HTML, cache=PRIVATE, headers={"Vary": "Accept-Language"})
    assert (made.headers["cache-control"], made.headers["vary"]) == (PRIVATE, "Accept-Language")


def test_an_entity_tag_is_that_of_the_body() -> None:
    assert re.fullmatch(r'"[0-9a-f]{24}"', etag(b""))
    assert etag(b"a") == etag(b"a") != etag(b"b")


def test_a_redirect_is_303_and_private() -> None:
    made = redirect("/id/x.ttl")
    assert (made.status_code, made.headers["location"]) == (303, "/id/x.ttl")
    assert (made.headers["cache-control"], made.headers["vary"]) == (PRIVATE, "Accept")


LINKS = [
    pytest.param([], "", id="no link"),
    pytest.param([("/a", {"rel": "describes"})], '</a>; rel="describes"', id="one link"),
    pytest.param([("/a", {"rel": "alternate describedby", "type": "text/turtle"}), ("/b", {})],
                 '</a>; rel="alternate describedby"; type="text/turtle", </b>', id="two links"),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "expected"), LINKS)
def test_link(pairs: list[tuple[str, dict[str, str]]], expected: str) -> None:
    assert link(pairs) == expected

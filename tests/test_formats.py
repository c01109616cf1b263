"""Which format a client gets, by RFC 9110."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.errors import NotAcceptable
from kgpub.formats import (
    CSV,
    ENTITY,
    GRAPHS,
    HTML,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    PARQUET,
    RDF_XML,
    RESULTS,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    XLSX,
    Format,
    by_extension,
    by_media_type,
    choose,
)

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OLD_EXPLORER = "image/gif, image/jpeg, image/pjpeg, application/x-ms-application, */*"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
AXIOS = "application/json, text/plain, */*"
JQUERY = "application/json, text/javascript, */*; q=0.01"
RDFLIB = "application/n-triples;q=0.1,application/rdf+xml;q=0.8,text/turtle,application/ld+json;q=0.9"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
PROFILED = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, http://x;q=0"'

CHOICES = [
    # absent, empty, garbage
    pytest.param(None, ENTITY, HTML, id="without a header the first offer is sent"),
    pytest.param("", ENTITY, HTML, id="an empty header is no header"),
    pytest.param("  , ,", ENTITY, HTML, id="commas alone are no header"),
    pytest.param("garbage", ENTITY, HTML, id="a header without a media range is no header"),
    pytest.param("a/b/c", ENTITY, HTML, id="two slashes make no media range"),
    pytest.param("garbage, text/turtle", ENTITY, TURTLE, id="garbage beside a media range is passed over"),
    pytest.param("text/turtle;;;", ENTITY, TURTLE, id="empty parameters mean nothing"),
    # names
    pytest.param("text/turtle", ENTITY, TURTLE, id="a plain media type"),
    pytest.param("TEXT/Turtle", ENTITY, TURTLE, id="letter case does not matter"),
    pytest.param("  text/turtle  ", ENTITY, TURTLE, id="spaces around a range do not matter"),
    pytest.param("text/turtle;charset=utf-8", ENTITY, TURTLE, id="a charset does not matter"),
    pytest.param(PROFILED, ENTITY, JSON_LD, id="commas and weights inside quotes are no separators"),
    pytest.param('text/turtle;x="', ENTITY, TURTLE, id="a quote that is never closed ends the header"),
    # quality
    pytest.param("text/turtle;q=0.5, text/html;q=0.4", ENTITY, TURTLE, id="the higher quality wins"),
    pytest.param("text/html;q=0.5, text/turtle;q=0.5", ENTITY, HTML, id="among equals the earlier offer wins"),
    pytest.param("text/turtle; Q = 0.5, text/html;q=0.6", ENTITY, HTML, id="the weight's name takes any case and space"),
    pytest.param("text/turtle;q=0, */*", (TURTLE, TRIG), TRIG, id="quality 0 excludes what a wildcard would take"),
    pytest.param("text/turtle;q=0.001", ENTITY, TURTLE, id="the least quality is still a yes"),
    pytest.param("text/turtle;q=7, text/html", ENTITY, HTML, id="a quality above 1 counts as 1"),
    pytest.param("text/turtle;q=x, text/html;q=0.1", ENTITY, HTML, id="an unreadable quality counts as 0"),
    pytest.param("text/turtle;q=nan, text/html;q=0.1", ENTITY, HTML, id="a quality that is no number counts as 0"),
    pytest.param("text/turtle;q=-1, text/html;q=0.1", ENTITY, HTML, id="a quality below 0 counts as 0"),
    pytest.param("text/turtle;q=0.1, text/turtle;q=0.9, text/html;q=0.5", ENTITY, TURTLE, id="of equal ranges the last"),
    pytest.param("text/html;q=0.7, text/turtle;q=0.8, text/turtle;v=1;q=0.1", ENTITY, TURTLE,
                 id="a range with parameters does not speak for the plain type"),
    # wildcards
    pytest.param("*/*", ENTITY, HTML, id="anything gets the first offer"),
    pytest.param("*", ENTITY, HTML, id="a lone star is anything"),
    pytest.param("*/*;q=0.1", ENTITY, HTML, id="anything at any quality gets the first offer"),
    pytest.param("text/*", GRAPHS, TURTLE, id="a type with a star takes that type only"),
    pytest.param("application/*", ENTITY, JSON_LD, id="a type with a star takes the first of that type"),
    pytest.param("text/*;q=0.3, text/html;q=0.1", ENTITY, TURTLE, id="the exact range decides against the wider one"),
    pytest.param("*/*, text/*;q=0.1", ENTITY, JSON_LD, id="the half-wide range decides against the widest"),
    pytest.param("*/*;q=0.9, application/ld+json", ENTITY, JSON_LD, id="an exact range of higher quality wins"),
    pytest.param("*/html, text/turtle;q=0.1", ENTITY, TURTLE, id="a star before the slash alone is no wildcard"),
    # aliases
    pytest.param("application/json", ENTITY, JSON_LD, id="plain JSON gets JSON-LD"),
    pytest.param("application/xhtml+xml", ENTITY, HTML, id="XHTML gets HTML"),
    pytest.param("text/xml", ENTITY, RDF_XML, id="plain XML gets RDF/XML"),
    pytest.param("application/x-turtle", ENTITY, TURTLE, id="the old name of Turtle"),
    pytest.param("text/plain", ENTITY, N_TRIPLES, id="plain text gets N-Triples"),
    pytest.param("application/json, application/rdf+xml", ENTITY, RDF_XML, id="a proper type comes before an alias"),
    pytest.param("application/json, */*;q=0.9", ENTITY, JSON_LD, id="an alias of higher quality beats a wildcard"),
    pytest.param("application/ld+json;q=0.2, application/json, text/turtle;q=0.5", ENTITY, TURTLE,
                 id="the proper type's quality is not raised by an alias"),
    pytest.param("application/json;q=0, */*", (JSON_LD, TURTLE), JSON_LD, id="refusing an alias refuses only the alias"),
    pytest.param("application/json;q=0.1, */*;q=0.8, text/turtle;q=0.5", (JSON_LD, TURTLE), JSON_LD,
                 id="an alias never lowers what a wildcard gives"),
    pytest.param("application/json", RESULTS, RESULTS_JSON, id="plain JSON gets results in JSON"),
    pytest.param("application/xml", RESULTS, RESULTS_XML, id="plain XML gets results in XML"),
    pytest.param("text/csv", RESULTS, CSV, id="CSV when asked for"),
    pytest.param("text/tab-separated-values;q=0.2,text/csv;q=0.1", RESULTS, TSV, id="TSV before CSV when liked better"),
    pytest.param("*/*", RESULTS, RESULTS_JSON, id="anything gets results in JSON"),
    pytest.param("application/*", RESULTS, RESULTS_JSON, id="a wildcard gets no table"),
    pytest.param(XLSX.media_type, RESULTS, XLSX, id="a sheet when asked for"),
    pytest.param(f"*/*;q=0.9, {PARQUET.media_type}", RESULTS, PARQUET, id="a data frame when liked better"),
    # real clients
    pytest.param(CHROME, ENTITY, HTML, id="Chrome gets the page"),
    pytest.param(FIREFOX, ENTITY, HTML, id="Firefox gets the page"),
    pytest.param(SAFARI, ENTITY, HTML, id="Safari gets the page"),
    pytest.param(OLD_EXPLORER, ENTITY, HTML, id="Internet Explorer gets the page"),
    pytest.param(JAVA, ENTITY, HTML, id="Java's HttpURLConnection gets the page"),
    pytest.param(AXIOS, ENTITY, JSON_LD, id="axios asks for JSON by name and gets JSON-LD"),
    pytest.param(JQUERY, ENTITY, JSON_LD, id="jQuery's getJSON gets JSON-LD"),
    pytest.param(RDFLIB, ENTITY, TURTLE, id="rdflib gets Turtle"),
    pytest.param(JENA, ENTITY, TURTLE, id="Jena gets Turtle"),
    pytest.param(CHROME, (*RESULTS, *GRAPHS, HTML), HTML, id="Chrome gets the query page"),
    pytest.param(OLD_EXPLORER, RESULTS, RESULTS_JSON, id="Internet Explorer gets no table by accident"),
]  # fmt: skip


@pytest.mark.parametrize(("accept", "offered", "expected"), CHOICES)
def test_the_format_a_client_gets(accept: str | None, offered: tuple[Format, ...], expected: Format) -> None:
    assert choose(accept, offered).name == expected.name


REFUSED = [
    pytest.param("image/png", ENTITY, id="a type that nothing here has"),
    pytest.param("image/*", ENTITY, id="a wildcard that covers nothing here"),
    pytest.param("*/*;q=0", ENTITY, id="anything at quality 0"),
    pytest.param("text/html;q=0", (HTML,), id="the only offer at quality 0"),
    pytest.param(XLSX.media_type, GRAPHS, id="a sheet where there are only triples"),
    pytest.param("text/html", GRAPHS, id="a page where there are only triples"),
    pytest.param(
        "application/ld+json;q=0, application/json", (JSON_LD,), id="the proper type refused, its alias taken"
    ),
    pytest.param("*/html", (HTML,), id="a star before the slash alone"),
    pytest.param("text/", (HTML,), id="half a media range"),
    pytest.param("image/png, " + "a/b, " * 5000, ENTITY, id="a very long header"),
]


@pytest.mark.parametrize(("accept", "offered"), REFUSED)
def test_a_client_that_wants_nothing_of_this_is_told_what_there_is(accept: str, offered: tuple[Format, ...]) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        choose(accept, offered)
    assert refusal.value.offered == tuple(f.media_type for f in offered)


@given(st.text(alphabet='*/;,=q.01"\\ aé\n', max_size=40))
def test_any_header_at_all_gets_a_format_or_a_refusal(accept: str) -> None:
    try:
        assert choose(accept, ENTITY) in ENTITY
    except NotAcceptable:
        assert "/" in accept or "*" in accept


@pytest.mark.parametrize("one", ENTITY, ids=lambda f: f.name)
def test_a_format_is_found_by_all_its_names(one: Format) -> None:
    assert by_extension(one.extension) is one
    assert {by_media_type(name, ENTITY) for name in (one.media_type, *one.aliases)} == {one}
    assert choose(one.media_type, ENTITY) is one


EXTENSIONS = [
    pytest.param("ttl", ENTITY, TURTLE, id="Turtle"),
    pytest.param("html", GRAPHS, None, id="what is not offered is not found"),
    pytest.param("TTL", ENTITY, None, id="an extension is written small"),
    pytest.param(".ttl", ENTITY, None, id="an extension comes without its dot"),
    pytest.param("", ENTITY, None, id="no extension"),
    pytest.param("csv", RESULTS, CSV, id="a format of results"),
    pytest.param("xlsx", RESULTS, XLSX, id="a sheet"),
    pytest.param("parquet", RESULTS, PARQUET, id="a data frame"),
]


@pytest.mark.parametrize(("extension", "offered", "expected"), EXTENSIONS)
def test_by_extension(extension: str, offered: tuple[Format, ...], expected: Format | None) -> None:
    assert by_extension(extension, offered) is expected


MEDIA_TYPES = [
    pytest.param("application/n-quads", N_QUADS, id="a plain type"),
    pytest.param("Text/TURTLE ; charset=UTF-8", TURTLE, id="parameters, spaces and case do not matter"),
    pytest.param("application/json", JSON_LD, id="an alias"),
    pytest.param("text/html", None, id="a type that is not offered"),
    pytest.param("*/*", None, id="a wildcard is no media type"),
    pytest.param("", None, id="nothing at all"),
]


@pytest.mark.parametrize(("media_type", "expected"), MEDIA_TYPES)
def test_by_media_type(media_type: str, expected: Format | None) -> None:
    assert by_media_type(media_type, GRAPHS) is expected


CONTENT_TYPES = [
    pytest.param(HTML, "text/html; charset=utf-8", id="a text type says its charset"),
    pytest.param(TURTLE, "text/turtle; charset=utf-8", id="Turtle says its charset"),
    pytest.param(JSON_LD, "application/ld+json", id="JSON has no charset parameter"),
    pytest.param(RDF_XML, "application/rdf+xml", id="XML says its own"),
    pytest.param(PARQUET, "application/vnd.apache.parquet", id="bytes have no charset"),
]


@pytest.mark.parametrize(("one", "expected"), CONTENT_TYPES)
def test_content_type(one: Format, expected: str) -> None:
    assert one.content_type == expected

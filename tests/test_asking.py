"""What the query page does with an answer: kinds of columns, snippets in four languages, citations, the page itself."""

import ast
import json
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from kgpub import formats
from kgpub.errors import BadQuery, Gone, KgpubError
from kgpub.formats import GRAPHS, RESULTS
from kgpub.making.building import build
from kgpub.model import Report, Term
from kgpub.represent import html
from kgpub.represent.asking import Asking, Hint, SparqlTable, tidy
from kgpub.represent.citation import Release, bibtex, citation, csl_json, escaped, permalink
from kgpub.represent.columns import Kind, Pictures, column, kind, pictures, value
from kgpub.represent.locale import XSD
from kgpub.represent.snippets import Shape, Snippet, javascript, python, r, shell, snippets
from kgpub.settings import Settings
from kgpub.settings.tables import Sparql
from kgpub.snapshot import kept_snapshots
from kgpub.web import create_app, problems, table
from kgpub.web.cite import cite
from kgpub.web.serving import Serving

BASE = "https://kg.example/data/"
ENDPOINT = BASE + "sparql"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
SITE = Settings(
    title={"ka": "უწყებები & პროექტები", "en": "Agencies {and} projects"},
    publisher={"ka": "სააგენტო", "en": "Agency_1"},
    base=BASE,
    languages=("ka", "en"),
    prefixes={"v": "v/"},
)
RELEASE = Release("0123456789abcdef", "2026-11-27T07:10:24Z")
QUERY = 'SELECT ?x WHERE {\n  ?x v:p "a"@ka\n}'


def typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(datatype if ":" in datatype else XSD + datatype))


# ---- columns


@pytest.mark.parametrize(
    ("term", "expected", "key"),
    [
        (NamedNode("urn:x"), "iri", ""),
        (BlankNode("b"), "iri", ""),
        (Literal("text"), "text", ""),
        (Literal("text", language="ka"), "text", ""),
        (typed("12", "integer"), "number", "12"),
        (typed(" -1.5E3 ", "double"), "number", "-1.5E3"),
        (typed("INF", "double"), "text", ""),
        (typed("NaN", "float"), "text", ""),
        (typed("1e999", "double"), "text", ""),
        (typed("1_000", "integer"), "text", ""),
        (typed("١٢", "integer"), "text", ""),
        (typed("2013", "gYear"), "date", "2013"),
        (typed("2013-02", "gYearMonth"), "date", "2013-02"),
        (typed("2013-02-28", "date"), "date", "2013-02-28"),
        (typed("2013-02-30", "date"), "text", ""),
        (typed("2013-02-28T10:00:00Z", "dateTime"), "date", "2013-02-28T10:00:00Z"),
        (typed("--11-24", "gMonthDay"), "text", "--11-24"),
        (typed("true", "boolean"), "text", ""),
        (typed("POINT(44.8 41.7)", WKT), "point", "41.7 44.8"),
        (typed("point z ( 44.8 41.7 400 )", WKT), "point", "41.7 44.8"),
        (typed("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(44.8 41.7)", WKT), "point", "41.7 44.8"),
        (typed("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(41.7 44.8)", WKT), "point", "41.7 44.8"),
        (typed("<http://www.opengis.net/def/crs/EPSG/0/3857> POINT(1 2)", WKT), "text", ""),
        (typed("POINT(181 0)", WKT), "text", ""),
        (typed("POINT(0 91)", WKT), "text", ""),
        (typed("POINT EMPTY", WKT), "text", ""),
        (typed("LINESTRING(0 0, 1 1)", WKT), "text", ""),
        (Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o")), "text", ""),
    ],
)
def test_a_cell_is_sorted_and_drawn_by_what_its_term_is(term: Term, expected: Kind, key: str) -> None:
    found = value(term)
    assert (found.kind, found.key) == (expected, key)


ONE, TWO = typed("1", "integer"), typed("2", "integer")
DAY, LATER = typed("2020-01-01", "date"), typed("2021-01-01", "date")
A, B = NamedNode("urn:a"), NamedNode("urn:b")
NORTH, EAST = typed("41.7", "decimal"), typed("44.8", "double")
POINT = typed("POINT(44.8 41.7)", WKT)


@pytest.mark.parametrize(
    ("name", "terms", "expected"),
    [
        ("x", [ONE, None, TWO], "number"),
        ("x", [ONE, Literal("two")], "text"),
        ("x", [None, None], "text"),
        ("x", [A, BlankNode("b")], "iri"),
        ("year", [typed("2013", "integer"), None], "date"),
        ("startYear", [typed("2013", "integer")], "date"),
        ("წელი", [typed("2013", "integer")], "date"),
        ("year", [typed("2013", "integer"), typed("13", "integer")], "number"),
        ("years", [typed("2013", "integer")], "number"),
    ],
)
def test_a_column_is_of_the_kind_that_all_its_values_share(name: str, terms: list[Term | None], expected: Kind) -> None:
    assert kind(column(name, terms)) == expected


@pytest.mark.parametrize(
    ("names", "rows", "expected"),
    [
        ("thing n", [(A, ONE), (B, TWO)], Pictures(label=0, numbers=(1,))),
        ("thing n", [(A, ONE)], Pictures(label=0)),
        ("n m", [(ONE, TWO), (TWO, ONE)], Pictures(numbers=(0, 1))),
        ("day n", [(DAY, ONE), (LATER, TWO)], Pictures(label=0, numbers=(1,), dates=0)),
        ("day n", [(DAY, ONE), (DAY, TWO)], Pictures(label=0, numbers=(1,))),
        ("day n", [(DAY, ONE), (None, TWO)], Pictures(label=0, numbers=(1,))),
        ("day thing n", [(DAY, A, ONE), (LATER, B, TWO)], Pictures(label=1, numbers=(2,), dates=0)),
        ("day thing", [(DAY, A), (LATER, B)], Pictures(label=1)),
        ("x xLabel n", [(A, Literal("A"), ONE), (B, Literal("B"), TWO)], Pictures(label=1, numbers=(2,))),
        ("x lat long", [(A, NORTH, EAST), (B, NORTH, EAST)], Pictures(label=0, latitude=1, longitude=2)),
        ("x fromLatitude fromLon", [(A, NORTH, EAST)], Pictures(label=0, latitude=1, longitude=2)),
        ("x განედი გრძედი", [(A, NORTH, EAST)], Pictures(label=0, latitude=1, longitude=2)),
        ("x fromLat toLong", [(A, NORTH, EAST)], Pictures(label=0)),
        ("x lat long", [(A, typed("91", "integer"), EAST), (B, NORTH, EAST)], Pictures(label=0, numbers=(1, 2))),
        ("x lat", [(A, NORTH), (B, NORTH)], Pictures(label=0, numbers=(1,))),
        ("x where", [(A, POINT), (B, None)], Pictures(label=0, point=1)),
        ("", [], Pictures()),
    ],
)
def test_which_pictures_an_answer_allows(names: str, rows: list[tuple[Term | None, ...]], expected: Pictures) -> None:
    called = names.split()
    columns = [column(name, [row[place] for row in rows]) for place, name in enumerate(called)]
    assert pictures(called, columns) == expected


# ---- snippets: what they send is the query, whatever is in it

HOSTILE = [
    "",
    "plain",
    "it's '' '''",
    'say "" """ """"',
    'ends with "',
    "ends with \\",
    "\\n \\' \\\" \\u0041 \\x41 \\",
    "$(reboot) `reboot` ${HOME} $HOME !! !$",
    "`${alert(1)}`",
    "</script><!-- --> </pre>",
    "line\nline\r\nline\rline\ttab",
    "\n\nblank edges\n",
    "\x01\x07\x08\x0b\x0c\x1b\x7f\x85\x9f",
    "\u202eright\u202c \u2066to\u2069 \u200f left \ufeff\u2028\u2029",
    "\\\u202e'\"`${",
    "ქართული 🇬🇪 e\u0301 \U0010ffff",
    "-- @file =x & ; | > < * ? [a] ~ #c %41",
    "\ufffe\uffff",
]
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.sampled_from("\\'\"`$(){}\n\r\tx!</\u202e\x07ა")),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)
EVEN = settings(max_examples=40)
SHAPES: list[Shape] = ["rows", "boolean", "triples"]
DATASET = (("default-graph-uri", "urn:a'\"\\"), ("default-graph-uri", "urn:b"), ("timeout", "5"))
BASH, NODE = shutil.which("bash"), shutil.which("node")


def said(command: list[str], script: str) -> list[str]:
    """What a script writes, split at NUL."""
    done = subprocess.run(command, input=script.encode(), capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    return done.stdout.decode().split("\0")[:-1]


def one(key: str, query: str, parameters: tuple[tuple[str, str], ...] = (), shape: Shape = "rows") -> Snippet:
    return next(found for found in snippets(ENDPOINT, query, parameters, shape) if found.key == key)


@pytest.mark.skipif(BASH is None, reason="needs bash")
@EVEN
@given(st.lists(texts, min_size=1, max_size=20))
def test_a_shell_reads_every_text_back(many: list[str]) -> None:
    script = "".join(f"printf '%s\\0' {shell(text)}\n" for text in many)
    assert said(["bash", "-s"], script) == many


@EVEN
@given(texts)
def test_python_reads_every_text_back(text: str) -> None:
    assert ast.literal_eval(python(text)) == text


@pytest.mark.skipif(NODE is None, reason="needs node")
@settings(max_examples=15)
@given(st.lists(texts, min_size=1, max_size=40))
def test_javascript_reads_every_text_back_also_inside_a_page(many: list[str]) -> None:
    written = [javascript(text) for text in many]
    assert not re.search("</|<!--", "".join(written))
    script = f"process.stdout.write([{','.join(written)}].map((one) => one + '\\0').join(''))"
    assert said(["node", "-"], script) == many


def r_reads(literal: str) -> str:
    """A literal of R as R reads it (R Language Definition section 10.3.1), as far as it is written here."""
    assert literal[0] == literal[-1] == '"'
    inner = re.fullmatch(r'(?:[^"\\]|\\["\\]|\\u[0-9a-f]{4})*', literal[1:-1], re.DOTALL)
    assert inner is not None
    return re.sub(
        r'\\(?:u([0-9a-f]{4})|(["\\]))', lambda found: chr(int(found[1], 16)) if found[1] else found[2], inner[0]
    )


@EVEN
@given(texts)
def test_r_reads_every_text_back(text: str) -> None:
    assert r_reads(r(text)) == text


@EVEN
@given(texts)
def test_nothing_in_a_snippet_is_unseen_or_turned_round(text: str) -> None:
    shown = "".join(found.text for found in snippets(ENDPOINT, text, DATASET, "rows"))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]", shown)


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize("query", [*HOSTILE, "x" * 5_000])
def test_curl_is_called_with_the_query_and_its_dataset(query: str) -> None:
    text = one("curl", query, DATASET).text
    found = said(["bash", "-s"], "curl() { printf '%s\\0' \"$@\"; }\n" + text)
    is_long = len(query) > 4_000
    assert found == [
        *([] if is_long else ["--get"]),
        ENDPOINT,
        "--header",
        "Accept: text/csv",
        "--data-urlencode",
        f"query={query}",
        *(part for name, value in DATASET for part in ("--data-urlencode", f"{name}={value}")),
    ]


PYTHON_STAGE = textwrap.dedent(
    """
    import io, sys, types, urllib.request
    pandas, rdflib = types.ModuleType("pandas"), types.ModuleType("rdflib")
    pandas.read_csv = lambda answer: answer.read().decode()
    class Graph(list):
        def parse(self, data, format):
            return self
    rdflib.Graph = Graph
    sys.modules |= {"pandas": pandas, "rdflib": rdflib}
    def urlopen(request):
        body = (request.data or b"").decode() or request.full_url.partition("?")[2]
        for one in (request.get_method(), request.get_header("Accept"), body):
            sys.stdout.write(one + "\\0")
        sys.stdout = io.StringIO()
        return io.BytesIO(b'{"boolean": true}')
    urllib.request.urlopen = urlopen
    """
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("query", [QUERY, HOSTILE[8], HOSTILE[12], "x" * 5_000], ids=["query", "js", "unseen", "long"])
def test_the_lines_of_python_ask_the_query(query: str, shape: Shape) -> None:
    method, accept, sent = said([sys.executable, "-"], PYTHON_STAGE + one("python", query, DATASET, shape).text)
    assert parse_qsl(sent, keep_blank_values=True) == [("query", query), *DATASET]
    assert method == ("GET" if len(query) < 4_000 else "POST")
    accepted = {"rows": "text/csv", "boolean": "application/sparql-results+json", "triples": "text/turtle"}
    assert accept == accepted[shape]


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("query", [QUERY, HOSTILE[3], HOSTILE[9], "x" * 5_000], ids=["query", "quotes", "page", "long"])
def test_the_lines_of_javascript_ask_the_query(query: str, shape: Shape) -> None:
    stage = textwrap.dedent(
        """
        globalThis.fetch = async (address, how) => {
          const body = how.body ? String(how.body) : new URL(address).search.slice(1);
          process.stdout.write([how.method ?? "GET", how.headers.Accept, body].map((one) => one + "\\0").join(""));
          return { ok: true, json: async () => ({ boolean: true, results: { bindings: [] } }), text: async () => "" };
        };
        console.log = console.table = () => {};
        """
    )
    text = one("javascript", query, DATASET, shape).text
    method, accept, sent = said(["node", "--input-type=module", "-"], stage + text)
    assert parse_qsl(sent, keep_blank_values=True) == [("query", query), *DATASET]
    assert method == ("GET" if len(query) < 4_000 else "POST")
    assert accept == ("text/turtle" if shape == "triples" else "application/sparql-results+json")


def test_the_lines_of_r_name_each_parameter_once() -> None:
    text = one("r", QUERY, DATASET).text
    assert '`default-graph-uri` = c("urn:a\'\\"\\\\", "urn:b"), `timeout` = "5", .multi = "explode"' in text
    assert "req_url_query" in text and "req_body_form" in one("r", "x" * 5_000).text
    assert ".multi" not in one("r", QUERY).text


def test_a_query_with_a_nul_has_no_snippets_since_no_shell_can_say_it() -> None:
    assert snippets(ENDPOINT, "ASK { ?s ?p '\0' }", (), "boolean") == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("\r\n SELECT * {\r\n?s ?p ?o }\r\n", "SELECT * {\n?s ?p ?o }"),
        ("ASK { ?s ?p '''a\r\nb''' }", "ASK { ?s ?p '''a\r\nb''' }"),
        ('ASK { ?s ?p """a\r\nb""" }\n', 'ASK { ?s ?p """a\r\nb""" }'),
    ],
)
def test_a_query_is_tidied_only_where_that_cannot_change_it(query: str, expected: str) -> None:
    assert tidy(query) == expected


# ---- citation

TEX = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def tex_reads(text: str) -> str:
    """A text as TeX sets it, as far as it is escaped here."""
    return re.sub(r"\{\\(\w+)\}|\\([$&#_%])", lambda found: TEX[found[1]] if found[1] else found[2], text)


@given(texts)
def test_bibtex_reads_every_title_back_and_its_braces_balance(text: str) -> None:
    written = escaped(text)
    assert tex_reads(written) == text
    depth = 0
    for letter in written:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0


def test_a_citation_names_query_and_release_and_takes_nothing_from_a_clock() -> None:
    made = bibtex(citation(SITE, "en", RELEASE, QUERY, DATASET))
    key = re.match(r"@misc\{(.+),\n", made)
    assert key is not None and re.fullmatch(r"kg\.example-0123456789ab-[0-9a-f]{8}", key[1])
    url = permalink(SITE.iris, RELEASE, QUERY, DATASET)
    assert made.split("\n", 1)[1] == (
        "  author    = {{Agency\\_1}},\n"
        "  title     = {{Agencies {\\textbraceleft}and{\\textbraceright} projects}},\n"
        "  publisher = {{Agency\\_1}},\n"
        "  year      = {2026},\n"
        "  date      = {2026-11-27},\n"
        "  version   = {0123456789abcdef},\n"
        f"  url       = {{{url}}},\n"
        "}\n"
    )
    assert not re.search(r"[{}\\]", url)
    address, _, sent = url.partition("?")
    assert address == ENDPOINT
    assert parse_qsl(sent) == [("query", QUERY), *DATASET[:2], ("snapshot", RELEASE.version)]


def test_a_release_alone_is_cited_by_the_sites_address() -> None:
    [item] = json.loads(csl_json(citation(SITE, "ka", RELEASE)))
    assert item == {
        "id": "kg.example-0123456789ab",
        "type": "dataset",
        "title": "უწყებები & პროექტები",
        "author": [{"literal": "სააგენტო"}],
        "publisher": "სააგენტო",
        "issued": {"date-parts": [[2026, 11, 27]]},
        "version": RELEASE.version,
        "language": "ka",
        "URL": BASE,
    }


def test_what_is_not_known_is_not_cited() -> None:
    site = SITE.model_copy(update={"publisher": ""})
    cited = citation(site, "en", Release("abc", "unknown"), "ASK {}")
    assert not re.search("author|publisher|year|date", bibtex(cited).replace("\\", ""))
    assert not {"author", "publisher", "issued"} & set(json.loads(csl_json(cited))[0])


def test_two_queries_have_two_keys_and_one_query_always_the_same() -> None:
    keys = [citation(SITE, "en", RELEASE, query).key for query in ("ASK {}", "ASK { }", "ASK {}")]
    assert keys[0] == keys[2] != keys[1]


# ---- the page

ROWS = SparqlTable(("x", "n"), ((NamedNode(BASE + "id/a"), ONE), (NamedNode(BASE + "id/b"), None)))
ODD = Triple(NamedNode("urn:s"), NamedNode("urn:p/1"), Literal("o"))
EVENLY = Triple(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))
ASKING = Asking((("default-graph-uri", "urn:g"), ("timeout", "5")), RELEASE, False, 1234)


def page(
    result: SparqlTable | None = ROWS,
    error: BadQuery | Gone | None = None,
    asking: Asking = ASKING,
    hints: tuple[Hint, ...] = (),
    language: str = "en",
    query: str = QUERY,
) -> str:
    return html.sparql(SITE, language, query, result, error, (), asking=asking, hints=hints)


def links(text: str) -> dict[str, str]:
    """The links of a page by their words."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', text)
    return {unescape(words): unescape(href) for href, words in found}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ROWS, [one.extension for one in RESULTS]),
        (SparqlTable(boolean=False), ["srj", "srx"]),
        (SparqlTable(triples=(EVENLY,)), [one.extension for one in GRAPHS]),
        (SparqlTable(triples=(ODD,)), [one.extension for one in GRAPHS if one.extension != "rdf"]),
    ],
    ids=["rows", "boolean", "triples", "a property that XML cannot name"],
)
def test_an_answer_is_offered_in_every_format_that_fits_under_all_its_parameters(
    result: SparqlTable, expected: list[str]
) -> None:
    found = re.findall(r'<a href="([^"]*)" download="(?:answer|query)\.(\w+)"', page(result))
    assert [extension for _, extension in found] == [*expected, "rq"]
    for href, extension in found:
        path, _, sent = unescape(href).partition("?")
        assert path == "/data/sparql"
        assert parse_qsl(sent) == [("query", QUERY), *ASKING.parameters, ("format", extension)]


def test_the_form_is_what_the_editor_expects() -> None:
    text = page()
    form = re.search(r"<form [^>]*id=\"ask\"[^>]*>", text)
    assert form is not None
    attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', form[0]))
    words = json.loads(unescape(attributes.pop("data-words")))
    assert attributes == {
        "class": "query",
        "id": "ask",
        "action": "/data/sparql",
        "method": "get",
        "data-check": "/data/-/check",
        "data-terms": "/data/-/terms.json?lang=en",
        "data-mount": "/data/",
    }
    assert words and all(isinstance(one, str) for one in words.values())
    for part in (
        '<textarea id="query" name="query"',
        '<select id="format" name="format"',
        'id="run"',
        '<div id="answer"',
    ):
        assert text.count(part) == 1


def test_what_a_query_is_asked_with_is_shown_and_sent_again() -> None:
    _, _, text = page().partition('id="ask"')
    assert re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', text) == [
        ("lang", "en"),
        *ASKING.parameters,
    ]
    assert "default-graph-uri=urn:g</code>" in text
    assert links(text)["Ask without these"] == html.with_query("/data/sparql?lang=en", [("query", QUERY)])


@pytest.mark.parametrize(("language", "words"), [("en", "Time: 1,234 ms"), ("ka", "დრო: 1\N{NO-BREAK SPACE}234 მწმ")])
def test_time_and_release_are_said_in_the_readers_language(language: str, words: str) -> None:
    text = page(language=language)
    assert words in text
    assert ">0123456789ab</span></a>" in text


def test_a_beginning_is_said_to_be_one() -> None:
    text = page(SparqlTable(("x",), ((A,),), truncated=True))
    assert "Time to these rows: 1,234 ms" in text
    assert "the downloads have the whole answer" in text


def test_an_answer_of_an_earlier_release_offers_the_present_one() -> None:
    pinned = Asking((("named-graph-uri", "urn:g"), ("snapshot", "0123")), RELEASE, True, 1)
    for text in (page(asking=pinned), page(None, Gone("no longer kept"), asking=pinned)):
        _, _, sent = links(text)["Ask the current release"].partition("?")
        assert parse_qsl(sent) == [("lang", "en"), ("query", QUERY), ("named-graph-uri", "urn:g")]
    assert "Ask the current release" not in page()


def test_a_hint_opens_its_mended_query_under_the_same_parameters() -> None:
    hints = (Hint("typo", "<b>No such property.</b>", "Use v:p", "SELECT 1"), Hint("empty", "Nothing matches."))
    text = page(hints=hints)
    assert "&lt;b&gt;No such property.&lt;/b&gt;" in text and "Nothing matches." in text
    _, _, sent = links(text)["Use v:p"].partition("?")
    assert parse_qsl(sent) == [("lang", "en"), ("query", "SELECT 1"), *ASKING.parameters]


def test_a_table_tells_the_script_what_can_be_drawn() -> None:
    text = page(SparqlTable(("x", "n"), ((A, ONE), (B, TWO))))
    assert '<table class="rows-of" data-label="0" data-numbers="1">' in text
    assert re.findall(r'<th scope="col" data-kind="(\w+)"', text) == ["iri", "number"]
    assert re.findall(r'<td data-value="(\d)" class="number">', text) == ["1", "2"]
    mixed = page(SparqlTable(("x",), ((A,), (ONE,))))
    assert '<td data-kind="iri">' in mixed and '<td data-kind="number" data-value="1">' in mixed
    assert "data-graph" in page(SparqlTable(triples=(EVENLY,)))
    assert "data-graph" not in page(SparqlTable(triples=(ODD,)))


def test_a_year_that_is_a_number_is_not_grouped() -> None:
    text = page(SparqlTable(("year",), ((typed("2013", "integer"),),)))
    assert "<span>2013</span>" in text and "2,013" not in text


def test_a_citation_stands_on_the_page_with_its_files() -> None:
    text = page()
    assert (
        "Agency_1. Agencies {and} projects. Answer to a SPARQL query. Version 0123456789ab. 27 November 2026." in text
    )
    url = permalink(SITE.iris, RELEASE, QUERY, ASKING.parameters)
    assert f'<code id="permalink" dir="ltr" translate="no">{url.replace("&", "&amp;")}</code>' in text
    for name, ending in (("BibTeX", "bib"), ("CSL-JSON", "json")):
        path, _, sent = links(text)[name].partition("?")
        assert path == f"/data/-/cite.{ending}"
        assert parse_qsl(sent) == [
            ("query", QUERY),
            ("default-graph-uri", "urn:g"),
            ("snapshot", RELEASE.version),
            ("lang", "en"),
        ]


@given(texts)
@settings(max_examples=20)
def test_any_query_is_inert_on_its_page(query: str) -> None:
    text = page(query=query, asking=Asking((("timeout", query),), RELEASE))
    assert "<script>" not in text and text.count("<script ") == 4
    assert text.count("<textarea") == text.count("</textarea") == 1
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)


# ---- over HTTP


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str, str]]:
    """A client, the version in service, and an earlier one that is kept."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "data").mkdir()
    things = "".join(
        f'<id/{n}> <v/p> {n} ; <http://www.w3.org/2000/01/rdf-schema#label> "old {n}" .\n' for n in range(60)
    )
    site = SITE.model_copy(update={"folder": folder, "sparql": Sparql(max_query=2_000)})
    for text in (things, things.replace("old ", "new ")):
        (folder / "data" / "things.ttl").write_text(text, "utf-8")
        version = build(site, lambda _files, _site: Report(True), lambda _step, _done: None)
    [earlier] = [one.version for one in kept_snapshots(site) if one.version != version]
    serving = Serving(site)
    app, citing = create_app(serving), FastAPI()
    citing.state.serving = serving
    citing.add_exception_handler(KgpubError, problems.refuse)
    citing.add_route("/data/-/cite.{ending}", cite)

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        is_cite = scope["type"] == "http" and "/-/cite." in scope["path"]
        await (citing if is_cite else app)(scope, receive, send)

    with TestClient(both) as client:
        yield client, version, earlier


ALL = "SELECT ?x ?n { ?x v:p ?n } ORDER BY ?n"


def get(client: TestClient, **parameters: str) -> tuple[int, str]:
    answer = client.get("/data/sparql", params={"lang": "en", **parameters}, headers={"Accept": FIREFOX})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["vary"] and answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == ("private, max-age=60" if answer.status_code == 200 else "no-store")
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"query": ALL}, 200, ">new 0</a>"),
        ({"query": ALL}, 200, "Rows: 60"),
        ({"query": "ASK {}"}, 200, "true"),
        ({"query": "CONSTRUCT WHERE { ?s v:p ?o }"}, 200, "Triples: 60"),
        ({"query": "SELECT * {"}, 400, "could not be answered"),
        ({"query": ALL, "default-graph-uri": "urn:none"}, 200, "No row answers the query."),
        ({"query": ALL, "timeout": "soon"}, 400, "is no timeout"),
        ({"query": ALL, "snapshot": "ffffffffffff"}, 410, "Ask the current release"),
        ({"query": "   "}, 200, "<textarea"),
        ({}, 200, "<textarea"),
    ],
)
def test_the_page_answers(
    served: tuple[TestClient, str, str], parameters: dict[str, str], status: int, words: str
) -> None:
    found, text = get(served[0], **parameters)
    assert (found, words in text) == (status, True)


def test_a_kept_release_answers_in_its_own_words(served: tuple[TestClient, str, str]) -> None:
    client, version, earlier = served
    status, text = get(client, query=ALL, snapshot=earlier[:8])
    assert status == 200
    assert ">old 0</a>" in text and ">new 0</a>" not in text
    assert "from an earlier release" in text
    assert f"&amp;snapshot={earlier}</code>" in text
    status, text = get(client, query=ALL, snapshot=version)
    assert ">new 0</a>" in text and "from an earlier release" not in text


CROSS = "SELECT ?x ?y { ?x v:p ?n . ?y v:p ?m }"


def test_a_page_shows_the_beginning_of_a_long_answer(served: tuple[TestClient, str, str]) -> None:
    for query in (CROSS, "CONSTRUCT { ?x v:q ?y } WHERE { ?x v:p ?n . ?y v:p ?m }"):
        status, text = get(served[0], query=query)
        assert (status, text.count("<tr>")) == (200, 1_001)
        assert "Only the beginning is shown" in text


@pytest.mark.parametrize("query", [CROSS, "CONSTRUCT { ?x v:q ?y } WHERE { ?x v:p ?n . ?y v:p ?m }"])
def test_of_an_answer_that_is_cut_the_whole_rows_are_shown(
    served: tuple[TestClient, str, str], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(table, "MOST_BYTES", 10)
    monkeypatch.setattr(table, "ROWS", 100_000)
    status, text = get(served[0], query=query)
    assert status == 200
    assert 100 < text.count("<tr>") < 3_600
    assert "Only the beginning is shown" in text


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("cite.bib?query=ASK%20%7B%7D&lang=en", 200, getattr(formats, "BIBTEX", formats.TEXT).media_type),
        ("cite.json?query=ASK%20%7B%7D&lang=ka", 200, "application/"),
        ("cite.json", 200, "application/"),
        ("cite.enw?query=ASK%20%7B%7D", 404, "application/problem+json"),
        ("cite.bib?query=ASK%20%7B%7D&query=x", 400, "application/problem+json"),
        ("cite.bib?update=x", 400, "application/problem+json"),
        ("cite.bib?query=ASK%20%7B%7D&snapshot=ffffffff", 410, "application/problem+json"),
        ("cite.bib?query=ASK%20%7B%7D&lang=de", 400, "application/problem+json"),
        (f"cite.bib?query={'x' * 2_001}", 414, "application/problem+json"),
    ],
)
def test_a_citation_is_a_file(served: tuple[TestClient, str, str], path: str, status: int, kind: str) -> None:
    answer = served[0].get(f"/data/-/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(kind)


def test_the_citation_of_a_fixed_release_is_public_and_the_same_for_ever(served: tuple[TestClient, str, str]) -> None:
    client, version, earlier = served
    for asked, expected, cached in (
        (earlier, earlier, "public"),
        ("", version, "private"),
        (earlier[:6], earlier, "private"),
    ):
        sent = {"query": ALL, "lang": "en", **({"snapshot": asked} if asked else {})}
        answer = client.get("/data/-/cite.json", params=sent)
        [item] = answer.json()
        assert item["version"] == expected
        assert item["URL"] == permalink(SITE.iris, Release(expected, ""), ALL)
        assert answer.headers["cache-control"].startswith(cached)
        assert answer.headers["etag"] == client.get("/data/-/cite.json", params=sent).headers["etag"]


def test_a_permalink_opens_the_answer_that_it_cites(served: tuple[TestClient, str, str]) -> None:
    client, _, earlier = served
    [item] = client.get("/data/-/cite.json", params={"query": ALL, "snapshot": earlier}).json()
    answer = client.get("/data/" + item["URL"].removeprefix(BASE), headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == 61

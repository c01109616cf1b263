"""Pages for people: complete, inert, bounded, and in the reader's language throughout."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kgpub import errors
from kgpub.errors import BadQuery, KgpubError, NoSuchEntity
from kgpub.formats import GRAPHS, RESULTS
from kgpub.model import (
    Counted,
    Description,
    Finding,
    Hit,
    Incoming,
    Labels,
    Link,
    Listing,
    Report,
    Source,
    Statement,
    Statistics,
    Term,
    Text,
)
from kgpub.ontology.model import KINDS as TERMS
from kgpub.represent import html
from kgpub.represent.colour import contrast, legible
from kgpub.represent.locale import XSD, voice
from kgpub.represent.messages import MESSAGES, hints, logs, ontology, reading, vocabulary
from kgpub.represent.messages.asking import RESULTS_KEYS
from kgpub.represent.messages.editor import EDITOR_KEYS
from kgpub.represent.searching import Searched
from kgpub.represent.telling import MOST_VALUES
from kgpub.represent.tongues import own_name
from kgpub.represent.values import LONGEST
from kgpub.settings import Settings

HERE = Path(html.__file__).parent
BASE = "https://data.example.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = RDF + "type"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
ABOUT = "http://purl.org/dc/terms/description"

SITE = Settings(
    title={"ka": "უწყებები და პროექტები", "en": "Agencies and projects"},
    description={"ka": "რას ამბობს ხუთი გვერდი.", "en": "What five pages say."},
    base=BASE,
    languages=("ka", "en"),
    publisher={"ka": "სააგენტო", "en": "Agency"},
    publisher_url="https://agency.example/",
    licence="https://creativecommons.org/licenses/by/4.0/",
    contact="mailto:data@agency.example",
    featured=("v/Organisation",),
    vocabulary={"plain": ("v/asserted",)},
    prefixes={"v": "v/"},
)

LABELS: Mapping[str, Labels] = {
    BASE + "id/iom": {"ka": "მიგრაციის საერთაშორისო ორგანიზაცია", "en": "International Organization for Migration"},
    BASE + "id/project": {"ka": "ადამიანის უფლებების პროექტი", "en": "human rights project"},
    BASE + "id/norway": {"ka": "ნორვეგიის საგარეო საქმეთა სამინისტრო", "en": "Ministry of Foreign Affairs of Norway"},
    BASE + "id/conference": {"ka": "რეგიონული კონფერენცია", "en": "regional conference"},
    BASE + "id/english-only": {"en": "English name only"},
    BASE + "id/doc-1": {"ka": "კონფერენციის განცხადება", "en": "Announcement of the conference"},
    BASE + "graph/doc-1": {"ka": "განცხადება: ნათქვამი", "en": "Announcement: asserted"},
    BASE + "v/Organisation": {"ka": "ორგანიზაცია", "en": "organisation"},
    BASE + "v/Conference": {"ka": "კონფერენცია", "en": "conference"},
    BASE + "v/fundedBy": {"ka": "დამფინანსებელი", "en": "funded by"},
    BASE + "v/memberOf": {"ka": "რისი წევრია", "en": "member of"},
    BASE + "v/planned": {"ka": "დაგეგმილი", "en": "planned"},
    BASE + "v/asserted": {"ka": "წყაროში ნათქვამი", "en": "asserted"},
    BASE + "v/high": {"ka": "მაღალი", "en": "high"},
    TYPE: {"ka": "სახეობა", "en": "type"},
    "https://wiki.example/Q1": {"en": "The same elsewhere"},
}

SOURCE = Source(
    statement=BASE + "fact/1",
    graph=BASE + "graph/doc-1",
    document=BASE + "id/doc-1",
    line=5,
    quote=Text("მიმდინარე წლის 24-25 ნოემბერს", "ka"),
    translation=Text("on 24–25 November of the current year", "en"),
    status=BASE + "v/asserted",
    modality=BASE + "v/planned",
    confidence=BASE + "v/high",
    derived_from=("https://evidence.example/page",),
    notes=(Text("The year is not stated.", "en"), Text("წელი მითითებული არ არის.", "ka")),
)


def described(
    *statements: tuple[str, Term],
    iri: str = BASE + "id/conference",
    sources: tuple[Source, ...] = (),
    incoming: tuple[Incoming, ...] = (),
    nested: Mapping[str, tuple[Statement, ...]] | None = None,
    inverse: Mapping[str, Labels] | None = None,
) -> Description:
    """A description of the conference with these statements."""
    made = tuple(
        Statement(NamedNode(predicate), term, (BASE + "graph/doc-1",), sources) for predicate, term in statements
    )
    subject = NamedNode(iri)
    return Description(
        iri=iri,
        quads=tuple(Quad(subject, s.predicate, s.object, NamedNode(BASE + "graph/doc-1")) for s in made),
        statements=made,
        incoming=incoming,
        nested=nested or {},
        labels=LABELS,
        inverse=inverse or {},
        types=tuple(s.object.value for s in made if s.predicate.value == TYPE and isinstance(s.object, NamedNode)),
    )


CONFERENCE = described(
    (TYPE, NamedNode(BASE + "v/Conference")),
    (LABEL, Literal("რეგიონული კონფერენცია", language="ka")),
    (LABEL, Literal("regional conference", language="en")),
    (ABOUT, Literal("ნოემბრისთვის გამოცხადებული კონფერენცია.", language="ka")),
    (BASE + "v/start", Literal("--11-24", datatype=NamedNode(XSD + "gMonthDay"))),
    (BASE + "v/fundedBy", NamedNode(BASE + "id/norway")),
    sources=(SOURCE,),
    incoming=(
        Incoming(BASE + "v/memberOf", 9, tuple(Link(f"{BASE}id/ngo-{n}", (SOURCE,)) for n in range(9)), size=10),
    ),
    inverse={BASE + "v/memberOf": {"ka": "წევრები", "en": "has member"}},
)


class Element:
    """One start tag with its attributes, and the text directly and indirectly inside it."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag, self.attributes, self.text = tag, attributes, ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name) or ""


class Page(HTMLParser):
    """A page read back; raises when its tags do not nest."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "path", "circle"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == [], [one.tag for one in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attrs))
        assert len(attrs) == len(made.attributes), f"an attribute twice in {tag}"
        self.elements.append(made)
        if tag not in self.VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes {self._open[-1:]}"
        self._open.pop()
        if tag in {"th", "td", "li", "dt", "dd", "summary"}:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag whose attributes contain these words."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag and all(value in one[name].split(" ") for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    @property
    def hrefs(self) -> list[str]:
        """Where the page's links lead."""
        return [one["href"] for one in self.elements if one.tag == "a"]


STATISTICS = Statistics(
    triples=17452,
    entities=936,
    graphs=(Counted(BASE + "graph/doc-1", 1025),),
    classes=(Counted(BASE + "v/Organisation", 21), Counted("http://www.w3.org/2002/07/owl#Ontology", 1)),
    properties=(Counted(BASE + "v/fundedBy", 7),),
)
REPORT = Report(
    conforms=False,
    findings=(
        Finding(
            "violation",
            BASE + "id/iom",
            "s",
            "c",
            {"ka": "სახელი აკლია.", "en": "A name is missing."},
            file="data/iom.ttl",
            line=12,
        ),
    ),
)
LISTING = Listing(
    BASE + "v/Organisation", 120, (BASE + "id/iom",), LABELS, {BASE + "id/iom": {"ka": "აღწერა", "en": "line"}}, 2, 50
)
HITS = (Hit(BASE + "id/iom", Text("IOM", "en"), "alternative", 1.0, (BASE + "v/Organisation",)),)
TABLE = html.SparqlTable(
    ("thing", "name"),
    ((NamedNode(BASE + "id/iom"), Literal("IOM")), (BlankNode("b1"), None)),
    truncated=True,
    labels=LABELS,
)
EXAMPLES = (html.Example({"ka": "კლასები", "en": "Classes"}, "SELECT * {?s ?p ?o}"),)


def pages(language: str) -> dict[str, str]:
    """One page of every kind in a language."""
    list_path = html.with_query("/-/links", [("iri", BASE + "v/Organisation"), ("property", TYPE)])
    sources = {BASE + "graph/doc-1": (BASE + "id/doc-1",)}
    return {
        "entity": html.entity(CONFERENCE, SITE, language),
        "home": html.home(STATISTICS, LABELS, SITE, language, "abc123", "2026-11-27T07:10:24Z"),
        "classes": html.classes(STATISTICS, LABELS, SITE, language),
        "listing": html.listing(LISTING, TYPE, SITE, language, list_path),
        "search": html.search(Searched("iom", HITS, 45), LABELS, SITE, language),
        "nothing found": html.search(Searched("<b>", (), 0), LABELS, SITE, language),
        "sparql": html.sparql(SITE, language, "SELECT * {?s ?p ?o}", TABLE, None, EXAMPLES),
        "sparql error": html.sparql(SITE, language, "SELECT", None, BadQuery("expected {", 1, 7), EXAMPLES),
        "problem": html.problem(NoSuchEntity(BASE + "id/x"), SITE, language, HITS, LABELS),
        "data": html.about_data(STATISTICS, REPORT, LABELS, SITE, language, "abc123", "2026-11-27T07:10:24Z", sources),
    }


KINDS = [(language, name) for language in SITE.languages for name in pages("en")]


@pytest.mark.parametrize(("language", "name"), KINDS)
def test_a_page_is_well_formed_and_says_its_language_and_addresses(language: str, name: str) -> None:
    text = pages(language)[name]
    page = Page(text)
    assert text.startswith("<!doctype html>")
    assert page.one("html")["lang"] == language
    assert page.one("h1").text.strip()
    assert page.one("title").text.endswith({"ka": "უწყებები და პროექტები", "en": "Agencies and projects"}[language])
    assert page.one("meta", name="description")["content"]
    assert page.one("link", rel="canonical")["href"].startswith(BASE)
    hreflangs = {one["hreflang"]: one["href"] for one in page.all("link", rel="alternate") if one["hreflang"]}
    assert set(hreflangs) == {"ka", "en", "x-default"}
    assert hreflangs[language] == page.one("link", rel="canonical")["href"]
    identifiers = [one["id"] for one in page.elements if one["id"]]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(("language", "name"), KINDS)
def test_a_page_links_only_to_pages_in_its_language(language: str, name: str) -> None:
    other = {"ka": "en", "en": "ka"}[language]
    page = Page(pages(language)[name])
    for one in page.elements:
        href = one["href"]
        if one.tag != "a" or one["hreflang"] or one["download"] or not href.startswith("/"):
            continue
        query = parse_qs(urlsplit(href).query)
        assert f".{other}." not in href
        assert query.get("lang", [language]) == [language]
        assert (
            f".{language}.html" in href or "lang" in query or re.search(r"\.(ttl|jsonld|nt|rdf|trig|nq|gz|txt)$", href)
        ), href


@pytest.mark.parametrize(("language", "name"), KINDS)
def test_a_page_keeps_to_the_content_security_policy_and_shows_where_to_skip_to(language: str, name: str) -> None:
    page = Page(pages(language)[name])
    assert not [one for one in page.elements if one["style"] or any(key.startswith("on") for key in one.attributes)]
    assert not page.all("style")
    assert not [one for one in page.all("script") if one.text or not one["src"].startswith("/-/static/")]
    assert page.one("a", class_="skip")["href"] == "#main"
    assert page.one("main")["id"] == "main"
    assert all(one["aria-label"] or one["aria-labelledby"] for one in page.all("nav"))


@pytest.mark.parametrize("language", SITE.languages)
def test_the_language_switch_leads_to_the_same_page(language: str) -> None:
    page = Page(html.entity(CONFERENCE, SITE, language))
    switch = {one["hreflang"]: one for one in page.all("a") if one["hreflang"]}
    assert {tag: one["href"] for tag, one in switch.items()} == {
        "ka": "/id/conference.ka.html",
        "en": "/id/conference.en.html",
    }
    assert {tag: one.text for tag, one in switch.items()} == {"ka": "ქართული", "en": "English"}
    assert [tag for tag, one in switch.items() if one["aria-current"]] == [language]


@pytest.mark.parametrize(
    ("term", "ka", "en"),
    [
        (("2013-12-15", "date"), "2013 წლის 15 დეკემბერი", "15 December 2013"),
        (("2017-06", "gYearMonth"), "2017 წლის ივნისი", "June 2017"),
        (("2017", "gYear"), "2017 წელი", "2017"),
        (("--11-26", "gMonthDay"), "26 ნოემბერი", "26 November"),
        (("--02-29", "gMonthDay"), "29 თებერვალი", "29 February"),
        (("--11", "gMonth"), "ნოემბერი", "November"),
        (("2013-12-15T14:30:00", "dateTime"), "2013 წლის 15 დეკემბერი, 14:30", "15 December 2013, 14:30"),
        (
            ("2013-12-15T14:30:05.5Z", "dateTime"),
            "2013 წლის 15 დეკემბერი, 14:30:05.5 UTC",
            "15 December 2013, 14:30:05.5 UTC",
        ),
        (("2013-12-15+04:00", "date"), "2013 წლის 15 დეკემბერი UTC+04:00", "15 December 2013 UTC+04:00"),
        (("1234567.50", "decimal"), "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,50", "1,234,567.50"),
        (("0.1234567", "decimal"), "0,1234567", "0.1234567"),
        (("8000", "integer"), "8\N{NO-BREAK SPACE}000", "8,000"),
        (("true", "boolean"), "დიახ", "yes"),
        (("0", "boolean"), "არა", "no"),
    ],
    ids=str,
)
def test_a_value_is_said_with_the_precision_it_has(term: tuple[str, str], ka: str, en: str) -> None:
    lexical, datatype = term
    described_with = described((BASE + "v/x", Literal(lexical, datatype=NamedNode(XSD + datatype))))
    for language, expected in (("ka", ka), ("en", en)):
        page = Page(html.entity(described_with, SITE, language))
        assert page.one("div", class_="value").text.strip() == expected


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        ("2013-02-30", XSD + "date"),
        ("2013-13", XSD + "gYearMonth"),
        ("soon", XSD + "date"),
        ("-44", XSD + "gYear"),
        ("twelve", XSD + "integer"),
        ("1E400000", XSD + "double"),
        ("NaN", XSD + "double"),
        ("maybe", XSD + "boolean"),
        ("POINT(44.8 41.7)", "http://www.opengis.net/ont/geosparql#wktLiteral"),
    ],
)
def test_what_is_no_such_value_is_shown_as_written_with_its_datatype(lexical: str, datatype: str) -> None:
    page = Page(html.entity(described((BASE + "v/x", Literal(lexical, datatype=NamedNode(datatype)))), SITE, "ka"))
    assert page.one("div", class_="value").text.strip().startswith(lexical)
    assert page.one("span", class_="datatype")["title"] == datatype


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "</textarea></title></main><script>",
    "\u202egnp.exe\u202c \u2066",
    "nul \x00 and \x0b",
    "&lt;script&gt;",
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
@pytest.mark.parametrize("language", SITE.languages)
def test_a_hostile_text_is_inert_wherever_it_stands(hostile: str, language: str) -> None:
    source = Source(
        quote=Text(hostile, "ka"), translation=Text(hostile), notes=(Text(hostile, "en"),), document=BASE + "d"
    )
    labels: dict[str, Labels] = {
        BASE + "id/conference": {"ka": hostile},
        BASE + "v/x": {"en": hostile},
        BASE + "d": {"": hostile},
    }
    evil = described((BASE + "v/x", Literal(hostile)), (ABOUT, Literal(hostile, language="ka")), sources=(source,))
    evil = Description(evil.iri, evil.quads, evil.statements, labels=labels, types=(BASE + "v/x",))
    table = html.SparqlTable((hostile,), ((Literal(hostile),),), labels=labels)
    made = [
        html.entity(evil, SITE, language),
        html.search(Searched(hostile, (Hit(BASE + "v/x", Text(hostile), "label", 1.0),), 1), {}, SITE, language),
        html.sparql(SITE, language, hostile, table, KgpubError(hostile), (html.Example({"": hostile}, hostile),)),
        html.problem(KgpubError(hostile), SITE, language),
    ]
    for text in made:
        page = Page(text)
        assert not [one for one in page.all("script") if one.text or not one["src"].startswith("/-/static/")]
        assert all(one["src"].startswith("/-/qr.svg?") for one in page.all("img"))
        assert not [one for one in page.elements if any(name.startswith("on") for name in one.attributes)]
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
        assert not set("\u202e\u202c\u2066") & set(
            page.one("title").text + page.one("meta", name="description")["content"]
        )


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "urn:x:y",
        "http:javascript",
        "mailto:",
    ],
)
def test_an_iri_that_is_no_address_leads_only_to_its_own_page(iri: str) -> None:
    text = html.entity(described((BASE + "v/x", NamedNode(iri))), SITE, "ka")
    page = Page(text)
    found = [one for one in page.all("a") if "/-/about" in one["href"]]
    assert found
    assert all(urlsplit(href).scheme in {"", "https", "mailto"} for href in page.hrefs)
    assert not any(href.lower().startswith(("javascript", "data:", "vbscript")) for href in page.hrefs)


@pytest.mark.parametrize(
    ("iri", "href", "text"),
    [
        (BASE + "id/norway", "/id/norway.ka.html", "ნორვეგიის საგარეო საქმეთა სამინისტრო"),
        (BASE + "id/unnamed", "/id/unnamed.ka.html", "unnamed"),
        (BASE + "v/unnamed", "/v/unnamed.ka.html", "v:unnamed"),
        ("mailto:a@b.example", "mailto:a@b.example", "a@b.example"),
        ("tel:+995322000000", "tel:+995322000000", "+995322000000"),
        ("https://web.example/page?x=1&y=2", "https://web.example/page?x=1&y=2", "https://web.example/page?x=1&y=2"),
        ("https://wiki.example/Q1", "/-/about.ka.html?iri=https%3A%2F%2Fwiki.example%2FQ1", "The same elsewhere"),
    ],
)
def test_a_thing_is_linked_where_it_can_be_read(iri: str, href: str, text: str) -> None:
    page = Page(html.entity(described((BASE + "v/x", NamedNode(iri))), SITE, "ka"))
    found = [one for one in page.all("a") if one["href"] == href]
    assert [one.text for one in found] == [text]


def test_a_text_is_marked_with_its_language_unless_it_is_the_pages() -> None:
    made = described(
        (BASE + "v/x", Literal("ქართული ტექსტი", language="ka")),
        (BASE + "v/x", Literal("English text", language="en")),
        (BASE + "v/x", Literal("kartuli", language="ka-Latn")),
        (BASE + "v/x", Literal("no language")),
        (BASE + "v/y", NamedNode(BASE + "id/english-only")),
    )
    page = Page(html.entity(made, SITE, "ka"))
    langs = {one.text: one.attributes.get("lang") for one in page.elements if one["dir"] == "auto" and one.text}
    assert langs["ქართული ტექსტი"] is None
    assert langs["English text"] == "en"
    assert langs["kartuli"] == "ka-latn"
    assert langs["no language"] == ""
    assert langs["English name only"] == "en"
    values = [one.text.strip() for one in page.all("div", class_="value")]
    assert values[:2] == ["English name only", "ქართული ტექსტი"]


def test_an_entity_shows_its_other_name_types_description_and_way_back() -> None:
    page = Page(html.entity(CONFERENCE, SITE, "ka"))
    assert page.one("h1").text == "რეგიონული კონფერენცია"
    assert page.one("p", class_="also").text == "regional conference"
    assert page.one("ul", class_="types").text.split() == ["კონფერენცია"]
    assert page.one("p", class_="lead").text == "ნოემბრისთვის გამოცხადებული კონფერენცია."
    assert page.one("code", id="iri").text == BASE + "id/conference"
    crumbs = page.one("nav", class_="crumbs").text.split("\n")
    assert [part.strip() for part in crumbs if part.strip()] == ["მთავარი", "კონფერენცია", "რეგიონული კონფერენცია"]


def test_an_entity_links_to_every_format_that_can_carry_it() -> None:
    page = Page(html.entity(CONFERENCE, SITE, "en"))
    hrefs = {one["type"]: one["href"] for one in page.all("a") if one["type"]}
    assert hrefs == {one.media_type: f"/id/conference.{one.extension}" for one in GRAPHS}
    assert {one["type"] for one in page.all("link", rel="alternate") if one["type"]} == set(hrefs)
    unfit = described(("https://x.example/1", Literal("a predicate that is no XML name")))
    types = {one["type"] for one in Page(html.entity(unfit, SITE, "en")).all("a") if one["type"]}
    assert set(hrefs) - types == {"application/rdf+xml"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ka",
            "დოკუმენტი კონფერენციის განცხადება სტრიქონი 5 ციტატა მიმდინარე წლის 24-25 ნოემბერს ჩვენი თარგმანი "
            "on 24–25 November of the current year სტატუსი წყაროში ნათქვამი მოდალობა დაგეგმილი სანდოობა მაღალი "
            "მტკიცებულება https://evidence.example/page შენიშვნა წელი მითითებული არ არის. "
            "გრაფი განცხადება: ნათქვამი გვაცნობეთ შეცდომის შესახებ",
        ),
        (
            "en",
            "Document Announcement of the conference Line 5 Quoted words მიმდინარე წლის 24-25 ნოემბერს Our translation "
            "on 24–25 November of the current year Status asserted Modality planned Confidence high "
            "Evidence https://evidence.example/page Note The year is not stated. Graph Announcement: asserted "
            "Report an error",
        ),
    ],
)
def test_every_statement_opens_to_its_sources(language: str, words: str) -> None:
    page = Page(html.entity(CONFERENCE, SITE, language))
    markers, panels = page.all("details", class_="source"), page.all("div", class_="panel")
    assert len(markers) == len(panels) == len(CONFERENCE.statements) + 9
    assert {" ".join(re.sub(r"(</?\w+>)", " ", one.text).split()) for one in panels} == {words}
    summary = page.all("summary")[0].text
    stances = [one.text for one in page.all("span", class_="stance")]
    assert stances == [{"ka": "დაგეგმილი", "en": "planned"}[language]] * len(panels)
    assert {"ka": "სტრ. 5", "en": "line 5"}[language] in summary
    langs = {one.text: one.attributes.get("lang") for one in page.all("q")}
    assert langs == {
        "მიმდინარე წლის 24-25 ნოემბერს": None if language == "ka" else "ka",
        "on 24–25 November of the current year": None if language == "en" else "en",
    }


def test_a_statement_of_no_graph_has_no_marker_and_documents_alone_share_one_panel() -> None:
    bare = tuple(Source(graph=BASE + "graph/doc-1", document=f"{BASE}id/doc-{n}") for n in range(5))
    lone = Statement(NamedNode(BASE + "v/x"), Literal("1"))
    page = Page(html.entity(Description(BASE + "id/x", (), (lone,)), SITE, "ka"))
    assert not page.all("details")
    page = Page(html.entity(described((BASE + "v/x", Literal("1")), sources=bare), SITE, "ka"))
    assert len(page.all("dl", class_="facts")) == 2
    assert len([href for href in page.hrefs if "/id/doc-" in href]) == 5


@pytest.mark.parametrize(
    ("predicate", "title"),
    [(BASE + "v/memberOf", "წევრები"), (BASE + "v/fundedBy", "← დამფინანსებელი"), (TYPE, "კლასის წევრები")],
)
def test_incoming_links_are_titled_counted_and_continued(predicate: str, title: str) -> None:
    links = Incoming(predicate, 3000, tuple(Link(f"{BASE}id/ngo-{n}") for n in range(10)), size=10)
    hub = described(incoming=(links,), inverse={BASE + "v/memberOf": {"ka": "წევრები"}})
    hub = replace(hub, members={hub.iri: 3000})
    text = html.entity(hub, SITE, "ka")
    page = Page(text)
    group = next(one for one in page.all("div", class_="group") if title in one.text)
    assert "3\N{NO-BREAK SPACE}000" in group.text
    path = "/-/browse" if predicate == TYPE else "/-/links"
    more = urlsplit(next(href for href in page.hrefs if href.startswith(path) and "conference" in href))
    asked = {"iri": [BASE + "id/conference"], "property": [predicate]}
    members = {"class": [BASE + "id/conference"]}
    assert parse_qs(more.query) == {"lang": ["ka"], **(members if predicate == TYPE else asked)}


def test_a_hub_costs_a_page_about_what_a_small_thing_does() -> None:
    def size(count: int) -> int:
        links = Incoming(
            BASE + "v/memberOf", count, tuple(Link(f"{BASE}id/ngo-{n}") for n in range(min(count, 10))), size=10
        )
        return len(html.entity(described(incoming=(links,)), SITE, "ka"))

    assert size(1_000_000) < 1.1 * size(10)


def test_values_and_texts_are_bounded_and_say_so() -> None:
    many = described(*((BASE + "v/x", Literal(str(n))) for n in range(MOST_VALUES + 250)))
    page = Page(html.entity(many, SITE, "en"))
    assert len(page.all("div", class_="value")) == MOST_VALUES
    assert "Show all 350" in page.one("main").text
    long = html.entity(described((BASE + "v/x", Literal("ა" * 1_000_000))), SITE, "ka")
    assert len(long) < LONGEST + 10_000


def test_blank_nodes_nest_and_a_circle_ends() -> None:
    here, there = BlankNode("b1"), BlankNode("b2")
    nested = {
        "b1": (
            Statement(NamedNode(BASE + "v/city"), Literal("თბილისი", language="ka")),
            Statement(NamedNode(BASE + "v/next"), there),
        ),
        "b2": (Statement(NamedNode(BASE + "v/next"), here),),
    }
    page = Page(html.entity(described((BASE + "v/address", here), nested=nested), SITE, "ka"))
    assert len(page.all("dl", class_="nested")) == 2
    assert "თბილისი" in page.all("dl", class_="nested")[0].text
    assert "_:b1" in page.one("main").text


def test_hash_iris_of_one_document_are_sections_that_their_fragment_leads_to() -> None:
    parts = {f"{BASE}doc#{name}": (Statement(NamedNode(BASE + "v/x"), Literal(name)),) for name in ("me", "main")}
    whole = Description(BASE + "doc", (), (), nested=parts, parts=tuple(parts))
    page = Page(html.entity(whole, SITE, "ka"))
    assert page.one("section", id="me").text.split()[-1] == "me"
    assert page.one("main")["id"] == "main"
    assert "საკუთარი დებულებები აქ არ არის" not in page.one("main").text


def test_a_site_of_one_language_and_no_extras_is_complete() -> None:
    site = Settings(title="Plain", base="http://localhost:8000/sub/", languages=("en",))
    page = Page(html.home(Statistics(), {}, site, "en", "v", "2026-11-27T07:10:24Z"))
    assert page.one("h1").text == "Plain"
    assert page.one("link", rel="canonical")["href"] == "http://localhost:8000/sub/?lang=en"
    assert all(href.startswith(("/sub/", "#")) for href in page.hrefs)
    assert page.all("link", rel="stylesheet")[0]["href"] == "/sub/-/static/style.css"


def test_a_triple_term_is_shown_with_links() -> None:
    term = Triple(NamedNode(BASE + "id/iom"), NamedNode(BASE + "v/fundedBy"), NamedNode(BASE + "id/norway"))
    page = Page(html.entity(described((RDF + "reifies", term)), SITE, "en"))
    assert page.one("span", class_="triple").text == (
        "«International Organization for Migration funded by Ministry of Foreign Affairs of Norway»"
    )


def test_a_list_leads_to_its_other_pages_in_the_same_language() -> None:
    page = Page(pages("ka")["listing"])
    steps = {one["rel"]: one["href"] for one in page.all("a") if one["rel"] in {"prev", "next"}}
    assert {rel: parse_qs(urlsplit(href).query).get("page") for rel, href in steps.items()} == {
        "prev": None,
        "next": ["3"],
    }
    assert all(parse_qs(urlsplit(href).query)["lang"] == ["ka"] for href in steps.values())
    assert page.one("a", aria_current="page").text == "2"
    assert page.one("h1").text == "ორგანიზაცია"
    assert "აღწერა" in page.one("ul", class_="rows").text


def test_a_relation_names_the_hub_and_the_property() -> None:
    found = Listing(BASE + "id/norway", 3, (BASE + "id/project",), LABELS)
    page = Page(html.listing(found, BASE + "v/fundedBy", SITE, "en", "/-/links?iri=x&property=y"))
    assert page.one("h1").text == "Ministry of Foreign Affairs of Norway"
    assert "← funded by" in page.one("header", class_="head").text
    assert not page.all("nav", class_="paging")


def test_search_answers_keep_the_query_and_show_what_matched() -> None:
    page = Page(html.search(Searched("iom", HITS, 45, 2, within=BASE + "v/Organisation"), LABELS, SITE, "en"))
    query = parse_qs(urlsplit(next(one["href"] for one in page.all("a", rel="next"))).query)
    assert query == {"q": ["iom"], "class": [BASE + "v/Organisation"], "lang": ["en"], "page": ["3"]}
    assert page.one("input", name="q")["value"] == "iom"
    assert "IOM" in page.one("ul", class_="rows").text
    assert page.one("meta", name="robots")["content"] == "noindex"


def test_a_sparql_answer_is_a_table_whose_things_lead_to_pages() -> None:
    page = Page(pages("ka")["sparql"])
    assert [one.text for one in page.all("th")] == ["?thing", "?name"]
    assert page.one("table").text.split() == [
        "?thing",
        "?name",
        "მიგრაციის",
        "საერთაშორისო",
        "ორგანიზაცია",
        "IOM",
        "_:b1",
        "–",
    ]
    assert "/id/iom.ka.html" in page.hrefs
    form = next(one for one in page.all("form") if one["action"] == "/sparql")
    assert form["method"] == "get"
    assert page.one("textarea")["dir"] == "ltr"
    assert page.one("textarea").text.strip() == "SELECT * {?s ?p ?o}"
    assert [one["value"] for one in page.all("option")] == ["", *(one.extension for one in (*RESULTS, *GRAPHS))]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (html.SparqlTable(boolean=True), "true"),
        (html.SparqlTable(boolean=False), "false"),
        (html.SparqlTable(("x",)), "No row answers the query."),
        (html.SparqlTable(triples=(Triple(BlankNode("b"), NamedNode(TYPE), Literal("1")),)), "Subject"),
    ],
)
def test_every_form_of_answer_is_shown(result: html.SparqlTable, words: str) -> None:
    assert words in Page(html.sparql(SITE, "en", "ASK {}", result, None, ())).one("section", id="result").text


def test_a_query_error_says_where_in_the_readers_language_and_why_in_english() -> None:
    page = Page(pages("ka")["sparql error"])
    assert "სტრიქონი 1, სვეტი 7" in page.one("section", id="result").text
    assert page.one("pre").text == "expected {"
    assert page.one("pre")["lang"] == "en"


def refusals() -> Iterator[type[KgpubError]]:
    """Every class of refusal."""
    waiting = [KgpubError]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.__subclasses__()


REFUSALS = {one.__name__: one for one in refusals()}


@pytest.mark.parametrize("refusal", sorted(REFUSALS))
@pytest.mark.parametrize("language", SITE.languages)
def test_every_refusal_is_explained_in_the_readers_language(refusal: str, language: str) -> None:
    made: Any = REFUSALS[refusal]  # Any: one of them takes a path and a reason
    error: KgpubError = made("x.ttl", "detail") if made is errors.SourceError else made("detail")
    page = Page(html.problem(error, SITE, language))
    assert page.one("h1").text == html.problem_title(error, language)
    assert bool(re.search("[ა-ჰ]", page.one("h1").text)) is (language == "ka")
    assert "detail" in page.one("pre").text
    assert page.one("pre")["lang"] == "en"


def test_the_data_page_says_how_it_was_checked_and_how_to_cite() -> None:
    text = Page(pages("ka")["data"]).one("main").text
    for words in (
        "დარღვევა",
        "სახელი აკლია.",
        "data/iom.ttl:12",
        "CC BY 4.0",
        "ვერსია abc123",
        "2026 წლის 27 ნოემბერი",
        "1\N{NO-BREAK SPACE}025",
    ):
        assert words in text


def test_home_shows_featured_classes_counts_and_downloads() -> None:
    page = Page(pages("en")["home"])
    assert page.one("ul", class_="ranks").text.split() == ["organisation", "21", "entities"]
    assert [one.text for one in page.all("dd") if one.text[:1].isdigit()] == ["936", "17,452", "2", "1"]
    assert [href for href in page.hrefs if "-/dump." in href] == ["/-/dump.nq"]


# ---- words


@pytest.mark.parametrize("key", MESSAGES)
def test_a_message_exists_in_both_languages_with_the_same_places(key: str) -> None:
    words = MESSAGES[key]
    assert words.ka.strip() and words.en.strip()
    assert set(re.findall(r"\{(\w+)\}", words.ka)) == set(re.findall(r"\{(\w+)\}", words.en))
    assert not re.search("[\u1c90-\u1cbf]", words.ka), "Mtavruli"
    assert '"' not in words.ka + words.en
    assert key == "sparql" or re.search("[ა-ჰ]", words.ka) or key in {"data.cite.text", "date.day-month"}
    assert not re.search("[ა-ჰ]", words.en)


def test_no_message_is_unused_and_none_is_missing() -> None:
    rooms = ("*.py", "pictures/*.py", "ontology/*.py", "templates/*")
    texts = [p.read_text("utf-8") for room in rooms for p in HERE.glob(room)]
    everything = "\n".join(texts)
    kinds = {one.kind for one in refusals()} | {"unavailable"}
    made = {f"problem.{kind}{end}" for kind in kinds for end in ("", ".text")}
    made |= {f"severity.{name}" for name in ("violation", "warning", "info")}
    made |= {f"{key}.lead" for key in ("accessibility", "privacy")}
    made |= {f"llms.{key}.text" for key in ("sparql", "search", "void", "api", "sitemap", "ontology")}
    made |= {f"figures.{key}" for key in ("dataset", "classes", "properties", "graphs", "default")}
    made |= {key for key in ontology.MESSAGES if key.startswith(("told.", "ontology.rel."))}  # test_phrases.py does
    made |= {f"ontology{part}.{kind}" for kind in TERMS for part in ("", ".count")}
    made |= {f"ontology.{name}" for name in ("classes", "properties", "datatypes", "files.ontology", "files.shapes")}
    made |= set(reading.MESSAGES)  # test_reading.py sees to those
    made |= set(vocabulary.MESSAGES)  # test_unprepared.py sees to those
    made |= set(hints.MESSAGES)  # test_check.py sees to those
    made |= set(logs.MESSAGES)  # test_logs.py sees to those
    made |= {f"replicas.{way}.{done}" for way in ("push", "pull") for done in ("copied", "switched", "nothing")}
    made |= {"replicas.stays", "replicas.pulled", "validation.taken", "validation.large", "validation.lost"}
    made |= {f"results.{key}" for key in RESULTS_KEYS} | {f"editor.{key}" for key in EDITOR_KEYS}
    assert [
        key for key in MESSAGES if not re.search(f"[\"']{re.escape(key)}[\"']", everything) and key not in made
    ] == []
    assert [key for key in re.findall(r"say\(\"([^\"]+)\"", everything) if key not in MESSAGES] == []


def test_languages_call_themselves_and_each_other_by_name() -> None:
    assert (own_name("ka"), own_name("en"), own_name("en-gb")) == ("ქართული", "English", "British English")
    assert voice("ka").language_name("en") == "ინგლისური"
    assert voice("en").language_name("x-unknown") == "x-unknown"


# ---- looks


def test_style_keeps_georgian_letters_as_they_are_and_fetches_nothing() -> None:
    sheets = [text.decode() for name, text in html.static_files().items() if name.endswith(".css")]
    assert len(sheets) >= 4
    for css in sheets:
        assert not re.search(r"^[^/]*text-transform\s*:", css, re.MULTILINE)
        assert "font-variant: small-caps" not in css and "font-variant-caps" not in css
        assert not re.search(r"@import|url\((?!\"[a-z0-9-]+\.woff2\"\))|https?:", css)


def test_templates_have_no_style_or_script_of_their_own() -> None:
    for path in HERE.glob("templates/*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|\|\s*safe|\\|\\s*(?:upper|capitalize)|\|\s*title", text), (
            path.name
        )


@pytest.mark.parametrize("accent", ["#0b6e6e", "#ffcc00", "#ff0000", "#000000", "#ffffff", "#777777", "#0000ff"])
def test_any_accent_is_legible_in_both_themes(accent: str) -> None:
    css = html.site_css(SITE.model_copy(update={"accent": accent}))
    light, on_light, dark, on_dark = re.findall(r"#[0-9a-f]{6}", css)
    assert min(contrast(light, ground) for ground in ("#ffffff", "#f4f3ef")) >= 4.5
    assert min(contrast(dark, ground) for ground in ("#14181a", "#1d2326")) >= 4.5
    assert contrast(light, on_light) >= 4.5
    assert contrast(dark, on_dark) >= 4.5
    assert legible("#123456", "#ffffff") == "#123456"


def test_the_fixed_colours_are_legible_in_both_themes() -> None:
    css = html.static_files()["style.css"].decode()
    for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]:
        colours: dict[str, Any] = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for ground in ("paper", "wash"):
            for ink in ("ink", "soft", "accent", "good", "bad", "warn"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
            assert contrast(colours["edge"], colours[ground]) >= 3, ground


def test_ties_and_dates_come_before_texts_and_those_before_links_away() -> None:
    quads = parse(
        '<https://kg.example/id/a> <urn:p1> <https://away.example/> ; <urn:p2> "text" ;'
        ' <urn:p3> "2020"^^<http://www.w3.org/2001/XMLSchema#gYear> ; <urn:p4> <https://kg.example/id/b> .',
        format=RdfFormat.TURTLE,
    )
    statements = tuple(Statement(q.predicate, q.object) for q in quads)
    site = Settings(title="T", base="https://kg.example/", languages=("en",))
    text = html.entity(Description("https://kg.example/id/a", (), statements), site, "en")
    shown = re.findall(r"iri=urn%3Ap(\d)", text)
    assert list(dict.fromkeys(shown)) == ["3", "4", "2", "1"]

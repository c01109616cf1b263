"""The page of a thing: laid out by shapes, with what each statement rests on, bounded, and ready to be cited."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.making.building import build
from kgpub.model import (
    Description,
    Field,
    Finding,
    Incoming,
    Labels,
    Layout,
    Link,
    PropertyGroup,
    Report,
    Source,
    Statement,
    Term,
    Text,
)
from kgpub.represent import html
from kgpub.represent.authorities import identifier
from kgpub.represent.durations import DURATIONS
from kgpub.represent.figures import figure
from kgpub.represent.locale import XSD
from kgpub.represent.remarks import MOST_REMARKS
from kgpub.represent.reporting import filled_in
from kgpub.represent.values import Reader
from kgpub.settings import Settings, load
from kgpub.web import create_app
from kgpub.web.serving import Serving

BASE = "https://kg.example/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
SITE = Settings(
    title={"ka": "საგნები", "en": "Things"},
    base=BASE,
    languages=("ka", "en"),
    contact="mailto:data@kg.example",
    vocabulary={"plain": ["asserted", "actual"]},
)
LABELS: Mapping[str, Labels] = {
    BASE + "x": {"ka": "ნივთი", "en": "thing"},
    BASE + "inferred": {"ka": "გამოყვანილი", "en": "inferred"},
    BASE + "planned": {"ka": "დაგეგმილი", "en": "planned"},
    BASE + "asserted": {"ka": "ნათქვამი", "en": "asserted"},
    BASE + "actual": {"ka": "ნამდვილი", "en": "actual"},
    BASE + "p": {"ka": "თვისება", "en": "property"},
}


def source(status: str = "", modality: str = "", line: int = 3) -> Source:
    return Source(
        statement=BASE + "fact",
        document=BASE + "doc",
        line=line,
        quote=Text("სიტყვა სიტყვით", "ka"),
        status=BASE + status if status else "",
        modality=BASE + modality if modality else "",
    )


def described(*pairs: tuple[str, Term], sources: tuple[Source, ...] = (), layout: Layout | None = None) -> Description:
    said = tuple(Statement(NamedNode(BASE + p), term, (BASE + "g",), sources) for p, term in pairs)
    return Description(BASE + "x", (), said, labels=LABELS, layout=layout or Layout())


def page(
    description: Description, language: str = "en", findings: tuple[Finding, ...] = (), site: Settings = SITE
) -> str:
    return html.entity(description, site, language, findings)


def value(term: Term, language: str = "en") -> str:
    return str(Reader(SITE, language, LABELS).value(term))


# ---- layout


def laid_out() -> Layout:
    """Two groups, out of order; ``late`` stands after ``early`` within the second, ``in`` links come in."""
    fields = [
        Field(BASE + "late", group="two", order=9, name={"ka": "გვიან", "en": "Late"}),
        Field(BASE + "early", group="two", order=1, name={"en": "Early"}, description={"en": "How early."}),
        Field(BASE + "other", group="one"),
        Field(BASE + "from", is_inverse=True, group="two", order=5, name={"en": "Coming in"}),
    ]
    groups = [PropertyGroup("one", 2, {"en": "Second"}), PropertyGroup("two", 1, {"en": "First", "ka": "პირველი"})]
    return Layout({(f.predicate, f.is_inverse): f for f in fields}, {g.name: g for g in groups})


def headings(text: str) -> list[str]:
    return [re.sub("<[^>]*>", "", one) for one in re.findall(r"<h2>(.*?)</h2>", text)]


def captions(text: str) -> list[str]:
    return [re.sub("<[^>]*>", "", one).strip() for one in re.findall(r"<dt>(<a.*?)</dt>", text)]


def test_groups_are_sections_in_order_and_hold_what_comes_in() -> None:
    made = described(
        ("late", Literal("1")),
        ("early", Literal("2")),
        ("other", Literal("3")),
        ("free", Literal("4")),
        layout=laid_out(),
    )
    made = replace(
        made, incoming=(Incoming(BASE + "from", 1, (Link(BASE + "y"),)), Incoming(BASE + "q", 1, (Link(BASE + "y"),)))
    )
    text = page(made)
    assert headings(text) == ["First", "Second", "Other statements", "What links here", "Cite and share"]
    assert captions(text)[:4] == ["EarlyHow early.", "Coming in 1", "Late", "other"]


def test_without_shapes_there_is_one_section() -> None:
    assert headings(page(described(("p", Literal("1"))))) == ["Statements", "Cite and share"]


def test_a_caption_is_in_the_readers_language_and_leads_to_the_property() -> None:
    text = page(described(("late", Literal("1")), layout=laid_out()), "ka")
    assert '<a href="/late.ka.html" dir="auto">გვიან</a>' in text
    assert "პირველი" in headings(text)


def test_a_group_with_names_goes_with_the_names() -> None:
    layout = Layout(
        {(LABEL, False): Field(LABEL, group="n"), (BASE + "kind", False): Field(BASE + "kind", group="n")},
        {"n": PropertyGroup("n", 0, {"en": "Naming"})},
    )
    made = described(("kind", Literal("1")), ("p", Literal("2")), layout=layout)
    assert headings(page(made))[:2] == ["Other statements", "Names and description"] or headings(page(made))[:2] == [
        "Statements",
        "Names and description",
    ]


# ---- statements


@pytest.mark.parametrize(
    ("sources", "kinds", "words"),
    [
        ((source("asserted", "actual"),), "", []),
        ((source("inferred", "actual"),), "status", ["inferred"]),
        ((source("asserted", "planned"),), "modality", ["planned"]),
        ((source("inferred", "planned"),), "modality status", ["planned", "inferred"]),
        ((source("inferred", "actual"), source("asserted", "actual")), "", []),
        ((source("inferred", "actual"), source("asserted", "planned")), "status modality", ["inferred", "planned"]),
        ((source(),), "", []),
    ],
    ids=[
        "plain",
        "known otherwise",
        "meant otherwise",
        "both",
        "said plainly somewhere",
        "plain in no source as a whole",
        "nothing is known of it",
    ],
)
@pytest.mark.parametrize("language", SITE.languages)
def test_a_statement_says_in_words_how_it_differs(
    sources: tuple[Source, ...], kinds: str, words: list[str], language: str
) -> None:
    text = page(described(("p", Literal("v")), sources=sources), language)
    shown = re.findall(r'<span class="stance \w+"><span dir="auto">(.*?)</span>', text)
    assert shown == [LABELS[BASE + word][language] for word in words]
    assert re.findall(r'<li class="([a-z ]+)">\n<div class="value">', text) == ([kinds] if kinds else [])


def test_without_a_plain_case_every_status_is_named() -> None:
    site = SITE.model_copy(update={"vocabulary": SITE.vocabulary.model_copy(update={"plain": ()})})
    text = page(described(("p", Literal("v")), sources=(source("asserted"),)), site=site)
    assert 'class="stance status"><span dir="auto">asserted' in text


@pytest.mark.parametrize(
    ("sources", "words"),
    [((source("asserted", "actual"),), "line 3"), ((source(line=0), source(line=0)), "Source: 2"), ((), "")],
    ids=["a line", "several", "only a graph"],
)
def test_every_statement_has_a_marker_that_needs_no_script(sources: tuple[Source, ...], words: str) -> None:
    text = page(described(("p", Literal("v")), sources=sources))
    (summary,) = re.findall(r"<details class=\"source\">\n<summary title=\"[^\"]+\">(.*?)</summary>", text)
    shown = re.sub("<[^>]*>", "", re.sub('<span class="hidden">.*?</span>', "", summary))
    assert shown == words
    assert re.sub("<[^>]*>", "", summary).strip()
    assert "/-/report?" in text.partition('<div class="panel">')[2].partition("</details>")[0]


# ---- values


@pytest.mark.parametrize(
    ("lexical", "datatype", "ka", "en"),
    [
        ("P1Y6M", "duration", "1 წელი 6 თვე", "1 year 6 months"),
        ("PT90M", "dayTimeDuration", "90 წუთი", "90 minutes"),
        ("-P1D", "duration", "−1 დღე", "−1 day"),
        ("14:30:00", "time", "14:30", "14:30"),
        ("14:30:05Z", "time", "14:30:05 UTC", "14:30:05 UTC"),
    ],
)
def test_lengths_and_times_are_said_in_the_readers_language(lexical: str, datatype: str, ka: str, en: str) -> None:
    term = Literal(lexical, datatype=NamedNode(XSD + datatype))
    for language, said in (("ka", ka), ("en", en)):
        assert f">{said}</time>" in value(term, language)


@pytest.mark.parametrize(
    "lexical", ["P", "PT", "-P", "1Y", "P1.5Y", "P1Y2", "P" + "9" * 40 + "Y", "P1Y\nP", "25:00:00", "१४:30:00"]
)
@pytest.mark.parametrize("datatype", sorted({*DURATIONS, XSD + "time"}))
def test_what_is_no_length_is_shown_as_written(lexical: str, datatype: str) -> None:
    assert "<time" not in value(Literal(lexical, datatype=NamedNode(datatype)))


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("info@agency.example", "mailto:info@agency.example"),
        ("a+b@agency.example", "mailto:a%2Bb@agency.example"),
        ("+995 (32) 291-00-00", "tel:+995322910000"),
        ("https://agency.example/a?b=c#d", "https://agency.example/a?b=c#d"),
        ("HTTP://agency.example", "HTTP://agency.example"),
        ("javascript:alert(1)", None),
        ("https://a b", None),
        ('https://a"onclick=x', None),
        ("a@b", None),
        ("a@b.example?cc=x@y.example", None),
        ("12 345", None),
        ("+1-2", None),
        ("2013-2017", None),
        ("x" * 10_000 + "@a.example", None),
    ],
)
def test_a_string_that_is_an_address_is_a_link(text: str, href: str | None) -> None:
    assert re.findall('href="([^"]*)"', value(Literal(text))) == ([href] if href else [])


@pytest.mark.parametrize(
    ("iri", "text"),
    [
        ("http://www.wikidata.org/entity/Q42", "Wikidata: Q42"),
        ("https://orcid.org/0000-0002-1825-0097", "ORCID: 0000-0002-1825-0097"),
        ("https://doi.org/10.1000/xyz123", "DOI: 10.1000/xyz123"),
        ("https://sws.geonames.org/611717/", "GeoNames: 611717"),
        ("https://ka.wikipedia.org/wiki/%E1%83%97_x", "Wikipedia: თ x"),
        ("https://pics.example/a/photo%201.JPG", "Image: photo 1.JPG"),
        ("https://wikidata.org.evil.example/entity/Q42", "https://wikidata.org.evil.example/entity/Q42"),
        ("https://www.wikidata.org/entity/<Q42>", None),
    ],
)
def test_an_external_identifier_is_called_as_its_authority_calls_it(iri: str, text: str | None) -> None:
    if text is None:
        assert identifier(iri) is None
        return
    made = value(NamedNode(iri))
    assert re.sub("<[^>]*>", "", made) == text
    assert f'href="{iri}"' in made
    assert 'rel="external noopener"' in made


HTML = NamedNode(RDF + "HTML")


@pytest.mark.parametrize(
    ("lexical", "shown"),
    [
        ("<p>one <b>two</b></p>", '<div dir="auto" class="html"><p>one <b>two</b></p></div>'),
        ("<script>alert(1)</script>x", '<div dir="auto" class="html">x</div>'),
        ("<p onclick=a style=b id=main class=c>x", '<div dir="auto" class="html"><p>x</p></div>'),
        ('<img src="https://tracker.example/x.gif">x', '<div dir="auto" class="html">x</div>'),
        (
            '<a href="javascript:x">y</a>',
            '<div dir="auto" class="html"><a rel="external noopener nofollow">y</a></div>',
        ),
        ('<a href="/-/x">y</a>', '<div dir="auto" class="html"><a rel="external noopener nofollow">y</a></div>'),
        ("</div></details><h1>x</h1><!-- y --><form><input>", '<div dir="auto" class="html">x</div>'),
    ],
)
def test_html_is_made_harmless(lexical: str, shown: str) -> None:
    assert value(Literal(lexical, datatype=HTML)) == shown


@pytest.mark.parametrize(
    "term",
    [Literal("სიტყვა " * 300, language="ka"), Literal("<b>" + "word " * 300, datatype=HTML)],
    ids=["text", "HTML"],
)
def test_a_long_text_is_folded_and_whole(term: Literal) -> None:
    made = value(term, "ka")
    assert made.startswith('<details class="long')
    assert "სრულად წაკითხვა" in made
    assert made.count("სიტყვა ") + made.count("word ") >= 300


SDO = "https://schema.org/"


def number(lexical: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(XSD + "integer"))


@pytest.mark.parametrize(
    ("said", "ka", "en"),
    [
        ((("value", number("8000")),), "8\N{NO-BREAK SPACE}000", "8,000"),
        ((("minValue", number("80")),), "მინიმუმ 80", "at least 80"),
        ((("minValue", number("80")), ("exclusive", Literal("true"))), "80-ზე მეტი", "more than 80"),
        ((("maxValue", number("7")),), "მაქსიმუმ 7", "at most 7"),
        ((("maxValue", number("7")), ("exclusive", Literal("1"))), "7-ზე ნაკლები", "fewer than 7"),
        ((("minValue", number("2")), ("maxValue", number("5"))), "2–5", "2–5"),
        ((("value", number("9")), ("unitText", Literal("წევრი", language="ka"))), "9 წევრი", "9 წევრი"),
        ((("value", number("9")), ("value", number("10"))), None, None),
        ((("value", Literal("9 or so")),), None, None),
        ((("value", number("x")),), None, None),
        ((("unitText", Literal("members")),), None, None),
        ((("value", number("9")), ("unitText", Literal("<b>" * 40))), "9", "9"),
    ],
)
def test_a_figure_has_its_bounds_and_its_unit(
    said: tuple[tuple[str, Literal], ...], ka: str | None, en: str | None
) -> None:
    words = SITE.vocabulary.model_copy(update={"exclusive": (SDO + "exclusive",)})
    site = SITE.model_copy(update={"vocabulary": words})
    statements = tuple(Statement(NamedNode(SDO + name), term) for name, term in said)
    for language, expected in (("ka", ka), ("en", en)):
        made = figure(Reader(site, language, LABELS), statements)
        assert (None if made is None else re.sub("<[^>]*>", "", made)) == expected


def test_whatever_names_a_quantity_says_its_number() -> None:
    quantity = (Statement(NamedNode(SDO + "value"), number("9")),)
    linked = replace(described(("p", NamedNode(BASE + "x"))), figures={BASE + "x": quantity})
    nested = replace(described(("p", BlankNode("b"))), nested={"b": quantity})
    itself = replace(described(), statements=quantity)
    for made in (linked, nested, itself):
        assert page(made).count('<strong class="figure"><span>9</span></strong>') == 1


# ---- validation


def finding(number: int, path: str = "") -> Finding:
    return Finding("warning", BASE + "x", "s", "c", {"ka": f"აკლია {number}", "en": f"lacks {number} <b>"}, path=path)


@pytest.mark.parametrize(("language", "words"), [("ka", "აკლია 1"), ("en", "lacks 1 &lt;b&gt;")])
def test_what_validation_found_is_on_the_page(language: str, words: str) -> None:
    text = page(
        described(("p", Literal("1"))),
        language,
        (finding(1, f"<{BASE}p>"), finding(2, "^<x>/!"), finding(3, "<bad iri>")),
    )
    found = text.partition('id="remarks"')[2].partition("</section>")[0]
    assert words in found
    assert found.count("<li>") == 3
    assert re.findall(r'class="about"><a href="([^"]*)"', found) == [f"/p.{language}.html"]


def test_many_findings_are_bounded_and_counted() -> None:
    text = page(described(("p", Literal("1"))), "en", tuple(finding(n) for n in range(MOST_REMARKS + 30)))
    assert text.count('class="severity warning"') == MOST_REMARKS
    assert "30 more are in the report." in text
    assert 'id="remarks"' not in page(described(("p", Literal("1"))))


def test_findings_are_found_by_what_they_are_about() -> None:
    report = Report(True, (finding(1), replace(finding(2), focus="other"), finding(3)))
    assert [one.messages["en"][6] for one in report.about(BASE + "x")] == ["1", "3"]
    assert report.about("nothing") == ()


# ---- size


LONG = "გრძელი ტექსტი " * 400
WIDE = tuple((f"p{n % 60}", Literal(f"{n} {LONG}", language="ka")) for n in range(1200))
MANY = tuple((f"q{n}", NamedNode(f"{BASE}thing/{n}")) for n in range(3000))


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(described(*WIDE, sources=tuple(source("inferred", line=n) for n in range(1, 20))), id="long texts, many sources"),
        pytest.param(described(*(("p", NamedNode(f"{BASE}thing/{n}")) for n in range(50_000))), id="one property, many values"),
        pytest.param(described(*MANY), id="many properties"),
        pytest.param(
            replace(
                described(("p", Literal("1"))),
                incoming=tuple(
                    Incoming(f"{BASE}p{n}", 10, tuple(Link(f"{BASE}y{m}", (source("inferred"),)) for m in range(10)))
                    for n in range(500)
                ),
            ),
            id="links by many properties",
        ),
        pytest.param(replace(described(("p", Literal("1"))), types=tuple(f"{BASE}C{n}" for n in range(5000))), id="many types"),
        pytest.param(
            replace(
                described(("p", Literal("1"))),
                parts=tuple(f"{BASE}x#{n}" for n in range(300)),
                nested={f"{BASE}x#{n}": described(("p", Literal(LONG))).statements * 3 for n in range(300)},
            ),
            id="a large vocabulary",
        ),
        pytest.param(
            replace(
                described(*((f"p{n}", BlankNode("a")) for n in range(40))),
                nested={"a": described(*(("p", BlankNode("b")) for _ in range(40)), *(("p", BlankNode("c")) for _ in range(40))).statements,
                        "b": described(*(("p", BlankNode("c")) for _ in range(40))).statements,
                        "c": described(*(("q", BlankNode("a")) for _ in range(40))).statements},
            ),
            id="blank nodes in a tangle",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", SITE.languages)
def test_no_page_grows_past_its_bound(made: Description, language: str) -> None:
    assert len(page(made, language).encode()) < 150_000


def test_properties_that_do_not_fit_are_counted() -> None:
    text = page(described(*MANY))
    shown = len(re.findall(r'<div class="group">', text))
    assert f"{len(MANY) - shown:,} more properties are in the data files." in text
    assert "more properties" not in page(described(*MANY[:40]))


def test_what_is_left_out_is_counted_and_can_be_paged() -> None:
    text = page(described(*(("p", NamedNode(f"{BASE}thing/{n}")) for n in range(5000))))
    (href,) = re.findall(r'<p class="more"><a href="([^"]*)">Show all 5,000</a>', text)
    assert href.startswith("/-/values.") or urlsplit(href).path == "/-/values"
    assert parse_qs(urlsplit(href.replace("&amp;", "&")).query)["property"] == [BASE + "p"]


# ---- citing, handing on, reporting


def test_a_thing_is_cited_and_handed_on() -> None:
    text = page(described(("p", Literal("1"))))
    assert "thing. Things. https://kg.example/x" in text
    assert re.findall(r"/-/cite\.(\w+)\?iri=https%3A%2F%2Fkg.example%2Fx&amp;lang=en", text) == ["bib", "json", "ris"]
    assert '<img src="/-/qr.svg?iri=https%3A%2F%2Fkg.example%2Fx"' in text
    for name, content in (
        ("og:title", "thing – Things"),
        ("og:url", "https://kg.example/x.en.html"),
        ("og:type", "article"),
    ):
        assert f'<meta property="{name}" content="{content}">' in text


def test_the_page_of_a_thing_does_not_name_the_release() -> None:
    assert page(described(("p", Literal("1")))) == page(described(("p", Literal("1"))))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("", "mailto:data@kg.example?subject="),
        (
            "https://forms.example/new?a={iri}&s={snapshot}#f",
            "https://forms.example/new?a=https%3A%2F%2Fkg.example%2Fx%3Fa%26b&s=v1#f",
        ),
        (
            "https://forms.example/new",
            "https://forms.example/new?iri=https%3A%2F%2Fkg.example%2Fx%3Fa%26b&statement=s&snapshot=v1&language=en",
        ),
        ("https://forms.example/new?k=1#f", "https://forms.example/new?k=1&iri="),
        ("mailto:a@b.example?subject={statement}", "mailto:a@b.example?subject=s"),
    ],
)
def test_a_report_has_its_values_filled_in(target: str, expected: str) -> None:
    reader = Reader(SITE.model_copy(update={"report": target}), "en", LABELS)
    assert filled_in(reader, BASE + "x?a&b", "s", "v1").startswith(expected)


def test_a_letter_says_in_its_body_what_it_is_about() -> None:
    made = filled_in(Reader(SITE, "ka", LABELS), BASE + "x", BASE + "f\r\nBcc: x", "v1")
    fields = parse_qs(urlsplit(made).query)
    assert fields.keys() == {"subject", "body"}
    assert "ნივთი" in fields["subject"][0]
    assert BASE + "x" in fields["body"][0]
    assert "გამოცემა: v1" in fields["body"][0]


@pytest.mark.parametrize(
    "target",
    [
        "http://a.example/",
        "javascript:x",
        "https://{iri}/",
        "mailto:{iri}",
        "ftp://a",
        "https:",
        "https://a.example/ b",
    ],
)
def test_a_target_that_cannot_be_followed_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="report"):
        Settings(title="t", base=BASE, languages=("en",), report=target)


def test_without_a_target_no_page_asks_for_reports() -> None:
    assert "/-/report" not in page(described(("p", Literal("1"))), site=SITE.model_copy(update={"contact": ""}))


# ---- over HTTP

DATA = (
    """
@prefix : <https://kg.example/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Car rdfs:subClassOf :Vehicle . :Vehicle rdfs:subClassOf :Car .
:wheel a :Car ; skos:prefLabel "ბორბალი"@ka , "wheel & <axle>"@en ; dcterms:isPartOf :car ; :made "2013" ; :price 1 , 01 .
:car skos:prefLabel "car"@en ; dcterms:isPartOf :fleet .
:fleet skos:prefLabel "fleet"@en ; dcterms:isPartOf :car .
:many skos:prefLabel "many"@en ; :has """
    + " , ".join(f'"{n:04}"' for n in range(260))
    + ' , "აქ"@ka .\n'
)
SHAPES = """
@prefix : <https://kg.example/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:S sh:targetClass :Vehicle ; sh:property [ sh:path :made ; sh:name "year made"@en , "წელი"@ka ; sh:group :g ] .
:g rdfs:label "Making"@en , "წარმოება"@ka ; sh:order 1 .
"""
TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\ncontact = "https://kg.example.org/write"\n'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = write_site(tmp_path_factory.mktemp("site"), {"data/a.ttl": DATA, "shapes/s.ttl": SHAPES}, TOML)
    site = load(folder)
    found = Finding("warning", BASE + "wheel", "s", "c", {"en": "Round enough?"})
    build(site, lambda _files, _site: Report(True, (found,)), lambda _step, _done: None)
    with TestClient(create_app(Serving(site)), follow_redirects=False) as opened:
        yield opened


def ask(path: str, iri: str, **parameters: str) -> tuple[str, dict[str, str]]:
    return path, {"iri": BASE + iri, **parameters}


def test_the_shapes_of_a_superclass_lay_the_page_out(client: TestClient) -> None:
    text = client.get("/wheel.en.html").text
    assert headings(text)[0] == "Making"
    assert "year made" in text
    assert "წარმოება" in headings(client.get("/wheel.ka.html").text)
    assert "Round enough?" in text


def test_the_way_up_ends_where_it_turns_in_a_circle(client: TestClient) -> None:
    crumbs = client.get("/wheel.en.html").text.partition('class="crumbs"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)"', crumbs)[2:] == ["/fleet.en.html", "/car.en.html"]
    assert (
        "/fleet.en.html" not in client.get("/fleet.en.html").text.partition('class="crumbs"')[2].partition("</nav>")[0]
    )


def test_every_value_of_a_property_is_on_one_of_its_pages(client: TestClient) -> None:
    found: list[str] = []
    for number in range(1, 7):
        path, asked = ask("/-/values", "many", property=BASE + "has", lang="en", page=str(number))
        answer = client.get(path, params=asked)
        assert answer.status_code == 200
        assert "261 in all" in answer.text
        found += re.findall(r'<div class="value"><span[^>]*>([^<]*)</span>', answer.text)
    assert sorted(found) == sorted([*(f"{n:04}" for n in range(260)), "აქ"])
    assert found[-1] == "აქ"


@pytest.mark.parametrize(
    ("path", "parameters", "status"),
    [
        (*ask("/-/values", "many", property=BASE + "has", page="7"), 404),
        (*ask("/-/values", "many", property=BASE + "no"), 404),
        (*ask("/-/values", "many"), 400),
        (*ask("/-/values", "none", property=BASE + "has"), 404),
        (*ask("/-/qr.svg", "none"), 404),
        ("/-/qr.svg", {}, 400),
        ("/-/qr.svg", {"iri": "not one"}, 400),
        (*ask("/-/cite.ris", "none"), 404),
        ("/-/cite.ris", {"iri": "<x>"}, 400),
        (*ask("/-/report", "wheel", statement="no iri"), 400),
        ("/-/report", {}, 400),
        (*ask("/-/report", "wheel", lang="xx"), 400),
    ],
)
def test_what_is_not_there_is_refused(client: TestClient, path: str, parameters: dict[str, str], status: int) -> None:
    assert client.get(path, params=parameters).status_code == status


def test_the_permanent_link_is_a_picture(client: TestClient) -> None:
    path, asked = ask("/-/qr.svg", "wheel")
    answer = client.get(path, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "<svg" in answer.text
    assert "script" not in answer.text


def test_a_thing_is_cited_in_every_format(client: TestClient) -> None:
    made = {
        name: client.get(*ask(f"/-/cite.{name}", "wheel", lang="en")[:1], params=ask("", "wheel", lang="en")[1])
        for name in ("bib", "json", "ris")
    }
    version = client.get("/-/status").json()["version"]
    for answer in made.values():
        assert answer.status_code == 200
        assert version in answer.text
        assert BASE + "wheel" in answer.text
    assert made["json"].json()[0]["title"] == "wheel & <axle>. Things"
    assert r"wheel \& <axle>. Things" in made["bib"].text
    lines = made["ris"].text.split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - DATA", ["ER  - ", ""])
    assert made["ris"].headers["content-type"].startswith("application/x-research-info-systems")


def test_a_report_shows_what_it_says_and_leads_away(client: TestClient) -> None:
    path, asked = ask("/-/report", "wheel", statement=BASE + "made", lang="en")
    answer = client.get(path, params=asked)
    (target,) = re.findall(r'class="call" href="([^"]*)"', answer.text)
    fields = parse_qs(urlsplit(target.replace("&amp;", "&")).query)
    assert target.startswith("https://kg.example.org/write?")
    assert (fields["iri"], fields["statement"]) == ([BASE + "wheel"], [BASE + "made"])
    assert fields["snapshot"] == [client.get("/-/status").json()["version"]]
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "wheel &amp; &lt;axle&gt;" in answer.text
    assert unquote(target) != target


def test_pages_that_share_a_memory_are_the_same_as_without_one() -> None:
    large = described(
        *((f"p{n}", Literal(f"{n} " + "x" * 900)) for n in range(120)), sources=(source("asserted", line=4),)
    )
    small = described(("p0", NamedNode(BASE + "doc")), ("p1", NamedNode("https://elsewhere.example/y")))
    memory = html.Memory()
    for language in ("ka", "en", "ka"):
        for one in (small, large, small):
            assert html.entity(one, SITE, language, memory=memory) == html.entity(one, SITE, language)
    assert memory.fitted.get((large.iri, "ka"))
    assert len(memory.made) > 0


def kept(one: Source) -> Source:
    """A source as the look-up file gives it: what tells it apart beside it."""
    return replace(one, key=repr(one))


HOSTILE = Text('</details><script>alert("&")</script>\x00 ' + "გრძელი " * 90, "ka")
TELLINGS = {
    "plain": (kept(source("asserted", "actual")),),
    "planned": (kept(source("inferred", "planned", line=9)),),
    "without a document": (kept(replace(source("asserted"), document="", line=None, notes=(Text("note", "en"),))),),
    "hostile": (kept(replace(source("asserted"), quote=HOSTILE, notes=(HOSTILE, Text("b", "en")))),),
    "many": tuple(kept(source("inferred", "planned", line=n)) for n in range(1, 20)),
    "a graph alone": (Source(graph=BASE + "g", document=BASE + "doc", key="g doc"),),
    "outside evidence": (replace(source("asserted"), derived_from=("https://elsewhere.example/e",)),),
}


def tellings() -> Iterator[Description]:
    """The same sources on pages that know more and less of them, and that are too large to show them whole."""
    for number, several in enumerate(TELLINGS.values()):
        plain = described(("p", Literal("x")), ("q", NamedNode(BASE + "doc")), sources=several)
        yield plain
        yield replace(plain, labels={}, iri=BASE + "y")
        yield replace(plain, graphs={BASE + "g": {"en": "What it is <of>.", "ka": "რა არის"}})
        yield replace(plain, deprecated=frozenset({BASE + "asserted", BASE + "doc"}))
        if number in {1, 3}:
            large = described(*((f"p{n}", Literal(f"{n} " + "x" * 4000)) for n in range(40)), sources=several)
            yield replace(large, iri=f"{BASE}large{number}")


@pytest.mark.parametrize("site", [SITE, SITE.model_copy(update={"contact": ""})], ids=["reports", "no reports"])
def test_what_was_shown_of_sources_is_the_same_on_every_page_that_shows_it(site: Settings) -> None:
    memory = html.Memory()
    for language in ("ka", "en"):
        for one in (*tellings(), *tellings()):
            assert html.entity(one, site, language, memory=memory) == html.entity(one, site, language)
    assert len(memory.shown) > len(TELLINGS)
    assert memory.fitted.get((f"{BASE}large3", "ka")), "a page that is too large shows the same sources cut"

"""IRIs become addresses and come back; what is no IRI is refused."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgpub.errors import BadIri
from kgpub.formats import ENTITY, HTML, JSON_LD, TURTLE, Format
from kgpub.iris import ABOUT, Address, Iris, check_iri, default_mount, is_prefix, short_name, spoken_name

ROOT = Iris("https://kg.example/", "/", ("ka", "en"))
BELOW = Iris("https://kg.example/graph/", "/graph/", ("ka", "en"))
MOVED = Iris("https://kg.example/graph/", "/", ("ka", "en"))
NESTED = Iris("https://კგ.example/", "/a/b/", ("en",))
SITES = [
    pytest.param(ROOT, id="base and mount at the root"),
    pytest.param(BELOW, id="base with a path"),
    pytest.param(MOVED, id="base with a path, served at the root"),
    pytest.param(NESTED, id="base with a Georgian host, served below a path"),
]
UNSAFE = re.compile(r"[\"<>\s\\^`{|}\x00-\x20\x7f-\uffff]")


# check_iri

GOOD = [
    pytest.param("https://kg.example/id/x", id="a web address"),
    pytest.param("urn:x:y", id="a URN"),
    pytest.param("mailto:a@example.org", id="a mail address"),
    pytest.param("tel:+995322000000", id="a telephone number"),
    pytest.param("https://kg.example/id/უწყება", id="Georgian letters"),
    pytest.param("https://kg.example/id/%E1%83%A3?q=a&b='c'#d", id="escapes, query and fragment"),
    pytest.param("a:", id="a scheme and nothing else"),
]


@pytest.mark.parametrize("iri", GOOD)
def test_an_iri_is_taken_as_it_is(iri: str) -> None:
    assert check_iri(iri) == iri


BAD = [
    pytest.param("", "scheme", id="nothing at all"),
    pytest.param("x", "scheme", id="a name without a scheme"),
    pytest.param("/id/x", "scheme", id="a path"),
    pytest.param("//kg.example/x", "scheme", id="an address without a scheme"),
    pytest.param("1a:x", "scheme", id="a scheme that begins with a digit"),
    pytest.param("ა:x", "scheme", id="a scheme in Georgian"),
    pytest.param("https://kg.example/a b", "' '", id="a space"),
    pytest.param("https://kg.example/a\n", r"'\n'", id="a line feed"),
    pytest.param("https://kg.example/a\r\nSet-Cookie:x", r"'\r'", id="a header smuggled in"),
    pytest.param("https://kg.example/\x00", r"'\x00'", id="a null"),
    pytest.param("https://kg.example/\x7f", r"'\x7f'", id="a delete"),
    pytest.param("https://kg.example/\x85", r"'\x85'", id="a C1 control"),
    pytest.param("https://kg.example/\ud800", r"'\ud800'", id="half a surrogate pair"),
    pytest.param("https://kg.example/<script>", "'<'", id="a less-than sign"),
    pytest.param("https://kg.example/>", "'>'", id="a greater-than sign"),
    pytest.param('https://kg.example/"', "'\"'", id="a quotation mark"),
    pytest.param("https://kg.example/{x}", "'{'", id="a brace"),
    pytest.param("https://kg.example/a|b", "'|'", id="a bar"),
    pytest.param("https://kg.example/a\\b", r"'\\'", id="a backslash"),
    pytest.param("https://kg.example/^", "'^'", id="a caret"),
    pytest.param("https://kg.example/`", "'`'", id="a backtick"),
    pytest.param("https://kg.example/%zz", "%zz", id="an escape that is no hexadecimal"),
    pytest.param("https://kg.example/%", "%", id="a percent sign alone"),
    pytest.param("https://kg.example/[x]", "[", id="brackets in a path"),
    pytest.param("https://kg.example/a#b#c", "#", id="two fragments"),
    pytest.param("https://[::1/", "host", id="an address in brackets that never close"),
    pytest.param("https://kg.example:port/", "p", id="a port that is no number"),
    pytest.param("https://kg.example/\ufffe", "\ufffe", id="a code point that is no character"),
]


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_a_text_that_is_no_iri_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadIri) as refusal:
        check_iri(text)
    assert reason in refusal.value.detail
    assert "\n" not in refusal.value.detail
    refusal.value.detail.encode()


@given(st.text(max_size=30).map(lambda text: "https://kg.example/" + text))
def test_a_checked_iri_breaks_out_of_no_turtle_attribute_or_header(text: str) -> None:
    try:
        check_iri(text)
    except BadIri:
        return
    assert not re.search(r"[\"<>\\^`{|}\x00-\x20\x7f-\x9f]", text)


# path and address

PATHS = [
    pytest.param("id/x", None, None, "/id/x", id="an entity's own address"),
    pytest.param("id/x", TURTLE, None, "/id/x.ttl", id="a document in a format"),
    pytest.param("id/x", HTML, "ka", "/id/x.ka.html", id="a page in a language"),
    pytest.param("", None, None, "/", id="the base itself"),
    pytest.param("", HTML, "ka", "/index.ka.html", id="the page of the base itself"),
    pytest.param("id/", TURTLE, None, "/id/index.ttl", id="the document of what ends with a slash"),
    pytest.param("id/უწყება", None, None, "/id/%E1%83%A3%E1%83%AC%E1%83%A7%E1%83%94%E1%83%91%E1%83%90",
                 id="Georgian letters are escaped"),
    pytest.param("id/a%2Fb", None, None, "/id/a%2Fb", id="an escape of the IRI stays one"),
    pytest.param("id/a&b='c'", None, None, "/id/a&b='c'", id="what a path may hold is not escaped"),
    pytest.param("o#Class", None, None, "/o#Class", id="a hash is an anchor"),
    pytest.param("o#Class", TURTLE, None, "/-/about.ttl?iri=https%3A%2F%2Fkg.example%2Fo%23Class",
                 id="a hash IRI has documents to itself"),
    pytest.param("o#", TURTLE, None, "/o.ttl#", id="a namespace is its document"),
    pytest.param("o#კლასი", None, None, "/o#%E1%83%99%E1%83%9A%E1%83%90%E1%83%A1%E1%83%98",
                 id="an anchor in Georgian is escaped"),
    pytest.param("o#Class", HTML, "en", "/-/about.en.html?iri=https%3A%2F%2Fkg.example%2Fo%23Class",
                 id="a hash IRI has a page to itself"),
    pytest.param("id/x.ttl", TURTLE, None, "/id/x.ttl.ttl", id="a name with an extension gets another"),
    pytest.param("id/x.ka", HTML, "en", "/id/x.ka.en.html", id="a name that ends like a language, in a language"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "format", "language", "expected"), PATHS)
def test_the_address_of_an_iri_of_ours(name: str, format: Format | None, language: str | None, expected: str) -> None:
    assert ROOT.path(ROOT.base + name, format, language) == expected


ELSEWHERE = [
    pytest.param("https://other.example/x", id="another host"),
    pytest.param("https://kg.example.evil.example/x", id="a host that begins like ours"),
    pytest.param("https://kg.example", id="the base without its slash"),
    pytest.param("http://kg.example/id/x", id="another scheme"),
    pytest.param("urn:x:y", id="a URN"),
    pytest.param("https://kg.example/id/x?y=z", id="a query string"),
    pytest.param("https://kg.example/id/x?", id="an empty query string"),
    pytest.param("https://kg.example/id/x#a?b", id="a question mark in the fragment"),
    pytest.param("https://kg.example//evil.example/x", id="a second slash at the start"),
    pytest.param("https://kg.example/id//x", id="an empty segment"),
    pytest.param("https://kg.example/id/../x", id="a step up"),
    pytest.param("https://kg.example/./x", id="a step on the spot"),
    pytest.param("https://kg.example/id/..", id="a step up at the end"),
    pytest.param("https://kg.example/id/%2e%2E/x", id="a step up that browsers see through"),
    pytest.param("https://kg.example/id/.%2e", id="a half-escaped step up"),
    pytest.param("https://kg.example/-/about", id="an address of the application"),
    pytest.param("https://kg.example/%2D/about", id="an escaped address of the application"),
    pytest.param("https://kg.example/-%2Fabout", id="an address of the application with an escaped slash"),
    pytest.param("https://kg.example/id/ა%E1%83%90", id="letters beside escapes of letters, which no path tells apart"),
]


@pytest.mark.parametrize("iri", ELSEWHERE)
@pytest.mark.parametrize("suffix", ["", ".ttl", ".ka.html"])
def test_what_has_no_path_of_its_own_is_described_at_about(iri: str, suffix: str) -> None:
    format = {"": None, ".ttl": TURTLE, ".ka.html": HTML}[suffix]
    parts = urlsplit(ROOT.path(iri, format, "ka" if format is HTML else None))
    assert parts.path == f"/{ABOUT}{suffix}"
    assert parse_qs(parts.query, strict_parsing=True) == {"iri": [iri]}
    assert not ROOT.is_local(iri)


LOCAL = [
    pytest.param("id/-/x", id="the application's mark further inside"),
    pytest.param("-x/y", id="a name that begins with a dash"),
    pytest.param("-", id="a dash alone"),
    pytest.param("id/a..b", id="dots inside a name"),
    pytest.param("id/...", id="three dots"),
    pytest.param("id/.hidden", id="a dot before a name"),
    pytest.param("o#a//b/../c", id="anything at all behind a hash"),
    pytest.param("id/%E1%83%90", id="escapes of letters alone"),
    pytest.param("id/ა%2Fბ", id="letters beside another escape"),
]


@pytest.mark.parametrize("name", LOCAL)
def test_what_has_a_path_of_its_own(name: str) -> None:
    assert ROOT.is_local(ROOT.base + name)


TAKEN = [
    pytest.param("id/x.ka", HTML, id="the page of x.ka is not the Georgian page of x"),
    pytest.param("id/index", TURTLE, id="the document of index is not that of the slash"),
    pytest.param("index", HTML, id="the page of index is not that of the base"),
]


@pytest.mark.parametrize(("name", "format"), TAKEN)
def test_a_document_whose_address_means_another_stands_at_about(name: str, format: Format) -> None:
    assert ROOT.path(ROOT.base + name, format).startswith(f"/{ABOUT}.{format.extension}?iri=")
    assert ROOT.path(ROOT.base + name) == f"/{name}"


READINGS = [
    pytest.param("/id/x", ["id/x"], None, None, id="nothing to strip"),
    pytest.param("/id/x.ttl", ["id/x"], TURTLE, None, id="an extension is stripped"),
    pytest.param("/id/x.ka.html", ["id/x"], HTML, "ka", id="a language and an extension are stripped"),
    pytest.param("/id/x.fr.html", ["id/x.fr"], HTML, None, id="a language that the site has not belongs to the name"),
    pytest.param("/id/x.ka.ttl", ["id/x.ka"], TURTLE, None, id="triples have no language"),
    pytest.param("/id/x.ka", ["id/x.ka"], None, None, id="a language without a format belongs to the name"),
    pytest.param("/id/x.ttl.jsonld", ["id/x.ttl"], JSON_LD, None, id="only the last extension is stripped"),
    pytest.param("/id/x.pdf", ["id/x.pdf"], None, None, id="an extension that is none of ours belongs to the name"),
    pytest.param("/id.ttl/x", ["id.ttl/x"], None, None, id="an extension inside the path belongs to the name"),
    pytest.param("/id/index", ["id/index", "id/"], None, None, id="index as a name, then as the slash"),
    pytest.param("/id/index.ttl", ["id/", "id/index"], TURTLE, None, id="the document of the slash first"),
    pytest.param("/index.en.html", ["", "index"], HTML, "en", id="the page of the base"),
    pytest.param("/id/reindex.ttl", ["id/reindex"], TURTLE, None, id="a name that only ends like index"),
    pytest.param(
        "/id/%E1%83%90", ["id/%E1%83%90", "id/ა"], None, None, id="escaped letters as they stand, then decoded"
    ),
    pytest.param("/id/%41", ["id/%41", "id/A"], None, None, id="a needless escape as it stands, then decoded"),
    pytest.param("/id/%20", ["id/%20"], None, None, id="what would decode to a space stays"),
    pytest.param("/id/%0D%0AX:y", ["id/%0D%0AX:y"], None, None, id="what would decode to a new header stays"),
    pytest.param("/id/%FF", ["id/%FF"], None, None, id="what is no UTF-8 stays"),
    pytest.param("/id/%25zz", ["id/%25zz"], None, None, id="what would decode to a broken escape stays"),
    pytest.param("/id/[x]", [], None, None, id="what can be no IRI means nothing"),
    pytest.param("", [], None, None, id="a path outside the mount means nothing"),
    pytest.param("*", [], None, None, id="the star of OPTIONS means nothing"),
]


@pytest.mark.parametrize(("path", "names", "format", "language"), READINGS)
def test_what_a_path_may_mean(path: str, names: list[str], format: Format | None, language: str | None) -> None:
    assert ROOT.address(path) == Address(tuple(ROOT.base + name for name in names), format, language)


BROKEN = ["/id/%", "/id/%z", "/id/%zz.ttl", "/%2", "/id/%E1%8"]


@pytest.mark.parametrize("path", BROKEN)
def test_a_path_with_a_broken_escape_is_refused(path: str) -> None:
    with pytest.raises(BadIri, match="percent"):
        ROOT.address(path)
    assert ROOT.literal(path) == ()


def test_a_path_outside_the_mount_is_not_read_as_one_inside() -> None:
    assert BELOW.literal("/id/x") == ()
    assert BELOW.address("/id/x") == Address(())
    assert BELOW.literal("/graph/id/x") == ("https://kg.example/graph/id/x",)


_segment = st.one_of(
    st.sampled_from(
        ["id", "x", "x.ttl", "x.ka", "x.ka.html", "x.html", "index", "index.ttl", "", ".", "..", "%2e%2e", "-", "a%2Fb",
         "უწყება", "%E1%83%90", "ა%E1%83%90", "ა%FF", "a&b='c'", "(x)", "~", "x,y;z", "@", "$!*+", "%41", "%20", "%3Cb%3E",
         "é", "e\u0301", "\U0001f600", "a:b", "index.ka", ".ttl", "ka", "ka.html", "%", "a?b", "sparql", "%2D", "%25"]
    ),
    st.text(max_size=6),
)  # fmt: skip
_names = st.tuples(st.lists(_segment, max_size=4).map("/".join), st.sampled_from(["", "#", "#a", "#ა%2F", "#?"])).map(
    "".join
)


@given(name=_names, form=st.sampled_from([None, *ENTITY]), language=st.sampled_from([None, "ka", "en"]))
@example(name="id/x.ka", form=HTML, language=None)
@example(name="id/index", form=TURTLE, language=None)
@pytest.mark.parametrize("site", SITES)
def test_every_iri_comes_back_from_its_address(
    site: Iris, name: str, form: Format | None, language: str | None
) -> None:
    language = language if form is HTML and language in site.languages else None
    iri = site.base + name
    try:
        check_iri(iri)
    except BadIri:
        return
    path = site.path(iri, form, language)
    assert not UNSAFE.search(path)
    assert path.startswith(site.mount)
    assert not path.startswith("//")
    parts = urlsplit(path)
    if parts.path.startswith(f"{site.mount}-/"):
        assert parse_qs(parts.query) == {"iri": [iri]}
        assert site.strip(parts.path.removeprefix(site.mount)) == (ABOUT, form, language)
        return
    found = site.address(parts.path)
    if form is None:
        assert iri.partition("#")[0] in site.literal(parts.path)
    else:
        assert (found.format, found.language) == (form, language)
        assert iri.partition("#")[0] in found.candidates


@given(st.text(max_size=30), st.sampled_from([None, *ENTITY]))
def test_no_text_whatever_makes_an_address_that_breaks_out(text: str, form: Format | None) -> None:
    for iri in (text, ROOT.base + text):
        try:
            iri.encode()
        except UnicodeEncodeError:
            continue
        assert not UNSAFE.search(ROOT.path(iri, form))


@given(first=_names, second=_names, form=st.sampled_from([None, *ENTITY]))
def test_two_iris_share_an_address_only_as_percent_encoded_twins(first: str, second: str, form: Format | None) -> None:
    pair = (ROOT.base + first, ROOT.base + second)
    try:
        one, other = (ROOT.path(check_iri(iri), form) for iri in pair)
    except BadIri:
        return
    assert one != other or unquote(pair[0]) == unquote(pair[1])


def test_pages_of_the_application_take_the_language_as_a_parameter() -> None:
    assert BELOW.page("search") == "/graph/search"
    assert BELOW.page("search", "ka") == "/graph/search?lang=ka"


CANONICAL = [
    pytest.param(ROOT, "/id/x.ka.html", "https://kg.example/id/x.ka.html", id="at the root"),
    pytest.param(BELOW, "/graph/id/x", "https://kg.example/graph/id/x", id="below a path"),
    pytest.param(MOVED, "/id/x", "https://kg.example/graph/id/x", id="served elsewhere than it is named"),
]


@pytest.mark.parametrize(("site", "path", "expected"), CANONICAL)
def test_a_canonical_url_begins_with_the_base(site: Iris, path: str, expected: str) -> None:
    assert site.canonical(path) == expected


# curie and expand

PREFIXED = replace(
    ROOT,
    prefixes={"id": "https://kg.example/id/", "kg": "https://kg.example/", "o": "https://kg.example/o#", "": "urn:e:",
              "urn": "https://urn.example/", "https": "https://kg.example/web/"},
)  # fmt: skip

CURIES = [
    pytest.param("https://kg.example/id/x", "id:x", id="the longest namespace wins"),
    pytest.param("https://kg.example/x", "kg:x", id="a shorter namespace where the longer does not fit"),
    pytest.param("https://kg.example/o#Class", "o:Class", id="a hash namespace"),
    pytest.param("https://kg.example/id/უწყება-1", "id:უწყება-1", id="a Georgian name"),
    pytest.param("https://kg.example/id/2013", "id:2013", id="a name that begins with a digit"),
    pytest.param("https://kg.example/id/a.b", "id:a.b", id="a dot inside"),
    pytest.param("https://kg.example/id/a.", None, id="a dot at the end would end the sentence"),
    pytest.param("https://kg.example/id/a/b", None, id="a slash needs an escape"),
    pytest.param("https://kg.example/id/", None, id="a namespace is not abbreviated to an empty name"),
    pytest.param("https://kg.example/id/_", None, id="an underscore alone"),
    pytest.param("https://kg.example/id/-x", None, id="a name that begins with a dash"),
    pytest.param("urn:e:x", ":x", id="the empty prefix"),
    pytest.param("https://other.example/x", None, id="no prefix fits"),
]


@pytest.mark.parametrize(("iri", "expected"), CURIES)
def test_curie(iri: str, expected: str | None) -> None:
    assert PREFIXED.curie(iri) == expected


@given(st.sampled_from(sorted(PREFIXED.prefixes.values())), st.text(max_size=12))
def test_expand_gives_back_what_curie_shortened(namespace: str, name: str) -> None:
    short = PREFIXED.curie(namespace + name)
    if short is not None:
        try:
            assert PREFIXED.expand(short) == namespace + name
        except BadIri:
            with pytest.raises(BadIri):
                check_iri(namespace + name)


EXPANDED = [
    pytest.param("id:x", "https://kg.example/id/x", id="a prefixed name"),
    pytest.param("  id:x ", "https://kg.example/id/x", id="spaces around it"),
    pytest.param(":x", "urn:e:x", id="the empty prefix"),
    pytest.param("https://other.example/x", "https://other.example/x", id="an address is no prefixed name"),
    pytest.param("urn:x", "https://urn.example/x", id="a prefix wins over a scheme"),
    pytest.param("<urn:x>", "urn:x", id="in brackets it is an IRI, never a prefixed name"),
    pytest.param("<https://e.example/x>", "https://e.example/x", id="an IRI in brackets"),
    pytest.param("<id/x>", "https://kg.example/id/x", id="a relative IRI in brackets"),
    pytest.param("id/x", "https://kg.example/id/x", id="relative to the base"),
    pytest.param("/id/x", "https://kg.example/id/x", id="as a path"),
    pytest.param("mailto:a@b.example", "mailto:a@b.example", id="another scheme"),
]


@pytest.mark.parametrize(("text", "expected"), EXPANDED)
def test_expand(text: str, expected: str) -> None:
    assert PREFIXED.expand(text) == expected


@pytest.mark.parametrize("text", ["id:a b", "a b", "id:<x>", "<id:x", "x>", "id:%zz", "https://[x/"])
def test_expand_refuses_what_is_no_iri(text: str) -> None:
    with pytest.raises(BadIri):
        PREFIXED.expand(text)


# names

NAMES = [
    pytest.param("https://kg.example/id/x", "x", id="the last part of the path"),
    pytest.param("https://kg.example/id/x/", "x", id="the last part before a final slash"),
    pytest.param("https://kg.example/o#Class", "Class", id="the fragment"),
    pytest.param("https://kg.example/o#", "o", id="an empty fragment names nothing"),
    pytest.param("https://kg.example/id/%E1%83%90", "ა", id="escapes are read"),
    pytest.param("https://kg.example/", "kg.example", id="the host where there is no path"),
    pytest.param("urn:x:y", "x:y", id="what stands behind the scheme"),
    pytest.param("urn:", "urn:", id="the IRI where nothing else is left"),
    pytest.param("https://a℀b.example/", "https://a℀b.example/", id="a host that no URL may have"),
]


SPOKEN = [
    pytest.param("hasPart", "has part", id="humps"),
    pytest.param("ConceptScheme", "Concept scheme", id="the first capital stays"),
    pytest.param("hasParentID", "has parent ID", id="an abbreviation stays as it is"),
    pytest.param("HTMLPage", "HTML page", id="an abbreviation before a word"),
    pytest.param("Zone_Air_Temperature", "Zone Air Temperature", id="underlines"),
    pytest.param("open-pit-mine", "open pit mine", id="hyphens between words"),
    pytest.param("თბილისის_აეროპორტი", "თბილისის აეროპორტი", id="other scripts"),
    pytest.param("plain", "plain", id="nothing to split"),
    pytest.param("p06c6g3qx9s", "p06c6g3qx9s", id="a code"),
    pytest.param("3f2a-77bc-90de-11aa", "3f2a-77bc-90de-11aa", id="a number in hexadecimal"),
    pytest.param("map_of_x.geojson", "map_of_x.geojson", id="a file"),
    pytest.param("kg.example", "kg.example", id="a host"),
    pytest.param("_", "_", id="nothing but a seam"),
    pytest.param("aB" * 100, "aB" * 100, id="too long to be a name"),
]


@pytest.mark.parametrize(("name", "expected"), SPOKEN)
def test_the_words_in_a_name(name: str, expected: str) -> None:
    assert spoken_name(name) == expected


@pytest.mark.parametrize(("iri", "expected"), NAMES)
def test_short_name(iri: str, expected: str) -> None:
    assert short_name(iri) == expected


MOUNTS = [
    pytest.param("https://kg.example/", "/", id="a base without a path"),
    pytest.param("https://kg.example/a/b/", "/a/b/", id="a base with a path"),
    pytest.param("https://kg.example", "/", id="a base without a slash"),
]


@pytest.mark.parametrize(("base", "expected"), MOUNTS)
def test_default_mount(base: str, expected: str) -> None:
    assert default_mount(base) == expected


PREFIX_NAMES = [
    pytest.param("kg", True, id="letters"),
    pytest.param("k1.2-_x", True, id="digits, dots and dashes inside"),
    pytest.param("კგ", True, id="Georgian letters"),
    pytest.param("", False, id="nothing"),
    pytest.param("1x", False, id="a digit first"),
    pytest.param("_", False, id="an underscore, which begins blank nodes"),
    pytest.param("a.", False, id="a dot last"),
    pytest.param("a b", False, id="a space"),
    pytest.param("a:b", False, id="a colon"),
    pytest.param("@id", False, id="a keyword of JSON-LD"),
    pytest.param("xml", False, id="a prefix that XML keeps to itself"),
    pytest.param("XmlNs", False, id="a prefix that XML keeps to itself, in any case"),
    pytest.param("a\n", False, id="a line feed at the end"),
]


@pytest.mark.parametrize(("name", "expected"), PREFIX_NAMES)
def test_is_prefix(name: str, expected: bool) -> None:
    assert is_prefix(name) is expected


def test_two_sites_are_told_apart_by_what_they_serve() -> None:
    assert hash(ROOT) == hash(replace(ROOT, prefixes={"a": "b:"}))
    assert len({ROOT, BELOW, MOVED}) == 3

"""Search finds what Georgians and everybody else mean, and takes any text at all."""

import shutil
import unicodedata
from pathlib import Path

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.errors import SnapshotBroken
from kgpub.model import Hit, Text
from kgpub.searching import folding
from kgpub.searching.documents import Entry
from kgpub.searching.matching import PASSAGE, Matcher, ask
from kgpub.searching.search import QUERY_LENGTH, Index
from kgpub.searching.writing import write

ID = "https://kg.example/id/"
ORGANISATION = "https://kg.example/o#Organisation"
POLICY = "https://kg.example/o#Policy"
PROJECT = "https://kg.example/o#Project"
PERSON = "https://kg.example/o#Person"
KA, EN = ("ka", "en"), ("en", "ka")


def entry(
    name: str,
    type: str,
    ka: str = "",
    en: str = "",
    *,
    other: dict[str, str] | None = None,
    about: str = "",
    links: int = 1,
) -> Entry:
    """An entity with a label in each language, other names by name, and an English description."""
    labels = tuple(Text(value, language) for value, language in ((ka, "ka"), (en, "en")) if value)
    alternatives = tuple(Text(value, language) for value, language in (other or {}).items())
    return Entry(ID + name, labels, alternatives, (Text(about, "en"),) if about else (), (type,), links)


ENTRIES = (
    entry("namr", ORGANISATION, "მინერალური რესურსების ეროვნული სააგენტო", "National Agency of Mineral Resources",
          other={"NAMR": "en"}, links=9),
    entry("psda", ORGANISATION, "სახელმწიფო სერვისების განვითარების სააგენტო", "Public Service Development Agency",
          other={"PSDA": "en", "SDA": "en"}, links=4),
    entry("mfa", ORGANISATION, "საქართველოს საგარეო საქმეთა სამინისტრო", "Ministry of Foreign Affairs of Georgia",
          links=7),
    entry("moj", ORGANISATION, "საქართველოს იუსტიციის სამინისტრო", "Ministry of Justice of Georgia", links=3),
    entry("mfa-norway", ORGANISATION, "ნორვეგიის საგარეო საქმეთა სამინისტრო", "Ministry of Foreign Affairs of Norway",
          other={"Norwegian Ministry of Foreign Affairs": "en"}, links=2),
    entry("mia", ORGANISATION, "შინაგან საქმეთა სამინისტრო", "Ministry of Internal Affairs of Georgia",
          other={"MIA": "en"}, links=8),
    entry("mia-academy", ORGANISATION, "შინაგან საქმეთა სამინისტროს აკადემია",
          "Academy of the Ministry of Internal Affairs of Georgia"),
    entry("scmi", ORGANISATION, "მიგრაციის საკითხთა სამთავრობო კომისია", "State Commission on Migration Issues",
          other={"SCMI": "en"}, links=11),
    entry("secretariat", ORGANISATION, "მიგრაციის საკითხთა სამთავრობო კომისიის სამდივნო",
          "Secretariat of the State Commission on Migration Issues", links=5),
    entry("border-police", ORGANISATION, "სასაზღვრო პოლიცია", "Border Police of Georgia", links=2),
    entry("iom", ORGANISATION, "მიგრაციის საერთაშორისო ორგანიზაცია", "International Organization for Migration",
          other={"IOM": "en"}, links=12),
    entry("iom-georgia", ORGANISATION, "მიგრაციის საერთაშორისო ორგანიზაცია (IOM), საქართველოს მისია",
          "International Organization for Migration (IOM), Mission to Georgia", other={"IOM Georgia": "en"}, links=6),
    entry("eu", ORGANISATION, "ევროკავშირი", "European Union", other={"EU": "en"}, links=5),
    entry("un", ORGANISATION, "გაერო", "United Nations", other={"გაერთიანებული ერების ორგანიზაცია": "ka", "UN": "en"}),
    entry("undp", ORGANISATION, "", "United Nations Development Programme",
          other={"UNDP": "en", "გაეროს განვითარების პროგრამა": "ka"}),
    entry("migration-centre", ORGANISATION, "მიგრაციის ცენტრი", "Migration Centre"),
    entry("tok-tv", ORGANISATION, "Tok-TV", "TOK TV", other={"ტოკ ტვ": "ka"}),
    entry("rights-georgia", ORGANISATION, "უფლებები საქართველო", "Rights Georgia", other={"უფლები საქართველო": "ka"}),
    entry("caritas", ORGANISATION, "საქართველოს კარიტასი", "Caritas Georgia"),
    entry("konstantinidi", PERSON, "ვლადიმერ კონსტანტინიდი", "Vladimer Konstantinidi"),
    entry("pelegrini", PERSON, "მარკო პელეგრინი", "Marco Pelegrini"),
    entry("strategy", POLICY, "მიგრაციის სტრატეგია", "Migration Strategy of Georgia", links=4),
    entry("action-plan", POLICY, "მიგრაციის სტრატეგიის სამოქმედო გეგმა", "Action Plan of the Migration Strategy"),
    entry("border-strategy", POLICY, "2014-2020 წლების ინტეგრირებული საზღვრის მართვის სტრატეგია",
          "Integrated Border Management Strategy 2014–2020"),
    entry("water", POLICY, "წყლის კოდექსი", "Water Code"),
    entry("subsoil", POLICY, "წიაღის კოდექსი", "Subsoil Code", other={"Mineral Code": "en"},
          about="A draft law on mining licences, prepared with the help of donors."),
    entry("emerge", PROJECT, "EMERGE", "Enhancing Migrants' Rights and Good Governance in Armenia and Georgia (EMERGE)",
          about="Eighteen months, paid for by the migration ministry of Norway.", links=3),
    entry("arabic", PROJECT, "", "الهجرة café Straße Ελλάς"),
    entry("nameless", PROJECT, about="Known only by its zirconium."),
)  # fmt: skip

FIRST = [
    # Georgian, and its endings
    ("საქართველოს იუსტიციის სამინისტრო", "moj"),
    ("იუსტიცია", "moj"),
    ("იუსტიციამ", "moj"),
    ("ევროკავშირში", "eu"),
    ("ევროკავშირისთვის", "eu"),
    ("გაეროს", "un"),
    ("საგარეო საქმეების სამინისტრო", "mfa"),
    ("მიგრაცია სტრატეგია", "strategy"),
    ("მიგრაციის სტრატეგიისა", "strategy"),
    ("მიგრაციის სტრატეგია", "strategy"),
    ("კომისია", "scmi"),
    ("კომისიის", "scmi"),
    ("წყალი", "water"),
    ("წყლის", "water"),
    ("საზღვარი", "border-strategy"),
    ("კონსტანტინიდს", "konstantinidi"),
    # Georgian capitals of every age
    ("ᲔᲕᲠᲝᲙᲐᲕᲨᲘᲠᲘ", "eu"),
    ("ႤႥႰႭႩႠႥႸႨႰႨ", "eu"),
    ("ⴄⴅⴐⴍⴉⴀⴅⴘⴈⴐⴈ", "eu"),
    # Latin letters for Georgian
    ("saagento", "namr"),
    ("saagent'o", "namr"),
    ("evrokavshiri", "eu"),
    ("evroqavSiri", "eu"),
    ("migratsiis strategia", "strategy"),
    ("migraciis strategia", "strategy"),
    ("saxelmwifo", "psda"),
    ("sakhelmtsipo", "psda"),
    ("sakhelmts'ipo", "psda"),
    ("tsiaghi", "subsoil"),
    ("wiaRi", "subsoil"),
    ("wiagis kodeqsi", "subsoil"),
    ("wyali", "water"),
    ("Wyali", "water"),
    ("ts'q'ali", "water"),
    ("tskali", "water"),
    ("sasazgvro policia", "border-police"),
    ("uflebebi", "rights-georgia"),
    ("uplebebi", "rights-georgia"),
    # Georgian letters for Latin, and both at once
    ("ტოკ ტვ", "tok-tv"),
    ("tok tv", "tok-tv"),
    ("ემერგე", "emerge"),
    ("მიგraცია strategia", "strategy"),
    ("migration სტრატეგია", "strategy"),
    ("IOM საქართველო", "iom-georgia"),
    # a case set off by a hyphen, one word written as two and two as one, Russian letters
    ("IOM-ის", "iom"),
    ("IOM-მა", "iom"),
    ("iom-is", "iom"),
    ("EMERGE-ში", "emerge"),
    ("ევრო კავშირი", "eu"),
    ("ევრო კავშირში", "eu"),
    ("მიგრაციისცენტრი", "migration-centre"),
    ("სასაზღვროპოლიციაში", "border-police"),
    ("მიგრაციისცენტრ", "migration-centre"),
    ("toktv", "tok-tv"),
    ("миграциа strategia", "strategy"),
    ("Каритас", "caritas"),
    # one word of several is no name here
    ("კარიტას ჯორჯია", "caritas"),
    ("xyzzyxyz konstantinidi", "konstantinidi"),
    # English
    ("ministry of justice", "moj"),
    ("MINISTRY OF JUSTICE", "moj"),
    ("european union", "eu"),
    ("migrants rights", "emerge"),
    ("migrants’ right", "emerge"),
    ("agency mineral", "namr"),
    ("minis just", "moj"),
    ("water code", "water"),
    ("CAFE", "arabic"),
    ("strasse", "arabic"),
    ("ελλας", "arabic"),
    ("الهجرة", "arabic"),
    # other names
    ("IOM", "iom"),
    ("iom", "iom"),
    ("namr", "namr"),
    ("SDA", "psda"),
    ("undp", "undp"),
    ("mineral code", "subsoil"),
    ("უფლები საქართველო", "rights-georgia"),
    # what is said of it
    ("mining licences", "subsoil"),
    ("zirconium", "nameless"),
    # a wrong, missing or extra letter
    ("სააგენო", "namr"),
    ("მიგრაცბა სტრატეგია", "strategy"),
    ("ევროკვშირი", "eu"),
    ("ევროკავშრი", "eu"),
    ("კონსტანტინდი", "konstantinidi"),
    ("კონსტანტინიდი ვლადიმირ", "konstantinidi"),
    ("Pellegrini", "pelegrini"),
    ("Vladimir Konstantinidi", "konstantinidi"),
    ("karitasi", "caritas"),
    ("minsitry of justice", "moj"),
    ("konstatinidi", "konstantinidi"),
    ("evrokavsiri", "eu"),
    ("internatoinal organisation for migration", "iom"),
    ("ministry for justice georgia", "moj"),
]

AMONG_THREE = [
    ("მიგრაცია", "scmi"),
    ("სამინისტრო", "mia"),
    ("samin", "mia"),
    ("migration", "iom"),
    ("migracia", "iom"),
    ("миграция", "iom"),
    ("georgia", "mfa"),
    ("foreign affairs norway", "mfa-norway"),
    ("მიგრაციის ორგანიზაცია", "iom"),
    ("mia", "mia"),
]

HOSTILE = [
    "label:x", "iri:*", "*", "?", "*:*", "[a TO z]", "{* TO *}", "type:[* TO *]", "a AND", "OR", "NOT", "AND OR NOT",
    "+a -b", "(((((", ")", '"', '"a', "'", "a~9999", "a^999999999", "a^-1", "/.*/", "/(/", "\\", "\\\\*", "a\\",
    "IN [a b]", "label: IN [", "<script>alert(1)</script>", "'; DROP TABLE x; --", "\x00", "a\x00b", "\ud800",
    "a\udfffb", "\u202emigration", "\ufeff", "🇬🇪", "e\u0301\u0301\u0301" * 50, "\u0301", "ﷺ" * 300, "a" * 100_000,
    "ა" * 100_000, "a " * 50_000, " ".join("abcdefghijklmnopqrstuvwxyz"), "ǆ ŉ ß İ ı ſ", "ჼ ჽ ჾ ჿ", "_", "____", "%00",
    "../../etc/passwd", "{{7*7}}", "${jndi:ldap://x}", "\n\r\t", "1e309", "-0", "NaN",
    "მ" + "\u0308" * 5, "x\u2028y", "一二三", "각",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index") / "search"
    assert write(folder, iter(ENTRIES)) == len(ENTRIES)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    return Index(folder)


def found(index: Index, query: str, languages: tuple[str, ...] = KA) -> list[str]:
    return [hit.iri.removeprefix(ID) for hit in index.find(query, languages=languages, limit=100)[1]]


def hit(index: Index, query: str, name: str, languages: tuple[str, ...] = KA) -> Hit:
    hits = index.find(query, languages=languages, limit=100)[1]
    return next(hit for hit in hits if hit.iri == ID + name)


@pytest.mark.parametrize(("query", "name"), FIRST)
def test_is_found_first(index: Index, query: str, name: str) -> None:
    assert found(index, query)[:1] == [name]


@pytest.mark.parametrize(("query", "name"), AMONG_THREE)
def test_is_among_the_first_three(index: Index, query: str, name: str) -> None:
    assert name in found(index, query)[:3]


@pytest.mark.parametrize(("one", "other"), [
    ("მიგრაცია", "მიგრაციის"), ("მიგრაციები", "მიგრაციისთვის"), ("მიგრაცია", "ᲛᲘᲒᲠᲐᲪᲘᲐ"),
    ("სამინისტრო", "სამინისტროებში"), ("saqartvelo", "sakartvelo"), ("saqartvelos", "საქართველოს"),
    ("sagareo", "საგარეო"), ("წყალი", "წყლისთვის"),
    ("migration", "MIGRATION"), ("shinagan", "Sinagan"),
])  # fmt: skip
def test_two_ways_to_say_it_find_the_same(index: Index, one: str, other: str) -> None:
    assert sorted(found(index, one)) == sorted(found(index, other)) != []


@pytest.mark.parametrize("query", ["", " ", "\n\t", "—", "„“", "!?.,;", "🇬🇪", "'"])
def test_a_query_without_words_finds_nothing(index: Index, query: str) -> None:
    assert index.find(query, languages=KA) == (0, ())
    assert index.suggest(query, KA) == ()


@pytest.mark.parametrize("query", ["qwrtpsdfg", "კჰჟღჯზძ", "xy"])
def test_what_nothing_is_like_is_not_found(index: Index, query: str) -> None:
    assert index.find(query, languages=KA) == (0, ())


@pytest.mark.parametrize("query", HOSTILE, ids=ascii)
def test_hostile_text_is_only_text(index: Index, query: str) -> None:
    total, hits = index.find(query, languages=KA)
    assert len(hits) == min(total, 20)
    assert len(index.suggest(query, EN)) <= 8


@given(st.text(max_size=300), st.sampled_from([None, POLICY, "", "\x00"]), st.integers(-5, 50), st.integers(-5, 50))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_query(index: Index, query: str, type: str | None, limit: int, offset: int) -> None:
    total, hits = index.find(query, languages=KA, type=type, limit=limit, offset=offset)
    assert len(hits) == max(0, min(limit, total - max(offset, 0)))
    index.suggest(query, EN)


@given(st.text(alphabet="აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰabcdeghikstwxyzSTCWR' -", min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_georgian_is_a_query(index: Index, query: str) -> None:
    total, hits = index.find(query, languages=EN)
    assert len(hits) == min(total, 20)


def test_what_stands_after_the_cut_does_not_count(index: Index) -> None:
    assert found(index, "ევროკავშირი".ljust(QUERY_LENGTH) + "zzz") == found(index, "ევროკავშირი") != []


@pytest.mark.parametrize(("query", "expected"), [
    ("კოდექსი", {POLICY: 2}),
    ("migration", {ORGANISATION: 5, POLICY: 2, PROJECT: 1}),
    ("Pellegrini", {PERSON: 1}),
    ("zirconium", {PROJECT: 1}),
    ("qwrtpsdfg", {}),
    ("", {}),
])  # fmt: skip
def test_classes_are_counted_over_all_answers(index: Index, query: str, expected: dict[str, int]) -> None:
    counted = index.look(query, languages=KA).classes(12)
    assert counted == index.look(query, languages=KA, limit=1).classes(12), "told by documents, and counted"
    assert index.look(query, languages=KA, type=PERSON).classes(1) == counted[:1]
    assert {one.iri: one.count for one in counted} == expected
    assert [one.count for one in counted] == sorted(expected.values(), reverse=True)
    for one in counted:
        assert index.find(query, languages=KA, type=one.iri)[0] == one.count


@given(st.sampled_from([*"მსგშmsgae", "მიგ", "საქ", "min", "state", "სახელმწიფო ს"]), st.integers(1, 8))
def test_what_is_suggested_soon_is_what_all_ways_together_find(index: Index, query: str, limit: int) -> None:
    """Where enough begins as the query does, nothing else is asked; all of it asked, the same comes first."""
    with pytest.MonkeyPatch.context() as patched:
        soon = index.suggest(query, KA, limit)
        patched.setattr(Index, "_best", lambda *_: None)
        assert index.suggest(query, KA, limit) == soon


def test_nothing_more_is_asked_where_enough_begins_so(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "_answer", None)
    assert [hit.reason for hit in index.suggest("მიგ", KA, 3)] == ["label"] * 3


def test_a_name_nearly_typed_comes_before_a_description_that_says_it(tmp_path: Path) -> None:
    write(
        tmp_path, [entry("town", PROJECT, en="Tbilisi"), entry("post", PROJECT, en="Post", about="A post in Tbilissi.")]
    )
    hits = Index(tmp_path).find("tbilissi", languages=EN)[1]
    assert [(one.iri.removeprefix(ID), one.reason) for one in hits] == [("town", "similar"), ("post", "description")]


LONG = " ".join(f"word{n}" for n in range(110))


@pytest.mark.parametrize(("text", "query", "passage", "marked"), [
    ("Migration Strategy", "strategy migr", "Migration Strategy", ["Migration", "Strategy"]),
    ("მიგრაციის „სტრატეგია“", "strategia", "მიგრაციის „სტრატეგია“", ["სტრატეგია"]),
    ("IOM-ის მისია", "iom", "IOM-ის მისია", ["IOM"]),
    ("Migrants' rights", "migrants", "Migrants' rights", ["Migrants"]),
    ("cafe\u0301 x", "café", "cafe\u0301 x", ["cafe\u0301"]),
    ("ab\u200bcde 🇬🇪 fghij", "fghij", "ab\u200bcde 🇬🇪 fghij", ["fghij"]),
    ("ab\u200bcde fg", "abcde", "ab\u200bcde fg", ["ab\u200bcde"]),
    (LONG, "word90", None, ["word90"]),
    (LONG, "word0", None, ["word0"]),
    (LONG, "word109", None, ["word109"]),
    ("x" * 900, "xxx", None, []),
], ids=ascii)  # fmt: skip
def test_the_words_that_match_are_marked_in_a_passage(
    tmp_path: Path, text: str, query: str, passage: str | None, marked: list[str]
) -> None:
    write(tmp_path, [entry("one", PROJECT, about=text)])
    _, (one,) = Index(tmp_path).find(query, languages=EN)
    shown = one.matched.value
    assert shown == passage or (passage is None and len(shown) <= PASSAGE + 2 and shown.strip("…") in text)
    assert [shown[start:end] for start, end in one.marks] == marked


@given(st.text(max_size=600), st.text(max_size=40))
@settings(max_examples=200)
def test_marks_are_words_of_the_passage_in_their_order(text: str, query: str) -> None:
    found = Matcher(ask(query + " a"), EN).match([[Text(text)], [], []])
    places = [place for mark in found.marks for place in mark]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(found.passage.value) for start, end in found.marks)
    assert len(found.passage.value) <= PASSAGE + 2


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-1, 0), (5, 10**12), (10**12, 0), (5, -3), (10**12, 10**12)])
def test_any_page_can_be_asked_for(index: Index, limit: int, offset: int) -> None:
    total, hits = index.find("migration", languages=EN, limit=limit, offset=offset)
    assert total == len(found(index, "migration"))
    assert len(hits) == max(0, min(limit, total - max(offset, 0)))


def test_pages_add_up_to_the_total(index: Index) -> None:
    total, everything = index.find("georgia", languages=EN, limit=100)
    pages = [index.find("georgia", languages=EN, limit=3, offset=offset) for offset in range(0, total + 3, 3)]
    assert {of for of, _ in pages} == {total}
    assert tuple(hit for _, page in pages for hit in page) == everything
    assert len({hit.iri for hit in everything}) == len(everything) == total > 6


@pytest.mark.parametrize("query", ["georgia", "მიგრაცია", "iom", "migrashon", "m"])
def test_the_score_falls(index: Index, query: str) -> None:
    scores = [hit.score for hit in index.find(query, languages=KA, limit=100)[1]]
    assert scores == sorted(scores, reverse=True) != []


@pytest.mark.parametrize(("query", "type", "names"), [
    ("მიგრაცია", POLICY, ["strategy", "action-plan"]),
    ("მიგრაცია", PERSON, []),
    ("კოდექსი", POLICY, ["subsoil", "water"]),
    ("კოდექსი", "no such type", []),
    ("ministri", PROJECT, ["emerge"]),
])  # fmt: skip
def test_a_type_narrows_the_search(index: Index, query: str, type: str, names: list[str]) -> None:
    total, hits = index.find(query, languages=KA, type=type)
    assert sorted(hit.iri.removeprefix(ID) for hit in hits) == sorted(names)
    assert total == len(names)
    assert all(type in hit.types for hit in hits)


@pytest.mark.parametrize(("query", "name", "languages", "reason", "matched"), [
    ("ევროკავშირში", "eu", EN, "label", Text("ევროკავშირი", "ka")),
    ("European", "eu", KA, "label", Text("European Union", "en")),
    ("IOM", "iom-georgia", KA, "label", Text("მიგრაციის საერთაშორისო ორგანიზაცია (IOM), საქართველოს მისია", "ka")),
    ("(IOM) mission", "iom-georgia", KA, "label",
     Text("International Organization for Migration (IOM), Mission to Georgia", "en")),
    ("tok", "tok-tv", KA, "label", Text("Tok-TV", "ka")),
    ("tok", "tok-tv", EN, "label", Text("TOK TV", "en")),
    ("tok", "tok-tv", ("en-GB", "ka"), "label", Text("TOK TV", "en")),
    ("IOM", "iom", KA, "alternative", Text("IOM", "en")),
    ("gaeros programa", "undp", EN, "alternative", Text("გაეროს განვითარების პროგრამა", "ka")),
    ("licence", "subsoil", KA, "description",
     Text("A draft law on mining licences, prepared with the help of donors.", "en")),
    ("ევროკვშირი", "eu", EN, "similar", Text("ევროკავშირი", "ka")),
    ("Pellegrini", "pelegrini", EN, "similar", Text("Marco Pelegrini", "en")),
    ("Pellegrini", "pelegrini", KA, "similar", Text("მარკო პელეგრინი", "ka")),
])  # fmt: skip
def test_a_hit_says_what_matched(
    index: Index, query: str, name: str, languages: tuple[str, ...], reason: str, matched: Text
) -> None:
    answer = hit(index, query, name, languages)
    assert (answer.reason, answer.matched) == (reason, matched)


def test_kinds_of_matches_rank_in_order(tmp_path: Path) -> None:
    """However many links the lesser ones have."""
    kinds = [
        ("exact label", "Migration", "", ""),
        ("exact alternative", "People moving", "Migration", ""),
        ("label prefix", "Migration Centre", "", ""),
        ("same in another case", "მიგრატიონის", "", ""),
        ("label word", "Centre of migration", "", ""),
        ("label word begins", "Centre of migrationism", "", ""),
        ("alternative", "People on the move", "Modern migration", ""),
        ("description", "People", "", "About migration"),
        ("fuzzy", "Migrution", "", ""),
    ]
    write(tmp_path, (entry(n, PROJECT, en=label, other={other: "en"} if other else {}, about=about, links=10 ** place)
                     for place, (n, label, other, about) in enumerate(kinds)))  # fmt: skip
    index = Index(tmp_path)
    assert found(index, "migration") == [name for name, *_ in kinds][:-1]
    assert found(index, "migrution") == ["fuzzy"]


def test_among_equals_the_best_linked_comes_first(tmp_path: Path) -> None:
    write(tmp_path, (entry(f"{n}", PROJECT, en=f"Project {n}", links=n) for n in (3, 1000, 0, 50)))
    assert found(Index(tmp_path), "project") == ["1000", "50", "3", "0"]


@pytest.mark.parametrize(("query", "name"), [
    ("მიგ", "scmi"), ("mig", "iom"), ("iom", "iom"), ("ევრო", "eu"), ("evrokavS", "eu"),
    ("konstantn", "konstantinidi"), ("wyl", "water"), ("vladimir k", "konstantinidi"), ("ministry of j", "moj"),
])  # fmt: skip
def test_a_beginning_suggests_the_name(index: Index, query: str, name: str) -> None:
    assert ID + name in [hit.iri for hit in index.suggest(query, KA)][:3]


def test_suggestions_are_names_only_and_few(index: Index) -> None:
    assert index.suggest("zirconium", KA) == ()
    assert len(index.suggest("m", KA, limit=4)) == 4
    assert {hit.reason for hit in index.suggest("m", KA)} <= {"label", "alternative"}


def test_characters_that_are_not_resolved_need_not_be() -> None:
    simple = [character for character in map(chr, range(0x10FFFF + 1)) if folding._SIMPLE.fullmatch(character)]
    assert len(simple) > 200
    for character in simple:
        assert unicodedata.normalize("NFKD", character) == character, hex(ord(character))
        assert unicodedata.category(character) not in folding._DROPPED, hex(ord(character))


def test_two_builds_answer_alike(folder: Path, index: Index, tmp_path: Path) -> None:
    write(tmp_path, ENTRIES)
    again = Index(tmp_path)
    for query, _ in FIRST + AMONG_THREE:
        assert again.find(query, languages=KA) == index.find(query, languages=KA)


def test_a_folder_written_again_holds_only_the_new(tmp_path: Path) -> None:
    write(tmp_path, ENTRIES)
    assert write(tmp_path, ENTRIES[:1]) == 1
    assert found(Index(tmp_path), "georgia") == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    assert write(tmp_path, ()) == 0
    assert Index(tmp_path).find("migration", languages=KA) == (0, ())


@pytest.mark.parametrize("lock", ["gone", "not ours"])
def test_an_index_that_cannot_be_locked_is_read_all_the_same(
    folder: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    if lock == "gone":
        (copy / ".tantivy-meta.lock").unlink()
    else:  # root may write everything, so the system's answer is given for it
        monkeypatch.setattr("os.access", lambda path, mode: False)
    before = sorted(copy.iterdir())
    assert found(Index(copy), "wyali") == found(index, "wyali") != []
    assert sorted(copy.iterdir()) == before


def test_a_missing_folder_is_a_broken_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotBroken, match="nowhere"):
        Index(tmp_path / "nowhere")


@pytest.mark.parametrize("pattern", ["meta.json", "*.term", "*.idx", "*.fast", "*.store"])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut"])
def test_a_damaged_file_is_a_broken_snapshot(folder: Path, tmp_path: Path, pattern: str, damage: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    for file in copy.glob(pattern):
        content = file.read_bytes()
        file.unlink()
        if damage != "gone":
            file.write_bytes(b"" if damage == "empty" else content[: len(content) // 2])
    with pytest.raises(SnapshotBroken):
        Index(copy)


def test_an_index_of_something_else_is_a_broken_snapshot(tmp_path: Path) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title")
    tantivy.Index(builder.build(), path=str(tmp_path))
    with pytest.raises(SnapshotBroken):
        Index(tmp_path)

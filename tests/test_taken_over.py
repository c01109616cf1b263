"""Facets and tables of classes that an edit does not touch are taken over, and are what a full build makes."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.making import building, class_tables, dumps, faceting, naming, touching
from test_reusing import anew, contents, made, write

BASE = "https://d.example/"
TOML = f"""title = "T"
base = "{BASE}"
languages = ["ka", "en"]
[graphs."data/apart.ttl"]
default = false
[graphs."data/moved.ttl"]
default = false
[dumps]
formats = ["csv.gz", "parquet"]
"""
PREFIXES = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PERSON = '<id/p{0}> a <ns/Person> ; rdfs:label "Person {0}"@en ; <ns/kind> "k{1}" ; <ns/born> "{2}"^^xsd:gYear .\n'
PLACE = '<id/l{0}> a <ns/Place>, <ns/Spot> ; rdfs:label "ადგილი {0}"@ka ; <ns/high> {1} ; <ns/in> <id/c{2}> .\n'
THING = '<id/t{0}> a <ns/Tool> ; <ns/kind> "k{1}" .\n'


def people(most: int = 14) -> str:
    return PREFIXES + "".join(PERSON.format(n, n % 3, 1900 + 7 * n) for n in range(most))


START = {
    "kgpub.toml": TOML,
    "ontology/o.ttl": PREFIXES
    + """<ns/Person> a rdfs:Class ; rdfs:subClassOf <ns/Agent> ; rdfs:label "Person"@en .
<ns/Tool> a rdfs:Class ; rdfs:subClassOf [ rdfs:subClassOf <ns/Made> ] .
<ns/Agent> a rdfs:Class ; rdfs:subClassOf <ns/Being> . <ns/Being> rdfs:subClassOf <ns/Agent> .
<ns/kind> a rdf:Property ; rdfs:label "Kind"@en . <ns/Place> a rdfs:Class .
""",
    "data/people.ttl": people() + '<id/p1> <ns/rank> 01 . <id/p2> a <ns/Tool> ; <ns/rank> "2"^^xsd:integer .',
    "data/places.ttl": PREFIXES + "".join(PLACE.format(n, n * n, n % 2) for n in range(15)),
    "data/tools.ttl": PREFIXES + "".join(THING.format(n, n % 2) for n in range(9)),
    "data/odd.ttl": PREFIXES
    + """[] a <ns/Odd>, <ns/Place> ; <ns/kind> "k0" . <id/s> a <ns/Odd> ; rdf:subject <id/p1> .
<id/o1> a <ns/Odd> ; <ns/kind> "k1" . <id/o2> a <ns/Odd> ; <ns/kind> "k1" .
""",
    "data/apart.ttl": "<id/x> <ns/kind> 1 .",
    "data/moved.ttl": "<https://d.example/id/t1> <https://d.example/ns/kind> <https://d.example/id/t2> .",
}
CLASS, PROPERTY = "rdfs:Class", "rdf:Property"
ALL = {"Person", "Agent", "Being", "Tool", "Made", "Place", "Spot", "Odd", CLASS, PROPERTY}
TABLES = ALL - {"Agent", "Being", "Made"}
"""The classes with facets, and those with tables, of the site as it is at first."""


def also(name: str, text: str) -> dict[str, str]:
    return {name: f"{START[name]}{'' if name.endswith('moved.ttl') else PREFIXES}{text}"}


def instead(name: str, old: str, new: str) -> dict[str, str]:
    assert old in START[name]
    return {name: START[name].replace(old, new)}


@dataclass
class Heard:
    """The classes that were made anew since this was last emptied."""

    facets: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)

    def empty(self) -> None:
        self.facets.clear()
        self.tables.clear()


def short(name: str) -> str:
    for space, prefix in {
        f"{BASE}ns/": "",
        "http://www.w3.org/2000/01/rdf-schema#": "rdfs:",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    }.items():
        name = name.replace(space, prefix)
    return name.strip("<>")


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    found = Heard()
    write_class, written = faceting._write_class, class_tables._written

    def listen_to_facets(writer: Any, number: int, name: str, *more: Any) -> None:
        write_class(writer, number, name, *more)
        if writer.db.execute("SELECT 1 FROM classes WHERE id = ?", (number,)).fetchone():
            found.facets.add(short(name))

    def listen_to_tables(folder: Path, index: Any, plan: Any, *more: Any) -> Iterator[str]:
        found.tables.add(short(plan.of))
        return written(folder, index, plan, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "sync", lambda _: None)  # no power fails here
        patch.setattr(faceting, "_write_class", listen_to_facets)
        patch.setattr(class_tables, "_written", listen_to_tables)
        yield found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, heard: Heard) -> Path:
    """The site as it is at first, with its first snapshot."""
    folder = tmp_path_factory.mktemp("first") / "site"
    write(folder, START)
    made(folder)
    assert (heard.facets, heard.tables) == (ALL, TABLES)
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path, heard: Heard) -> Path:
    """A copy of it."""
    shutil.copytree(built, tmp_path / "site")
    heard.empty()
    return tmp_path / "site"


def last_of(folder: Path) -> Path:
    home = folder / ".kgpub"
    return home / "snapshots" / (home / "current").read_text("utf-8").strip()


def linked(before: Path, after: Path) -> set[str]:
    """The classes whose tables are the same files in both, all of them."""
    found: dict[str, set[bool]] = {}
    for one in dumps.read(after / dumps.FOLDER):
        if one.of:
            old, new = before / dumps.FOLDER / one.name, after / dumps.FOLDER / one.name
            found.setdefault(short(one.of), set()).add(old.exists() and old.samefile(new))
    return {name for name, same in found.items() if same == {True}}


def edited(folder: Path, site: Mapping[str, str], heard: Heard, other: Path) -> tuple[set[str], set[str]]:
    """The site is edited and built: the classes whose facets, and whose tables, were made anew for that."""
    before = last_of(folder)
    write(folder, site)
    heard.empty()
    after = made(folder)
    facets, tables = set(heard.facets), set(heard.tables)
    named = {short(one.of) for one in dumps.read(after / dumps.FOLDER) if one.of}
    assert linked(before, after) == named - tables
    assert contents(after) == contents(anew(folder, other))
    return facets, tables


PEOPLE, PLACES = {"Person", "Agent", "Being"}, {"Place", "Spot"}
EDITS: dict[str, tuple[dict[str, str], set[str], set[str]]] = {
    "a statement of one thing": (also("data/people.ttl", '<id/p3> <ns/kind> "k9" .'), PEOPLE, {"Person"}),
    "a name, and twins": (also("data/places.ttl", '<id/l3> rdfs:label "A"@en .'), PLACES, PLACES),
    "a name told outside the default graph": (
        also("data/apart.ttl", '<id/l3> rdfs:label "A"@ka .'),
        PLACES,
        PLACES,
    ),
    "of two classes, below a class without a name": (
        also("data/people.ttl", '<id/p2> <ns/kind> "k9" .'),
        {*PEOPLE, "Tool", "Made"},
        {"Person", "Tool"},
    ),
    "a property's name": (
        instead("ontology/o.ttl", '"Kind"', '"Sort"'),
        {PROPERTY},
        {PROPERTY, "Person", "Tool", "Odd", "Place"},
    ),
    "a class's name": (instead("ontology/o.ttl", '"Person"', '"Man"'), {CLASS}, {CLASS, "Person"}),
    "another form of the same number": (instead("data/people.ttl", "01 .", "1 ."), set(), {"Person"}),
    "another number": (instead("data/people.ttl", "01 .", "02 ."), PEOPLE, {"Person"}),
    "a thing becomes a statement node": (also("data/apart.ttl", "<id/l3> rdf:subject <id/x> ."), PLACES, PLACES),
    "a statement node becomes a thing": (instead("data/odd.ttl", "rdf:subject", "<ns/of>"), {"Odd"}, {"Odd"}),
    "a node without a name": (
        instead("data/odd.ttl", "[] a <ns/Odd>, <ns/Place>", "[] a <ns/Odd>"),
        {"Odd", "Place"},
        {"Odd", "Place"},
    ),
    "a class comes, the largest": (
        also("data/tools.ttl", "".join(f'<id/n{n}> a <ns/New> ; <ns/kind> "k{n % 3}" .\n' for n in range(25))),
        {"New"},
        {"New"},
    ),
    "a class goes, and with it the last of a rank": ({"data/odd.ttl": ""}, {"Place"}, {"Place"}),
    "a class between others in size": ({"data/people.ttl": people(30)}, {*PEOPLE, "Tool", "Made"}, {"Person", "Tool"}),
    "a class comes to stand below another": (
        also("ontology/o.ttl", "<ns/Spot> rdfs:subClassOf <ns/Made> ."),
        ALL,
        set(),
    ),
    "nothing but a graph of which nobody is": (also("data/apart.ttl", "<id/x> <ns/kind> 2 ."), set(), set()),
    "a file's name, and with it what is in the default graph": (
        {"data/moved.ttl": "", "data/moved.nt": START["data/moved.ttl"]},
        {"Tool", "Made"},
        {"Tool"},
    ),
    "names that are mended": (
        also("data/tools.ttl", '<id/x y> a <ns/Tool> ; rdfs:label "b"@en . <ns/k d> rdfs:label "c"@EN-us .'),
        {"Tool", "Made"},
        {"Tool"},
    ),
    "graphs in a file": ({"data/g.trig": '<g/x> { <id/t1> <ns/kind> "k7" }'}, {"Tool", "Made"}, TABLES),
}
BACK = also("data/apart.ttl", "<id/y> <ns/kind> 3 .")
"""Something to go back with: the snapshot of the first site is still there."""
QUICK = {
    "a name, and twins",
    "a property's name",
    "another form of the same number",
    "a thing becomes a statement node",
    "a class comes, the largest",
    "a file's name, and with it what is in the default graph",
}
"""Edits that are tried every time; the others with the slow tests."""


@pytest.mark.parametrize(
    ("edit", "facets", "tables"),
    [pytest.param(*row, id=name, marks=[] if name in QUICK else [pytest.mark.slow]) for name, row in EDITS.items()],
)
def test_only_what_is_touched_is_made_anew(
    folder: Path, tmp_path: Path, heard: Heard, edit: Mapping[str, str], facets: set[str], tables: set[str]
) -> None:
    site = {name: text for name, text in (START | dict(edit)).items() if text}
    assert edited(folder, site, heard, tmp_path / "anew") == (facets, tables)
    edited(folder, START | BACK, heard, tmp_path / "anew")


@pytest.mark.parametrize("most", [3, *(pytest.param(most, marks=pytest.mark.slow) for most in (1, 6))])
def test_classes_cross_the_limits(
    folder: Path, tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(faceting, "MOST_CLASSES", most)
    monkeypatch.setattr(class_tables, "MOST_CLASSES", most)
    for name in ("a class comes, the largest", "a class goes, and with it the last of a rank"):
        edited(folder, START | EDITS[name][0], heard, tmp_path / "anew")


def test_a_class_that_is_too_large_is_left_out(
    folder: Path, tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faceting, "MOST_MEMBERS", 15)
    facets, _ = edited(folder, START | {"data/people.ttl": people(30)}, heard, tmp_path / "anew")
    assert facets == {"Tool", "Made"}


FACETS, LISTED = {"Person", "Agent", "Being"}, {"Person"}
HARMS: dict[str, tuple[str, set[str], set[str]]] = {
    "facets": (faceting.FILE, ALL, LISTED),
    "a table": ("dumps/table-ns-Place-*.parquet", FACETS, {*LISTED, "Place"}),
    "a description": ("dumps/table-ns-Spot-*.json", FACETS, {*LISTED, "Spot"}),
    "the list of dumps": ("dumps/manifest.json", FACETS, TABLES),
}


@pytest.mark.parametrize("is_gone", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["altered", "gone"])
@pytest.mark.parametrize(("name", "facets", "tables"), HARMS.values(), ids=HARMS)
def test_nothing_damaged_is_taken_over(
    folder: Path, tmp_path: Path, heard: Heard, name: str, facets: set[str], tables: set[str], is_gone: bool
) -> None:
    (path,) = last_of(folder).glob(name)
    kept = path.read_bytes()
    path.unlink()
    if not is_gone:
        path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))  # of the same length
    write(folder, START | EDITS["a statement of one thing"][0])
    after = made(folder)
    assert (heard.facets, heard.tables) == (facets, tables)
    assert contents(after) == contents(anew(folder, tmp_path / "anew"))


def test_without_links_files_are_copied(
    folder: Path, tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    before = last_of(folder)
    write(folder, START | EDITS["a statement of one thing"][0])
    after = made(folder)
    assert heard.tables == LISTED
    assert linked(before, after) == set()
    assert contents(after) == contents(anew(folder, tmp_path / "anew"))


def test_the_last_snapshot_stays_and_may_go(folder: Path) -> None:
    """What is taken over is neither written in nor lost with it."""
    before = last_of(folder)
    kept = {path: path.read_bytes() for path in before.rglob("*") if path.is_file()}
    for edit in ("a statement of one thing", "a name, and twins"):
        write(folder, START | EDITS[edit][0])
        after = made(folder)
    assert {path: path.read_bytes() for path in kept} == kept
    told = contents(after)
    for old in after.parent.iterdir():
        if old != after:
            shutil.rmtree(old)
    assert contents(after) == told


def test_many_nodes_make_everything_anew(
    folder: Path, tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(touching, "MOST", 2)
    assert edited(folder, START | {"data/odd.ttl": ""}, heard, tmp_path / "anew") == (ALL - {"Odd"}, TABLES - {"Odd"})


def test_a_full_build_takes_nothing_over(folder: Path, heard: Heard) -> None:
    write(folder, START | EDITS["a statement of one thing"][0])
    made(folder, full=True)
    assert (heard.facets, heard.tables) == (ALL, TABLES)


def test_facets_are_numbered_without_a_gap(folder: Path) -> None:
    write(folder, START | EDITS["a class comes, the largest"][0])
    db = sqlite3.connect(made(folder) / faceting.FILE)
    numbers = [row[0] for row in db.execute("SELECT id FROM facets ORDER BY class, id")]
    assert numbers == list(range(len(numbers))) != []
    kinds = {row[0] for row in db.execute("SELECT kind FROM facets")}
    assert len(kinds) > 1  # ranges are among them
    db.close()


@pytest.mark.parametrize("library", ["pyarrow", "zstandard"])
def test_what_another_version_of_a_library_made_is_not_taken_over(
    folder: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setattr(naming, "installed", lambda name: "9999" if name == library else version(name))
    write(folder, START | EDITS["a statement of one thing"][0])
    made(folder)
    assert (heard.facets, heard.tables) == (ALL, TABLES)


NODES = st.sampled_from([f"<id/{name}>" for name in "abcdef"] + ["[ a <ns/A> ]"])
CLASSES = st.sampled_from([f"<ns/{name}>" for name in "ABCD"] + ["[ rdfs:subClassOf <ns/A> ]"])
SAID = st.one_of(
    st.tuples(NODES, st.just("a"), CLASSES),
    st.tuples(NODES, st.just("a"), CLASSES),
    st.tuples(CLASSES, st.just("rdfs:subClassOf"), CLASSES),
    st.tuples(NODES, st.sampled_from(["<ns/p>", "<ns/q>"]), st.sampled_from(["1", "01", "2", "3.5", '"x"', "<id/a>"])),
    st.tuples(NODES, st.just("<ns/y>"), st.sampled_from(["1900", "1950", "2000"]).map('"{}"^^xsd:gYear'.format)),
    st.tuples(
        st.sampled_from(["<id/a>", "<id/b>", "<ns/A>", "<ns/p>"]),
        st.just("rdfs:label"),
        st.sampled_from(['"x"@en', '"ა"@ka', '"y"@EN', '"z"@fr']),
    ),
    st.tuples(NODES, st.just("rdf:subject"), NODES),
)
TEXTS = st.lists(SAID, max_size=8).map(lambda rows: PREFIXES + "".join(f"{' '.join(row)} .\n" for row in rows))
SITES = st.dictionaries(
    st.sampled_from(["data/a.ttl", "data/b.ttl", "data/c.ttl", "data/apart.ttl"]), TEXTS, min_size=1
)
LAST = PREFIXES + "".join(
    f"<id/{name}> a <ns/{name.upper() if name < 'e' else 'A'}>, <ns/B> ; <ns/p> {number % 2} .\n"
    for number, name in enumerate("abcdefgh")
)


def live(folder: Path, history: list[dict[str, str]]) -> None:
    for site in history:
        write(folder / "site", {"kgpub.toml": TOML, "data/z.ttl": LAST} | site)
        assert contents(made(folder / "site")) == contents(anew(folder / "site", folder / "anew"))


@given(st.lists(SITES, min_size=2, max_size=3))
@settings(max_examples=2, deadline=None)
def test_a_few_histories(tmp_path_factory: pytest.TempPathFactory, heard: Heard, history: list[dict[str, str]]) -> None:
    live(tmp_path_factory.mktemp("few"), history)


@pytest.mark.slow
@given(st.lists(SITES, min_size=2, max_size=5))
@settings(max_examples=40, deadline=None)
def test_many_histories(tmp_path_factory: pytest.TempPathFactory, heard: Heard, history: list[dict[str, str]]) -> None:
    live(tmp_path_factory.mktemp("many"), history)

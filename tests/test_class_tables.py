"""Tables of classes: every value of every member can be had back out of CSV and Parquet, whatever it is."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow as pa
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from starlette.testclient import TestClient

from conftest import write_site
from kgpub.engine.tables import XSD
from kgpub.iris import Iris
from kgpub.making import class_tables
from kgpub.making.building import build
from kgpub.making.columns import SEPARATORS, Column, names
from kgpub.making.dumps import CSVW_ENDING, FOLDER, MANIFEST, Dump
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.snapshot import Snapshot, open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

BASE = "https://kg.example/"
TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n[graphs."data/apart.ttl"]\ndefault = false\n'
TOML += '[dumps]\nformats = ["csv.gz", "csv.zst", "parquet"]\n'
FILES = {
    "data/a.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<ns/T> rdfs:label "Thing"@en , "ნივთი"@ka . <ns/day> rdfs:label "Day"@en , "დღე"@ka .
<id/a> a <ns/T> ; rdfs:label "Meeting"@en , "Gathering"@EN , "შეხვედრა"@ka ; <ns/day> "2013-05-01"^^xsd:date ;
  <ns/n> 01 ; <ns/d> 1.50 ; <ns/f> "1E3"^^xsd:double ; <ns/ok> true ; <ns/at> "2013-05-01T10:00:00Z"^^xsd:dateTime ;
  <ns/knows> <id/b> , <id/ბ> ; <ns/text> "=HYPERLINK(\\"http://x\\")" ; <ns/odd> "a|b" , "c;d" ; <ns/mix> 1 , "one" , <id/b> ;
  <ns/has> [ <ns/n> 9 ] ; <ns/own> "x"^^<ns/type> ; <ns/lines> "one\\r\\ntwo, \\"three\\"" .
<id/b> a <ns/T> ; <ns/n> 2 ; <ns/d> 10.125 ; <ns/f> "INF"^^xsd:double ; <ns/ok> false ; <ns/empty> "" ;
  <ns/at> "2013-05-01T10:00:00.5Z"^^xsd:dateTime ; <ns/day> "2014-12-31"^^xsd:date ; <ns/text> "+1" .
<id/c> a <ns/T> , <ns/U> .
[] a <ns/T> ; <ns/n> 5 .
<id/s> a rdf:Statement , <ns/T> ; rdf:subject <id/a> ; rdf:predicate <ns/n> ; rdf:object 1 .
<id/w> a <ns/Wild> ; <ns/day> "2013-13-01"^^xsd:date , "2013-05-01"^^xsd:date ; <ns/n> 99999999999999999999 .
""",
    "data/apart.ttl": "<id/a> <ns/apart> 1 ; <ns/n> 001 . <id/x> a <ns/Apart> .",
}
T = f"{BASE}ns/T"


def made(tmp_path: Path, files: dict[str, str], toml: str = TOML) -> tuple[Settings, Snapshot]:
    settings = load(write_site(tmp_path, files, toml))
    build(settings, lambda *_: Report(True), lambda step, done: None)
    return settings, open_snapshot(settings)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    _, found = made(tmp_path_factory.mktemp("tables"), FILES)
    yield found
    found.close()


def dump(snapshot: Snapshot, of: str, extension: str, coding: str = "") -> Dump:
    (found,) = [one for one in snapshot.dumps if (one.of, one.extension, one.coding) == (of, extension, coding)]
    return found


def path(snapshot: Snapshot, of: str, extension: str) -> Path:
    return snapshot.folder / FOLDER / dump(snapshot, of, extension).name


def rows(snapshot: Snapshot, of: str) -> dict[str, dict[str, str]]:
    text = path(snapshot, of, "csv").read_bytes().decode()
    return {row["iri"].removeprefix(BASE): row for row in csv.DictReader(io.StringIO(text, newline=""))}


def described(snapshot: Snapshot, of: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path(snapshot, of, "json").read_text("utf-8"))
    return found


def test_these_classes_have_tables(snapshot: Snapshot) -> None:
    assert {one.of for one in snapshot.dumps if one.of} == {T, f"{BASE}ns/U", f"{BASE}ns/Wild"}
    assert dump(snapshot, T, "csv").rows == 3
    assert [one for one in snapshot.dumps if one.of and one.is_large] == []


def test_a_column_holds_one_kind_of_value(snapshot: Snapshot) -> None:
    a = rows(snapshot, T)["id/a"]
    said = {key.removeprefix(f"{BASE}ns/"): value.replace(BASE, "") for key, value in a.items() if value}
    assert said == {
        "iri": "id/a", "rdf:type": "ns/T", "rdfs:label@en": "Gathering|Meeting", "rdfs:label@ka": "შეხვედრა",
        "day": "2013-05-01", "n": "01", "d": "1.50", "f": "1E3", "ok": "true", "at": "2013-05-01T10:00:00Z",
        "knows": "id/b|id/ბ", "text": '=HYPERLINK("http://x")', "odd": "a|b\tc;d", "mix^^xsd:integer": "1",
        "mix^^xsd:string": "one", "mix^^iri": "id/b", "has": said["has"], "own": "x", "lines": 'one\r\ntwo, "three"',
    }  # fmt: skip
    assert said["has"].startswith("_:")


def test_members_are_the_named_ones_of_the_default_graph(snapshot: Snapshot) -> None:
    assert rows(snapshot, T).keys() == {"id/a", "id/b", "id/c"}
    assert not any("apart" in key for key in rows(snapshot, T)["id/a"])


def test_the_packed_files_are_the_plain_one(snapshot: Snapshot) -> None:
    plain = path(snapshot, T, "csv").read_bytes()
    folder = snapshot.folder / FOLDER
    assert gzip.decompress((folder / dump(snapshot, T, "csv", "gzip").name).read_bytes()) == plain
    packed = (folder / dump(snapshot, T, "csv", "zstd").name).read_bytes()
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed) == plain
    assert plain.count(b"\r\n") == 1 + 3 + 1  # head, rows, and one inside of a text


def test_parquet_has_types(snapshot: Snapshot) -> None:
    table = parquet.read_table(path(snapshot, T, "parquet"))
    types = {
        name.removeprefix(f"{BASE}ns/"): str(kind)
        for name, kind in zip(table.column_names, table.schema.types, strict=True)
    }
    assert types | {"iri": "string"} == {
        "iri": "string", "rdf:type": "list<element: string>", "rdfs:label@en": "list<element: string>",
        "rdfs:label@ka": "string", "day": "date32[day]", "n": "int64", "d": "decimal128(38, 3)", "f": "double",
        "ok": "bool", "at": "timestamp[us, tz=UTC]", "knows": "list<element: string>", "text": "string",
        "odd": "list<element: string>", "mix^^xsd:integer": "int64", "mix^^xsd:string": "string", "mix^^iri": "string",
        "has": "string", "own": "string", "lines": "string", "empty": "string",
    }  # fmt: skip
    a, b = (
        {k.removeprefix(f"{BASE}ns/"): v for k, v in row.items()}
        for row in sorted(table.to_pylist(), key=lambda r: r["iri"])[:2]
    )
    assert (a["day"], a["n"], a["d"], a["ok"], a["empty"]) == (date(2013, 5, 1), 1, Decimal("1.500"), True, None)
    assert (b["f"], b["empty"], b["at"]) == (float("inf"), "", datetime(2013, 5, 1, 10, 0, 0, 500_000, UTC))
    assert a["knows"] == [f"{BASE}id/b", f"{BASE}id/ბ"]
    said = table.schema.field(f"{BASE}ns/day").metadata
    assert (said[b"property"].decode(), said[b"label.ka"].decode()) == (f"{BASE}ns/day", "დღე")


def test_what_does_not_fit_a_type_is_text(snapshot: Snapshot) -> None:
    table = parquet.read_table(path(snapshot, f"{BASE}ns/Wild", "parquet"))
    (row,) = table.to_pylist()
    assert row[f"{BASE}ns/day"] == ["2013-05-01", "2013-13-01"]
    assert row[f"{BASE}ns/n"] == "99999999999999999999"


def test_the_description_says_what_the_columns_are(snapshot: Snapshot) -> None:
    said = described(snapshot, T)
    name = dump(snapshot, T, "csv").name
    assert said["url"] == name
    assert dump(snapshot, T, "json").name == name + CSVW_ENDING
    columns = said["tableSchema"]["columns"]
    header = next(csv.reader(io.StringIO(path(snapshot, T, "csv").read_text("utf-8"))))
    assert ["iri", *(one["titles"]["und"] for one in columns[1:])] == header
    by_title = {one["titles"]["und"].removeprefix(f"{BASE}ns/"): one for one in columns[1:]}
    assert by_title["day"]["titles"]["ka"] == "დღე"
    assert by_title["day"]["datatype"] == "date"
    assert (by_title["rdfs:label@en"]["lang"], by_title["rdfs:label@en"]["separator"]) == ("en", "|")
    assert by_title["odd"]["separator"] == "\t"
    assert by_title["own"]["datatype"] == {"base": "string", "@id": f"{BASE}ns/type"}
    assert by_title["knows"]["valueUrl"] == f"{{+{by_title['knows']['name']}}}"
    assert "separator" not in by_title["n"]


def test_pandas_and_duckdb_read_both(snapshot: Snapshot) -> None:
    plain = path(snapshot, T, "csv")
    frame = pandas.read_csv(plain, dtype=str, keep_default_na=False)
    assert frame.to_dict("records") == list(rows(snapshot, T).values())
    typed = pandas.read_parquet(path(snapshot, T, "parquet"))
    assert typed[f"{BASE}ns/n"].sum() == 3
    query = f'SELECT count(*), sum("{BASE}ns/n"), min("{BASE}ns/day"), len(max("{BASE}ns/knows")) FROM \'{path(snapshot, T, "parquet")}\''
    assert duckdb.execute(query).fetchall() == [(3, 3, date(2013, 5, 1), 2)]
    read = duckdb.execute(
        f"SELECT * FROM read_csv('{plain}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"', nullstr='\\N')"
    )
    assert {row[0]: [one or "" for one in row] for row in read.fetchall()} == {
        row["iri"]: list(row.values()) for row in rows(snapshot, T).values()
    }


def test_two_builds_make_the_same_tables(tmp_path: Path, snapshot: Snapshot) -> None:
    _, again = made(tmp_path, FILES)
    assert [one for one in again.dumps if one.of] == [one for one in snapshot.dumps if one.of]
    again.close()


def test_so_many_classes_and_columns_have_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_tables, "MOST_CLASSES", 2)
    monkeypatch.setattr(class_tables, "MOST_COLUMNS", 3)
    monkeypatch.setattr(class_tables, "_ROWS", 7)
    text = "".join(f"<id/x{n}> a <ns/C{n % 4 // (1 + n // 20)}> ; <ns/p{n % 5}> {n} .\n" for n in range(40))
    _, found = made(tmp_path, {"data/a.ttl": text})
    manifest = json.loads((found.folder / FOLDER / MANIFEST).read_text())
    largest = [one.iri for one in found.statistics.classes]
    assert {one.of for one in found.dumps if one.of} == set(largest[:2])
    assert manifest["classes_without_tables"] == largest[2:]
    assert len(parquet.read_schema(path(found, largest[0], "parquet")).names) == 1 + 3
    assert parquet.ParquetFile(path(found, largest[0], "parquet")).num_row_groups > 1
    assert described(found, largest[0])["rdfs:comment"].count(f"{BASE}ns/p") >= 2
    assert sum(1 for _ in rows(found, largest[0])) == dump(found, largest[0], "csv").rows
    found.close()


@given(
    st.lists(
        st.lists(st.text(st.sampled_from([*SEPARATORS, "a"]), max_size=4), min_size=1, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_a_cell_comes_apart_again(members: list[list[str]]) -> None:
    column = Column("urn:p", XSD + "string")
    cells = [sorted({*values}) for values in members]
    for values in cells:
        column.survey(values)
    for values in cells:
        (text,) = class_tables._texts([column], {("urn:p", XSD + "string"): values})
        if column.separator:
            assert text.split(column.separator) == values
        else:
            assert (json.loads(text) if column.is_multiple else [text]) == values


@pytest.mark.parametrize(
    ("kind", "lexical", "expected"),
    [
        ("integer", "007", pa.int64()), ("integer", "9223372036854775808", pa.string()), ("integer", " 1", pa.string()),
        ("decimal", "1." + "0" * 38, pa.string()), ("decimal", ".5", pa.decimal128(38, 1)), ("decimal", ".", pa.string()),
        ("decimal", "-12.340", pa.decimal128(38, 3)), ("boolean", "1", pa.bool_()), ("boolean", "yes", pa.string()),
        ("double", "NaN", pa.float64()), ("double", "1e400x", pa.string()), ("float", "1.5", pa.float32()),
        ("date", "2013-02-30", pa.string()), ("date", "2013-05-01Z", pa.string()), ("date", "0000-01-01", pa.string()),
        ("date", "-0001-01-01", pa.string()), ("dateTime", "2013-05-01T10:00:00", pa.timestamp("us")),
        ("dateTime", "2013-05-01T10:00:00+04:00", pa.string()), ("dateTime", "2013-05-01T24:00:00Z", pa.string()),
        ("dateTime", "2013-05-01T10:00:00.1234567Z", pa.string()), ("gYear", "2013", pa.string()),
    ],
)  # fmt: skip
def test_the_type_of_a_column(kind: str, lexical: str, expected: object) -> None:
    column = Column("urn:p", XSD + kind)
    column.survey([lexical])
    assert column.arrow == expected
    pa.array(column.values([[lexical], None]), column.arrow)


def test_columns_are_called_by_what_tells_them_apart() -> None:
    columns = [Column(f"{BASE}ns/p", kind) for kind in ("iri", "@ka", XSD + "date")] + [Column("urn:q", "bnode")]
    iris = Iris(BASE, prefixes={"ns": f"{BASE}ns/", "xsd": XSD})
    assert names(columns, iris) == ["ns:p^^iri", "ns:p@ka", "ns:p^^xsd:date", "urn:q"]


def test_they_are_served_and_listed(tmp_path: Path) -> None:
    settings, found = made(tmp_path, FILES)
    plain = dump(found, T, "csv").name
    with TestClient(create_app(Serving(settings))) as client:
        answer = client.get(f"/-/dumps/{plain}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["link"] == f'<{plain}{CSVW_ENDING}>; rel="describedby"; type="application/csvm+json"'
        assert answer.content == path(found, T, "csv").read_bytes()
        about = client.get(f"/-/dumps/{plain}{CSVW_ENDING}")
        assert about.headers["content-type"] == "application/csvm+json"
        assert client.get(f"/-/dumps/{dump(found, T, 'parquet').name}").content.startswith(b"PAR1")
        void = client.get("/-/void.nt").text
        for one in found.dumps:
            if one.of:
                assert (f"dataset#dump-{one.name}>" in void) is one.is_table
        for language, words in (("ka", "ცხრილები"), ("en", "Tables")):
            page = client.get(f"/-/data?lang={language}").text
            assert f"<h2>{words}</h2>" in page
            assert f'href="/-/dumps/{plain}"' in page
    found.close()

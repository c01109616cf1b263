"""Looking instead of reading: days and coordinates of data, what lies around a thing, timelines, maps, graphs, pages."""

import json
import math
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from conftest import BASE, TOML, write_site
from kgpub.days import XSD, CalendarDay, Days, calendar_day, day_number, days, is_yearless
from kgpub.errors import SettingsError
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.nearby.around import Surroundings, Way
from kgpub.nearby.coordinates import Point, point, wkt_point
from kgpub.nearby.neighbours import neighbours
from kgpub.nearby.outline import GEORGIA, MOST_BYTES, Outline, is_fitting, read_outline
from kgpub.nearby.sight import Bounds, Looking, Sight
from kgpub.nearby.surroundings import outlook, surroundings
from kgpub.represent.pictures import pictures
from kgpub.represent.pictures.plane import HEIGHT, WIDTH, Spot, frame_around, lines, ring_path, tiles
from kgpub.represent.pictures.timelines import ticks
from kgpub.represent.pictures.words import cut, width_of
from kgpub.represent.values import Reader
from kgpub.settings import Settings, load
from kgpub.snapshot import Snapshot, open_snapshot
from kgpub.web import create_app
from kgpub.web.serving import Serving

PREFIXES = """@base <https://kg.example/> . @prefix ex: <ns/> . @prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> . @prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix time: <http://www.w3.org/2006/time#> . @prefix dcterms: <http://purl.org/dc/terms/> .
"""
DATA = (
    PREFIXES
    + """
<id/festival> a ex:Festival ; rdfs:label "ფესტივალი"@ka, "Festival"@en ;
  schema:startDate "2011-05"^^xsd:gYearMonth ; schema:endDate "2012"^^xsd:gYear ;
  ex:stop <id/tbilisi>, <id/batumi>, <id/sokhumi>, <id/nowhere>, <https://elsewhere.example/> ;
  ex:edition <id/first>, <id/second> ; ex:note [ schema:startDate "2010-01-01"^^xsd:date ] .
<id/tbilisi> a ex:City ; rdfs:label "თბილისი"@ka, "Tbilisi"@en ; wgs:lat 41.7151 ; wgs:long 44.8271 .
<id/batumi> a ex:City ; rdfs:label "Batumi"@en ; schema:geo [ schema:latitude "41.6168" ; schema:longitude "41.6367" ] .
<id/sokhumi> a ex:City ; rdfs:label "Sokhumi"@en ; geo:hasGeometry <id/g> .
<id/g> geo:asWKT "POINT(41.0234 43.0015)"^^geo:wktLiteral .
<id/nowhere> a ex:City ; rdfs:label "Nowhere"@en ; wgs:lat 95 ; wgs:long 10 .
<id/first> rdfs:label "First"@en ; schema:startDate "--05-12"^^xsd:gMonthDay ; schema:endDate "--05-14"^^xsd:gMonthDay ;
  schema:location <id/batumi> ; dcterms:temporal <id/period> .
<id/period> time:hasBeginning [ time:inXSDDate "2011-05-17"^^xsd:date ] ; time:hasEnd [ time:inXSDgYearMonth "2011-06"^^xsd:gYearMonth ] .
<id/second> rdfs:label "<script>alert(1)</script>"@en ; schema:startDate "2012-02-30"^^xsd:date, "2012-02-29T24:00:00Z"^^xsd:dateTime .
<id/old> rdfs:label "Old"@en ; schema:startDate "-0043-03-15"^^xsd:date ; ex:found "12000"^^xsd:gYear ; ex:until "99999999999"^^xsd:gYear .
<id/alone> rdfs:label "Alone"@en .
<id/loop> rdfs:label "Loop"@en ; ex:stop <id/loop> ; ex:pair [ ex:pair [ ex:pair <id/loop> ] ] .
<id/two> wgs:lat 1, 2 ; wgs:long 3 ; rdfs:label "Two latitudes"@en .
"""
    + "".join(
        f'<id/m{n}> rdfs:label "M{n}"@en ; ex:of <id/hub> ; ex:on "{1900 + n % 99}"^^xsd:gYear .\n' for n in range(240)
    )
    + '<id/hub> rdfs:label "Hub"@en ; ex:near <id/tbilisi> .\n<id/by> rdfs:label "By"@en ; ex:of <id/tbilisi> ; ex:knows <id/hub> .\n'
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = load(write_site(tmp_path_factory.mktemp("pictures"), {"data/a.ttl": DATA}, TOML))
    build(found, lambda files, settings: Report(True), lambda step, done: None)
    return found


@pytest.fixture(scope="module")
def snapshot(site: Settings) -> Iterator[Snapshot]:
    opened = open_snapshot(site)
    yield opened
    opened.close()


def looking(site: Settings, snapshot: Snapshot, **given: object) -> Looking:
    words = site.vocabulary
    periods = tuple(zip(site.properties(words.start), site.properties(words.end), strict=True))
    return Looking(snapshot.graphs, ("en", "ka"), periods, **given)  # type: ignore[arg-type] # rows name the fields


def around(site: Settings, snapshot: Snapshot, name: str, **given: object) -> Surroundings:
    return surroundings(snapshot.engine, snapshot.index, f"{BASE}id/{name}", looking(site, snapshot, **given))


# ---- days


def day(year: int, month: int, of_month: int) -> int:
    return date(year, month, of_month).toordinal() - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("1970-01-01", "date", Days(0, 0)),
        (" 1970-01-02+04:00 ", "date", Days(1, 1)),
        ("2020", "gYear", Days(day(2020, 1, 1), day(2020, 12, 31))),
        ("2020-02", "gYearMonth", Days(day(2020, 2, 1), day(2020, 2, 29))),
        ("1900-02Z", "gYearMonth", Days(day(1900, 2, 1), day(1900, 2, 28))),
        ("2020-12-31T23:59:59.9-08:00", "dateTime", Days(day(2020, 12, 31), day(2020, 12, 31))),
        ("2020-12-31T24:00:00", "dateTime", Days(day(2021, 1, 1), day(2021, 1, 1))),
        ("2020-12-31T10:00:00Z", "dateTimeStamp", Days(day(2020, 12, 31), day(2020, 12, 31))),
        ("0001", "gYear", Days(day(1, 1, 1), day(1, 12, 31))),
        ("0000-12-31", "date", Days(day(1, 1, 1) - 1, day(1, 1, 1) - 1)),
        ("-0001-02-29", "date", None),  # 2 BCE was no leap year
        ("-0004-02-29", "date", Days(day(1, 1, 1) - 1768, day(1, 1, 1) - 1768)),
        ("12000", "gYear", Days(day_number(12000, 1, 1), day_number(12000, 12, 31))),
        ("012000", "gYear", None),
        ("9999999999", "gYear", None),
        ("2020-13", "gYearMonth", None),
        ("2021-02-29", "date", None),
        ("2020-12-31T24:00:01", "dateTime", None),
        ("2020-12-31T25:00:00", "dateTime", None),
        ("--11-26", "gMonthDay", None),
        ("2020", "date", None),
        ("٢٠٢٠", "gYear", None),
        ("2020" + "0" * 200, "gYear", None),
        ("", "gYear", None),
        ("2020", "string", None),
    ],
)
def test_a_date_means_the_days_from_its_earliest_to_its_latest(text: str, datatype: str, expected: Days | None) -> None:
    assert days(text, XSD + datatype) == expected


@given(st.integers(-400_000_000, 400_000_000))
def test_days_are_counted_and_named_by_inverse_functions(number: int) -> None:
    found = calendar_day(number)
    assert day_number(found.year, found.month, found.day) == number
    assert 1 <= found.month <= 12
    assert 1 <= found.day <= 31


@given(st.dates())
def test_days_agree_with_the_standard_library_and_less_precise_dates_hold_the_more_precise(one: date) -> None:
    exact = days(one.isoformat(), XSD + "date")
    month, year = days(f"{one:%Y-%m}".zfill(7), XSD + "gYearMonth"), days(f"{one.year:04d}", XSD + "gYear")
    assert exact is not None
    assert month is not None
    assert year is not None
    assert exact.earliest == exact.latest == one.toordinal() - date(1970, 1, 1).toordinal()
    assert year.earliest <= month.earliest <= exact.earliest <= month.latest <= year.latest
    assert calendar_day(exact.earliest) == CalendarDay(one.year, one.month, one.day)


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("--11-26", "gMonthDay", True),
        ("--02-29", "gMonthDay", True),
        ("--02-30", "gMonthDay", False),
        ("--13-01", "gMonthDay", False),
        ("--05Z", "gMonth", True),
        ("---31", "gDay", True),
        ("---32", "gDay", False),
        ("2020-11-26", "date", False),
        ("--11-26", "date", False),
    ],
)
def test_a_date_without_a_year_is_told_apart(text: str, datatype: str, expected: bool) -> None:
    assert is_yearless(text, XSD + datatype) is expected


# ---- coordinates and outlines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POINT(44.8 41.7)", Point(41.7, 44.8)),
        ("point z ( -44.8  +41.70 300 )", Point(41.7, -44.8)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(44.8 41.7)", Point(41.7, 44.8)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(41.7 44.8)", Point(41.7, 44.8)),
        ("<http://www.opengis.net/def/crs/EPSG/0/3857> POINT(1 2)", None),
        ("POINT(181 0)", None),
        ("POINT(0 -90.1)", None),
        ("POINT(1e308 1e400)", None),
        ("POINT(nan 1)", None),
        ("POINT EMPTY", None),
        ("POLYGON((0 0, 1 0, 1 1, 0 0))", None),
        ("POINT(" + "1" * 10_000 + " 1)", None),
        ("POINT(" + " " * 490 + "1", None),
    ],
)
def test_a_point_is_read_out_of_wkt(text: str, expected: Point | None) -> None:
    assert wkt_point(text) == expected


@pytest.mark.parametrize(
    ("north", "east", "expected"),
    [
        ("41.7", " 44.8 ", Point(41.7, 44.8)),
        ("-0", "0", Point(0, 0)),
        ("90.01", "0", None),
        ("41°42'", "44", None),
        ("", "", None),
        ("INF", "1", None),
    ],
)
def test_a_point_is_read_out_of_two_numerals(north: str, east: str, expected: Point | None) -> None:
    assert point(north, east) == expected


def box(west: float, south: float, east: float, north: float) -> tuple[Point, ...]:
    corners = [(south, west), (south, east), (north, east), (north, west), (south, west)]
    return tuple(Point(*corner) for corner in corners)


WHOLE = box(39.5, 40.9, 47, 43.8)
ABKHAZIA = box(40, 42.5, 42, 43.7)


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        pytest.param([(WHOLE,)], True, id="one undivided area"),
        pytest.param([(WHOLE,), (box(-10, 35, 5, 44),)], True, id="and another country"),
        pytest.param([(box(-10, 35, 5, 44),)], True, id="another country alone"),
        pytest.param([], True, id="nothing"),
        pytest.param([(WHOLE, ABKHAZIA)], False, id="a part cut out"),
        pytest.param([(WHOLE,), (ABKHAZIA,)], False, id="a part drawn again as something else"),
        pytest.param([(ABKHAZIA,)], False, id="a part alone"),
        pytest.param([(box(43.5, 42, 44.3, 42.7),), (WHOLE,)], False, id="a part of the north"),
        pytest.param([(box(42.5, 40.9, 47, 43.8),), (box(30, 42, 42.5, 60),)], False, id="divided between two"),
    ],
)
def test_an_outline_fits_only_where_georgia_is_whole(
    areas: list[tuple[tuple[Point, ...], ...]], expected: bool
) -> None:
    assert is_fitting(Outline(tuple(areas))) is expected


def geojson(*rings: tuple[Point, ...], kind: str = "Polygon") -> str:
    shape = [[[one.longitude, one.latitude] for one in ring] for ring in rings]
    geometry = {"type": kind, "coordinates": shape if kind != "MultiPolygon" else [shape]}
    return json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (geojson(WHOLE), 1),
        (geojson(WHOLE, kind="MultiPolygon"), 1),
        (geojson(WHOLE, kind="MultiLineString"), 0),
        ('{"type": "Feature", "geometry": null}', 0),
        (
            '{"type": "GeometryCollection", "geometries": ['
            + json.dumps({"type": "Polygon", "coordinates": []})
            + "]}",
            1,
        ),
    ],
)
def test_outlines_are_the_polygons_of_a_file(tmp_path: Path, text: str, count: int) -> None:
    path = tmp_path / "outline.geojson"
    path.write_text(text, "utf-8")
    assert len(read_outline(path).areas) == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "cannot be read as GeoJSON"),
        ("[]", "is no GeoJSON of polygons"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2]]]}', "not closed"),
        ('{"type": "Polygon", "coordinates": [[["x", 0], [1, 1], [2, 2], ["x", 0]]]}', "is no GeoJSON of polygons"),
        ('{"type": "Polygon", "coordinates": [[[200, 0], [1, 1], [2, 2], [200, 0]]]}', "no position"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 0], [1, 1], [2, 2], [NaN, 0]]]}', "no position"),
        ('{"type": "GeometryCollection", "geometries": [' * 3000 + "]}" * 3000, "GeoJSON"),
        (geojson(ABKHAZIA), "undivided area"),
        (" " * (MOST_BYTES + 1), "larger than"),
    ],
)
def test_a_file_that_is_no_fitting_outline_is_refused_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "outline.geojson"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=reason):
        read_outline(path)


# ---- drawing

POINTS = st.builds(Point, st.floats(-89, 89), st.floats(-180, 180))


@given(st.lists(POINTS, min_size=1, max_size=8))
@example(
    [Point(0.0, 60.0), Point(0.0, 131.0), Point(0.0, -16.0), Point(0.0, -87.0), Point(0.0, -158.0), Point(0.0, 0.0)]
)
def test_every_point_is_inside_the_frame_around_all(points: list[Point]) -> None:
    frame = frame_around(points)
    for one in points:
        spot = frame.spot(one)
        assert -0.5 <= spot.x <= WIDTH + 0.5
        assert -0.5 <= spot.y <= HEIGHT + 0.5


@given(st.lists(st.builds(Point, st.floats(-84, 84), st.floats(-180, 179.9)), min_size=1, max_size=5))
def test_every_point_is_on_the_tile_that_servers_number_so(points: list[Point]) -> None:
    frame = frame_around(points, is_mercator=True)
    found = {(one.zoom, one.column, one.row): one for one in tiles(frame)}
    assert len(found) <= 64
    zoom = next(iter(found))[0]
    for one in points:
        height = math.log(math.tan(math.radians(one.latitude)) + 1 / math.cos(math.radians(one.latitude)))
        column, row = (one.longitude + 180) / 360 * 2**zoom, (1 - height / math.pi) / 2 * 2**zoom
        near = found.get((zoom, int(column), int(row)))
        assert near is not None
        spot = frame.spot(one)
        assert spot.y == pytest.approx(near.spot.y + (row - int(row)) * near.side, abs=0.01)


def test_a_map_over_tiles_asks_for_them_at_their_addresses(site: Settings, snapshot: Snapshot) -> None:
    tiled = site.pages.model_copy(update={"tiles": "https://tile.example/{z}/{x}/{y}.png?k=&", "tiles_credit": "<us>"})
    made = pictures(around(site, snapshot, "festival"), site.model_copy(update={"pages": tiled}), "en")
    assert made is not None
    assert made.map is not None
    assert made.map.credit == "<us>"
    asked = re.findall(r'<image class="tile" href="([^"]*)"', made.map.picture)
    assert 4 <= len(asked) <= 64
    assert all(re.fullmatch(r"https://tile\.example/\d+/\d+/\d+\.png\?k=&amp;", one) for one in asked)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""),
        ("https://tile.example/{z}/{x}/{y}.png", "https://tile.example"),
        ("http://localhost:8080/t/{x}/{y}?z={z}", "http://localhost:8080"),
        ("https://tile.example/{z}/{x}.png", None),
        ("https://tile.example/{z}/{x}/{y}/{y}", None),
        ("https://{x}.tile.example/{z}/{y}", None),
        ("javascript:{x}{y}{z}", None),
        ("https://a.example; script-src */{z}/{x}/{y}", None),
        ("/tiles/{z}/{x}/{y}.png", None),
    ],
)
def test_tiles_are_asked_of_one_host_that_is_named(tmp_path: Path, address: str, origin: str | None) -> None:
    folder = write_site(tmp_path, {}, TOML + f'[pages]\ntiles = "{address}"\n')
    if origin is not None:
        assert load(folder).pages.tiles_origin == origin
        return
    with pytest.raises(SettingsError, match="tiles"):
        load(folder)


def test_places_on_both_sides_of_the_date_line_are_near_each_other() -> None:
    frame = frame_around([Point(-17, 179), Point(-14, -172)])
    assert frame.wide < 30
    assert frame.spot(Point(-17, 179)).x < frame.spot(Point(-14, -172)).x


@given(st.floats(-200, 200), st.floats(0.001, 400), st.integers(3, 8))
def test_lines_of_degrees_are_few_and_between_their_ends(least: float, wide: float, wanted: int) -> None:
    found = lines(least, least + wide, wanted)
    assert len(found) <= max(wanted + 2, 8)
    assert all(least - 1e-5 <= one <= least + wide + 1e-5 for one in found)
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        ([(10, 10), (50, 10), (50, 60), (10, 10)], "M10 10L50 10L50 60L10 10z"),
        ([(5000, 5000), (6000, 5000), (6000, 6000), (5000, 5000)], ""),
        ([(10, 10), (10.2, 10.1), (10.3, 10)], ""),
        ([(-9000, -9000), (9000, -9000), (9000, 9000), (-9000, 9000)], "M-40 -40L1640 -40L1640 1040L-40 1040z"),
    ],
)
def test_a_ring_is_cut_to_the_frame(corners: list[tuple[float, float]], expected: str) -> None:
    path = ring_path(Spot(*corner) for corner in corners)
    assert sorted(re.findall(r"-?\d+ -?\d+", path)) == sorted(re.findall(r"-?\d+ -?\d+", expected))


@given(st.integers(-4_000_000, 4_000_000), st.integers(0, 10_000_000), st.sampled_from(["ka", "en"]))
def test_marks_of_an_axis_are_few_and_in_order(site: Settings, first: int, long: int, language: str) -> None:
    found = ticks(Days(first, first + long), Reader(site, language, {}))
    assert len(found) <= 14
    assert [one.day for one in found] == sorted({one.day for one in found})
    assert all(one.name for one in found)


@given(st.text(max_size=60), st.floats(20, 400))
def test_a_name_is_cut_to_its_room(text: str, most: float) -> None:
    found = cut(text, most)
    assert found == text or (found.endswith("…") and width_of(found) <= most + 14)


# ---- what lies around a thing


def test_dates_come_from_the_thing_its_neighbours_periods_and_nodes_without_a_name(
    site: Settings, snapshot: Snapshot
) -> None:
    found = around(site, snapshot, "festival")
    assert [(one.iri.removeprefix(BASE), one.begin.text, one.end.text if one.end else "") for one in found.dated] == [
        ("", "2010-01-01", ""),
        ("id/festival", "2011-05", "2012"),
        ("id/first", "2011-05-17", "2011-06"),
        ("id/second", "2012-02-29T24:00:00Z", ""),
    ]
    assert [(one.begin.text, one.end.text if one.end else "") for one in found.yearless] == [("--05-12", "--05-14")]
    assert found.dated[1].days == Days(day(2011, 5, 1), day(2012, 12, 31))
    assert found.dated[1].way == Way()


def test_dates_before_the_common_era_and_after_9999_are_in_order_and_those_beyond_reach_are_not(
    site: Settings, snapshot: Snapshot
) -> None:
    assert [one.begin.text for one in around(site, snapshot, "old").dated] == ["-0043-03-15", "12000"]


def test_coordinates_come_from_the_thing_its_geometry_and_the_place_where_it_is(
    site: Settings, snapshot: Snapshot
) -> None:
    found = around(site, snapshot, "festival").placed
    places = {(one.iri.removeprefix(BASE), one.point, one.via.removeprefix(BASE)) for one in found}
    assert places == {
        ("id/tbilisi", Point(41.7151, 44.8271), ""),
        ("id/batumi", Point(41.6168, 41.6367), ""),
        ("id/sokhumi", Point(43.0015, 41.0234), ""),
        ("id/first", Point(41.6168, 41.6367), "id/batumi"),
    }


def test_a_thing_with_two_latitudes_is_nowhere(site: Settings, snapshot: Snapshot) -> None:
    assert around(site, snapshot, "two").placed == ()


def test_neighbours_are_known_things_two_steps_out_each_once(site: Settings, snapshot: Snapshot) -> None:
    found = around(site, snapshot, "festival")
    names = [near.iri.removeprefix(BASE) for branch in found.branches for near in branch.nears]
    assert sorted(names) == ["id/batumi", "id/first", "id/nowhere", "id/second", "id/sokhumi", "id/tbilisi"]
    ties = {(tie.subject.removeprefix(BASE), tie.object.removeprefix(BASE)) for tie in found.ties}
    assert ("id/first", "id/batumi") in ties
    leaves = [leaf.iri for branch in found.branches for near in branch.nears for leaf in near.leaves]
    assert len({*leaves, *(BASE + name for name in names)}) == len(leaves) + len(names)


def test_a_hub_is_counted_and_not_looked_into_until_it_is_opened(site: Settings, snapshot: Snapshot) -> None:
    def hub(**given: object) -> list[tuple[int, int]]:
        branches = around(site, snapshot, "by", **given).branches
        return [(len(n.leaves), n.more) for b in branches for n in b.nears if n.iri == f"{BASE}id/hub"]

    assert hub() == [(0, 241)]
    assert hub(opened=frozenset({f"{BASE}id/hub"})) == [(Bounds().opened, 241 - 1 - Bounds().opened)]


def test_a_hub_shows_a_bounded_part_and_counts_the_rest(site: Settings, snapshot: Snapshot) -> None:
    bounds = Bounds()
    found = around(site, snapshot, "hub")
    shown = [near.iri for branch in found.branches for near in branch.nears]
    leaves = [leaf for branch in found.branches for near in branch.nears for leaf in near.leaves]
    assert len(found.dated) == bounds.dated
    assert found.more_dated + found.unseen == 240 - bounds.dated
    assert found.unseen > 0
    assert len(shown) <= bounds.near
    assert len(shown) + len(leaves) < bounds.nodes
    assert len(shown) + sum(branch.more for branch in found.branches) == 242
    assert len(found.ties) <= bounds.ties


@pytest.mark.parametrize("name", ["alone", "loop", "g", "unheard-of"])
def test_a_thing_with_nothing_around_has_no_pictures_in_the_way(site: Settings, snapshot: Snapshot, name: str) -> None:
    found = around(site, snapshot, name)
    assert found.branches == () or name == "g"
    assert found.dated == ()


def test_as_many_neighbours_as_are_asked_for_each_way_in_its_turn(site: Settings, snapshot: Snapshot) -> None:
    sight = Sight(snapshot.engine, snapshot.index, looking(site, snapshot, bounds=Bounds(near=3)))
    branches, _ = neighbours(sight, f"{BASE}id/festival", sight.links(f"{BASE}id/festival"))
    assert sorted(len(branch.nears) for branch in branches) == [1, 2]
    assert sum(branch.more for branch in branches) == 3


# ---- pages


@pytest.fixture(scope="module")
def client(site: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Serving(site))) as opened:
        yield opened


class _Marks(HTMLParser):
    """The attributes that a page may not have, the ids it has, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.bad.append(f"{tag} {name}")
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")
        if tag == "script" and not dict(attrs).get("src") and dict(attrs).get("type") != "application/ld+json":
            self.bad.append("an inline script")


@pytest.mark.parametrize("language", ["ka", "en"])
def test_an_entity_page_shows_what_the_data_allows(client: TestClient, language: str) -> None:
    answer = client.get(f"/id/festival.{language}.html")
    marks = _Marks()
    marks.feed(answer.text)
    assert {"time", "map", "neighbourhood", "time-grid"} <= set(marks.ids)
    assert len(set(marks.ids)) == len(marks.ids)
    assert marks.bad == []
    assert "<script>alert" not in answer.text
    assert ("--05-12" not in answer.text) and (("12 მაისი" if language == "ka" else "12 May") in answer.text)
    assert len(answer.content) < 150_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("festival", {"time", "map", "neighbourhood"}),
        ("alone", set()),
        ("old", {"time"}),
        ("tbilisi", {"map", "neighbourhood", "time"}),
    ],
)
def test_pictures_are_chosen_from_the_data(client: TestClient, name: str, shown: set[str]) -> None:
    found = set(
        re.findall(
            r'<section class="section [^"]*" id="(time|map|neighbourhood)"', client.get(f"/id/{name}.en.html").text
        )
    )
    assert found == shown


@pytest.mark.parametrize(("language", "said"), [("en", "15 March 44 BCE"), ("ka", "ძვ. წ. 44 წლის 15 მარტი")])
def test_years_before_the_common_era_are_said_so(client: TestClient, language: str, said: str) -> None:
    assert said in client.get(f"/id/old.{language}.html").text


def test_a_map_says_its_places_as_a_list_and_draws_no_borders_of_its_own(client: TestClient) -> None:
    text = client.get("/id/festival.en.html").text
    assert "41.7151° N, 44.8271° E" in text
    assert 'class="land"' not in text


@pytest.mark.parametrize("name", ["festival", "alone", "old", "tbilisi", "loop", "hub", "by", "m7", "first"])
def test_a_page_knows_without_looking_whether_a_neighbourhood_can_be_drawn(
    site: Settings, snapshot: Snapshot, client: TestClient, name: str
) -> None:
    whole = around(site, snapshot, name)
    part = outlook(snapshot.engine, snapshot.index, f"{BASE}id/{name}", looking(site, snapshot))
    assert part.is_tied == whole.is_tied == bool(whole.branches)
    assert (part.dated, part.placed, part.yearless) == (whole.dated, whole.placed, whole.yearless)
    text = client.get(f"/id/{name}.en.html").text
    assert ('class="alone"' in text) == part.is_tied
    assert 'class="net"' not in text


NEIGHBOURS = f"/-/neighbours?iri={BASE}id/festival"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{NEIGHBOURS}&lang=ka", 200),
        (f"{NEIGHBOURS}&lang=en&open={BASE}id/first", 200),
        (f"{NEIGHBOURS}&open=https://unheard-of.example/", 200),
        (f"/-/neighbours?iri={BASE}id/alone", 200),
        ("/-/neighbours", 400),
        ("/-/neighbours?iri=none", 400),
        (f"{NEIGHBOURS}&open=%3Cx%3E", 400),
        (NEIGHBOURS + "".join(f"&open={BASE}id/{n}" for n in range(13)), 400),
        (f"/-/neighbours?iri={BASE}id/unheard-of", 404),
        (f"{NEIGHBOURS}&lang=xx", 400),
    ],
)
def test_the_page_of_a_neighbourhood_answers(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_what_is_opened_shows_more_and_can_be_closed_again(client: TestClient) -> None:
    def links(address: str) -> list[str]:
        marks = _Marks()
        marks.feed(client.get(address).text)
        return [link for link in marks.links if "/-/neighbours" in link]

    hub = f"/-/neighbours?lang=en&iri={BASE}id/by"
    opening = next(link for link in links(hub) if "hub" in link and "open=" in link)
    closing = [link for link in links(opening) if link.count("hub") == 0]
    assert client.get(opening).text.count("/id/m") > client.get(hub).text.count("/id/m")
    assert closing


def test_a_neighbourhood_is_json_for_programs(client: TestClient) -> None:
    answer = client.get(NEIGHBOURS, headers={"Accept": "application/json"})
    value = answer.json()
    assert answer.headers["content-type"].startswith("application/json")
    assert value["things"][0] == {"iri": f"{BASE}id/festival", "label": value["things"][0]["label"], "steps": 0}
    named = {thing["iri"] for thing in value["things"]}
    assert all({link["subject"], link["object"]} <= named for link in value["links"])
    assert "Accept" in answer.headers["vary"]


def test_a_fitting_outline_is_drawn_and_one_that_divides_is_not(site: Settings, snapshot: Snapshot) -> None:
    found = around(site, snapshot, "festival")
    made = pictures(found, site, "en", Outline(((WHOLE,),)))
    assert made is not None
    assert made.map is not None
    assert 'class="land"' in made.map.picture


@pytest.mark.parametrize(("ring", "drawn"), [(WHOLE, True), (ABKHAZIA, False)])
def test_a_site_brings_its_outline_as_a_file(tmp_path: Path, ring: tuple[Point, ...], drawn: bool) -> None:
    toml = TOML + '[pages]\noutline = "geo/land.geojson"\n'
    folder = write_site(tmp_path, {"data/a.ttl": DATA, "geo/land.geojson": geojson(ring)}, toml)
    settings = load(folder)
    build(settings, lambda files, settings: Report(True), lambda step, done: None)
    with TestClient(create_app(Serving(settings))) as opened:
        assert ('class="land"' in opened.get("/id/festival.en.html").text) is drawn


@pytest.mark.parametrize("path", ["/etc/passwd", "../outline.geojson"])
def test_an_outline_outside_the_site_is_refused(tmp_path: Path, path: str) -> None:
    folder = write_site(tmp_path, {}, TOML + f'[pages]\noutline = "{path}"\n')
    with pytest.raises(SettingsError, match="inside the site folder"):
        load(folder)


def test_the_places_by_which_an_outline_is_checked_lie_apart() -> None:
    assert len({(round(one.latitude, 1), round(one.longitude, 1)) for one in GEORGIA}) == len(GEORGIA)

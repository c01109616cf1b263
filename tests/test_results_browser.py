"""What the script of the results makes of an answer, in a real browser: order, pages, filter, chart, map, graph."""

import re
import shutil
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from conftest import write_site
from running import running

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium on the path"),
    # Playwright's event loop leaves its own sockets and transports to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

if CHROMIUM is not None:
    from playwright.sync_api import Browser, ConsoleMessage, Page, expect

DATA = """@prefix v: <v/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<id/a> rdfs:label "ანა"@ka, "Ana"@en ; v:knows <id/b>, <id/c> ; v:age 41 .
<id/b> rdfs:label "ბექა"@ka, "Beka"@en ; v:knows <id/a>, [ v:age 7 ] .
<id/c> rdfs:label "<img src=x onerror=alert(1)>"@en .
"""
COUNT = 'SELECT ?n (?n * 10 AS ?ten) { VALUES ?a {0 1 2 3 4 5 6 7 8 9 10 11} VALUES ?b {0 1 2 3 4 5 6 7 8 9} BIND(?a * 10 + ?b AS ?n) } ORDER BY DESC(?n)'  # fmt: skip
MIXED = """SELECT ?name ?n ?day { VALUES (?name ?n ?day) {
  ("ბ" 9 "2020-03-01"^^xsd:date) ("a10" 10.5 "1999-12-31"^^xsd:date) ("ა" -2 UNDEF) ("a9" UNDEF "2020-02-29"^^xsd:date) ("B" 1e2 "0800-01-01"^^xsd:date) } }"""  # fmt: skip
YEARS = "SELECT ?year ?n ?m { VALUES (?year ?n ?m) { (2012 3 1) (2010 5 2) (2011 4 3) } }"
PLACES = """SELECT ?who ?lat ?long { VALUES (?who ?lat ?long) {
  (id:a 41.7 44.8) (id:b 41.7 44.8) (id:c 42.3 42.7) (<https://away.example/> -33.9 18.4) } }"""
POINTS = 'SELECT ?x ?p { VALUES (?x ?p) { ("<b>1</b>" "POINT(44.8 41.7)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>) } }'  # fmt: skip
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?p = v:knows || ?p = v:age) }"
WIDE = "CONSTRUCT { ?x v:knows ?y } WHERE { VALUES ?a {1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20} VALUES ?b {1 2 3 4 5 6 7 8 9 10} BIND(IRI(CONCAT(STR(id:), STR(?a))) AS ?x) BIND(IRI(CONCAT(STR(id:), STR(?a), '-', STR(?b))) AS ?y) }"  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    toml = (
        'title = "Things"\nbase = "https://kg.example/"\nlanguages = ["en", "ka"]\n\n[prefixes]\nid = "id/"\nv = "v/"\n'
    )
    folder = write_site(tmp_path_factory.mktemp("results"), {"data/all.ttl": DATA}, toml)
    with running(folder) as found:
        yield found.rstrip("/")


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []

    def hear(message: "ConsoleMessage") -> None:
        if message.type == "error" and "/-/" not in message.location["url"].replace("/-/static/", ""):
            faults.append(message.text)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    assert faults == []
    context.close()


def ask(page: "Page", address: str, query: str, language: str = "en") -> None:
    page.goto(f"{address}/sparql?lang={language}&query={quote(query)}")


def show(page: "Page", name: str) -> None:
    page.locator("#answer").get_by_role("tab", name=name, exact=True).click()
    page.locator("#answer [role=tabpanel]:visible svg").first.wait_for()


def column(page: "Page", number: int) -> list[str]:
    return page.locator(f"#answer tbody td:nth-child({number})").all_inner_texts()


# ---- the table


@pytest.mark.parametrize(
    ("heading", "place", "rising", "falling"),
    [
        ("?n", 2, ["−2", "9", "10.5", "100", "–"], ["100", "10.5", "9", "−2", "–"]),
        ("?name", 1, ["a9", "a10", "B", "ა", "ბ"], ["ბ", "ა", "B", "a10", "a9"]),
        (
            "?day",
            3,
            ["1 January 800", "31 December 1999", "29 February 2020", "1 March 2020", "–"],
            ["1 March 2020", "29 February 2020", "31 December 1999", "1 January 800", "–"],
        ),
    ],
)
def test_a_heading_sorts_up_down_and_back_to_the_order_of_the_answer(
    page: "Page", address: str, heading: str, place: int, rising: list[str], falling: list[str]
) -> None:
    ask(page, address, MIXED)
    head = page.locator("#answer th").nth(place - 1)
    button, before = head.get_by_role("button", name=heading, exact=True), column(page, place)
    for expected, said in ((rising, "ascending"), (falling, "descending"), (before, None)):
        button.click()
        assert column(page, place) == expected
        assert head.get_attribute("aria-sort") == said


def test_links_stay_links_when_rows_are_sorted(page: "Page", address: str) -> None:
    ask(page, address, "SELECT ?x { ?x rdfs:label ?l FILTER(lang(?l) = 'en') }")
    page.get_by_role("button", name="?x", exact=True).click()
    assert column(page, 1) == ["<img src=x onerror=alert(1)>", "Ana", "Beka"]
    page.get_by_role("link", name="Beka", exact=True).click()
    assert page.url == f"{address}/id/b.en.html"


def test_pages_are_turned_and_their_size_is_remembered(page: "Page", address: str) -> None:
    ask(page, address, COUNT)
    status = page.locator("#answer .pager [role=status]")
    assert (status.inner_text(), len(column(page, 1))) == ("1–25 of 120", 25)
    page.get_by_role("button", name="Next").click()
    assert (status.inner_text(), column(page, 1)[0]) == ("26–50 of 120", "94")
    page.get_by_label("Rows per page").select_option("All")
    assert (status.inner_text(), len(column(page, 1))) == ("1–120 of 120", 120)
    ask(page, address, COUNT, "ka")
    assert len(column(page, 1)) == 120
    page.get_by_label("სტრიქონები გვერდზე").select_option("100")
    assert status.inner_text() == "1–100, სულ 120"


def test_a_filter_leaves_the_rows_that_contain_it(page: "Page", address: str) -> None:
    ask(page, address, COUNT)
    box = page.get_by_role("searchbox", name="Filter rows")
    box.fill("11")
    assert column(page, 1) == ["119", "118", "117", "116", "115", "114", "113", "112", "111", "110", "11"]
    box.fill("no such")
    expect(page.locator("#answer .pager [role=status]")).to_have_text("No row matches the filter.")
    box.press("Enter")
    assert column(page, 1) == []


# ---- which pictures there are


@pytest.mark.parametrize(
    ("query", "tabs"),
    [
        (COUNT, ["Table", "Chart"]),
        (PLACES, ["Table", "Map"]),
        (POINTS, ["Table", "Map"]),
        (GRAPH, ["Table", "Graph"]),
        ("SELECT ?s { ?s ?p ?o }", []),
        ("CONSTRUCT { ?s v:age ?o } WHERE { ?s v:age ?o }", []),
        ("ASK {}", []),
    ],
    ids=["numbers", "coordinates", "points", "triples", "things", "numbers of things", "truth"],
)
def test_tabs_are_there_only_for_what_can_be_drawn(page: "Page", address: str, query: str, tabs: list[str]) -> None:
    ask(page, address, query)
    assert page.locator("#answer [role=tab]").all_inner_texts() == tabs


def test_tabs_are_reached_with_the_arrow_keys(page: "Page", address: str) -> None:
    ask(page, address, COUNT)
    page.get_by_role("tab", name="Table").press("ArrowRight")
    chart = page.get_by_role("tab", name="Chart")
    expect(chart).to_be_focused()
    assert chart.get_attribute("aria-selected") == "true"
    expect(page.locator("svg.chart")).to_be_visible()
    assert not page.locator("#answer table").is_visible()


# ---- chart


def test_bars_show_the_filtered_rows_in_their_order_under_a_name(page: "Page", address: str) -> None:
    ask(page, address, COUNT)
    show(page, "Chart")
    chart = page.get_by_role("img", name="Chart: ?n")
    assert chart.locator("rect.bar").count() == 40
    assert "The first 40 are shown" in page.locator("#panel-chart").inner_text()
    page.get_by_label("Measure").select_option("?ten")
    expect(page.get_by_role("img", name="Chart: ?ten").locator(".figure").first).to_have_text("1,190")
    expect(page.get_by_label("Measure")).to_be_focused()
    page.get_by_role("searchbox", name="Filter rows").fill("119")
    expect(page.locator("rect.bar")).to_have_count(1)


def test_bars_grow_with_their_numbers_and_below_zero_to_the_other_side(page: "Page", address: str) -> None:
    ask(page, address, 'SELECT ?x ?n { VALUES (?x ?n) { ("<b>a</b>" 10) ("b" -5) ("c" 5) } }')
    show(page, "Chart")
    boxes = [(float(b.get_attribute("x") or 0), float(b.get_attribute("width") or 0)) for b in page.locator("rect.bar").all()]  # fmt: skip
    (ten, wide), (minus, narrow), (five, half) = boxes
    assert [wide, narrow] == pytest.approx([2 * half, half], abs=0.1)
    assert ten == pytest.approx(five, abs=0.1) == pytest.approx(minus + narrow, abs=0.1)
    assert page.locator("svg.chart .name").first.text_content() == "<b>a</b>"
    assert "−0" not in (page.locator("svg.chart").text_content() or "")


def test_years_make_a_line_from_left_to_right(page: "Page", address: str) -> None:
    ask(page, address, YEARS)
    show(page, "Chart")
    path = page.locator("svg.chart path.line").get_attribute("d") or ""
    across = [float(x) for x in re.findall(r"[ML]([\d.]+) ", path)]
    assert len(across) == 3 and across == sorted(across)
    ticks = page.locator("svg.chart .tick text").all_text_contents()
    assert [one for one in ticks if one.startswith("20")] == ["2010", "2011", "2012"]


def test_numbers_are_written_as_the_page_writes_them(page: "Page", address: str) -> None:
    ask(page, address, 'SELECT ?x ?n { VALUES (?x ?n) { ("a" 12345.5) ("b" 1) } }', "ka")
    cell = column(page, 2)[0]
    show(page, "დიაგრამა")
    assert page.locator("svg.chart .figure").first.text_content() == cell == "12\N{NO-BREAK SPACE}345,5"


# ---- map


def test_a_place_opens_with_its_things_and_closes_by_keyboard(page: "Page", address: str) -> None:
    ask(page, address, PLACES)
    show(page, "Map")
    assert page.get_by_role("group", name="Map. Places: 3").count() == 1
    place = page.get_by_role("button", name="Ana +1")
    place.focus()
    page.keyboard.press("Enter")
    card = page.locator("#panel-map .card")
    assert card.get_by_role("link").all_inner_texts() == ["Ana", "Beka"]
    assert "41.7° N, 44.8° E" in card.inner_text()
    expect(card.get_by_role("link", name="Ana")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.get_by_role("button", name="Ana +1")).to_be_focused()


def test_a_map_keeps_north_up_and_zooms(page: "Page", address: str) -> None:
    ask(page, address, PLACES)
    show(page, "Map")

    def at(name: str) -> tuple[float, float]:
        dot = page.get_by_role("button", name=name).locator("circle.dot")
        return float(dot.get_attribute("cx") or 0), float(dot.get_attribute("cy") or 0)

    (ana, north), (away, south) = at("Ana +1"), at("https://away.example/")
    assert ana > away and north < south
    page.get_by_role("button", name="Zoom out").click()
    expect(page.get_by_role("button", name="Zoom out")).to_be_focused()
    (nearer, _), (other, _) = at("Ana +1"), at("https://away.example/")
    assert nearer - other == pytest.approx((ana - away) / 2, abs=0.1)
    page.get_by_role("button", name="Show all").click()
    assert list(at("Ana +1")) == pytest.approx([ana, north], abs=0.1)


def test_a_map_is_dragged(page: "Page", address: str) -> None:
    ask(page, address, PLACES)
    show(page, "Map")
    page.locator("svg.map").scroll_into_view_if_needed()
    box = page.locator("svg.map").bounding_box()
    assert box is not None
    before = page.get_by_role("button", name="Ana +1").locator("circle.dot").get_attribute("cx")
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 340, box["y"] + 320, steps=3)
    page.mouse.up()
    after = page.get_by_role("button", name="Ana +1").locator("circle.dot").get_attribute("cx")
    assert float(after or 0) - float(before or 0) == pytest.approx(40, abs=0.1)


def test_a_well_known_text_is_a_place_and_its_name_is_inert(page: "Page", address: str) -> None:
    ask(page, address, POINTS)
    show(page, "Map")
    page.get_by_role("button", name="<b>1</b>").click()
    assert "41.7° N, 44.8° E" in page.locator("#panel-map .card").inner_text()
    assert page.locator("#panel-map b").count() == 0


# ---- graph


def test_a_graph_links_its_things_and_leaves_texts_to_the_table(page: "Page", address: str) -> None:
    ask(page, address, GRAPH)
    show(page, "Graph")
    graph = page.get_by_role("group", name="Graph. Nodes: 4, links: 4")
    assert graph.locator("a.node").count() == 3
    assert graph.locator("g.node").get_attribute("aria-label") is not None
    assert "Texts and numbers are in the table." in page.locator("#panel-graph").inner_text()
    node = graph.get_by_role("link", name="Beka")
    node.focus()
    assert graph.get_attribute("class") == "graph lit"
    node.press("Enter")
    page.wait_for_url(f"{address}/id/b.en.html")


def test_a_graph_is_laid_out_the_same_each_time_within_its_frame(page: "Page", address: str) -> None:
    def places() -> list[str | None]:
        ask(page, address, WIDE)
        show(page, "Graph")
        expect(page.locator(".node")).to_have_count(150)
        found: list[str | None] = page.locator(".node").evaluate_all(
            "all => all.map((one) => one.getAttribute('transform'))"
        )
        return found

    first = places()
    assert places() == first
    assert "The first 150 nodes are shown" in page.locator("#panel-graph").inner_text()
    size = page.locator("svg.graph").bounding_box()
    assert size is not None
    for one in first:
        x, y = (float(part) for part in re.findall(r"-?[\d.]+", one or ""))
        assert 0 <= x <= size["width"] and 0 <= y <= size["height"]


def test_a_node_is_dragged_without_following_its_link(page: "Page", address: str) -> None:
    ask(page, address, GRAPH)
    show(page, "Graph")
    node = page.locator("a.node", has_text="Beka")
    node.scroll_into_view_if_needed()
    before, box = node.get_attribute("transform"), node.locator("circle.dot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 40, steps=4)
    page.mouse.up()
    assert before is not None
    expect(node).not_to_have_attribute("transform", before)
    assert "/sparql?" in page.url


# ---- with other scripts, and with none


def test_an_answer_that_is_put_in_later_is_enhanced_too(page: "Page", address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/sparql?lang=en")
    page.evaluate(
        """async (address) => {
          const text = await (await fetch(address, { headers: { Accept: "text/html" } })).text();
          const answer = new DOMParser().parseFromString(text, "text/html").getElementById("answer");
          document.getElementById("answer").replaceChildren(...answer.children);
          document.dispatchEvent(new CustomEvent("kgpub:answer"));
        }""",
        f"/sparql?lang=en&query={quote(COUNT)}",
    )
    assert len(column(page, 1)) == 25
    show(page, "Chart")
    expect(page.locator("rect.bar")).to_have_count(40)
    page.locator("summary", has_text="Use this query").click()
    page.locator("button[data-copy=snippet-curl]").click()
    expect(page.locator("button[data-copy=snippet-curl]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#snippet-curl").text_content()


def test_without_javascript_there_are_all_rows_the_files_and_the_lines_to_copy(
    browser: "Browser", address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/sparql?lang=en")
    page.locator("#query").fill(COUNT)
    page.locator("#run").click()
    assert len(column(page, 1)) == 120
    assert page.locator("#answer .formats a[download]").count() == 7
    page.locator("summary", has_text="Use this query").click()
    page.locator("summary", has_text="Python").click()
    assert page.locator("#snippet-python").is_visible() and not page.locator("#snippet-curl").is_visible()
    page.locator("summary", has_text="Cite this answer").click()
    assert page.locator("#permalink").is_visible()
    assert page.locator("button[data-copy]:visible").count() == 0
    context.close()


VIEWS = [(COUNT, "chart"), (YEARS, "chart"), (PLACES, "map"), (GRAPH, "graph"), (WIDE, "graph"), (MIXED, "table")]


@pytest.mark.parametrize("language", ["ka", "en"])
@pytest.mark.parametrize(("query", "view"), VIEWS)
def test_no_view_makes_a_phone_scroll_sideways(
    browser: "Browser", address: str, query: str, view: str, language: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 780}, color_scheme="dark")
    page = context.new_page()
    ask(page, address, query, language)
    page.locator(f"#tab-{view}").click()
    if view != "table":
        expect(page.locator(f"#panel-{view} svg")).to_be_visible()
    for summary in page.locator(".fold > summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()

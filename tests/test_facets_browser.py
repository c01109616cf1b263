"""Browsing a class in a real browser: choices are applied at once and without JavaScript, comparing, no faults."""

import shutil
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from conftest import write_site
from running import running
from sampled import sampled

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium on the path"),
    # Playwright's event loop leaves its own sockets and transports to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

if CHROMIUM is not None:
    from playwright.sync_api import Browser, Page, expect

LONG = "საქართველოსადასაზღვარგარეთისსაერთაშორისოთანამშრომლობისორგანიზაცია"
SITE = {
    "ontology/t.ttl": """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
<Book> a owl:Class ; rdfs:label "Book"@en, "წიგნი"@ka . <by> rdfs:label "author"@en, "ავტორი"@ka .
""",
    "data/t.ttl": "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    + f'<ann> rdfs:label "Ann"@en, "{LONG}"@ka .\n'
    + "\n".join(
        f'<b{n:02}> a <Book> ; rdfs:label "B{n:02}"@en ; <by> <{"ann" if n % 2 else "bob"}> ; <shelf> "s{n % 15}" ;'
        f' <year> "{2000 + n % 15}"^^xsd:gYear .'
        for n in range(60)
    ),
}
TOML = 'title = "Books"\nbase = "https://kg.example/"\nlanguages = ["ka", "en"]\n[prefixes]\nex = ""\n'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(write_site(tmp_path_factory.mktemp("browse"), SITE, TOML)) as found:
        yield found.rstrip("/")


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


PAGES = [
    ("a class", "/-/browse?class=ex:Book&lang={0}"),
    ("a class narrowed down", "/-/browse?class=ex:Book&f=ex:by|ex:ann&f=ex:year|2000..2004&lang={0}"),
    ("nothing that fits", "/-/browse?class=ex:Book&f=ex:shelf|%22s1%22&f=ex:year|2000..2000&lang={0}"),
    ("a comparison", "/-/compare?iri=ex:b00&iri=ex:b01&iri=ex:b02&iri=ex:b03&lang={0}"),
]


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    sampled(
        [("ka", 390, "dark"), ("ka", 1280, "light"), ("en", 390, "dark"), ("en", 1280, "light")],
        [("ka", 390, "dark"), ("en", 1280, "light")],
    ),
)
@pytest.mark.parametrize("path", [row[1] for row in PAGES], ids=[row[0] for row in PAGES])
def test_a_page_opens_without_a_fault(
    browser: "Browser", address: str, path: str, language: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    answer = page.goto(address + path.format(language))
    assert answer is not None and answer.status == 200 and faults == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page must not scroll sideways"
    assert page.locator("h1").count() == 1
    context.close()


def test_a_marked_choice_is_applied_at_once_and_the_address_holds_it(page: "Page", address: str) -> None:
    page.goto(f"{address}/-/browse?class=ex:Book&lang=en")
    page.get_by_label("Ann 30").check()
    page.locator(".found", has_text="30 of 60").wait_for()
    assert "f=ex:by|ex:ann" in unquote(page.url)
    assert page.evaluate("document.activeElement.value") == "ex:by|ex:ann", "the reader stays where they are"
    page.get_by_label("2000–2001 4").check()
    page.locator(".found", has_text="4 of 60").wait_for()
    page.go_back()
    page.locator(".found", has_text="30 of 60").wait_for()
    page.locator(".chosen li a").click()
    page.locator(".found", has_text="60 in all").wait_for()


def test_without_javascript_the_form_has_a_button(browser: "Browser", address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/-/browse?class=ex:Book&lang=en")
    page.get_by_label("Ann 30").check()
    page.get_by_label("2000–2001 8").check()
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator(".found").inner_text() == "4 of 60"
    assert page.locator(".rows > li").count() == 4
    context.close()


def test_marked_members_are_compared_four_at_most(page: "Page", address: str) -> None:
    page.goto(f"{address}/-/browse?class=ex:Book&lang=en")
    compare = page.get_by_role("button", name="Compare")
    expect(compare).to_be_disabled()
    boxes = page.locator('#compare input[name="iri"]')
    for number in range(4):
        boxes.nth(number).check()
    expect(boxes.nth(4)).to_be_disabled()
    compare.click()
    page.wait_for_url("**/-/compare?*")
    assert page.locator("thead th").count() == 5
    assert page.locator("tr.same").count() >= 1 and page.locator("tr.differs").count() >= 1


def test_the_query_of_the_page_opens_in_the_editor(page: "Page", address: str) -> None:
    page.goto(f"{address}/-/browse?class=ex:Book&f=ex:by|ex:ann&lang=en")
    page.get_by_text("The same in SPARQL").click()
    page.get_by_role("link", name="Open in the editor").click()
    page.wait_for_url("**/sparql?*")
    expect(page.locator(".cm-content")).to_contain_text("SELECT DISTINCT ?thing")
    page.locator("#run").click()
    expect(page.locator("#answer")).to_contain_text("Rows: 30")


def test_on_a_phone_the_filters_are_folded_and_the_list_comes_first(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/-/browse?class=ex:Book&lang=ka")
    expect(page.locator("#filters")).not_to_be_visible()
    box = page.locator(".rows > li").first.bounding_box()
    assert box is not None and box["y"] < 844
    page.locator("details.filters > summary").click()
    expect(page.locator("#filters")).to_be_visible()
    context.close()

"""The pages in a real browser: both languages, phone and wide, light and dark, with and without JavaScript."""

import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from running import running
from sampled import sampled

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium on the path"),
    # Playwright's event loop leaves its own sockets and transports to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

if CHROMIUM is not None:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("snapshots")
    toml = tmp_path_factory.mktemp("site") / "site"
    shutil.copytree(
        ROOT, toml, ignore=shutil.ignore_patterns(".*", "tests", "src", "benchmarks", "docs", "node_modules")
    )
    text = (toml / "kgpub.toml").read_text("utf-8") + f'\n[snapshots]\nfolder = "{folder}"\n'
    (toml / "kgpub.toml").write_text(text, "utf-8")
    with running(toml) as found:
        yield found.rstrip("/")


PAGES = [
    ("home", "/?lang={0}", 200),
    ("classes", "/-/classes?lang={0}", 200),
    ("a class", "/-/links?iri=https%3A%2F%2Fdata.example.org%2Fns%2FProject&property=http%3A%2F%2Fwww.w3.org%2F1999%2F02%2F22-rdf-syntax-ns%23type&lang={0}", 200),
    ("an entity", "/id/project-border-migration.{0}.html", 200),
    ("an ontology term", "/ns/Project.{0}.html", 200),
    ("a hub", "/ns/asserted.{0}.html", 200),
    ("a document", "/id/doc-3.{0}.html", 200),
    ("about the data", "/-/data?lang={0}", 200),
    ("search", "/search?q=migratsia&lang={0}", 200),
    ("SPARQL", "/sparql?lang={0}&query=SELECT%20*%20WHERE%20%7B%20%3Fp%20kgp%3AfundedBy%20%3Ff%20%7D", 200),
    ("SPARQL with a mistake", "/sparql?lang={0}&query=SELECT%20%2A%20WHERE%20%7B", 400),
    ("404", "/id/nothing-here?lang={0}", 404),
]  # fmt: skip
LOOKS = [(1280, "light"), (390, "dark")]


@pytest.mark.parametrize(
    ("language", "look"), sampled(product(("ka", "en"), LOOKS), [("ka", LOOKS[1]), ("en", LOOKS[0])])
)
@pytest.mark.parametrize(("path", "status"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
def test_a_page_opens_without_a_fault(
    browser: "Browser", address: str, path: str, status: int, language: str, look: tuple[int, str]
) -> None:
    width, scheme = look
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(address + path.format(language))
    assert answer is not None and answer.status == status
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page must not scroll sideways"
    assert [url for url in asked if not url.startswith(address)] == [], "nothing is fetched from elsewhere"
    assert [fault for fault in faults if f"status of {status}" not in fault or status == 200] == []
    context.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_reader_switches_language_and_stays_on_the_page(page: "Page", address: str) -> None:
    page.goto(f"{address}/id/org-anmi.ka.html")
    page.get_by_role("link", name="English", exact=True).first.click()
    assert page.url == f"{address}/id/org-anmi.en.html"
    assert "Migration Issues Advocacy Network" in page.locator("h1").inner_text()


def test_a_source_opens_by_keyboard_and_without_javascript(browser: "Browser", address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/id/place-georgia.en.html")
    source = page.locator("details:has(q, blockquote)").first
    marker, quote = source.locator("summary"), source.locator("q, blockquote").first
    assert not quote.is_visible()
    marker.focus()
    page.keyboard.press("Enter")
    assert quote.is_visible()
    context.close()


def test_the_form_asks_and_the_table_leads_to_pages(page: "Page", address: str) -> None:
    page.goto(f"{address}/sparql?lang=en")
    page.locator(".cm-content").fill("SELECT ?m WHERE { ?m org:memberOf id:org-anmi } ORDER BY ?m")
    page.locator("#run").click()
    page.locator("#answer table tbody tr").nth(8).wait_for()
    assert page.locator("#answer table tbody tr").count() == 9
    page.locator("#answer table tbody tr a").first.click()
    page.wait_for_url("**/id/**")
    assert page.url.startswith(f"{address}/id/org-") and page.url.endswith(".en.html")


def test_search_finds_georgian_written_in_latin_letters(page: "Page", address: str) -> None:
    page.goto(f"{address}/?lang=ka")
    page.locator("main input[name=q]").fill("saagento")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    assert "სააგენტო" in page.locator("main").inner_text()

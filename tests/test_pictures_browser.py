"""Pictures in a real browser: opening in place and by the keyboard, without scripts, on a phone, light and dark."""

import shutil
from collections.abc import Iterator
from itertools import product

import pytest

from conftest import TOML, write_site
from running import running
from sampled import sampled
from test_pictures import DATA, WHOLE, geojson

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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    files = {"data/a.ttl": DATA, "geo/land.geojson": geojson(WHOLE)}
    folder = write_site(tmp_path_factory.mktemp("pictures"), files, TOML + '[pages]\noutline = "geo/land.geojson"\n')
    with running(folder) as found:
        yield found.rstrip("/")


def page_of(browser: "Browser", url: str, width: int = 1280, *, scripts: bool = True, scheme: str = "light") -> "Page":
    """A page that fails the test on anything that a script or the security policy complains of."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda request: said.append(request.url) if not request.url.startswith("http://127.0.0.1") else None
    )
    page.goto(url)
    assert said == []
    return page


def drawn(page: "Page") -> "Page":
    """The same page when its neighbourhood has come into view and is drawn."""
    page.evaluate("document.getElementById('neighbourhood').scrollIntoView()")
    expect(page.locator("#neighbourhood .as-list")).to_be_attached()
    return page


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    sampled(
        product(("ka", "en"), (360, 820, 1280), ("light", "dark")),
        [("ka", 360, "dark"), ("en", 820, "dark"), ("en", 1280, "light")],
    ),
)
def test_pictures_fit_the_screen_and_ask_nobody_else(
    browser: "Browser", address: str, language: str, width: int, scheme: str
) -> None:
    page = page_of(browser, f"{address}/id/festival.{language}.html", width, scheme=scheme)
    for part in ("#time", "#map", "#neighbourhood"):
        expect(page.locator(part)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_strips_have_the_scale_of_the_axis(browser: "Browser", address: str) -> None:
    page = page_of(browser, f"{address}/id/festival.en.html")
    boxes = [one.bounding_box() for one in page.locator("#time svg").all()]
    lefts = {round(box["x"]) for box in boxes if box}
    widths = {round(box["width"]) for box in boxes if box}
    assert len(boxes) == 5
    assert len(lefts) == len(widths) == 1
    assert page.locator("#time-grid line").count() >= page.locator("#time .axis > line").count() > 2
    page.context.close()


@pytest.mark.parametrize("key", ["Enter", "click"])
def test_a_neighbour_opens_in_place_and_keeps_the_focus(browser: "Browser", address: str, key: str) -> None:
    page = drawn(page_of(browser, f"{address}/id/by.en.html"))
    before = page.locator("#neighbourhood .leaf").count()
    opener = page.locator('.net [data-n]:has(a[href*="hub"]) .opener').first
    opener.focus()
    if key == "click":
        opener.click()
    else:
        page.keyboard.press(key)
    expect(page.locator("#neighbourhood .leaf")).to_have_count(before + 12)
    assert page.url.endswith("/id/by.en.html")
    focused = page.evaluate("document.activeElement.getAttribute('class')")
    assert focused == "opener"
    page.keyboard.press("Enter")
    expect(page.locator("#neighbourhood .leaf")).to_have_count(before)
    page.context.close()


def test_a_neighbour_opens_from_the_list_too(browser: "Browser", address: str) -> None:
    page = drawn(page_of(browser, f"{address}/id/by.en.html"))
    page.locator(".as-list > summary").click()
    before = page.locator(".tree li").count()
    page.locator('.tree li:has(> a[href*="hub"]) > .opener').first.click()
    expect(page.locator(".tree li")).to_have_count(before + 12)
    assert page.evaluate("document.activeElement.closest('.as-list') !== null")
    page.context.close()


def test_what_cannot_be_loaded_is_said(browser: "Browser", address: str) -> None:
    page = drawn(page_of(browser, f"{address}/id/by.en.html"))
    page.route("**/-/neighbours**", lambda route: route.abort())
    page.locator(".net .opener").first.click()
    expect(page.locator("#neighbourhood [role=alert]")).to_have_text("It could not be loaded; please try again.")
    page.context.close()


def test_without_a_script_a_link_leads_to_the_picture_and_the_plus_to_a_page_that_shows_more(
    browser: "Browser", address: str
) -> None:
    page = page_of(browser, f"{address}/id/by.ka.html", scripts=False)
    page.locator("#neighbourhood .alone").click()
    page.wait_for_url("**/-/neighbours**")
    before = page.locator("#neighbourhood .leaf").count()
    page.locator('.net [data-n]:has(a[href*="hub"]) .opener').first.click()
    page.wait_for_url("**/-/neighbours**open=**")
    assert page.locator("#neighbourhood .leaf").count() == before + 12
    assert page.locator("html").get_attribute("lang") == "ka"
    page.context.close()


def test_a_neighbourhood_that_cannot_be_had_leaves_the_way_to_its_page(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route("**/-/neighbours**", lambda route: route.abort())
    page.goto(f"{address}/id/by.en.html")
    expect(page.locator("#neighbourhood [role=alert]")).to_be_visible()
    expect(page.locator("#neighbourhood .alone")).to_be_visible()
    expect(page.locator("#neighbourhood h2")).to_have_text("Neighbourhood")
    context.close()


def test_a_neighbourhood_far_below_is_not_asked_for(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 150})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/id/festival.en.html", wait_until="networkidle")
    assert not any("/-/neighbours" in one for one in asked)
    drawn(page)
    assert any("/-/neighbours" in one for one in asked)
    expect(page.locator("#neighbourhood h2")).to_be_visible()
    context.close()


def test_on_a_phone_the_list_is_the_picture(browser: "Browser", address: str) -> None:
    page = drawn(page_of(browser, f"{address}/id/festival.en.html", 360))
    expect(page.locator(".tree a").first).to_be_visible()
    expect(page.locator(".net-of")).to_be_hidden()
    page.context.close()


def test_every_link_of_the_picture_can_be_reached_and_has_a_name(browser: "Browser", address: str) -> None:
    page = drawn(page_of(browser, f"{address}/id/festival.en.html"))
    links = page.locator(".net a, .map-picture a")
    assert links.count() > 10
    for link in links.all():
        link.focus()
        assert page.evaluate("document.activeElement.closest('svg') !== null")
        assert link.evaluate("one => (one.getAttribute('aria-label') || one.textContent).trim()")
    page.context.close()


def test_what_is_tied_to_a_thing_stands_out_when_it_is_looked_at(browser: "Browser", address: str) -> None:
    page = drawn(page_of(browser, f"{address}/id/festival.en.html"))
    page.locator('.net [data-n]:has(a[href*="first"]) a').last.focus()
    assert page.locator(".net.lit .arc.here title").first.text_content() == "First – schema:location – Batumi"
    page.context.close()


def test_geometry_is_drawn_behind_the_places(browser: "Browser", address: str) -> None:
    page = page_of(browser, f"{address}/id/festival.en.html")
    assert page.locator(".map-picture .land").count() == 1
    assert page.locator(".map-picture .place.wide").count() == 3
    page.context.close()

"""The search box in a real browser: suggestions by keyboard and pointer, what is announced, and the plain form."""

import shutil
from collections.abc import Iterator

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
    from playwright.sync_api import Browser, Page, Route, expect

DATA = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<id/a> a <o#Agency> ; rdfs:label "Water Agency"@en, "წყლის სააგენტო"@ka .
<id/b> a <o#Agency> ; rdfs:label "<img src=x onerror=alert(1)> Water & Ice 🇬🇪 watered"@en .
<id/c> a <o#Lake> ; rdfs:label "Waterfall"@en .
<o#Agency> rdfs:label "agency"@en, "უწყება"@ka .
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = write_site(tmp_path_factory.mktemp("box"), {"data/a.ttl": DATA})
    with running(folder) as found:
        yield found


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    assert faults == []
    context.close()


def box(page: "Page", address: str, path: str = "-/classes?lang=en") -> tuple[str, str]:
    """Type into the page's search box; the selectors of the box and of the list that belongs to it."""
    page.goto(address + path)
    page.locator("input[name=q]").press_sequentially("wat")
    list_id = page.locator("input[name=q]").get_attribute("aria-controls")
    page.locator(f"#{list_id}").wait_for(state="visible")
    return "input[name=q]", f"#{list_id}"


@pytest.mark.parametrize("path", ["?lang=en", "-/classes?lang=en", "search?lang=en", "id/nothing?lang=en"])
def test_every_search_box_suggests(page: "Page", address: str, path: str) -> None:
    field, listed = box(page, address, path)
    expect(page.locator(f"{listed} [role=option]")).to_have_count(3)
    expect(page.locator(field)).to_have_attribute("role", "combobox")
    expect(page.locator(field)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("form[role=search] [role=status]")).to_have_text("Suggestions: 3")


def test_labels_are_text_with_what_matched_marked(page: "Page", address: str) -> None:
    _, listed = box(page, address)
    options = page.locator(f"{listed} [role=option]")
    hostile = options.filter(has_text="onerror")
    expect(hostile.locator(".name")).to_have_text("<img src=x onerror=alert(1)> Water & Ice 🇬🇪 watered")
    assert hostile.locator("mark").all_inner_texts() == ["Water", "watered"]
    assert page.locator(f"{listed} img").count() == 0
    expect(options.filter(has_text="Water Agency").locator(".kind")).to_have_text("agency")


def test_arrow_keys_go_round_and_enter_opens_the_chosen(page: "Page", address: str) -> None:
    field, listed = box(page, address)
    options = page.locator(f"{listed} [role=option]")
    chosen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        chosen.append(page.locator(field).get_attribute("aria-activedescendant"))
    names = [options.nth(place).get_attribute("id") for place in range(3)]
    assert chosen == [*names, None, names[2], names[1]]
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator(field)).to_have_value("wat")
    expected = options.nth(1).get_attribute("data-page")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{expected}")


def test_escape_closes_and_then_empties(page: "Page", address: str) -> None:
    field, listed = box(page, address)
    page.keyboard.press("Escape")
    expect(page.locator(listed)).to_be_hidden()
    expect(page.locator(field)).to_have_value("wat")
    expect(page.locator(field)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(page.locator(listed)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(field)).to_have_value("")


def test_a_click_opens_a_suggestion_and_leaving_closes_the_list(page: "Page", address: str) -> None:
    field, listed = box(page, address)
    page.keyboard.press("Tab")
    expect(page.locator(listed)).to_be_hidden()
    page.locator(field).press("ArrowDown")
    page.locator(f"{listed} [role=option]").filter(has_text="Waterfall").click()
    page.wait_for_url("**/id/c.en.html")


def test_enter_without_a_choice_searches(page: "Page", address: str) -> None:
    box(page, address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?lang=en&q=wat")
    expect(page.locator(".rows.found > li")).to_have_count(3)


def test_nothing_found_is_said_and_trouble_leaves_the_form_alone(page: "Page", address: str) -> None:
    field, listed = box(page, address, "-/classes?lang=ka")
    page.locator(field).fill("qqqqq")
    expect(page.locator("form[role=search] [role=status]")).to_have_text("შემოთავაზება არ არის.")
    expect(page.locator(listed)).to_be_hidden()
    page.route("**/-/suggest?**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator(field).fill("water")
    expect(page.locator(listed)).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?lang=ka&q=water")


def test_only_the_last_question_counts(page: "Page", address: str) -> None:
    held: list[Route] = []
    page.route("**/-/suggest?*q=waterf", lambda route: held.append(route))  # noqa: PLW0108 - not a builtin
    page.goto(f"{address}-/classes?lang=en")
    with page.expect_request("**/-/suggest?*q=waterf"):
        page.locator("input[name=q]").fill("waterf")
    with page.expect_response("**/-/suggest?*q=wy"):
        page.locator("input[name=q]").fill("wy")
    expect(page.locator("[role=option] .name")).to_have_text(["Water Agency"])
    held[0].fulfill(json={"query": "waterf", "suggestions": []})
    expect(page.locator("[role=option] .name")).to_have_text(["Water Agency"])


def test_without_scripts_it_is_a_form(browser: "Browser", address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}-/classes?lang=ka")
    page.locator("input[name=q]").fill("წყალი")
    page.keyboard.press("Enter")
    expect(page.locator(".rows.found > li")).to_have_count(1)
    assert "lang=ka" in page.url
    context.close()

"""Every kind of page for everybody (WCAG 2.2 AA): axe-core's rules, the keyboard, 200 % zoom, no scripts, its weight."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from page_types import LANGUAGES, MAIN, PAGE_TYPES, PageType
from running import running

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).parent / "pages/node_modules/axe-core/axe.min.js"
HEAVIEST = 100_000
"""Bytes on the wire of the first page that a reader opens, everything on it included."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium on the path"),
    # Playwright's event loop leaves its own sockets and transports to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; try: npm ci --prefix tests/pages")

if CHROMIUM is not None:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme]] = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(ROOT, KGPUB_SNAPSHOTS__FOLDER=str(tmp_path_factory.mktemp("snapshots"))) as base:
        yield base


QUICK = ("home", "project")
"""What is looked at each time; the other pages with the slow tests."""
every_page = pytest.mark.parametrize(
    "kind",
    [pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow) for one in PAGE_TYPES],
)


def opened(page: "Page", address: str, kind: PageType, language: str, *, scripts: bool = True) -> "Page":
    """The page in a language, with what its scripts add to it."""
    answer = page.goto(address + kind.address.format(language))
    assert answer is not None and answer.status == kind.status
    if scripts and kind.name.startswith("sparql"):
        page.locator(".cm-content").wait_for()
    return page


def told(found: dict[str, Any]) -> list[str]:  # Any: what axe-core reports
    """What axe-core finds, a line each."""
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.fixture(scope="module")
def screens(browser: "Browser") -> Iterator[dict[str, "Page"]]:
    """A page on each kind of screen in each colour scheme."""
    contexts = {
        f"{width} {scheme}": browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        for width, scheme in SCREENS
    }
    yield {name: context.new_page() for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@needs_axe
@every_page
def test_axe_finds_nothing(screens: dict[str, "Page"], address: str, kind: PageType) -> None:
    found = []
    for name, page in screens.items():
        for language in LANGUAGES:
            opened(page, address, kind, language).evaluate(AXE.read_text("utf-8"))
            report = page.evaluate(f"axe.run({json.dumps(RULES)})")
            found += [f"{language} {name} {line}" for line in told(report)]
    assert found == []


@every_page
def test_at_200_percent_nothing_scrolls_sideways(browser: "Browser", address: str, kind: PageType) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page = context.new_page()
    wide = [
        language
        for language in LANGUAGES
        if opened(page, address, kind, language).evaluate("document.documentElement.scrollWidth") > 640
    ]
    context.close()
    assert wide == []


_FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  const around = [one, ...one.querySelectorAll('*'), one.parentElement, one.parentElement.closest('li')].filter(Boolean);
  const looks = () => around.map((each) => {
    const { outline, boxShadow, stroke, strokeWidth, fill, textDecorationLine } = getComputedStyle(each);
    return [outline, boxShadow, stroke, strokeWidth, fill, textDecorationLine].join();
  }).join(';');
  const focused = looks();
  one.blur();
  const plain = looks();
  one.focus({ preventScroll: true });
  return {
    name: one.tagName + ' ' + (one.getAttribute('href') || one.name || one.className) + ' ' + one.textContent.trim().slice(0, 40),
    id: one.number ??= window.numbers = (window.numbers ?? 0) + 1,
    isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    isMarked: focused !== plain,
  };
}"""
_REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0
    && !(one.type === 'radio' && !one.checked) && !one.closest('.cm-editor, svg'))
  .map((one) => one.number ??= window.numbers = (window.numbers ?? 0) + 1)"""


@every_page
def test_every_control_is_reached_by_keyboard_in_order_and_seen(
    browser: "Browser", address: str, kind: PageType
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = opened(context.new_page(), address, kind, "ka")
    wanted, reached, faults = set(page.evaluate(_REACHABLE)), [], []
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(2 * len(wanted) + 50):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None or focused["id"] in reached:
            break
        reached.append(focused["id"])
        if not (focused["isSeen"] and focused["isMarked"]):
            faults.append(f"{'not marked' if focused['isSeen'] else 'not seen'}: {focused['name']}")
        if page.evaluate("document.activeElement.closest('.cm-editor') !== null"):
            page.keyboard.press("Escape")  # the editor's way out: Tab writes in it
    context.close()
    assert faults == []
    assert wanted - set(reached) == set()


def test_the_first_link_leads_past_the_head_of_the_page(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = opened(context.new_page(), address, PAGE_TYPES[3], "en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


@every_page
def test_it_is_complete_without_scripts_and_nothing_moves_with_them(
    browser: "Browser", address: str, kind: PageType
) -> None:
    bare = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = opened(bare.new_page(), address, kind, "ka", scripts=False)
    assert page.locator("h1").inner_text() and page.locator("main").inner_text() and page.locator("footer a").count()
    bare.close()
    full = browser.new_context(viewport={"width": 1280, "height": 900})
    full.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " if (!one.hadRecentInput) window.moved += one.value; }).observe({ type: 'layout-shift', buffered: true });"
    )
    page = opened(full.new_page(), address, kind, "ka")
    moved = page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.moved))))")
    full.close()
    assert moved < 0.01


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", [one for one in PAGE_TYPES if one.name in MAIN and one.name != "sparql"], ids=lambda one: one.name
)
def test_a_first_page_weighs_little(browser: "Browser", address: str, kind: PageType, language: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    wire = page.context.new_cdp_session(page)
    weights: dict[str, float] = {}
    addresses: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda told: addresses.update({told["requestId"]: told["response"]["url"]}))
    wire.on("Network.loadingFinished", lambda told: weights.update({told["requestId"]: told["encodedDataLength"]}))
    wire.send("Network.enable")
    opened(page, address, kind, language).wait_for_load_state("networkidle")  # fonts are asked for when text is set
    context.close()
    fonts = [url for url in addresses.values() if url.endswith(".woff2")]
    assert len(fonts) >= 3
    assert sum(weights.values()) < HEAVIEST, {addresses.get(key): size for key, size in weights.items()}

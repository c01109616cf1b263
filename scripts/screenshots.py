"""Make pictures of every kind of page, in both languages, both colour schemes, on a phone and a wide screen.

    .venv/bin/python scripts/screenshots.py FOLDER [SITE] [--only home,search]

The site is this repository's own unless another folder is given; it is served for as long as it takes. Another site
needs the same addresses (tests/page_types.py), so pages that it does not have come out as what it says instead.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from page_types import LANGUAGES, PAGE_TYPES, PageType  # noqa: E402 # found once tests/ is on the path
from running import running  # noqa: E402 # the same

SCREENS = {"phone": (390, 844, 2), "wide": (1360, 850, 1)}
SCHEMES = ("light", "dark")
LAZY = "for (const one of document.images) one.loading = 'eager'"
"""What lies below the screen is fetched too, since the picture is of the whole page."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Read the command line, serve the site, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("site", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--only", default="", help="names of kinds of pages, with commas between them")
    given = parser.parse_args()
    wanted = [one for one in PAGE_TYPES if not given.only or one.name in given.only.split(",")]
    given.folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("there is no chromium on the path")
    with (
        tempfile.TemporaryDirectory() as snapshots,
        running(given.site.resolve(), KGPUB_SNAPSHOTS__FOLDER=snapshots) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for screen in SCREENS:
            for scheme in SCHEMES:
                take(browser, address, wanted, screen, scheme, given.folder)
        browser.close()


def take(browser: Browser, address: str, pages: list[PageType], screen: str, scheme: str, folder: Path) -> None:
    """Take the pictures of these pages on one kind of screen in one colour scheme, whole pages each."""
    width, height, scale = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    for kind in pages:
        for language in LANGUAGES:
            page.goto(address + kind.address.format(language), wait_until="networkidle")
            page.evaluate(LAZY)
            page.wait_for_load_state("networkidle")
            path = folder / f"{kind.name}-{language}-{screen}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
            sys.stdout.write(f"{path}\n")
    context.close()


if __name__ == "__main__":
    main()

"""What several tables need: a site folder out of a few files."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

BASE = "https://kg.example/"
TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("kgpub", deadline=None)  # how long an example takes is no property
settings.load_profile("kgpub")


def write_site(tmp_path: Path, files: Mapping[str, str], toml: str | None = TOML) -> Path:
    """A site folder with these files, by their paths in it; no ``kgpub.toml`` when ``toml`` is None."""
    folder = tmp_path / "site"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
    if toml is not None:
        (folder / "kgpub.toml").write_text(toml, "utf-8")
    return folder


@pytest.fixture
def make_site() -> Callable[..., Path]:
    """The way to a site folder: ``make_site(tmp_path, files, toml)``."""
    return write_site


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests says nothing about sites."""
    for name in list(os.environ):
        if name.upper().startswith("KGPUB_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium without a window; modules that need it skip themselves where there is none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 # most tests need no browser

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield opened
        opened.close()

"""What several tables need: a site folder out of a few files."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

BASE = "https://kg.example/"
TOML = f'title = "Things"\nbase = "{BASE}"\nlanguages = ["ka", "en"]\n'

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

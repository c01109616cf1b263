"""The W3C's HTML checker (Nu) finds no error on any kind of page, in either language."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from page_types import LANGUAGES, PAGE_TYPES
from running import running

ROOT = Path(__file__).parents[1]
CHECKER = Path(__file__).parent / "pages/node_modules/vnu-jar/build/dist/vnu.jar"
JAVA = shutil.which("java")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(JAVA is None, reason="needs Java on the path"),
    pytest.mark.skipif(not CHECKER.is_file(), reason="the checker is not installed; try: npm ci --prefix tests/pages"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of every kind of page, as files."""
    folder = tmp_path_factory.mktemp("pages")
    with running(ROOT, KGPUB_SNAPSHOTS__FOLDER=str(tmp_path_factory.mktemp("snapshots"))) as base:
        for kind in PAGE_TYPES:
            for language in LANGUAGES:
                (folder / f"{kind.name}.{language}.html").write_bytes(_fetch(base + kind.address.format(language)))
    yield folder


def _fetch(address: str) -> bytes:
    """A page's body, refusals' pages included."""
    request = urllib.request.Request(address, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.read()


def _messages(*arguments: str) -> list[dict[str, object]]:
    """What the checker says of files."""
    command = [str(JAVA), "-jar", str(CHECKER), "--format", "json", "--stdout", "--exit-zero-always", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[dict[str, object]] = json.loads(done.stdout)["messages"]
    return found


def test_the_checker_finds_no_error(pages: Path) -> None:
    assert len(list(pages.iterdir())) == len(PAGE_TYPES) * len(LANGUAGES)
    found = [one for one in _messages("--skip-non-html", str(pages)) if one["type"] != "info" or "subType" in one]
    told = [f"{Path(str(one['url'])).name}:{one.get('lastLine')}: {one['message']}" for one in found]
    assert told == []


def test_the_checker_does_find_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text('<!doctype html><html lang="en"><title>x</title><p><p id=a><b id=a></p>')
    assert any(one["type"] == "error" for one in _messages(str(tmp_path / "wrong.html")))

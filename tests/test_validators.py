"""What changes a validator, one thing at a time: the entity tag of an address follows its bytes and nothing else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kgpub.making.building import build
from kgpub.model import Report
from kgpub.represent import html, locale
from kgpub.represent import words as said
from kgpub.represent.messages import MESSAGES
from kgpub.settings import load
from kgpub.web import create_app
from kgpub.web.serving import Serving

TOML = 'title = "T"\nbase = "https://d.example/"\nlanguages = ["en", "ka"]\n'
DATA = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<id/a> rdfs:label "A"@en , "ა"@ka ; <ns/p> "v" .
<id/b> rdfs:label "B"@en , "ბ"@ka ; <ns/p> "w" .
"""
ADDRESSES = ("/id/a.en.html", "/id/a.ka.html", "/id/a.ttl", "/id/a.jsonld", "/id/b.en.html", "/id/b.ttl", "/?lang=en")
PAGES = {"/id/a.en.html", "/id/a.ka.html", "/id/b.en.html", "/?lang=en"}

Change = Callable[[Path, pytest.MonkeyPatch], None]


def tags(folder: Path, coding: str = "identity") -> dict[str, str]:
    settings = load(folder)
    build(settings, lambda *_: Report(True), lambda *_: None)
    with TestClient(create_app(Serving(settings))) as client:
        headers = {"Accept-Encoding": coding}
        return {address: client.get(address, headers=headers).headers["etag"] for address in ADDRESSES}


def edit(name: str, old: str, new: str) -> Change:
    def change(folder: Path, _: pytest.MonkeyPatch) -> None:
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return change


def template(folder: Path, patch: pytest.MonkeyPatch) -> None:
    copy = folder.parent / "represent"
    shutil.copytree(Path(html.__file__).parent, copy)
    page = copy / "templates/entity.html"
    page.write_text(page.read_text("utf-8").replace("<h1", '<h1 title="new"'), "utf-8")
    patch.setattr(html, "_HERE", copy)


def translation(_: Path, patch: pytest.MonkeyPatch) -> None:
    words = MESSAGES["statements"]
    patch.setattr(said, "MESSAGES", {**MESSAGES, "statements": words._replace(ka=f"{words.ka} (ახალი)")})


HOME = "/?lang=en"
"""It describes the release as a schema.org Dataset, with its version and files, so it changes with each."""

ROWS: list[tuple[str, Change, set[str]]] = [
    ("nothing", lambda _, __: None, set()),
    ("one thing's data", edit("data/a.ttl", '"v"', '"V"'), {"/id/a.en.html", "/id/a.ka.html", "/id/a.ttl", "/id/a.jsonld", HOME}),
    ("a comment in the data", edit("data/a.ttl", "<id/a>", "# a comment\n<id/a>"), {HOME}),
    ("the title", edit("kgpub.toml", '"T"', '"New"'), PAGES),
    ("a prefix that is used", edit("kgpub.toml", "languages", 'prefixes = { n = "ns/" }\nlanguages'), set(ADDRESSES)),
    ("a template", template, PAGES - {"/?lang=en"}),
    ("a translation", translation, {"/id/a.ka.html"}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "changed"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_validator_changes_with_what_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, changed: set[str]
) -> None:
    folder = tmp_path / "site"
    (folder / "data").mkdir(parents=True)
    (folder / "kgpub.toml").write_text(TOML, "utf-8")
    (folder / "data/a.ttl").write_text(DATA, "utf-8")
    _forget()
    before = tags(folder)
    change(folder, monkeypatch)
    _forget()
    after = tags(folder)
    monkeypatch.undo()
    _forget()
    assert {address for address in ADDRESSES if before[address] != after[address]} == changed


def test_a_coding_has_a_validator_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "kgpub.toml").write_text(TOML, "utf-8")
    (tmp_path / "data/a.ttl").write_text(DATA, "utf-8")
    found = [tags(tmp_path, coding)["/id/a.en.html"] for coding in ("identity", "gzip", "br", "zstd")]
    assert len(set(found)) == len(found)


def _forget() -> None:
    html._environment.cache_clear()
    html._template.cache_clear()
    locale.voice.cache_clear()
    said.words.cache_clear()

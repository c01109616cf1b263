"""The settings of a site: what is refused, what wins, what each of them means."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from kgpub.errors import SettingsError
from kgpub.settings import FILE, STANDARD_PREFIXES, Settings, load

MakeSite = Callable[..., Path]
TITLE, BASE, LANGUAGES = 'title = "Things"\n', 'base = "https://kg.example/"\n', 'languages = ["ka", "en"]\n'
PLAIN = TITLE + BASE + LANGUAGES


def _with_base(base: str) -> str:
    return TITLE + f'base = "{base}"\n' + LANGUAGES


REFUSED = [
    # the file
    pytest.param(None, f"{FILE}: there is no such file", id="a folder without settings is no site"),
    pytest.param(PLAIN + "x = \n", f"{FILE}:4: Invalid value", id="broken TOML is named with its line"),
    pytest.param(PLAIN + "[x", f"{FILE}:4: ", id="a file that breaks off is named with its last line"),
    pytest.param(PLAIN + BASE, f"{FILE}:4: ", id="a key given twice is named with its line"),
    pytest.param(BASE + LANGUAGES, f"{FILE}: title: ", id="a missing title"),
    pytest.param(TITLE + LANGUAGES, f"{FILE}: base: ", id="a missing base"),
    pytest.param(TITLE + BASE, f"{FILE}: languages: ", id="missing languages"),
    pytest.param(PLAIN + "colour = 1", f"{FILE}: colour: ", id="an unknown key"),
    pytest.param(PLAIN + "[pages]\nlinsk = 10", f"{FILE}: pages.linsk: ", id="an unknown key in a table"),
    pytest.param(PLAIN + "[graphs.x]\nfoo = 1", f"{FILE}: graphs.x.foo: ", id="an unknown key in a rule"),
    pytest.param(PLAIN + '_env_prefix = "X"', f"{FILE}: _env_prefix: ", id="a key that means something to a library"),
    pytest.param(PLAIN + "_flags = {}", f"{FILE}: _flags: ", id="a key that means something to us"),
    pytest.param(PLAIN + 'self = "x"', f"{FILE}: self: ", id="a key that means something to Python"),
    pytest.param(PLAIN + 'folder = "x"', f"{FILE}: folder: ", id="the folder is not the file's to say"),
    # types
    pytest.param(PLAIN + "accent = 5", f"{FILE}: accent: ", id="a number for a text"),
    pytest.param(TITLE + BASE + 'languages = "ka"', f"{FILE}: languages: ", id="a text for a list"),
    pytest.param(TITLE + BASE + 'languages = ["ka", 1]', f"{FILE}: languages.1: ", id="a number in a list of texts"),
    pytest.param(PLAIN + "pages = 5", f"{FILE}: pages: ", id="a number for a table"),
    pytest.param(PLAIN + "[graphs]\nx = 1", f"{FILE}: graphs.x: ", id="a number for a rule"),
    pytest.param(PLAIN + "[pages]\nlinks = 20.5", f"{FILE}: pages.links: ", id="a fraction for a count"),
    pytest.param(BASE + LANGUAGES + "title = 5", f"{FILE}: title: ", id="a number for a title"),
    pytest.param(BASE + LANGUAGES + "title = {}", f"{FILE}: title: ", id="a title in no language"),
    pytest.param(
        BASE + LANGUAGES + 'title = {"not a tag" = "x"}', f"{FILE}: title: ", id="a title in no real language"
    ),
    pytest.param(BASE + LANGUAGES + "title = {ka = 5}", f"{FILE}: title: ", id="a number for a title in a language"),
    pytest.param(PLAIN + 'data = "data"', f"{FILE}: data: ", id="a text for a list of folders"),
    # base
    pytest.param(_with_base("kg.example/"), f"{FILE}: base: ", id="a base without a scheme"),
    pytest.param(_with_base("https://kg.example"), f"{FILE}: base: ", id="a base without a slash"),
    pytest.param(_with_base("https://kg.example/id"), f"{FILE}: base: ", id="a base with a path without a slash"),
    pytest.param(_with_base("ftp://kg.example/"), f"{FILE}: base: ", id="a base that no browser opens"),
    pytest.param(_with_base("urn:kg/"), f"{FILE}: base: ", id="a base without a host"),
    pytest.param(_with_base("https://kg.example/?q=/"), f"{FILE}: base: ", id="a base with a query"),
    pytest.param(_with_base("https://kg.example/#/"), f"{FILE}: base: ", id="a base with a hash"),
    pytest.param(_with_base("https://kg.example/a b/"), f"{FILE}: base: ", id="a base with a space"),
    pytest.param(_with_base("https://kg.example/\\n"), f"{FILE}: base: ", id="a base with a line feed"),
    pytest.param(_with_base("https://kg.example/%zz/"), f"{FILE}: base: ", id="a base with a broken escape"),
    pytest.param(_with_base("https://kg.example:port/"), f"{FILE}: base: ", id="a base with a port that is none"),
    pytest.param(_with_base("https://a℀b.example/"), f"{FILE}: base: ", id="a base with a host that no URL may have"),
    pytest.param(_with_base("https://kg.example/a/../"), f"{FILE}: base: ", id="a base that steps up"),
    pytest.param(_with_base("https://kg.example//"), f"{FILE}: base: ", id="a base with an empty segment"),
    pytest.param(_with_base("https://kg.example/კგ/"), f"{FILE}: mount: ", id="a base whose path needs a mount given"),
    # languages
    pytest.param(TITLE + BASE + "languages = []", f"{FILE}: languages: ", id="no language at all"),
    pytest.param(TITLE + BASE + 'languages = ["ka_GE"]', f"{FILE}: languages: ", id="a locale for a language tag"),
    pytest.param(TITLE + BASE + 'languages = ["ka", "fr"]', "does not speak fr", id="a language that has no interface"),
    pytest.param(TITLE + BASE + 'languages = [""]', f"{FILE}: languages: ", id="an empty language"),
    # the rest
    pytest.param(PLAIN + 'accent = "teal"', f"{FILE}: accent: ", id="a colour by its name"),
    pytest.param(PLAIN + 'accent = "#12345"', f"{FILE}: accent: ", id="a colour with five digits"),
    pytest.param(PLAIN + 'accent = "#123456;}"', f"{FILE}: accent: ", id="a colour with something behind it"),
    pytest.param(PLAIN + 'accent = "#123456\\n"', f"{FILE}: accent: ", id="a colour with a line feed"),
    pytest.param(PLAIN + 'mount = "kg"', f"{FILE}: mount: ", id="a mount without slashes"),
    pytest.param(PLAIN + 'mount = "/kg"', f"{FILE}: mount: ", id="a mount without its last slash"),
    pytest.param(PLAIN + 'mount = "//kg.evil/"', f"{FILE}: mount: ", id="a mount that is another host"),
    pytest.param(PLAIN + 'mount = "/../"', f"{FILE}: mount: ", id="a mount that steps up"),
    pytest.param(PLAIN + 'mount = "/a/./b/"', f"{FILE}: mount: ", id="a mount that steps on the spot"),
    pytest.param(PLAIN + 'mount = "/{path}/"', f"{FILE}: mount: ", id="a mount that is a pattern"),
    pytest.param(PLAIN + 'licence = "CC BY"', f"{FILE}: licence: ", id="a licence that is no IRI"),
    pytest.param(
        PLAIN + 'publisher_url = "javascript:x"', f"{FILE}: publisher_url: ", id="a publisher that is a script"
    ),
    pytest.param(PLAIN + 'publisher_url = "mailto:a@b.example"', f"{FILE}: publisher_url: ", id="a publisher by mail"),
    pytest.param(PLAIN + 'contact = "a@b.example"', f"{FILE}: contact: ", id="a contact without its scheme"),
    pytest.param(PLAIN + 'contact = "https://kg.example/a b"', f"{FILE}: contact: ", id="a contact with a space"),
    pytest.param(PLAIN + "[pages]\nlinks = 4", f"{FILE}: pages.links: ", id="too few links on a page"),
    pytest.param(PLAIN + "[pages]\nlinks = 501", f"{FILE}: pages.links: ", id="too many links on a page"),
    pytest.param(PLAIN + "[pages]\ncache = -1", f"{FILE}: pages.cache: ", id="less than no memory"),
    pytest.param(PLAIN + "[snapshots]\nkeep = 0", f"{FILE}: snapshots.keep: ", id="keeping no snapshot"),
    pytest.param(PLAIN + '[snapshots]\nfolder = ""', f"{FILE}: snapshots.folder: ", id="snapshots in the site itself"),
    pytest.param(PLAIN + "[sparql]\nmax_rows = 0", f"{FILE}: sparql.max_rows: ", id="answers without rows"),
    pytest.param(PLAIN + 'data = ["../other"]', f"{FILE}: data: ", id="data outside the folder"),
    pytest.param(PLAIN + 'data = ["/etc"]', f"{FILE}: data: ", id="data anywhere"),
    pytest.param(PLAIN + 'shapes = [""]', f"{FILE}: shapes: ", id="a folder without a name"),
    pytest.param(PLAIN + '[prefixes]\n"a b" = "x/"', f"{FILE}: prefixes: ", id="a prefix with a space"),
    pytest.param(PLAIN + '[prefixes]\n_ = "x/"', f"{FILE}: prefixes: ", id="a prefix that begins blank nodes"),
    pytest.param(PLAIN + '[prefixes]\nxml = "x/"', f"{FILE}: prefixes: ", id="a prefix that XML keeps to itself"),
    pytest.param(PLAIN + '[prefixes]\na = "x y"', f"{FILE}: prefixes: ", id="a namespace that is no IRI"),
    pytest.param(PLAIN + 'featured = ["a b"]', f"{FILE}: featured: ", id="a featured class that is no IRI"),
    pytest.param(
        PLAIN + '[vocabulary]\nlabels = ["a b"]', f"{FILE}: vocabulary.labels: ", id="a property that is no IRI"
    ),
]


@pytest.mark.parametrize(("toml", "expected"), REFUSED)
def test_what_will_not_do_is_refused_by_file_and_key(
    make_site: MakeSite, tmp_path: Path, toml: str | None, expected: str
) -> None:
    folder = make_site(tmp_path, {}, toml)
    with pytest.raises(SettingsError) as refusal:
        load(folder)
    assert expected in refusal.value.detail
    assert str(folder / FILE) in refusal.value.detail
    assert "\n" not in refusal.value.detail


UNREADABLE = [
    pytest.param(b"\xff\xfe" + PLAIN.encode("utf-16-le"), id="UTF-16"),
    pytest.param(PLAIN.encode() + b"# \xff", id="bytes that are no UTF-8"),
]


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + PLAIN.encode(), PLAIN.replace("\n", "\r\n").encode()])
def test_files_from_windows_are_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert load(tmp_path).base == "https://kg.example/"


# what wins

PAGES = "[pages]\npreview = 7\n"
PRECEDENCE = [
    pytest.param("", {}, {}, "base", "https://kg.example/", id="the file over the default"),
    pytest.param("", {"KGPUB_BASE": "https://env.example/"}, {}, "base", "https://env.example/",
                 id="the environment over the file"),
    pytest.param("", {"kgpub_base": "https://env.example/"}, {}, "base", "https://env.example/",
                 id="the environment in small letters"),
    pytest.param("", {"KGPUB_BASE": "https://env.example/"}, {"base": "https://flag.example/"}, "base",
                 "https://flag.example/", id="a flag over the environment"),
    pytest.param('mount = "/file/"\n', {}, {"mount": "/flag/"}, "mount", "/flag/", id="a flag over the file"),
    pytest.param("", {"KGPUB_LANGUAGES": '["en"]'}, {}, "languages", ("en",), id="a list in the environment is JSON"),
    pytest.param("", {"KGPUB_TITLE": "ნივთები"}, {}, "title", "ნივთები", id="a title in the environment is plain text"),
    pytest.param("", {"KGPUB_TITLE": '{"KA": "x"}'}, {}, "title", {"ka": "x"}, id="or JSON, by language"),
    pytest.param("", {"KGPUB_TITLE__EN": "x"}, {}, "title", {"en": "x"}, id="or a variable by language"),
    pytest.param(PAGES, {"KGPUB_PAGES__LINKS": "20"}, {}, "pages.links", 20, id="one number of a table"),
    pytest.param(PAGES, {"KGPUB_PAGES__LINKS": "20"}, {}, "pages.preview", 7, id="leaves the table's others to the file"),
    pytest.param(PAGES, {"KGPUB_PAGES__LINKS": "20"}, {}, "pages.cache", 64_000_000, id="and to their defaults"),
    pytest.param("", {"KGPUB_PAGES__LINKS": "20"}, {}, "pages.preview", 10, id="also where the file has no such table"),
    pytest.param(PAGES, {"KGPUB_PAGES__LINKS": "20"}, {"pages": {"links": 30}}, "pages.links", 30, id="a flag in a table"),
    pytest.param(PAGES, {}, {"pages": {"links": 30}}, "pages.preview", 7, id="leaves the table's others too"),
    pytest.param('[prefixes]\nb = "c/"\n', {"KGPUB_PREFIXES__A": "x/"}, {}, "prefixes", {"a": "x/", "b": "c/"},
                 id="a prefix is added to the file's"),
    pytest.param("", {"KGPUB_UNKNOWN": "x"}, {}, "base", "https://kg.example/", id="a stranger's variable is passed over"),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "environment", "flags", "key", "expected"), PRECEDENCE)
def test_what_wins(
    make_site: MakeSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    toml: str,
    environment: Mapping[str, str],
    flags: dict[str, Any],
    key: str,
    expected: object,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found: Any = load(make_site(tmp_path, {}, PLAIN + toml), flags)
    for part in key.split("."):
        found = getattr(found, part)
    assert found == expected


def test_the_folder_is_the_one_that_was_given(
    make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGPUB_FOLDER", "/elsewhere")
    folder = make_site(tmp_path, {})
    assert load(folder).folder == folder
    assert load(folder).snapshots_folder == folder / ".kgpub"


OUTSIDE = [
    pytest.param({"KGPUB_BASE": "x"}, {}, "base", "KGPUB_BASE", id="a bad base in the environment"),
    pytest.param({"KGPUB_PAGES__LINKS": "2"}, {}, "pages.links", "KGPUB_PAGES__LINKS", id="a bad number in a table"),
    pytest.param({"KGPUB_PAGES__LINKS": "many"}, {}, "pages.links", "KGPUB_PAGES__LINKS", id="a number that is none"),
    pytest.param({"KGPUB_PAGES__TYPO": "2"}, {}, "pages.typo", "KGPUB_PAGES__TYPO", id="an unknown key in a table"),
    pytest.param({"KGPUB_LANGUAGES": "ka"}, {}, "languages", "environment", id="a list that is no JSON"),
    pytest.param({"KGPUB_TITLE": "2013"}, {}, "title", "KGPUB_TITLE", id="a title that JSON takes for a number"),
    pytest.param({}, {"mount": "kg"}, "mount", "flag", id="a bad flag"),
    pytest.param({}, {"pages": {"links": 1}}, "pages.links", "flag", id="a bad flag in a table"),
    pytest.param({}, {"typo": 1}, "typo", "flag", id="an unknown flag"),
]


@pytest.mark.parametrize(("environment", "flags", "key", "origin"), OUTSIDE)
def test_what_will_not_do_from_outside_is_refused_by_key_and_origin(
    make_site: MakeSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: Mapping[str, str],
    flags: dict[str, Any],
    key: str,
    origin: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load(make_site(tmp_path, {}, PLAIN), flags)
    assert key in refusal.value.detail
    assert origin in refusal.value.detail


# what follows from them


def _site(**more: Any) -> Settings:
    return Settings(**{"title": "T", "base": "https://kg.example/a/", "languages": ("ka", "en")} | more)


MOUNTS = [
    pytest.param("https://kg.example/", "", "/", id="the root"),
    pytest.param("https://kg.example/a/b/", "", "/a/b/", id="the path of the base"),
    pytest.param("https://kg.example/a/", "/", "/", id="a mount that is given"),
    pytest.param("https://kg.example/კგ/", "/kg/", "/kg/", id="a mount for a base with Georgian letters"),
]


@pytest.mark.parametrize(("base", "mount", "expected"), MOUNTS)
def test_where_the_site_is_served(base: str, mount: str, expected: str) -> None:
    assert _site(base=base, mount=mount).iris.mount == expected


LANGUAGE_LISTS = [
    pytest.param(("ka", "en"), ("ka", "en"), id="as given"),
    pytest.param(("KA", "ka", "en-GB"), ("ka", "en-gb"), id="in lower case, each once"),
]


@pytest.mark.parametrize(("given", "expected"), LANGUAGE_LISTS)
def test_languages(given: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert _site(languages=given).languages == expected


RULES: dict[str, dict[str, Any]] = {
    "data/secret/*": {"publish": False},
    "graph/inferred": {"default": False},
    "data/*.trig": {"name": "graph/named", "default": False},
    "data/a.trig": {"default": True},
    "https://other.example/*": {"default": False},
}

FILES = [
    pytest.param("data/x.ttl", "graph/x", {}, id="no pattern fits: published, in no stated graph"),
    pytest.param("data/secret/x.ttl", "graph/secret/x", {"publish": False}, id="a pattern of files"),
    pytest.param("data/secret/deep/x.ttl", "graph/secret/deep/x", {"publish": False}, id="a star covers folders"),
    pytest.param("data/inferred.ttl", "graph/inferred", {"default": False}, id="a graph by its name below the base"),
    pytest.param("data/b.trig", "graph/b", {"name": "graph/named", "default": False}, id="a pattern with two settings"),
    pytest.param("data/a.trig", "graph/a", {"name": "graph/named", "default": True}, id="a later rule wins key by key"),
    pytest.param("data/y.trig", "https://other.example/g", {"name": "graph/named", "default": False}, id="a full IRI"),
    pytest.param("DATA/secret/x.ttl", "graph/x", {}, id="letter case matters"),
]


@pytest.mark.parametrize(("path", "graph", "expected"), FILES)
def test_what_holds_for_a_file_and_its_graph(path: str, graph: str, expected: dict[str, Any]) -> None:
    site = _site(graphs=RULES)
    rule = site.rule(path, site.absolute(graph))
    assert rule.model_dump() == {"name": None, "publish": True, "default": None} | expected


WORDS = [
    pytest.param("x", ("ka", "en"), ("x", ""), id="a plain text has no language"),
    pytest.param({"ka": "ა", "en": "a"}, ("en", "ka"), ("a", "en"), id="the reader's language"),
    pytest.param({"EN": "a"}, ("en",), ("a", "en"), id="a tag in capitals"),
    pytest.param({"ka": "ა"}, ("en",), ("ა", "ka"), id="the other one where there is no better"),
]


@pytest.mark.parametrize(("title", "languages", "expected"), WORDS)
def test_words(title: Any, languages: tuple[str, ...], expected: tuple[str, str]) -> None:
    site = _site(title=title)
    found = site.words(site.title, languages)
    assert (found.value, found.language) == expected


def test_prefixes_are_made_absolute_and_may_override_the_standard_ones() -> None:
    site = _site(prefixes={"id": "id/", "foaf": "https://kg.example/foaf#"})
    assert site.all_prefixes == {
        **STANDARD_PREFIXES,
        "id": "https://kg.example/a/id/",
        "foaf": "https://kg.example/foaf#",
    }
    assert site.properties(["id:x", "y", "skos:prefLabel", "urn:z"]) == (
        "https://kg.example/a/id/x",
        "https://kg.example/a/y",
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "urn:z",
    )


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        _site().base = "https://other.example/"  # type: ignore[misc]  # that is the point


def _settings(table: type[BaseModel], before: str = "") -> Iterator[tuple[str, str | None]]:
    for name, field in table.model_fields.items():
        yield before + name, field.description
        kind: Any = field.annotation
        nested = kind if isinstance(kind, type) else (getattr(kind, "__args__", ()) or (None,))[-1]
        if isinstance(nested, type) and issubclass(nested, BaseModel):
            yield from _settings(nested, f"{before}{name}.")


@pytest.mark.parametrize(("name", "help"), list(_settings(Settings)), ids=lambda value: str(value)[:40])
def test_every_setting_has_a_help_text(name: str, help: str | None) -> None:
    assert help is not None
    assert help.endswith(".")

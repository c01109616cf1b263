"""A site folder's own templates, static files and words: each takes the place of ours alone, and cannot do harm."""

import asyncio
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from conftest import TOML, write_site
from kgpub.errors import KgpubError, SettingsError
from kgpub.making.building import build
from kgpub.model import Statistics
from kgpub.overrides import LARGEST, NOTHING, Overrides, read, stamp
from kgpub.represent import html
from kgpub.represent.locale import XSD, voice
from kgpub.represent.logo import HEIGHT, logo
from kgpub.represent.messages import MESSAGES
from kgpub.represent.words import complaints, spoken, words
from kgpub.settings import Settings, load
from kgpub.validate import validate
from kgpub.web import create_app
from kgpub.web.serving import Serving

DATA = '<https://kg.example/a> <http://www.w3.org/2000/01/rdf-schema#label> "A"@en .'
GERMAN = """
home = "Startseite"
"date.full" = "{day}. {month} {year}"
"many.entities" = "one: {count} Ding | other: {count} Dinge"
classes.name = "Klasse"
"""


def settings(tmp_path: Path, files: dict[str, str], more: str = "") -> Settings:
    return load(write_site(tmp_path, {"data/a.nt": DATA, **files}, TOML + more))


def home(site: Settings, language: str = "en") -> str:
    return html.home(Statistics(), {}, site, language, "v", "2026-11-27T07:10:24Z")


# ---- templates


def test_a_template_takes_the_place_of_ours_and_of_no_other(tmp_path: Path) -> None:
    site = settings(tmp_path, {"templates/home.html": "<p>{{ say('home') }} {{ view.frame.title }}</p>"})
    assert home(site) == "<p>Home Things</p>"
    assert "<h1>" in html.notice(html.Notice.PRIVACY, site, "en")


def test_a_template_extends_ours_and_fills_one_block(tmp_path: Path) -> None:
    template = '{% extends "kgpub/home.html" %}{% block hero %}<h1>Ours & theirs</h1>{% endblock %}'
    made = home(settings(tmp_path, {"templates/home.html": template}))
    assert "<h1>Ours & theirs</h1>" in made and "<footer" in made and "big" not in made


def test_a_layout_of_the_site_is_around_all_pages_of_ours(tmp_path: Path) -> None:
    template = '{% extends "kgpub/layout.html" %}{% block foot %}<p id="own"></p>{% endblock %}'
    site = settings(tmp_path, {"templates/layout.html": template})
    for made in (home(site), html.notice(html.Notice.ACCESSIBILITY, site, "ka")):
        assert '<p id="own"></p>' in made and "foot-row" not in made


def test_what_a_template_of_the_site_shows_is_escaped(tmp_path: Path) -> None:
    text = "<i>{{ view.frame.title }}</i>"
    folder = write_site(tmp_path, {"data/a.nt": DATA, "templates/home.html": text}, TOML.replace("Things", "<b>&"))
    assert home(load(folder)) == "<i>&lt;b&gt;&amp;</i>"


BROKEN = [
    ("a tag that does not end", "<p>\n{% if view %}", r"templates/home\.html:\d+: Unexpected end of template"),
    ("no expression", "a\nb {{ }}", r"templates/home\.html:2: Expected an expression"),
    ("no such filter", "{{ view | nothing }}", r"templates/home\.html:1: No filter named 'nothing'"),
]


@pytest.mark.parametrize(("text", "told"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_template_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        html.check(settings(tmp_path, {"templates/home.html": text}))


# ---- the folders


def test_a_site_without_folders_overrides_nothing(tmp_path: Path) -> None:
    found = read(write_site(tmp_path, {}))
    assert (found.templates, found.static, found.words) == (NOTHING.templates, NOTHING.static, NOTHING.words)
    assert stamp(tmp_path / "site") == ()


def test_only_files_with_plain_names_are_read(tmp_path: Path) -> None:
    names = ("ok.css", ".hidden.css", "two words.css", "deep/er.css", "ქართული.css")
    found = read(write_site(tmp_path, {f"static/{name}": "x" for name in names} | {"templates/notes.txt": "x"}))
    assert (list(found.static), list(found.templates)) == (["ok.css"], [])


SAID = {"templates/home.html": "<p>a</p>", "static/a.css": "x", "locale/ka.toml": 'a = "b"'}


@pytest.mark.parametrize("name", SAID)
def test_what_has_not_changed_is_the_same_when_it_is_read_again(tmp_path: Path, name: str) -> None:
    folder = write_site(tmp_path, SAID)
    before = read(folder)
    assert read(folder) is before  # what was compiled for it serves on
    (folder / name).write_text(SAID[name].replace("a", "c").replace("x", "y"))
    after = read(folder)
    assert after is not before
    assert before.static["a.css"] == b"x"
    (folder / name).write_text(SAID[name])
    assert read(folder) is before


def test_what_leads_out_of_the_site_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("secret")
    folder = write_site(tmp_path, {"static/ok.css": "x"})
    (folder / "static/way.css").symlink_to(secret)
    with pytest.raises(SettingsError, match=r"way\.css: leads out of the site folder"):
        read(folder)


def test_a_folder_that_is_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.css").write_text("x")
    folder = write_site(tmp_path, {})
    (folder / "static").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(SettingsError, match="leads out of the site folder"):
        read(folder)


def _too_large(folder: Path) -> None:
    with (folder / "static/a.css").open("wb") as file:
        file.truncate(LARGEST + 1)


def _latin(folder: Path) -> None:
    (folder / "templates/home.html").write_bytes(b"caf\xe9")


REFUSED: list[tuple[str, Callable[[Path], object], str]] = [
    ("a file too large", _too_large, r"a\.css: is larger than"),
    ("a template that is no UTF-8", _latin, r"home\.html: is not UTF-8"),
    ("words that are no TOML", lambda f: (f / "locale/ka.toml").write_text("a = 1\nb ="), r"ka\.toml:2: "),
    ("a word that is a number", lambda f: (f / "locale/ka.toml").write_text("[a]\nb = 1"), r"ka\.toml: a\.b: must be a text"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_it_is_refused(tmp_path: Path, spoil: Callable[[Path], object], told: str) -> None:
    folder = write_site(tmp_path, {"static/a.css": "", "templates/home.html": "", "locale/ka.toml": ""})
    spoil(folder)
    with pytest.raises(SettingsError, match=told):
        read(folder)


# ---- static files


def test_a_static_file_takes_the_place_of_ours_and_its_style_sheet_comes_last(tmp_path: Path) -> None:
    site = settings(tmp_path, {"static/mark.svg": "<svg/>", "static/site.css": "p { color: red }"})
    assert html.static_file(site, "mark.svg") == b"<svg/>"
    assert html.static_file(site, "app.js") == html.static_files()["app.js"]
    assert html.static_file(site, "nothing.js") is None
    assert html.site_css(site).startswith(":root") and html.site_css(site).endswith("p { color: red }")


# ---- words


def test_a_third_language_is_a_file(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {"data/a.nt": DATA, "locale/de.toml": GERMAN}, TOML.replace('"en"', '"en", "de"'))
    site = load(folder)
    say = voice("de", site.overrides)
    assert (say("home"), say("classes.name"), say("search")) == ("Startseite", "Klasse", "Search")
    assert say.date("2013-12-15", XSD + "date") == "15. Dezember 2013"
    assert (say.count(17452), say.number("1234.50")) == ("17.452", "1.234,50")
    assert [say.many("many.entities", number) for number in (1, 2)] == ["1 Ding", "2 Dinge"]
    assert say.language_name("ka") == "Georgisch"
    made = home(site, "de")
    assert '<html lang="de">' in made and ">Deutsch</a>" in made
    missing = len(MESSAGES) - 4
    assert html.check(site) == (next(t for t in complaints(site.overrides) if f"{missing} of {len(MESSAGES)}" in t),)


def test_a_language_without_a_file_is_still_refused(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {"locale/de.toml": GERMAN}, TOML.replace('"en"', '"en", "fr"'))
    with pytest.raises(SettingsError, match=r"does not speak fr; it speaks ka, en, de"):
        load(folder)


def test_every_message_in_a_third_language_is_what_its_file_says() -> None:
    whole = Overrides(words={"de": {key: f"~{both.en}" for key, both in MESSAGES.items()}})
    assert complaints(whole) == ()
    assert all(text.startswith("~") for text in words("de", whole).values())


SPOKEN = [
    ("ka", "ka"), ("ka-Latn", "ka"), ("en-GB", "en"), ("fr", "en"), ("de", "de"), ("de-AT", "de"), ("de-CH", "de-ch"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "said"), SPOKEN)
def test_a_reader_is_spoken_to_in(language: str, said: str) -> None:
    ours = Overrides(words={"de": {}, "de-ch": {}})
    assert spoken(language, ours) == said
    assert spoken(said, ours) == said, "whoever is spoken to alike shares templates"


def test_a_word_of_the_site_takes_the_place_of_ours_in_its_language_alone(tmp_path: Path) -> None:
    site = settings(tmp_path, {"locale/ka.toml": 'search = "მოძებნა"'})
    assert (voice("ka", site.overrides)("search"), voice("en", site.overrides)("search")) == ("მოძებნა", "Search")
    assert ">მოძებნა</button>" in home(site, "ka") and html.check(site) == ()


FAULTS = [
    ("a key that we do not have", '"no.such" = "x"', "no.such: there is no such message"),
    ("a value that is not given", '"list.count" = "{cuont}"', "list.count: {cuont}: the message has no such value"),
    (
        "a way into the program",
        '"list.count" = "{count.__class__}"',
        "{count.__class__}: the message has no such value",
    ),
    ("a conversion", '"list.count" = "{count!r}"', "{count!r}: the message has no such value"),
    ("a width", '"list.count" = "{count:>99999999}"', "{count:>99999999}: the message has no such value"),
    ("a place without a name", '"list.count" = "{}"', "{}: the message has no such value"),
    ("a brace alone", '"list.count" = "}"', "list.count: cannot be read"),
]


@pytest.mark.parametrize(("line", "told"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_wrong_word_is_told_and_ours_stays(tmp_path: Path, line: str, told: str) -> None:
    site = settings(tmp_path, {"locale/ka.toml": line})
    assert [told in one for one in html.check(site)] == [True]
    assert voice("ka", site.overrides)("list.count", count="5") == "სულ: 5"


def test_what_a_word_says_is_escaped(tmp_path: Path) -> None:
    made = home(settings(tmp_path, {"locale/en.toml": 'search = "<script>"'}))
    assert "<script>" not in re.sub(r"<script src", "", made) and "&lt;script&gt;" in made


PLURALS = [
    ("ka", 1, "1 ერთეული"), ("ka", 5, "5 ერთეული"), ("en", 0, "0 entities"), ("en", 1, "1 entity"),
    ("en", 17452, "17,452 entities"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "number", "said"), PLURALS)
def test_a_number_of_things_is_said_in_its_form(language: str, number: int, said: str) -> None:
    assert voice(language).many("many.entities", number) == said


def test_a_language_may_have_more_forms_than_ours() -> None:
    polish = {"many.entities": "one: {count} rzecz | few: {count} rzeczy | many: {count} rzeczy* | other: {count} r."}
    say = voice("pl", Overrides(words={"pl": polish}))
    assert [say.many("many.entities", number) for number in (1, 3, 5)] == ["1 rzecz", "3 rzeczy", "5 rzeczy*"]


# ---- logo, colours, footer


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


LOGOS = [
    ("a PNG", png(300, 100), 3 * HEIGHT),
    ("an SVG with measures", b'<svg xmlns="x" width="200px" height="100" viewBox="0 0 1 1">', 2 * HEIGHT),
    ("an SVG with a box", b'<?xml version="1.0"?><svg viewBox="0 0 50.5 101">', HEIGHT // 2),
    ("no measures", b"<svg>", HEIGHT),
    ("no height", png(300, 0), HEIGHT),
    ("a very wide one", png(30_000, 1), 8 * HEIGHT),
    ("a very high one", png(1, 30_000), HEIGHT // 8),
    ("a torn PNG", png(300, 100)[:18], HEIGHT),
    ("nothing", b"", HEIGHT),
]


@pytest.mark.parametrize(("image", "width"), [row[1:] for row in LOGOS], ids=[row[0] for row in LOGOS])
def test_the_place_of_a_logo_is_as_wide_as_it(image: bytes, width: int) -> None:
    found = logo("logo.png", Overrides(static={"logo.png": image}))
    assert found is not None and (found.width, found.height) == (width, HEIGHT)


def test_the_logo_takes_the_place_of_the_mark(tmp_path: Path) -> None:
    made = home(settings(tmp_path, {"static/logo.svg": '<svg viewBox="0 0 3 1"/>'}, 'logo = "logo.svg"\n'))
    assert f'src="/-/static/logo.svg" width="120" height="{HEIGHT}" alt=""' in made and 'class="mark"' not in made


WRONG = [
    ('logo = "logo.svg"', "logo: there is no static/logo.svg"),
    ('logo = "../logo.svg"', "logo: must be the name of"),
    ('logo = "logo.gif"', "logo: must be the name of"),
    ('accent_dark = "red"', "accent_dark: must be a colour"),
    ('footer = 5', "footer: must be a text"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "told"), WRONG)
def test_a_setting_of_the_looks_is_refused(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        settings(tmp_path, {}, line + "\n")


def test_the_footer_says_what_the_settings_say_in_the_readers_language(tmp_path: Path) -> None:
    more = """
contact = "mailto:data@kg.example"
licence = "https://creativecommons.org/licenses/by/4.0/"
publisher = { ka = "სააგენტო", en = "Agency" }
footer = { ka = "საცდელი <ვერსია>", en = "A trial <version>" }
quotes_licence = "Quoted for research"
accent_dark = "#ffcc00"
"""
    site = settings(tmp_path, {}, more)
    foot = home(site, "ka").partition("<footer")[2]
    for word in ("სააგენტო", "საცდელი &lt;ვერსია&gt;", "data@kg.example", "CC BY 4.0", "Quoted for research"):
        assert word in foot
    assert 'href="/-/privacy?lang=ka"' in foot and 'href="/-/accessibility?lang=ka"' in foot
    assert "A trial &lt;version&gt;" in home(site, "en")
    assert "#ffcc00" in html.site_css(site)


# ---- served


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    files = {"data/a.nt": DATA, "static/logo.svg": "<svg/>", "static/page.html": "<script>", "static/font.woff2": "x"}
    folder = write_site(tmp_path, files)
    site = load(folder)
    build(site, validate, lambda step, done: None)
    made = Serving(site, lambda: load(folder))
    yield made
    asyncio.run(made.pool.close())
    made.now.snapshot.close()


SERVED = [
    ("-/static/logo.svg", 200, "image/svg+xml"),
    ("-/static/font.woff2", 200, "font/woff2"),
    ("-/static/firago-georgian-400.woff2", 200, "font/woff2"),
    ("-/static/page.html", 404, ""),
    ("-/static/..%2Fkgpub.toml", 404, ""),
    ("-/accessibility?lang=ka", 200, "text/html; charset=utf-8"),
    ("-/privacy", 200, "text/html; charset=utf-8"),
    ("-/privacy?lang=fr", 400, ""),
]


def test_what_is_served_and_followed(serving: Serving) -> None:
    client = TestClient(create_app(serving))
    for path, status, kind in SERVED:
        answer = client.get("/" + path)
        assert answer.status_code == status, path
        assert not kind or answer.headers["content-type"] == kind, path
    assert "max-age=31536000" in client.get("/-/static/font.woff2").headers["cache-control"]
    assert "max-age=31536000" not in client.get("/-/static/logo.svg").headers["cache-control"]
    folder = serving.now.site.folder
    (folder / "templates").mkdir()
    (folder / "templates/home.html").write_text("<p>own</p>")
    before = serving.look()
    assert before is not None and client.get("/?lang=en").text == "<p>own</p>"
    before.snapshot.close()
    (folder / "templates/home.html").write_text("<p>{% if %}</p>")
    with pytest.raises(KgpubError, match=r"home\.html:1"):
        serving.look()
    assert serving.look() is None and client.get("/?lang=en").text == "<p>own</p>"


def test_the_privacy_notice_knows_whether_there_is_a_log(tmp_path: Path) -> None:
    site = settings(tmp_path, {})
    assert "IP address, the method" in html.notice(html.Notice.PRIVACY, site, "en")
    silent = settings(tmp_path, {}, '[log]\naccess = ""\n')
    assert "keeps no log of requests" in html.notice(html.Notice.PRIVACY, silent, "en")
    assert "IP address, the method" not in html.notice(html.Notice.PRIVACY, silent, "en")

"""Templates come out as Jinja itself writes them, only quicker; what is remembered between pages changes none of them."""

import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from kgpub.kept.recent import Recent
from kgpub.overrides import Overrides
from kgpub.represent.locale import voice
from kgpub.represent.markup import escaped, inert, plain, visible, weighed
from kgpub.represent.templating import Templates


class View:
    """Something to look into."""

    name = "<b>&'\""
    safe = Markup("<b>bold</b>")
    number = 7
    nothing = None
    inner = {"name": "<i>"}  # noqa: RUF012 # a template reads it

    def twice(self, text: str) -> str:
        """Something to ask."""
        return text * 2


SOURCES = (
    "{{ view.name }}|{{ view.safe }}|{{ view.number }}|{{ view.nothing }}",
    '<a href="{{ view.name }}">{{ view.name|upper }}</a>{% if view.number > 3 %}{{ view.number + 1 }}{% endif %}',
    "{% for one in [view.name, view.safe] %}{{ loop.index }}{{ one }}{% endfor %}",
    "{% set x %}{{ view.name }}{% endset %}{{ x }}{{ view.safe|striptags }}",
    "{% macro m(v) %}[{{ v }}]{% endmacro %}{{ m(view.name) }}",
    '{{ say("home") }}{{ say("more", count=view.name) }}',
    "{% autoescape false %}{{ view.name }}{% endautoescape %}",
    '{{ view.inner["name"] }}{{ view["name"] }}',
    '{{ view.twice("<") }}{% set x %}{{ view.name }}{% endset %}{{ view.twice(x) }}{{ view.twice(text="&") }}',
    "{% for one in [[[], 1], 2] recursive %}{% if one is iterable %}({{ loop(one) }}){% endif %}{{ view.name }}{% endfor %}",
    "a{% block b %}{{ view.name }}{% block c %}c{% endblock %}{% endblock %}",
)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["ka", "en"])
def test_our_templates_say_what_jinja_makes_of_them(
    tmp_path_factory: pytest.TempPathFactory, source: str, language: str
) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text(source, encoding="utf-8")
    made = [
        kind(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
        .get_template("page.html")
        .render(view=View(), say=voice(language))
        for kind in (Templates, Environment)
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{{ say("home") }}</p>{{ say("search.suggestions.none") }}',
        '{{ say("classes" if view.number else "home") }}{{ say("home")|upper }}{% if say("home") %}1{% endif %}',
        '{{ say("more", count=say("home")) }}{% set x = say("home") %}{{ x }}',
    ],
)
def test_words_that_are_put_in_as_a_template_is_compiled_are_those_that_are_said(
    tmp_path_factory: pytest.TempPathFactory, source: str
) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text(source, encoding="utf-8")
    speaking = voice("en", Overrides(words={"en": {"home": "<b>Ours & 'theirs'", "more": "<{count}>"}}))
    ours = Templates(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    ours.voice = speaking
    plain = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    made = [kind.get_template("page.html").render(view=View(), say=speaking) for kind in (ours, plain)]
    assert made[0] == made[1]
    assert "<b>" not in made[0]


@pytest.mark.parametrize("source", [*SOURCES, "{{ view.inner.name }}", "{{ view.inner.gone is defined }}"])
def test_templates_of_a_site_may_look_for_anything(source: str) -> None:
    made = [
        kind(loader=DictLoader({"page.html": source}), autoescape=True, undefined=StrictUndefined)
        .get_template("page.html")
        .render(view=View(), say=voice("en"))
        for kind in (Templates, Environment)
    ]
    assert made[0] == made[1]


def test_what_nobody_gave_a_template_is_an_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text("{{ nobody.name }}", encoding="utf-8")
    template = Templates(loader=FileSystemLoader(folder), undefined=StrictUndefined).get_template("page.html")
    with pytest.raises(UndefinedError):
        template.render()


def test_a_template_of_ours_and_each_of_its_blocks_goes_out_in_one_piece(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "around.html").write_text("<p>{{ view.name }}{% block main %}{% endblock %}</p>", encoding="utf-8")
    (folder / "page.html").write_text(
        '{% extends "around.html" %}{% block main %}{% for one in "ab" %}{{ one }}{% endfor %}c{% endblock %}', "utf-8"
    )
    template = Templates(loader=FileSystemLoader(folder), autoescape=True).get_template("page.html")
    context = template.new_context({"view": View()})
    assert list(template.blocks["main"](context)) == ["abc"]
    assert len(list(template.root_render_func(context))) == 1


@given(st.text(st.characters(codec="utf-16", exclude_categories=["Cs"])))
def test_what_html_cannot_carry_is_replaced_and_nothing_else(text: str) -> None:
    whole = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
    for one in (text, text * 500):
        made = whole.sub("\ufffd", one)
        assert (visible(one), weighed(one)) == (made, (made, len(made.encode())))


@given(st.text() | st.integers() | st.none())
def test_what_is_inert_is_what_is_escaped(value: object) -> None:
    assert inert(value) == Markup.escape(value)  # type: ignore[arg-type] # templates put out anything


def test_what_was_made_once_is_not_made_again_until_it_is_forgotten() -> None:
    made: list[str] = []
    memory: Recent[str, str] = Recent(4, len)

    def make() -> str:
        made.append("x")
        return "x"

    assert [memory.once("a", make) for _ in range(3)] == ["x"] * 3
    assert len(made) == 1
    for key in "bcdef":
        memory.once(key, make)
    assert len(memory) <= 4
    memory.once("a", make)
    assert len(made) == 7


def test_without_room_everything_is_made_anew() -> None:
    memory: Recent[str, bool] = Recent(0, lambda _: 1)
    assert [memory.once("a", partial(bool, value)) for value in (True, False)] == [True, False]
    assert len(memory) == 0


@pytest.mark.parametrize("inside", ["{% set x = 2 %}{{ x }}", "{{ view.name }}{{ one }}", "{{ one|upper }}"])
def test_what_is_included_comes_out_as_jinja_includes_it(tmp_path_factory: pytest.TempPathFactory, inside: str) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text(
        '{% set x = 1 %}{% for one in "ab" %}{% include "inner.html" %}{{ x }}{% endfor %}', encoding="utf-8"
    )
    (folder / "inner.html").write_text(inside, encoding="utf-8")
    made = [
        kind(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
        .get_template("page.html")
        .render(view=View(), say=voice("en"))
        for kind in (Templates, Environment)
    ]
    assert made[0] == made[1]


def test_a_site_s_template_in_place_of_one_that_ours_include_may_look_for_anything(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text('[{% include "inner.html" %}]{% include "none.html" ignore missing %}', "utf-8")
    loader = ChoiceLoader([DictLoader({"inner.html": "{{ view.gone is defined }}"}), FileSystemLoader(folder)])
    templates = Templates(loader=loader, autoescape=True, undefined=StrictUndefined)
    assert templates.get_template("page.html").render(view=View(), say=voice("en")) == "[False]"


@given(st.text(st.characters(codec="utf-16", exclude_categories=["Cs"])) | st.text(" \u200e\u00a0\n\x00ab", max_size=6))
def test_what_is_plain_is_on_one_line_without_controls(text: str) -> None:
    without = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", visible(text))
    assert plain(text) == " ".join(without.split())


@given(st.text())
def test_what_is_escaped_is_a_fragment_as_markup_escapes_it(text: str) -> None:
    found = escaped(text)
    assert (type(found), found) == (Markup, Markup.escape(text))
    assert escaped(found) == found

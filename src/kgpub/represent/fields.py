"""The form of a saved query: a field for each parameter, as its type asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kgpub.model import Text, pick
from kgpub.represent.frame import SEARCH, Anchor, with_query
from kgpub.represent.markup import plain
from kgpub.represent.values import Reader
from kgpub.saved import Parameter, Value, written

TYPES: Mapping[str, str] = {
    "iri": "saved.type.iri",
    "string": "saved.type.string",
    "langString": "saved.type.langString",
    "language": "saved.type.language",
    "boolean": "saved.type.boolean",
    "integer": "saved.type.integer",
    "decimal": "saved.type.decimal",
    "double": "saved.type.double",
    "date": "saved.type.date",
    "dateTime": "saved.type.dateTime",
    "gYear": "saved.type.gYear",
    "gYearMonth": "saved.type.gYearMonth",
}
"""What says of each type how its values are written."""

_MODES = {"integer": "numeric", "gYear": "numeric", "decimal": "decimal", "iri": "url"}
_BOOLEAN = "boolean"
_DATE = "date"
_TAG = "language"
_IRI = "iri"


@dataclass(frozen=True)
class OptionView:
    """One of the values that a field offers."""

    value: str
    text: str
    language: str
    is_chosen: bool


@dataclass(frozen=True)
class ControlView:
    """One control of a field: what it holds, and the options of one that offers some."""

    value: str
    options: tuple[OptionView, ...] = ()


@dataclass(frozen=True)
class FieldView:
    """A field of the form; it has a control for each value that the address gave."""

    name: str
    label: Markup
    hint: Markup | str
    kind: str
    mode: str
    placeholder: str
    nothing: str
    is_required: bool
    is_optional: bool
    find: Anchor | None
    controls: tuple[ControlView, ...]


def fields(
    parameters: Sequence[Parameter],
    given: Sequence[tuple[str, str]],
    choices: Mapping[str, Sequence[str]],
    reader: Reader,
) -> tuple[FieldView, ...]:
    """The fields of a form, filled with what was given, as it was given, else with what is asked by default."""
    return tuple(_field(one, _texts(one, given, reader), choices.get(one.name), reader) for one in parameters)


def _texts(one: Parameter, given: Sequence[tuple[str, str]], reader: Reader) -> list[str]:
    """What the controls of a parameter hold: values in the form that options have, and what is no value as it is."""
    named = [text for name, text in given if name == one.name]
    if not any(named):
        is_left_open = bool(named) and one.is_optional
        return ["" if one.default is None or is_left_open else written(one.default, reader.iris)]
    read = [(text, one.read(text, reader.iris)) for text in named if text]
    return [text if term is None else written(term, reader.iris) for text, term in read]


def _field(one: Parameter, texts: Sequence[str], members: Sequence[str] | None, reader: Reader) -> FieldView:
    """One field."""
    say = reader.say
    offered = _offered(one, members, reader)
    description = pick(one.description, reader.languages)
    return FieldView(
        name=one.name,
        label=reader.text(pick(one.label, reader.languages) or Text(one.name)),
        hint=reader.text(description) if description else "" if offered else say(TYPES[one.type.name]),
        kind="select" if offered else ("date" if one.type.name == _DATE else "text"),
        mode=_MODES.get(one.type.name, "text"),
        placeholder=_placeholder(one, reader),
        nothing=_nothing(one, reader),
        is_required=one.is_required,
        is_optional=one.is_optional,
        find=_find(one, reader) if one.of and not offered else None,
        controls=tuple(_control(text, offered, reader) for text in texts),
    )


def _offered(one: Parameter, members: Sequence[str] | None, reader: Reader) -> tuple[Value, ...]:
    """The values that a field offers, none where any may be written."""
    if one.choices:
        return one.choices
    if members is not None:
        return tuple(NamedNode(iri) for iri in sorted(members, key=lambda iri: reader.name(iri).value))
    literal = partial(Literal, datatype=NamedNode(one.type.datatype)) if one.type.datatype else None
    if literal and one.type.name == _BOOLEAN:
        return literal("true"), literal("false")
    if literal and one.type.name == _TAG:
        return tuple(literal(tag) for tag in reader.site.languages)
    return ()


def _control(text: str, offered: Sequence[Value], reader: Reader) -> ControlView:
    """A control that holds a text; one that offers values offers this one too."""
    values = {written(value, reader.iris): value for value in offered}
    options = [_option(form, value, text, reader) for form, value in values.items()]
    if offered and text and text not in values:
        options.append(OptionView(text, text, "", True))
    return ControlView(text, tuple(options))


def _option(form: str, value: Value, chosen: str, reader: Reader) -> OptionView:
    """An option by the label of what it stands for."""
    name = reader.name(value.value) if isinstance(value, NamedNode) else Text(_said(value, reader))
    return OptionView(
        form, plain(name.value), reader.lang(name.language) or "" if name.language else "", form == chosen
    )


def _said(value: Literal, reader: Reader) -> str:
    """A literal in the reader's language, as far as an option can say it."""
    if value.datatype.value.endswith(f"#{_BOOLEAN}"):
        return reader.say("yes" if value.value in {"true", "1"} else "no")
    name = reader.say.language_name(value.value)
    return f"{name} ({value.value})" if name != value.value and value.value in reader.site.languages else value.value


def _placeholder(one: Parameter, reader: Reader) -> str:
    """How a value is written, for a field that is empty."""
    if one.type.name != _IRI:
        return one.type.example
    return next((f"{prefix}:…" for prefix in reader.site.prefixes), "https://…")


def _nothing(one: Parameter, reader: Reader) -> str:
    """What the option without a value says; nothing where there must be a value."""
    if one.is_optional:
        return reader.say("saved.any")
    return reader.say("saved.choose") if one.is_required else ""


def _find(one: Parameter, reader: Reader) -> Anchor:
    """The way to a thing of the parameter's class, where they are too many to be offered."""
    search = with_query(reader.iris.page(SEARCH, reader.language), [("class", one.of)])
    return Anchor(reader.say("saved.find"), search)

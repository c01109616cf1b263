"""The comments at the head of a ``.rq`` file: titles, description, what it teaches, and typed parameters.

::

    # title@ka: …                        also  # ka: …  and, without a language,  # …
    # title@en: Who funds what?
    # description@en: A sentence or two;
    #    a line set in by three blanks goes on with the one above.
    # lesson@en: OPTIONAL
    # order: 2
    # param funder: iri of org:Organization optional
    # param.funder.label@en: Funder
    # param.funder.description@en: Who gives the money
    # param.funder.default: id:org-eu

A parameter is ``TYPE [of CLASS] [in VALUE, VALUE …] [optional]``. The head ends at the first line that is no comment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from kgpub.errors import BadIri, BadRequest, SourceError
from kgpub.iris import Iris
from kgpub.saved.parameters import IRI, TYPES, Parameter
from kgpub.saved.query import About

_TAG = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*"
_ENTRY = re.compile(
    rf"""\#[ ]{{0,2}}
    (?:(?P<key>title|description|lesson|order|param[ .][\w.]+)[ ]?(?:@(?P<tag>{_TAG}))?|(?P<bare>{_TAG}))
    [ ]*:[ ]*(?P<value>.*)""",
    re.VERBOSE,
)
_MORE = re.compile(r"# {3,}(.+)")
_PARAMETER = re.compile(r"(\w+)(?:\s+of\s+(\S+))?(?:\s+in\s+(.+?))?(\s+optional)?")
_TEXTS = ("title", "description", "lesson")


@dataclass(frozen=True)
class Head:
    """What the head of a file says, and how many lines it takes."""

    about: About
    parameters: tuple[Parameter, ...]
    lines: int


@dataclass
class _Entry:
    """One statement of a head: ``title``, ``param x``, ``param.x.label``; its language, value and line."""

    key: str
    tag: str
    value: str
    line: int


@dataclass
class _Said:
    """What the head said so far."""

    file: str
    iris: Iris
    texts: dict[str, dict[str, str]] = field(default_factory=lambda: {key: {} for key in _TEXTS})
    order: float | None = None
    parameters: dict[str, Parameter] = field(default_factory=dict)

    def take(self, entry: _Entry) -> None:
        """Take one statement; raises ``SourceError``."""
        if entry.key in _TEXTS:
            self.texts[entry.key][entry.tag.lower()] = entry.value
        elif entry.key == "order":
            self.order = self._number(entry)
        elif entry.key.startswith("param "):
            name = entry.key.removeprefix("param ")
            self.parameters[name] = self._declared(name, entry)
        else:
            self._detail(entry)

    def _number(self, entry: _Entry) -> float:
        if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,3})?", entry.value):
            raise self._bad(entry, f"“{entry.value}” is no place in an order: a number is")
        return float(entry.value)

    def _declared(self, name: str, entry: _Entry) -> Parameter:
        """The parameter that ``# param NAME: TYPE …`` declares."""
        found = _PARAMETER.fullmatch(entry.value)
        if found is None or found[1] not in TYPES:
            raise self._bad(entry, f"“{entry.value}” is no type: {', '.join(TYPES)} are")
        if found[2] and found[1] != IRI.name:
            raise self._bad(entry, "only an iri is “of” a class")
        bare = Parameter(name, TYPES[found[1]], is_optional=found[4] is not None)
        try:
            of = self.iris.expand(found[2]) if found[2] else ""
            texts = [text.strip() for text in (found[3] or "").split(",")]
            return replace(bare, of=of, choices=tuple(bare.term(text, self.iris) for text in texts if text))
        except (BadIri, BadRequest) as error:
            raise self._bad(entry, error.detail) from error

    def _detail(self, entry: _Entry) -> None:
        """What ``# param.NAME.WHAT: …`` says of a parameter that was declared."""
        name, _, what = entry.key.removeprefix("param.").partition(".")
        parameter = self.parameters.get(name)
        if parameter is None:
            raise self._bad(entry, f"“{name}” is not declared above: # param {name}: TYPE")
        if what == "default":
            try:
                self.parameters[name] = replace(parameter, default=parameter.term(entry.value, self.iris))
            except BadRequest as error:
                raise self._bad(entry, error.detail) from error
            return
        told: Mapping[str, dict[str, str]] = {
            "label": dict(parameter.label),
            "description": dict(parameter.description),
        }
        if what not in told:
            raise self._bad(entry, f"nothing is known of “{what}”: label, description and default are")
        told[what][entry.tag.lower()] = entry.value
        self.parameters[name] = replace(parameter, label=told["label"], description=told["description"])

    def _bad(self, entry: _Entry, reason: str) -> SourceError:
        return SourceError(self.file, reason, entry.line)


def head(text: str, file: str, iris: Iris) -> Head:
    """The head of a file; raises ``SourceError`` with file and line for a statement that cannot be understood."""
    entries: list[_Entry] = []
    lines = list(takewhile(lambda line: line.startswith("#"), text.split("\n")))
    for number, line in enumerate(lines, 1):
        _take(line.rstrip(), number, entries, file)
    said = _Said(file, iris)
    for entry in entries:
        said.take(entry)
    about = About(said.texts["title"], said.texts["description"], said.texts["lesson"], said.order)
    return Head(about, tuple(said.parameters.values()), len(lines))


def _take(line: str, number: int, entries: list[_Entry], file: str) -> None:
    """Take a line of a head: a statement, more of the last one, a plain title, or a comment."""
    more = _MORE.fullmatch(line)
    if more and entries:
        entries[-1].value = f"{entries[-1].value} {more[1].strip()}".strip()
        return
    found = _ENTRY.fullmatch(line)
    if found:
        key, tag = found["key"] or "title", found["tag"] or found["bare"] or ""
        entries.append(_Entry(key, tag, found["value"].strip(), number))
    elif re.match(r"# {0,2}param[ .]", line):
        raise SourceError(file, "a parameter is written “# param NAME: TYPE” or “# param.NAME.label@en: …”", number)
    elif not entries and line.lstrip("# "):
        entries.append(_Entry("title", "", line.lstrip("# ").strip(), number))

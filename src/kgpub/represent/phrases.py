"""Constraints, targets, paths and class expressions as sentences in the reader's language.

The words are messages (``told.KEY``); terms and what stands inside are put into them after a colon, so that no label
is inflected. A phrase that no message knows is shown by its own name with its terms: nothing is dropped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub.model import Term, Text, pick
from kgpub.ontology.model import Phrase
from kgpub.represent.locale import XSD
from kgpub.represent.markup import NOTHING, anchor, element
from kgpub.represent.messages import MESSAGES
from kgpub.represent.values import Reader
from kgpub.settings.tables import SH

_WORDLESS = {
    "at": "{path}: {parts}",
    "all": "{parts}",
    "pair": "{pair}",
    "path.sequence": "{steps}",
    "owl.members": "{inside}",
}
"""Phrases that are said by their parts alone."""


@dataclass(frozen=True)
class Teller:
    """Says phrases to a reader; ``places`` are the addresses of terms and shapes that this documentation describes."""

    reader: Reader
    places: Mapping[str, str]

    def term(self, text: str) -> Markup:
        """A term in N-Triples notation: a link to its place here, to its page, or a literal."""
        term = _read(text)
        if isinstance(term, NamedNode):
            return self.named(term.value)
        if isinstance(term, Literal) and term.datatype.value == XSD + "string":
            return element("q", term.value, {"dir": "auto"})
        return escape(text) if term is None else self.reader.value(term)

    def named(self, iri: str) -> Markup:
        """A link to what an IRI names, by its label; vocabulary terms lead to their place in this documentation."""
        place = self.places.get(iri)
        known = self.reader.known(iri)
        if place is None:
            return self.reader.link(iri) if known else self.reader.resource(iri)
        if known is not None:
            return anchor(place, known.value, self.reader.lang(known.language))
        attributes = {"href": place, "class": "code", "translate": "no", "dir": "auto"}
        return element("a", self.reader.name(iri).value, attributes)

    def say(self, phrase: Phrase) -> Markup:
        """A phrase as a fragment of HTML: a sentence, or what stands in one."""
        if phrase.key == "term":
            return self.term(phrase.terms[0])
        key = self._key(phrase)
        pattern = _WORDLESS.get(key) or (self.reader.say(f"told.{key}") if f"told.{key}" in MESSAGES else "")
        return self._put(pattern, phrase) if pattern else escape(key) + Markup(": ") + self._all(phrase)

    def _key(self, phrase: Phrase) -> str:
        """The message of a phrase, which may be another where it has nothing to say."""
        if phrase.key == "all" and not phrase.parts:
            return "all.none"
        return "sparql.untold" if phrase.key == "sparql" and not phrase.texts else phrase.key

    def _put(self, pattern: str, phrase: Phrase) -> Markup:
        """A message with what belongs to it in its places."""
        makers: Mapping[str, Callable[[], Markup]] = {
            "terms": lambda: self._terms(phrase),
            "texts": lambda: self._texts(phrase),
            "parts": lambda: self._parts(phrase.parts[1:] if phrase.key == "at" else phrase.parts),
            "inside": lambda: self._inside(phrase),
            "pair": lambda: Markup(" – ").join(self._wrapped(one) for one in phrase.parts),
            "path": lambda: self._wrapped(phrase.parts[0]) if phrase.parts else NOTHING,
            "rest": lambda: Markup(" ").join(self._wrapped(one) for one in phrase.parts[1:]),
            "steps": lambda: (
                Markup(", {} ").format(self.reader.say("told.then")).join(map(self._wrapped, phrase.parts))
            ),
        }
        values = {name: make() for name, make in makers.items() if f"{{{name}}}" in pattern}
        return escape(pattern).format(**values)

    def _terms(self, phrase: Phrase) -> Markup:
        if phrase.key == "nodeKind":
            return Markup(", ").join(self._kind(text) for text in phrase.terms)
        if phrase.key == "languageIn":
            return self._with_more([self._language(text) for text in phrase.terms], phrase.more)
        if phrase.key == "pattern":
            return self._pattern(phrase)
        return self._with_more([self.term(text) for text in phrase.terms], phrase.more)

    def _pattern(self, phrase: Phrase) -> Markup:
        shown = [element("code", _lexical(text), {"dir": "ltr", "translate": "no"}) for text in phrase.terms]
        if len(shown) == 1:
            return shown[0]
        return escape(self.reader.say("told.pattern.flags")).format(terms=shown[0], flags=shown[1])

    def _kind(self, text: str) -> Markup:
        key = f"told.kind.{text[1:-1].removeprefix(SH)}"
        return escape(self.reader.say(key)) if key in MESSAGES else self.term(text)

    def _language(self, text: str) -> Markup:
        tag = _lexical(text)
        name = self.reader.say.language_name(tag)
        return escape(name) if name == tag else escape(name) + Markup(" (") + escape(tag) + Markup(")")

    def _texts(self, phrase: Phrase) -> Markup:
        found = pick(phrase.texts, self.reader.languages)
        return self.reader.text(Text(found.value, found.language)) if found else NOTHING

    def _inside(self, phrase: Phrase) -> Markup:
        return self._with_more([self._wrapped(one) for one in phrase.parts], phrase.more)

    def _wrapped(self, phrase: Phrase) -> Markup:
        """A phrase inside another, in brackets where it has parts of its own."""
        said = self.say(phrase)
        return Markup("({})").format(said) if phrase.parts and phrase.key not in {"pair", "unknown"} else said

    def _parts(self, parts: tuple[Phrase, ...]) -> Markup:
        """Sentences inside a sentence: one of them stands beside it, several are a list."""
        said = [self.say(one) for one in parts]
        if len(said) <= 1:
            return Markup("").join(said)
        rows = Markup("").join(element("li", one) for one in said)
        return element("ul", rows, {"class": "told"})

    def _with_more(self, said: list[Markup], more: int) -> Markup:
        shown = [*said, *([escape(self.reader.say("told.more", count=self.reader.say.count(more)))] if more else [])]
        return Markup(", ").join(shown)

    def _all(self, phrase: Phrase) -> Markup:
        return Markup(", ").join([*(self.term(text) for text in phrase.terms), *map(self.say, phrase.parts)])


@lru_cache(maxsize=4096)
def _read(text: str) -> Term | None:
    """A term out of its N-Triples notation; None where it is none."""
    try:
        found: Term = next(iter(parse(f"<x:s> <x:p> {text} .", format=RdfFormat.N_TRIPLES))).object
        return found
    except SyntaxError:
        return None


def _lexical(text: str) -> str:
    term = _read(text)
    return term.value if isinstance(term, Literal | NamedNode) else text

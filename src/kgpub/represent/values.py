"""How one reader sees terms: a label, a link, a date, as fragments of HTML in which everything foreign is inert."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.formats import HTML
from kgpub.iris import Iris, short_name
from kgpub.model import Labels, Term, Text, pick
from kgpub.represent.locale import NUMBERS, XSD, Voice, voice
from kgpub.settings import Settings

LONGEST = 4000
"""Characters of a literal that a page shows."""

NOTHING = Markup("")
"""The empty fragment."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_REACH = re.compile(r"(?:mailto|tel):(?=.)", re.IGNORECASE)
_STRING = XSD + "string"


def visible(text: str) -> str:
    """The text with control characters, which HTML cannot carry, replaced by the replacement character."""
    return _CONTROLS.sub("\ufffd", text)


def plain(text: str) -> str:
    """The text on one line without direction controls, for titles and attributes, where nothing isolates them."""
    return " ".join(_BIDI.sub("", visible(text)).split())


def is_web(iri: str) -> bool:
    """Whether an IRI is an address on the web that a link may lead to."""
    return _WEB.match(iri) is not None


def is_reachable(iri: str) -> bool:
    """Whether an IRI is a mail address or a telephone number."""
    return _REACH.match(iri) is not None


@dataclass(frozen=True)
class Reader:
    """Who reads: a site in a language, with the labels at hand."""

    site: Settings
    language: str
    labels: Mapping[str, Labels]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that the reader takes, the preferred one first."""
        return (self.language, *(tag for tag in self.site.languages if tag != self.language))

    @cached_property
    def iris(self) -> Iris:
        """The site's addresses."""
        return self.site.iris

    @cached_property
    def say(self) -> Voice:
        """The interface's words in the reader's language."""
        return voice(self.language)

    def known(self, iri: str) -> Text | None:
        """The label of an IRI in the best language there is, None when it has none."""
        return pick(self.labels.get(iri, {}), self.languages)

    def name(self, iri: str) -> Text:
        """What to call an IRI: its label, its CURIE, its path below the base, or its last part."""
        local = iri.removeprefix(self.iris.base) if self.iris.is_local(iri) else ""
        return self.known(iri) or Text(self.iris.curie(iri) or local or short_name(iri))

    def lang(self, language: str) -> str | None:
        """The ``lang`` attribute that a text in a language needs here, None when it is the page's own."""
        return None if language.lower() == self.language.lower() else language

    def text(self, text: Text) -> Markup:
        """A text, marked with its language where that is not the page's, and with a direction of its own."""
        return self._element("span", text)

    def quote(self, text: Text) -> Markup:
        """A text between the quotation marks of its language."""
        return self._element("q", text)

    def href(self, iri: str) -> str:
        """The address of an IRI's page in the reader's language, without a redirect."""
        return self.iris.path(iri, HTML, self.language)

    def link(self, iri: str) -> Markup:
        """A link to an IRI's page, by its label."""
        known = self.known(iri)
        if known is None:
            return Markup('<a href="{}" class="code" translate="no" dir="auto">{}</a>').format(
                self.href(iri), self.name(iri).value
            )
        lang = self.lang(known.language)
        if lang is None:
            return Markup('<a href="{}" dir="auto">{}</a>').format(self.href(iri), known.value)
        return Markup('<a href="{}" lang="{}" dir="auto">{}</a>').format(self.href(iri), lang, known.value)

    def links(self, iris: Iterable[str]) -> tuple[Markup, ...]:
        """Links to several IRIs, each once."""
        return tuple(self.link(iri) for iri in dict.fromkeys(iris))

    def value(self, term: Term) -> Markup:
        """A term as a value on a page; a blank node is only a mark, what it says is nested below it."""
        if isinstance(term, NamedNode):
            return self.resource(term.value)
        if isinstance(term, Literal):
            return self.literal(term)
        if isinstance(term, BlankNode):
            return NOTHING
        return self.triple(term)

    def resource(self, iri: str) -> Markup:
        """An IRI as a value: what is described here links to its page, other addresses lead where they say."""
        if is_reachable(iri):
            return Markup('<a href="{}" class="reach" dir="ltr">{}</a>').format(iri, iri.partition(":")[2])
        if self.iris.is_local(iri) or not is_web(iri):
            return self.link(iri)
        if self.iris.curie(iri):
            return self.link(iri)
        if self.known(iri):
            return self.link(iri) + self.outside(iri, "↗")
        return self.outside(iri, iri)

    def outside(self, iri: str, text: str) -> Markup:
        """A link that leaves the site for a web address."""
        mark = "arrow" if text == "↗" else "outside"
        label = f"{self.say('external')}: {plain(iri)}"
        return Markup('<a href="{}" class="{}" rel="external noopener" dir="ltr" title="{}">{}</a>').format(
            iri, mark, label, text
        )

    def triple(self, term: Triple) -> Markup:
        """A triple term (RDF 1.2 Concepts section 3.1) as its three parts."""
        parts = [_named(self, part) for part in (term.subject, term.predicate, term.object)]
        return Markup('<span class="triple" title="{}">«{} {} {}»</span>').format(self.say("triple"), *parts)

    def literal(self, literal: Literal) -> Markup:
        """A literal as its datatype asks: text with its language, a date, a number, or the text and its datatype."""
        datatype = literal.datatype.value
        if literal.language:
            return self._tagged(Text(literal.value, literal.language.lower()))
        if datatype == _STRING:
            return self._element("span", Text(literal.value))
        return self._typed(literal.value, datatype) or self._other(literal.value, datatype)

    def _typed(self, lexical: str, datatype: str) -> Markup | None:
        """A date, number, boolean or web address said in the reader's language; None for any other literal."""
        said = self.say.date(lexical, datatype)
        if said is not None:
            return Markup('<time datetime="{}">{}</time>').format(lexical.removeprefix("--"), said)
        if datatype in NUMBERS:
            said = self.say.number(lexical)
            return None if said is None else Markup('<data value="{}">{}</data>').format(lexical, said)
        if datatype == XSD + "boolean" and lexical in {"true", "1", "false", "0"}:
            return Markup("<span>{}</span>").format(self.say("yes" if lexical in {"true", "1"} else "no"))
        if datatype == XSD + "anyURI" and is_web(lexical):
            return self.outside(lexical, lexical)
        return None

    def _other(self, lexical: str, datatype: str) -> Markup:
        """A literal of some other datatype, as it is written, with the datatype beside it."""
        mark = Markup(' <a class="datatype code" href="{}" translate="no">{}</a>').format(
            self.href(datatype), self.iris.curie(datatype) or short_name(datatype)
        )
        return self._element("span", Text(lexical)) + mark

    def _tagged(self, text: Text) -> Markup:
        """A text; one in another language than the page's says which."""
        shown = self._element("span", text)
        if self.lang(text.language) is None:
            return shown
        name = self.say.language_name(text.language)
        return shown + Markup(' <abbr class="tag" title="{}">{}</abbr>').format(name, text.language)

    def _element(self, element: str, text: Text) -> Markup:
        """A text in an element of its own, cut when it is too long for a page."""
        value, cut = text.value, NOTHING
        if len(value) > LONGEST:
            value = value[:LONGEST] + "…"
            cut = Markup(' <small class="note">{}</small>').format(self.say("text.cut"))
        lang = self.lang(text.language)
        opened = Markup("<{}").format(element)
        attribute = NOTHING if lang is None else Markup(' lang="{}"').format(lang)
        return opened + attribute + Markup(' dir="auto">{}</{}>{}').format(value, element, cut)


def _named(reader: Reader, term: Term) -> Markup:
    """A part of a triple term; a blank node by its label."""
    if isinstance(term, BlankNode):
        return Markup('<span class="code">_:{}</span>').format(term.value)
    return reader.value(term)

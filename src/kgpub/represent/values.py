"""How one reader sees terms: a label, a link, a date, as fragments of HTML."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.formats import HTML
from kgpub.iris import Iris, is_word, short_name, spoken_name
from kgpub.kept.recent import Recent
from kgpub.model import Labels, Term, Text, pick
from kgpub.represent.authorities import identifier
from kgpub.represent.durations import DURATIONS, clock, duration
from kgpub.represent.locale import NUMBERS, XSD, Voice, voice
from kgpub.represent.markup import NOTHING, anchor, code, element, fragment, plain, said
from kgpub.represent.prose import FOLDED, folded, harmless
from kgpub.represent.shown import Showing
from kgpub.represent.tongues import shortest
from kgpub.settings import Settings

LONGEST = 4000
"""Characters of a literal that a page shows."""

_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_REACH = re.compile(r"(?:mailto|tel):(?=.)", re.IGNORECASE)
_STRING = XSD + "string"
_TIME = XSD + "time"
_HTML = "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML"
_BEFORE = re.compile(r"-\d|0000")
"""How dates before the year 1 begin, which the element ``time`` has no place for."""
_LONGEST_ADDRESS = 300
_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
_PHONE = re.compile(r"\+(?=(?:\D{0,2}\d){7,15}\D?$)[0-9][0-9 ()./-]{6,30}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s/?#<>\"'\\^`{|}]+[^\s<>\"\\^`{|}]*", re.IGNORECASE)
_IMAGE = re.compile(r"/([^/?#]{1,80}\.(?:png|jpe?g|gif|webp|avif|svg))$", re.IGNORECASE)


def _dated(said: str, lexical: str) -> Markup:
    """A date in words, with what it is for machines."""
    if _BEFORE.match(lexical):
        return element("data", said, {"value": lexical})
    return element("time", said, {"datetime": lexical.removeprefix("--")})


def is_web(iri: str) -> bool:
    """Whether an IRI is an address on the web that a link may lead to."""
    return _WEB.match(iri) is not None


def is_reachable(iri: str) -> bool:
    """Whether an IRI is a mail address or a telephone number."""
    return _REACH.match(iri) is not None


Made = Recent[tuple[object, ...], Markup]
"""Fragments of HTML, by what they are of."""


def making(room: int = 1_000_000) -> Made:
    """Room for so many bytes of fragments."""
    return Recent(room, lambda fragment: 400 + 2 * len(fragment))


@dataclass(frozen=True)
class Reader:
    """Who reads: a site in a language, with the labels at hand; ``deprecated`` things are marked wherever named.

    ``pages`` are things elsewhere that have a page here worth going to, whether or not they have a label. Fragments
    ``made`` for other pages of the same site and snapshot are taken from there, and what was ``shown`` of sources.
    """

    site: Settings
    language: str
    labels: Mapping[str, Labels]
    longest: int = LONGEST
    deprecated: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    made: Made | None = None
    shown: Showing | None = None

    @cached_property
    def longest_text(self) -> list[int]:
        """Characters of the longest text that was shown, whole or cut."""
        return [0]

    @cached_property
    def plain(self) -> frozenset[str]:
        """The statuses and modalities that are said of what is simply stated; no status is one of them."""
        return frozenset({"", *self.site.properties(self.site.vocabulary.plain)})

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
        return voice(self.language, self.site.overrides)

    def known(self, iri: str) -> Text | None:
        """The label of an IRI in the best language there is, None when it has none.

        A well-known property or class that the data does not name in the reader's language is called what we call it.
        """
        found = pick(self.labels.get(iri, {}), self.languages)
        if found is not None and found.language.partition("-")[0] == self.say.spoken.partition("-")[0]:
            return found
        common = self.say.term(iri)
        return Text(common, self.say.spoken) if common else found

    def name(self, iri: str) -> Text:
        """What to call an IRI: its label, its CURIE, the words in its last part, or its path where that is none."""
        known = self.known(iri)
        if known is not None:
            return known
        last = short_name(iri)
        local = iri.removeprefix(self.iris.base) if self.iris.is_local(iri) and not is_word(last) else ""
        return Text(self.iris.curie(iri) or local or spoken_name(last))

    def lang(self, language: str) -> str | None:
        """The ``lang`` attribute that a text in a language needs here, None when it is the page's own."""
        is_own = language == self.language or language.lower() == self.language.lower()
        return None if is_own else shortest(language)

    def text(self, text: Text) -> Markup:
        """A text, marked with its language where that is not the page's, and with a direction of its own."""
        return self._shown("span", text)

    def quote(self, text: Text) -> Markup:
        """A text between the quotation marks of its language."""
        return self._shown("q", text)

    def href(self, iri: str) -> str:
        """The address of an IRI's page in the reader's language, without a redirect."""
        return self.iris.path(iri, HTML, self.language)

    def link(self, iri: str) -> Markup:
        """A link to an IRI's page, by its label."""
        found = self._links.get(iri)
        if found is None:
            key = ("link", self.language, iri, iri in self.labels, iri in self.deprecated)
            found = self._made.get(key)
            if found is None:
                found = self._link(iri)
                self._made.put(key, found)
            self._links[iri] = found
        return found

    @cached_property
    def _links(self) -> dict[str, Markup]:
        """The links made so far, by what they lead to: a page names the same over and over."""
        return {}

    @cached_property
    def alike(self) -> dict[tuple[object, ...], Any]:  # Any: whoever makes something names and knows it
        """What this reader's page says over and over, made once by whoever needs it; a page has so much of it."""
        return {}

    def links(self, iris: Iterable[str]) -> tuple[Markup, ...]:
        """Links to several IRIs, each once."""
        return tuple([self.link(iri) for iri in dict.fromkeys(iris)])

    def backwards(self, predicate: str) -> Markup:
        """A property read from its other end, where it has no word for that."""
        return element("span", "←", {"class": "arrow", "aria-hidden": "true"}) + " " + self.link(predicate)

    def value(self, term: Term) -> Markup:
        """A term as a value on a page; a blank node is only a mark, what it says is nested below it."""
        if isinstance(term, NamedNode):
            return self.resource(term.value)
        if isinstance(term, Literal):
            return self.literal(term)
        return NOTHING if isinstance(term, BlankNode) else self.triple(term)

    def resource(self, iri: str) -> Markup:
        """An IRI as a value: what is described here links to its page, other addresses lead where they say."""
        if self.iris.is_local(iri):
            return self.link(iri)
        if is_reachable(iri):
            return element("a", iri.partition(":")[2], {"href": iri, "class": "reach", "dir": "ltr"})
        if not is_web(iri):
            return self.link(iri)
        if self.known(iri):
            return self.link(iri) + self.outside(iri, "↗")
        return self._elsewhere(iri)

    def _elsewhere(self, iri: str) -> Markup:
        """A web address without a label; one with a page here worth going to leads there first."""
        found = identifier(iri)
        if self.iris.curie(iri) and found is None:
            return self.link(iri)
        image = _IMAGE.search(iri)
        words = f"{self.say('image')}: {plain(unquote(image[1]))}" if image else iri
        if iri not in self.pages:
            return self.outside(iri, found.text if found else words)
        text = found.text if found else words if image or not is_word(short_name(iri)) else self.name(iri).value
        return element("a", plain(text), {"href": self.href(iri), "dir": "auto"}) + self.outside(iri, "↗")

    def outside(self, iri: str, text: str) -> Markup:
        """A link that leaves the site for a web address."""
        mark = "arrow" if text == "↗" else "outside"
        title = f"{self.say('external')}: {plain(iri)}"
        return element(
            "a", text, {"href": iri, "class": mark, "rel": "external noopener", "dir": "ltr", "title": title}
        )

    def triple(self, term: Triple) -> Markup:
        """A triple term (RDF 1.2 Concepts section 3.1) as its three parts."""
        parts = (term.subject, term.predicate, term.object)
        shown = [code(f"_:{part.value}") if isinstance(part, BlankNode) else self.value(part) for part in parts]
        words = Markup("«{}»").format(Markup(" ").join(shown))
        return element("span", words, {"class": "triple", "title": self.say("triple")})

    def literal(self, literal: Literal) -> Markup:
        """A literal as its datatype asks: text with its language, a date, a number, or the text and its datatype."""
        language = literal.language
        if language:
            return self._tagged(literal.value, language.lower())
        datatype = literal.datatype.value
        if datatype == _STRING:
            return self._reached(literal.value) or self._long(literal.value)
        if datatype == _HTML:
            return self._html(literal.value)
        return self._typed(literal.value, datatype) or self._other(literal.value, datatype)

    def once(self, kind: str, iri: str, make: Callable[[], Markup]) -> Markup:
        """A fragment of a ``kind`` about an IRI, made unless it was made before: a page names the same over and over.

        What is known of the IRI tells apart what is made of it; nothing may be that is cut to the page's measure.
        """
        key = (kind, self.language, iri, iri in self.labels, iri in self.deprecated)
        return self._made.once(key, make)

    @cached_property
    def _made(self) -> Made:
        """The fragments made so far."""
        return making() if self.made is None else self.made

    def mark(self, iri: str) -> Markup:
        """What stands behind the name of a thing that is deprecated; nothing for any other."""
        if iri not in self.deprecated:
            return NOTHING
        return Markup(" ") + element("small", self.say("deprecated"), {"class": "deprecated"})

    def _link(self, iri: str) -> Markup:
        known = self.known(iri)
        if known is not None:
            link = anchor(self.href(iri), known.value, self.lang(known.language))
            return link + self.mark(iri) if iri in self.deprecated else link
        name = self.name(iri).value
        look = "code" if set(name) & {":", "/"} or not is_word(name) else None
        attributes = {"href": self.href(iri), "class": look, "translate": "no", "dir": "auto"}
        return element("a", name, attributes) + self.mark(iri)

    def _typed(self, lexical: str, datatype: str) -> Markup | None:
        """A date, time, number, boolean or web address said in the reader's language; None for any other literal."""
        said = self.say.date(lexical, datatype)
        if said is not None:
            return _dated(said, lexical.strip())
        said = duration(self.say, lexical) if datatype in DURATIONS else clock(lexical) if datatype == _TIME else None
        if said is not None:
            return element("time", said, {"datetime": lexical.strip()})
        if datatype in NUMBERS:
            said = self.say.number(lexical)
            return None if said is None else element("data", said, {"value": lexical})
        if datatype == XSD + "boolean" and lexical in {"true", "1", "false", "0"}:
            return element("span", self.say("yes" if lexical in {"true", "1"} else "no"))
        if datatype == XSD + "anyURI" and is_web(lexical):
            return self.outside(lexical, lexical)
        return None

    def _other(self, lexical: str, datatype: str) -> Markup:
        """A literal of some other datatype, as it is written, its datatype beside it; a link where that is told of."""
        name = self.iris.curie(datatype) or short_name(datatype)
        attributes = {"class": "datatype code", "translate": "no", "title": plain(datatype)}
        if datatype not in self.labels and datatype not in self.pages:
            return self.text(Text(lexical)) + " " + element("span", name, attributes)
        return self.text(Text(lexical)) + " " + element("a", name, attributes | {"href": self.href(datatype)})

    def _reached(self, text: str) -> Markup | None:
        """A plain string that is a mail address, a telephone number or a web address, as a link; None for others."""
        if len(text) > _LONGEST_ADDRESS:
            return None
        if _MAIL.fullmatch(text):
            return element("a", text, {"href": f"mailto:{quote(text, safe='@')}", "class": "reach", "dir": "ltr"})
        if _PHONE.fullmatch(text):
            digits = "+" + "".join(filter(str.isdigit, text))
            return element("a", text, {"href": f"tel:{digits}", "class": "reach", "dir": "ltr"})
        return self.outside(text, text) if _ADDRESS.fullmatch(text) else None

    def _html(self, lexical: str) -> Markup:
        """A literal of HTML made harmless; one that is too long is cut before."""
        self._note(lexical)
        return harmless(lexical[: self.longest], {"dir": "auto"}, self.say("text.unfold"))

    def _long(self, text: str, language: str = "") -> Markup:
        """A text as a value: a long one folded, one that is too long for a page cut."""
        self._note(text)
        lang = self.lang(language)
        if len(text) <= self.longest and len(text) <= FOLDED:
            return said("span", text, lang)
        attributes = {"lang": lang, "dir": "auto"}
        if len(text) <= self.longest:
            return folded("span", text, attributes, self.say("text.unfold"))
        cut = element("small", self.say("text.cut"), {"class": "note"})
        return folded("span", text[: self.longest] + "…", attributes, self.say("text.unfold")) + " " + cut

    def _tagged(self, text: str, language: str) -> Markup:
        """A text; one in another language than the page's says which."""
        shown = self._long(text, language)
        if self.lang(language) is None:
            return shown
        key = ("tag", language)
        tag: Markup | None = self.alike.get(key)
        if tag is None:
            attributes = {"class": "tag", "title": self.say.language_name(language)}
            tag = self.alike[key] = element("abbr", language, attributes)
        return fragment(f"{shown} {tag}")

    def _shown(self, name: str, text: Text) -> Markup:
        """A text in an element of its own, cut when it is too long for a page."""
        self._note(text.value)
        if len(text.value) <= self.longest:
            return said(name, text.value, self.lang(text.language))
        cut = element("small", self.say("text.cut"), {"class": "note"})
        return said(name, text.value[: self.longest] + "…", self.lang(text.language)) + " " + cut

    def _note(self, text: str) -> None:
        """Remember how long the longest text was."""
        self.longest_text[0] = max(self.longest_text[0], len(text))

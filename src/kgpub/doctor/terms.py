"""Properties and classes that the dataset does not use, and texts that it has in a language."""

from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.doctor.edits import Edit, edited
from kgpub.doctor.findings import Hint
from kgpub.doctor.names import TYPE, Names, is_language, lexical, text
from kgpub.doctor.tree import Group, Query, Triple, end, groups
from kgpub.doctor.vocabulary import Vocabulary
from kgpub.engine.guard import Token
from kgpub.iris import short_name

_MOST = 8
"""Names, and texts, of one query that are looked into."""


@dataclass(frozen=True)
class _Use:
    """A token that names a property or a class."""

    token: Token
    kind: str


def terms(query: str, tree: Query, names: Names) -> Iterator[Hint]:
    """One hint for each property and class that no triple of the dataset uses."""
    known = names.known
    parts = {"property": (known.properties, known.is_property), "class": (known.classes, known.is_class)}
    looked: set[tuple[str, str]] = set()
    for use in _uses(tree, names):
        iri = names.expand(use.token)
        vocabulary, is_used = parts[use.kind]
        if iri is None or iri in vocabulary.counts or (use.kind, iri) in looked:
            continue
        looked.add((use.kind, iri))
        if len(looked) > _MOST:
            return
        if not is_used(iri):
            yield _unused(query, use, iri, vocabulary, names)


def _unused(query: str, use: _Use, iri: str, vocabulary: Vocabulary, names: Names) -> Hint:
    """What to say of a name that the dataset does not use."""
    place = (use.token.start, end(use.token))
    near = vocabulary.nearest(short_name(iri))
    if near is None:
        return Hint(f"{use.kind}-unused", {"term": use.token.text}, *place)
    written = names.shorten(near)
    return Hint(use.kind, {"term": use.token.text, "near": written}, *place, edited(query, Edit(*place, written)))


def _uses(tree: Query, names: Names) -> Iterator[_Use]:
    """The tokens in the place of a property, and those of classes after ``a``."""
    for triple in _triples(tree):
        yield from (_Use(token, "property") for token in _steps(triple))
        iri = triple.object.iri
        if iri and len(triple.predicate) == 1 and names.expand(triple.predicate[0]) == TYPE:
            yield _Use(iri, "class")


def _steps(triple: Triple) -> Iterator[Token]:
    """The properties of a path without which it has no solution: none after ``!``, none that may be left out."""
    if any(token.text in ("!", "|") for token in triple.predicate):
        return
    for position, token in enumerate(triple.predicate):
        after = triple.predicate[position + 1 : position + 2]
        if token.kind in ("iri", "name") and not (after and after[0].text in ("*", "?", ")")):
            yield token


def _triples(tree: Query) -> Iterator[Triple]:
    for group in _groups(tree):
        yield from group.triples


def _groups(tree: Query) -> Iterator[Group]:
    if tree.select is not None:
        yield from groups(tree.select.where)


def languages(query: str, tree: Query, tokens: tuple[Token, ...], names: Names) -> Iterator[Hint]:
    """One hint for each text that the dataset has only with a language tag, or only with another."""
    looked = 0
    for triple in _triples(tree):
        language = is_language(triple.object)
        value = text(triple.object)
        if language is not None and value is not None and looked < _MOST:
            looked += 1
            tags = names.known.tags(value)
            if tags and language not in tags:
                yield _tagged(query, triple.object.tokens, tags)
    for variable, string in _compared(tokens)[: _MOST - looked]:
        tags = names.known.tags(lexical(string))
        if tags and "" not in tags:
            yield _compared_as_text(query, variable, string, tags)


def _tagged(query: str, tokens: tuple[Token, ...], tags: tuple[str, ...]) -> Hint:
    """A text in the place of an object, written as the dataset has it."""
    place = (tokens[0].start, end(tokens[-1]))
    written = tokens[0].text + (f"@{tags[0]}" if tags[0] else "")
    kind = "language" if len(tokens) == 1 else "language-other"
    return Hint(kind, {"text": query[slice(*place)], "near": written}, *place, edited(query, Edit(*place, written)))


def _compared(tokens: tuple[Token, ...]) -> list[tuple[Token, Token]]:
    """Variables that are compared with a plain string: ``?x = "…"`` or ``"…" = ?x``."""
    found = []
    for place in range(1, len(tokens) - 1):
        left, sign, right = tokens[place - 1 : place + 2]
        after = tokens[place + 2].kind if place + 2 < len(tokens) else ""
        after_text = tokens[place + 2].text if place + 2 < len(tokens) else ""
        if sign.text != "=" or after == "tag" or after_text == "^^":
            continue
        if left.kind == "variable" and right.kind == "string":
            found.append((left, right))
        elif left.kind == "string" and right.kind == "variable" and tokens[place - 2].kind != "tag":
            found.append((right, left))
    return found


def _compared_as_text(query: str, variable: Token, string: Token, tags: tuple[str, ...]) -> Hint:
    """A comparison that no text with a language passes; compared by its letters, it does."""
    start, stop = sorted((variable.start, end(variable), string.start, end(string)))[::3]
    said = {"text": string.text, "tags": ", ".join(f"@{tag}" for tag in tags), "near": f"STR({variable.text})"}
    fix = edited(query, Edit(variable.start, end(variable), f"STR({variable.text})"))
    return Hint("language-filter", said, start, stop, fix)

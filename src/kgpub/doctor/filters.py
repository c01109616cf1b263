"""Filters that the engine cannot look up: what to write in their place.

Each fix has the same solutions, as often, as the query it is made from; ``tests/test_doctor.py`` asks both.
"""

from collections.abc import Iterator

from kgpub.doctor.edits import Edit, dropped, edited, inserted
from kgpub.doctor.findings import Hint
from kgpub.doctor.names import TYPE, Names
from kgpub.doctor.spots import Spot
from kgpub.doctor.tree import Filter, Statement, Triple, Variables, end
from kgpub.engine.guard import Token

Tokens = tuple[Token, ...]
_PAIR = 2


def filters(spot: Spot) -> Iterator[Hint]:
    """Hints about the filters of a group."""
    for element in spot.group.elements:
        if isinstance(element, Filter):
            tokens = element.expression.tokens
            if not element.expression.groups:
                yield from _values(spot, element)
                yield from _join(spot, element)
                yield from _starts(spot, element)
            elif [token.text.upper() for token in tokens] == ["NOT", "EXISTS"]:
                yield from _nested(spot, element)
                yield from _minus(spot, element)
            elif len(tokens) == 1:
                yield from _nested(spot, element)


# ---- FILTER (?x = <y>)


def _values(spot: Spot, element: Filter) -> Iterator[Hint]:
    """``FILTER(?x = <y>)``, IN, and || of them, where ?x is surely bound by the triples that the group begins with.

    The row of VALUES joins with what the filter lets pass: = on an IRI is true for that IRI alone (section 17.4.1.7).
    """
    parts = _split(_bare(element.expression.tokens), "&&")
    for place, part in enumerate(parts):
        found = _equals(part)
        if found is None or spot.is_given or not _binds(spot, found[0].text[1:]):
            continue
        variable, iris = found
        if len(iris) > 1 and not _differ(iris, spot.names):
            continue
        values = f"VALUES {variable.text} {{ {' '.join(iri.text for iri in iris)} }}"
        rest = [_text(spot.query, other) for n, other in enumerate(parts) if n != place]
        kept = Edit(element.start, element.end, f"FILTER({' && '.join(rest)})")
        change = kept if rest else dropped(spot.group, element)
        fix = edited(spot.query, inserted(spot.group.inside, values), change)
        yield Hint("filter-values", {"variable": variable.text}, element.start, element.end, fix)
        return


def _bare(tokens: Tokens) -> Tokens:
    """An expression without the brackets around all of it."""
    while tokens and tokens[0].text == "(" and _matching(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def _matching(tokens: Tokens) -> int:
    """Where the bracket that the tokens begin with is closed."""
    depth = 0
    for position, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if not depth:
            return position
    return -1


def _split(tokens: Tokens, sign: str) -> list[Tokens]:
    """The operands of a sign outside all brackets; with another sign of less strength about, the whole is one."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if not depth and token.text == "||" and sign == "&&":
            return [tokens]
        if not depth and token.text == sign:
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts]


def _equals(tokens: Tokens) -> tuple[Token, Tokens] | None:
    """The variable and the IRIs of which it must be one, if the expression says just that."""
    parts = [_is_one_of(_bare(part)) for part in _split(_bare(tokens), "||")]
    found = [part for part in parts if part]
    if len(found) != len(parts) or len({part[0].text[1:] for part in found}) != 1:
        return None
    return found[0][0], tuple(iri for part in found for iri in part[1])


def _is_one_of(tokens: Tokens) -> tuple[Token, Tokens] | None:
    """``?x = <y>``, ``<y> = ?x`` or ``?x IN (<y>, …)``."""
    texts = [token.text.upper() for token in tokens]
    if len(tokens) == 3 and texts[1] == "=":  # noqa: PLR2004 # two sides and a sign
        first, _, second = tokens if tokens[0].kind == "variable" else tokens[::-1]
        return (first, (second,)) if first.kind == "variable" and _is_iri(second) else None
    if texts[1:3] != ["IN", "("] or tokens[0].kind != "variable":
        return None
    members, commas = tokens[3:-1:2], texts[4:-1:2]
    is_list = bool(members) and all(map(_is_iri, members)) and set(commas) <= {","} and texts[-1] == ")"
    return (tokens[0], members) if is_list and len(members) == len(commas) + 1 else None


def _is_iri(token: Token) -> bool:
    return token.kind in ("iri", "name") and not token.text.startswith("_:")


def _differ(iris: Tokens, names: Names) -> bool:
    """Whether no two of these IRIs can be the same; VALUES would count such a one twice."""
    absolute = [names.expand(iri) for iri in iris]
    is_plain = all(iri and "/." not in iri and "\\" not in iri for iri in absolute)
    written = all(iri.kind == "name" or ":" in iri.text for iri in iris)
    return is_plain and written and len(set(absolute)) == len(absolute)


def _binds(spot: Spot, variable: str) -> bool:
    """Whether a triple at the beginning of the group gives the variable a value, taken from the data."""
    return any(
        variable in (triple.subject.variable, triple.object.variable, *_predicate(triple))
        for triple in spot.group.lead_triples
        if not triple.may_be_empty
    )


def _predicate(triple: Triple) -> Variables:
    tokens = triple.predicate
    return frozenset({tokens[0].text[1:]}) if tokens[0].kind == "variable" else frozenset()


def _text(query: str, tokens: Tokens) -> str:
    return query[tokens[0].start : end(tokens[-1])]


# ---- FILTER (?x = ?y), FILTER STRSTARTS (STR(?x), "…")


def _join(spot: Spot, element: Filter) -> Iterator[Hint]:
    """``FILTER(?x = ?y)`` between two objects: told, not changed, since = compares values and a join compares terms."""
    tokens = _bare(element.expression.tokens)
    kinds = [token.kind for token in tokens]
    if kinds != ["variable", "mark", "variable"] or tokens[1].text != "=" or tokens[0].text[1:] == tokens[2].text[1:]:
        return
    subjects = {triple.object.variable: triple.subject.variable for triple in spot.group.triples}
    one, other = tokens[0].text[1:], tokens[2].text[1:]
    if one in subjects and other in subjects and subjects[one] != subjects[other]:
        yield Hint("filter-join", {"one": f"?{one}", "other": f"?{other}"}, element.start, element.end)


def _starts(spot: Spot, element: Filter) -> Iterator[Hint]:
    """STRSTARTS over the IRI of each thing that a triple is about."""
    tokens = element.expression.tokens
    texts = [token.text.upper() for token in tokens]
    for place in range(len(tokens) - 4):
        if texts[place : place + 4] == ["STRSTARTS", "(", "STR", "("] and tokens[place + 4].kind == "variable":
            name = tokens[place + 4].text
            if any(triple.subject.variable == name[1:] for triple in spot.group.triples):
                yield Hint("starts", {"variable": name}, element.start, element.end)
            return


# ---- FILTER EXISTS {…}


def _nested(spot: Spot, element: Filter) -> Iterator[Hint]:
    """EXISTS over two triples, only one of which touches what is outside: the other goes into an EXISTS of its own.

    There is a solution of both just where the first has one for which the second has one.
    """
    pair = _two_triples(element)
    seen = spot.group.possible
    if any(triple.variables & (spot.outer - seen) for triple in pair):
        return
    near = [triple for triple in pair if triple.variables & seen]
    far = [triple for triple in pair if not triple.variables & seen]
    if len(near) != 1 or not near[0].variables & far[0].variables:
        return
    group = element.expression.groups[0]
    one, other = near[0].text(spot.query), far[0].text(spot.query)
    fix = edited(spot.query, Edit(group.start, group.end, f"{{ {one} FILTER EXISTS {{ {other} }} }}"))
    yield Hint("exists-split", {}, element.start, element.end, fix)


def _two_triples(element: Filter) -> tuple[Triple, ...]:
    """The triples of a group after EXISTS that consists of two simple ones; else nothing."""
    group = element.expression.groups[0]
    plain = all(isinstance(one, Statement) and one.is_plain for one in group.elements) and group.select is None
    triples = tuple(group.triples)
    return triples if plain and len(triples) == _PAIR and all(triple.is_simple for triple in triples) else ()


def _minus(spot: Spot, element: Filter) -> Iterator[Hint]:
    """NOT EXISTS over one triple whose variables are each surely bound here, or occur nowhere else: as MINUS.

    Both then take away the same solutions: some variable is shared, and none that is shared can be without a value.
    """
    inner, group = element.expression.groups[0], spot.group
    triples = tuple(inner.triples)
    if len(inner.elements) != 1 or len(triples) != 1 or not isinstance(inner.elements[0], Statement):
        return
    shared = triples[0].variables & (group.possible | spot.outer)
    certain = frozenset[str]().union(*(triple.variables for triple in group.lead_triples))
    is_plain = inner.elements[0].is_plain and triples[0].is_simple and not triples[0].may_be_empty
    if not shared or not shared <= certain or not is_plain or spot.is_given or spot.word == "OPTIONAL":
        return
    if any(_is_narrow(triple, spot.names) for triple in group.lead_triples):
        return
    last = max(group.elements[-1].end, element.end)
    text = spot.query[inner.start : inner.end]
    fix = edited(spot.query, dropped(group, element), Edit(last, last, f" MINUS {text}"))
    yield Hint("not-exists", {}, element.start, element.end, fix)


def _is_narrow(triple: Triple, names: Names) -> bool:
    """Whether a triple asks about one thing; MINUS, which finds all there is to take away, would then be slower."""
    is_typed = names.expand(triple.predicate[0]) == TYPE
    return triple.subject.variable is None or (triple.object.variable is None and not is_typed)

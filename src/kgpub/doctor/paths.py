"""Paths of any length that begin at nothing in particular."""

from collections.abc import Iterator

from kgpub.doctor.edits import Edit, edited, inserted
from kgpub.doctor.findings import Hint
from kgpub.doctor.spots import Spot
from kgpub.doctor.tree import NONE, Statement, Triple, Variables, end

_STEP = "_:step"


def paths(spot: Spot, elsewhere: Variables) -> Iterator[Hint]:
    """Hints about the paths of a group; ``elsewhere`` are the variables that occur more than once in the query."""
    for element in spot.group.elements:
        if isinstance(element, Statement):
            for triple in element.triples:
                yield from _unbound(triple, elsewhere)
                yield from _split(spot, element, triple)


def _unbound(triple: Triple, elsewhere: Variables) -> Iterator[Hint]:
    """A path of any length between two variables that nothing else restricts."""
    ends = {triple.subject.variable, triple.object.variable}
    if None not in ends and not ends & elsewhere and any(token.text in ("*", "+") for token in triple.predicate):
        yield Hint("path-unbound", {}, triple.subject.start, triple.object.end)


def _split(spot: Spot, statement: Statement, triple: Triple) -> Iterator[Hint]:
    """``?s a/b* <x>``: in two steps, the one that ends at <x> written first, since the engine keeps that order.

    A sequence is the join of its steps over a node that is not shown (section 18.2.2.4).
    """
    steps, slash = triple.predicate, _last_slash(triple)
    is_once = sum(one.predicate[0].start == steps[0].start for one in statement.triples) == 1
    if slash is None or not is_once or triple.subject.variable is None or triple.object.iri is None:
        return
    if _STEP in spot.query or not statement.is_plain or steps[-1].text not in ("*", "+"):
        return
    first = spot.query[steps[0].start : end(steps[slash - 1])]
    last = spot.query[steps[slash + 1].start : triple.object.end]
    near = Edit(steps[0].start, triple.object.end, f"{first} {_STEP}")
    fix = edited(spot.query, inserted(statement.start, f"{_STEP} {last} ."), near)
    yield Hint("path-split", {}, triple.subject.start, triple.object.end, fix)


def _last_slash(triple: Triple) -> int | None:
    """Where the last step of a sequence begins, before which nothing has any length; None if it is no sequence."""
    depth, found = 0, None
    for position, token in enumerate(triple.predicate):
        depth += (token.text == "(") - (token.text == ")")
        if not depth and token.text == "|":
            return None
        if not depth and token.text == "/":
            found = position
    before = triple.predicate[:found] if found else ()
    return None if any(token.text in ("*", "+", "?") for token in before) else found


def repeated(groups_triples: Iterator[Triple], others: Variables) -> Variables:
    """The variables that occur in more than one triple, or in something else."""
    once: Variables = NONE
    more = others
    for triple in groups_triples:
        more |= once & triple.variables
        once |= triple.variables
    return more

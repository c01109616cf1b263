"""Queries that do much before they leave most of it out: what to write so that the little comes first.

Each fix has the same solutions, as often, as the query it is made from; where LIMIT leaves a choice, it makes one that
the query allows. ``tests/test_doctor.py`` asks both.
"""

from collections.abc import Iterator

from kgpub.doctor.edits import Edit, dropped, edited, inserted
from kgpub.doctor.findings import Hint
from kgpub.doctor.spots import Spot, has_labels, is_steady
from kgpub.doctor.tree import NONE, Bind, Element, Filter, Group, Nested, Select, Statement, Union, Values, Variables

DEEP = 10_000
"""An OFFSET from which on skipping costs more than finding."""


def order(spot: Spot) -> Iterator[Hint]:
    """Hints about the order of a group's elements, and about the modifiers of a select."""
    yield from _values_in_group(spot)
    yield from _optional_first(spot)
    yield from _union(spot)
    if spot.select is not None:
        yield from _values_after(spot, spot.select)
        yield from _limit_first(spot, spot.select)
        yield from _sort_first(spot, spot.select)
        yield from _offset(spot.select)


def _bound(group: Group) -> Variables:
    """What the triples at the beginning of a group bind."""
    return NONE.union(*(statement.certain for statement in group.lead))


# ---- VALUES


def _values_in_group(spot: Spot) -> Iterator[Hint]:
    """VALUES behind OPTIONAL and the like, of variables that the first triples bind: it restricts those alone."""
    is_late = False
    for element in spot.group.elements:
        if isinstance(element, Values) and is_late and element.possible <= _bound(spot.group) and not spot.is_given:
            text = spot.query[element.start : element.end]
            fix = edited(spot.query, inserted(spot.group.inside, text), dropped(spot.group, element))
            yield Hint("values-last", {}, element.start, element.end, fix)
        is_late |= isinstance(element, Nested | Union)


def _values_after(spot: Spot, select: Select) -> Iterator[Hint]:
    """VALUES after the whole query. It is joined after grouping (section 18.2.4.3), so there it must stay."""
    values = select.values
    is_late = any(isinstance(element, Nested | Union) for element in spot.group.elements)
    if values is None or not is_late or select.is_grouped or spot.is_given or not values.possible <= _bound(spot.group):
        return
    text = spot.query[values.start : values.end]
    fix = edited(spot.query, inserted(spot.group.inside, text), Edit(values.start, values.end, ""))
    yield Hint("values-last", {}, values.start, values.end, fix)


# ---- OPTIONAL, UNION


def _optional_first(spot: Spot) -> Iterator[Hint]:
    """OPTIONAL before any triple: told, not changed, since behind the triples it means something else."""
    elements = [element for element in spot.group.elements if not isinstance(element, Filter)]
    first = elements[0] if any(isinstance(element, Statement) for element in elements) else None
    if isinstance(first, Nested) and first.word == "OPTIONAL":
        yield Hint("optional-first", {}, first.start, first.start + len("OPTIONAL"))


def _union(spot: Spot) -> Iterator[Hint]:
    """Triples before a UNION of triples: repeated in each branch, they are looked up there, since joins distribute."""
    group, lead = spot.group, spot.group.lead
    union = next((element for element in group.elements if not isinstance(element, Statement | Filter)), None)
    if not lead or not isinstance(union, Union) or has_labels(group.lead_triples):
        return
    is_plain = all(statement.is_plain for statement in lead) and all(triple.is_simple for triple in group.lead_triples)
    if not is_plain or not all(_is_joined(branch, _bound(group)) for branch in union.branches):
        return
    text = _statements(spot.query, lead)
    moved = (inserted(branch.start + 1, f" {text}") for branch in union.branches)
    fix = edited(spot.query, *(Edit(one.start, one.end, " ") for one in lead), *moved)
    yield Hint("union-push", {}, union.start, union.end, fix)


def _is_joined(branch: Group, bound: Variables) -> bool:
    """Whether a branch consists of triples and shares a variable with those before it."""
    is_plain = all(isinstance(element, Statement) and element.is_plain for element in branch.elements)
    return is_plain and branch.select is None and bool(branch.possible & bound)


def _statements(query: str, statements: tuple[Statement, ...]) -> str:
    """Statements one after the other, each with its full stop."""
    return " ".join(query[one.start : one.end] + ("" if one.is_closed else " .") for one in statements)


# ---- LIMIT


def _first_part(spot: Spot) -> str | None:
    """The triples and filters that can be limited before the rest, which must take no solution away; else None.

    The rest is OPTIONAL, of which there is at least one, and BIND: each solution stays, perhaps more than once.
    """
    group = spot.group
    bound = _bound(group)
    rest = [element for element in group.elements if element not in group.lead and not isinstance(element, Filter)]
    conditions = [element for element in group.elements if isinstance(element, Filter)]
    if not group.lead or not all(map(_adds, rest)) or all(isinstance(element, Bind) for element in rest):
        return None
    if not all(is_steady(condition.expression, bound) for condition in conditions):
        return None
    texts = (spot.query[condition.start : condition.end] for condition in conditions)
    return " ".join([_statements(spot.query, group.lead), *texts])


def _adds(element: Element) -> bool:
    """Whether an element takes no solution away."""
    return isinstance(element, Bind) or (isinstance(element, Nested) and element.word == "OPTIONAL")


def _limit_first(spot: Spot, select: Select) -> Iterator[Hint]:
    """GROUP BY with OPTIONAL and LIMIT: choose the things first, then gather what is said of them."""
    grouping = select.clauses.get("GROUP")
    if select.limit is None or grouping is None or {"HAVING", "ORDER"} & set(select.clauses) or select.word:
        return
    place = (grouping.start, grouping.end)
    first = _first_part(spot)
    variables = grouping.expression.tokens
    is_plain = all(token.kind == "variable" for token in variables) and not grouping.names
    is_first = is_plain and grouping.expression.variables <= _bound(spot.group)
    if first is None or not is_first or select.offset or select.values or spot.is_given:
        return
    if has_labels(spot.group.lead_triples):
        return
    listed = " ".join(token.text for token in variables)
    chosen = f"{{ SELECT DISTINCT {listed} WHERE {{ {first} }} LIMIT {select.limit} }}"
    yield Hint("limit-first", {}, *place, edited(spot.query, inserted(spot.group.inside, chosen)))


def _sort_first(spot: Spot, select: Select) -> Iterator[Hint]:
    """ORDER BY with OPTIONAL and LIMIT: sort and cut first. Each solution only grows, so the first stay the first."""
    sorting = select.clauses.get("ORDER")
    if select.limit is None or sorting is None or select.is_grouped or select.word:
        return
    first = _first_part(spot)
    place = (sorting.start, sorting.end)
    if first is None or not is_steady(sorting.expression, _bound(spot.group)) or select.values or spot.is_given:
        yield from _sort_join(spot, select)
        return
    order_by = spot.query[sorting.start : sorting.end]
    chosen = f"{{ SELECT * WHERE {{ {first} }} {order_by} LIMIT {select.limit + select.offset} }}"
    moved = (element for element in spot.group.elements if isinstance(element, Statement | Filter))
    edits = (Edit(element.start, element.end, " ") for element in moved)
    yield Hint("sort-first", {}, *place, edited(spot.query, inserted(spot.group.inside, chosen), *edits))


def _sort_join(spot: Spot, select: Select) -> Iterator[Hint]:
    """ORDER BY and LIMIT over triples of which one only adds a value to show: told, since it may also take away."""
    sorting = select.clauses["ORDER"]
    triples = spot.group.lead_triples
    for triple in triples:
        shown = triple.object.variable
        others = NONE.union(*(other.variables for other in triples if other is not triple))
        if shown and shown not in others | sorting.expression.variables and triple.subject.variable in others:
            yield Hint("sort-join", {"variable": f"?{shown}"}, sorting.start, sorting.end)
            return


def _offset(select: Select) -> Iterator[Hint]:
    """An OFFSET so deep that nearly all that is found is thrown away."""
    if select.offset >= DEEP:
        yield Hint("offset", {"offset": str(select.offset)}, select.where.end, select.end)

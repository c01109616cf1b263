"""The W3C's SPARQL 1.0, 1.1 and 1.2 query tests: what they are, how an answer is judged, which are known to differ.

The data are not part of the repository; without them beside it there are no cases. Expected results pass through a
store, since the store that kgpub serves from keeps terms by value.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from _pytest.mark import ParameterSet
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from kgpub import formats
from kgpub.errors import BadQuery, KgpubError, QueryRefused
from kgpub.formats import Format

SUITES = Path(__file__).parents[2] / "shared" / "w3c" / "sparql"
ROOT = "http://w3c.test/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NEGATIVE = {MF + "NegativeSyntaxTest", MF + "NegativeSyntaxTest11"}
POSITIVE = {MF + "PositiveSyntaxTest", MF + "PositiveSyntaxTest11"}
EVALUATION = {MF + "QueryEvaluationTest", MF + "CSVResultFormatTest"}
ACCEPT = ", ".join((formats.RESULTS_JSON.media_type, formats.N_TRIPLES.media_type))

TERMS = "the store keeps terms by value, not by lexical form"
SCOPE = "Oxigraph 0.5.13 binds the variable of GRAPH inside its group already"
PATHS = "Oxigraph 0.5.13 has no path of length nought from a term that is not in the graph"
ENTAILMENT = "answers by entailment; kgpub answers what is said"
_SAID = (
    "bind0[1-8]|d-ent-01|lang|owlds0[12]|paper-sparqldl-Q5|parent2|plainLit|rdf0[234]|rdfs(08|12|13)|sparqldl-0[14-9]"
)
"""The tests of entailment that follow from what is said alone."""
REFUSED: dict[str, str] = {
    "sparql10/expr-builtin/case-insensitive-booleans$": "Oxigraph 0.5.13 reads only true and false in small letters",
    "sparql11/service/|sparql11/syntax-fed/test_": "SERVICE is refused",
    "sparql12/grouping/select-variable-reuse$": "not in Oxigraph 0.5.13",
}
"""Pattern of a test's identifier → why its query gets no answer."""
DIFFERENT: dict[str, str] = REFUSED | {
    "sparql10/distinct/(no-)?distinct-[19]$": TERMS,
    "sparql10/reduced/reduced-[12]$": TERMS,
    "sparql10/expr-builtin/(dawg-str-[12]|sameTerm-(eq|not-eq|simple))$": TERMS,
    "sparql10/expr-equals/eq-graph-[12]$": TERMS,
    "sparql10/open-world/(date-2|open-eq-01)$": TERMS,
    "sparql12/grouping/group01$": TERMS,
    "sparql10/graph/graph-(optional|variable-scope)$": SCOPE,
    "sparql11/(aggregates/agg-empty-group-count-graph|bindings/graph|negation/graph-minus)$": SCOPE,
    "sparql11/property-path/zero_or_(one|more)_set_": PATHS,
    "sparql10/optional-filter/dawg-optional-filter-005-simplified$": "Oxigraph reads nested groups by the standard",
    "sparql10/syntax-sparql3/syn-bad-26$": "Oxigraph and the guard read “?x<?a” as less-than, with or without spaces",
    "sparql11/aggregates/agg-groupconcat-0[46]$": "Oxigraph 0.5.13 keeps a language that all strings share",
    "sparql11/csv-tsv-res/csv0[123]$": "Oxigraph 0.5.13 lists the variables of SELECT * in order of the alphabet",
    rf"sparql11/entailment/(?!({_SAID})$)": ENTAILMENT,
    "sparql11/functions/bnode01$": "Oxigraph 0.5.13 makes blank nodes that last over rows",
    "sparql12/syntax/nested-aggregate-functions$": "Oxigraph 0.5.13 takes more",
    "sparql12/syntax-triple-terms-negative/tripleterm-subject-0[36]$": "Oxigraph 0.5.13 takes more",
}
"""Pattern of a test's identifier → why it is known to fail; one that no longer fails is an error."""

_ORDERED = re.compile(r"ORDER\s+BY[^{}]*$", re.IGNORECASE)

Rows = list[dict[str, object]]
Ask = Callable[[str], tuple[Format, bytes]]
"""Asks a test's query with an ``Accept`` header; raises ``BadQuery`` or ``QueryRefused``."""


@dataclass(frozen=True)
class Case:
    """One test: its identifier, what kind it is, its files; ``base`` is the address its relative IRIs belong to."""

    name: str
    kind: str
    folder: Path
    base: str
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = None

    @property
    def named(self) -> tuple[Path, ...]:
        """The files of the named graphs; every file of the folder for a query that names its own in FROM."""
        if self.data or self.graphs:
            return self.graphs
        return tuple(sorted(path for path in self.folder.glob("*.ttl") if path.name != "manifest.ttl"))


@cache
def cases() -> tuple[Case, ...]:
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for manifest in sorted(SUITES.glob("sparql1?/*/manifest.ttl")):
        base = f"{ROOT}{manifest.parent.relative_to(SUITES)}/"
        store = Store()
        store.load(path=str(manifest), format=RdfFormat.TURTLE, base_iri=base + "manifest.ttl")
        for quad in sorted(store.quads_for_pattern(None, NamedNode(RDF + "type"), None), key=str):
            if isinstance(quad.object, NamedNode) and quad.object.value in NEGATIVE | POSITIVE | EVALUATION:
                assert isinstance(quad.subject, NamedNode)
                yield _case(store, quad.subject, quad.object.value, manifest.parent, base)


def _case(store: Store, test: NamedNode, kind: str, folder: Path, base: str) -> Case:
    def values(subject: NamedNode | BlankNode, name: str) -> list[NamedNode | BlankNode]:
        quads = store.quads_for_pattern(subject, NamedNode(name), None)
        return [quad.object for quad in quads if isinstance(quad.object, NamedNode | BlankNode)]

    def paths(subject: NamedNode | BlankNode, name: str) -> tuple[Path, ...]:
        return tuple(folder / node.value.removeprefix(base) for node in values(subject, name))

    action = values(test, MF + "action")[0]
    query = paths(action, QT + "query") or (folder / action.value.removeprefix(base),)
    return Case(
        name=f"{folder.relative_to(SUITES)}/{re.split('[#/]', test.value)[-1]}",
        kind=kind,
        folder=folder,
        base=base,
        query=query[0],
        data=paths(action, QT + "data"),
        graphs=paths(action, QT + "graphData"),
        result=next(iter(paths(test, MF + "result")), None),
    )


def parameters(known: Mapping[str, str], only: Container[str] = NEGATIVE | POSITIVE | EVALUATION) -> list[ParameterSet]:
    """The cases of these kinds as rows of a table; a known difference has to fail, by an answer that is another one."""
    chosen = (case for case in cases() if case.kind in only)
    return [pytest.param(case, marks=_marks(case, known), id=case.name) for case in chosen]


def _marks(case: Case, known: Mapping[str, str]) -> list[pytest.MarkDecorator]:
    why = next((why for pattern, why in known.items() if re.search(pattern, case.name)), None)
    return [pytest.mark.xfail(reason=why, raises=(AssertionError, KgpubError), strict=True)] if why else []


def unused(table: Mapping[str, str]) -> list[str]:
    """The patterns of a table of differences that fit no test, where the tests are there."""
    return [pattern for pattern in table if cases() and not any(re.search(pattern, case.name) for case in cases())]


def judge(case: Case, ask: Ask) -> None:
    """Ask a test's query and compare; raises ``AssertionError`` where the answer is another one."""
    if case.kind in NEGATIVE:
        assert _is_refused(ask)
    elif case.kind in POSITIVE:
        assert not _is_refused(ask)
    else:
        _judge_result(case, ask)


def _is_refused(ask: Ask) -> bool:
    try:
        ask(ACCEPT)
    except QueryRefused as error:
        return "function" not in error.detail  # read, but not known
    except BadQuery:
        return True
    return False


def _judge_result(case: Case, ask: Ask) -> None:
    assert case.result is not None
    if case.result.suffix == ".csv":
        _, body = ask(formats.CSV.media_type)
        assert sorted(body.decode().split()) == sorted(case.result.read_text("utf-8").split())
        return
    format, body = ask(ACCEPT)
    if format is formats.N_TRIPLES:
        expected = ox.parse(path=str(case.result), base_iri=case.base + case.result.name)
        assert normal(_stored(ox.parse(body, format=RdfFormat.N_TRIPLES))) == normal(_stored(expected))
        return
    made, rows = rows_of(body, ox.QueryResultsFormat.JSON), expected_rows(case.result, case.base)
    if isinstance(made, bool) or isinstance(rows, bool):
        assert made is rows
    elif _is_ordered(case):
        assert normal(_stored(as_quads(_numbered(made)))) == normal(_stored(as_quads(_numbered(rows))))
    else:
        assert normal(_stored(as_quads(made))) == normal(_stored(as_quads(rows)))


def _is_ordered(case: Case) -> bool:
    """Whether the order of the rows counts: the query ends by ordering, and the expected result has an order."""
    assert case.result is not None
    has_order = case.result.suffix in {".srx", ".srj", ".tsv"} or "index" in case.result.read_text("utf-8")
    return has_order and bool(_ORDERED.search(case.query.read_text("utf-8")))


def _numbered(rows: Rows) -> Rows:
    return [row | {"place": Literal(number)} for number, row in enumerate(rows)]


def _stored(quads: Iterable[Quad]) -> Store:
    """Quads as a store keeps them: by value."""
    store = Store()
    store.extend(quads)
    return store


def normal(quads: Iterable[Quad]) -> list[str]:
    """Quads term for term, with canonical blank nodes, sorted."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))


def as_quads(rows: Rows) -> list[Quad]:
    """Rows as quads, equal ones counted, so that blank nodes shared between rows can be compared."""
    counted: dict[str, int] = {}
    quads = []
    for row in rows:
        key = str(sorted((name, str(term)) for name, term in row.items()))
        counted[key] = counted.get(key, 0) + 1
        node = BlankNode()
        quads.append(Quad(node, NamedNode("urn:row"), Literal(counted[key])))
        for name, term in row.items():
            assert isinstance(term, NamedNode | BlankNode | Literal | Triple)
            quads.append(Quad(node, NamedNode(f"urn:var:{name}"), term))
    return quads


def rows_of(body: bytes, format: ox.QueryResultsFormat) -> Rows | bool:
    found = ox.parse_query_results(body, format=format)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def expected_rows(path: Path, base: str) -> Rows | bool:
    """An expected result in a result format, or in the vocabulary for result sets."""
    if path.suffix in {".srx", ".srj", ".tsv"}:
        format = {".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON}
        return rows_of(path.read_bytes(), format.get(path.suffix, ox.QueryResultsFormat.TSV))
    store = Store()
    store.load(path=str(path), format=RdfFormat.from_extension(path.suffix[1:]), base_iri=base + path.name)
    boolean = next(iter(store.quads_for_pattern(None, NamedNode(RS + "boolean"), None)), None)
    if boolean is not None:
        return getattr(boolean.object, "value", "") == "true"
    rows: Rows = []
    solutions = store.quads_for_pattern(None, NamedNode(RS + "solution"), None)
    for solution in sorted(solutions, key=lambda quad: _index(store, quad)):
        assert isinstance(solution.object, BlankNode | NamedNode)
        row: dict[str, object] = {}
        for binding in store.quads_for_pattern(solution.object, NamedNode(RS + "binding"), None):
            assert isinstance(binding.object, BlankNode | NamedNode)
            parts = {
                q.predicate.value.removeprefix(RS): q.object
                for q in store.quads_for_pattern(binding.object, None, None)
            }
            row[getattr(parts["variable"], "value", "")] = parts["value"]
        rows.append(row)
    return rows


def _index(store: Store, solution: Quad) -> int:
    """The place of a solution in its result, where it says it."""
    assert isinstance(solution.object, BlankNode | NamedNode)
    found = next(iter(store.quads_for_pattern(solution.object, NamedNode(RS + "index"), None)), None)
    return int(getattr(found.object, "value", "0")) if found else 0

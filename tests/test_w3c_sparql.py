"""The W3C's SPARQL 1.0, 1.1 and 1.2 query tests, through the guard, the dataset rules and the serialisers.

The data are not part of the repository; without them beside it nothing is collected. Expected results pass through a
store as well, since the store normalises terms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store

from kgpub import formats
from kgpub.engine import DatasetClause, guard
from kgpub.engine.evaluate import Question, answer
from kgpub.errors import BadQuery, QueryRefused
from kgpub.formats import Format
from kgpub.settings import Settings

SUITES = Path(__file__).parents[2] / "shared" / "w3c" / "sparql"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NEGATIVE = {MF + "NegativeSyntaxTest", MF + "NegativeSyntaxTest11"}
POSITIVE = {MF + "PositiveSyntaxTest", MF + "PositiveSyntaxTest11"}
EVALUATION = {MF + "QueryEvaluationTest", MF + "CSVResultFormatTest"}
ACCEPT = ", ".join((formats.RESULTS_JSON.media_type, formats.N_TRIPLES.media_type))

SKIPPED = {
    "sparql11/entailment/": "answers by entailment; kgpub answers what is said",
    "sparql11/service/|sparql11/syntax-fed/test_": "SERVICE is refused",
}
"""Pattern of a test's identifier → why it is not run."""

TERMS = "the store keeps terms by value, not by lexical form"
SCOPE = "Oxigraph 0.5.13 binds the variable of GRAPH inside its group already"
PATHS = "Oxigraph 0.5.13 has no path of length nought from a term that is not in the graph"
DEVIATIONS = {
    "sparql10/distinct/(no-)?distinct-[19]$": TERMS,
    "sparql10/reduced/reduced-[12]$": TERMS,
    "sparql10/expr-builtin/(dawg-str-[12]|sameTerm-(eq|not-eq|simple))$": TERMS,
    "sparql10/expr-equals/eq-graph-[12]$": TERMS,
    "sparql10/open-world/(date-2|open-eq-01)$": TERMS,
    "sparql12/grouping/group01$": TERMS,
    "sparql10/graph/graph-(optional|variable-scope)$": SCOPE,
    "sparql11/(aggregates/agg-empty-group-count-graph|bindings/graph|negation/graph-minus)$": SCOPE,
    "sparql11/property-path/zero_or_(one|more)_set_": PATHS,
    "sparql10/expr-builtin/case-insensitive-booleans$": "Oxigraph 0.5.13 reads only true and false in small letters",
    "sparql10/optional-filter/dawg-optional-filter-005-simplified$": "Oxigraph reads nested groups by the standard",
    "sparql10/syntax-sparql3/syn-bad-26$": "Oxigraph and the guard read “?x<?a” as less-than, with or without spaces",
    "sparql11/aggregates/agg-groupconcat-0[46]$": "Oxigraph 0.5.13 keeps a language that all strings share",
    "sparql11/csv-tsv-res/csv0[123]$": "Oxigraph 0.5.13 lists the variables of SELECT * in order of the alphabet",
    "sparql11/functions/bnode01$": "Oxigraph 0.5.13 makes blank nodes that last over rows",
    "sparql12/grouping/select-variable-reuse$": "not in Oxigraph 0.5.13",
    "sparql12/syntax/nested-aggregate-functions$": "Oxigraph 0.5.13 takes more",
    "sparql12/syntax-triple-terms-negative/tripleterm-subject-0[36]$": "Oxigraph 0.5.13 takes more",
}
"""Pattern of a test's identifier → why it is known to fail; a test that no longer fails is an error."""


@dataclass(frozen=True)
class Case:
    """One test: its identifier, what kind it is, its files."""

    name: str
    kind: str
    folder: Path
    base: str
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = None

    @property
    def site(self) -> Settings:
        return Settings(title="t", base=self.base, languages=("en",))


def cases() -> Iterator[Case]:
    for manifest in sorted(SUITES.glob("sparql1?/*/manifest.ttl")):
        base = f"http://w3c.test/{manifest.parent.relative_to(SUITES)}/"
        store = Store()
        store.load(path=str(manifest), format=RdfFormat.TURTLE, base_iri=base + "manifest.ttl")
        for quad in sorted(store.quads_for_pattern(None, NamedNode(RDF + "type"), None), key=str):
            if isinstance(quad.object, NamedNode) and quad.object.value in NEGATIVE | POSITIVE | EVALUATION:
                assert isinstance(quad.subject, NamedNode)
                yield case(store, quad.subject, quad.object.value, manifest.parent, base)


def case(store: Store, test: NamedNode, kind: str, folder: Path, base: str) -> Case:
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


def load(case: Case) -> Store:
    """The data of a test; a query that names its own in FROM finds every file of the folder as a named graph."""
    store = Store()
    graphs = case.graphs
    if not case.data and not graphs:
        graphs = tuple(path for path in case.folder.glob("*.ttl") if path.name != "manifest.ttl")
    for path, is_named in (*((path, False) for path in case.data), *((path, True) for path in graphs)):
        format = RdfFormat.from_extension(path.suffix[1:])
        assert format is not None
        into = NamedNode(case.base + path.name) if is_named else None
        store.load(
            path=str(path),
            format=format,
            base_iri=case.base + path.name,
            to_graph=None if format.supports_datasets else into,
        )
    return store


def run(case: Case, accept: str = ACCEPT) -> tuple[Format, bytes]:
    query = case.query.read_text("utf-8")
    guard.check(query, 65_536)
    chunks: list[bytes] = []
    found: list[Format] = []

    def send(format: Format, chunk: bytes) -> None:
        found.append(format)
        chunks.append(chunk)

    answer(load(case), case.site, Question(query, accept, DatasetClause()), send)
    return found[0], b"".join(chunks)


def normal(quads: list[Quad]) -> list[str]:
    """Quads as the store keeps them, with canonical blank nodes, sorted."""
    store = Store()
    store.extend(quads)
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))


Rows = list[dict[str, object]]


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
            assert isinstance(term, NamedNode | BlankNode | Literal | ox.Triple)
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
    for solution in store.quads_for_pattern(None, NamedNode(RS + "solution"), None):
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


def reason(name: str, table: dict[str, str]) -> str | None:
    return next((why for pattern, why in table.items() if re.search(pattern, name)), None)


def marks(case: Case) -> list[pytest.MarkDecorator]:
    skip, fail = reason(case.name, SKIPPED), reason(case.name, DEVIATIONS)
    return [*([pytest.mark.skip(skip)] if skip else []), *([pytest.mark.xfail(reason=fail)] if fail else [])]


@pytest.mark.parametrize("case", [pytest.param(case, marks=marks(case), id=case.name) for case in cases()])
def test_w3c(case: Case) -> None:
    if case.kind in NEGATIVE:
        with pytest.raises((BadQuery, QueryRefused)):
            run(case)
        return
    if case.kind in POSITIVE:
        try:
            run(case)
        except QueryRefused as error:
            assert "function" in error.detail  # read, but not known
        return
    assert case.result is not None
    if case.result.suffix == ".csv":
        _, body = run(case, formats.CSV.media_type)
        assert sorted(body.decode().split()) == sorted(case.result.read_text("utf-8").split())
        return
    format, body = run(case)
    if format is formats.N_TRIPLES:
        expected = list(ox.parse(path=str(case.result), base_iri=case.base + case.result.name))
        assert normal(list(ox.parse(body, format=RdfFormat.N_TRIPLES))) == normal(expected)
        return
    made, rows = rows_of(body, ox.QueryResultsFormat.JSON), expected_rows(case.result, case.base)
    if isinstance(rows, bool) or isinstance(made, bool):
        assert made == rows
    else:
        assert normal(as_quads(made)) == normal(as_quads(rows))

"""Term for term over every term that the W3C's suites of SPARQL and SHACL are made of, and over their files whole."""

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Store, Triple, parse

from kgpub import snapshot
from kgpub.describe import Asked, describe
from kgpub.difference.inputs import opened
from kgpub.making import building
from kgpub.model import Report
from kgpub.reading.kinds import FORMATS
from kgpub.settings import Settings, load
from kgpub.source import files, notes

MakeSite = Callable[..., Path]
SUITES = Path(__file__).parents[2] / "shared" / "w3c"
BASE = "https://kg.example/"
HEAD = f'title = "T"\nbase = "{BASE}"\nlanguages = ["en"]\nontology = []\nshapes = []\n'
FEW = 40
"""Terms that one subject has: fewer than a page shows, more than share one stored form."""
_TAG = re.compile(r'"@([A-Za-z]+(?:-[A-Za-z0-9]+)*)(?![A-Za-z0-9-])')

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SUITES.is_dir(), reason="the suites are not here"),
]


def _sound() -> Iterator[Path]:
    """The suites' files of RDF that the plain parser reads; the others are there to be refused."""
    for path in sorted(SUITES.rglob("*")):
        if path.suffix in FORMATS:
            try:
                list(parse(path=str(path), format=FORMATS[path.suffix], base_iri=BASE))
            except (SyntaxError, ValueError):
                continue
            yield path


def _built(folder: Path) -> Settings:
    site = load(folder)
    building.build(site, lambda *_: Report(True), lambda *_: None)
    return site


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A site of all files, each under its own name."""
    folder = tmp_path_factory.mktemp("w3c")
    for path in _sound():
        target = folder / "data" / path.relative_to(SUITES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (folder / "kgpub.toml").write_text(HEAD)
    return _built(folder)


def _literals(quads: Iterable[Quad]) -> Iterator[Literal]:
    for quad in quads:
        target = quad.object
        while isinstance(target, Triple):
            target = target.object
        if isinstance(target, Literal):
            yield target


def _terms(site: Settings) -> list[str]:
    """Every literal, those side by side that a store takes for one."""
    found = {one for file in files(site) for one in _literals(file.quads())}
    return sorted(
        {str(one) for one in found}, key=dict(zip(map(str, found), map(_stored, found), strict=True)).__getitem__
    )


def _stored(literal: Literal) -> str:
    node = NamedNode("urn:x")
    store = Store()
    store.add(Quad(node, node, literal))
    (kept,) = store
    return str(kept.object).lower()


def _canonical(quads: Iterable[Quad]) -> dict[str, set[str]]:
    """The statements of each graph with canonical blank nodes (RDFC-1.0)."""
    graphs: dict[str, Dataset] = defaultdict(Dataset)
    for quad in quads:
        graphs[str(quad.graph_name)].add(quad)
    for graph in graphs.values():
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {name: {str(quad) for quad in graph} for name, graph in graphs.items()}


def test_every_file_comes_out_as_it_went_in(whole: Settings) -> None:
    sources = files(whole)
    assert len(sources) > 600
    assert [note for note in notes(sources) if note.what not in {"odd"}] == []
    put_in = {quad for file in sources for quad in file.quads()}
    given_out = set(opened(whole.folder / ".kgpub").quads())
    assert len(put_in) == len(given_out)
    assert _canonical(put_in) == _canonical(given_out)


def test_no_term_of_the_suites_is_passed_over(whole: Settings) -> None:
    terms = _terms(whole)
    assert len(terms) > 1_000
    tags = {found for path in _sound() for found in _TAG.findall(path.read_text("utf-8")) if found != found.lower()}
    read = {one.rpartition("@")[2] for one in terms if not one.endswith((">", '"'))}
    assert tags and tags <= read


def test_every_term_comes_out_of_documents_and_dumps_as_it_went_in(
    whole: Settings, make_site: MakeSite, tmp_path: Path
) -> None:
    terms = iter(_terms(whole))
    wanted: dict[str, set[str]] = {}
    while some := list(islice(terms, FEW)):
        subject = f"{BASE}t/{len(wanted)}"
        wanted[subject] = {f"<{subject}> <https://e.example/p> {term}" for term in some}
    lines = "".join(f"{line} .\n" for lines in wanted.values() for line in lines)
    site = _built(make_site(tmp_path, {"data/x.nt": lines}, HEAD))
    now = snapshot.open_snapshot(site)
    try:
        found = {
            subject: {str(quad.triple) for quad in describe(now.engine, now.index, now.graphs, subject, Asked()).quads}
            for subject in wanted
        }
    finally:
        now.close()
    assert found == wanted
    dumped = {str(quad.triple) for quad in opened(site.folder / ".kgpub").quads()}
    assert dumped == {line for lines in wanted.values() for line in lines}

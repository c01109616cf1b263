"""What careful reading costs: kgpub against the plain parser, as ratios of processor time in one interleaved run.

    python benchmarks/fidelity.py FILE…
    python benchmarks/fidelity.py --make FOLDER --triples 100000

For each file the rounds take turns; the ratio of the medians to the plain parser's is printed: for the look before a
file is read, for its quads as the build takes them in (in their graphs, with stable blank nodes), for its quads with
lines as validation takes them, and for look and quads together. ``--make`` writes the same triples in four formats.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from kgpub.reading.kinds import kind_of
from kgpub.reading.packed import Limits, opened
from kgpub.settings import Settings
from kgpub.source import SourceFile

BASE = "https://kg.example/"
RDFS_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FORMATS = {
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}


def cost(job: Callable[[], int]) -> float:
    """Seconds of processor time that a job takes."""
    start = time.process_time()
    job()
    return time.process_time() - start


def ratios(path: Path, rounds: int) -> dict[str, float]:
    """What each step takes as a multiple of what the plain parser takes, for a file that is sound."""
    site = Settings(folder=path.parent, title="T", base=BASE, languages=("en",))

    def source() -> SourceFile:
        return SourceFile(path, path.name, f"{BASE}graph/x", "data", kind_of(path, Limits()), True, site)

    ready = source()

    def plain() -> int:
        with opened(path, ready.kind.packing, Limits()) as file:
            return sum(1 for _ in parse(file, format=ready.kind.format, base_iri=BASE))

    jobs: dict[str, Callable[[], int]] = {
        "plain": plain,
        "look": lambda: len(source().outcome.notes),
        "quads": lambda: sum(1 for _ in ready.quads()),
        "with lines": lambda: sum(1 for _ in ready.located()),
    }
    assert jobs["plain"]() == jobs["quads"]() == jobs["with lines"](), "the file is not sound"
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(cost(job))
    medians = {name: statistics.median(all_of) for name, all_of in times.items()}
    found = {name: median / medians["plain"] for name, median in medians.items() if name != "plain"}
    return found | {"look and quads": found["look"] + found["quads"]}


def _quads(number: int) -> Iterator[Quad]:
    """Things with a class, two names, a number and a link: five statements each."""
    things = number // 5
    for n in range(things):
        thing = NamedNode(f"{BASE}id/thing-{n}")
        yield Quad(thing, RDF_TYPE, NamedNode(f"{BASE}ns/Class{n % 20}"))
        yield Quad(thing, RDFS_LABEL, Literal(f"Thing number {n} of many", language="en"))
        yield Quad(thing, RDFS_LABEL, Literal(f"ნივთი {n}", language="ka"))
        yield Quad(thing, NamedNode(f"{BASE}ns/size"), Literal(n))
        yield Quad(thing, NamedNode(f"{BASE}ns/next"), NamedNode(f"{BASE}id/thing-{n * 7 % things}"))


def make(folder: Path, number: int) -> None:
    """Write the same triples in each format."""
    for ending, format in FORMATS.items():
        prefixes = {} if ending == "nt" else {"n": f"{BASE}ns/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
        serialize(_quads(number), folder / f"{number}.{ending}", format=format, prefixes=prefixes)


def main() -> None:
    """Make files, or measure them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--make", type=Path)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if asked.make:
        make(asked.make, asked.triples)
    for path in asked.files:
        print(
            path.name,
            *(f"{name} {ratio:.1f}" for name, ratio in ratios(path, asked.rounds).items()),
            sep="\t",
            flush=True,
        )


if __name__ == "__main__":
    main()

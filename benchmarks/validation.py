"""How long validation takes with each engine, and how much memory: processor seconds, in one interleaved run.

    python benchmarks/validation.py --triples 1000000 --plain 20000 --repeat 3
    python benchmarks/validation.py --edited 300000 --repeat 3

Two sites of generated triples, a large one and one that plain pySHACL can manage, are checked against this
repository's own shapes; one triple in a thousand is wrong. Each run is a process of its own: its processor time and
its peak of memory are what the system says. Both engines have to find the same in the smaller one.

With ``--edited`` another site of so many triples is edited, one statement at a time: after each edit it is validated as
it is done by default, which takes over what the edit cannot have changed, and from scratch (``--full``). Both have to
find the same.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from generate import HEADER, generate
from pyoxigraph import NamedNode, parse

REPOSITORY = Path(__file__).parents[1]
SEED = 42
SHARE = 1_000
"""Of so many triples one is wrong."""
FAULTS = (
    'skos:prefLabel "მეორე სახელი"@ka',
    'skos:prefLabel "nom"@fr',
    'skos:prefLabel "  gap  "@en',
    "skos:prefLabel 5",
    'org:classification "no concept"',
    'kgp:foundingDate "2020-02-30"^^xsd:date',
    "schema:startDate 2020",
    "kgp:noSuchTerm 5",
    'schema:url "no address"',
    'dcterms:identifier "one" , "two"',
)
"""What is said of one entity after the other."""


@dataclass(frozen=True)
class Run:
    """One validation: processor seconds, peak of memory in megabytes, what was found, its counts by component."""

    seconds: float
    megabytes: float
    found: str
    count: int


def write(folder: Path, triples: int) -> int:
    """A generated site with the shapes of this repository and faults; how many triples it has."""
    written, _ = generate(folder, triples, SEED)
    (folder / "shapes").mkdir(exist_ok=True)
    for path in (REPOSITORY / "shapes").glob("*.ttl"):
        (folder / "shapes" / path.name).write_bytes(path.read_bytes())
    wrong = written // SHARE
    parts = sorted((folder / "data").rglob("*.ttl"))
    entities: dict[str, None] = {}
    for path in parts:
        for quad in parse(path=path, base_iri="https://data.example.org/"):
            if isinstance(quad.subject, NamedNode) and "/id/" in quad.subject.value:
                entities[quad.subject.value] = None
    chosen = list(islice(entities, 0, None, max(1, len(entities) // wrong)))[:wrong]
    lines = [f"<{one}> {fault} ." for one, fault in zip(chosen, cycle(FAULTS), strict=False)]
    (folder / "data" / "faults.ttl").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    return written + len(lines)


def run(folder: Path, *options: str) -> Run:
    """Validate a site in a process of its own."""
    command = (sys.executable, "-m", "kgpub", "validate", str(folder), "--format", "json", *options)
    with tempfile.TemporaryFile() as out, subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        findings = json.load(out)["findings"]
    found = json.dumps(findings, sort_keys=True)
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, found, len(findings))


def row(name: str, triples: int, runs: list[Run]) -> str:
    """A line of the table."""
    seconds, megabytes = median(one.seconds for one in runs), max(one.megabytes for one in runs)
    return f"{name:<6} {triples:>9,} {seconds:>9.1f} {megabytes:>7,.0f} {runs[0].count:>7,}"


def edit(folder: Path, number: int) -> None:
    """Change one statement of the largest file of a site: the end of its middle label in Georgian."""
    path = max((folder / "data").rglob("*.ttl"), key=lambda path: path.stat().st_size)
    text = path.read_text("utf-8")
    place = text.index('"@ka', len(text) // 2)
    path.write_text(f"{text[:place]} {number}{text[place:]}", "utf-8")


def edited(folder: Path, triples: int, repeat: int) -> None:
    """Edit a site again and again, validate it in both ways, print the table."""
    size = write(folder, triples)
    ways: dict[str, tuple[str, ...]] = {"again": (), "full": ("--full",)}
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    run(folder)
    for number in range(repeat):
        edit(folder, number)
        for name, options in ways.items():
            runs[name].append(run(folder, *options))
        if runs["again"][-1].found != runs["full"][-1].found:
            sys.exit("the ways differ")
    print("edited   triples     cpu s      MB  results")
    for name, some in runs.items():
        print(row(name, size, some))
    again, full = (median(one.seconds for one in some) for some in runs.values())
    print(f"from scratch takes {full / again:.1f} times as long")


def main() -> None:
    """Read the command line, write the sites, run the engines in turn, print the table."""
    parser = argparse.ArgumentParser(description="Measure validation.")
    parser.add_argument("--triples", type=int, default=1_000_000, help="triples of the large site")
    parser.add_argument("--plain", type=int, default=20_000, help="triples of the site that plain pySHACL checks too")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each")
    parser.add_argument(
        "--edited", type=int, default=0, help="triples of a site that is edited; nothing else is measured"
    )
    given = parser.parse_args()
    if given.edited:
        with tempfile.TemporaryDirectory() as folder:
            edited(Path(folder) / "site", given.edited, given.repeat)
        return
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        sizes = {large: write(large, given.triples), small: write(small, given.plain)}
        turns = ((large, "auto"), (small, "auto"), (small, "full"))  # --full: nothing of one run helps the next
        runs: dict[tuple[Path, str], list[Run]] = {turn: [] for turn in turns}
        for turn in list(turns) * given.repeat:
            runs[turn].append(run(turn[0], "--engine", turn[1], "--full"))
        print("engine   triples     cpu s      MB  results")
        for turn in turns:
            print(row(turn[1], sizes[turn[0]], runs[turn]))
        quick, plain = runs[small, "auto"], runs[small, "full"]
        ratio = median(one.seconds for one in plain) / median(one.seconds for one in quick)
        print(f"plain pySHACL takes {ratio:.1f} times as long at {sizes[small]:,} triples")
        if {one.found for one in quick} != {one.found for one in plain}:
            sys.exit("the engines differ")


if __name__ == "__main__":
    main()

"""How long suggestions take while somebody types: in one process, and through HTTP.

    python benchmarks/search.py --things 50000 [--page FILE]

A site of so many things is written and built in a temporary folder, each with a Georgian and an English label made of
this repository's own words. Then what people would type for some of them is asked, one question after another, of the
index itself and of a server beside it in turn, so that what else the machine does meets both alike.
"""

import argparse
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from servers import Ask, Connection, started

from kgpub.searching.search import Index
from kgpub.settings import load
from kgpub.snapshot import open_snapshot

REPOSITORY = Path(__file__).parents[1]
SEED = 20
SAMPLE = 60
"""Names that are typed, per row of the table."""
LONGEST = 24
"""Keys typed of a name; nobody goes on for longer with suggestions at hand."""
LIMIT = 20.0
"""Milliseconds within which suggestions are to come, at the 95th percentile."""

_KGPUB = (sys.executable, "-m", "kgpub")
_TOML = 'base = "https://bench.example/"\nlanguages = ["ka", "en"]\ntitle = "Search"\n'
_SYLLABLES = ("მი", "გრა", "ცი", "სა", "ქარ", "თვე", "ლო", "ნო", "რა", "ბე", "კო", "შვი", "ძე", "გი", "ორ", "და", "ვით",
              "ლა", "ნა", "მარ", "ტო", "ჭე", "ღა", "წი", "ფი")  # fmt: skip
_INFORMAL = dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", (*"abgdevztiklmnop", "zh", *"rstufqgy",
                     "sh", "ch", "c", "dz", "w", "ch", "x", "j", "h"), strict=True))  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """A thing of the site: its labels."""

    georgian: str
    english: str


@dataclass(frozen=True)
class Timed:
    """A row of the table: how long each question took, in milliseconds, of the index and through HTTP."""

    name: str
    alone: tuple[float, ...]
    served: tuple[float, ...]

    @property
    def line(self) -> str:
        """The row in Markdown."""
        cells = (percentile(of, share) for of in (self.alone, self.served) for share in (0.5, 0.95))
        return f"| {self.name} | {len(self.alone)} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so large a share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def things(number: int) -> Iterator[Thing]:
    """Things whose labels are this repository's words, with a made-up name that tells them apart."""
    choice = random.Random(SEED)
    georgian, english = _words("ka"), _words("en")
    for count in range(number):
        own = "".join(choice.choices(_SYLLABLES, k=choice.randint(2, 4)))
        yield Thing(
            " ".join([*choice.choices(georgian, k=choice.randint(1, 4)), own]),
            " ".join([*choice.choices(english, k=choice.randint(1, 5)), latin(own).title(), str(count)]),
        )


def typed(things: Sequence[Thing]) -> Iterator[tuple[str, list[str]]]:
    """The rows of the table: what is typed, key by key or whole."""
    choice = random.Random(SEED)
    some = choice.sample(things, min(SAMPLE, len(things)))
    yield "Georgian, key by key", [keys for one in some for keys in _keys(one.georgian)]
    yield "Georgian in Latin letters, key by key", [keys for one in some for keys in _keys(latin(one.georgian))]
    yield "English, key by key", [keys for one in some for keys in _keys(one.english)]
    yield "a letter missing", [_without(name[:LONGEST], choice) for one in some for name in (one.georgian, one.english)]
    yield "like no name", ["".join(choice.choices(list(_INFORMAL), k=choice.randint(5, 14))) for _ in some]


def latin(georgian: str) -> str:
    """Georgian as it is typed on a telephone without a Georgian keyboard."""
    return "".join(_INFORMAL.get(letter, letter) for letter in georgian)


def measure(name: str, queries: Sequence[str], index: Index, server: Connection) -> Timed:
    """Ask every query once of the index and once of the server."""
    alone, served = [], []
    for query in queries:
        request = Ask(f"/-/suggest?lang=ka&q={quote(query, safe='')}").bytes
        alone.append(_milliseconds(partial(index.suggest, query, ("ka", "en"))))
        served.append(_milliseconds(partial(_asked, server, request)))
    return Timed(name, tuple(alone), tuple(served))


def table(rows: Sequence[Timed], labels: int) -> str:
    """The table in Markdown, with what it was measured on."""
    alone, served = (
        tuple(chain.from_iterable(times)) for times in zip(*((r.alone, r.served) for r in rows), strict=True)
    )
    head = (
        f"Suggestions over {labels:,} labels, in milliseconds; the limit is {LIMIT:.0f} at the 95th percentile.\n",
        "| what is typed | questions | index, p50 | index, p95 | HTTP, p50 | HTTP, p95 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    )
    return "\n".join((*head, *(row.line for row in (*rows, Timed("all", alone, served))), ""))


def _asked(server: Connection, request: bytes) -> None:
    answer = server.answer(request)
    if answer.status != 200:
        raise RuntimeError(f"the server answered {answer.status}: {answer.body[:200]!r}")


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _words(language: str) -> list[str]:
    """The words of this repository's texts in a language."""
    texts = (path.read_text("utf-8") for path in sorted((REPOSITORY / "data").rglob("*.ttl")))
    literals = (found for text in texts for found in re.findall(rf'"([^"\n\\]*)"@{language}\b', text))
    return sorted({word for literal in literals for word in re.findall(r"[^\W\d_]{3,}", literal)})


def _keys(name: str) -> list[str]:
    """The name as it grows under the fingers."""
    return [name[:length] for length in range(1, min(len(name), LONGEST) + 1)]


def _without(name: str, choice: random.Random) -> str:
    """The name with one of its inner letters missing."""
    place = choice.randrange(1, len(name) - 1)
    return name[:place] + name[place + 1 :]


def _write(folder: Path, all_things: Sequence[Thing]) -> None:
    """A site folder of these things, each of one of some classes, some linked to more than others."""
    (folder / "kgpub.toml").write_text(_TOML, "utf-8")
    data = folder / "data"
    data.mkdir()
    choice = random.Random(SEED)
    with (data / "things.nt").open("w", encoding="utf-8") as file:
        for number, thing in enumerate(all_things):
            name = f"<https://bench.example/id/{number}>"
            hub = min(int(choice.paretovariate(0.6)), len(all_things)) - 1
            for predicate, value in (
                ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<https://bench.example/ns/C{number % 23}>"),
                ("http://www.w3.org/2000/01/rdf-schema#label", f'"{thing.georgian}"@ka'),
                ("http://www.w3.org/2000/01/rdf-schema#label", f'"{thing.english}"@en'),
                ("http://www.w3.org/2000/01/rdf-schema#seeAlso", f"<https://bench.example/id/{hub}>"),
            ):
                file.write(f"{name} <{predicate}> {value} .\n")


def main() -> None:
    """Write the site, build it, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--things", type=int, default=50_000, help="things of the site; each has two labels")
    parser.add_argument("--page", type=Path, help="a file to write the table to, instead of printing it")
    wanted = parser.parse_args()
    all_things = list(things(wanted.things))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _write(folder, all_things)
        subprocess.run([*_KGPUB, "build", str(folder)], check=True, stdout=subprocess.DEVNULL)
        snapshot = open_snapshot(load(folder))
        with started([*_KGPUB, "serve", str(folder), "--port", "0"]) as server:
            rows = [measure(*row, snapshot.search, server.connection) for row in typed(all_things)]
        snapshot.close()
    text = table(rows, 2 * len(all_things))
    if wanted.page:
        wanted.page.write_text(text, "utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()

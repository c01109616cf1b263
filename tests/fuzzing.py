"""Mutants of files of RDF, read in a process of their own so that a crash of the parser is seen.

    python tests/fuzzing.py --seconds 600 [--seed 7]
    python tests/fuzzing.py --seed 7 --first 1234 --number 1

A mutant is told by seed and number alone. Whatever it is, it is refused with a reason, or read with a warning, or read
to the same quads as the plain parser's: never a crash, never a hang, no quad lost in silence.
"""

import argparse
import faulthandler
import gzip
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, parse, serialize

from kgpub.errors import SourceError
from kgpub.reading.kinds import FORMATS, kind_of
from kgpub.reading.ladder import Outcome, strictly, tried
from kgpub.reading.packed import Limits
from kgpub.reading.streams import Opening
from kgpub.settings import Settings
from kgpub.source import SourceFile
from test_reading import CORPUS

BASE = "https://kg.example/"
PATIENCE = 20
"""Seconds that one mutant may take."""
MEMORY = 4 << 30
"""Bytes that reading may take: far more than any of these files needs."""
_BATCH = 500
_SMALL = 3_000
SEEDS = [(row[1], row[2].encode() if isinstance(row[2], str) else row[2]) for row in CORPUS if len(row[2]) < _SMALL]
TOKENS = [
    b"<", b">", b'"', b'"""', b"'''", b"@", b"@EN-us", b"^^", b"<<( ", b")>>", b"<< ", b">>", b"{", b"}", b"[", b"]", b"\\", b"\\u0000",
    b"\\uD800", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"%", b"_:", b"_:a", b"&", b"&#x0;", b"<!--", b"-->", b"<![CDATA[",
    b"]]>", b"<?", b"?>", b"</", b"/>", b"<!DOCTYPE x [", b'<!ENTITY a "b">', b'"@context":', b'"@id"', b'"@graph"', b'"@value"', b"null",
    b'"https://schema.org"', b".", b";", b",", b"#", b"a", b" ", b"e:", b"@prefix", b"BASE", b"GRAPH", b"rdf:parseType='Literal'", b"1e9999",
]  # fmt: skip


class Wrong(AssertionError):
    """A mutant that was neither refused nor told nor read whole."""


def mutant(seed: int, number: int) -> tuple[str, bytes]:
    """The ending and the bytes of a mutant."""
    chance = random.Random(f"{seed}/{number}")
    ending, content = chance.choice(SEEDS)
    body = bytearray(content)
    for _ in range(chance.randint(0, 6)):
        chance.choice(CHANGES)(chance, body)
    if chance.random() < 0.1:
        ending = chance.choice(sorted(FORMATS)).removeprefix(".")
    if chance.random() < 0.7:
        return ending, bytes(body)
    packed = bytearray(gzip.compress(bytes(body), mtime=0))
    if chance.random() < 0.3:
        chance.choice(CHANGES)(chance, packed)
    return f"{ending}.gz", bytes(packed)


def _at(chance: random.Random, body: bytearray) -> int:
    return chance.randint(0, len(body))


def _flip(chance: random.Random, body: bytearray) -> None:
    if body:
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)


def _delete(chance: random.Random, body: bytearray) -> None:
    at = _at(chance, body)
    del body[at : at + chance.randint(1, 12)]


def _insert(chance: random.Random, body: bytearray) -> None:
    at = _at(chance, body)
    body[at:at] = chance.choice(TOKENS) * chance.choice([1, 1, 1, 2, 600])


def _splice(chance: random.Random, body: bytearray) -> None:
    other = chance.choice(SEEDS)[1]
    at, begin = _at(chance, body), chance.randint(0, len(other))
    body[at:at] = other[begin : begin + chance.randint(1, 200)]


def _repeat(chance: random.Random, body: bytearray) -> None:
    at = _at(chance, body)
    body[at:at] = body[at : at + chance.randint(1, 60)] * chance.choice([1, 2, 300])


def _cut(chance: random.Random, body: bytearray) -> None:
    del body[_at(chance, body) :]


CHANGES: list[Callable[[random.Random, bytearray], None]] = [
    _flip,
    _flip,
    _delete,
    _insert,
    _insert,
    _splice,
    _repeat,
    _cut,
]


def judge(path: Path) -> str:
    """What became of a file, in a word; raises ``Wrong``."""
    opening = Opening(path, "x", kind_of(path, Limits()), BASE, Limits())
    outcome = tried(opening)
    _judge_strictness(opening, outcome)
    if outcome.skipped:
        (note,) = outcome.notes
        if not note.text:
            raise Wrong("left out without a reason")
        return "refused"
    site = Settings(folder=path.parent, title="T", base=BASE, languages=("en",))
    source = SourceFile(path, "x", f"{BASE}graph/x", "data", opening.kind, True, site)
    located = [quad for quad, _ in source.located()]
    if [str(quad) for quad in source.quads()] != [str(quad) for quad in located]:
        raise Wrong("read otherwise by the block than by the line")
    lenient = any(note.what == "odd" for note in outcome.notes)
    again = parse(serialize(located, format=RdfFormat.N_QUADS) or b"", format=RdfFormat.N_QUADS, lenient=lenient)
    if len(list(again)) != len(located):
        raise Wrong("what was read cannot be written")
    _judge_loss(opening, outcome, len(located))
    return "told" if outcome.notes else "read"


def _judge_strictness(opening: Opening, outcome: Outcome) -> None:
    try:
        strictly(opening)
    except SourceError as error:
        if not outcome.notes:
            raise Wrong(f"refused strictly, forgiven without a word: {error}") from error
        return
    if outcome.notes:
        raise Wrong(f"read strictly, yet told: {outcome.notes[0]}")


def _judge_loss(opening: Opening, outcome: Outcome, number: int) -> None:
    """Compare with the plain parser, where it can read the file as it is."""
    if opening.kind.encoding != "utf-8" or any(note.what in {"left out", "more"} for note in outcome.notes):
        return
    raw = opening.path.read_bytes()
    raw = gzip.decompress(raw) if opening.kind.packing else raw
    lenient = opening.kind.format is RdfFormat.JSON_LD
    try:
        found = parse(raw.removeprefix(b"\xef\xbb\xbf"), format=opening.kind.format, base_iri=BASE, lenient=lenient)
        plain = sum(1 for _ in found)
    except (SyntaxError, ValueError) as error:
        if not outcome.notes and b"@context" not in raw:
            raise Wrong(f"the plain parser refuses what was read without a word: {error}") from error
        return
    if plain != number:
        raise Wrong(f"{number} quads, the plain parser has {plain}")


def read(seed: int, numbers: range, folder: Path) -> None:
    """Judge mutants in this process, each announced on standard output; ends it when one takes too long."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for number in numbers:
        ending, content = mutant(seed, number)
        path = folder / f"x.{ending}"
        path.write_bytes(content)
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        sys.stdout.write(f"{number} ")
        sys.stdout.flush()
        sys.stdout.write(f"{judge(path)}\n")
        faulthandler.cancel_dump_traceback_later()
        path.unlink()


def fuzz(seed: int, numbers: range) -> Iterator[str]:
    """What became of mutants, each judged in a process of their own; raises ``Wrong`` with how to see it again."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--seed", str(seed), "--first", str(numbers.start)]
        command += ["--number", str(len(numbers)), "--folder", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    lines = done.stdout.splitlines()
    if done.returncode != 0:
        last = lines[-1].split()[0] if lines else str(numbers.start)
        reason = done.stderr.strip()[-2_000:]
        raise Wrong(f"--seed {seed} --first {last} --number 1 ended with {done.returncode}: {reason}")
    yield from (line.split()[1] for line in lines)


def _forever(seed: int, seconds: float) -> int:
    """Judge mutants until the time is over; how many."""
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        done += sum(1 for _ in fuzz(seed, range(done, done + _BATCH)))
        sys.stderr.write(f"{done} mutants of seed {seed}\n")
    return done


def main() -> None:
    """Judge so many mutants here, or for so many seconds in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--number", type=int, default=_BATCH)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.seconds is not None:
        _forever(asked.seed, asked.seconds)
    elif asked.folder:
        read(asked.seed, range(asked.first, asked.first + asked.number), asked.folder)
    else:
        with TemporaryDirectory() as folder:
            read(asked.seed, range(asked.first, asked.first + asked.number), Path(folder))


if __name__ == "__main__":
    main()

"""A second process does part of a build: what is made is the same, and whatever happens to it, nothing is left of it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgpub.errors import EngineDown, SourceError
from kgpub.making import deriving, faceting
from kgpub.making.alongside import Alongside
from test_reusing import anew, contents, write
from test_taken_over import PREFIXES, START

STATED = """<st/1> a rdf:Statement ; rdf:subject <id/p1> ; rdf:predicate <ns/kind> ; rdf:object "k1" ;
  <http://purl.org/dc/terms/source> <id/d> . <id/d> a <ns/Document> ; rdfs:label "D"@en . <id/p3> <ns/rank> 03 .
"""
SITE = START | {"data/stated.ttl": PREFIXES + STATED}


def test_two_processes_make_what_one_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site"
    write(folder, SITE)
    by_one = contents(anew(folder, tmp_path / "one"))
    monkeypatch.setattr(deriving, "LEAST", 0)
    monkeypatch.setattr(deriving, "processors", lambda: 2)
    monkeypatch.setattr(faceting, "add", None)  # called in the other process only
    snapshot = anew(folder, tmp_path / "two")
    assert contents(snapshot) == by_one
    assert len(by_one["index.sqlite sources"]) == 1  # type: ignore[arg-type] # a list
    assert {"sources.sqlite", "members.sqlite", "members-apart.sqlite"}.isdisjoint(
        path.name for path in snapshot.iterdir()
    )


@pytest.mark.parametrize(
    ("size", "processors", "is_shared"),
    [(deriving.LEAST, 2, True), (deriving.LEAST, 1, False), (deriving.LEAST - 1, 8, False)],
)
def test_when_a_second_process_is_worth_it(
    size: int, processors: int, is_shared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deriving, "processors", lambda: processors)
    work = deriving.Work(tmp_path, None, None, frozenset(), frozenset(), size, print, None)  # type: ignore[arg-type] # not asked
    assert work.is_shared is is_shared


def note(path: Path) -> None:
    path.write_text(str(os.getpid()))


def chatter() -> None:
    sys.stdout.write("what a library says")
    sys.stdout.flush()


def linger(path: Path) -> None:
    note(path)
    time.sleep(60)


def end() -> None:
    os._exit(3)


class Odd(Exception):
    """An error that cannot be made again of what it is sent as."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


def test_it_is_another_process(tmp_path: Path) -> None:
    with Alongside(note, tmp_path / "who") as other:
        other.wait()
    assert int((tmp_path / "who").read_text()) != os.getpid()
    with Alongside(chatter) as other:
        other.wait()


ERRORS = {
    "ours": (EngineDown("no room"), EngineDown, "no room"),
    "the system's": (OSError(28, "No space left on device"), OSError, "No space left on device"),
    "SQLite's": (sqlite3.OperationalError("disk is full"), sqlite3.Error, "disk is full"),
    "with parts": (SourceError("a.ttl", "is bad", 3), SourceError, "^a.ttl:3: is bad"),
    "unknown": (Odd("a", "b"), RuntimeError, "Odd: a and b"),
}
"""What is raised there, what arrives here, and what it says."""


def fail(name: str) -> None:
    raise ERRORS[name][0]


@pytest.mark.parametrize("name", ERRORS)
def test_what_was_in_the_way_is_raised_here(name: str) -> None:
    _, kind, text = ERRORS[name]
    with Alongside(fail, name) as other, pytest.raises(kind, match=text) as raised:
        other.wait()
    assert "in fail" in raised.value.__notes__[0], "where it was raised is told"


def test_a_process_that_is_gone_is_told() -> None:
    with Alongside(end) as other, pytest.raises(EngineDown, match=r"was ended \(status 3\); nothing was published"):
        other.wait()


def test_a_process_that_does_not_even_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    with Alongside(fail, "x" * 1_000_000) as other, pytest.raises(EngineDown, match=r"was ended \(status 0\)"):
        other.wait()


def test_nothing_goes_on_once_it_is_not_wanted(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Alongside(linger, tmp_path / "who"):
        number = _who(tmp_path / "who")
        raise KeyboardInterrupt
    assert not _lives(number)


PARENT = """
import sys, time
from pathlib import Path
from kgpub.making.alongside import Alongside
from test_alongside import linger
with Alongside(linger, Path(sys.argv[1])):
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot end a process with its parent")
def test_it_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "who")], env=place)
    number = _who(tmp_path / "who")
    parent.kill()
    parent.wait()
    for _ in range(200):
        if not _lives(number):
            return
        time.sleep(0.05)
    pytest.fail("it goes on")


def _who(path: Path) -> int:
    """The number of the process that writes it there."""
    for _ in range(400):
        if path.exists() and (text := path.read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError("it does not begin")


def _lives(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture(autouse=True, scope="module")
def can_find_this_module() -> Iterator[None]:
    """The other process imports what it is to do from here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(Path(__file__).parent))
        yield

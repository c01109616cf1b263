"""What a new snapshot no longer has of what the last one published: nothing disappears without somebody saying so.

Each snapshot lists the things below its base that have a page (``partitions.sqlite``, sorted). Two such lists are
compared by SQLite, walking both in order, so that memory does not grow with their number.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kgpub.errors import EntitiesRemoved
from kgpub.kept.partitions import FILE
from kgpub.model import Labels, pick

MOST_SHOWN = 50
"""Things that a message for people names."""
MOST_NAMED = 1_000
"""Things that are named one by one; all are counted."""

_GONE = (
    "FROM old.entities AS before WHERE NOT EXISTS"
    " (SELECT 1 FROM new.entities AS after WHERE after.iri = :new || substr(before.iri, :length))"
)


@dataclass(frozen=True)
class Departed:
    """A thing that the last snapshot had and the new one has not, with the labels it had."""

    iri: str
    labels: Labels


@dataclass(frozen=True)
class Departures:
    """What would disappear: ``count`` things in all, the first of them named in the order of their IRIs.

    ``before`` is the version that was in service, empty at a first build. ``unreadable`` says why it cannot be
    compared. ``old_base`` is its base where that is another one; things are then told apart by what follows the base,
    and ``moved`` counts those that keep that part and change their address.
    """

    before: str = ""
    count: int = 0
    named: tuple[Departed, ...] = ()
    unreadable: str = ""
    old_base: str = ""
    moved: int = 0

    @property
    def loses(self) -> bool:
        """Whether an address that was published would have nothing behind it."""
        return self.count > 0 or self.moved > 0


Admit = Callable[[Departures], None]
"""Called with what a new snapshot lacks of the last one before it is put in service; raises where that is not to be."""


def refuse(departures: Departures) -> None:
    """Let a snapshot into service only if it has all that the last one had; raises ``EntitiesRemoved``."""
    if departures.loses:
        raise EntitiesRemoved(told(departures), departures)


def told(departures: Departures) -> str:
    """What would disappear, in a sentence, with what can be done about it."""
    count = departures.count
    things = f"{count} thing{'s' if count != 1 else ''} of the snapshot {departures.before} would disappear"
    if departures.old_base:
        things = f"the base is no longer <{departures.old_base}>: the addresses of {departures.moved} things change" + (
            f", and {things}" if count else ""
        )
    return (
        f"{things}; nothing was published. State owl:deprecated true of what is to go, with dcterms:isReplacedBy where "
        "something stands for it, or build with --allow-removed"
    )


def since(home: Path, fresh: Path) -> Departures:
    """What the snapshot in service has and a fresh one has not; nothing where none is in service in ``home``."""
    try:
        version = (home / "current").read_text("utf-8").strip()
    except OSError:
        return Departures()
    return departures(home / "snapshots" / version, fresh)


def departures(before: Path, after: Path) -> Departures:
    """What the snapshot in one folder had and the one in the other has not.

    An old snapshot that cannot be read, or was made before things were listed, is told as such.
    """
    try:
        with _both(before / FILE, after / FILE) as db:
            return _compared(db, before)
    except sqlite3.Error as error:
        why = "an older kgpub made it, without a list of its things" if "no such table" in str(error) else str(error)
        return Departures(before.name, unreadable=f"the snapshot {before.name} cannot be compared with: {why}")


def lines(departures: Departures, languages: tuple[str, ...]) -> Iterator[str]:
    """What a person should know before a snapshot replaces another: what cannot be compared, and what would go."""
    if departures.unreadable:
        yield f"{departures.unreadable}; whether anything disappears is not known"
    if departures.old_base:
        yield f"the base was <{departures.old_base}>: {departures.moved} things get another address"
    for one in departures.named[:MOST_SHOWN]:
        label = pick(one.labels, languages)
        yield f"no longer there: <{one.iri}>" + (f"  {label.value}" if label else "")
    rest = departures.count - MOST_SHOWN
    if rest > 0:
        yield f"no longer there: {rest} more (--format json names {MOST_NAMED})"


def as_json(found: Iterable[Departures]) -> dict[str, object]:
    """What would disappear, for a machine: ``removed`` in part, ``removed_count`` in all; the base where it changed."""
    value: dict[str, object] = {"removed": [], "removed_count": 0}
    for one in found:
        value["removed"] = [{"iri": gone.iri, "labels": dict(gone.labels)} for gone in one.named]
        value["removed_count"] = one.count
        value |= {"not_compared": one.unreadable} if one.unreadable else {}
        value |= {"old_base": one.old_base, "moved_count": one.moved} if one.old_base else {}
    return value


@contextmanager
def _both(before: Path, after: Path) -> Iterator[sqlite3.Connection]:
    """Both lists in one connection that only reads them."""
    db = sqlite3.connect(":memory:", uri=True)
    try:
        for name, path in (("old", before), ("new", after)):
            db.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?immutable=1",))
        yield db
    finally:
        db.close()


def _compared(db: sqlite3.Connection, before: Path) -> Departures:
    (old,) = db.execute("SELECT iri FROM old.base").fetchone()
    (new,) = db.execute("SELECT iri FROM new.base").fetchone()
    values = {"new": new, "length": len(old) + 1, "most": MOST_NAMED}
    (count,) = db.execute(f"SELECT count(*) {_GONE}", values).fetchone()
    rows = db.execute(f"SELECT iri {_GONE} ORDER BY iri LIMIT :most", values).fetchall()
    named = tuple(_named(before, [iri for (iri,) in rows]))
    if old == new:
        return Departures(before.name, count, named)
    (every,) = db.execute("SELECT count(*) FROM old.entities").fetchone()
    return Departures(before.name, count, named, old_base=old, moved=every - count)


def _named(before: Path, iris: list[str]) -> Iterator[Departed]:
    """Things with the labels that the old snapshot had for them."""
    db = sqlite3.connect(f"{(before / 'index.sqlite').resolve().as_uri()}?immutable=1", uri=True)
    try:
        for iri in iris:
            row = db.execute("SELECT texts FROM texts WHERE iri = ? AND kind = 0", (iri,)).fetchone()
            yield Departed(iri, json.loads(row[0]) if row else {})
    finally:
        db.close()

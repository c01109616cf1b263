"""Which graphs of an endpoint are published, as a snapshot remembers it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kgpub.errors import SnapshotBroken

FILE = "remote.json"
"""The file of a snapshot that says so."""


@dataclass(frozen=True)
class Scope:
    """Which graphs of an endpoint are published: named ones, and with ``own`` its default graph under this name.

    ``merged`` are the named ones that make up the site's default graph, to which ``own`` belongs too. ``dialect`` is in
    which it was read, ``cap`` how many rows the endpoint gives at most, as far as is known.
    """

    graphs: tuple[str, ...]
    merged: tuple[str, ...]
    own: str = ""
    dialect: str = "other"
    cap: int | None = None

    def write(self, folder: Path) -> None:
        """Keep it in a folder."""
        (folder / FILE).write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Scope":
        """What a folder has of it; raises ``SnapshotBroken``."""
        try:
            told = json.loads((folder / FILE).read_text("utf-8"))
            return cls(tuple(told["graphs"]), tuple(told["merged"]), told["own"], told["dialect"], told["cap"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SnapshotBroken(f"{folder.name}: was not built from an endpoint; try: kgpub build") from error

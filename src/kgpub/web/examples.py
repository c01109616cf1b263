"""Queries to start from: kgpub's own, then the site's ``queries/*.rq`` that are not questions of kgpub's."""

import re
from importlib.resources import files
from pathlib import Path

from kgpub import queries
from kgpub.represent.html import Example
from kgpub.settings import Settings

_PREFIX = "example-"
_TITLE = re.compile(r"#\s*(?:([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*):)?\s*(.+)")


def examples(site: Settings) -> tuple[Example, ...]:
    """The example queries; the comments at the head of a file are its title, ``# ka: …`` in one language."""
    packaged = {entry.name: entry.read_text("utf-8") for entry in files(queries).iterdir() if _is_query(entry.name)}
    ours = [packaged[name] for name in sorted(packaged) if name.startswith(_PREFIX)]
    own = sorted(path for path in _folder(site).glob("*.rq") if path.name not in packaged)
    return tuple(_example(text) for text in (*ours, *(path.read_text("utf-8") for path in own)))


def _folder(site: Settings) -> Path:
    return site.folder / "queries"


def _is_query(name: str) -> bool:
    return name.endswith(".rq")


def _example(text: str) -> Example:
    """A query and its titles by language."""
    title: dict[str, str] = {}
    lines = text.splitlines()
    while lines and (found := _TITLE.match(lines[0])):
        title[(found[1] or "").lower()] = found[2]
        lines.pop(0)
    return Example(title, "\n".join(lines).strip() + "\n")

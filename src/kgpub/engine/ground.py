"""What an evaluation stands on, in values that travel to any process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgpub.settings import Settings


@dataclass(frozen=True)
class Ground:
    """What an evaluation stands on: the base and prefixes of queries, the limits of answers, room for their files.

    Settings stay out of it, so that a process that only answers starts fast and is small.
    """

    base: str
    prefixes: Mapping[str, str]
    max_rows: int
    """Most rows or triples of one answer."""
    max_bytes: int
    """Most bytes of one answer."""
    scratch: str = ""
    """An existing folder for temporary files; empty for the system's own."""

    @cached_property
    def marked(self) -> tuple[tuple[str, str, str], ...]:
        """Each prefix, what a query that uses it has somewhere, and its namespace."""
        return tuple((name, f"{name}:", iri) for name, iri in self.prefixes.items())

    @cached_property
    def json(self) -> str:
        """All of it but the folder as one line of JSON, made once."""
        values = (self.base, dict(self.prefixes), self.max_rows, self.max_bytes)
        return json.dumps(values, ensure_ascii=True)

    @staticmethod
    def read(text: str, scratch: str = "") -> "Ground":
        """The ground whose JSON this is, with a folder of its own."""
        base, prefixes, max_rows, max_bytes = json.loads(text)
        return Ground(base, prefixes, max_rows, max_bytes, scratch)


def ground(site: "Settings") -> Ground:
    """What queries of a site are evaluated on, out of its settings."""
    return Ground(site.base, dict(site.all_prefixes), site.sparql.max_rows, site.sparql.max_bytes)

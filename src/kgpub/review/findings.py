"""What a review finds: frozen values, free of files and of formats."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kgpub.logs.entries import ERROR, LEVELS, LONGEST, NOTE, NOWHERE, WARNING, WHOLE, Place, shown
from kgpub.model import Labels
from kgpub.reading.ladder import Note

__all__ = [
    "ERROR",
    "LONGEST",
    "NOTE",
    "OFF",
    "SEVERITIES",
    "WARNING",
    "WHOLE",
    "Case",
    "Place",
    "Remark",
    "Review",
    "shown",
]
OFF = "off"
SEVERITIES = LEVELS
"""How much a remark matters, the gravest first."""


@dataclass(frozen=True)
class Remark:
    """One thing that a careful reviewer would say: rule, severity, words per language, place, and a remedy.

    ``about`` is the IRI of the thing. ``fix`` is the text that belongs in place of what is wrong, empty where none
    is obvious; at a place with columns it belongs there as it is.
    """

    rule: str
    severity: str
    messages: Labels
    about: str = ""
    place: Place = NOWHERE
    fix: str = ""


@dataclass(frozen=True)
class Review:
    """Every remark about a site, in the order of files and lines; how many more there are of a rule.

    ``notes`` tell what had to be forgiven to read its files.
    """

    remarks: tuple[Remark, ...] = ()
    left_off: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def count(self, severity: str) -> int:
        """How many of the remarks have this severity."""
        return sum(remark.severity == severity for remark in self.remarks)

    def fails(self, severity: str) -> bool:
        """Whether there is a remark of this severity or a graver one."""
        return any(self.count(one) for one in SEVERITIES[: SEVERITIES.index(severity) + 1])


@dataclass(frozen=True)
class Case:
    """A remark before its words and its exact place are known.

    There is one remark per rule and ``key``; ``counted`` ones say how often it is met. ``variant`` picks between the
    messages of a rule, ``values`` fill them. ``iri`` or ``text`` is what stands in the file near ``line``, and
    ``new`` what belongs in its place; ``namespace`` is looked for where the file declares its prefixes.
    """

    rule: str
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    variant: str = ""
    about: str = ""
    file: str = ""
    line: int | None = None
    iri: str = ""
    text: str = ""
    namespace: str = ""
    new: str = ""
    counted: bool = False

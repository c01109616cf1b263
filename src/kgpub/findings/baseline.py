"""What was found before and is not to hold anybody up: a file of findings, and how a report differs from it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kgpub.errors import SettingsError
from kgpub.model import Finding

_VERSION = 1
_LARGEST = 1 << 28
"""Bytes of a file that are read."""


class Key(NamedTuple):
    """What makes a finding the same as one of another day: never a line, a label of a blank node or a message."""

    focus: str
    shape: str
    component: str
    path: str
    value: str

    @property
    def print(self) -> str:
        """The key as a fingerprint, hexadecimal."""
        return sha256(json.dumps(self).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Compared:
    """How findings stand to a baseline: which of them, in their order, are new, and what is gone, with counts."""

    is_new: tuple[bool, ...]
    gone: tuple[tuple[Key, int], ...] = ()

    @property
    def known(self) -> int:
        """How many findings the baseline has."""
        return len(self.is_new) - sum(self.is_new)


def keys(findings: Iterable[Finding], name: Callable[[str], str]) -> tuple[Key, ...]:
    """The keys of findings; ``name`` gives each term a text that outlives the label of a blank node."""
    return tuple(Key(name(f.focus), name(f.shape), f.component, name(f.path), name(f.value)) for f in findings)


def compared(found: Sequence[Key], baseline: Mapping[Key, int]) -> Compared:
    """Findings held against a baseline; of several with one key, so many are known as it has."""
    left = Counter(baseline)
    is_new = []
    for key in found:
        is_new.append(left[key] <= 0)
        left[key] -= 1
    return Compared(tuple(is_new), tuple(sorted((key, count) for key, count in left.items() if count > 0)))


def text(found: Iterable[Key]) -> str:
    """Findings as the text of a baseline: JSON, sorted, so that a change of it can be reviewed line by line."""
    counts = sorted(Counter(found).items())
    known = [{**key._asdict(), "count": count} for key, count in counts]
    return json.dumps({"version": _VERSION, "known": known}, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Mapping[Key, int]:
    """The findings of a baseline, with how often each is known; raises ``SettingsError`` where the file is none."""
    try:
        if path.stat().st_size > _LARGEST:
            raise SettingsError(f"{path}: is too large to be a baseline")
        value = json.loads(path.read_text("utf-8-sig"))
        if value["version"] != _VERSION:
            raise SettingsError(f"{path}: is a baseline of another version of kgpub: write it anew")
        found: Counter[Key] = Counter()
        for one in value["known"]:
            found[Key(*(_text(one[name]) for name in Key._fields))] += int(one["count"])
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise SettingsError(f"{path}: is no baseline that kgpub validate wrote: {error!r}") from error
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value

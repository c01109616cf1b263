"""What a site folder puts in place of ours, one by one: templates, static files, words of the interface.

``templates/NAME.html`` takes the place of our template of that name, or extends it as ``kgpub/NAME.html``;
``static/NAME`` takes the place of our file or adds one; ``locale/TAG.toml`` says words of the interface in a language,
by their keys, and makes a language known that kgpub itself does not speak. All are read at once, with the settings.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from weakref import WeakValueDictionary

from kgpub.errors import SettingsError

TEMPLATES, STATIC, LOCALE = "templates", "static", "locale"
"""The folders of a site that are looked into."""

MOST_FILES = 500
"""Files of one folder."""
LARGEST = 5_000_000
"""Bytes of one file."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, eq=False)
class Overrides:
    """What one site puts in place of ours; two of them are the same only when they are one.

    ``read`` gives the one that it gave before as long as that is in use and nothing has changed: templates that were
    compiled for it, and words that were put together, serve on when settings are read again.
    """

    templates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    static: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))


NOTHING = Overrides()
"""A site that leaves everything as it is."""


_IN_USE: WeakValueDictionary[bytes, Overrides] = WeakValueDictionary()


def _digest(made: Overrides) -> bytes:
    """What tells overrides of one content from those of another."""
    found = blake2b(digest_size=32)
    for part in (made.templates, made.static, {tag: dict(words) for tag, words in made.words.items()}):
        for name, content in sorted(part.items()):
            for piece in (name, content):
                told = piece if isinstance(piece, bytes) else repr(piece).encode("utf-8", "backslashreplace")
                found.update(b"%d " % len(told) + told)
        found.update(b"|")
    return found.digest()


def read(folder: Path) -> Overrides:
    """Everything that a site folder overrides.

    Raises ``SettingsError`` for a file that cannot be read, is too large, lies outside the folder, or is no TOML.
    """
    templates = {path.name: _text(path) for path in _files(folder, TEMPLATES, ".html")}
    static = {path.name: _bytes(path) for path in _files(folder, STATIC, "")}
    words = {path.stem.lower(): _words(path) for path in _files(folder, LOCALE, ".toml")}
    made = Overrides(MappingProxyType(templates), MappingProxyType(static), MappingProxyType(words))
    return _IN_USE.setdefault(_digest(made), made)


def spoken(folder: Path) -> tuple[str, ...]:
    """The languages that a site folder has words for, as tags in lower case."""
    return tuple(sorted({path.stem.lower() for path in _files(folder, LOCALE, ".toml")}))


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether any of a site's files here has changed: names, times and sizes."""
    found = []
    for name in (TEMPLATES, STATIC, LOCALE):
        try:
            entries = sorted((folder / name).iterdir())
            found += [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in entries]
        except OSError:
            continue
    return tuple(found)


def _files(folder: Path, name: str, suffix: str) -> Iterator[Path]:
    """The files of one of the folders with fitting names, in order; what leads out of the site is refused."""
    place = folder / name
    if not place.is_dir():
        return
    found = sorted(path for path in place.iterdir() if path.is_file() and _NAME.fullmatch(path.name))
    if len(found) > MOST_FILES:
        raise SettingsError(f"{place}: holds {len(found)} files; at most {MOST_FILES} are read")
    root = folder.resolve()
    for path in found:
        if not path.resolve().is_relative_to(root):
            raise SettingsError(f"{path}: leads out of the site folder")
        if path.name.endswith(suffix):
            yield path


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise SettingsError(f"{path}: is larger than {LARGEST} bytes")
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8: {error.reason}") from error


def _words(path: Path) -> Mapping[str, str]:
    """The words of a file by key; tables in it are read as the beginnings of keys."""
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        raise SettingsError(f"{path}:{place[1] if place else len(text.splitlines())}: {error}") from error
    return MappingProxyType(dict(_flat(path, "", table)))


def _flat(path: Path, before: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, str):
            yield before + key, value
        elif isinstance(value, dict):
            yield from _flat(path, f"{before}{key}.", value)
        else:
            raise SettingsError(f"{path}: {before}{key}: must be a text")

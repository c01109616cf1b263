"""What a snapshot is named by: a hash of all that makes it what it is, and of no clock."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable
from importlib.metadata import version as installed
from platform import python_version

from kgpub.settings import Settings
from kgpub.snapshot import FORMAT
from kgpub.source import SourceFile
from kgpub.source import contexts as contexts_of

_VERSION_LENGTH = 16
_SERVED_ONLY = {"folder", "mount", "accent", "title", "description", "publisher", "publisher_url", "contact", "server",
                "pages", "sparql", "log", "snapshots", "featured", "licence", "report", "image", "check",
                "remote"}  # fmt: skip
_NOT_BUILT_IN: dict[str, bool | set[str]] = {**dict.fromkeys(_SERVED_ONLY, True), "reading": {"strict"}}
"""Settings that change nothing in a snapshot; whoever is strict gets the same one, or none."""

_MAKERS = ("pyarrow", "tantivy", "zstandard")


def version_of(
    sources: Iterable[SourceFile],
    settings: Settings,
    checksum: Callable[[SourceFile], str] = lambda file: file.sha256,
) -> str:
    """The version of a build: a hash of the files, the settings that change a build, formats and engine; no clock.

    ``checksum`` is how the SHA-256 of a file is found.
    """
    found = sorted((file.name, file.graph, file.in_default, checksum(file)) for file in sources)
    return _hash({"files": found, **_circumstances(settings)})


def key_of(settings: Settings) -> str:
    """What stands for everything but the files that makes a snapshot what it is.

    Libraries that write files a little otherwise from version to version, or sort names, make no other snapshot, but
    what one of them has made is not mixed with what another one makes.
    """
    makers = {name: installed(name) for name in _MAKERS}
    return _hash(
        {**_circumstances(settings), "makers": makers, "python": python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    )


def _circumstances(settings: Settings) -> dict[str, object]:
    folder = settings.folder / "queries"
    named = (*folder.glob("*.rq"), *folder.glob("*.ttl"), *contexts_of(settings).values())
    own = sorted(path for path in named if path.is_file())
    return {
        "queries": [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in own],
        "settings": settings.model_dump(mode="json", exclude=_NOT_BUILT_IN),
        "noindex": sorted(settings.properties(settings.pages.noindex)),
        "format": FORMAT,
        "engine": installed("pyoxigraph"),
        "kgpub": installed("kgpub"),
    }


def _hash(parts: dict[str, object]) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_LENGTH]

"""Builds in a process of its own, before serving and while the site's files change."""

import os
import subprocess
import sys
from pathlib import Path

from kgpub.cli.words import err, plain
from kgpub.errors import SourceError
from kgpub.represent.words import words
from kgpub.settings import Settings


def build_if_needed(settings: Settings, allow_removed: bool = False) -> None:
    """Build in a process of its own when the files are not what is in service; a failed build leaves what is."""
    from kgpub.errors import NoSnapshot  # noqa: PLC0415 # only this command needs it
    from kgpub.snapshot import current, is_readable  # noqa: PLC0415 # --help stays quick

    try:
        serving = current(settings)
    except NoSnapshot:
        serving = ""
    folder = settings.snapshots_folder / "snapshots" / serving
    try:
        if (serving and _is_from_elsewhere(folder, settings)) or _is_fresh(folder, settings):
            return
    except SourceError as error:
        if not serving:
            raise
        err.print(f"[red]✗[/] {plain(error.detail)}")
    code = build_apart(settings, allow_removed)
    if code == 0:
        return
    if not serving or not is_readable(folder):
        if serving:
            err.print(f"[red]✗[/] snapshot {serving} was made by another version of kgpub and cannot be served")
        raise SystemExit(code)
    err.print(f"[yellow]![/] the build failed; snapshot {serving} stays in service")


def _is_from_elsewhere(folder: Path, settings: Settings) -> bool:
    """Whether a snapshot was pulled, so that it is served whatever files there are here; that is said."""
    from kgpub.snapshot import is_pulled, is_readable  # noqa: PLC0415 # --help stays quick

    if not is_pulled(folder) or not is_readable(folder):
        return False
    err.print(plain(words(settings.languages[0])["replicas.pulled"].format(version=folder.name)), highlight=False)
    return True


def _is_fresh(folder: Path, settings: Settings) -> bool:
    """Whether a snapshot is what a build would make now.

    What an endpoint holds is not gathered to find that out, but when somebody asks for a build: its snapshot is fresh
    while settings and shapes are what they were.
    """
    from kgpub.making.naming import key_of, version_of  # noqa: PLC0415 # --help stays quick
    from kgpub.making.stamps import Stamps  # noqa: PLC0415 # --help stays quick
    from kgpub.snapshot import circumstances  # noqa: PLC0415 # --help stays quick
    from kgpub.source import files  # noqa: PLC0415 # only this command needs it

    found = files(settings)
    if not settings.engine:
        stamps = Stamps(settings.snapshots_folder)
        version = version_of(found, settings, stamps.checksum)
        stamps.keep()
        return version == folder.name
    key, sources = circumstances(folder)
    shapes = {file.name: file.sha256 for file in found}
    return key == key_of(settings) and shapes.items() <= sources.items() and len(sources) == len(shapes) + 1


def build_apart(settings: Settings, allow_removed: bool) -> int:
    """Run ``kgpub build`` in another process, which ends with this one; so this one stays small. Its exit code."""
    command = [sys.executable, "-m", "kgpub.cli.apart", str(os.getpid()), "build", str(settings.folder)]
    command += ["--allow-removed"] if allow_removed else []
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode  # noqa: S603 # our own command


def rebuild_on_change(settings: Settings, allow_removed: bool) -> None:
    """Build whenever a file of the site changes; a failure is shown and what is served stays."""
    from watchfiles import watch  # noqa: PLC0415 # only --reload needs it

    store = settings.snapshots_folder.resolve()
    for changes in watch(settings.folder):
        if any(store not in Path(path).resolve().parents and Path(path).resolve() != store for _, path in changes):
            build_apart(settings, allow_removed)

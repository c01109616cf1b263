"""A server as a person runs it, in a process of its own, for as long as a block lasts."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*|unix:\S+")
_PATIENCE = 120.0
_GRACE = 20.0
"""Seconds in which a server that is told to end has ended."""


@contextmanager
def running(folder: Path, *flags: str, python: str | Path = sys.executable, **settings: str) -> Iterator[str]:
    """The address of ``kgpub serve`` over a site, built first where need be; settings are of the environment."""
    command = [python, "-m", "kgpub", "serve", str(folder), "--port", "0", *flags]
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("KGPUB_")}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment | settings)
        try:
            yield _address(process, log.fileno())
        finally:
            process.terminate()
            try:
                process.wait(_GRACE)
            finally:
                process.kill()


def _address(process: subprocess.Popen[bytes], log: int) -> str:
    """What the process says it listens at."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = _ADDRESS.search(os.pread(log, 100_000, 0).decode())
        if found:
            return found[0]
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {os.pread(log, 100_000, 0).decode()}")

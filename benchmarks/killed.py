"""Kill builds at random moments and see what is left: the last snapshot or the new one, whole, and nothing else.

    python benchmarks/killed.py --times 100 --seed 1 [--shared] SITE

SITE is copied to a temporary folder first (without its snapshots). Before each build a file of it changes. The build
runs in a process of its own that tells each of its steps; it is killed (SIGKILL) at one of them, or up to a tenth of a
second later. However small the site is, a build alters what the last one left, as those of large sites do.
``--shared``: each builds everything anew, part of it in a second process. Ends with 1 at the first thing that is not as
it should be.
"""

import argparse
import random
import select
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kgpub.settings import Settings, load
from kgpub.snapshot import current, damage, open_snapshot

_LATEST = 0.1
_BUILD = """
import sys
from pathlib import Path
from kgpub.making import deriving
from kgpub.making.building import build
from kgpub.model import Report
from kgpub.searching import writing
from kgpub.settings import load

writing.FEW = 0

def tell(step, number):
    print(step, number, flush=True)

shared = len(sys.argv) > 2
if shared:
    deriving.LEAST, deriving.processors = 0, lambda: 2
build(load(Path(sys.argv[1])), lambda *_: Report(True), tell, full=shared)
"""


def change(site: Path, number: int) -> None:
    """Add a statement to the site, so that the next build makes another snapshot."""
    (site / "data/killed.ttl").write_text(f"<id/killed> <ns/killed> {number} .\n")


def build(site: Path, *, shared: bool = False) -> subprocess.Popen[bytes]:
    """Start a build that tells its steps, a line each; ``shared``: of everything, by two processes."""
    command = [sys.executable, "-c", _BUILD, str(site), *(["shared"] if shared else [])]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes], steps: int, seconds: float) -> str:
    """Let a build tell so many steps, and go on for so long unless it tells more; then kill it. The last step told."""
    assert process.stdout is not None
    last = b""
    for _ in range(steps):
        line = process.stdout.readline()
        if not line:
            break
        last = line
    select.select([process.stdout], [], [], seconds)
    process.kill()
    process.wait()
    process.stdout.close()
    return last.decode().strip() or "nothing"


def wrong(settings: Settings, before: str) -> list[str]:
    """What is not as it should be after a build was killed; ``before`` was in service."""
    serving, home = current(settings), settings.snapshots_folder
    found = [f"{path.name}: damaged: {', '.join(bad)}" for path in _kept(home) if (bad := damage(path))]
    open_snapshot(settings).close()
    if serving != before and not (home / "snapshots" / before).is_dir():
        found.append(f"{before}: deleted, while {serving} is in service")
    return found


def left(settings: Settings) -> list[str]:
    """What is in the folder of snapshots and has no business there once a build has ended."""
    home = settings.snapshots_folder
    return sorted(path.name for path in home.iterdir() if path.name not in {"current", "snapshots"})


def _kept(home: Path) -> list[Path]:
    return sorted((home / "snapshots").iterdir())


def main() -> int:
    """Kill as many builds as asked for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", action="store_true", help="build everything anew, by two processes")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(asked.site, site, ignore=shutil.ignore_patterns(".*"))
        change(site, 0)
        told, _ = build(site, shared=asked.shared).communicate()
        steps = len(told.splitlines())
        settings = load(site)
        for number in range(1, asked.times + 1):
            before = current(settings)
            change(site, number)
            step = kill(build(site, shared=asked.shared), chance.randrange(steps + 1), chance.random() * _LATEST)
            found = wrong(settings, before)
            print(f"{number}: killed after {step}: {'; '.join(found) or 'as it should be'}", flush=True)
            if found:
                return 1
        build(site, shared=asked.shared).communicate()
        found = [*wrong(settings, current(settings)), *left(settings)]
        print(f"a whole build afterwards: {'; '.join(found) or 'nothing is left behind'}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

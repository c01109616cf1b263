"""What a build costs, step by step, for sites of given sizes: processor time, memory, bytes on disk.

    python benchmarks/build.py 100000 1000000

Each site is generated (``generate.py``, seed 42) in a temporary folder, and built in a process of its own without
validation, which is measured apart with ``--validate``. Processor time is that of all threads, and of a process that
worked beside this one, in the step in which that ended. Memory is the most that this one held in the step (``VmHWM``,
set back before each), or both together, looked at twice a second, if that is more; what both have mapped counts once
then (``Pss``). Disk is what its folder held when the step ended; of a step that repeats, the sum and the most. What the
dumps cost while the sources are loaded is told apart from loading. With ``--again`` each site is built once more after
each of ``EDITS``.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import tree

from kgpub.making.building import build
from kgpub.making.dumping import DumpWriter
from kgpub.model import Report
from kgpub.settings import Settings, load
from kgpub.source import SourceFile

_MIB = 1 << 20
_EVERY = 0.5
EDITS = {
    "a description is added, in a small file": ("documents.ttl", '\nid:doc-0 dcterms:description "One more."@en .\n'),
    "a name is added, in the largest file": ("register.ttl", '\n<id/org-0-0> skos:altLabel "One more"@en .\n'),
    "a thing is added with where that is from, in a large file": (
        "part-0/asserted.ttl",
        '\n<id/more> a org:Organization ; skos:prefLabel "One more"@en .\n<fact/more> a rdf:Statement ;'
        ' rdf:subject <id/more> ; rdf:predicate skos:prefLabel ; rdf:object "One more"@en ;'
        " prov:hadPrimarySource <id/doc-0> .\n",
    ),
}
"""What is written at the end of a file of a site that is built already, by what that is."""
_LOADING, _DUMPING = "load", "dumps, while loading"


@dataclass
class Step:
    """A step of a build: seconds of processor time and by the clock, most bytes of memory, bytes on disk afterwards."""

    name: str
    cpu: float = 0.0
    clock: float = 0.0
    memory: int = 0
    disk: int = 0


class Meter:
    """Called with the steps of a build, notes what each costs."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self._files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        self._start, self._clock = _cpu(), time.perf_counter()
        self._step = Step("start")
        self.steps: dict[str, Step] = {}
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        """Note what this process and one beside it hold together, now and then."""
        while True:
            both = tree.memory(os.getpid()).proportional
            step = self._step
            step.memory = max(step.memory, both)
            time.sleep(_EVERY)

    def tell(self, name: str, _: int) -> None:
        """A step has begun or goes on; all files that are loaded are one."""
        name = _LOADING if name in self._files else name
        if name != self._step.name:
            self.end(name)

    def end(self, following: str = "") -> None:
        """The step that was under way has ended."""
        now, clock = _cpu(), time.perf_counter()
        step = self.steps.setdefault(self._step.name, self._step)
        step.cpu += now - self._start
        step.clock += clock - self._clock
        step.memory = max(step.memory, self._step.memory, _high_water())
        step.disk = sum(path.stat().st_size for path in (self._site / ".kgpub").rglob("*") if path.is_file())
        with suppress(OSError):  # not every system lets a process set it back
            Path("/proc/self/clear_refs").write_text("5", "ascii")
        self._start, self._clock, self._step = now, clock, Step(following)


def _cpu() -> float:
    """Seconds of processor time of this process and of those that worked beside it and have ended."""
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + beside.ru_utime + beside.ru_stime


def _high_water() -> int:
    """The most bytes of memory that this process has held (``VmHWM`` in ``man 5 proc``)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


def measure(site: Path, validate: bool, edit: str = "") -> list[Step]:
    """Build a site in this process, after an edit if one is named; its steps in order."""
    if edit:
        name, text = EDITS[edit]
        with (site / "data" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    meter = Meter(site)
    dumping = _dumping()
    build(load(site), _validated if validate else _conforms, meter.tell)
    meter.end()
    loading = meter.steps[_LOADING]
    loading.cpu -= dumping.cpu
    loading.clock -= dumping.clock
    dumping.memory, dumping.disk = loading.memory, loading.disk
    return [one for step in meter.steps.values() for one in ((step, dumping) if step.name == _LOADING else (step,))]


def _dumping() -> Step:
    """The processor time of the dumps while the sources are loaded, from now on."""
    step = Step(_DUMPING)

    def timed(write: Callable[..., None]) -> Callable[..., None]:
        def take(*given: Any) -> None:  # Any: whatever it is given
            start, clock = time.thread_time(), time.perf_counter()
            write(*given)
            step.cpu += time.thread_time() - start
            step.clock += time.perf_counter() - clock

        return take

    for name in ("begin", "add"):
        setattr(DumpWriter, name, timed(getattr(DumpWriter, name)))  # measured, in this process
    return step


def _conforms(*_: object) -> Report:
    return Report(True)


def _validated(sources: tuple[SourceFile, ...], settings: Settings) -> Report:
    from kgpub.validate import validate as check  # noqa: PLC0415 # imports rdflib and pySHACL, which is not free

    return check(sources, settings)


def table(title: str, steps: list[Step]) -> Iterator[str]:
    """The steps as a table in Markdown, the whole at its end."""
    yield f"## {title}"
    yield ""
    yield "| step | CPU, s | clock, s | memory, MiB | on disk, MiB |"
    yield "|---|--:|--:|--:|--:|"
    cpu, clock = sum(step.cpu for step in steps), sum(step.clock for step in steps)
    whole = Step("all", cpu, clock, max(s.memory for s in steps), steps[-1].disk)
    for step in (*steps, whole):
        yield f"| {step.name} | {step.cpu:.2f} | {step.clock:.2f} | {step.memory / _MIB:.0f} | {step.disk / _MIB:.0f} |"
    yield ""


def _measured_apart(site: Path, validate: bool, edit: str = "") -> list[Step]:
    """The same in a process of its own, so that no size inherits the memory of another."""
    flags = [*(["--validate"] if validate else []), *(["--edit", edit] if edit else [])]
    command = [sys.executable, __file__, "--site", str(site), *flags]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # this script
    return [Step(**one) for one in json.loads(done.stdout)]


def main() -> None:
    """Measure the sizes asked for and print a table each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("triples", type=int, nargs="*")
    parser.add_argument("--validate", action="store_true", help="validate as well, as kgpub build does")
    parser.add_argument("--again", action="store_true", help="build once more after each of some small edits")
    parser.add_argument("--edit", default="", help=argparse.SUPPRESS)
    parser.add_argument("--site", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.site:
        print(json.dumps([asdict(step) for step in measure(asked.site, asked.validate, asked.edit)]))
        return
    for triples in asked.triples:
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder) / "site"
            generator = Path(__file__).with_name("generate.py")
            command = [sys.executable, str(generator), "--triples", str(triples), "--seed", "42", str(site)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # its neighbour
            for edit in ("", *EDITS) if asked.again else ("",):
                title = f"{triples:,} triples{edit and f', and {edit}'}"
                print("\n".join(table(title, _measured_apart(site, asked.validate, edit))), flush=True)


if __name__ == "__main__":
    main()

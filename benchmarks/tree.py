"""What a process and all that descends from it use: processor time and memory, from ``/proc`` (``man 5 proc``)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Memory:
    """Bytes of memory: what each process holds, added up, and the same with shared pages shared out."""

    resident: int
    proportional: int


@dataclass(frozen=True)
class Stat:
    """A line of ``/proc/PID/stat``: who it is, whose child, of which session; seconds with those of reaped children."""

    pid: int
    parent: int
    session: int
    cpu: float


def stat(line: str) -> Stat:
    """A line of ``/proc/PID/stat`` read; the name in it may hold anything."""
    pid, _, rest = line.partition(" (")
    fields = rest.rpartition(")")[2].split()
    return Stat(int(pid), int(fields[1]), int(fields[3]), sum(map(int, fields[11:15])) / _TICKS)


def tree(pid: int) -> list[Stat]:
    """A process, what descends from it, and what belongs to the session it leads."""
    everyone = list(_everyone())
    found = {one.pid for one in everyone if pid in {one.pid, one.session}}
    while more := {one.pid for one in everyone if one.parent in found} - found:
        found |= more
    return [one for one in everyone if one.pid in found]


def _everyone() -> Iterator[Stat]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            yield stat(path.read_text())


def cpu(pid: int) -> float:
    """Seconds of processor time that a process and its descendants have used, those that ended included."""
    return sum(one.cpu for one in tree(pid))


@dataclass(frozen=True)
class Held:
    """What a process and its descendants hold: memory, open descriptors, threads, and how many of them there are."""

    memory: Memory
    own: int
    """Bytes of memory that are of no file, shared out among them: what they made themselves, whoever else runs."""
    descriptors: int
    threads: int
    processes: int


def held(pid: int) -> Held:
    """What a process and its descendants hold at this moment."""
    own = descriptors = threads = processes = 0
    for one in tree(pid):
        with suppress(OSError):
            here = Path(f"/proc/{one.pid}")
            descriptors += len(list((here / "fd").iterdir()))
            threads += len(list((here / "task").iterdir()))
            own += _kilobytes(one.pid, "Pss_Anon:") * 1024
            processes += 1
    return Held(memory(pid), own, descriptors, threads, processes)


def memory(pid: int) -> Memory:
    """What a process and its descendants hold in memory."""
    resident = proportional = 0
    for one in tree(pid):
        with suppress(OSError):
            resident += int(Path(f"/proc/{one.pid}/statm").read_text().split()[1]) * _PAGE
            proportional += _kilobytes(one.pid, "Pss:") * 1024
    return Memory(resident, proportional)


def _kilobytes(pid: int, name: str) -> int:
    """A figure of ``/proc/PID/smaps_rollup``."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(name))

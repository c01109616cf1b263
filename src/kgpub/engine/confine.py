"""What a process that answers strangers' queries may not do: outlive its parent, take all memory, open a socket.

Linux has all of it; elsewhere what the system lacks is left out, and the guard on the query's text remains.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NICENESS = 10
"""How far workers stand back behind the process that serves pages, when both want a processor."""

_SET_DEATH_SIGNAL, _SET_SECCOMP, _NO_NEW_PRIVILEGES = 1, 22, 38
_FILTER_MODE = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
_X32 = 0x40000000
_ARCHITECTURES: Mapping[str, tuple[int, tuple[int, ...]]] = {
    # socket connect accept bind listen socketpair execve ptrace accept4
    # process_vm_readv process_vm_writev execveat io_uring_setup
    "x86_64": (0xC000003E, (41, 42, 43, 49, 50, 53, 59, 101, 288, 310, 311, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 202, 200, 201, 199, 221, 117, 242, 270, 271, 281, 425)),
}
"""Per machine: its audit number and the system calls that are refused with EACCES."""


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends; at once if that has ended already."""
    if sys.platform == "linux":
        _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def limit(memory: int) -> None:
    """Bound this process's memory in bytes, leave no core files, stand back behind others."""
    with suppress(ValueError, OSError):  # the system may know a lower limit already
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", "ascii")


def refuse_network() -> bool:
    """Refuse every socket that is not open yet, and every other program; whether the system can do that."""
    if sys.platform != "linux" or os.uname().machine not in _ARCHITECTURES:
        return False
    number, calls = _ARCHITECTURES[os.uname().machine]
    count = len(calls)
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, number),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, count + 1, 0, _X32),
        *((_EQUAL, count - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
    try:
        _prctl(_NO_NEW_PRIVILEGES, 1)
        _prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.create_string_buffer(head, len(head)))
    except OSError:
        return False
    return True


def _prctl(option: int, *arguments: object) -> None:
    """Call ``prctl(2)``; raises ``OSError``."""
    library = ctypes.CDLL(None, use_errno=True)
    values = [one if isinstance(one, ctypes.Array) else ctypes.c_ulong(int(str(int(one)))) for one in arguments]  # type: ignore[call-overload] # an int or an enum of one
    padding = [ctypes.c_ulong(0)] * (4 - len(values))
    if library.prctl(option, *values, *padding) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")

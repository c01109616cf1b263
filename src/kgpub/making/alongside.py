"""Part of a build that a process of its own does beside the rest, where there is a second processor for it.

``python -P -m kgpub.making.alongside PARENT`` is such a process: it reads from its standard input what it is to do, and
writes to its standard output what was in the way of that, if anything was. It ends with the one that started it,
however that ends.
"""

import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

from kgpub.engine import confine
from kgpub.errors import EngineDown
from kgpub.making.garbage import seldom_collected


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class Alongside:
    """Work of another process, which begins at once; nothing is left of it when the ``with`` it stands in ends."""

    def __init__(self, work: Callable[..., None], *given: object) -> None:
        """Have a function of a module called with arguments that can be pickled."""
        command = [sys.executable, "-P", "-m", "kgpub.making.alongside", str(os.getpid())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 # our own module
        pipe = _end(self._process.stdin)
        with suppress(BrokenPipeError):  # where it has ended already, ``wait`` tells
            pipe.write(pickle.dumps((work, given)))
        with suppress(BrokenPipeError):
            pipe.close()

    def __enter__(self) -> Self:
        """Work beside it inside a ``with``."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        _end(self._process.stdout).close()

    def wait(self) -> None:
        """Come back when it is done; raises what was in the way, and ``EngineDown`` where the process was ended."""
        told = _end(self._process.stdout).read()
        status = self._process.wait()
        if not told:
            raise EngineDown(f"a process of the build was ended (status {status}); nothing was published")
        if (error := pickle.loads(told)) is not None:  # noqa: S301 # what our own process has written
            raise error


def _end(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def main() -> None:
    """Do what the parent has for us, and tell it how that went."""
    confine.die_with_parent(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when this ends
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else gets between
    work, given = pickle.load(sys.stdin.buffer)  # noqa: S301 # what our own parent has written
    error: Exception | None = None
    try:
        with seldom_collected():
            work(*given)
    except Exception as raised:  # noqa: BLE001 # whatever it is, the parent raises it
        error = _portable(raised)
    with answer:
        answer.write(pickle.dumps(error))


def _portable(error: Exception) -> Exception:
    """The error as it arrives at the other end, with where it was raised; if it cannot be sent, its name and text."""
    raised = "".join(traceback.format_exception(error))
    error.add_note(raised)
    try:
        arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 # what this line has written
    except Exception:  # noqa: BLE001 # an exception may fail in any way there
        arrived = None
    if type(arrived) is type(error):
        return error
    other = RuntimeError(f"{type(error).__name__}: {error}")
    other.add_note(raised)
    return other


if __name__ == "__main__":
    main()

"""A bounded pipe between the thread that makes an answer and the one that sends it.

Oxigraph's results may not leave the thread that made them, so bytes do.
"""

from collections import deque
from collections.abc import Callable, Iterator
from threading import Condition
from traceback import clear_frames

from kgpub.formats import Format

DEPTH = 4
"""Most chunks that wait; the maker sleeps when the reader is slow."""


class Abandoned(Exception):
    """Nobody reads the answer any more."""


class Pipe:
    """Chunks of bytes, a format before them, an error instead of them or after them."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._format: Format | None = None
        self._waiting: deque[bytes] = deque()
        self._ended = False
        self._error: BaseException | None = None

    def send(self, format: Format, chunk: bytes) -> None:
        """Hand over a chunk of an answer in a format, waiting for room; raises ``Abandoned`` once closed."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < DEPTH or self._ended)
            if self._ended:
                raise Abandoned
            self._format = format
            self._waiting.append(chunk)
            self._changed.notify_all()

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing follows, because all is sent or because of an error."""
        with self._changed:
            self._error = error if not self._ended else self._error
            self._ended = True
            self._changed.notify_all()

    def format(self) -> Format:
        """The answer's format, once its first chunk is there; raises what went wrong before that."""
        with self._changed:
            self._changed.wait_for(lambda: self._format is not None or self._ended)
            if self._format is None:
                raise self._error or Abandoned
            return self._format

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            if self._waiting:
                self._changed.notify_all()
                return self._waiting.popleft()
            raise self._error or StopIteration

    def close(self) -> None:
        """Stop: the maker is told at its next chunk, a waiting reader gets ``Abandoned``."""
        with self._changed:
            self._waiting.clear()
            self._error = self._error or Abandoned()
            self._ended = True
            self._changed.notify_all()


def fill(pipe: Pipe, make: Callable[[], object]) -> None:
    """Have an answer made into a pipe, in a thread for it alone; whatever goes wrong goes through the pipe too."""
    try:
        make()
    except Abandoned:
        pipe.end()
    except BaseException as error:  # noqa: BLE001 - it is raised again by who reads the pipe
        let_go(error)
        pipe.end(error)
    else:
        pipe.end()


def let_go(error: BaseException) -> None:
    """Empty the frames that an error remembers: results in them must not be dropped by another thread."""
    waiting, seen = [error], set[int]()
    for one in waiting:
        clear_frames(one.__traceback__)
        seen.add(id(one))
        waiting += [far for far in (one.__cause__, one.__context__) if far is not None and id(far) not in seen]

"""The server's end of the nursery: starts it, asks it for workers, has them killed."""

import os
import socket
import subprocess
import sys
from contextlib import suppress

from kgpub.engine.nursery import MESSAGE

_WAIT = 1.0


class Breeder:
    """Starts the nursery when it is first needed, and again if it is gone."""

    def __init__(self, memory: int) -> None:
        """``memory`` is what one worker may take, in bytes."""
        self._memory = memory
        self.generation = 0
        """How often the nursery was started; the workers of an earlier one are gone."""
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def lives(self) -> bool:
        """Whether the nursery runs; its socket closes before its workers die with it."""
        if self._control is None:
            return False
        try:
            return self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def spawn(self) -> socket.socket:
        """A socket at whose other end a new worker answers; raises ``OSError``."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._send(b"F", [theirs.fileno()])
            except OSError:
                self.close()
                self._start()
                self._send(b"F", [theirs.fileno()])
        ours.setblocking(False)
        return ours

    def kill(self, number: int) -> None:
        """Have a worker killed, whatever it is doing."""
        with suppress(OSError):  # the nursery is gone, and its workers with it
            self._send(b"K%d" % number, [])

    def close(self) -> None:
        """End the nursery and every worker."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_WAIT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _start(self) -> None:
        self.generation += 1
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "kgpub.engine.nursery"]
            numbers = [theirs.fileno(), self._memory, os.getpid()]
            self._process = subprocess.Popen(  # noqa: S603 # our own module
                [*command, *map(str, numbers)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._control = ours

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        if self._control is None:
            raise OSError("there is no nursery")
        socket.send_fds(self._control, [message.ljust(MESSAGE)], descriptors)

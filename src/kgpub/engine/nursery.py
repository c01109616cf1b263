"""A small process that makes workers by forking itself, and takes every one of them with it when it ends.

``python -P -m kgpub.engine.nursery CONTROL MEMORY PARENT``: CONTROL is the number of an open socket. A message ``F``
with a descriptor makes a worker that answers there; ``K`` and a number kills the worker of that process number. The
end of the socket is the end of all. Its one thread holds nothing, so forking it is safe and takes milliseconds.
"""

import gc
import os
import select
import signal
import socket
import sys

from kgpub.engine import confine, worker

MESSAGE = 16
"""Bytes of every message, filled up with spaces."""


def main() -> None:
    """Make and end workers until the server is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    memory, parent = int(sys.argv[2]), int(sys.argv[3])
    confine.die_with_parent(parent)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the server decides when the workers end
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)  # answering makes few cycles
    wake, woken = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), wake], [], [])
            if wake in ready:
                os.read(wake, MESSAGE)
                _reap(children)
            if control.fileno() in ready and not _obey(control, memory, children):
                return
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)


def _obey(control: socket.socket, memory: int, children: set[int]) -> bool:
    """Do what one message says; False at the end of the socket."""
    message, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 1)
    if not message:
        return False
    if message[:1] == b"F":
        children.add(_fork(control, descriptors[0], memory))
        os.close(descriptors[0])
    elif (child := int(message[1:])) in children:
        os.kill(child, signal.SIGKILL)
    return True


def _reap(children: set[int]) -> None:
    """Forget the workers that have ended."""
    for child in list(children):
        if os.waitpid(child, os.WNOHANG)[0]:
            children.discard(child)


def _fork(control: socket.socket, descriptor: int, memory: int) -> int:
    """A new worker's process number; in the worker itself this does not return."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        confine.die_with_parent(parent)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)  # the native engine writes backtraces there
        confine.limit(memory)
        confine.refuse_network()
        worker.run(socket.socket(fileno=descriptor))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()

"""Where a server listens: at an address, at a path, or at the socket that a service manager hands over.

What the manager says by the environment, and what it is told in return, is that of sd_listen_fds(3) and sd_notify(3).
"""

import os
import socket
import stat
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kgpub.errors import PortInUse, SettingsError

WAITING = 1024
"""Connections that may wait to be taken."""
_FIRST = 3
"""The number of the first descriptor that is handed over (sd_listen_fds(3))."""
_MODE = 0o660


class Manager(BaseSettings):
    """What a service manager tells a process by its environment; nothing where there is none."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    listen_pid: int = Field(0, ge=0, description="The process that the sockets are for.")
    listen_fds: int = Field(0, ge=0, description="How many sockets are handed over.")
    notify_socket: str = Field("", description="Where the manager hears that the server is ready; @ is abstract.")

    def tell(self, state: str) -> None:
        """Tell the manager a state such as ``READY=1``; one that does not listen is no trouble of ours."""
        if not self.notify_socket:
            return
        address = "\0" + self.notify_socket[1:] if self.notify_socket.startswith("@") else self.notify_socket
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(state.encode(), address)

    def listener(self) -> socket.socket | None:
        """The listening socket that was handed over, None where there is none.

        Raises ``PortInUse`` for several, or for what is no listening socket.
        """
        if self.listen_pid != os.getpid() or not self.listen_fds:
            return None
        if self.listen_fds > 1:
            raise PortInUse(f"{self.listen_fds} sockets were handed over; one is wanted")
        try:
            found = socket.socket(fileno=_FIRST)
            is_listening = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        except OSError as error:
            raise PortInUse(f"the socket that was handed over cannot be used: {error.strerror}") from error
        if not is_listening:
            raise PortInUse("the socket that was handed over does not listen; in its unit, set Accept=no")
        os.set_inheritable(_FIRST, False)
        found.setblocking(False)
        return found


def manager() -> Manager:
    """What the environment says of a service manager; raises ``SettingsError``."""
    try:
        return Manager()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{str(first['loc'][0]).upper()}: {first['msg']}") from error


def at_address(host: str, port: int) -> socket.socket:
    """A socket that listens at a port of a host; raises ``PortInUse`` with both when it cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return _listen(family, address)
    except OSError as error:
        raise PortInUse(f"cannot listen on {host}:{port}: {error.strerror or error}") from error


def at_path(path: Path) -> socket.socket:
    """A Unix socket that owner and group may connect to; one that nobody listens at any more is replaced.

    Raises ``PortInUse`` with the path when it cannot be had.
    """
    try:
        _clear(path)
        before = os.umask(0o777 ^ _MODE)
        try:
            return _listen(socket.AF_UNIX, str(path))
        finally:
            os.umask(before)
    except OSError as error:
        raise PortInUse(f"cannot listen on {path}: {error.strerror or error}") from error


def listeners(manager: Manager, path: Path | None, host: str, port: int, number: int) -> tuple[socket.socket, ...]:
    """A socket for each of so many processes: the one handed over or the one at a path for all, else one each.

    Raises ``PortInUse`` when they cannot be had.
    """
    given = manager.listener() or (at_path(path) if path else None)
    if given is not None or number == 1:
        return (given or at_address(host, port),) * number
    return spread(at_address(host, port), number)


def spread(listener: socket.socket, number: int) -> tuple[socket.socket, ...]:
    """So many sockets in place of one, between which the system divides evenly what connects (``SO_REUSEPORT``).

    Raises ``PortInUse`` where somebody else takes the port in between.
    """
    address = listener.getsockname()
    listener.close()  # it has shown that nobody else is there, which sockets that share a port cannot
    try:
        return tuple(_listen(listener.family, address, is_shared=True) for _ in range(number))
    except OSError as error:
        raise PortInUse(f"cannot listen on {address[0]}:{address[1]}: {error.strerror or error}") from error


def _listen(family: int, address: str | tuple[object, ...], *, is_shared: bool = False) -> socket.socket:
    """A socket that listens; raises ``OSError`` and leaves none open."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family != socket.AF_UNIX:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(WAITING)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _clear(path: Path) -> None:
    """Remove a socket that is left over; raises ``PortInUse`` for one in use and for any other file."""
    try:
        is_socket = stat.S_ISSOCK(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if not is_socket:
        raise PortInUse(f"cannot listen on {path}: there is a file that is no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        try:
            end.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise PortInUse(f"cannot listen on {path}: another server does")


def shown(listener: socket.socket, mount: str) -> str:
    """Where a socket listens, as a person would write it."""
    if listener.family == socket.AF_UNIX:
        return f"unix:{listener.getsockname()}"
    host, port, *_ = listener.getsockname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{mount}"


def proxies(named: Iterable[str]) -> tuple[str, ...]:
    """Addresses and networks of proxies, as they were given; raises ``SettingsError`` for what is neither."""
    found = tuple(named)
    for one in found:
        try:
            ip_network(one)
        except ValueError as error:
            raise SettingsError(f"--proxy: “{one}” is no address and no network such as 10.1.0.0/16") from error
    return found

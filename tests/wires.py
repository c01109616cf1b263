"""What tests say and hear on a connection, byte by byte."""

import re
import socket

HEAD = b"GET %b HTTP/1.1\r\nHost: x\r\n%b\r\n"
"""A request for an address, with more fields."""
_ANSWER = re.compile(rb"HTTP/1\.1 (\d+) .*?\r\n(.*?)\r\n\r\n", re.DOTALL)


def talk(port: int, *requests: bytes, wanted: int = 0) -> list[tuple[int, bytes, bytes]]:
    """Statuses, fields but for the date, and bodies of what comes back for requests that are sent in one go.

    ``wanted`` is how many answers there are to be, where not one for each.
    """
    wanted = wanted or len(requests)
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.sendall(b"".join(requests))
        whole = b""
        found: list[tuple[int, bytes, bytes]] = []
        while len(found) < wanted:
            piece = wire.recv(65_536)
            whole += piece
            while (head := _ANSWER.match(whole)) is not None:
                length = re.search(rb"content-length: (\d+)", head[2])
                end = head.end() + int(length[1] if length else 0)
                if len(whole) < end:
                    break
                found.append((int(head[1]), re.sub(rb"date: [^\r]*", b"", head[2]), whole[head.end() : end]))
                whole = whole[end:]
            assert piece or len(found) == wanted, whole
    return found

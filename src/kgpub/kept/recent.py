"""What was looked up lately, bounded in bytes: quick, since a page asks hundreds of times."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A memory of two generations: what is found in the elder is taken over into the younger.

    When the younger has grown to half the room, the elder is forgotten and it takes its place. So what is asked for
    stays, nothing is moved about in between, and a look-up costs what it costs in a ``dict``.
    """

    def __init__(self, room: int, weight: Callable[[V], int]) -> None:
        """Hold values of at most ``room`` bytes in all, by what ``weight`` says of each."""
        self._half, self._weight = room // 2, weight
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._size = 0

    def get(self, key: K) -> V | None:
        """The value of a key, None when it was forgotten or never there."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def once(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made and remembered when it was forgotten or never there."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def put(self, key: K, value: V) -> None:
        """Remember a value; one that would fill half the room by itself is not remembered."""
        size = self._weight(value)
        if size > self._half:
            return
        if self._size + size > self._half:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = value
        self._size += size

    def __len__(self) -> int:
        """How many values are held; what is in both generations counts twice."""
        return len(self._young) + len(self._old)

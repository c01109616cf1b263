"""A circuit breaker: who fails again and again is left alone for a while, and asked by one before all ask again."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

from kgpub.errors import UpstreamFailed

FAILURES = 5
"""Failures one after the other that open the circuit."""
PAUSE = 2.0
"""Seconds it stays open at first; twice as long each time the trial fails."""
LONGEST = 60.0
"""Most seconds it stays open."""


class Breaker:
    """Lets questions through until too many have failed in a row; safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """``clock`` tells seconds."""
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._pause = PAUSE
        self._until = 0.0
        self._reason = ""
        self._is_trying = False

    @property
    def reason(self) -> str:
        """Why nothing is asked at present; empty while questions go through."""
        with self._lock:
            return self._reason if self._is_open else ""

    @property
    def _is_open(self) -> bool:
        return self._failures >= FAILURES

    def enter(self) -> None:
        """Ask to ask; raises ``UpstreamFailed`` with the last reason while the circuit is open."""
        with self._lock:
            if not self._is_open:
                return
            left = self._until - self._clock()
            if left > 0 or self._is_trying:
                again = f"; it is asked again in {max(left, 0):.0f} s" if left > 0 else ""
                raise UpstreamFailed(f"{self._reason} ({self._failures} failures in a row{again})")
            self._is_trying = True

    def done(self) -> None:
        """A question was answered: all is well."""
        with self._lock:
            self._failures, self._pause, self._is_trying, self._reason = 0, PAUSE, False, ""

    def failed(self, reason: str) -> None:
        """A question was not answered, because of the endpoint."""
        with self._lock:
            was_trial, self._is_trying = self._is_trying, False
            self._failures += 1
            self._reason = reason
            if self._is_open:
                self._pause = min(self._pause * 2, LONGEST) if was_trial else self._pause
                self._until = self._clock() + self._pause

    def left(self) -> None:
        """A question was given up for a reason that says nothing of the endpoint."""
        with self._lock:
            self._is_trying = False

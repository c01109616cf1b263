"""Follow a store: pull whatever it puts in service; trouble leaves the last snapshot in service and is told once."""

from collections.abc import Callable

from kgpub.errors import KgpubError
from kgpub.replicas.outcome import Done, Outcome

LONGEST_PAUSE = 600.0
"""Seconds between two tries at most, unless the usual pause is longer."""


def follow(
    pull: Callable[[], Outcome],
    seconds: float,
    wait: Callable[[float], object],
    told: Callable[[Outcome | KgpubError], None],
) -> None:
    """Pull every so many seconds for ever; after failures the pause doubles each time, up to ``LONGEST_PAUSE``.

    ``told`` hears of every snapshot that was put in service, and of each failure that differs from the last one.
    ``wait`` waits; it may raise to end this.
    """
    failures, last = 0, ""
    while True:
        try:
            outcome = pull()
        except KgpubError as error:
            failures += 1
            if error.detail != last:
                last = error.detail
                told(error)
        else:
            failures, last = 0, ""
            if outcome.done is not Done.NOTHING:
                told(outcome)
        wait(min(seconds * 2 ** min(failures, 10), max(seconds, LONGEST_PAUSE)))

"""What stands beside a statement about its sources, as it was made for one page and can be shown on the next."""

from typing import NamedTuple

from markupsafe import Markup

from kgpub.kept.recent import Recent


class Stance(NamedTuple):
    """In a word, how a statement differs from a plain one; ``kind`` is what differs: status or modality."""

    text: Markup
    kind: str


class Shown(NamedTuple):
    """The words that stand beside a statement, and its marker with what that opens."""

    stances: tuple[Stance, ...]
    details: Markup


Showing = Recent[tuple[object, ...], Shown]
"""What was shown of sources, by all that it was made of."""


def showing(room: int) -> Showing:
    """Room for so many bytes of what is shown."""
    return Recent(room, lambda one: 1_500 + 2 * len(one.details) + 400 * len(one.stances))

"""A message in every language that the interface speaks."""

from typing import NamedTuple


class Words(NamedTuple):
    """One message in the languages that the interface speaks; ``{name}`` stands for a value."""

    ka: str
    en: str

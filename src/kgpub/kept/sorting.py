"""The order of things in lists: by their names, as a reader sees them."""

from kgpub.model import Labels, pick

UNNAMED = "\U0010ffff"
"""What things without a name are sorted by: behind all others."""


def sort_key(labels: Labels, languages: tuple[str, ...]) -> str:
    """Where a thing stands in a list sorted for a reader: by label, the unnamed last."""
    if not labels:
        return UNNAMED
    first = languages[0] if languages else ""
    if first.islower() and first in labels:  # as ``pick`` begins
        return labels[first].casefold()
    label = pick(labels, languages)
    return label.value.casefold() if label else UNNAMED

"""A site's own logo: its file and its measures, so that its place is kept before it comes."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kgpub.overrides import Overrides

HEIGHT = 40
"""Pixels of CSS that a logo is high."""

_WIDEST = 8.0
"""Times its height that a logo may be wide."""
_HEAD = 4_000
_NUMBER = r"\s*([0-9]+(?:\.[0-9]+)?)"
_BOX = re.compile(rf"""<svg[^>]*?\sviewBox\s*=\s*["']\s*-?[0-9.]+[\s,]+-?[0-9.]+[\s,]+{_NUMBER}[\s,]+{_NUMBER}""")
_SIZE = tuple(re.compile(rf"""<svg[^>]*?\s{name}\s*=\s*["']{_NUMBER}(?:px)?\s*["']""") for name in ("width", "height"))
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Logo:
    """An image in place of the mark: the name of its file, and its measures in pixels of CSS."""

    name: str
    width: int
    height: int = HEIGHT


@lru_cache(maxsize=8)
def logo(name: str, overrides: Overrides) -> Logo | None:
    """The site's logo, None where it has none; one that does not say how wide it is is taken to be square."""
    if not name:
        return None
    ratio = _ratio(overrides.static.get(name, b""))
    return Logo(name, round(HEIGHT * min(max(ratio, 1 / _WIDEST), _WIDEST)))


def _ratio(image: bytes) -> float:
    """Width by height (PNG section 11.2.1; SVG 2 sections 8.2 and 8.6)."""
    if image.startswith(_PNG):
        width, height = float(int.from_bytes(image[16:20])), float(int.from_bytes(image[20:24]))
    else:
        width, height = _svg(image[:_HEAD].decode("utf-8", "replace"))
    return width / height if width and height else 1.0


def _svg(text: str) -> tuple[float, float]:
    """The measures of an SVG: its own, else those of what it shows."""
    sizes = [pattern.search(text) for pattern in _SIZE]
    if sizes[0] and sizes[1]:
        return float(sizes[0][1]), float(sizes[1][1])
    box = _BOX.search(text)
    return (float(box[1]), float(box[2])) if box else (0.0, 0.0)

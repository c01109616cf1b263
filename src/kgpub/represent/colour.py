"""A site's colour made legible: darkened for paper, lightened for the dark, until the contrast suffices (WCAG 2.2)."""

import colorsys

_ENOUGH, _ENOUGH_AT_NIGHT = 5.0, 6.5
_MIDDLE = "#777777"
_PAPER, _NIGHT = "#f4f3ef", "#1d2326"
_STEPS = 50
_LINEAR = 0.04045
_CALM = 0.62
"""How much saturation a colour keeps when it is lightened, so that it does not glare."""


def theme(accent: str, at_night: str = "") -> str:
    """The style sheet that sets ``--accent`` for both themes; ``at_night`` is its own colour for the dark."""
    light, dark = legible(accent, _PAPER), legible(at_night or accent, _NIGHT)
    return (
        f":root {{ --accent: {light}; --on-accent: {legible('#ffffff', light)}; }}\n"
        f"@media (prefers-color-scheme: dark) {{\n"
        f"  :root {{ --accent: {dark}; --on-accent: {legible('#101416', dark)}; }}\n"
        f"}}\n"
    )


def legible(colour: str, ground: str) -> str:
    """The colour itself, or the nearest of its hue that can be read on a ground."""
    is_night = luminance(ground) < luminance(_MIDDLE)
    enough = _ENOUGH_AT_NIGHT if is_night else _ENOUGH
    if contrast(colour, ground) >= enough:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    end, kept = (1.0, saturation * _CALM) if is_night else (0.0, saturation)
    for step in range(1, _STEPS + 1):
        moved = _hex(colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / _STEPS, kept))
        if contrast(moved, ground) >= enough:
            return moved
    return "#ffffff" if is_night else "#000000"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, *contrast ratio*)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2, *relative luminance*)."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)

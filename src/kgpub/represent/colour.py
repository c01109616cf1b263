"""A site's colour made legible: darkened for paper, lightened for the dark, until the contrast suffices (WCAG 2.2)."""

_ENOUGH = 5.0
_PAPER, _NIGHT = "#f4f3ef", "#1d2326"
_STEPS = 20
_LINEAR = 0.04045


def theme(accent: str) -> str:
    """The style sheet that sets ``--accent`` for both themes."""
    light, dark = legible(accent, _PAPER), legible(accent, _NIGHT)
    return (
        f":root {{ --accent: {light}; --on-accent: {legible('#ffffff', light)}; }}\n"
        f"@media (prefers-color-scheme: dark) {{\n"
        f"  :root {{ --accent: {dark}; --on-accent: {legible('#101416', dark)}; }}\n"
        f"}}\n"
    )


def legible(colour: str, ground: str) -> str:
    """The colour nearest to the given one that can be read on a ground."""
    towards = "#000000" if luminance(ground) > luminance("#777777") else "#ffffff"
    for step in range(_STEPS + 1):
        mixed = _mix(colour, towards, step / _STEPS)
        if contrast(mixed, ground) >= _ENOUGH:
            return mixed
    return towards


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


def _mix(one: str, other: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)

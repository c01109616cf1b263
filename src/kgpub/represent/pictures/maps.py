"""Places as a map: points on a graticule, with outlines where the site brings fitting ones, and the same as a list.

Points and letters stand at per cent of the picture, so that letters keep their size on every screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.nearby.around import Placed, Surroundings
from kgpub.nearby.coordinates import Point
from kgpub.nearby.outline import NO_OUTLINE, Outline
from kgpub.represent.markup import NOTHING, element
from kgpub.represent.pictures import words
from kgpub.represent.pictures.plane import HEIGHT, WIDTH, MapFrame, Spot, frame_around, lines, ring_path, tiles
from kgpub.represent.values import Reader

_COUNTRY = 5.0
"""Degrees of latitude that are shown at least where there are outlines to be seen."""
_REGION = 1.2
"""The same where there are none."""
_WIDE, _NARROW = 900.0, 330.0
"""Pixels of the picture on a wide screen and on a phone."""
_LETTERS = 13.0
_MOST_PATH = 60_000
"""Characters of outlines; beyond that a page would be too heavy, and there is none."""


@dataclass(frozen=True)
class PlaceView:
    """What stands at one point, and where that is."""

    names: tuple[Markup, ...]
    where: str


@dataclass(frozen=True)
class MapView:
    """The picture, and its places in the order of their numbers."""

    picture: Markup
    places: tuple[PlaceView, ...]
    more: str
    credit: str


@dataclass(frozen=True)
class _Place:
    """The things at one point, and where it is in the frame."""

    point: Point
    things: tuple[Placed, ...]
    spot: Spot


def place_map(found: Surroundings, reader: Reader, outline: Outline = NO_OUTLINE) -> MapView | None:
    """The map of what lies around an entity; None where nothing has coordinates."""
    if not found.placed:
        return None
    pages = reader.site.pages
    least = _COUNTRY if outline.areas else _REGION
    frame = frame_around([one.point for one in found.placed], least, is_mercator=bool(pages.tiles))
    places = _places(found.placed, frame)
    return MapView(
        picture=_picture(places, frame, outline, reader),
        places=tuple(_listed(one, found, reader) for one in places),
        more=words.left_out(reader, found, "pictures.map.more", found.more_placed),
        credit=pages.tiles_credit if pages.tiles else "",
    )


def _places(placed: Sequence[Placed], frame: MapFrame) -> list[_Place]:
    """Things that stand at one point together, in the order in which they were found."""
    at: dict[Point, list[Placed]] = {}
    for one in placed:
        at.setdefault(one.point, []).append(one)
    return [_Place(point, tuple(sorted(things, key=_is_elsewhere)), frame.spot(point)) for point, things in at.items()]


def _is_elsewhere(placed: Placed) -> bool:
    """Whether a thing has its coordinates from a place; the place itself goes before it."""
    return bool(placed.via)


def _listed(place: _Place, found: Surroundings, reader: Reader) -> PlaceView:
    """A place in the list: what is there, how it is tied to the entity, and its coordinates."""
    names = []
    for one in place.things:
        ways = [words.tie(reader, found.inverse, one.way)] if one.way.predicate else []
        name = reader.link(one.iri)
        if one.via:
            name += " – " + reader.link(one.via)
        names.append(name + (" " + element("span", ways[0], {"class": "way"}) if ways else NOTHING))
    return PlaceView(tuple(names), f"{_north(place.point.latitude, reader)}, {_east(place.point.longitude, reader)}")


def _picture(places: Sequence[_Place], frame: MapFrame, outline: Outline, reader: Reader) -> Markup:
    """The whole picture; what is nearer to the reader comes later."""
    title = reader.say("pictures.map.title", count=reader.say.count(len(places)))
    parts = [
        element("title", title),
        *_tiles(frame, reader),
        _sheet(frame, outline),
        *_graticule(frame, reader),
        *_marks(places, reader),
    ]
    return element("svg", Markup("").join(parts), {"class": "map-picture", "role": "group", "aria-label": title})


def _tiles(frame: MapFrame, reader: Reader) -> list[Markup]:
    """The site's map tiles under everything else; none where it names no server of them."""
    address = reader.site.pages.tiles
    if not address:
        return []
    return [
        element(
            "image",
            "",
            {
                "class": "tile",
                "href": address.replace("{z}", str(one.zoom))
                .replace("{x}", str(one.column))
                .replace("{y}", str(one.row)),
                "x": _across(one.spot.x),
                "y": _down(one.spot.y),
                "width": _across(one.side + 1),
                "height": _down(one.side + 1),
                "preserveAspectRatio": "none",
            },
        )
        for one in tiles(frame)
    ]


def _sheet(frame: MapFrame, outline: Outline) -> Markup:
    """The outlines, in units of the frame stretched over the picture, which has the same shape."""
    path = "".join(ring_path(frame.spot(point) for point in ring) for ring in outline.rings)
    if not path or len(path) > _MOST_PATH:
        return NOTHING
    land = element("path", "", {"class": "land", "d": path, "fill-rule": "evenodd"})
    box = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": "100%", "height": "100%", "preserveAspectRatio": "none"}
    return element("svg", land, box)


def _graticule(frame: MapFrame, reader: Reader) -> list[Markup]:
    """Meridians and parallels at round degrees, named at the lower and the left edge."""
    west = frame.longitude - frame.wide / 2
    parts = []
    for east in lines(west, west + frame.wide, 6):
        turned = (east + 180) % 360 - 180
        x = _across(WIDTH / 2 + (east - frame.longitude) * frame.scale * frame.squeeze)
        parts.append(element("line", "", {"class": "grid", "x1": x, "x2": x, "y1": "0", "y2": "100%"}))
        if _is_inside(x):
            parts.append(element("text", _east(turned, reader), {"class": "degrees", "x": x, "y": "100%", "dy": "-7"}))
    for north in lines(frame.south, frame.north, 4):
        y = _down(frame.spot(Point(north, frame.longitude)).y)
        parts.append(element("line", "", {"class": "grid", "y1": y, "y2": y, "x1": "0", "x2": "100%"}))
        if _is_inside(y):
            parts.append(
                element("text", _north(north, reader), {"class": "degrees side", "x": "7", "y": y, "dy": "-5"})
            )
    return parts


def _is_inside(cent: str) -> bool:
    """Whether the name of a line has room: it is not near an edge."""
    return 6 < float(cent.rstrip("%")) < 93  # noqa: PLR2004 # per cent


def _marks(places: Sequence[_Place], reader: Reader) -> list[Markup]:
    """The points, each a link with its name; names that would meet others show when theirs is looked at."""
    wide, narrow = _Room(places, _WIDE), _Room(places, _NARROW)
    return [_mark(number, place, reader, wide, narrow) for number, place in enumerate(places, 1)]


def _mark(number: int, place: _Place, reader: Reader, wide: "_Room", narrow: "_Room") -> Markup:
    first, more = place.things[0], len(place.things) - 1
    full = words.name_of(reader, first.iri) + (f" +{reader.say.count(more)}" if more else "")
    name = words.cut(full, 220, _LETTERS)
    is_east = wide.has_room(place.spot, name, True) or not wide.has_room(place.spot, name, False)
    free = [kind for kind, room in (("wide", wide), ("narrow", narrow)) if room.takes(place.spot, name, is_east)]
    x, y = _across(place.spot.x), _down(place.spot.y)
    text = {"x": x, "y": y, "dx": "12" if is_east else "-12", "dy": "4.5", "text-anchor": None if is_east else "end"}
    parts = [
        element("title", f"{number}. {full}"),
        element("circle", "", {"class": "reach", "cx": x, "cy": y, "r": "16"}),
        element("circle", "", {"class": "dot", "cx": x, "cy": y, "r": "9" if more else "7"}),
        element("text", name, text),
    ]
    kinds = " ".join(["place", *free, *([] if first.way.predicate else ["own"])])
    return element("a", Markup("").join(parts), {"class": kinds, "href": reader.href(first.iri), "aria-label": full})


class _Room:
    """Keeps names apart on a picture so many pixels wide; no name may cover a point."""

    def __init__(self, places: Sequence[_Place], pixels: float) -> None:
        self._scale, self._pixels = pixels / WIDTH, pixels
        self._taken = [self._box(place.spot, -8, 16) for place in places]

    def has_room(self, spot: Spot, name: str, is_east: bool) -> bool:
        """Whether a name beside a point meets nothing, on its right or on its left."""
        left, right, top, bottom = self._beside(spot, name, is_east)
        return (
            left >= 0
            and right <= self._pixels
            and not any(
                left < other[1] and right > other[0] and top < other[3] and bottom > other[2] for other in self._taken
            )
        )

    def takes(self, spot: Spot, name: str, is_east: bool) -> bool:
        """Whether a name beside a point meets nothing; its room is then taken."""
        is_free = self.has_room(spot, name, is_east)
        if is_free:
            self._taken.append(self._beside(spot, name, is_east))
        return is_free

    def _beside(self, spot: Spot, name: str, is_east: bool) -> tuple[float, float, float, float]:
        wide = words.width_of(name, _LETTERS)
        return self._box(spot, 10 if is_east else -10 - wide, wide)

    def _box(self, spot: Spot, before: float, wide: float) -> tuple[float, float, float, float]:
        x, y = spot.x * self._scale + before, spot.y * self._scale
        return x, x + wide, y - 9, y + 9


def _across(x: float) -> str:
    return f"{x / WIDTH * 100:.2f}%"


def _down(y: float) -> str:
    return f"{y / HEIGHT * 100:.2f}%"


def _north(degrees: float, reader: Reader) -> str:
    return _degrees(degrees, "north", "south", reader)


def _east(degrees: float, reader: Reader) -> str:
    return _degrees(degrees, "east", "west", reader)


def _degrees(value: float, plus: str, minus: str, reader: Reader) -> str:
    """Degrees with their direction, a ten-thousandth (about ten metres) being the finest."""
    shown = round(abs(value), 4)
    number = reader.say.number(f"{shown:.4f}".rstrip("0").rstrip(".") or "0")
    side = plus if value >= 0 else minus
    return f"{number}°" + (f" {reader.say(f'results.{side}')}" if shown else "")

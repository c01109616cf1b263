"""Looking instead of reading: what lies around an entity as a timeline, a map and a graph, chosen from the data."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kgpub.nearby.around import Surroundings
from kgpub.nearby.outline import NO_OUTLINE, Outline
from kgpub.represent.frame import STATIC, Frame, frame, own_page
from kgpub.represent.pictures import words
from kgpub.represent.pictures.graphs import NEIGHBOURS, GraphView, asked, graph, neighbours_href
from kgpub.represent.pictures.maps import MapView, place_map
from kgpub.represent.pictures.timelines import TimelineView, timeline
from kgpub.represent.values import Reader
from kgpub.settings import Settings

__all__ = ["NEIGHBOURS", "NeighboursView", "PicturesView", "neighbours_json", "neighbours_view", "pictures"]


@dataclass(frozen=True)
class PicturesView:
    """The pictures of an entity's page; what the data does not allow is None.

    ``neighbours`` is where its neighbourhood is drawn, empty where it has none: that takes as long to find and draw as
    all the rest of the page, so it is asked for when it comes into view.
    """

    static: str
    timeline: TimelineView | None
    map: MapView | None
    neighbours: str


@dataclass(frozen=True)
class NeighboursView:
    """The page of a neighbourhood."""

    frame: Frame
    heading: str
    thing: Markup
    static: str
    graph: GraphView | None


def pictures(found: Surroundings, site: Settings, language: str, outline: Outline = NO_OUTLINE) -> PicturesView | None:
    """The pictures that the data allows; None where it allows none."""
    reader = Reader(site, language, found.labels)
    made = PicturesView(
        static=reader.iris.page(STATIC),
        timeline=timeline(found, reader),
        map=place_map(found, reader, outline),
        neighbours=neighbours_href(reader, found.iri) if found.is_tied else "",
    )
    return made if made.timeline or made.map or made.neighbours else None


def neighbours_view(found: Surroundings, site: Settings, language: str, opened: tuple[str, ...]) -> NeighboursView:
    """The page of a neighbourhood in which these things are open."""
    reader = Reader(site, language, found.labels)
    title = reader.say("pictures.graph.of", name=words.name_of(reader, found.iri))
    return NeighboursView(
        frame=frame(reader, own_page(reader, NEIGHBOURS, asked(found.iri, opened)), title, indexed=False),
        heading=title,
        thing=reader.link(found.iri),
        static=reader.iris.page(STATIC),
        graph=graph(found, reader, opened),
    )


def neighbours_json(found: Surroundings, site: Settings, language: str) -> dict[str, Any]:  # Any: JSON
    """A neighbourhood for programs: things with their labels, and links each once."""
    reader = Reader(site, language, found.labels)
    steps = {found.iri: 0}
    links = [(tie.subject, tie.predicate, tie.object) for tie in found.ties]
    for branch in found.branches:
        for near in branch.nears:
            steps.setdefault(near.iri, 1)
            links.append(_link(found.iri, branch.way.predicate, near.iri, is_backward=branch.way.is_backward))
            for leaf in near.leaves:
                steps.setdefault(leaf.iri, 2)
                links.append(_link(near.iri, leaf.way.predicate, leaf.iri, is_backward=leaf.way.is_backward))
    return {
        "iri": found.iri,
        "things": [{"iri": iri, "label": reader.name(iri).value, "steps": step} for iri, step in steps.items()],
        "links": [
            {"subject": subject, "predicate": predicate, "label": reader.name(predicate).value, "object": object}
            for subject, predicate, object in dict.fromkeys(links)
        ],
        "more": sum(branch.more + sum(near.more for near in branch.nears) for branch in found.branches),
    }


def _link(here: str, predicate: str, other: str, *, is_backward: bool) -> tuple[str, str, str]:
    return (other, predicate, here) if is_backward else (here, predicate, other)

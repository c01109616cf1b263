"""On what terms the data may be used, who publishes it, and where each graph comes from."""

from collections.abc import Iterator

from kgpub.review.findings import Case, shown
from kgpub.review.survey import Known
from kgpub.settings import FILE


def publication(known: Known) -> Iterator[Case]:
    """What a reader of the published site would ask in vain."""
    site = known.site
    if not site.licence:
        yield Case("licence", key="licence", file=FILE)
    if not site.publisher:
        yield Case("publisher", key="publisher", file=FILE)
    for graph, file in known.graphs.items():
        speakers = {graph, *known.whole_of.get(graph, ())}
        if not speakers & known.explained and graph not in known.sourced:
            yield Case("graph-provenance", graph, {"graph": shown(graph), "file": shown(file)}, about=graph, file=file)

"""Whether a page would come out smaller: so that one that is too large is not made again to be the same."""

from collections.abc import Iterable, Iterator

from kgpub.represent.sources import SourcesView
from kgpub.represent.telling import Group, Measure
from kgpub.represent.values import Reader
from kgpub.represent.views import EntityView


def is_all_within(view: EntityView, reader: Reader, measure: Measure) -> bool:
    """Whether a page that was made with a larger measure has nothing that this one would leave out."""
    groups = list(_groups(group for section in view.sections for group in section.groups))
    values = [value for group in groups for value in group.values]
    return (
        reader.longest_text[0] <= measure.text
        and not view.omitted
        and len(groups) < measure.properties
        and len(values) < measure.all
        and all(len(group.values) <= measure.values for group in groups)
        and all(_most(value.sources) <= measure.sources for value in values)
        and all(value.sources is None or value.sources.longest <= measure.text for value in values)
    )


def _groups(groups: Iterable[Group]) -> Iterator[Group]:
    """Groups and those nested in their values."""
    for group in groups:
        yield group
        yield from _groups(inner for value in group.values for inner in value.nested)


def _most(told: SourcesView | None) -> float:
    """The longest list that stands with a statement; endless where something was left out of one."""
    if told is None:
        return 0
    if told.more:
        return float("inf")
    lists = [(one.documents, one.evidence, one.notes) for one in told.sources]
    return max(len(told.sources), len(told.graphs), *(len(found) for some in lists for found in some), 0)

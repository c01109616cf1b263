"""Every word that the pages say of their own, in Georgian and in English, side by side.

Captions stand in the nominative ("ერთეულები: 5"), so that no label is ever put into another case.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kgpub.represent.messages import (
    asking,
    catalogue,
    difference,
    editor,
    entity,
    facets,
    hints,
    logs,
    ontology,
    pages,
    pictures,
    profiles,
    reading,
    replicas,
    retirement,
    saved,
    searching,
    service,
    thesaurus,
    validation,
    vocabulary,
)
from kgpub.represent.messages.words import Words

__all__ = ["MESSAGES", "Words"]

_ROOMS = (
    pages,
    entity,
    profiles,
    pictures,
    searching,
    facets,
    service,
    catalogue,
    asking,
    editor,
    hints,
    logs,
    saved,
    retirement,
    difference,
    ontology,
    reading,
    vocabulary,
    thesaurus,
    replicas,
    validation,
)

MESSAGES: Mapping[str, Words] = MappingProxyType(
    {key: words for room in _ROOMS for key, words in room.MESSAGES.items()}
)

"""Every word that the pages say of their own, in Georgian and in English, side by side.

Captions stand in the nominative ("ერთეულები: 5"), so that no label is ever put into another case.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kgpub.represent.messages import asking, editor, hints, pages, saved
from kgpub.represent.messages.words import Words

__all__ = ["MESSAGES", "Words"]

MESSAGES: Mapping[str, Words] = MappingProxyType(
    {**pages.MESSAGES, **asking.MESSAGES, **editor.MESSAGES, **hints.MESSAGES, **saved.MESSAGES}
)

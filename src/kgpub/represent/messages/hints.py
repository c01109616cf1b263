"""What is said about a query that is wrong, empty or slow."""

from collections.abc import Mapping

from kgpub.represent.messages.words import Words

MESSAGES: Mapping[str, Words] = {}

"""The questions kgpub asks, one ``.rq`` file each, and the one way to put terms into them."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from pyoxigraph import Literal, NamedNode

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@cache
def _packaged(name: str) -> str:
    """The text of a question that comes with kgpub."""
    return (files(__name__) / f"{name}.rq").read_text("utf-8")


def text(name: str, site: Path | None = None) -> str:
    """A question's text: the site's own ``queries/NAME.rq`` where it has one, else the one that comes with kgpub."""
    own = site / "queries" / f"{name}.rq" if site else None
    return own.read_text("utf-8") if own and own.is_file() else _packaged(name)


def bind(question: str, **terms: NamedNode | Literal) -> str:
    """The question with every ``${name}`` replaced by a term, written by the library (SPARQL 1.1 section 19.8).

    Raises ``KeyError`` for a placeholder without a term.
    """
    return _PLACEHOLDER.sub(lambda found: str(terms[found.group(1)]), question)

"""The saved queries of the site that is served, read once; and as queries to start from on the query page."""

import logging
from threading import Lock

from cachetools import LRUCache, cached

from kgpub.represent.html import Example
from kgpub.saved import Gallery, load
from kgpub.settings import Settings

log = logging.getLogger("kgpub")


@cached(LRUCache(8), key=id, lock=Lock())
def _loaded(site: Settings) -> tuple[Settings, Gallery]:
    """The queries of a site as they stood when its settings were loaded, which stay, so that their id stays theirs."""
    found = load(site)
    for fault in found.faults:
        log.warning("saved query left out: %s", fault.detail)
    return site, found


def gallery(site: Settings) -> Gallery:
    """The saved queries of a site; its files are read once for each time that its settings are loaded."""
    return _loaded(site)[1]


def examples(site: Settings) -> tuple[Example, ...]:
    """The saved queries in their order, as texts that can be asked as they are, with what is bound by default."""
    return tuple(
        Example(one.title, one.text if one.missing(one.defaults) else one.bound(one.defaults))
        for one in gallery(site).queries
    )

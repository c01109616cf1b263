"""Copies of snapshots on other machines: ``push`` to a store, ``pull`` from one, ``follow`` it.

A store is a folder or an object store with what the folder of a site's snapshots has: ``snapshots/<version>/…`` and
``current``, which is written last. Whatever is read there is distrusted until it is what a sealed manifest says.
"""

from kgpub.replicas.following import follow
from kgpub.replicas.outcome import Done, Outcome
from kgpub.replicas.pulling import pull
from kgpub.replicas.pushing import push
from kgpub.replicas.stores import source, target

__all__ = ["Done", "Outcome", "follow", "pull", "push", "source", "target"]

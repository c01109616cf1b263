"""``python -m kgpub`` is ``kgpub``."""

from kgpub.cli import main

main()

"""The site's ontology and shapes as a documentation: read once, when a snapshot is built, and kept in a file of it.

``terms`` and ``constraints`` read, ``writing`` keeps, ``file`` gives back by slices; ``kgpub.represent`` says it.
"""

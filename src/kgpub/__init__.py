"""kgpub publishes a knowledge graph: RDF, an ontology and SHACL shapes in, a linked-data site out."""

from importlib.metadata import version

__version__ = version("kgpub")

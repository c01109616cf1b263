"""The documentation of the ontology and of the shapes as pages."""

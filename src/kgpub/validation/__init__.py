"""Validation that keeps up: pySHACL says what is wrong, compiled SPARQL says where it need not look."""

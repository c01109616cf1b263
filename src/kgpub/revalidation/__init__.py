"""Validation that takes over from the last run what no changed statement can have changed.

``ledger`` keeps what the last run knew, ``delta`` says which statements came and went, ``reads`` and ``asked`` say what
a shape looks at, ``reach`` follows that back from a changed statement to the focus nodes, ``renewal`` puts it together.
Any doubt means that a shape is run for all its focus nodes, or that all is run.
"""

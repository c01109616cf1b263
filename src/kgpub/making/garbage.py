"""Garbage in circles, of which a build makes next to none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 50, 50)
"""After how many new things, and how many searches of the younger ones, Python looks for garbage."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python looks for garbage in circles only now and then: a build makes rows by the million, and hardly a circle."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)

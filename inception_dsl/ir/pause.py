"""The garbage collector at rest while a network is built, rewritten or written out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector from looking for cycles.

    Everything that is built stays, so that it would walk through all of it again and again and find
    nothing: half the time of a large network. It takes what was built for old, and does not walk
    through it at the end either: a quarter of what is left.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # else they are the caller's, who wants them to stay so
            gc.freeze()
            gc.unfreeze()  # into the oldest generation
        gc.enable()

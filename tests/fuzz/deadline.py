"""An end for what may hang."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Hang", "within"]

_PATIENCE = 12
"""How much longer it may take by the clock, on a machine that has other things to do."""


class Hang(Exception):
    """It took longer than it may."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give the body so long of the processor, where the system has alarms.

    Raises: Hang from wherever the body is by then.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    began, used = time.monotonic(), time.process_time()

    def ring(number: int, frame: FrameType | None) -> None:
        late = time.monotonic() - began >= _PATIENCE * seconds
        if late or time.process_time() - used >= seconds:
            raise Hang(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds / 5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

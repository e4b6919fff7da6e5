"""Modules that several threads may be the first to need -> imported by one thread at a time.

diffusers, transformers and accelerate import their parts when these are first asked for, some of
them in a circle. Two threads that do so at once, as one that trains an adapter beside one that
draws, can meet a part that is half there: "cannot import name". So whoever loads an engine, a
trainer or a critic in a thread imports what it needs within `importing_alone`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def importing_alone() -> Iterator[None]:
    """Let no other thread of this process import such a module meanwhile."""
    with _ONE_AT_A_TIME:
        yield

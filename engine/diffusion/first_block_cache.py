"""A transformer + a threshold -> the same, skipping blocks that would change little. Lossy.

diffusers' own first-block cache: at each step the first block runs, and where its change differs
from that of the last full step by less than the threshold, relatively, the others' last change is
used again. What is remembered belongs to one window of one shot and one half of guidance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from diffusers import FirstBlockCacheConfig


@contextmanager
def first_block_cache(transformer: Any, threshold: float) -> Iterator[Callable[[], None]]:
    """Let a diffusers transformer skip blocks for as long as the context lasts; 0 is never.

    Yields:
        what makes it forget, for a step from which on it computes something else.
    """
    if not threshold:
        yield lambda: None
        return
    transformer.enable_cache(FirstBlockCacheConfig(threshold=threshold))
    try:
        yield transformer._reset_stateful_cache
    finally:
        transformer.disable_cache()


def remembered_as(transformer: Any, name: str) -> AbstractContextManager[None]:
    """Keep what one kind of call remembers apart from the others'."""
    return transformer.cache_context(name) if transformer.is_cache_enabled else nullcontext()

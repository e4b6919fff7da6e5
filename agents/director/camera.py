"""A paragraph of action -> the moves of the camera that its words order."""

from __future__ import annotations

from ...story import Action, CameraMove, Pinned
from .reading.screen_words import camera_of
from .reading.tokens import split_sentences


def moves_of(
    action: Action | None, start_s: float, length_s: float
) -> Pinned[tuple[CameraMove, ...]] | None:
    """Return what a paragraph lets the camera do, one move after the other; None if nothing.

    Args:
        action: the paragraph, None for a place alone.
        start_s: when its passage begins, in seconds of the scene.
        length_s: how long the passage lasts.
    """
    if action is None:
        return None
    found = (camera_of(words) for words in split_sentences(action.text))
    moves = [camera.move for camera in found if camera is not None and camera.move]
    each = length_s / max(1, len(moves))
    return Pinned(
        tuple(
            CameraMove(
                move, "", start_s + each * i, start_s + each * (i + 1) if i + 1 < len(moves)
                else None, action.span,
            )
            for i, move in enumerate(moves)
        ),
        action.span,
    ) if moves else None  # fmt: skip

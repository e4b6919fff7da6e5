"""Weighed candidates -> the 4 to 20 clips that teach a motion, and a reason for every one.

Where more pass than are wanted, those are taken that show it well and are unlike what is taken
already (maximal marginal relevance, Carbonell and Goldstein 1998). Where fewer than four pass, the
best of those that failed only by caption or frames make up the number, as in the paper; but a clip
that more probably shows another motion is not taken to fill it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...box import Box
from ...errors import LibraryError
from ...film import RetrievedClip
from ..training.tracks import read_tracks
from .embedding import Embedder
from .retrieval import Candidate, MotionQuery, Selection

_MARGIN = 0.1  # of the crop's own size, around it


def choose(
    question: MotionQuery, candidates: Sequence[Candidate], selection: Selection
) -> list[tuple[Candidate, bool]]:
    """Return the candidates and whether each is kept: kept ones first, all with a reason."""
    ranked = sorted(candidates, key=lambda c: (-c.score, c.clip.sha256))
    able = [c for c in ranked if not c.reason]
    chosen = _unlike(able, selection) if len(able) > selection.most else able
    # Whose caption says it comes before whose caption only may say it.
    likely = sorted(
        (c for c in ranked if _may_fill(c, selection)), key=lambda c: c.stage == "caption"
    )
    spare = likely[: max(0, selection.fewest - len(chosen))]
    enough = len(chosen) + len(spare) >= selection.fewest
    kept = {c.clip.id for c in (*chosen, *spare)} if enough else set()
    count = len(able) + len(spare)
    return [
        *((_with(c, _why_kept(question, c, c in spare)), True)
          for c in (*chosen, *spare) if enough),
        *((c if c.reason else _left(c, count, enough, selection), False)
          for c in ranked if c.clip.id not in kept),
    ]  # fmt: skip


def _unlike(able: Sequence[Candidate], selection: Selection) -> list[Candidate]:
    """Return the `most` candidates that score best and are least like each other, best first."""
    left, chosen = list(able), list[Candidate]()
    nearest = dict.fromkeys((c.clip.id for c in left), 0.0)
    while left and len(chosen) < selection.most:
        best = max(
            left, key=lambda c: c.score - selection.likeness_weight * nearest[c.clip.id]
        )  # of equals the first, which is the better one
        left.remove(best)
        chosen.append(best)
        for other in left:
            if other.meaning is not None and best.meaning is not None:
                near = float(other.meaning @ best.meaning)
                nearest[other.clip.id] = max(nearest[other.clip.id], near)
    return sorted(chosen, key=able.index)


def _may_fill(candidate: Candidate, selection: Selection) -> bool:
    likely = candidate.scores["text"] >= selection.least_likely
    return likely and candidate.stage in ("caption", "frames")


def _with(candidate: Candidate, reason: str) -> Candidate:
    return replace(candidate, reason=reason, stage="kept")


def _left(candidate: Candidate, count: int, enough: bool, selection: Selection) -> Candidate:
    if not enough:
        words = f"{count} clip shows" if count == 1 else f"{count} clips show"
        return candidate.rejected(
            "number", f"only {words} this motion, {selection.fewest} are needed to teach it"
        )
    return candidate.rejected(
        "likeness", f"{selection.most} others show it better, or as well and less alike"
    )


def _why_kept(question: MotionQuery, candidate: Candidate, spare: bool) -> str:
    text, seen = candidate.scores["text"], candidate.scores.get("seen")
    said = f'its caption says "{question.phrases[0]}" ({text:.2f})'
    if spare:
        failed = "caption hardly says" if candidate.stage == "caption" else "frames hardly show"
        value = text if candidate.stage == "caption" else seen
        return f"taken for want of others, though its {failed} it ({value:.2f})"
    if seen is None:
        return f"{said}; not re-scored: there is no model to look at its frames"
    return f"{said} and its frames show it ({seen:.2f})"


def as_retrieved(question: MotionQuery, candidate: Candidate, kept: bool) -> RetrievedClip:
    """Return a candidate as the retrieval tells of it."""
    return RetrievedClip(
        id=candidate.clip.id,
        path=str(candidate.path),
        caption=candidate.clip.caption,
        motion=question.motion,
        kept=kept,
        reason=candidate.reason,
        sha256=candidate.clip.sha256,
        scores={name: round(score, 6) for name, score in candidate.scores.items()},
        stage=candidate.stage,
        crop=candidate.crop if kept else None,
        crop_by=candidate.crop_by if kept else "",
    )


def cropped(question: MotionQuery, candidate: Candidate, embedder: Embedder) -> Candidate:
    """Return a kept candidate with the place of who performs the motion, by the boxes beside it.

    Without boxes it stays where a model found it, or with none.

    Raises:
        LibraryError: the boxes beside the clip cannot be read.
    """
    tracks = read_tracks(candidate.path)
    if tracks is None or not tracks.figures:
        return candidate
    near = embedder.embed([f.text for f in tracks.figures]) @ embedder.embed(question.phrases).T
    figure = tracks.figures[int(near.max(axis=1).argmax())]
    if not figure.boxes:
        raise LibraryError(f"the boxes beside {Path(candidate.path).name} are empty; remove them")
    return replace(candidate, crop=around(figure.boxes), crop_by="boxes beside the clip")


def around(boxes: Sequence[tuple[float, float, float, float]]) -> Box:
    """Return a box that holds all of a track with some room, inside the frame."""
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    across, down = _MARGIN * (right - left), _MARGIN * (bottom - top)
    return Box(
        round(max(0.0, left - across), 4), round(max(0.0, top - down), 4),
        round(min(1.0, right + across), 4), round(min(1.0, bottom + down), 4),
    )  # fmt: skip

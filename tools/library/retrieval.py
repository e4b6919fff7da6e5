"""Candidates for a motion -> what each of them scores, stage by stage, and why it is rejected.

As in the paper (A.1): the best by words and meaning, then filters of length and shape, then models
that look at the frames. Where it differs: anybody may perform, not only persons, and a caption and
its frames must agree with the motion *more than with other motions* instead of passing an absolute
cosine. What is kept of those that are left is chosen in `choice`.

The contrast of a caption has two halves, each in 0..1:
- words: BM25 of the motion's best phrase, as a share of that and of the best other motion's;
- meaning: the sigmoid of the difference of the best cosines, on a scale of 0.05.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...box import Box
from ...engine.video import Frames, read_video
from ...errors import VideoError
from ..store.output import file_hash
from .embedding import Embedder, Vectors
from .records import LibraryClip
from .terms import Corpus

_COSINE_SCALE = 0.05


@dataclass(frozen=True, slots=True)
class Sight:
    """How surely models see a motion in a clip, in 0..1; None where a family has no such model.

    Attributes:
        pictures: by an image-text model, the mean over the frames that it looks at.
        movement: by a video-text model.
        crop: where in the picture it is, None where nobody was found.
    """

    pictures: float | None = None
    movement: float | None = None
    crop: Box | None = None

    @property
    def mean(self) -> float:
        """The mean of what there is, as in the paper."""
        seen = [one for one in (self.pictures, self.movement) if one is not None]
        return sum(seen) / len(seen)


class ClipScorer(Protocol):
    """Models that look at a clip, such as CLIP and ViCLIP."""

    @property
    def fingerprint(self) -> str:
        """What distinguishes it, such as the hash of its weights."""
        ...

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> Sight:
        """Return how surely frames [T, h, w, 3] uint8 show `text` and no distractor.

        One that sees nothing gives 1 / (1 + len(distractors)).
        """
        ...


@dataclass(frozen=True, slots=True)
class Selection:
    """What a clip must be to teach a motion. Aspects are width / height.

    The paper asks for 2 s and 40 frames; 16 frames at 25/3 a second are what many sets hold. The
    thresholds were chosen and not calibrated; what they do is in docs/retrieval.md.
    """

    candidates: int = 100
    fewest: int = 4
    most: int = 20
    looked_at: int = 60
    least_frames: int = 16
    least_s: float = 1.5
    least_side_px: int = 64
    least_aspect: float = 0.9
    most_aspect: float = 2.5
    least_agreement: float = 0.5
    # Of those who fail above this, the best are taken where fewer than `fewest` pass.
    least_likely: float = 0.4
    # A model that looks at frames must see the motion this many times as surely as by chance.
    over_chance: float = 2.0
    # How much likeness to the subjects may move a clip up among those that show the motion.
    subject_weight: float = 0.05
    # How much likeness to a clip that is taken already moves one down, where more than `most` pass.
    likeness_weight: float = 0.3


@dataclass(frozen=True, slots=True)
class MotionQuery:
    """The question to the library: a motion's phrases, those of the others, and its performers.

    `synonyms` are looser phrases: they widen the search for words, where many of them would drown
    the motion's own meaning, and count as the motion where a caption uses them.
    """

    motion: str
    phrases: tuple[str, ...]
    synonyms: tuple[str, ...]
    against: tuple[str, ...]
    seen_against: tuple[str, ...]
    subjects: tuple[str, ...] = ()

    @property
    def all_phrases(self) -> tuple[str, ...]:
        return self.phrases + self.synonyms


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clip that may be kept. `reason` is why it is rejected and `stage` what rejected it."""

    clip: LibraryClip
    path: Path
    scores: Mapping[str, float]
    rival: str = ""
    stage: str = ""
    reason: str = ""
    crop: Box | None = None
    crop_by: str = ""
    meaning: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def score(self) -> float:
        """What the candidates are ordered by."""
        scores = self.scores
        seen = scores.get("seen", scores["text"])
        return (scores["text"] + seen) / 2 + scores.get("subject", 0.0)

    def rejected(self, stage: str, reason: str) -> Candidate:
        return replace(self, stage=stage, reason=reason)


def weigh(
    question: MotionQuery,
    candidates: Sequence[Candidate],
    corpus: Corpus,
    embedder: Embedder,
    selection: Selection,
) -> list[Candidate]:
    """Return the candidates, each with the contrast of its caption and its nearest rival motion."""
    if not candidates:
        return []
    captions = embedder.embed([c.clip.caption for c in candidates])
    wanted = captions @ embedder.embed(question.all_phrases).T  # [candidates, phrases]
    others = captions @ embedder.embed(question.against).T
    likeness = _likeness(captions, embedder, question.subjects)
    weighed = []
    for row, candidate in enumerate(candidates):
        caption = candidate.clip.caption
        words = max(corpus.score(phrase, caption) for phrase in question.all_phrases)
        best = max(corpus.score(phrase, caption) for phrase in question.against)
        share = words / (words + best) if words + best > 0 else 0.5
        margin = float(wanted[row].max() - others[row].max())
        text = (share + 1 / (1 + math.exp(-margin / _COSINE_SCALE))) / 2
        scores = {**candidate.scores, "text": text}
        if question.subjects:
            scores["subject"] = selection.subject_weight * likeness[row]
        rival = question.against[int(others[row].argmax())]
        weighed.append(replace(candidate, scores=scores, rival=rival, meaning=captions[row]))
    return weighed


def _likeness(captions: Vectors, embedder: Embedder, subjects: Sequence[str]) -> list[float]:
    """Return each caption's best cosine to a subject's look, not below 0."""
    if not subjects:
        return []
    nearest = (captions @ embedder.embed(subjects).T).max(axis=1)
    return [max(0.0, float(cosine)) for cosine in nearest]


def sift(candidates: Sequence[Candidate], selection: Selection) -> list[Candidate]:
    """Reject what is unfit to train on: too short, too small or too narrow, another caption."""
    return [_sifted(candidate, selection) for candidate in candidates]


def _sifted(candidate: Candidate, selection: Selection) -> Candidate:
    clip, text = candidate.clip, candidate.scores["text"]
    aspect = clip.width / clip.height
    if clip.frames < selection.least_frames:
        return candidate.rejected(
            "length", f"too short: {clip.frames} frames, at least {selection.least_frames}"
        )
    if clip.duration_s < selection.least_s:
        return candidate.rejected(
            "length", f"too short: {clip.duration_s:.2f} s, at least {selection.least_s:g} s"
        )
    if min(clip.width, clip.height) < selection.least_side_px:
        least = selection.least_side_px
        return candidate.rejected(
            "size", f"too small: {clip.width}x{clip.height}, at least {least} a side"
        )
    if not selection.least_aspect <= aspect <= selection.most_aspect:
        allowed = f"{selection.least_aspect:g} to {selection.most_aspect:g}"
        return candidate.rejected(
            "size", f"its shape does not fit: width / height is {aspect:.2f}, allowed {allowed}"
        )
    if text < selection.least_agreement:
        return candidate.rejected(
            "caption", f'its caption reads more like "{candidate.rival}" (agreement {text:.2f})'
        )
    return candidate


def check_files(
    candidates: Sequence[Candidate], places: Callable[[Sequence[str]], Mapping[str, Path]]
) -> list[Candidate]:
    """Reject what is no longer the file that was taken in.

    Args:
        places: returns where clips lie, by id, drawing those that are drawn when needed; a clip
            that it drew is not among what it returns as changed.
    """
    alive = [c.clip.id for c in candidates if not c.reason]
    found = places(alive)
    return [_checked(c, found[c.clip.id]) if not c.reason else c for c in candidates]


def _checked(candidate: Candidate, path: Path) -> Candidate:
    clip = candidate.clip
    if not clip.size_bytes:  # drawn by ourselves, a moment ago or whole from before
        return candidate
    try:
        if file_hash(path) != clip.sha256:
            return candidate.rejected(
                "file", "its file is no longer the one that was taken into the library"
            )
    except OSError as error:
        return candidate.rejected("file", f"its file cannot be read: {error.strerror or error}")
    return candidate


def look(
    question: MotionQuery,
    candidates: Sequence[Candidate],
    scorer: ClipScorer,
    selection: Selection,
) -> list[Candidate]:
    """Add what models see in the frames of the best clips not yet rejected."""
    alive = sorted((c for c in candidates if not c.reason), key=_order)
    looked = {c.clip.id for c in alive[: selection.looked_at]}
    least = selection.over_chance / (1 + len(question.seen_against))
    return [
        _looked(question, c, scorer, least) if c.clip.id in looked
        else c if c.reason
        else c.rejected("number", f"the captions of {selection.looked_at} others fit better")
        for c in candidates
    ]  # fmt: skip


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.clip.sha256


def _looked(
    question: MotionQuery, candidate: Candidate, scorer: ClipScorer, least: float
) -> Candidate:
    try:
        frames = read_video(candidate.path).frames
    except VideoError as error:
        return candidate.rejected("file", str(error))
    sight = scorer.score(frames, question.phrases[0], question.seen_against)
    named = (("pictures", sight.pictures), ("movement", sight.movement), ("seen", sight.mean))
    scores = {name: value for name, value in named if value is not None}
    for name, value in scores.items():
        if not 0 <= value <= 1:
            raise ValueError(f"a clip's score by {name} lies in 0..1, not {value}")
    seen = replace(
        candidate,
        scores={**candidate.scores, **scores},
        crop=sight.crop,
        crop_by="the model that looked" if sight.crop else "",
    )
    if sight.mean < least:
        return seen.rejected(
            "frames", f"its frames do not show it ({sight.mean:.2f}, at least {least:.2f})"
        )
    return seen

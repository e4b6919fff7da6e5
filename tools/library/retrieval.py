"""Candidates for a motion -> the 4 to 20 clips that teach it, and why each was kept or not.

As in the paper (A.1): the best by words and meaning, then filters of length and shape, then a
model that looks at the frames, then at most 20. Where it differs: any animal may perform, not
only persons; a caption and its frames must agree with the motion *more than with every other*
instead of passing an absolute cosine; nothing is kept to fill a number that does not show it.

The contrast of a caption has two halves, each in 0..1, of which the mean must reach a half:
- words: BM25 of the motion's best phrase, as a share of that and of the best other motion's;
- meaning: the sigmoid of the difference of the best cosines, on a scale of 0.05.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ...engine.video import Frames, read_video
from ...errors import VideoError
from ...film import RetrievedClip
from ..store.output import file_hash
from .embedding import Embedder, Vectors
from .records import LibraryClip
from .terms import Corpus

_COSINE_SCALE = 0.05


class ClipScorer(Protocol):
    """A model that looks at a clip, such as CLIP."""

    @property
    def fingerprint(self) -> str:
        """What distinguishes it, such as the hash of its weights."""
        ...

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> float:
        """Return how surely frames [T, h, w, 3] uint8 show `text` and no distractor, in 0..1.

        One that sees nothing gives 1 / (1 + len(distractors)).
        """
        ...


@dataclass(frozen=True, slots=True)
class Selection:
    """What a clip must be to teach a motion. Aspects are width / height."""

    candidates: int = 40
    fewest: int = 4
    most: int = 20
    least_frames: int = 16
    least_s: float = 2.0
    least_side_px: int = 64
    least_aspect: float = 0.9
    most_aspect: float = 2.5
    least_agreement: float = 0.5
    # A model that looks at frames must see the motion this many times as surely as by chance.
    over_chance: float = 2.0
    # How much likeness to the subjects may move a clip up among those that show the motion.
    subject_weight: float = 0.05


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
    """A clip that may be kept. `reason` is why it is rejected, empty while it is not."""

    clip: LibraryClip
    path: Path
    scores: dict[str, float]
    rival: str = ""
    reason: str = ""

    @property
    def score(self) -> float:
        """What the candidates are ordered by."""
        scores = self.scores
        seen = scores.get("frames", scores["text"])
        return (scores["text"] + seen) / 2 + scores.get("subject", 0.0)


def weigh(
    question: MotionQuery,
    candidates: Sequence[Candidate],
    corpus: Corpus,
    embedder: Embedder,
    selection: Selection,
) -> list[Candidate]:
    """Return the candidates, each with the contrast of its caption and its nearest rival motion."""
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
        weighed.append(replace(candidate, scores=scores, rival=rival))
    return weighed


def _likeness(captions: Vectors, embedder: Embedder, subjects: Sequence[str]) -> list[float]:
    """Return each caption's best cosine to a subject's look, not below 0."""
    if not subjects:
        return []
    nearest = (captions @ embedder.embed(subjects).T).max(axis=1)
    return [max(0.0, float(cosine)) for cosine in nearest]


def sift(candidates: Sequence[Candidate], selection: Selection) -> list[Candidate]:
    """Reject what is unfit to train on: another caption, too short, small or narrow, changed."""
    return [replace(c, reason=_unfit(c, selection)) for c in candidates]


def _unfit(candidate: Candidate, selection: Selection) -> str:
    clip, text = candidate.clip, candidate.scores["text"]
    aspect = clip.width / clip.height
    if text < selection.least_agreement:
        return f'its caption reads more like "{candidate.rival}" (agreement {text:.2f})'
    if clip.frames < selection.least_frames:
        return f"too short: {clip.frames} frames, at least {selection.least_frames}"
    if clip.duration_s < selection.least_s:
        return f"too short: {clip.duration_s:.2f} s, at least {selection.least_s:g} s"
    if min(clip.width, clip.height) < selection.least_side_px:
        return f"too small: {clip.width}x{clip.height}, at least {selection.least_side_px} a side"
    if not selection.least_aspect <= aspect <= selection.most_aspect:
        allowed = f"{selection.least_aspect:g} to {selection.most_aspect:g}"
        return f"its shape does not fit: width / height is {aspect:.2f}, allowed {allowed}"
    try:
        if file_hash(candidate.path) != clip.sha256:
            return "its file is no longer the one that was taken into the library"
    except OSError as error:
        return f"its file cannot be read: {error.strerror or error}"
    return ""


def look(
    question: MotionQuery, candidates: Sequence[Candidate], scorer: ClipScorer
) -> list[Candidate]:
    """Add a model's score of the frames of each clip not yet rejected; reject unreadable clips."""
    looked = []
    for candidate in candidates:
        if candidate.reason:
            looked.append(candidate)
            continue
        try:
            frames = read_video(candidate.path).frames
        except VideoError as error:
            looked.append(replace(candidate, reason=str(error)))
            continue
        seen = scorer.score(frames, question.phrases[0], question.seen_against)
        if not 0 <= seen <= 1:
            raise ValueError(f"a clip's score lies in 0..1, not {seen}")
        looked.append(replace(candidate, scores={**candidate.scores, "frames": seen}))
    return looked


def choose(
    question: MotionQuery, candidates: Sequence[Candidate], selection: Selection
) -> tuple[RetrievedClip, ...]:
    """Return kept clips, then rejected ones, each with a reason; equal clips in equal order."""
    ranked = sorted(candidates, key=lambda c: (-c.score, c.clip.sha256))
    able = [c for c in ranked if not c.reason]
    least_seen = selection.over_chance / (1 + len(question.seen_against))
    seen = [c for c in able if c.scores.get("frames", 1.0) >= least_seen]
    unseen = [c for c in able if c.scores.get("frames", 1.0) < least_seen]
    spare = unseen[: max(0, selection.fewest - len(seen))]
    chosen = [*seen[: selection.most], *spare]
    if len(chosen) < selection.fewest:
        chosen = []
    kept = {c.clip.id for c in chosen}
    rejected = [c for c in ranked if c.clip.id not in kept]
    return (
        *(_verdict(question, c, _why_kept(question, c, c in spare, least_seen)) for c in chosen),
        *(_verdict(question, c, c.reason or _why_not(len(able), c, least_seen, selection), False)
          for c in rejected),
    )  # fmt: skip


def _why_kept(question: MotionQuery, candidate: Candidate, spare: bool, least_seen: float) -> str:
    said = f'its caption says "{question.phrases[0]}" ({candidate.scores["text"]:.2f})'
    if "frames" not in candidate.scores:
        return f"{said}; not re-scored: there is no model to look at its frames"
    seen = candidate.scores["frames"]
    if spare:
        return (
            f"{said}; taken for want of others, though its frames hardly show it "
            f"({seen:.2f}, others need {least_seen:.2f})"
        )
    return f"{said} and its frames show it ({seen:.2f})"


def _why_not(able: int, candidate: Candidate, least_seen: float, selection: Selection) -> str:
    if able < selection.fewest:
        return f"only {able} clips show this motion, {selection.fewest} are needed to teach it"
    seen = candidate.scores.get("frames", 1.0)
    if seen < least_seen:
        return f"its frames do not show it ({seen:.2f}, at least {least_seen:.2f})"
    return f"{selection.most} others show it better"


def _verdict(
    question: MotionQuery, candidate: Candidate, reason: str, kept: bool = True
) -> RetrievedClip:
    return RetrievedClip(
        id=candidate.clip.id,
        path=str(candidate.path),
        caption=candidate.clip.caption,
        motion=question.motion,
        kept=kept,
        reason=reason,
        scores={name: round(score, 6) for name, score in candidate.scores.items()},
    )

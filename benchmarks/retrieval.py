"""Libraries of clips with known motions -> how well they are found, stage by stage; and how fast.

    python benchmarks/retrieval.py FOLDER        clips with a captions.csv that labels their motions
    python benchmarks/retrieval.py --drawn       the default library, with the critic's eyes
    python benchmarks/retrieval.py --clips 50000     the speed of a search, beside Qdrant in memory

Every motion with at least three clips is asked for. A ranking is scored by R-precision (of the
first R clips, R being how many show the motion, the share that does), by precision at 10, whose
best possible value stands beside it because most motions have fewer than ten clips, and by nDCG
over the whole ranking. Alignment, where a critic looks, is what it gives the motion in the first
ten. The floor is a random order: what R-precision it has is the share of clips that show the
motion. Intervals are of the mean over motions, by 10,000 bootstrap draws of motions. Labels are
read here and by no search. Results go into benchmarks/results/retrieval.json.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from dreamrunner.engine.video import read_video
from dreamrunner.tools.library import (
    CriticScorer,
    Library,
    LibraryClip,
    Manifest,
    MiniLM,
    Request,
    Selection,
    Sight,
    Tools,
    add_clips,
    load_library,
    open_library,
    open_phrasing,
    storybook_phrasing,
)
from dreamrunner.tools.library.index import PlainIndex
from dreamrunner.tools.library.qdrant import QdrantIndex, fill, opened
from dreamrunner.tools.library.retrieval import Candidate
from dreamrunner.tools.library.terms import Corpus

RESULTS = Path(__file__).parent / "results" / "retrieval.json"
FEWEST = 3
SEED = 0
DRAWS = 10_000
FIRST = 10  # clips of which precision and alignment are taken
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
ALL = Selection(candidates=100_000)

Score = Callable[[Candidate], float]
TEXT_STAGES: dict[str, Score] = {
    "words alone (BM25)": lambda c: c.scores["bm25"],
    "meaning alone": lambda c: c.scores["dense"],
    "both, fused by rank": lambda c: c.scores["fused"],
    "weighed against other motions": lambda c: c.scores["text"],
}


def ranked(candidates: Sequence[Candidate], score: Score) -> list[Candidate]:
    """Return candidates best first; equals in an order that no label decides."""
    return sorted(candidates, key=lambda c: (-score(c), c.clip.sha256))


def r_precision(hits: Sequence[bool]) -> float:
    relevant = sum(hits)
    return sum(hits[:relevant]) / relevant


def precision_at(hits: Sequence[bool], count: int = FIRST) -> float:
    return sum(hits[:count]) / count


def ndcg(hits: Sequence[bool]) -> float:
    gain = sum(hit / math.log2(place + 2) for place, hit in enumerate(hits))
    return gain / sum(1 / math.log2(place + 2) for place in range(sum(hits)))


def mean_with_interval(values: Sequence[float]) -> dict[str, float | list[float]]:
    """Return the mean over motions and its 95 % interval."""
    rng = np.random.default_rng(SEED)
    drawn = rng.choice(np.array(values), (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"mean": round(float(np.mean(values)), 3),
            "interval": [round(float(low), 3), round(float(high), 3)]}  # fmt: skip


def motions_of(clips: Sequence[LibraryClip]) -> list[str]:
    counts: dict[str, int] = {}
    for clip in clips:
        for motion in set(clip.motions):
            counts[motion] = counts.get(motion, 0) + 1
    return sorted(motion for motion, count in counts.items() if count >= FEWEST)


def measured(
    library: Library, candidates: Mapping[str, Sequence[Candidate]], stages: Mapping[str, Score]
) -> dict[str, object]:
    """Return the scores of every stage over all motions, and what thresholds would keep."""
    total = len(library.manifest.clips)
    shown = {m: sum(m in c.motions for c in library.manifest.clips) for m in candidates}
    rows: dict[str, object] = {}
    for name, score in stages.items():
        orders = {motion: ranked(found, score) for motion, found in candidates.items()}
        hits = {m: [m in c.clip.motions for c in order] for m, order in orders.items()}
        for motion, of_motion in hits.items():
            of_motion += [True] * (shown[motion] - sum(of_motion))  # never found: at the very end
        rows[name] = {
            "r_precision": mean_with_interval([r_precision(one) for one in hits.values()]),
            "precision_at_10": mean_with_interval([precision_at(one) for one in hits.values()]),
            "ndcg": mean_with_interval([ndcg(one) for one in hits.values()]),
            **_alignment(orders),
        }
    floor = [shown[motion] / total for motion in candidates]
    return {
        "clips": total,
        "motions": shown,
        "floor_r_precision": mean_with_interval(floor),
        "best_precision_at_10": mean_with_interval(
            [min(count, FIRST) / FIRST for count in shown.values()]
        ),
        "stages": rows,
        "thresholds_of_captions": [kept_above(least, candidates, shown) for least in THRESHOLDS],
    }


def _alignment(orders: Mapping[str, Sequence[Candidate]]) -> dict[str, object]:
    """Return what the critic gives the motion in the first clips, where it looked."""
    looked = [
        float(np.mean([c.scores["movement"] for c in order[:FIRST]]))
        for order in orders.values()
        if all("movement" in c.scores for c in order[:FIRST])
    ]
    return {"alignment_at_10": mean_with_interval(looked)} if looked else {}


def kept_above(
    least: float, candidates: Mapping[str, Sequence[Candidate]], shown: Mapping[str, int]
) -> dict[str, float]:
    """Return what share of the clips above a threshold show the motion, and of these are kept."""
    kept = right = 0
    for motion, found in candidates.items():
        above = [c for c in found if c.scores["text"] >= least]
        kept += len(above)
        right += sum(motion in c.clip.motions for c in above)
    return {
        "least": least,
        "precision": round(right / kept, 3) if kept else 1.0,
        "recall": round(right / sum(shown.values()), 3),
    }


def chosen(library: Library, motions: Sequence[str]) -> dict[str, object]:
    """Return what `retrieve` keeps for each motion and how much of that shows it."""
    rows = {}
    for motion in motions:
        kept = library.retrieve(motion, []).kept
        right = sum(motion in library.clip(clip.id).motions for clip in kept)
        rows[motion] = {"kept": len(kept), "right": right}
    return rows


def filmed(folder: Path, cache: Path) -> dict[str, object]:
    tools = Tools(phrasing=open_phrasing(), selection=ALL)
    add_clips(Request((folder,)), cache / "filmed", tools)
    library = load_library(cache / "filmed", tools)
    motions = motions_of(library.manifest.clips)
    candidates = {motion: library.candidates(motion, []) for motion in motions}
    as_used = load_library(cache / "filmed", Tools(phrasing=open_phrasing()))
    return {**measured(library, candidates, TEXT_STAGES), "chosen": chosen(as_used, motions)}


def drawn(cache: Path) -> dict[str, object]:
    """Return the scores of the text stages, and of the critic's eyes on every clip of 260."""
    phrasing = storybook_phrasing()
    library = open_library(cache, Tools(phrasing=phrasing, selection=ALL))
    motions = motions_of(library.manifest.clips)
    candidates = {motion: library.candidates(motion, []) for motion in motions}
    texts = [phrasing.of(motion)[0] for motion in motions]
    scorer, seen = CriticScorer(pictures=True), dict[str, dict[str, Sight]]()
    for name, path in library.files([clip.id for clip in library.manifest.clips]).items():
        sights = scorer.sights(read_video(path).frames, texts)
        seen[name] = dict(zip(motions, sights, strict=True))
    looked = {
        motion: [_with_sight(c, seen[c.clip.id][motion]) for c in found]
        for motion, found in candidates.items()
    }
    stages: dict[str, Score] = {
        **TEXT_STAGES,
        "the critic's pictures alone": lambda c: c.scores["pictures"],
        "the critic's movement alone": lambda c: c.scores["movement"],
        "weighed, with movement": lambda c: (c.scores["text"] + c.scores["movement"]) / 2,
        "weighed, with both": lambda c: (
            c.scores["text"] / 2 + (c.scores["movement"] + c.scores["pictures"]) / 4
        ),
    }
    times_chance = [
        {"over_chance": times, **_seen_above(times / len(motions), looked)}
        for times in (1.0, 2.0, 3.0, 5.0, 8.0)
    ]
    return {**measured(library, looked, stages), "thresholds_of_frames": times_chance}


def _with_sight(candidate: Candidate, sight: Sight) -> Candidate:
    from dataclasses import replace

    more = {"pictures": sight.pictures or 0.0, "movement": sight.movement or 0.0}
    return replace(candidate, scores={**candidate.scores, **more})


def _seen_above(least: float, looked: Mapping[str, Sequence[Candidate]]) -> dict[str, float]:
    """Return the same of the frames, among the clips whose captions pass."""
    able = [
        (motion in c.clip.motions, c.scores["movement"] >= least)
        for motion, found in looked.items()
        for c in found
        if c.scores["text"] >= Selection().least_agreement
    ]
    kept, right = sum(seen for _, seen in able), sum(one for one, _ in able)
    both = sum(one and seen for one, seen in able)
    return {
        "precision": round(both / kept, 3) if kept else 1.0,
        "recall": round(both / right, 3) if right else 1.0,
    }


def speed(count: int, searches: int = 3) -> dict[str, object]:
    """Return the processor time of a search here and in Qdrant's memory, and their agreement."""
    rng = np.random.default_rng(SEED)
    words = [f"word{n}" for n in range(3000)]
    weights = 1 / np.arange(1, 3001)
    captions = [
        " ".join(rng.choice(words, rng.integers(6, 18), p=weights / weights.sum()))
        for _ in range(count)
    ]
    vectors = rng.normal(size=(count, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    clips = tuple(
        LibraryClip(
            id=f"{n:06d}", file="", caption=caption, frames=16, fps=8, width=96, height=96,
            size_bytes=0, sha256=str(n), licence="", source="",
        )
        for n, caption in enumerate(captions)
    )  # fmt: skip
    corpus = Corpus(captions)
    began = time.process_time()
    plain = PlainIndex([clip.id for clip in clips], captions, corpus, vectors)
    built = time.process_time() - began
    with opened(None) as client:
        began = time.process_time()
        fill(client, "clips", Manifest(name="many", clips=clips), corpus, vectors)
        filled = time.process_time() - began
        qdrant = QdrantIndex(client, "clips")
        ours, theirs, shared = [], [], []
        for number in range(searches):
            query = captions[number * 7]
            meaning = vectors[number * 11 : number * 11 + 1]
            answers = []
            for index, times in ((plain, ours), (qdrant, theirs)):
                began = time.process_time()
                answers.append({m.id for m in index.find(query, meaning, 20)})
                times.append(time.process_time() - began)
            shared.append(len(answers[0] & answers[1]) / 20)
    return {
        "clips": count,
        "seconds_ours": round(min(ours), 4),
        "seconds_qdrant_in_memory": round(min(theirs), 4),
        "ratio": round(min(theirs) / min(ours), 1),
        "recall_of_the_first_20": min(shared),
        "seconds_to_build_ours": round(built, 2),
        "seconds_to_fill_qdrant": round(filled, 2),
        "searches": searches,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--drawn", action="store_true")
    parser.add_argument("--clips", type=int)
    parser.add_argument("--cache", type=Path, default=Path(".training") / "retrieval")
    asked = parser.parse_args()
    found = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    if asked.folder:
        found["filmed"] = filmed(asked.folder, asked.cache)
    if asked.drawn:
        found["drawn"] = drawn(asked.cache / "drawn")
    if asked.clips:
        found["speed"] = {**speed(asked.clips), "machine": platform.machine()}
    found["embedder"] = MiniLM.fingerprint
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

"""Text -> clips on a small default library: what is found, what is kept, and why."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.storybook.critic.model import Critic
from dreamrunner.engine.storybook.world.vocabulary import MOTIONS
from dreamrunner.engine.video import Frames, read_video
from dreamrunner.film import Retrieval
from dreamrunner.tools.library import (
    CriticScorer,
    Drawing,
    Library,
    MiniLM,
    Selection,
    Tools,
    open_library,
)
from dreamrunner.tools.library.phrases import gerund, storybook_phrasing

# 13 motions twice, two held-out ones six times, two lions: 40 clips.
SMALL = Drawing(base_clips=2, held_out_clips=6, character_clips=2, width=96, height=64, frames=17)
MINILM = MiniLM()


class Eyes:
    """A model that looks: it sees every motion as surely as told, and remembers the questions."""

    def __init__(self, sure: float) -> None:
        self.sure = sure
        self.fingerprint = f"eyes {sure}"
        self.asked: list[tuple[tuple[int, ...], str, tuple[str, ...]]] = []

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> float:
        self.asked.append((frames.shape, text, tuple(distractors)))
        return self.sure


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return open_library(folder, Tools(embedder=MINILM), drawing=SMALL)


@pytest.fixture(scope="module")
def somersaults(library: Library) -> Retrieval:
    return library.retrieve("somersault", ["a small red fox with a white-tipped tail"])


def shows(library: Library, clip_id: str, motion: str) -> bool:
    return motion in library.clip(clip_id).motions


@pytest.mark.parametrize("query", ["a fox doing a somersault", "a fox flipping head over heels"])
def test_a_search_finds_it_by_words_and_by_meaning(library: Library, query: str) -> None:
    hits = library.search(query, 5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert any("somersault" in hit.clip.motions for hit in hits[:2])
    assert any("fox" in h.clip.characters and "somersault" in h.clip.motions for h in hits)
    assert [hit.fused for hit in hits] == sorted((hit.fused for hit in hits), reverse=True)
    assert all(hit.path.is_file() for hit in hits)


def test_a_search_finds_by_meaning_what_no_caption_says(library: Library) -> None:
    hits = library.search("somebody dozing, having a nap", 3)
    assert all(hit.bm25 == 0.0 for hit in hits)
    assert "sleep" in hits[0].clip.motions


def test_nothing_is_found_for_nothing(library: Library) -> None:
    assert library.search("  ") == []
    assert library.search("a fox", 0) == []


def test_every_kept_clip_shows_the_motion(library: Library, somersaults: Retrieval) -> None:
    kept = [clip.id for clip in somersaults.kept]
    assert 4 <= len(kept) <= 6
    assert all(shows(library, clip, "somersault") for clip in kept)


def test_each_clip_has_its_reason_and_its_scores(somersaults: Retrieval) -> None:
    assert somersaults.motion == "somersault"
    assert somersaults.query == "an animal doing a somersault"
    assert len(somersaults.clips) == Selection().candidates
    for clip in somersaults.kept:
        assert clip.reason.startswith('its caption says "an animal doing a somersault" (')
        assert "not re-scored: there is no model to look at its frames" in clip.reason
        assert clip.scores["text"] >= 0.5
    for clip in somersaults.rejected:
        assert clip.reason.startswith('its caption reads more like "an animal')
        assert clip.scores["text"] < 0.5
    assert {"bm25", "dense", "fused", "text", "subject"} <= set(somersaults.clips[0].scores)


def test_the_answer_is_the_same_each_time(library: Library, somersaults: Retrieval) -> None:
    again = library.retrieve("somersault", ["a small red fox with a white-tipped tail"])
    assert again == somersaults


def test_labels_are_never_looked_at(library: Library, somersaults: Retrieval) -> None:
    bare = library.manifest.model_copy(
        update={
            "clips": tuple(
                clip.model_copy(update={"motions": (), "characters": (), "place": ""})
                for clip in library.manifest.clips
            )
        }
    )
    blind = Library(library.folder, bare, Tools(embedder=MINILM))
    found = blind.retrieve("somersault", ["a small red fox with a white-tipped tail"])
    assert found == somersaults


def test_a_motion_that_no_clip_shows_keeps_none(library: Library) -> None:
    for motion in ("knit", "swim"):
        found = library.retrieve(motion, [])
        assert found.kept == ()
        assert found.query == f"an animal {gerund(motion)}"


def test_too_few_clips_teach_nothing_and_say_so(library: Library) -> None:
    tools = Tools(embedder=MINILM, selection=Selection(fewest=12))
    found = Library(library.folder, library.manifest, tools).retrieve("spin", [])
    assert found.kept == ()
    assert any(
        clip.reason.endswith("clips show this motion, 12 are needed to teach it")
        for clip in found.clips
    )


def test_a_model_that_sees_the_motion_is_asked_and_quoted(
    library: Library, somersaults: Retrieval
) -> None:
    eyes = Eyes(0.9)
    found = Library(library.folder, library.manifest, Tools(embedder=MINILM, scorer=eyes)).retrieve(
        "somersault", ["a small red fox with a white-tipped tail"]
    )
    assert {c.id for c in found.kept} == {c.id for c in somersaults.kept}
    assert all(clip.reason.endswith("and its frames show it (0.90)") for clip in found.kept)
    assert len(eyes.asked) == len(found.kept)
    shape, text, distractors = eyes.asked[0]
    assert shape == (17, 64, 96, 3)
    assert text == "an animal doing a somersault"
    assert "an animal spinning" in distractors and len(distractors) == len(MOTIONS) - 1
    assert found.key != somersaults.key


def test_a_model_that_does_not_see_it_leaves_the_fewest_and_says_so(library: Library) -> None:
    tools = Tools(embedder=MINILM, scorer=Eyes(0.05))
    found = Library(library.folder, library.manifest, tools).retrieve("somersault", [])
    assert len(found.kept) == 4
    assert all("though its frames hardly show it (0.05" in clip.reason for clip in found.kept)
    unseen = [c for c in found.rejected if c.reason.startswith("its frames do not show it (0.05")]
    assert len(unseen) >= 1


def test_the_critic_looks_at_clips(library: Library, tmp_path: Path) -> None:
    """An untrained critic sees nothing in particular, in a clip of any size."""
    Critic().save(tmp_path / "critic.safetensors", {})
    (tmp_path / "critic.json").write_text("{}")
    eyes = CriticScorer(tmp_path)
    frames = read_video(library.manifest.clips[0].path(library.folder)).frames
    texts = ["an animal spinning", "an animal sleeping"]
    seen = [eyes.score(frames, texts[i], [texts[1 - i]]) for i in (0, 1)]
    assert all(0 < value < 1 for value in seen)
    assert 0 < eyes.score(np.repeat(np.repeat(frames, 2, 1), 2, 2), texts[0], texts[1:]) < 1
    assert eyes.fingerprint == CriticScorer(tmp_path).fingerprint


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (Selection(least_frames=30), "too short: 17 frames, at least 30"),
        (Selection(least_s=3), "too short: 2.12 s, at least 3 s"),
        (Selection(least_side_px=100), "too small: 96x64, at least 100 a side"),
        (Selection(least_aspect=1.6), "its shape does not fit: width / height is 1.50"),
        (Selection(fewest=1, most=2), "2 others show it better"),
    ],
)
def test_filters_say_what_they_found(library: Library, selection: Selection, reason: str) -> None:
    tools = Tools(embedder=MINILM, selection=selection)
    found = Library(library.folder, library.manifest, tools).retrieve("somersault", [])
    assert any(clip.reason.startswith(reason) for clip in found.rejected)
    assert len(found.kept) == (2 if selection.most == 2 else 0)


def test_a_clip_that_was_changed_or_lost_is_left_out(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(library.folder, copy)
    first, second = library.retrieve("spin", []).kept[:2]
    (copy / Path(first.path).name).write_bytes(b"spoilt")
    (copy / Path(second.path).name).unlink()
    found = Library(copy, library.manifest, Tools(embedder=MINILM)).retrieve("spin", [])
    reasons = {clip.id: clip.reason for clip in found.rejected}
    assert reasons[first.id] == "its file is no longer the one that was taken into the library"
    assert reasons[second.id].startswith("its file cannot be read: No such file")


def test_the_key_covers_the_question_and_the_library(library: Library) -> None:
    other = Library(
        library.folder,
        library.manifest.model_copy(update={"clips": library.manifest.clips[1:]}),
        Tools(embedder=MINILM),
    )
    keys = {
        library.retrieval_key("spin", []),
        library.retrieval_key("spin", ["a fox"]),
        library.retrieval_key("spin", [], gerund="whirling like a dervish"),
        library.retrieval_key("somersault", []),
        other.retrieval_key("spin", []),
        Library(
            library.folder, library.manifest, Tools(embedder=MINILM, selection=Selection(most=8))
        ).retrieval_key("spin", []),
    }
    assert len(keys) == 6
    assert library.retrieval_key("spin", []) == library.retrieve("spin", []).key


def test_a_synonym_asks_for_the_same_clips(library: Library) -> None:
    assert storybook_phrasing().motion("pirouette") == "spin"
    by_name, by_synonym = library.retrieve("spin", []), library.retrieve("pirouette", [])
    assert by_synonym.motion == "pirouette"
    assert [c.id for c in by_synonym.kept] == [c.id for c in by_name.kept]


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("swim", "swimming"), ("dance", "dancing"), ("lie", "lying"), ("play the piano",
        "playing the piano"), ("spin", "spinning"), ("see", "seeing"), ("walking", "walking"),
        ("fix", "fixing"), ("climb", "climbing"),
    ],
)  # fmt: skip
def test_a_gerund_is_regular(verb: str, expected: str) -> None:
    assert gerund(verb) == expected


@pytest.mark.slow
def test_the_whole_default_library_keeps_only_what_shows_each_motion(tmp_path: Path) -> None:
    library = open_library(tmp_path, Tools(embedder=MINILM))
    assert library.describe().clips == 240
    for motion in MOTIONS:
        kept = library.retrieve(motion, []).kept
        assert len(kept) == 20, motion
        assert all(shows(library, clip.id, motion) for clip in kept), motion

"""Text -> clips on a small default library: what is found, what is kept, and why."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.box import Box
from dreamrunner.engine.storybook.critic.model import Critic
from dreamrunner.engine.storybook.world.vocabulary import MOTIONS
from dreamrunner.engine.video import Frames, read_video
from dreamrunner.film import Retrieval
from dreamrunner.tools.library import (
    CriticScorer,
    Drawing,
    Library,
    LibraryClip,
    Manifest,
    MiniLM,
    Part,
    Selection,
    Sight,
    Tools,
    joined,
    miniature_phrasing,
    open_library,
    open_phrasing,
    storybook_phrasing,
)
from dreamrunner.tools.library.phrases import gerund
from dreamrunner.tools.store.output import file_hash
from dreamrunner.tools.training.tracks import read_tracks

from .test_index import WordBag

# 13 motions twice, two held-out ones six times, two lions: 40 clips.
SMALL = Drawing(base_clips=2, held_out_clips=6, character_clips=2, width=96, height=64, frames=17)
MINILM = MiniLM()


class Eyes:
    """A model that looks: it sees every motion as surely as told, and remembers the questions."""

    def __init__(self, sure: float) -> None:
        self.sure = sure
        self.fingerprint = f"eyes {sure}"
        self.asked: list[tuple[tuple[int, ...], str, tuple[str, ...]]] = []

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> Sight:
        self.asked.append((frames.shape, text, tuple(distractors)))
        return Sight(self.sure - 0.04, self.sure + 0.04, Box(0.1, 0.2, 0.5, 0.9))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return open_library(folder, Tools(embedder=MINILM), drawing=SMALL)


@pytest.fixture(scope="module")
def somersaults(library: Library) -> Retrieval:
    return library.retrieve("somersault", ["a small red fox with a white-tipped tail"])


def over(library: Library, manifest: Manifest | None = None, **tools: object) -> Library:
    """The same clips with other tools, or another list of them."""
    used = Tools(embedder=MINILM, **tools)  # type: ignore[arg-type]
    return Library(library.folder, manifest or library.manifest, used, library.parts)


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


def test_each_clip_has_its_reason_and_its_scores(library: Library, somersaults: Retrieval) -> None:
    assert somersaults.motion == "somersault"
    assert somersaults.query == "an animal doing a somersault"
    assert len(somersaults.clips) == len(library.manifest.clips) < Selection().candidates
    for clip in somersaults.kept:
        assert clip.reason.startswith('its caption says "an animal doing a somersault" (')
        assert "not re-scored: there is no model to look at its frames" in clip.reason
        assert clip.scores["text"] >= 0.5
        assert clip.stage == "kept"
    for clip in somersaults.rejected:
        assert clip.stage == "caption"
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
    blind = over(library, bare)
    found = blind.retrieve("somersault", ["a small red fox with a white-tipped tail"])
    assert found == somersaults


def test_a_motion_that_no_clip_shows_keeps_none(library: Library) -> None:
    for motion in ("knit", "swim"):
        found = library.retrieve(motion, [])
        assert found.kept == ()
        assert found.query == f"an animal {gerund(motion)}"


def test_too_few_clips_teach_nothing_and_say_so(library: Library) -> None:
    found = over(library, selection=Selection(fewest=12)).retrieve("spin", [])
    assert found.kept == ()
    assert any(
        clip.reason.endswith("clips show this motion, 12 are needed to teach it")
        for clip in found.clips
    )


def test_a_model_that_sees_the_motion_is_asked_and_quoted(
    library: Library, somersaults: Retrieval
) -> None:
    eyes = Eyes(0.9)
    found = over(library, scorer=eyes).retrieve(
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
    scores = found.kept[0].scores
    assert scores["seen"] == pytest.approx((scores["pictures"] + scores["movement"]) / 2)


def test_a_model_that_does_not_see_it_leaves_the_fewest_and_says_so(library: Library) -> None:
    found = over(library, scorer=Eyes(0.05)).retrieve("somersault", [])
    assert len(found.kept) == 4
    assert all("though its frames hardly show it (0.05" in clip.reason for clip in found.kept)
    unseen = [c for c in found.rejected if c.reason.startswith("its frames do not show it (0.05")]
    assert len(unseen) >= 1 and {clip.stage for clip in unseen} == {"frames"}


def test_the_critic_looks_at_clips(library: Library, tmp_path: Path) -> None:
    """An untrained critic sees nothing in particular, in a clip of any size."""
    Critic().save(tmp_path / "critic.safetensors", {})
    (tmp_path / "critic.json").write_text("{}")
    eyes = CriticScorer(tmp_path)
    first = library.manifest.clips[0].id
    frames = read_video(library.files([first])[first]).frames
    texts = ["an animal spinning", "an animal sleeping"]
    seen = [eyes.score(frames, texts[i], [texts[1 - i]]) for i in (0, 1)]
    assert all(0 < sight.mean < 1 and sight.pictures is None for sight in seen)
    large = np.repeat(np.repeat(frames, 2, 1), 2, 2)
    both = CriticScorer(tmp_path, pictures=True)
    sight = both.score(large, texts[0], texts[1:])
    assert sight.pictures is not None and 0 < sight.mean < 1
    assert eyes.fingerprint == CriticScorer(tmp_path).fingerprint != both.fingerprint


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (Selection(least_frames=30), "too short: 17 frames, at least 30"),
        (Selection(least_s=3), "too short: 2.12 s, at least 3 s"),
        (Selection(least_side_px=100), "too small: 96x64, at least 100 a side"),
        (Selection(least_aspect=1.6), "its shape does not fit: width / height is 1.50"),
        (Selection(fewest=1, most=2), "2 others show it better, or as well and less alike"),
    ],
)
def test_filters_say_what_they_found(library: Library, selection: Selection, reason: str) -> None:
    found = over(library, selection=selection).retrieve("somersault", [])
    assert any(clip.reason.startswith(reason) for clip in found.rejected)
    assert len(found.kept) == (2 if selection.most == 2 else 0)


def test_a_clip_of_the_users_that_was_changed_or_lost_is_left_out(
    library: Library, tmp_path: Path
) -> None:
    ids = [clip.id for clip in library.retrieve("spin", []).kept]
    taken = []
    for name, path in library.files(ids).items():
        shutil.copy(path, tmp_path)
        size, digest = path.stat().st_size, file_hash(path)
        facts = {"size_bytes": size, "sha256": digest}
        taken.append(library.clip(name).model_copy(update=facts))
    own = Library(tmp_path, Manifest(name="own", clips=tuple(taken)), Tools(embedder=MINILM))
    assert {clip.id for clip in own.retrieve("spin", []).kept} == set(ids)
    (tmp_path / f"{ids[0]}.mp4").write_bytes(b"spoilt")
    (tmp_path / f"{ids[1]}.mp4").unlink()
    reasons = {clip.id: clip for clip in own.retrieve("spin", []).rejected}
    assert reasons[ids[0]].reason == (
        "its file is no longer the one that was taken into the library"
    )
    assert reasons[ids[1]].reason.startswith("its file cannot be read: No such file")
    assert reasons[ids[1]].stage == "file"


def test_a_kept_clip_is_cropped_by_the_boxes_beside_it_or_by_who_looked(
    library: Library, somersaults: Retrieval, tmp_path: Path
) -> None:
    for clip in somersaults.kept:
        assert clip.crop is not None and clip.crop_by == "boxes beside the clip"
        tracks = read_tracks(Path(clip.path))
        assert tracks is not None
        held = [
            all(clip.crop.left <= b[0] and clip.crop.bottom >= b[3] for b in figure.boxes)
            for figure in tracks.figures
            if "somersault" in figure.text or "flip" in figure.text or "head" in figure.text
        ]
        assert held == [True] * len(held) and held
    bare = tmp_path / "bare"
    bare.mkdir()
    taken = []
    for name, path in library.files([c.id for c in somersaults.kept]).items():
        shutil.copy(path, bare)
        facts = {"size_bytes": path.stat().st_size, "sha256": file_hash(path)}
        taken.append(library.clip(name).model_copy(update=facts))
    manifest = Manifest(name="bare", clips=tuple(taken))
    seen = Library(bare, manifest, Tools(embedder=MINILM, scorer=Eyes(0.9)))
    found = seen.retrieve("somersault", []).kept[0]
    assert (found.crop, found.crop_by) == (Box(0.1, 0.2, 0.5, 0.9), "the model that looked")
    unseen = Library(bare, manifest, Tools(embedder=MINILM)).retrieve("somersault", []).kept[0]
    assert (unseen.crop, unseen.crop_by) == (None, "")


def test_words_of_the_drawn_world_are_no_defaults(tmp_path: Path) -> None:
    """Clips of anything are asked for by words of anything, against the verbs of English."""
    phrasing = open_phrasing()
    assert phrasing.of("ride a bicycle") == ("someone riding a bicycle",)
    against = phrasing.against("ride a bicycle")
    assert "someone walking" in against and "someone riding" not in against
    assert not any("animal" in phrase for phrase in against)
    assert storybook_phrasing().of("spin")[0] == "an animal spinning"
    small = miniature_phrasing()
    assert small.of("sway") == ("an animal slides to and fro", "an animal glides back and forth")
    assert small.motion("glide") == "sway" and "an animal gliding" in small.otherwise("sway")
    assert {"an animal jumps", "an animal swimming"} <= set(small.against("sway"))
    assert not {"an animal dancing", "an animal sliding"} & set(small.against("sway"))
    captions = {
        "panda": "A panda is riding a bicycle in a garden", "alien": "an alien rides a bicycle",
        "man": "a man on a bicycle rides past a tower", "woman": "a woman riding her bicycle",
        "knight": "a knight walking past a castle", "lion": "a lion sitting on a cliff",
    }  # fmt: skip
    clips = tuple(
        LibraryClip(
            id=name, file=f"{name}.mp4", caption=caption, frames=16, fps=8, width=96, height=96,
            size_bytes=0, sha256=name, licence="CC0-1.0", source="",
        )
        for name, caption in captions.items()
    )  # fmt: skip
    tools = Tools(embedder=MINILM, phrasing=phrasing)
    found = Library(tmp_path, Manifest(name="own", clips=clips), tools)
    candidates = {c.clip.id: c.scores["text"] for c in found.candidates("ride a bicycle", [])}
    assert min(candidates[n] for n in ("panda", "alien", "man", "woman")) > 0.5
    assert max(candidates[n] for n in ("knight", "lion")) < 0.4


def test_libraries_are_searched_as_one(library: Library, tmp_path: Path) -> None:
    clip = LibraryClip(
        id="mine", file="mine.mp4", caption="a red fox does a somersault on skates", frames=25,
        fps=8, width=96, height=64, size_bytes=1, sha256="mine", licence="MIT", source="me",
    )  # fmt: skip
    own = Part(tmp_path, Manifest(name="own", clips=(clip, library.manifest.clips[0])))
    both = joined([*library.parts, own], Tools(embedder=WordBag()))
    assert len(both.manifest.clips) == len(library.manifest.clips) + 1
    hits = both.search("a fox does a somersault on skates", 2)
    assert (hits[0].clip.id, hits[0].path) == ("mine", tmp_path / "mine.mp4")
    assert hits[1].path.is_file() and hits[1].path.parent == library.folder
    assert [(one.licence, len(one.clips)) for one in both.credits()] == [
        ("CC0-1.0", len(library.manifest.clips)), ("MIT", 1),
    ]  # fmt: skip


def test_the_key_covers_the_question_and_the_library(library: Library) -> None:
    other = over(library, library.manifest.model_copy(update={"clips": library.manifest.clips[1:]}))
    keys = {
        library.retrieval_key("spin", []),
        library.retrieval_key("spin", ["a fox"]),
        library.retrieval_key("spin", [], gerund="whirling like a dervish"),
        library.retrieval_key("somersault", []),
        other.retrieval_key("spin", []),
        over(library, selection=Selection(most=8)).retrieval_key("spin", []),
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
        ("fix", "fixing"), ("climb", "climbing"), ("swing", "swinging"), ("sing", "singing"),
    ],
)  # fmt: skip
def test_a_gerund_is_regular(verb: str, expected: str) -> None:
    assert gerund(verb) == expected


@pytest.mark.slow
def test_the_whole_default_library_keeps_only_what_shows_each_motion(tmp_path: Path) -> None:
    library = open_library(tmp_path, Tools(embedder=MINILM))
    assert library.describe().clips == 260
    for motion in MOTIONS:
        kept = library.retrieve(motion, []).kept
        assert len(kept) == 20, motion
        assert all(shows(library, clip.id, motion) for clip in kept), motion

"""The critic: words that differ in one thing, squares, the finder's spots, weights, and its eye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.storybook.critic import sentences, squares
from dreamrunner.engine.storybook.critic.model import CELL_PX, Critic, load_critic
from dreamrunner.engine.storybook.critic.sentences import CaptionDeed
from dreamrunner.engine.storybook.critic.viewing import CriticView, _connected
from dreamrunner.engine.storybook.training import critic_damage
from dreamrunner.engine.storybook.training.critic import loss_of
from dreamrunner.engine.storybook.training.critic_samples import ClipPool, CriticSample, teach
from dreamrunner.engine.storybook.weights import FOLDER
from dreamrunner.engine.storybook.world.additions import ALL_MOTIONS
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, make_actor
from dreamrunner.engine.storybook.world.vocabulary import CHARACTERS, PLACES
from dreamrunner.errors import WeightsError
from dreamrunner.story import Box

needs_weights = pytest.mark.skipif(
    not (FOLDER / "critic.safetensors").is_file(), reason="the critic has not been trained"
)


@pytest.fixture(scope="module")
def fresh() -> Critic:
    torch.manual_seed(0)
    return Critic().eval()


def test_wrong_subjects_are_everybody_else_a_blob_and_nothing() -> None:
    colors: dict[str, str | None] = {c: a.colourways[0] for c, a in CHARACTERS.items()}
    wrong = sentences.other_subjects("fox", "red", colors)
    assert "a red fox" not in wrong
    assert {"a grey fox", "a red owl", "a purple owl", "a shapeless red blob"} <= set(wrong)
    assert wrong[-1] == "an empty background"
    assert len(set(wrong)) == len(wrong)


def test_a_stranger_is_compared_in_the_writers_words_with_every_animal() -> None:
    assert sentences.subject("a tin robot", None) == "a tin robot"
    wrong = sentences.other_subjects("a tin robot", None, {})
    assert {"a person", "a shapeless blob", "an empty background"} <= set(wrong)
    assert len(wrong) == len(CHARACTERS) + 3


def test_a_motion_that_travels_is_also_compared_with_the_other_way() -> None:
    wrong = sentences.other_motions(CaptionDeed("fox", "red", "walk", "right"))
    assert len(wrong) == len(ALL_MOTIONS) - 2  # who enters or leaves walks as well
    assert wrong[-1] == "a red fox walking to the left"


def test_altered_scenes_differ_in_one_thing() -> None:
    deeds = [CaptionDeed("fox", "red", "walk", "right"), CaptionDeed("owl", "purple", "stand")]
    for others, place in sentences.altered(deeds, "beach"):
        changes = sum(a != b for a, b in zip(deeds, others, strict=True)) + (place != "beach")
        assert changes == 1
    said = sentences.whole(deeds, "beach")
    assert said == "a red fox walking to the right and a purple owl standing still on a beach"


def test_a_square_is_centred_on_its_box_and_as_long_as_its_longer_side() -> None:
    square = squares.squares(torch.tensor([[0.25, 0.25, 0.5, 0.75]]), 144, 96, 1.0)
    assert square.tolist() == [[30.0, 24.0, 78.0, 72.0]]


def test_crops_of_one_whole_square_are_the_pixels_themselves() -> None:
    pixels = torch.rand(2, 3, 64, 64)
    out = squares.crop(pixels, torch.tensor([[0.0, 0.0, 64.0, 64.0]]).expand(2, 4), 32)
    expected = torch.nn.functional.avg_pool2d(pixels, 2)
    assert torch.allclose(out, expected, atol=1e-5)


def test_covering_paints_others_and_spares_one() -> None:
    pixels = torch.ones(1, 3, 8, 8)
    other, own = torch.tensor([[[0.0, 0.0, 1.0, 0.5]]]), torch.tensor([[0.0, 0.0, 0.5, 1.0]])
    out = squares.cover(pixels, other, own)[0, 0]
    for y in range(8):
        for x in range(8):
            assert out[y, x] == (0.0 if y < 4 and x >= 4 else 1.0)


def test_only_the_spot_round_the_peak_is_kept() -> None:
    likely = torch.zeros(1, 9, 12)
    likely[0, 1:3, 1:3] = 0.9
    likely[0, 6, 9] = 0.8
    spot = _connected(likely)
    assert spot[0, 1, 1] and spot[0, 3, 3]
    assert not spot[0, 6, 9]


def test_a_lesson_teaches_every_head_and_its_losses_are_finite(fresh: Critic) -> None:
    supply, lesson = ClipPool(3, 2), CriticSample()
    for _ in range(2):
        teach(supply.example(), supply.rng, lesson)
    assert all(len(set(row)) == len(row) for row in lesson.picture_texts + lesson.movement_texts)
    assert lesson.truth[0].shape == (5, 96 // CELL_PX, 144 // CELL_PX)
    fresh.train()
    losses = loss_of(fresh, lesson)
    fresh.eval()
    assert set(losses) == {"who", "what", "find"}
    assert all(np.isfinite(loss.item()) for loss in losses.values())


def test_saved_weights_leave_out_minilm_and_mean_the_same(fresh: Critic, tmp_path: Path) -> None:
    path = tmp_path / "critic.safetensors"
    fresh.save(path, {"seed": "0"})
    assert path.stat().st_size <= 6e6
    again = load_critic(tmp_path)
    pixels = torch.rand(2, 3, 64, 64) * 2 - 1
    same = torch.cosine_similarity(fresh.pictures(pixels), again.pictures(pixels))
    assert same.min() > 0.999
    assert not any("transformer." in name and "text" in name for name in again.trained())


def test_missing_or_foreign_weights_say_so(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    critic = Critic()
    with pytest.raises(WeightsError, match="has no weights"):
        critic.load(tmp_path / "critic.safetensors")
    save_file({"foreign": torch.zeros(1)}, tmp_path / "critic.safetensors")
    with pytest.raises(WeightsError, match="not a critic of this version"):
        critic.load(tmp_path / "critic.safetensors")


def _clip(place: str = "meadow", character: str = "fox") -> tuple[np.ndarray, list[Box]]:
    actor = make_actor(character, x=0.5, y=0.88, height=0.5)
    clip = draw_scene(SceneSpec(place, 7, (actor,)))
    return clip.frames, [Box(*row) for row in clip.boxes[0].tolist()]


@needs_weights
@pytest.mark.parametrize("character", list(CHARACTERS))
def test_every_animal_is_known_from_the_others(character: str) -> None:
    frames, boxes = _clip(character=character)
    right = sentences.subject(character, None)
    texts = [right, *sentences.other_subjects(character, None, {})]
    likely = CriticView(load_critic(), frames).close_pictures(texts, tuple(boxes)).mean(0)
    assert int(likely.argmax()) == 0, texts[int(likely.argmax())]


@needs_weights
@pytest.mark.parametrize("place", list(PLACES))
def test_every_place_is_known_from_the_others(place: str) -> None:
    frames, boxes = _clip(place)
    texts = [sentences.bare_view(p) for p in PLACES]
    likely = CriticView(load_critic(), frames).whole_pictures(texts, [tuple(boxes)]).mean(0)
    assert list(PLACES)[int(likely.argmax())] == place


@needs_weights
def test_a_blob_of_the_right_colour_is_no_fox() -> None:
    actor = make_actor("fox", x=0.5, y=0.88, height=0.5)
    spec = SceneSpec("meadow", 7, (actor,))
    clip = draw_scene(spec, with_masks=True)
    empty = draw_scene(SceneSpec("meadow", 7, ())).frames
    assert clip.masks is not None
    pixels = critic_damage.as_blob(
        squares.to_pixels(clip.frames),
        torch.from_numpy(clip.masks[0]),
        squares.to_pixels(empty)[0],
        np.random.default_rng(1),
    )
    frames = ((pixels.clamp(-1, 1) + 1) * 127.5).to(torch.uint8).permute(0, 2, 3, 1).numpy()
    boxes = tuple(Box(*row) for row in clip.boxes[0].tolist())
    texts = ["a red fox", *sentences.other_subjects("fox", "red", {"fox": "red"})]
    likely = CriticView(load_critic(), frames).close_pictures(texts, boxes).mean(0)
    assert int(likely.argmax()) != 0

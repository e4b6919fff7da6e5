"""One trainer for all published families: what learns, by which loss; a kill loses nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.teaching.losses import debiased, motion_loss, where_it_moves
from dreamrunner.engine.diffusion.teaching.noising import Noising
from dreamrunner.engine.diffusion.teaching.recipes import (
    LOOKS,
    MINIATURE,
    MINIATURE_LOOKS,
    MINIATURE_PART,
    TeachSettings,
    look_recipe,
    motion_recipe,
)
from dreamrunner.engine.diffusion.teaching.teachable import Teachable, teachable
from dreamrunner.engine.diffusion.teaching.train import (
    LatentExample,
    teach_look,
    teach_motion,
)
from dreamrunner.engine.protocol import TrainingWatch
from dreamrunner.errors import AdapterError, StoppedError

from ..pipelines import tiny_pipeline

NAMES = ("cogvideox-2b", "cogvideox-1.5-5b", "wan2.1-1.3b", "wan2.2-ti2v-5b")
QUICK = TeachSettings(
    rank=2, clip_rank=2, steps=6, held_out=5, check_every=2, save_every=2, lr=1e-3
)


def a_model(name: str) -> Teachable:
    return teachable(tiny_pipeline(name))


def examples(model: Teachable, count: int = 4, frames: int = 5) -> list[LatentExample]:
    generator = torch.Generator().manual_seed(3)
    found = []
    for number in range(count):
        video = torch.rand(3, frames, 32, 64, generator=generator) * 2 - 1
        with torch.no_grad():
            latents = model.encode(video)
        found.append(LatentExample(f"c{number}", latents, model.embed("a fox spinning")))
    return found


def test_the_debiased_loss_is_the_papers() -> None:
    torch.manual_seed(0)
    output, target = torch.randn(4, 2, 3, 3), torch.randn(4, 2, 3, 3)
    total = float(((output - target) ** 2).mean())
    for i in range(4):
        apart = (math.sqrt(2) * output[i] - output[1]) - (math.sqrt(2) * target[i] - target[1])
        total += float((apart**2).mean()) / 4
    assert float(motion_loss(output, target, 1)) == pytest.approx(total, rel=1e-5)
    still = torch.randn(1, 2, 3, 3).expand(4, -1, -1, -1)
    assert torch.allclose(debiased(still, 2), (math.sqrt(2) - 1) * still)


def test_what_moves_counts_for_more() -> None:
    """A hand that goes up and down counts as often as is asked; what stands still counts once."""
    latents = torch.randn(1, 2, 4, 4).repeat(4, 1, 1, 1)
    latents[::2, :, 1, 2] += 3.0
    inside = torch.zeros(4, 1, 4, 4)
    inside[:, :, 1:3, 1:3] = 1
    weights = where_it_moves(latents, inside, 2.0)
    assert weights.shape == inside.shape
    # One of the four places changes, by four times the mean change.
    assert weights[:, 0, 1, 2].tolist() == pytest.approx([9.0] * 4)
    assert weights.sum() == pytest.approx(4 * (9 + 3))
    everywhere = where_it_moves(latents, None, 2.0)
    assert everywhere[:, 0, 1, 2].tolist() == pytest.approx([33.0] * 4)
    assert everywhere[0, 0, 0, 0] == pytest.approx(1)
    still = where_it_moves(latents[:1], inside[:1], 2.0)
    assert torch.equal(still, inside[:1])
    assert torch.equal(where_it_moves(latents, inside, 0.0), inside)
    output = torch.randn(4, 2, 4, 4)
    plain, weighted = (motion_loss(output, latents, None, w) for w in (inside, weights))
    squares = (output - latents).square()
    assert float(plain) == pytest.approx(float(squares[..., 1:3, 1:3].mean()))
    assert float(weighted) == pytest.approx(float((squares * weights).sum() / (4 * 12 * 2)))


@pytest.mark.parametrize("name", ["cogvideox-2b", "wan2.1-1.3b"])
def test_targets_lead_back_to_the_latents(name: str) -> None:
    """From the noised latents and the right answer, the scheduler's own algebra finds x."""
    scheduler = tiny_pipeline(name).scheduler
    noising = Noising(scheduler)
    latents, noise = torch.randn(2, 3), torch.randn(2, 3)
    for share in (0.1, 0.5, 0.9):
        level = noising.level(share)
        noised = noising.noised(latents, noise, level)
        answer = noising.target(latents, noise, level)
        if noising.kind == "flow_prediction":
            found = noised - level.noise * answer
            assert 0 < level.noise < 1
            assert float(level.time) == pytest.approx(1000 * level.noise)
        else:
            assert noising.kind == "v_prediction"
            found = level.signal * noised - level.noise * answer
            velocity = scheduler.get_velocity(latents, noise, level.time[None])
            torch.testing.assert_close(answer, velocity)
        torch.testing.assert_close(found, latents)


@pytest.mark.parametrize("name", NAMES)
def test_a_motion_is_learnt_and_the_model_left_as_it_was(name: str) -> None:
    model = a_model(name)
    before = {k: v.clone() for k, v in model.pipe.transformer.state_dict().items()}
    taught = teach_motion(model, examples(model), QUICK)
    after = model.pipe.transformer.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[k], v) for k, v in before.items())
    linears = {k.split(".lora_")[0].removeprefix("transformer.") for k in taught.state}
    assert linears == set(model.motion_layers())
    assert not linears & set(model.look_layers())
    assert not any("attn2" in path for path in linears)
    assert taught.loss <= taught.progress.checks[0]
    assert len(taught.progress.losses) == 6


def test_every_block_may_learn_a_motion() -> None:
    model = a_model("cogvideox-2b")
    taught = teach_motion(model, examples(model), replace(QUICK, every_block=True, look_skipped=1))
    linears = {k.split(".lora_")[0].removeprefix("transformer.") for k in taught.state}
    assert linears == {*model.motion_layers(), *model.look_layers()}


def test_the_rate_rises_stays_and_falls() -> None:
    settings = TeachSettings(steps=10, lr=1.0, warm_up=2, decay=0.5)
    rates = [round(settings.rate(step), 3) for step in range(10)]
    assert rates == [0.5, 1, 1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2]
    assert {TeachSettings(lr=0.3).rate(step) for step in range(300)} == {0.3}


def test_the_miniature_has_a_recipe_of_its_own_and_no_published_model_has() -> None:
    published = CHECKPOINTS["cogvideox-2b"]
    assert motion_recipe(published) == motion_recipe(published, 0.02) == TeachSettings()
    assert look_recipe(published) == LOOKS
    own = replace(published, world="miniature")
    assert (motion_recipe(own), look_recipe(own)) == (MINIATURE, MINIATURE_LOOKS)
    assert motion_recipe(own, 0.02) == MINIATURE_PART


def test_a_gradient_is_shortened() -> None:
    """Of a step whose gradient may have no length nothing is left but AdamW's decay."""
    model = a_model("cogvideox-2b")
    settings = replace(QUICK, max_norm=0.0, weight_decay=0.0, dropout=0.0)
    taught = teach_motion(model, examples(model), settings)
    assert set(taught.progress.checks.values()) == {taught.progress.checks[0]}


def test_no_clip_has_an_adapter_of_its_own_where_no_look_is_taught() -> None:
    model = a_model("cogvideox-2b")
    lessons, added = examples(model), []
    settings = replace(QUICK, look_skipped=1.0, dropout=0.0)
    watch = TrainingWatch(on_step=lambda *_: added.append(clip_layers(model)))
    teach_motion(model, lessons, settings, watch)
    assert set(added) == {0}
    teach_motion(model, lessons, replace(settings, look_skipped=0.0), watch)
    assert added[-1] > 0


def clip_layers(model: Teachable) -> int:
    return sum(".clip" in name for name, _ in model.pipe.transformer.named_parameters())


@pytest.mark.parametrize(
    "name", [pytest.param("cogvideox-5b", marks=pytest.mark.slow), "wan2.1-1.3b"]
)
def test_held_out_loss_falls_on_what_can_be_learnt(name: str) -> None:
    model = a_model(name)
    lessons = examples(model, count=1)
    same = [LatentExample(f"c{n}", lessons[0].latents, lessons[0].text) for n in range(5)]
    settings = TeachSettings(
        rank=8, clip_rank=2, steps=40, check_every=10, lr=3e-3, dropout=0.0, patience=9
    )
    taught = teach_motion(model, same, settings)
    assert taught.step > 0
    assert taught.loss < 0.97 * taught.progress.checks[0]


@pytest.mark.parametrize(("name", "stop_at"), [("cogvideox-2b", 3), ("wan2.1-1.3b", 4)])
def test_a_stopped_training_goes_on_along_the_same_curve(
    name: str, stop_at: int, tmp_path: Path
) -> None:
    model = a_model(name)
    lessons = examples(model)
    whole = teach_motion(model, lessons, QUICK)
    done: list[int] = []
    stopping = TrainingWatch(
        on_step=lambda step, total, loss: done.append(step),
        stopped=lambda: done[-1] == stop_at, folder=tmp_path,
    )  # fmt: skip
    with pytest.raises(StoppedError, match=f"after step {stop_at}"):
        teach_motion(model, lessons, QUICK, stopping)
    rest = teach_motion(model, lessons, QUICK, TrainingWatch(folder=tmp_path))
    assert rest.progress.losses == whole.progress.losses
    assert rest.progress.checks == whole.progress.checks
    assert rest.state.keys() == whole.state.keys()
    assert all(torch.equal(rest.state[k], v) for k, v in whole.state.items())


def test_a_killed_training_goes_on_from_its_last_checkpoint(tmp_path: Path) -> None:
    model = a_model("wan2.1-1.3b")
    lessons = examples(model)
    whole = teach_motion(model, lessons, QUICK)

    def killed(step: int, total: int, loss: float) -> None:
        if step == 5:
            raise MemoryError("as a kill, between two checkpoints")

    with pytest.raises(MemoryError):
        teach_motion(model, lessons, QUICK, TrainingWatch(on_step=killed, folder=tmp_path))
    steps: list[int] = []
    watch = TrainingWatch(on_step=lambda step, t, loss: steps.append(step), folder=tmp_path)
    assert teach_motion(model, lessons, QUICK, watch).progress.losses == whole.progress.losses
    assert steps == [5, 6]


def test_recomputing_blocks_changes_no_number() -> None:
    model = a_model("cogvideox-5b")
    lessons = examples(model)
    settings = TeachSettings(rank=2, clip_rank=2, steps=3, check_every=3, dropout=0.0)
    plain = teach_motion(model, lessons, settings)
    again = teach_motion(
        model, lessons,
        TeachSettings(rank=2, clip_rank=2, steps=3, check_every=3, dropout=0.0, recompute=True),
    )  # fmt: skip
    assert again.progress.losses == pytest.approx(plain.progress.losses, rel=1e-5)


def test_training_ends_where_held_out_loss_falls_no_more() -> None:
    model = a_model("wan2.1-1.3b")
    settings = TeachSettings(
        rank=2, clip_rank=2, steps=40, check_every=2, patience=2, lr=0.0, dropout=0.0
    )
    taught = teach_motion(model, examples(model), settings)
    assert taught.progress.step == 4
    assert taught.step == 0 and taught.loss == taught.progress.checks[0]


def test_a_look_is_learnt_from_one_picture() -> None:
    for name in ("cogvideox-2b", "cogvideox-1.5-5b", "wan2.1-1.3b"):
        model = a_model(name)
        taught = teach_look(model, examples(model, count=1, frames=1), QUICK)
        linears = {k.split(".lora_")[0].removeprefix("transformer.") for k in taught.state}
        assert linears == set(model.look_layers())


def test_too_few_clips_are_an_error() -> None:
    model = a_model("cogvideox-2b")
    with pytest.raises(AdapterError, match="3 clips are too few to learn from: 4 at least"):
        teach_motion(model, examples(model, count=3), QUICK)


def test_a_step_of_several_clips_spreads_their_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    model = a_model("cogvideox-2b")
    asked: list[float] = []
    predict = model.predict

    def noted(noised: torch.Tensor, time: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        if torch.is_grad_enabled():
            asked.append(float(time) / 1000)
        return predict(noised, time, text)

    monkeypatch.setattr(model, "predict", noted)
    settings = TeachSettings(
        rank=2, clip_rank=2, steps=3, batch=4, look_skipped=1.0, check_every=3, held_out=5
    )
    taught = teach_motion(model, examples(model, 6), settings)
    assert len(asked) == 12 and len(taught.progress.losses) == 3
    for at, share in enumerate(asked):
        assert (at % 4) / 4 - 0.001 <= share <= (at % 4 + 1) / 4

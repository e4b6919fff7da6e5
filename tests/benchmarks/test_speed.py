"""The harness of the speed table on small shapes: forms agree, rows are whole, nothing is timed."""

from __future__ import annotations

import json
import pickle
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import run as bench  # noqa: E402
from sr3ai import accelerator, models, ratios, shapes  # noqa: E402
from sr3ai.published import dense_mask, float_bias  # noqa: E402
from sr3ai.timing import Ratio, Turns, fastest, same, timed  # noqa: E402

TINY = shapes.Shape(grid=(2, 6, 8), text=3, heads=2, head_width=16)
CONFIG = {
    **models.TRANSFORMER_2B, "num_attention_heads": 2, "attention_head_dim": 16, "num_layers": 3,
    "time_embed_dim": 16, "text_embed_dim": 16, "sample_width": 12, "sample_height": 8,
    "sample_frames": 9, "max_text_seq_length": 3,
}  # fmt: skip
SCALE = accelerator.Scale(
    device="cpu", dtype=torch.float32, steps=2, training_frames=3, shots=3, compiler="eager",
    shape=shapes.Shape(grid=(3, 4, 6), text=3, heads=2, batch=2, head_width=16), small=CONFIG,
    large={**CONFIG, "use_rotary_positional_embeddings": True}, size=(96, 64, 9),
)  # fmt: skip


def names(letter: str) -> set[str]:
    return {row.name for row in bench.ROWS if row.name.startswith(letter)}


def test_every_c_row_has_a_figure_and_a_gate() -> None:
    found = {
        **ratios.attention_ratios(1, shape=TINY),
        **ratios.lora_ratios(1, tokens=64, width=32),
        **ratios.block_ratios(1, shape=TINY, heads=1, whole=TINY),
        **ratios.mask_bytes(TINY),
    }
    assert found.keys() == names("C")
    assert all(row.gate is not None for row in bench.ROWS if row.name.startswith("C"))
    assert all(value > 0 for value in found.values())
    assert len(bench.table(found, ["G1"]).splitlines()) == len(found) + 4


@pytest.mark.parametrize(
    ("work", "rows"),
    [
        (accelerator.attention, ("G1", "G1 share", "G3")),
        (accelerator.steps, ("G4",)),
        (accelerator.memories, ("G6",)),
        (accelerator.training, ("G7", "G7 500")),
        (accelerator.film, ("G9", "G9 swap")),
    ],
)
def test_g_rows_give_their_figures_on_a_small_scale(work, rows: tuple[str, ...]) -> None:
    found = work(1, SCALE)
    assert set(rows) <= found.keys()
    assert all(value >= 0 for value in found.values())


def test_a_whole_video_of_each_model_is_run_with_each_count_of_regions() -> None:
    found = accelerator.videos(1, replace(SCALE, compiler=None))
    assert found.keys() == {name for name in names("G") if name.startswith("G2")}


def test_levers_are_held_against_the_exact_clip() -> None:
    found = accelerator.levers(1, SCALE)
    assert found.keys() == {name for name in names("G") if name.startswith("G8")}
    assert found["G8 fp8 dB"] > 10


def test_operations_of_a_step_are_counted_pair_by_pair() -> None:
    layout = shapes.layout_of(SCALE.shape, 4)
    pairs = int(dense_mask(layout, SCALE.shape.text).sum())
    width, tokens = 32, SCALE.shape.tokens(4)
    expected = 2 * 3 * (2 * tokens * 12 * width**2 + 4 * pairs * width)
    assert accelerator.step_operations(SCALE, layout) == expected


def test_the_published_step_is_ours() -> None:
    layout = shapes.layout_of(SCALE.shape, 4)
    step = accelerator.Step(SCALE, SCALE.transformer(CONFIG))
    masks = accelerator.PublishedMasks(dense_mask(layout, SCALE.shape.text), 3)
    torch.testing.assert_close(step(layout), step(layout, masks), rtol=1e-4, atol=1e-4)


def test_a_form_that_computes_something_else_is_caught() -> None:
    x = torch.ones(4)
    same(x + 1e-6, x)
    for other in (x + 1e-3, x * torch.nan):
        with pytest.raises(AssertionError):
            same(other, x)


def test_forms_take_turns_and_the_first_turn_does_not_count() -> None:
    order: list[str] = []
    found = fastest({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert order == ["a", "b"] * 3
    assert found.keys() == {"a", "b"}


def test_a_ratio_has_the_quartiles_of_its_turns() -> None:
    turns = Turns({"a": [2.0, 4.0, 9.0], "b": [1.0, 1.0, 3.0]})
    ratio = pickle.loads(pickle.dumps(turns.ratio("a", "b")))  # as it comes from its process
    assert (ratio, ratio.low, ratio.high) == (2.0, 2.0, 4.0)
    assert bench.spread(ratio) == "2 to 4"
    assert bench.spread(2.0) == ""


def test_a_processor_s_clock_counts_no_waiting() -> None:
    turns = timed({"wait": lambda: time.sleep(0.2)}, 1, time.process_time)
    assert turns.shortest("wait") < 0.1


def test_the_float_mask_is_the_bool_mask() -> None:
    mask = torch.tensor([[True, False]])
    assert float_bias(mask, torch.float32).tolist() == [[0.0, -float("inf")]]


def test_kept_results_are_overwritten_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    numbers = [number for number in bench.NUMBERS if number.startswith("C")]
    figures = {"C1": Ratio(1.5, 1.4, 1.6), "C7": 0.002}
    kept = tmp_path / "speed-c.json"
    assert bench.keep(figures, numbers, 3, overwrite=False) == []
    account = json.loads(kept.read_text("utf-8"))
    assert (account["figures"], account["quartiles"]) == (figures, {"C1": [1.4, 1.6]})
    assert bench.keep({"C1": 9.0}, numbers, 3, overwrite=False) == [kept]
    assert json.loads(kept.read_text("utf-8")) == account
    assert bench.keep({"C1": 9.0}, numbers, 3, overwrite=True) == []
    assert json.loads(kept.read_text("utf-8"))["figures"] == {"C1": 9.0}


def test_its_regions_cover_overlap_and_leave_a_background() -> None:
    layout = shapes.layout_of(shapes.SMALL, 9)
    assert (layout.regions, layout.tokens) == (9, 3600)
    assert layout.visible.any(1).all()
    assert max(len(group.texts) for group in layout.groups) == 2
    assert shapes.layout_of(shapes.WHOLE, 4).tokens == 17_550


def test_masks_are_counted_where_they_are_made() -> None:
    with ratios.Masks() as counted:
        dense_mask(shapes.layout_of(TINY, 3), TINY.text)
    assert counted.bytes >= TINY.tokens(3) ** 2
    assert ratios.mask_bytes()["C7"] < 0.01


def test_the_published_configurations_are_the_engines() -> None:
    for name, config in (("2b", models.TRANSFORMER_2B), ("5b", models.TRANSFORMER_5B)):
        checkpoint = models.CHECKPOINTS[f"cogvideox-{name}"]
        assert checkpoint.layers == config["num_layers"]
        assert checkpoint.width_tokens == config["num_attention_heads"] * 64


def test_the_command_prints_figures_alone_and_knows_its_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["run.py", *words])
        bench.main()
        return capsys.readouterr().out

    figures = json.loads(ran("--only", "C7", "--json"))
    assert figures.keys() == {"C7"} and 0 < figures["C7"] < 0.01
    assert "| C7 | bytes for masks / S^2 | 0.002011 |  | <= 0.01 | 0 | yes |" in ran("--only", "C7")
    with pytest.raises(SystemExit, match="no such rows: C99"):
        ran("--only", "C99")
    if not torch.cuda.is_available():
        with pytest.raises(SystemExit, match="G1 need a CUDA device"):
            ran("--only", "G1")

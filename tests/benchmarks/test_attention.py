"""The harness of the attention figures on small shapes: forms agree, and rows are whole."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "attention.py"
spec = importlib.util.spec_from_file_location("benchmark_attention", SCRIPT)
assert spec is not None and spec.loader is not None
bench = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = bench  # where its dataclasses look for their module
spec.loader.exec_module(bench)

TINY = bench.Shape(grid=(2, 6, 8), text=3, heads=2, head_width=16)


def test_every_row_gives_its_figures_and_every_figure_has_a_gate() -> None:
    found = {
        **bench.attention_ratios(1, shape=TINY),
        **bench.lora_ratios(1, tokens=64, width=32),
        **bench.block_ratios(1, shape=TINY, heads=1, whole=TINY),
        **bench.mask_bytes(TINY),
    }
    assert found.keys() == {name for name in bench.GATES if name.startswith("C")}
    assert {name.split()[0] for name in found} == {r for r in bench.ROWS if r.startswith("C")}
    assert all(value > 0 for value in found.values())
    assert len(bench.table(found).splitlines()) == len(found) + 2


def test_a_form_that_computes_something_else_is_caught() -> None:
    x = torch.ones(4)
    bench.same(x + 1e-6, x)
    with pytest.raises(AssertionError):
        bench.same(x + 1e-3, x)


def test_its_regions_cover_overlap_and_leave_a_background() -> None:
    layout = bench.layout_of(bench.SMALL, 9)
    assert layout.regions == 9
    assert layout.visible.any(1).all()
    assert max(len(group.texts) for group in layout.groups) == 2


def test_masks_are_counted_where_they_are_made() -> None:
    with bench.Masks() as counted:
        bench.dense_mask(bench.layout_of(TINY, 3), TINY.text)
    assert counted.bytes >= (3 * TINY.text + TINY.video) ** 2
    assert bench.mask_bytes()["C7"] < 0.01

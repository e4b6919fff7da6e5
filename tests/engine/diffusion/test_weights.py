"""Where weights are looked for, what is said when they are not there, and what memory they take."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from dreamrunner.engine.diffusion import memory
from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS, clip_tokens
from dreamrunner.engine.diffusion.weights import LoadOptions, find_weights, weights_fingerprint
from dreamrunner.engine.family import FAMILIES, capabilities, load_family
from dreamrunner.engine.lazy import LazyFamily
from dreamrunner.errors import EngineError, InputError, WeightsError

from .hub import hub_folder

GB = memory.GB
SMALL = CHECKPOINTS["cogvideox-2b"]


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cache = tmp_path / "hub"
    cache.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    return cache


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_missing_weights_are_one_error_with_the_command_and_the_size(
    name: str, empty_cache: Path
) -> None:
    checkpoint = CHECKPOINTS[name]
    size = f"{checkpoint.download_gb:.0f} GB"
    with pytest.raises(WeightsError, match=f"hf download {checkpoint.repos[0]}.* {size}") as found:
        LazyFamily(name)
    assert "--weights" in str(found.value)


def test_downloads_are_as_large_as_their_parts() -> None:
    sizes = {name: round(checkpoint.download_gb) for name, checkpoint in CHECKPOINTS.items()}
    assert sizes == {
        "cogvideox-2b": 13, "cogvideox-5b": 21, "cogvideox-1.5-5b": 21, "wan2.1-1.3b": 29,
        "wan2.1-14b": 80, "wan2.2-ti2v-5b": 34,
    }  # fmt: skip


def test_a_download_under_an_older_name_is_found(empty_cache: Path) -> None:
    older = empty_cache / f"models--{SMALL.repos[1].replace('/', '--')}"
    commit = "0" * 39 + "1"
    hub_folder(older / "snapshots" / commit)
    (older / "refs").mkdir()
    (older / "refs" / "main").write_text(commit, "utf-8")
    assert find_weights(SMALL) == older / "snapshots" / commit


def test_a_fingerprint_changes_with_any_weight_and_reads_no_linked_blob(tmp_path: Path) -> None:
    folder = hub_folder(tmp_path / "a")
    first = weights_fingerprint(SMALL, folder)
    assert weights_fingerprint(SMALL, hub_folder(tmp_path / "b")) == first
    (folder / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"other")
    changed = weights_fingerprint(SMALL, folder)
    assert changed != first
    linked = folder / "vae" / "diffusion_pytorch_model.safetensors"
    pieces = folder / "tokenizer" / "spiece.model"
    pieces.parent.mkdir()
    pieces.write_bytes(b"pieces")
    assert weights_fingerprint(SMALL, folder) not in (first, changed)
    changed = weights_fingerprint(SMALL, folder)
    linked.unlink()
    linked.symlink_to(tmp_path / "blobs" / ("ab" * 32))  # The blob itself is not even there.
    assert weights_fingerprint(SMALL, folder) not in (first, changed)


def test_a_folder_is_looked_at_before_anything_is_planned(tmp_path: Path) -> None:
    folder = hub_folder(tmp_path / "weights", "cogvideox-5b")
    with pytest.raises(WeightsError, match="holds cogvideox-5b, not cogvideox-2b; it is drawn"):
        LazyFamily("cogvideox-2b", LoadOptions(weights=folder))
    assert LazyFamily("cogvideox-5b", LoadOptions(weights=folder)).fingerprint


def test_every_engine_says_what_it_can_without_its_model() -> None:
    for name in FAMILIES:
        assert capabilities(name).name == name
    wan = capabilities("wan2.1-1.3b")
    assert (wan.width, wan.height, wan.clip_frames, wan.fps) == (832, 480, 81, 16)
    assert (wan.steps, wan.guidance) == (50, 5.0)
    with pytest.raises(EngineError, match="no engine is called 'sora'; there are storybook"):
        load_family("sora")


@pytest.mark.parametrize(("text", "size"), [("8GB", 8e9), ("7.5 gib", 7.5 * 2**30), ("900MB", 9e8)])
def test_memory_is_written_as_people_write_it(text: str, size: float) -> None:
    assert memory.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "8 pounds", "0GB"])
def test_what_is_no_memory_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write it as 8GB"):
        memory.parse_size(text)


@pytest.mark.parametrize("checkpoint", CHECKPOINTS.values(), ids=CHECKPOINTS.keys())
def test_each_preset_needs_less_than_the_one_before(checkpoint) -> None:
    tokens = clip_tokens(checkpoint)
    needs = [memory.estimate(checkpoint, preset, tokens) for preset in memory.PRESETS]
    assert needs == sorted(needs, reverse=True)
    for preset, need in zip(memory.PRESETS, needs, strict=True):
        assert memory.choose_preset(checkpoint, need, tokens) == preset
    with pytest.raises(InputError, match=f"{checkpoint.name} needs about"):
        memory.choose_preset(checkpoint, needs[-1] - 1, tokens)


def test_where_nobody_knows_the_memory_the_lightest_preset_is_taken() -> None:
    for on_gpu, presets in ((True, memory.PRESETS), (False, memory.ON_A_PROCESSOR)):
        preset, need = memory.fitted(SMALL, 0, on_gpu=on_gpu)
        assert preset == presets[-1]
        assert memory.fitted(SMALL, need, on_gpu=on_gpu) == (preset, need)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other C library can be told")
@pytest.mark.parametrize("kept", [True, False])
def test_freed_memory_stays_with_a_process_that_keeps_it(kept: bool) -> None:
    script = (
        "from dreamrunner.engine.diffusion.memory import keep_freed\n"
        f"{'keep_freed()' if kept else ''}\n"
        "block = bytearray(2**28)\n"
        "del block\n"
        "pages = int(open('/proc/self/statm').read().split()[1])\n"
        "import os; print(pages * os.sysconf('SC_PAGE_SIZE'))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (int(ran.stdout) > 2**28) == kept


def test_an_estimate_covers_the_weights_that_stay() -> None:
    tokens = clip_tokens(SMALL)
    assert tokens == 13 * 30 * 45
    weights = (SMALL.transformer + SMALL.text_encoder + SMALL.codec) * 2e6
    assert memory.estimate(SMALL, memory.PRESETS[0], tokens) > weights
    assert memory.estimate(SMALL, memory.PRESETS[2], tokens) < weights
    assert memory.lighter(memory.PRESETS[-1]) is None

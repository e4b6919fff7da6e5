"""`adapters` on a store: what is there is listed, and a wrong name is one message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.engine.diffusion.teaching.recipes import TeachSettings
from dreamrunner.film import AdapterNeed, Retrieval, RetrievedClip
from dreamrunner.tools.stages.adapt import StageTrainer
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.runner import StoreRunner, silent
from dreamrunner.tools.store.store import Store
from dreamrunner.tools.training.trained import TrainedAdapter

from ..engine.diffusion.pipelines import say_its_clips, tiny_pipeline
from ..production.test_teaching import clips


class Quick:
    """A trainer that has learnt already."""

    def motion(self, clips: object, folder: Path, watch: object) -> TrainedAdapter:
        (folder / "lora.safetensors").write_bytes(b"learnt")
        return TrainedAdapter("lora.safetensors", 25, 0.4, "layers", checks=((0, 0.5), (25, 0.4)))


class NoFolder:
    """A library without a place."""

    def files(self, ids: Sequence[str]) -> dict[str, Path]:
        return {one: Path() for one in ids}


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["adapters", *words])
    return result.exit_code, result.output


@pytest.mark.parametrize("family", ["cogvideox-2b", "wan2.1-1.3b"])
def test_clips_are_added_searched_and_learnt_from_by_the_commands(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = partial(TeachSettings, rank=2, clip_rank=2, steps=2, check_every=2)
    monkeypatch.setattr("dreamrunner.tools.training.published.motion_recipe", lambda *_: quick())
    model, store, videos = tmp_path / "model", str(tmp_path / "store"), tmp_path / "videos"
    tiny_pipeline(family).save_pretrained(model, safe_serialization=True)
    if family.startswith("wan"):
        say_its_clips(model, width=8, height=4, frames=9)
    videos.mkdir()
    clips(videos)

    added = CliRunner().invoke(app, ["library", "add", str(videos), "--store", store])
    assert added.exit_code == 0 and "6 clips added" in added.output
    words = ["library", "search", "spinning", "--store", store, "--json"]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0 and "number 3 spinning" in found.output
    code, said = call("train", "spin", "--engine", str(model), "--store", store)
    assert code == 0, said
    assert "learnt from 4 clips by the debiased loss" in " ".join(said.split())
    assert ", and 0 min or less by arithmetic" in " ".join(said.split())
    (made,) = json.loads(call("list", "--store", store, "--json")[1])
    assert (made["name"], len(made["clips"])) == ("spin", 4)
    out = tmp_path / "trial"
    code, said = call(
        "test", "spin", "--engine", str(model), "--store", store, "--lossy", "steps=1",
        "-o", str(out),
    )  # fmt: skip
    assert code == 0 and "in its own region" in " ".join(said.split())
    assert (out / "spin-trial.png").is_file()


def test_adapters_are_listed_shown_exported_and_removed(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    assert call("list", "--store", store)[1].startswith("no adapter was trained yet")
    with Ledger(tmp_path / "run.json", {}) as ledger:
        bench = StoreRunner(Store(tmp_path / "store"), ledger, silent)
        trainer = StageTrainer(bench, Quick(), NoFolder, "base", "fox")  # type: ignore[arg-type]
        for content in ("a", "b"):
            clip = RetrievedClip(
                id="c", path="", caption="", motion="spin", kept=True, reason="", sha256=content
            )
            found = Retrieval(motion="spin", query="spin", key="k" * 64, clips=(clip,))
            trainer.adapt(AdapterNeed(kind="motion", name="spin"), found)
        made = trainer.adapt(AdapterNeed(kind="motion", name="hop"), found)
    listed = json.loads(call("list", "--store", store, "--json")[1])
    assert [one["name"] for one in listed] == ["hop", "spin", "spin"]
    assert "25" in call("list", "--store", store)[1]
    code, said = call("show", "spin", "--store", store)
    assert code == 1 and "2 adapters are called 'spin'; name one by key" in " ".join(said.split())
    assert "0.4000, 0.5000 before" in call("show", made.key[:8], "--store", store)[1]
    code, said = call("export", "hop", str(tmp_path / "to"), "--store", store)
    assert code == 0 and "only the engine that it was made for draws with it" in said
    code, said = call("export", "hop", str(tmp_path / "hop.png"), "--store", store)
    assert code == 1 and "hop is no .png but a .safetensors file" in said
    assert (tmp_path / "to" / "lora.safetensors").read_bytes() == b"learnt"
    assert json.loads((tmp_path / "to" / "lora.json").read_text())["name"] == "hop"
    assert call("remove", "hop", "--store", store)[0] == 0
    code, said = call("remove", "hop", "--store", store)
    assert code == 1 and "no adapter is called 'hop'" in said

"""What the doctor says of a machine, and what it says to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.engine.diffusion import devices
from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.family import capabilities
from dreamrunner.errors import WeightsError
from dreamrunner.plan import ShotPlan
from dreamrunner.production import doctor
from dreamrunner.production.settings import Settings

from ..engine.diffusion.hub import hub_folder

SLOW = devices.Device("a processor", "cpu", 80 * 10**9, ("cpu-flash",), 5e10)
FAST = devices.Device("a card", "cuda", 80 * 10**9, ("cuda-cudnn",), 4e14)


@pytest.fixture(autouse=True)
def a_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No downloads, one slow processor, and a storybook model that need not be timed."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(devices, "devices", lambda: [SLOW])
    monkeypatch.setattr(devices, "storybook_seconds", lambda: 12.0)


def findings(tmp_path: Path, url: str | None = None) -> dict[str, doctor.Finding]:
    settings = Settings(store=tmp_path / "store")
    return {finding.name: finding for finding in doctor.examine(settings, url)}


def test_what_is_not_here_has_a_remedy_and_stops_nothing(tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert found["cpu"].text == "a processor: 80 GB, 0.05 TFLOP/s, attention by cpu-flash"
    assert (found["storybook"].state, found["cuda"].state) == ("ok", "absent")
    assert "about 12.0 s a shot, measured" in found["storybook"].text
    for name, checkpoint in CHECKPOINTS.items():
        assert found[name].state == "absent"
        assert f"hf download {checkpoint.repos[0]}" in (found[name].remedy or "")
    assert (found["library"].state, found["library"].text) == ("ok", "the drawn clips")
    assert (found["embedded"].state, found["miniature"].state) == ("ok", "ok")
    assert "eight animals" in found["miniature"].text
    assert all(finding.remedy for finding in found.values() if finding.state != "ok")


def test_a_model_that_is_here_says_where_and_how_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "devices", lambda: [SLOW, FAST])
    monkeypatch.setattr(
        "dreamrunner.engine.diffusion.weights._cached", lambda _: tmp_path / "model"
    )
    monkeypatch.setattr("dreamrunner.engine.diffusion.weights.check_folder", lambda *_: None)
    found = findings(tmp_path)["cogvideox-5b"]
    assert (found.state, found.remedy) == ("ok", None)
    assert found.text.startswith(f"weights in {tmp_path / 'model'}; about ")
    assert "min a shot on the cuda, by arithmetic; everything on the device, about" in found.text


def test_what_fits_is_kept_as_a_run_would_keep_it_and_what_does_not_is_no_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, tiny = replace(FAST, memory_bytes=12 * 10**9), replace(FAST, memory_bytes=10**9)
    monkeypatch.setattr(devices, "devices", lambda: [SLOW, small])
    assert "the text encoder comes and goes" in findings(tmp_path)["cogvideox-2b"].text
    monkeypatch.setattr(devices, "devices", lambda: [SLOW, tiny])
    found = findings(tmp_path)["cogvideox-2b"]
    assert (found.state, found.text) == ("absent", "not here; too large for the cuda")
    assert "storybook needs no GPU" in (found.remedy or "")


def test_a_folder_of_weights_is_named_and_measured_against_the_memory(tmp_path: Path) -> None:
    folder = tmp_path / "weights"

    def said(name: str) -> doctor.Finding:
        hub_folder(folder, name)
        settings = Settings(store=tmp_path / "store", weights=folder)
        return next(one for one in doctor.examine(settings) if one.topic == "weights")

    fits = said("cogvideox-2b")
    assert (fits.state, fits.text.startswith(f"{folder}: cogvideox-2b, whole; fits the cpu")) == (
        "ok", True
    )  # fmt: skip
    assert fits.remedy == f"render with it by --engine cogvideox-2b --weights {folder}"
    other = said("Wan2.2-T2V-A14B")
    assert (other.state, other.text) == ("broken", f"{folder}: Wan2.2-T2V-A14B")
    assert other.remedy == f"{folder} holds Wan2.2-T2V-A14B, and no engine draws with it"
    said("cogvideox-5b")
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    torn = next(
        one
        for one in doctor.examine(Settings(store=tmp_path / "store", weights=folder))
        if one.topic == "weights"
    )
    assert torn.state == "broken" and "not whole" in (torn.remedy or "")


def test_weights_that_do_not_fit_the_memory_are_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "devices", lambda: [replace(SLOW, memory_bytes=10**9)])
    folder = hub_folder(tmp_path / "weights")
    result = CliRunner().invoke(app, ["doctor", "--weights", str(folder), "--json"])
    assert result.exit_code == 1
    (found,) = (one for one in json.loads(result.stdout) if one["topic"] == "weights")
    assert found["text"] == f"{folder}: cogvideox-2b, too large for the cpu"


def test_a_storybook_without_weights_is_broken_and_ends_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> float:
        raise WeightsError("train it with `make train`")

    monkeypatch.setattr(devices, "storybook_seconds", missing)
    result = CliRunner().invoke(app, ["doctor", "--json", "--store", str(tmp_path / "store")])
    assert result.exit_code == 1
    broken = [one for one in json.loads(result.stdout) if one["state"] == "broken"]
    assert [(one["name"], one["remedy"]) for one in broken] == [
        ("storybook", "train it with `make train`")
    ]


def test_the_text_has_a_line_a_finding_and_its_remedy_below(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--store", str(tmp_path / "store")])
    assert result.exit_code == 0
    assert "ok      storybook         the embedded model: about 12.0 s a shot" in result.stdout
    assert "absent  cogvideox-2b" in result.stdout
    assert "\n        cogvideox-2b has no weights on this machine" in result.stdout


def test_a_store_that_is_no_folder_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = list(doctor.examine(Settings(store=tmp_path / "file" / "store")))
    store = next(finding for finding in found if finding.topic == "store")
    assert store.state == "broken"
    assert "name another folder with --store" in (store.remedy or "")


@pytest.fixture
def endpoint() -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            codes = {"/v1/models": 200, "/locked/models": 401}
            self.send_response(codes.get(self.path, 404))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_endpoint_is_tried(tmp_path: Path, endpoint: str) -> None:
    def tried(url: str) -> tuple[str, str]:
        found = findings(tmp_path, url)["endpoint"]
        return found.state, found.text

    assert tried(f"{endpoint}/v1/") == ("ok", f"{endpoint}/v1/ answers")
    assert tried(f"{endpoint}/locked") == ("ok", f"{endpoint}/locked answers, and wants a key")
    assert tried(endpoint) == ("broken", f"{endpoint} answers with 404")
    assert tried("file:///etc/passwd") == ("broken", "file:///etc/passwd is no http address")
    state, text = tried("http://127.0.0.1:9")
    assert state == "broken"
    assert "does not answer" in text


def test_a_shot_is_timed_as_the_engine_draws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, float, float]] = []

    class Engine:
        capabilities = capabilities("storybook")

        def render(self, shot: ShotPlan, *_: object) -> None:
            drawn.append((shot.settings.steps, shot.settings.guidance, shot.duration_s))

    monkeypatch.undo()  # of this machine's own seconds
    monkeypatch.setattr(devices, "load_family", lambda _: Engine())
    assert devices.storybook_seconds() >= 0
    able = Engine.capabilities
    assert drawn[-1] == (able.steps, able.guidance, able.clip_s)


def test_a_rate_is_measured_and_a_larger_model_takes_longer() -> None:
    assert devices.matmul_rate(torch.device("cpu"), torch.float32) > 1e6
    small, large = (devices.shot_operations(CHECKPOINTS[f"cogvideox-{n}"]) for n in ("2b", "5b"))
    # By hand for 2B: 17,550 tokens; 2 x 50 x (2 x 1.694e9 x 17,550 + 4 x 17,550^2 x 1,920 x 30).
    assert small == pytest.approx(1.304e16, rel=0.001)
    assert 2.5 < large / small < 3.5

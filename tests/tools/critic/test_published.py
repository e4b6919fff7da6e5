"""The published critic's own classes, tiny and random: they load, batch, answer and leave."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.errors import WeightsError
from dreamrunner.story import Box
from dreamrunner.tools.critic.measure import CriticSetup
from dreamrunner.tools.critic.ports import Region, Target
from dreamrunner.tools.critic.published import finding
from dreamrunner.tools.critic.published.load import load_published
from dreamrunner.tools.critic.published.models import MODELS, find_models, models_fingerprint
from dreamrunner.tools.critic.published.seeing import seen_in
from dreamrunner.tools.critic.published.visiting import VisitingModel

from .scripted import HERE, PlainWording, footage
from .tiny_models import write_tiny_models

TEXTS = ["a red fox walking", "a red fox standing still", "a grey owl"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("critic"))


@pytest.fixture(scope="module")
def setup(folder: Path) -> CriticSetup:
    return load_published(find_models(folder), PlainWording(), torch.device("cpu"))


def test_what_is_found_is_followed_through_every_frame(
    setup: CriticSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LEAST_SCORE", 0.0)  # random weights are sure of nothing
    monkeypatch.setattr(finding, "LEAST_PART", 0.0)
    found = setup.ports.finder.find(footage(), [Target("a red fox"), Target("an owl")])
    assert [len(track.boxes) for track in found] == [8, 8]
    for track in found:
        boxes = [box for box in track.boxes if box is not None]
        assert boxes and all(0 <= b.left < b.right <= 1 for b in boxes)
        for box, mask in zip(track.boxes, track.masks, strict=True):
            assert (box is None) == (mask is None)
            if box is not None and mask is not None:
                assert mask.shape == (32, 48) and mask.any()
                assert mask.any(0).argmax() / 48 == pytest.approx(box.left)
        assert all(
            (box is None) == (s == 0) for box, s in zip(track.boxes, track.scores, strict=True)
        )


def test_what_is_found_nowhere_is_nowhere(
    setup: CriticSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LEAST_SCORE", 1.1)
    (found,) = setup.ports.finder.find(footage(), [Target("a red fox")])
    assert found.boxes == (None,) * 8 and found.scores == (0.0,) * 8


def test_pictures_and_movement_are_distributions_over_texts(setup: CriticSetup) -> None:
    track = (HERE, None, HERE, HERE, None, HERE, HERE, HERE)
    compare = setup.ports.comparer
    close = compare.pictures(Region(footage(), track), TEXTS)
    assert close.shape == (6, 3) and np.allclose(close.sum(1), 1, atol=1e-5)
    whole = compare.pictures(Region(footage(), hidden=(track,)), TEXTS)
    assert whole.shape == (8, 3)
    moving = compare.movement(Region(footage(), track), TEXTS)
    assert moving.shape == (3,) and moving.sum() == pytest.approx(1, abs=1e-5)
    assert compare.movement(Region(footage()), TEXTS).shape == (3,)


def test_likeness_is_one_with_itself(setup: CriticSetup) -> None:
    frames = footage().frames
    alike = setup.ports.recogniser.alike([frames[0], frames[1]], [frames[0]])
    assert alike.shape == (2, 1)
    assert alike[0, 0] == pytest.approx(1, abs=1e-4) and alike[1, 0] < 1


def test_what_is_hidden_is_grey_and_crops_keep_to_the_frame() -> None:
    black = footage(np.zeros((2, 20, 20, 3), np.uint8))
    left, all_of_it = (Box(0, 0, 0.5, 1),) * 2, (Box(0, 0, 1, 1),) * 2
    (picture, _) = seen_in(Region(black, hidden=(all_of_it,), spare=left), around=False)
    assert picture[:, :10].max() == 0 and picture[:, 10:].min() == 128
    (edge, _) = seen_in(Region(black, (Box(0.9, 0.9, 1.0, 1.0),) * 2), around=False)
    assert edge.shape == (3, 3, 3)


def test_models_come_one_by_one_and_leave_the_memory(
    setup: CriticSetup, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside each other they would not fit into what a video model leaves."""
    there: set[str] = set()
    most = 0

    class Watched(torch.nn.Linear):
        def __init__(self, name: str) -> None:
            super().__init__(1, 1)
            self.name = name

        def to(self, device: torch.device | str) -> Watched:
            nonlocal most
            there.discard(self.name) if str(device) == "cpu" else there.add(self.name)
            most = max(most, len(there))
            return self

    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    visits = [
        VisitingModel(folder, lambda _, name=name: (Watched(name), None), torch.device("meta"))
        for name in ("a", "b")
    ]
    for model in (*visits, *visits):
        with model.visit():
            assert len(there) == 1
    assert not there and most == 1


def test_a_model_that_is_missing_or_a_pickle_is_told_before_anything_is_drawn(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError, match="`hf download IDEA-Research/grounding-dino-base`"):
        find_models(tmp_path)
    for model in MODELS:
        (tmp_path / model.folder).mkdir()
        (tmp_path / model.folder / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(WeightsError, match="a pickle can run any code"):
        find_models(tmp_path)


def test_weights_that_lack_a_tensor_are_refused(folder: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, tmp_path / "critic")
    file = tmp_path / "critic" / "dinov2" / "model.safetensors"
    tensors = load_file(file)
    tensors.pop(next(name for name in tensors if "layernorm" in name))
    save_file(tensors, file, {"format": "pt"})
    broken = load_published(find_models(tmp_path / "critic"), PlainWording(), torch.device("cpu"))
    with pytest.raises(WeightsError, match="missing tensors"):
        broken.ports.recogniser.alike([footage().frames[0]], [footage().frames[0]])
    assert models_fingerprint(find_models(folder)) != models_fingerprint(
        find_models(tmp_path / "critic")
    )


def test_thresholds_say_that_nothing_was_calibrated_here(setup: CriticSetup) -> None:
    threshold = setup.card.threshold("present", None, None)
    assert threshold is not None
    assert threshold.origin == "a default: this critic was not calibrated here"

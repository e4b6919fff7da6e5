"""A user's clips with their captions calibrate the critic of any picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.engine.video import write_video
from dreamrunner.errors import InputError
from dreamrunner.tools.critic import captioned_clips
from dreamrunner.tools.critic.calibrate import card_of
from dreamrunner.tools.critic.captioned_clips import CaptionWording, collect_captioned
from dreamrunner.tools.critic.ports import Chances, CriticPorts, Likeness, Picture, Region
from dreamrunner.tools.critic.published.load import load_published
from dreamrunner.tools.critic.published.models import find_models

from .scripted import PlainWording
from .tiny_models import write_tiny_models

COUNT = 26


def shade(number: int) -> int:
    return 20 + 8 * number


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips of one grey each, under a pattern that moves, whose captions name the grey."""
    clips, folder = tmp_path_factory.mktemp("clips"), tmp_path_factory.mktemp("library") / "own"
    captions = {}
    for number in range(COUNT):
        blocks = np.random.default_rng(number).random((4, 8)) < 0.35
        pattern = np.kron(blocks, np.ones((24, 16)))[..., None] > 0
        frames = np.full((24, 96, 128, 3), shade(number), np.uint8)
        for at, frame in enumerate(frames):
            moved = np.roll(pattern, 2 * at, 1)
            frame[moved[..., 0]] = 255 - shade(number) // 2
        write_video(clips / f"{number:02}.mp4", frames, 8)
        captions[f"{number:02}.mp4"] = f"shade {number}"
    (clips / "captions.json").write_text(json.dumps(captions))
    done = CliRunner().invoke(
        app, ["library", "add", str(clips), "--captions", str(clips / "captions.json"),
              "--library", str(folder), "--licence", "CC0-1.0"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


class Greys:
    """Knows the grey of a picture, and so which caption is true."""

    def movement(self, region: Region, texts: tuple[str, ...]) -> Chances:
        grey = float(np.median(region.footage.frames))
        far = np.array([abs(shade(int(text.split()[1])) - grey) for text in texts], np.float32)
        likely = np.exp(-far / 2)
        return likely / likely.sum()

    def pictures(self, region: Region, texts: tuple[str, ...]) -> Chances:
        raise AssertionError("nothing asks for pictures")

    def alike(self, pictures: list[Picture], references: list[Picture]) -> Likeness:
        far = abs(float(np.median(pictures[0])) - float(np.median(references[0])))
        return np.array([[1 - far / 255]], np.float32)


def ports() -> CriticPorts:
    knowing = Greys()
    return CriticPorts(None, knowing, knowing, CaptionWording((), ""))  # type: ignore[arg-type]


def test_a_critic_that_knows_is_told_from_one_that_does_not(library: Path) -> None:
    card = card_of(collect_captioned(ports(), library, COUNT))
    assert set(card["thresholds"]) == {"text", "join"}
    assert card["recall_at_90"]["text"] == 1.0 and card["roc_area"]["text"] == 1.0
    assert float(str(card["roc_area"]["join"])) > 0.9
    assert set(card["alarms"]["text"]) >= {"another caption"}  # type: ignore[arg-type]


def test_the_true_caption_is_always_among_those_compared() -> None:
    words = CaptionWording(tuple(f"shade {n}" for n in range(30)), "shade 29")
    contest = words.whole(captioned_clips._captioned("shade 2"))
    assert contest.right == "shade 2" and len(contest.wrong) == captioned_clips.RIVALS
    assert "shade 29" in contest.wrong and "shade 2" not in contest.wrong


def test_too_few_captions_are_an_error(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captioned_clips, "LEAST", 99)
    with pytest.raises(InputError, match="captions that differ; 99 are needed"):
        collect_captioned(ports(), library, 2)


def test_the_command_writes_the_card_that_the_published_critic_reads(
    library: Path, tmp_path: Path
) -> None:
    models = write_tiny_models(tmp_path / "critic")
    before = load_published(find_models(models), PlainWording()).card
    told = ["critic", "calibrate", str(models), "--library", str(library), "--clips", "4"]
    done = CliRunner().invoke(app, told)
    assert done.exit_code == 0, done.output
    card = load_published(find_models(models), PlainWording()).card
    assert set(card.known_good) == {"text", "join"}
    assert card.thresholds["layout"] == before.thresholds["layout"]
    text, layout = (card.threshold(name, None, None) for name in ("text", "layout"))
    assert text is not None and text.origin.startswith("calibrated")
    assert layout is not None and layout.origin.startswith("a default")


def test_without_the_folder_of_its_models_the_command_says_what_it_wants(library: Path) -> None:
    done = CliRunner().invoke(app, ["critic", "calibrate", "--library", str(library)])
    assert done.exit_code != 0 and "name its FOLDER" in done.output

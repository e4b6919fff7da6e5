"""Given what a critic's ports see, expect these values, these words, and these verdicts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreamrunner.engine.video import write_video
from dreamrunner.errors import InputError
from dreamrunner.film import Clip
from dreamrunner.plan import Assertion
from dreamrunner.story import Box
from dreamrunner.tools.critic import metrics, movement
from dreamrunner.tools.critic.card import PAGE, CriticCard, Threshold
from dreamrunner.tools.critic.evidence import Value
from dreamrunner.tools.critic.measure import CriticMeasurer, CriticSetup, judged
from dreamrunner.tools.critic.ports import CriticPorts, NotMeasurable

from .scripted import HERE, THERE, PlainWording, ScriptedEyes, footage, looked, shot

CALIBRATED = Threshold(0.2, ">=", "calibrated")


def asked(metric: str, subject: str | None = "FOX", other: str | None = None) -> Assertion:
    return Assertion(id=metric, metric=metric, subject=subject, other=other, origin="expect")


def value(number: float, rival: str = "", *, close: bool = False) -> Value:
    return Value(number, (), "words", rival=rival, contest=True, close=close)


class TestVerdicts:
    @pytest.mark.parametrize(
        ("seen", "passed"),
        [
            (value(0.8), True),
            (value(0.29, "a turtle"), False),  # it loses its contest: it is not present
            (value(0.1, "a turtle"), False),
            (value(0.1), None),  # it is the likeliest of all, if faintly: no failure
            (value(0.29, "running", close=True), None),
            (value(0.1, "running", close=True), False),
        ],
    )
    def test_words_and_verdict_agree(self, seen: Value, passed: bool | None) -> None:
        found = judged(asked("present"), seen, CALIBRATED)
        assert found.passed is passed
        assert found.rival == (seen.rival if passed is False else "")

    def test_a_writers_number_is_a_number(self) -> None:
        found = judged(asked("motion"), value(0.5), Threshold(0.6, ">=", PAGE))
        assert found.passed is False
        lost = judged(asked("motion"), value(0.7, "running", close=True), Threshold(0.6, ">", PAGE))
        assert lost.passed is None
        assert lost.explanation == "words; not called, for it reaches what the page asks"

    def test_a_loss_by_far_is_not_said_to_be_close(self) -> None:
        """As on the beach of fox.story: "walking" loses to "running", 0.23 to 0.74."""
        far = judged(asked("motion"), value(0.23, "running", close=True), CALIBRATED)
        assert far.passed is None
        assert far.explanation == "words; not called, for right clips come out like this too"

    def test_a_check_of_too_many_false_alarms_is_shown_and_fails_nothing(self) -> None:
        failing = value(0.1, "running", close=True)
        found = judged(asked("motion"), failing, CALIBRATED, binds=False)
        assert found.passed is None and found.explanation.startswith("words; shown only")
        written = judged(asked("motion"), failing, Threshold(0.6, ">=", PAGE), binds=False)
        assert written.passed is False

    def test_a_card_says_which_checks_bind(self) -> None:
        card = CriticCard({"motion": 0.2}, recall={"motion": 0.3, "place": 0.9})
        assert [card.binds(m) for m in ("motion", "place", "present")] == [False, True, True]


class TestWhoIsThere:
    def test_who_wins_in_no_frame_is_not_seen(self) -> None:
        eyes = ScriptedEyes({"a fox": (HERE,) * 8}, {"a fox": 0.29, "a bear": 0.4})
        found = metrics.present(looked(eyes), asked("present"))
        assert found.rival == "a bear"
        said = 'FOX: "a fox" loses to "a bear", 0.29 to 0.40; seen in 0 of 8 frames'
        assert found.explanation == said

    def test_who_lies_down_and_looks_like_another_is_not_called(self) -> None:
        """As the bear that sleeps at the beginning of fox.story, and that was right."""
        found = {"a fox": (HERE,) * 8}
        asleep = looked(ScriptedEyes(found, {"a fox": 0.3, "a bear": 0.6}), "sleep")
        bear = judged(asked("present"), metrics.present(asleep, asked("present")), CALIBRATED)
        assert bear.passed is None and bear.explanation.endswith("not called, for it lies down")
        gone = looked(ScriptedEyes(found, {"a fox": 0.1, "nothing": 0.8}), "sleep")
        lost = judged(asked("present"), metrics.present(gone, asked("present")), CALIBRATED)
        assert lost.passed is False and lost.rival == "nothing"
        awake = looked(ScriptedEyes(found, {"a fox": 0.3, "a bear": 0.6}), "walk")
        other = judged(asked("present"), metrics.present(awake, asked("present")), CALIBRATED)
        assert other.passed is False

    @pytest.mark.parametrize("metric", ["layout", "motion", "left-of"])
    def test_where_and_how_count_only_of_whoever_it_is(self, metric: str) -> None:
        """A mosaic in the right box keeps to no layout and does no motion."""
        seen = {"a fox": (HERE,) * 8, "an owl": (THERE,) * 8}
        mosaic = ScriptedEyes(seen, {"a fox": 0.1, "a bear": 0.5, "walk": 0.9, "an owl": 0.9})
        measure = metrics.METRICS_OF_A_CLIP.get(metric, metrics.relation)
        with pytest.raises(NotMeasurable, match='FOX itself is not seen: "a fox" loses'):
            measure(looked(mosaic), asked(metric, other="OWL"))
        right = ScriptedEyes(seen, {**mosaic.likely, "a fox": 0.8})
        assert measure(looked(right), asked(metric, other="OWL")).value > 0.89

    def test_the_colour_is_part_of_who_it_is(self) -> None:
        eyes = ScriptedEyes({}, {"red a fox": 0.3, "grey a fox": 0.6})
        assert metrics.identity(looked(eyes), asked("identity")).rival == "grey a fox"


class TestLikeness:
    """The scripted eyes call pictures alike by their brightness."""

    SEEN = ScriptedEyes(
        {"a fox": (HERE,) * 8, "an owl": (THERE,) * 8},
        {"a fox": 0.9, "an owl": 0.9, "red a fox": 0.9},
    )

    @staticmethod
    def frames(fox: int, owl: int) -> np.ndarray:
        frames = np.zeros((8, 32, 48, 3), np.uint8)
        frames[:, :, :24], frames[:, :, 24:] = fox, owl
        return frames

    @staticmethod
    def plain(**shades: int) -> dict[str, tuple[np.ndarray, ...]]:
        return {name: (np.full((4, 4, 3), n, np.uint8),) for name, n in shades.items()}

    def test_references_go_before_words_and_others_are_the_negatives(self) -> None:
        pictures = self.plain(FOX=190, OWL=60)
        right = looked(self.SEEN, frames=self.frames(200, 60), references=pictures)
        found = metrics.identity(right, asked("identity"))
        assert found.rival == "" and found.value == pytest.approx(1 - 10 / 255, abs=1e-3)
        swapped = looked(self.SEEN, frames=self.frames(60, 200), references=pictures)
        assert metrics.identity(swapped, asked("identity")).rival == "an owl"

    def test_somebody_is_held_against_how_it_looked_before(self) -> None:
        same = looked(self.SEEN, frames=self.frames(200, 60), earlier=self.plain(FOX=198, OWL=60))
        found = metrics.identity(same, asked("identity"))
        assert found.rival == "" and found.value == pytest.approx(1 - 2 / 255, abs=1e-3)
        drifted = self.plain(FOX=90, OWL=195)
        found = metrics.identity(
            looked(self.SEEN, frames=self.frames(200, 60), earlier=drifted), asked("identity")
        )
        assert found.rival == "an owl" and '"FOX in its earlier shots" loses to' in (
            found.explanation
        )

    def test_the_worse_of_references_and_earlier_shots_counts(self) -> None:
        view = looked(
            self.SEEN, frames=self.frames(200, 60), references=self.plain(FOX=200),
            earlier=self.plain(FOX=150),
        )  # fmt: skip
        found = metrics.identity(view, asked("identity"))
        assert found.value == pytest.approx(1 - 50 / 255, abs=1e-3)
        assert "earlier shots" in found.explanation

    def test_two_names_for_one_figure_are_not_two(self) -> None:
        """Whom the finder takes for both is as like the one as the other."""
        both = ScriptedEyes({"a fox": (HERE,) * 8, "an owl": (HERE,) * 8}, self.SEEN.likely)
        view = looked(both, frames=self.frames(200, 60), references=self.plain(FOX=190))
        assert metrics.identity(view, asked("identity")).rival == "an owl"

    def test_a_mask_keeps_what_is_beside_a_figure_out_of_its_likeness(self) -> None:
        frames = self.frames(200, 60)
        frames[:, :20] = 0  # whatever stands above it in its box
        mask = np.zeros((32, 48), bool)
        mask[20:] = True
        plain, masked = (
            metrics.identity(
                looked(
                    ScriptedEyes(self.SEEN.tracks, self.SEEN.likely, masks=masks),
                    frames=frames, references=self.plain(FOX=160),
                ),
                asked("identity"),
            ).value
            for masks in ({}, {"a fox": mask})
        )  # fmt: skip
        assert plain < 0.8 and masked > 0.95

    def test_nobody_is_like_anything_who_is_not_itself(self) -> None:
        mosaic = ScriptedEyes(self.SEEN.tracks, {"a fox": 0.1, "a bear": 0.6})
        view = looked(mosaic, frames=self.frames(200, 60), references=self.plain(FOX=200))
        with pytest.raises(NotMeasurable, match="FOX itself is not seen"):
            metrics.identity(view, asked("identity"))


class TestWhereAndHow:
    def test_who_turns_over_and_is_not_found_is_not_counted_against(self) -> None:
        track = (HERE, HERE, HERE, HERE, HERE, None, None, None)
        eyes = ScriptedEyes({"a fox": track}, {"a fox": 0.9})
        walking = metrics.layout(looked(eyes, "walk"), asked("layout"))
        assert walking.value == pytest.approx(5 / 8)
        turning = metrics.layout(looked(eyes, "somersault"), asked("layout"))
        assert turning.value == 1.0 and "3 frames in which it turns over" in turning.explanation
        lost = ScriptedEyes({"a fox": (HERE, *(None,) * 7)}, {"a fox": 0.9})
        with pytest.raises(NotMeasurable, match="turns over"):
            metrics.layout(looked(lost, "somersault"), asked("layout"))

    def test_a_still_picture_is_no_walk(self) -> None:
        eyes = ScriptedEyes({"a fox": (HERE,) * 8}, {"a fox": 0.9, "walk": 0.9})
        view = looked(eyes)
        view.footage.frames[:] = view.footage.frames[0]
        found = metrics.motion(view, asked("motion"))
        assert (found.value, found.rival) == (0.0, "")
        assert found.explanation.endswith("the picture stands still")

    def test_a_join_says_how_much_both_sides_move(self) -> None:
        said = metrics.join(looked(ScriptedEyes()), looked(ScriptedEyes())).explanation
        assert "the shots move by" in said
        still = looked(ScriptedEyes())
        still.footage.frames[:] = 90
        with pytest.raises(NotMeasurable, match="the shot before the cut stands still"):
            metrics.join(still, looked(ScriptedEyes()))


class TestPixels:
    def test_black_still_and_flickering_clips_are_faults_and_sound_ones_are_not(self) -> None:
        sound = footage()
        assert list(movement.faults(sound, moves=True)) == []
        black = footage(np.where(np.arange(8)[:, None, None, None] < 2, 0, sound.frames))
        (fault,) = movement.faults(black, moves=True)
        assert fault[0] == "2 of 8 frames are black" and fault[1] == 0.75
        frozen = footage(np.repeat(sound.frames[:1], 8, axis=0))
        assert [w for w, _, _ in movement.faults(frozen, moves=True)] == [
            "all frames are the same picture"
        ]
        assert list(movement.faults(frozen, moves=False)) == []
        light = np.where(np.arange(8) % 2, 40, 200).astype(np.uint8)
        flicker = footage(np.broadcast_to(light[:, None, None, None], (8, 32, 48, 3)).copy())
        assert "flickers" in next(movement.faults(flicker, moves=False))[0]

    def test_what_is_hidden_and_what_lies_outside_the_box_is_no_movement(self) -> None:
        frames = np.full((4, 40, 60, 3), 100, np.uint8)
        frames[2:, 16:32, 36:48] = 250
        seen = footage(frames)
        whole = movement.change(metrics.Region(seen))
        assert whole > movement.STILL
        there = tuple(Box(0.6, 0.4, 0.8, 0.8) for _ in range(4))
        assert movement.change(metrics.Region(seen, hidden=(there,))) == 0.0
        left = tuple(Box(0.0, 0.0, 0.2, 0.2) for _ in range(4))
        assert movement.change(metrics.Region(seen, left)) == 0.0
        assert movement.change(metrics.Region(seen, there)) > whole


class TestEarlierShots:
    def test_a_measurer_takes_its_pictures_from_the_shots_before(self, tmp_path: Path) -> None:
        eyes = TestLikeness.SEEN
        ports = CriticPorts(eyes, eyes, eyes, PlainWording())
        setup = CriticSetup(ports, CriticCard({"identity": 0.5}), pictured=True)

        def clip(name: str, fox: int, owl: int) -> Clip:
            path = tmp_path / f"{name}.mp4"
            write_video(path, TestLikeness.frames(fox, owl), 8)
            return Clip(shot=name, path=str(path), key=name, frames=8, fps=8, width=48, height=32)

        wanted = shot("walk", asked("identity"))
        first, same, swapped = clip("a", 200, 60), clip("b", 195, 60), clip("c", 60, 200)
        measurer = CriticMeasurer(lambda: setup)
        (found,) = measurer.measure_identity(wanted, same, [(shot(), first)])
        assert found.passed is True and "earlier shots" in found.explanation
        (found,) = measurer.measure_identity(wanted, swapped, [(shot(), first)])
        assert found.passed is False and found.rival == "an owl"
        worded = CriticMeasurer(lambda: replace(setup, pictured=False))
        assert worded.measure_identity(wanted, same, [(shot(), first)]) == ()

    def test_reference_pictures_lie_beside_the_story(self, tmp_path: Path) -> None:
        """Not where the command is given."""
        eyes = TestLikeness.SEEN
        ports = CriticPorts(eyes, eyes, eyes, PlainWording())
        setup = CriticSetup(ports, CriticCard({"identity": 0.5}), pictured=True, root=tmp_path)
        plan = shot("walk", asked("identity"))
        fox, owl = plan.entities
        page = plan.model_copy(
            update={"entities": (fox.model_copy(update={"references": ("fox.png",)}), owl)}
        )
        frames = TestLikeness.frames(200, 60)
        measurer = CriticMeasurer(lambda: setup)
        with pytest.raises(InputError, match="fox.png cannot be read"):
            measurer.measure_frames(page, frames, 8)
        Image.fromarray(np.full((64, 64, 3), 198, np.uint8)).save(tmp_path / "fox.png")
        found = measurer.measure_frames(page, frames, 8)[0]
        assert found.passed is True and "reference pictures" in found.explanation

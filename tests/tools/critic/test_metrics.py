"""Given what a critic's ports see, expect these values, these words, and these verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from dreamrunner.plan import Assertion
from dreamrunner.story import Box
from dreamrunner.tools.critic import metrics, movement
from dreamrunner.tools.critic.card import PAGE, CriticCard, Threshold
from dreamrunner.tools.critic.evidence import Value
from dreamrunner.tools.critic.measure import judged
from dreamrunner.tools.critic.ports import NotMeasurable

from .scripted import HERE, THERE, ScriptedEyes, footage, looked

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
        assert lost.passed is None and lost.explanation == "words; too close to call"

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

    def test_references_go_before_words_and_others_are_the_negatives(self) -> None:
        eyes = ScriptedEyes({"a fox": (HERE,) * 8})
        view = looked(eyes)
        view.footage.frames[:] = 200
        pictures = {name: (np.full((4, 4, 3), n, np.uint8),) for name, n in
                    (("FOX", 190), ("OWL", 60))}  # fmt: skip
        right = looked(eyes, references=pictures)
        right.footage.frames[:] = 200
        found = metrics.identity(right, asked("identity"))
        assert found.rival == "" and found.value == pytest.approx(1 - 10 / 255, abs=1e-3)
        swapped = looked(eyes, references={"FOX": pictures["OWL"], "OWL": pictures["FOX"]})
        swapped.footage.frames[:] = 200
        assert metrics.identity(swapped, asked("identity")).rival == "the references of OWL"


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

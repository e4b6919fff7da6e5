"""A shot is tried again until it passes or its tries are used, and its best take is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dreamrunner.agents.graph.run import FilmResult, make_film
from dreamrunner.chat import Answer, Question
from dreamrunner.film import Retrieval
from dreamrunner.plan import Assertion, ShotPlan

from .films import kept_number, make, passes_on, takes_of
from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan


class TestTakes:
    def test_a_shot_that_passes_at_once_has_one_take(self, store: Store) -> None:
        result = make(ScriptedCrew(store), film_plan(shot_plan("s1"), shot_plan("s2")))
        assert [(t.shot, t.number, t.kept) for t in result.takes] == [
            ("s1", 1, True),
            ("s2", 1, True),
        ]
        assert [clip.shot for clip in result.film.clips] == ["s1", "s2"]
        assert not result.resumed

    def test_takes_stop_when_one_passes(self, store: Store) -> None:
        result = make(ScriptedCrew(store, passes_on(2)), film_plan(shot_plan("s1", tries=5)))
        assert [t.verdict.passed for t in result.takes] == [False, True]
        assert kept_number(result, "s1") == 2
        assert [r.kind for r in result.takes[1].remedies] == [
            "larger-box",
            "more-guidance",
            "soft-edge",
        ]

    @pytest.mark.parametrize("tries", [1, 2, 4])
    def test_takes_stop_at_the_budget(self, store: Store, tries: int) -> None:
        crew = ScriptedCrew(store, lambda shot, assertion: 0.1)
        result = make(crew, film_plan(shot_plan("s1", tries=tries)))
        assert len(result.takes) == len(store.made) == tries

    def test_the_best_take_is_kept_and_not_the_last(self, store: Store) -> None:
        values = iter([0.1, 0.4, 0.3])
        result = make(ScriptedCrew(store, lambda s, a: next(values)), film_plan(shot_plan("s1")))
        assert kept_number(result, "s1") == 2
        assert result.film.clips[0] == result.takes[1].clip
        assert result.plan.shots[0] == result.takes[1].plan

    def test_what_cannot_be_judged_is_not_tried_again(self, store: Store) -> None:
        result = make(ScriptedCrew(store, lambda s, a: None), film_plan(shot_plan("s1")))
        assert len(result.takes) == 1
        assert result.takes[0].verdict.score == 0.0

    def test_every_take_is_announced_once(self, store: Store) -> None:
        heard: list[tuple[str, int]] = []
        crew = ScriptedCrew(store, lambda s, a: 0.1).crew(
            watch=lambda take: heard.append((take.shot, take.number))
        )
        make_film(film_plan(shot_plan("s1")), CAPABILITIES, crew, checkpoint=None, thread="t")
        assert heard == [("s1", 1), ("s1", 2), ("s1", 3)]


class TestFurtherMeans:
    def test_a_motion_that_fails_is_learnt_from_other_clips(self, store: Store) -> None:
        def script(shot: ShotPlan, assertion: Assertion) -> float:
            return 0.9 if shot.beats[0].lesson else 0.2

        plan = film_plan(shot_plan("s1", motion="spin", metrics=("motion",)))
        crew = ScriptedCrew(store, script, spare_clips=4)
        result = make(crew, plan)
        *_, third = result.takes
        assert "other-clips" in [r.kind for r in third.remedies] and third.kept
        assert third.number == 3
        adapters = [made for made in store.made if made.startswith("adapter")]
        assert adapters == ["adapter-spin", "adapter-spin-of-spin4-spin5-spin6-spin7"]
        assert {a.key for a in result.adapters} == set(adapters)
        again = make(ScriptedCrew(store, script, spare_clips=4), plan)
        assert again.film.clips == result.film.clips
        assert len(store.made) == len(set(store.made))

    @pytest.mark.parametrize("clips", [4, 0])
    def test_a_motion_that_a_model_is_seen_not_to_know_is_taught(
        self, store: Store, clips: int
    ) -> None:
        """Nobody has pinned it: the model of any words may know it, and is asked first."""

        class Shelf(ScriptedCrew):
            def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
                found = super().retrieve(motion, subjects)
                return found if clips else found.model_copy(update={"clips": ()})

        def script(shot: ShotPlan, assertion: Assertion) -> float:
            return 0.9 if shot.beats[0].lesson else 0.2

        capabilities = CAPABILITIES.model_copy(
            update={"motions": {}, "library_motions": {}, "learns": ("motion",)}
        )
        plan = film_plan(shot_plan("s1", motion="hop", metrics=("motion",)))
        crew = Shelf(store, script)
        result = make_film(plan, capabilities, crew.crew(), checkpoint=None, thread="t")
        *_, last = result.takes
        assert "first-lesson" in [r.kind for r in last.remedies] and last.number == 3
        assert last.adapters == (("hop-lora",) if clips else ())
        said = 'shot s1: motion "hop" cannot be taught: the library has no clip that can teach it'
        assert (said in result.notes) is not bool(clips)
        asked = replace(Shelf(store, script).crew(), teach="none")
        quiet = make_film(plan, capabilities, asked, checkpoint=None, thread="u")
        assert not any(take.adapters for take in quiet.takes)

    def test_a_kill_after_another_lesson_loses_and_repeats_nothing(self, store: Store) -> None:
        class Killed(BaseException):
            pass

        def script(shot: ShotPlan, assertion: Assertion) -> float:
            return 0.9 if shot.beats[0].lesson else 0.2

        def during(shot: ShotPlan, made: int) -> None:
            if shot.id == "s2":
                raise Killed

        first = shot_plan("s1", motion="spin", metrics=("motion",))
        plan = film_plan(first, shot_plan("s2", continues=True, metrics=("motion",)))
        checkpoint = store.folder / "film.sqlite"
        crew = ScriptedCrew(store, script, during=during, spare_clips=4)
        with pytest.raises(Killed):
            make(crew, plan, checkpoint)
        done = list(store.made)
        assert "adapter-spin-of-spin4-spin5-spin6-spin7" in done
        result = make(ScriptedCrew(store, script, spare_clips=4), plan, checkpoint)
        assert result.resumed and kept_number(result, "s1") == 3
        assert store.made[: len(done)] == done and len(store.made) == len(set(store.made))

    def test_a_place_is_taken_from_an_earlier_shot_that_is_right(self, store: Store) -> None:
        def script(shot: ShotPlan, assertion: Assertion) -> float:
            return 0.9 if shot.id == "s1" or shot.settings.place_frame else 0.2

        plan = film_plan(shot_plan("s1", metrics=("place",)), shot_plan("s2", metrics=("place",)))
        crew = ScriptedCrew(store, script, likeness_script=lambda *_: None)
        result = make(crew, plan)
        *_, last = takes_of(result, "s2")
        assert len(takes_of(result, "s2")) == 3 and last.kept
        frame = last.plan.settings.place_frame
        assert frame is not None and frame.shot == "s1" and len(frame.covered) == 1
        assert last.before == takes_of(result, "s1")[0].clip.key == crew.rendered[-1][2]

    def test_the_last_try_is_spent_where_no_earlier_shot_is_right_either(
        self, store: Store
    ) -> None:
        plan = film_plan(shot_plan("s1", metrics=("place",)), shot_plan("s2", metrics=("place",)))
        crew = ScriptedCrew(store, lambda *_: 0.2, likeness_script=lambda *_: None)
        result = make(crew, plan)
        assert [len(takes_of(result, shot)) for shot in ("s1", "s2")] == [3, 3]
        assert all(t.plan.settings.place_frame is None for t in result.takes)


class TestSpent:
    def test_a_spent_budget_keeps_the_best_takes_and_ends_the_film(self, store: Store) -> None:
        crew = ScriptedCrew(store, lambda *_: 0.2, join_script=lambda *_: 0.1)
        plan = film_plan(shot_plan("s1"), shot_plan("s2", metrics=("layout", "join")))

        def spent() -> str | None:
            return "the 2 minutes are used" if len(crew.rendered) >= 3 else None

        result = make_film(
            plan, CAPABILITIES, replace(crew.crew(width=1), spent=spent), checkpoint=None,
            thread="t",
        )  # fmt: skip
        assert len(result.takes) == 4 and len(result.film.clips) == 2
        assert "shot s1: not tried again after take 3: the 2 minutes are used" not in result.notes
        assert "shot s2: not tried again after take 1: the 2 minutes are used" in result.notes


class Adviser:
    """A model that proposes a soft edge, or says something that is no proposal."""

    name = "adviser"

    def __init__(self, text: str) -> None:
        self.text, self.asked = text, 0

    def ask(self, question: Question) -> Answer:
        self.asked += 1
        return Answer(text=self.text)


class TestAdvice:
    SOFT = '{"reasoning": "it is cut off", "remedies": ["soft-edge"], "boxes": []}'

    def made(self, store: Store, adviser: Adviser) -> FilmResult:
        crew = replace(ScriptedCrew(store, passes_on(2)).crew(), adviser=adviser)
        plan = film_plan(shot_plan("s1"))
        return make_film(plan, CAPABILITIES, crew, checkpoint=None, thread="t")

    def test_a_model_proposes_what_is_changed_for_the_next_take(self, store: Store) -> None:
        adviser = Adviser(self.SOFT)
        result = self.made(store, adviser)
        (remedy,) = result.takes[1].remedies
        assert remedy.kind == "soft-edge" and remedy.reason.endswith("proposed by adviser")
        assert result.takes[1].kept and adviser.asked == 1 and result.notes == ()

    def test_where_it_proposes_nothing_the_rules_do_and_it_is_said(self, store: Store) -> None:
        result = self.made(store, Adviser("no"))
        assert [r.kind for r in result.takes[1].remedies][0] == "larger-box"
        assert result.notes[0].startswith("shot s1, take 2: by the rules, for adviser has no")

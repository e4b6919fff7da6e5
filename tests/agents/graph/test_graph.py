"""Given this plan and this scripted crew, expect these takes, this film, and no work made twice."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from dreamrunner.agents.graph.graph import build_graph
from dreamrunner.agents.graph.recall import Recall
from dreamrunner.agents.graph.run import FilmResult, make_film
from dreamrunner.agents.graph.slots import Slots
from dreamrunner.chat import Answer, Question
from dreamrunner.errors import (
    AdapterError,
    BusyError,
    EngineError,
    OutputError,
    ShotError,
    StoreError,
)
from dreamrunner.film import Adapter, AdapterNeed, Clip, Retrieval, Take
from dreamrunner.plan import Assertion, Keyframe, LoraFile, Placement, Plan, ShotPlan
from dreamrunner.story import Box

from .scripted import CAPABILITIES, Script, ScriptedCrew, Store, film_plan, shot_plan

KILL = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from scripted import CAPABILITIES, ScriptedCrew, Store, exit_at, film_plan, shot_plan
from dreamrunner.agents.graph.graph import build_graph
from dreamrunner.agents.graph.recall import Recall
from dreamrunner.agents.graph.run import make_film
crew = ScriptedCrew(Store(Path({folder!r})), script={script}, during=exit_at({count}))
plan = film_plan(*(shot_plan(f"s{{i}}") for i in range({shots})))
make_film(plan, CAPABILITIES, crew.crew(), checkpoint=Path({folder!r}, "film.sqlite"), thread="t")
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def make(crew: ScriptedCrew, plan: Plan, checkpoint: Path | None = None) -> FilmResult:
    return make_film(plan, CAPABILITIES, crew.crew(), checkpoint=checkpoint, thread="t")


def takes_of(result: FilmResult, shot: str) -> list[Take]:
    return [take for take in result.takes if take.shot == shot]


def kept_number(result: FilmResult, shot: str) -> int:
    (take,) = [take for take in takes_of(result, shot) if take.kept]
    return take.number


def passes_on(number: int) -> Script:
    """Return a script in which each shot passes on its take of this number and not before."""
    counts: dict[str, int] = {}

    def script(shot: ShotPlan, assertion: Assertion) -> float:
        counts[assertion.id] = counts.get(assertion.id, 0) + 1
        return 0.9 if counts[assertion.id] >= number else 0.2

    return script


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


class TestNodes:
    def test_a_stranger_who_knows_langgraph_finds_the_work_by_the_names_of_nodes(
        self, store: Store
    ) -> None:
        crew, slots = ScriptedCrew(store).crew(), Slots(1)
        recall = Recall(crew, film_plan(shot_plan("s1")), CAPABILITIES)
        graph = build_graph(crew, recall, slots, InMemorySaver())
        assert set(graph.nodes) - {"__start__"} == {
            "announce", "approve_plan", "teach", "schedule", "shoot", "review_joins",
            "approve_shots", "cut",
        }  # fmt: skip


class TestMotions:
    def test_an_adapter_is_made_once_and_given_to_its_own_shots(self, store: Store) -> None:
        plan = film_plan(
            shot_plan("s1", motion="spin"),
            shot_plan("s2", motion="walk"),
            shot_plan("s3", motion="spin"),
            shot_plan("s4", motion="somersault"),
        )
        crew = ScriptedCrew(store)
        result = make(crew, plan)
        assert sorted(crew.retrieved) == [("somersault", ()), ("spin", ())]
        assert {shot: names for shot, names, _ in crew.rendered} == {
            "s1": ("spin-lora",),
            "s2": (),
            "s3": ("spin-lora",),
            "s4": ("somersault-lora",),
        }
        assert [take.adapters for take in result.takes] == [
            ("spin-lora",),
            (),
            ("spin-lora",),
            ("somersault-lora",),
        ]
        assert [adapter.name for adapter in result.adapters] == ["somersault-lora", "spin-lora"]
        assert [len(retrieval.rejected) for retrieval in result.retrievals] == [1, 1]

    def test_a_synonym_of_a_library_motion_is_taught_as_that_motion(self, store: Store) -> None:
        result = make(ScriptedCrew(store), film_plan(shot_plan("s1", motion="twirl")))
        assert result.takes[0].adapters == ("spin-lora",)

    def test_a_motion_nobody_knows_is_a_note(self, store: Store) -> None:
        result = make(ScriptedCrew(store), film_plan(shot_plan("s1", motion="moonwalk")))
        assert result.notes == (
            'shot s1: neither scripted nor its library knows "moonwalk" of FOX; '
            "it is drawn from the words alone",
        )

    def test_a_size_at_which_a_motion_was_not_learnt_is_a_note(self, store: Store) -> None:
        capabilities = CAPABILITIES.model_copy(update={"taught_heights": (0.32, 0.62)})
        small, walking = shot_plan("s1", motion="spin"), shot_plan("s2")
        box = Box(0.1, 0.2, 0.4, 0.7)
        right = Keyframe(time_s=0.0, placements=(Placement(entity="FOX", box=box),))
        third = shot_plan("s3", motion="spin").model_copy(update={"keyframes": (right,)})
        made = make_film(
            film_plan(small, walking, third), capabilities, ScriptedCrew(store).crew(),
            checkpoint=None, thread="t",
        )  # fmt: skip
        assert made.notes == (
            'shot s1: FOX is 0.30 of the frame\'s height, and "spin" was learnt at 0.32 to 0.62: '
            "it may be torn",
        )

    def test_an_open_vocabulary_knows_every_motion(self, store: Store) -> None:
        capabilities = CAPABILITIES.model_copy(update={"motions": {}, "library_motions": {}})
        crew = ScriptedCrew(store).crew()
        plan = film_plan(shot_plan("s1", motion="moonwalk"))
        assert make_film(plan, capabilities, crew, checkpoint=None, thread="t").notes == ()

    def test_too_few_clips_are_a_note_and_not_the_end_of_the_film(self, store: Store) -> None:
        plan = film_plan(shot_plan("s1", motion="spin"), shot_plan("s2"))
        result = make(ScriptedCrew(store, kept_clips=0), plan)
        assert result.notes == (
            'motion "spin" is not taught and is drawn from the words alone: the library has no '
            "clip that can teach it; of 5 found: too short",
        )
        assert [take.adapters for take in result.takes] == [(), ()]
        assert [len(retrieval.rejected) for retrieval in result.retrievals] == [5]

    def test_a_shot_that_needs_no_adapter_is_drawn_while_one_is_trained(self, store: Store) -> None:
        drawn = threading.Event()

        class Patient(ScriptedCrew):
            def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
                assert drawn.wait(30), "nothing was drawn meanwhile"
                return super().adapt(need, retrieval)

        crew = Patient(store, during=lambda shot, made: drawn.set())
        plan = film_plan(shot_plan("s1", motion="spin"), shot_plan("s2"))
        assert [take.adapters for take in make(crew, plan).takes] == [("spin-lora",), ()]
        assert [shot for shot, *_ in crew.rendered] == ["s2", "s1"]

    @pytest.mark.parametrize(
        ("policy", "taught"), [("needed", ["spin"]), ("all", ["hop", "spin"]), ("none", [])]
    )
    def test_an_open_vocabulary_is_taught_what_is_pinned_or_all_or_nothing(
        self, store: Store, policy: str, taught: list[str]
    ) -> None:
        capabilities = CAPABILITIES.model_copy(
            update={"motions": {}, "library_motions": {}, "learns": ("motion",)}
        )
        pinned = shot_plan("s1", motion="spin")
        beats = tuple(beat.model_copy(update={"pinned": True}) for beat in pinned.beats)
        plan = film_plan(pinned.model_copy(update={"beats": beats}), shot_plan("s2", motion="hop"))
        crew = ScriptedCrew(store)
        asked = replace(crew.crew(), teach=policy)
        make_film(plan, capabilities, asked, checkpoint=None, thread="t")
        assert sorted(motion for motion, _ in crew.retrieved) == taught

    def test_characters_are_taught_from_pictures_and_files_are_brought_along(
        self, store: Store
    ) -> None:
        capabilities = CAPABILITIES.model_copy(update={"learns": ("motion", "character")})
        shot = shot_plan("s1")
        (fox,), (beat,) = shot.entities, shot.beats
        shot = shot.model_copy(
            update={
                "entities": (fox.model_copy(update={"references": ("fox.png",)}),),
                "beats": (beat.model_copy(update={"lora": LoraFile(path="hop.safetensors")}),),
            }
        )
        given: list[AdapterNeed] = []

        class Noting(ScriptedCrew):
            def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
                given.append(need)
                return super().adapt(need, retrieval)

        crew = Noting(store).crew()
        result = make_film(film_plan(shot), capabilities, crew, checkpoint=None, thread="t")
        assert sorted(need.id for need in given) == ["character FOX", "motion walk of FOX"]
        assert result.takes[0].adapters == ("FOX-lora", "walk-lora")

    def test_only_whom_an_engine_has_no_drawing_of_is_cut_from_a_picture(
        self, store: Store
    ) -> None:
        capabilities = CAPABILITIES.model_copy(update={"learns": ("motion", "paper figure")})
        shot = shot_plan("s1")
        (fox,) = shot.entities
        for character, cut in (("fox", ()), (None, ("FOX-lora",))):
            seen = fox.model_copy(update={"references": ("a.png",), "character": character})
            plan = film_plan(shot.model_copy(update={"entities": (seen,)}))
            crew = ScriptedCrew(store).crew()
            made = make_film(plan, capabilities, crew, checkpoint=None, thread="t")
            assert made.takes[0].adapters == cut

    def test_a_taught_motion_is_not_taught_again_for_one_that_failed(self, store: Store) -> None:
        class Forgetful(ScriptedCrew):
            def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
                if need.name == "somersault" and not healthy:
                    raise AdapterError("loss is not finite")
                return super().adapt(need, retrieval)

        healthy = False
        plan = film_plan(shot_plan("s1", motion="spin"), shot_plan("s2", motion="somersault"))
        crew = Forgetful(store)
        with pytest.raises(AdapterError, match='^motion "somersault": loss is not finite$'):
            make(crew, plan, checkpoint(store))
        healthy = True
        make(crew, plan, checkpoint(store))
        assert sorted(motion for motion, _ in crew.retrieved) == ["somersault"] * 2 + ["spin"]
        assert store.made.count("adapter-spin") == 1

    def test_a_failed_motion_asks_for_a_stronger_adapter(self, store: Store) -> None:
        crew = ScriptedCrew(store, passes_on(2))
        result = make(crew, film_plan(shot_plan("s1", motion="spin", metrics=("motion",))))
        assert [r.kind for r in result.takes[1].remedies] == [
            "stronger-adapter", "longer-shot", "more-guidance"
        ]  # fmt: skip
        plan = result.takes[1].plan
        assert plan is not None and plan.settings.adapter_scale == 1.25


class TestJoins:
    def test_a_chain_is_shot_in_order_from_the_kept_take_before(self, store: Store) -> None:
        plan = film_plan(
            shot_plan("s1"),
            shot_plan("s2", continues=True),
            shot_plan("s3", continues=True),
            shot_plan("s4"),
        )
        crew = ScriptedCrew(store)
        result = make(crew, plan)
        key = {clip.shot: clip.key for clip in result.film.clips}
        assert {shot: before for shot, _, before in crew.rendered} == {
            "s1": None,
            "s2": key["s1"],
            "s3": key["s2"],
            "s4": None,
        }
        order = [shot for shot, _, _ in crew.rendered]
        assert order.index("s1") < order.index("s2") < order.index("s3")

    def test_a_failed_cut_is_shot_again_from_the_frame_before(self, store: Store) -> None:
        def join(shot: ShotPlan, before: Clip, clip: Clip) -> float:
            return 0.8 if shot.settings.continue_from_previous else 0.1

        plan = film_plan(shot_plan("s1"), shot_plan("s2", metrics=("layout", "join")))
        crew = ScriptedCrew(store, join_script=join)
        result = make(crew, plan)
        first, second = takes_of(result, "s2")
        assert [m.value for m in first.verdict.measurements] == [1.0, 0.1]
        assert [m.value for m in second.verdict.measurements] == [1.0, 0.8]
        assert [(r.kind, r.change) for r in second.remedies] == [
            ("continue-from-previous", "begins on the last frame of shot s1")
        ]
        assert second.kept and crew.rendered[-1][2] == takes_of(result, "s1")[0].clip.key

    def test_cuts_that_never_join_use_up_the_tries_and_end(self, store: Store) -> None:
        shots = [shot_plan(f"s{i}", metrics=("layout", "join")) for i in range(4)]
        crew = ScriptedCrew(store, join_script=lambda shot, before, clip: 0.1)
        result = make(crew, film_plan(*shots))
        assert len(takes_of(result, "s0")) == 1
        assert all(len(takes_of(result, f"s{i}")) <= 3 for i in range(1, 4))
        assert len([t for t in result.takes if t.kept]) == 4

    def test_who_is_continued_is_not_shot_again(self, store: Store) -> None:
        plan = film_plan(
            shot_plan("s1"),
            shot_plan("s2", metrics=("join",)),
            shot_plan("s3", continues=True),
        )
        result = make(ScriptedCrew(store, join_script=lambda shot, before, clip: 0.1), plan)
        assert len(takes_of(result, "s2")) == 1
        assert [m.passed for m in takes_of(result, "s2")[0].verdict.measurements] == [False]

    def test_who_does_not_look_as_before_is_shot_again(self, store: Store) -> None:
        """Somebody is held against the first shot that shows it, not against the last."""

        def likeness(shot: ShotPlan, earlier: Sequence[str]) -> float:
            assert earlier == ["s1"]
            return 0.9 if shot.id == "s2" or shot.seed != 7 else 0.2

        shots = [shot_plan(f"s{i}", metrics=("layout", "identity")) for i in (1, 2, 3)]
        result = make(ScriptedCrew(store, likeness_script=likeness), film_plan(*shots))
        assert [len(takes_of(result, shot.id)) for shot in shots] == [1, 1, 3]
        first, *_, last = takes_of(result, "s3")
        assert first.verdict.failed[0].metric == "identity" and not first.kept
        assert last.kept and last.verdict.passed

    def test_a_critic_without_eyes_for_cuts_is_announced(self, store: Store) -> None:
        plan = film_plan(shot_plan("s1"), shot_plan("s2", metrics=("join",)))
        result = make(ScriptedCrew(store), plan)
        assert result.notes == ("the cuts between shots are not judged: scripted cannot",)
        (take,) = takes_of(result, "s2")
        assert take.verdict.measurements[0].passed is None


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


class TestFailures:
    def test_one_bad_shot_is_named_and_loses_no_other(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            if shot.id == "s3" and broken:
                raise EngineError("the model has no such region")

        broken = True
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(12)))
        crew = ScriptedCrew(store, during=during)
        with pytest.raises(ShotError, match="shot s3, take 1: the model has no") as caught:
            make(crew, plan, store.folder / "film.sqlite")
        assert caught.value.shots == ("s3",)
        assert isinstance(caught.value.__cause__, EngineError)
        assert len(store.made) == 11
        broken = False
        crew.rendered.clear()
        result = make(crew, plan, store.folder / "film.sqlite")
        assert [shot for shot, _, _ in crew.rendered] == ["s3"]
        assert result.resumed and len(result.film.clips) == 12

    def test_the_first_take_survives_an_error_in_the_second(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            if made == 1 and broken:
                raise EngineError("out of memory")

        broken = True
        crew = ScriptedCrew(store, lambda s, a: 0.1, during=during)
        with pytest.raises(ShotError, match="shot s1, take 2: out of memory"):
            make(crew, film_plan(shot_plan("s1")), store.folder / "film.sqlite")
        broken = False
        crew.rendered.clear()
        result = make(crew, film_plan(shot_plan("s1")), store.folder / "film.sqlite")
        assert [t.number for t in result.takes] == [1, 2, 3]
        assert len(crew.rendered) == 2

    def test_a_failing_shot_fails_again_and_can_still_be_resumed(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            raise EngineError("still broken")

        crew = ScriptedCrew(store, during=during)
        for _ in range(3):
            with pytest.raises(ShotError, match="still broken"):
                make(crew, film_plan(shot_plan("s1")), store.folder / "film.sqlite")
        healthy = make(
            ScriptedCrew(store), film_plan(shot_plan("s1")), store.folder / "film.sqlite"
        )
        assert healthy.resumed and len(healthy.takes) == 1

    def test_a_full_store_stops_the_house(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            raise StoreError("no space left on device")

        crew = ScriptedCrew(store, during=during)
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(20)))
        with pytest.raises(ShotError, match="no space left"):
            make(crew, plan, store.folder / "film.sqlite")
        assert len(crew.rendered) <= 2
        crew.during = lambda shot, made: None
        assert len(make(crew, plan, store.folder / "film.sqlite").film.clips) == 20

    def test_a_bug_is_heard_before_the_other_shots_begin(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            if made == 2:
                raise ZeroDivisionError("a bug")

        plan = film_plan(*(shot_plan(f"s{i}") for i in range(30)))
        crew = ScriptedCrew(store, during=during)
        with pytest.raises(ZeroDivisionError):
            make(crew, plan, checkpoint(store))
        assert len(crew.rendered) <= 5
        assert len(make(ScriptedCrew(store), plan, checkpoint(store)).film.clips) == 30

    def test_what_stops_many_shots_is_said_once(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            raise EngineError("the disk is full" if shot.id != "s2" else "no model")

        plan = film_plan(*(shot_plan(f"s{i}") for i in range(1, 4)))
        with pytest.raises(ShotError) as caught:
            make(ScriptedCrew(store, during=during), plan, store.folder / "film.sqlite")
        assert sorted(str(caught.value).splitlines()) == [
            "shot s1, s3, take 1: the disk is full",
            "shot s2, take 1: no model",
        ]

    def test_a_broken_chain_waits_for_its_broken_shot(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            if shot.id == "s2" and broken:
                raise EngineError("no")

        broken = True
        plan = film_plan(
            shot_plan("s1"), shot_plan("s2", continues=True), shot_plan("s3", continues=True)
        )
        crew = ScriptedCrew(store, during=during)
        with pytest.raises(ShotError) as caught:
            make(crew, plan, store.folder / "film.sqlite")
        assert caught.value.shots == ("s2",)
        broken = False
        result = make(crew, plan, store.folder / "film.sqlite")
        key = {clip.shot: clip.key for clip in result.film.clips}
        assert crew.rendered[-2:] == [("s2", (), key["s1"]), ("s3", (), key["s2"])]


class TestResume:
    def test_an_interrupt_is_gone_on_with(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            if made == 5 and interrupting:
                raise KeyboardInterrupt

        interrupting = True
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(10)))
        crew = ScriptedCrew(store, during=during)
        with pytest.raises(KeyboardInterrupt):
            make(crew, plan, store.folder / "film.sqlite")
        interrupting = False
        result = make(crew, plan, store.folder / "film.sqlite")
        assert result.resumed and len(result.film.clips) == 10
        assert len(store.made) == len(set(store.made)) == 10

    def test_ctrl_c_ends_after_the_takes_at_work_and_is_gone_on_with(self, store: Store) -> None:
        code = program(store, script="lambda s, a: 1.0", count=-1, shots=30)
        run = subprocess.Popen(
            [sys.executable, "-c", code],
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background may have had Ctrl-C ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        while len(store.made) < 3:
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=300)
        assert "KeyboardInterrupt" in said and run.returncode != 0
        assert len(store.made) < 30
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(30)))
        crew = ScriptedCrew(store)
        done = len(store.made)
        result = make(crew, plan, checkpoint(store))
        assert result.resumed and len(result.film.clips) == 30
        assert len(crew.rendered) == 30 - done, "a run that ends by itself has written all down"

    @pytest.mark.parametrize(("shots", "count"), [(8, 3), (30, 17)])
    def test_a_kill_loses_nothing_finished(self, store: Store, shots: int, count: int) -> None:
        killed(store, script="lambda s, a: 1.0", count=count, shots=shots)
        assert len(store.made) == count
        crew = ScriptedCrew(store)
        result = make(
            crew, film_plan(*(shot_plan(f"s{i}") for i in range(shots))), checkpoint(store)
        )
        assert result.resumed and len(result.film.clips) == shots
        assert len(store.made) == len(set(store.made)) == shots
        # The graph's own memory too, save for the branches that were at work (two) or were just
        # being written down.
        assert len(crew.rendered) <= shots - count + 3

    def test_a_kill_in_the_second_take_keeps_the_first(self, store: Store) -> None:
        killed(store, script="lambda s, a: 0.1", count=1, shots=1)
        crew = ScriptedCrew(store, lambda s, a: 0.1)
        result = make(crew, film_plan(shot_plan("s0")), checkpoint(store))
        assert [take.number for take in result.takes] == [1, 2, 3]
        assert len(crew.rendered) == 2, "take 1 came from the checkpoint"
        assert len(store.made) == 3

    def test_a_killed_run_ends_like_one_that_was_not(self, store: Store, tmp_path: Path) -> None:
        killed(store, script="lambda s, a: len(s.id) * s.seed % 10 / 20", count=9, shots=8)
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(8)))

        def script(shot: ShotPlan, assertion: Assertion) -> float:
            return len(shot.id) * shot.seed % 10 / 20

        resumed = make(ScriptedCrew(store, script), plan, checkpoint(store))
        (tmp_path / "other").mkdir()
        whole = make(ScriptedCrew(Store(tmp_path / "other"), script), plan)
        assert resumed.resumed
        assert relative(resumed, store) == relative(whole, Store(tmp_path / "other"))

    def test_a_finished_thread_begins_anew_from_the_store(self, store: Store) -> None:
        crew = ScriptedCrew(store, lambda s, a: 0.1)
        plan = film_plan(shot_plan("s1"))
        first = make(crew, plan, checkpoint(store))
        second = make(crew, plan, checkpoint(store))
        assert not second.resumed and second.takes == first.takes
        assert len(store.made) == 3

    def test_another_plan_in_the_same_thread_begins_anew(self, store: Store) -> None:
        killed(store, script="lambda s, a: 1.0", count=2, shots=4)
        plan = film_plan(shot_plan("s0"), shot_plan("other"))
        result = make(ScriptedCrew(store), plan, checkpoint(store))
        assert not result.resumed
        assert [take.shot for take in result.takes] == ["s0", "other"]


class TestCheckpoint:
    def test_a_corrupt_file_is_a_clear_error(self, store: Store) -> None:
        checkpoint(store).write_bytes(b"this is no database, " * 100)
        with pytest.raises(StoreError, match=r"film\.sqlite cannot be used .* delete it"):
            make(ScriptedCrew(store), film_plan(shot_plan("s1")), checkpoint(store))

    def test_a_locked_file_is_busy(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("dreamrunner.agents.graph.run._LOCK_WAIT_S", 0.1)
        other = sqlite3.connect(checkpoint(store))
        other.execute("CREATE TABLE held (x)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError, match="another process holds the checkpoint"):
            make(ScriptedCrew(store), film_plan(shot_plan("s1")), checkpoint(store))
        other.close()

    def test_a_folder_that_is_a_file_is_an_output_error(self, store: Store) -> None:
        (store.folder / "file").touch()
        with pytest.raises(OutputError, match="cannot write the checkpoint"):
            make(
                ScriptedCrew(store),
                film_plan(shot_plan("s1")),
                store.folder / "file" / "film.sqlite",
            )


class TestConcurrency:
    @pytest.mark.parametrize("width", [1, 2, 8])
    def test_sixty_shots_side_by_side_keep_their_own_takes(self, store: Store, width: int) -> None:
        plan = film_plan(*(shot_plan(f"s{i:02}", seed=i) for i in range(60)))
        crew = ScriptedCrew(store, passes_on(2))
        result = make_film(plan, CAPABILITIES, crew.crew(width), checkpoint=None, thread="t")
        assert [(t.shot, t.number) for t in result.takes] == [
            (f"s{i:02}", n) for i in range(60) for n in (1, 2)
        ]
        assert all(take.clip.shot == take.shot for take in result.takes)

    def test_no_more_than_the_width_are_at_work(self, store: Store) -> None:
        at_work: list[int] = []
        lock, now = threading.Lock(), [0]

        class Slow(ScriptedCrew):
            def measure(self, shot: ShotPlan, clip: Clip) -> object:  # type: ignore[override]
                with lock:
                    now[0] += 1
                    at_work.append(now[0])
                time.sleep(0.01)
                with lock:
                    now[0] -= 1
                return super().measure(shot, clip)

        plan = film_plan(*(shot_plan(f"s{i}") for i in range(10)))
        make_film(plan, CAPABILITIES, Slow(store).crew(3), checkpoint=None, thread="t")
        assert 2 <= max(at_work) <= 3

    def test_the_lowest_turn_is_served_first(self) -> None:
        slots, served = Slots(1), list[int]()

        def work(turn: int) -> None:
            with slots.slot(turn):
                served.append(turn)

        with slots.slot():
            threads = [threading.Thread(target=work, args=(turn,)) for turn in (5, 3, 9, 1)]
            for thread in threads:
                thread.start()
            while len(slots._waiting) < 4:
                time.sleep(0.001)
        for thread in threads:
            thread.join()
        assert served == [1, 3, 5, 9]


def test_agents_import_no_tensors_and_the_package_no_langgraph() -> None:
    code = (
        "import sys, dreamrunner.agents\n"
        "assert 'langgraph' not in sys.modules\n"
        "import dreamrunner.agents.graph.run, dreamrunner.agents.critic.patch\n"
        "print([m for m in ('torch', 'diffusers', 'peft', 'qdrant_client') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def relative(result: FilmResult, store: Store) -> list[Take]:
    """Return a film's takes with their clips' paths as seen from the store."""
    return [
        take.model_copy(
            update={
                "clip": take.clip.model_copy(
                    update={"path": str(Path(take.clip.path).relative_to(store.folder))}
                )
            }
        )
        for take in result.takes
    ]


def checkpoint(store: Store) -> Path:
    return store.folder / "film.sqlite"


def program(store: Store, *, script: str, count: int, shots: int) -> str:
    here = str(Path(__file__).parent)
    return KILL.format(here=here, folder=str(store.folder), script=script, count=count, shots=shots)


def killed(store: Store, *, script: str, count: int, shots: int) -> None:
    """Run a film in another process that dies in the renderer when `count` clips are there."""
    code = program(store, script=script, count=count, shots=shots)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert run.returncode == 9, run.stderr

"""A motion or a character that the engine lacks is taught once, or a note says why it is not."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from dreamrunner.agents.graph.run import make_film
from dreamrunner.errors import AdapterError
from dreamrunner.film import Adapter, AdapterNeed, Retrieval
from dreamrunner.plan import Keyframe, LoraFile, Placement
from dreamrunner.story import Box

from .films import checkpoint, make, passes_on
from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan


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

"""A shot that fails is named, loses no other shot, and is made when the film is gone on with."""

from __future__ import annotations

import pytest

from dreamrunner.errors import EngineError, ShotError, StoreError
from dreamrunner.plan import ShotPlan

from .films import checkpoint, make
from .scripted import ScriptedCrew, Store, film_plan, shot_plan


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

"""Lines in a plan become cues: one at a time, and a line that goes on over a cut is one cue."""

from __future__ import annotations

from fractions import Fraction

from dreamrunner.plan import Plan, ScenePlan, ShotPlan, Subtitle
from dreamrunner.tools.cutting.sequence import times_of
from dreamrunner.tools.cutting.subtitles import cues_of_film, titles_of_film


def says(text: str, start_s: float, end_s: float, *, card: bool = False) -> Subtitle:
    who = "FOX" if text == "Hi." else ""
    return Subtitle(speaker=who, text=text, start_s=start_s, end_s=end_s, card=card)


def plan_of(*shots: tuple[Subtitle, ...]) -> Plan:
    made = tuple(
        ShotPlan(
            id=f"1.{number}", scene="1", duration_s=2.0, seed=0, place="", background="",
            subtitles=lines,
        )
        for number, lines in enumerate(shots, start=1)
    )  # fmt: skip
    scene = ScenePlan(id="1", heading="", place="", shots=made)
    return Plan(title="T", director="rules", fps=8, width=144, height=96, scenes=(scene,))


def test_a_line_over_a_cut_is_one_cue_and_equal_lines_apart_are_two() -> None:
    plan = plan_of((says("Hi.", 1, 2),), (says("Hi.", 0, 0.5), says("Hi.", 1, 1.5)))
    cues = cues_of_film(plan, times_of([Fraction(2)] * 2))
    assert [(c.start_s, c.end_s) for c in cues] == [(1, Fraction(5, 2)), (3, Fraction(7, 2))]


def test_titles_are_subtitles_or_stand_in_the_picture_and_cards_are_neither() -> None:
    plan = plan_of((says("1912", 0, 1), says("LATER", 1, 2, card=True)), (says("Hi.", 0, 1),))
    times = times_of([Fraction(2)] * 2)
    assert [c.text for c in cues_of_film(plan, times)] == ["1912", "LATER", "FOX: Hi."]
    assert [c.text for c in cues_of_film(plan, times, titles=False)] == ["FOX: Hi."]
    assert [(c.text, c.end_s) for c in titles_of_film(plan, times)] == [("1912", 1)]

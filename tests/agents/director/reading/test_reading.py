"""Given an action paragraph, expect who does what, where to and to whom."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.reading.glossary import gather
from dreamrunner.agents.director.reading.inflection import base_form, gerund, singular
from dreamrunner.agents.director.reading.lexicon import VERBS
from dreamrunner.agents.director.reading.reading import PronounMemory, Reading, read
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities

CAST = """
@character FOX: a small red fox
@character OWL: an old owl
@character BEAR: a brown bear
@character RABBIT: a white rabbit
"""


def reading(text: str, capabilities: Capabilities, memory: PronounMemory | None = None) -> Reading:
    """Read the only paragraph of a story with the usual cast."""
    story = parse_story(f"{CAST}\nEXT. MEADOW - DAY\n\n{text}\n", path="t.story").story
    return read(text, gather(story, capabilities), memory or PronounMemory())


def said(found: Reading) -> list[str]:
    """Write deeds as "FOX walk right", those without a direction as "FOX walk"."""
    return [" ".join(filter(None, (d.entity, d.motion, d.direction))) for d in found.deeds]


def bonds(found: Reading) -> list[str]:
    return [" ".join(filter(None, (t.subject, t.bond, t.other, t.third))) for t in found.ties]


def test_there_are_as_many_of_a_kind_as_the_prose_speaks_of_at_most(
    storybook: Capabilities,
) -> None:
    text = "Two frogs hop.\n\nThe three tired frogs sleep. Frogs! A cat and five pigs.\n\nLions."
    story = parse_story(f"EXT. MEADOW - DAY\n\n{text}\n", path="t.story").story
    assert story is not None
    bearers = gather(story, storybook).bearers
    counts = {noun: len(bearers[noun]) for noun in ("frog", "cat", "pig", "lion", "owl")}
    assert counts == {"frog": 3, "cat": 1, "pig": 5, "lion": 2, "owl": 1}


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("The FOX walks to the right.", ["FOX walk right"]),
        ("The FOX is walking left.", ["FOX walk left"]),
        ("The FOX walked away.", ["FOX walk away"]),
        ("The FOX strolls, slowly, from left to right.", ["FOX walk right"]),
        ("The FOX and the OWL walk.", ["FOX walk", "OWL walk"]),
        ("A small grey FOX trots out of the trees.", ["FOX walk"]),
        ("The fox waits.", ["FOX stand"]),
        ("The FOX does not move.", ["FOX stand"]),
        ("The FOX never walks.", ["FOX stand"]),
        ("The FOX doesn't jump.", ["FOX stand"]),
        ("The FOX stops walking.", ["FOX stand"]),
        ("The FOX begins to hop.", ["FOX hop"]),
        ("The FOX keeps spinning.", ["FOX spin"]),
        ("The RABBIT skips to its left.", ["RABBIT hop left"]),
        ("The bunny jumps up and down.", ["RABBIT jump up"]),
        ("The RABBIT leaps in the air.", ["RABBIT jump"]),
        ("The OWL flies up into the sky.", ["OWL fly up"]),
        ("The OWL rises.", ["OWL fly"]),
        ("The OWL takes off.", ["OWL fly"]),
        ("The OWL lands.", ["OWL land"]),
        ("The OWL comes down from the sky.", ["OWL land down"]),
        ("Suddenly the OWL dives.", ["OWL land"]),
        ("The BEAR takes a bow.", ["BEAR bow"]),
        ("The BEAR bowed.", ["BEAR bow"]),
        ("The BEAR is asleep.", ["BEAR sleep"]),
        ("The BEAR falls asleep under a tree.", ["BEAR sleep"]),
        ("The BEAR on the hill sleeps.", ["BEAR sleep"]),
        ("The FOX turns round and round.", ["FOX spin"]),
        ("The FOX twirls around.", ["FOX spin"]),
        ("The FOX does a somersault.", ["FOX somersault"]),
        ("The FOX flips head over heels.", ["FOX somersault"]),
        ("The FOX crosses the meadow, hopping.", ["FOX hop"]),
        ("A FOX walking through the snow.", ["FOX walk"]),
        ("The FOX runs to the left.", ["FOX run left"]),
        ("The OWL glides across the sky to the left.", ["OWL glide left"]),
        ("The FOX shimmers.", ["FOX shimmer"]),
    ],
)
def test_one_motion(text: str, deeds: list[str], storybook: Capabilities) -> None:
    assert said(reading(text, storybook)) == deeds


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("The ice cracks. The FOX's breath hangs in the air.", []),
        ("A walk in the snow. Spring.", []),
        ("The FOX walks across the ice. The ice cracks.", ["FOX walk"]),
        ("The FOX walks and the ice cracks and the OWL sleeps.", ["FOX walk", "OWL sleep"]),
        ("The FOX can hop, but the caterpillar flies.", ["FOX hop"]),
        ("The FOX walks, stops and bows.", ["FOX walk", "FOX stand", "FOX bow"]),
        ("The OWL sleeps. The FOX hops. It stops.", ["OWL sleep", "FOX hop", "FOX stand"]),
        ("The FOX hops. Then spins.", ["FOX hop", "FOX spin"]),
        ("The FOX and the OWL meet. They bow.", ["FOX walk", "OWL walk", "FOX bow", "OWL bow"]),
        ("The FOX follows the OWL and the BEAR sleeps.", ["FOX walk", "OWL walk", "BEAR sleep"]),
        ("THE FOX SPINS ROUND AND ROUND!", ["FOX spin"]),
        ("Two frogs hop. A cat walks.", ["FROG-1 hop", "FROG-2 hop", "CAT walk"]),
    ],
)
def test_several_clauses(text: str, deeds: list[str], storybook: Capabilities) -> None:
    assert said(reading(text, storybook)) == deeds


@pytest.mark.parametrize(
    ("text", "ties"),
    [
        ("The OWL glides low over the ice; the FOX runs beneath it.", ["FOX below OWL"]),
        ("The OWL flies over the FOX.", ["OWL above FOX"]),
        ("The FOX stands to the left of the OWL.", ["FOX left-of OWL"]),
        ("The FOX is on the right of the OWL.", ["FOX right-of OWL"]),
        ("The FOX sits next to the BEAR.", ["FOX beside BEAR"]),
        ("The FOX stands behind the BEAR.", ["FOX behind BEAR"]),
        ("The FOX waits in front of the BEAR.", ["FOX in-front-of BEAR"]),
        ("The FOX stands between the OWL and the BEAR.", ["FOX between OWL BEAR"]),
        ("Beside the FOX stands an old OWL.", ["OWL beside FOX"]),
        ("The FOX walks toward the OWL.", ["FOX toward OWL"]),
        ("The FOX and the OWL walk toward each other.", ["FOX meet OWL"]),
        ("The FOX chases the RABBIT.", ["FOX chase RABBIT"]),
        ("The RABBIT is chased by the FOX.", ["FOX chase RABBIT"]),
        ("The FOX follows the BEAR.", ["FOX follow BEAR"]),
        ("The FOX meets the OWL.", ["FOX meet OWL"]),
        ("The FOX and the OWL pass each other.", ["FOX cross OWL"]),
        ("The FOX walks past the OWL.", ["FOX cross OWL"]),
        ("The RABBIT jumps over the BEAR.", ["RABBIT cross BEAR"]),
        ("The FOX bows to the OWL.", ["FOX face OWL"]),
        ("The OWL sleeps. The FOX looks at her.", ["FOX face OWL"]),
    ],
)
def test_bonds(text: str, ties: list[str], storybook: Capabilities) -> None:
    assert bonds(reading(text, storybook)) == ties


def test_who_is_chased_runs_too(storybook: Capabilities) -> None:
    found = reading("The FOX chases the RABBIT to the left.", storybook)
    assert said(found) == ["FOX run left", "RABBIT run left"]
    assert [deed.implied for deed in found.deeds] == [False, True]


def test_places_in_the_frame(storybook: Capabilities) -> None:
    found = reading("On the left, the BEAR sleeps. The FOX waits in the background.", storybook)
    assert found.spots == {"BEAR": "left", "FOX": "far"}


def test_a_pronoun_goes_on_into_the_next_paragraph(storybook: Capabilities) -> None:
    before = reading("The FOX walks.", storybook).memory
    assert said(reading("She jumps.", storybook, before)) == ["FOX jump"]


def test_a_look_beside_a_name_in_capitals(storybook: Capabilities) -> None:
    text = "A small boy, TOM, walks. A tiny grey CAT sleeps. MIA, a tall girl, waves.\n\nBANG!"
    story = parse_story(f"Title: T\n\nEXT. TOWN - DAY\n\n{text}\n", path="t.story").story
    glossary = gather(story, storybook)
    assert glossary.looks == {
        "TOM": "a small boy",
        "CAT": "a tiny grey cat",
        "MIA": "a tall girl",
    }
    found = read(text, glossary)
    assert said(found) == ["TOM walk", "CAT sleep", "MIA wave"]


def test_what_tells_of_nobody_is_the_view(storybook: Capabilities) -> None:
    found = reading("The river glitters. The FOX walks. Her breath hangs in the air.", storybook)
    assert found.view == "the river glitters"


@pytest.mark.parametrize(
    ("word", "base", "form"),
    [
        ("hopping", "hop", "ing"), ("trotted", "trot", "past"), ("flies", "fly", "s"),
        ("flew", "fly", "past"), ("gliding", "glide", "ing"), ("passes", "pass", "s"),
        ("lies", "lie", "s"), ("jump", "jump", "base"), ("curtsied", "curtsy", "past"),
    ],
)  # fmt: skip
def test_inflections(word: str, base: str, form: str) -> None:
    assert base_form(word, VERBS) == (base, form)


def test_gerunds_and_singulars() -> None:
    verbs = "hop glide fly lie run bow stand see raise-lantern sleep".split()
    assert [gerund(v) for v in verbs] == (
        "hopping,gliding,flying,lying,running,bowing,standing,seeing,raising lantern,sleeping"
    ).split(",")
    assert [singular(w) for w in "foxes wolves bunnies cats grass fox".split()] == (
        "fox wolf bunny cat grass fox".split()
    )


@pytest.mark.parametrize(
    ("text", "seen", "unseen"),
    [
        ("The FOX waits. There is no OWL in sight.", ["FOX"], ["OWL"]),
        ("The FOX waits. The OWL is nowhere to be seen.", ["FOX"], ["OWL"]),
        ("The FOX stands alone, without the BEAR.", ["FOX"], ["BEAR"]),
        ("The FOX jumps. The OWL is heard off screen.", ["FOX"], ["OWL"]),
        ("Far away, out of sight, a BEAR calls.", [], ["BEAR"]),
        ("The FOX waits, the OWL calls out of sight.", ["FOX"], ["OWL"]),
        ("The voice of the OWL wakes the FOX.", ["FOX"], ["OWL"]),
        ("The OWL's voice wakes the FOX.", ["FOX"], ["OWL"]),
        ("The BEAR is gone. Then the BEAR walks to the left.", ["BEAR"], []),
        ("The FOX moves without a sound.", ["FOX"], []),
        ("The FOX has left the OWL a letter.", ["FOX", "OWL"], []),
        ("The FOX waits. The OWL has left.", ["FOX"], ["OWL"]),
    ],
)
def test_who_is_said_to_be_elsewhere_is_not_seen(
    text: str, seen: list[str], unseen: list[str], storybook: Capabilities
) -> None:
    found = reading(text, storybook)
    assert (list(found.seen), sorted(found.unseen)) == (seen, unseen)
    assert {deed.entity for deed in found.deeds} <= set(seen)


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("With a yawn the BEAR plods to the left.", ["BEAR walk left"]),
        ("After a while the OWL flies up.", ["OWL fly up"]),
        ("The FOX is doing a somersault.", ["FOX somersault"]),
        ("To the left of the FOX stands the BEAR.", ["BEAR stand"]),
        ("High above the FOX flies the OWL.", ["OWL fly"]),
        ("Between the FOX and the OWL sleeps the BEAR.", ["BEAR sleep"]),
        ("The BEAR lumbers to the left.", ["BEAR walk left"]),
        ("The OWL corkscrews down.", ["OWL land down"]),
    ],
)
def test_phrases_before_a_subject_and_verbs_that_no_table_has(
    text: str, deeds: list[str], storybook: Capabilities
) -> None:
    assert said(reading(text, storybook)) == deeds

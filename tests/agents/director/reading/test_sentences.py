"""Given sentences in the manner of screenplays, expect who does what to whom, and what is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dreamrunner.agents.director.reading.glossary import gather
from dreamrunner.agents.director.reading.parse import ParseCache
from dreamrunner.agents.director.reading.reading import Reading
from dreamrunner.agents.director.rules import read_scenes
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities

CAST = """Title: T

@character RAY: a man of 30
@character DEE: a woman of 28
@character BEAR: a brown bear
@character FOX: a red fox
@character OWL: an old owl
@character NURSE: a nurse in white

EXT. FIELD - DAY

"""


def read_all(page: str, world: Capabilities) -> list[Reading]:
    story = parse_story(page, path="t.story").story
    scenes = read_scenes(story, gather(story, world), world)
    return [p.reading for scene in scenes for p in scene.passages if p.reading is not None]


def reading(text: str, world: Capabilities) -> Reading:
    (found,) = read_all(f"{CAST}!{text}\n", world)
    return found


def told(found: Reading) -> list[str]:
    """Write deeds as "RAY look DEE", those that are not done with "not" before them."""
    return [
        " ".join(filter(None, ("not" * deed.denied, deed.entity, deed.act, deed.object)))
        for deed in found.deeds
        if not deed.implied
    ]


def placed(found: Reading) -> list[str]:
    return [" ".join((p.subject, p.relation, *p.others)) for p in found.placings]


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        # Who does it: after the verb, in a passive, in a relative clause, joined, left out.
        ("Into the ballroom sweeps RAY.", ["RAY enter"]),
        ("RAY, DEE and the FOX bow.", ["RAY bow", "DEE bow", "FOX bow"]),
        ("RAY is being dragged across the floor by DEE.", ["DEE pull RAY"]),
        ("Kissed by Dee, Ray faints.", ["DEE kiss RAY", "RAY fall"]),
        ("The fox that the bear is chasing leaps.", ["BEAR chase FOX", "FOX jump"]),
        ("DEE, still holding the letter that Ray wrote, cries.",
         ["DEE hold letter", "DEE cry"]),
        ("RAY and DEE tumble through the door, giggling.",
         ["RAY enter", "DEE enter", "RAY laugh", "DEE laugh"]),
        ("Dee runs. Ray, limping badly, follows her.",
         ["DEE run", "RAY walk", "RAY follow DEE"]),
        ("Ray waves goodbye and Dee, sobbing, runs.", ["RAY wave", "DEE cry", "DEE run"]),
        ("Ray, hands in pockets, strolls along.", ["RAY walk"]),
        ("Pursued by his own bear, Ray flees.", ["BEAR chase RAY", "RAY flee"]),
        ("As though struck by lightning, RAY falls.", ["RAY fall"]),
        ("The woman hugging Ray cries.", ["DEE hug RAY", "DEE cry"]),
        ("Between two suitcases sleeps the FOX.", ["FOX sleep"]),
        ("Far from crying, DEE laughs.", ["not DEE cry", "DEE laugh"]),
        ("No one but DEE dances.", ["DEE dance"]),
        # What is said with more words than a verb.
        ("The NURSE lets out a laugh.", ["NURSE laugh"]),
        ("DEE takes a long sip of champagne.", ["DEE drink champagne"]),
        ("DEE hands RAY a cup. He drinks from it.", ["DEE give RAY", "RAY drink cup"]),
        # What is not done.
        ("Ray can't look at Dee.", ["not RAY look DEE"]),
        ("Ray is about to open the box.", ["not RAY open box"]),
        ("RAY no longer dances.", ["not RAY dance"]),
        ("Neither RAY nor DEE sits.", ["not RAY sit", "not DEE sit"]),
        ("RAY tries to fly but cannot.", ["not RAY fly"]),
        ("If Dee were here, she would laugh. RAY kneels.", ["RAY kneel"]),
        ("Unable to climb the wall, RAY sits.", ["not RAY climb wall", "RAY sit"]),
        ("Rather than fight, RAY walks.", ["not RAY fight", "RAY walk"]),
        ("There is nobody here. Only RAY, asleep.", ["RAY sleep"]),
        # Who is meant.
        ("The BEAR sleeps. RAY climbs onto its back.", ["BEAR sleep", "RAY climb BEAR"]),
        ("The NURSE hands the FOX to DEE.", ["NURSE give DEE"]),
        ("RAY and DEE walk in. She cries; he holds her.",
         ["RAY enter", "DEE enter", "DEE cry", "RAY hold DEE"]),
        ("RAY waves to DEE. As she runs, he sleeps.", ["RAY wave DEE", "DEE run", "RAY sleep"]),
        ("As he leaves, RAY bows to DEE.", ["RAY exit", "RAY bow DEE"]),
        ("The FOX follows RAY. The animal sits. The man waves.",
         ["FOX follow RAY", "FOX sit", "RAY wave"]),
    ],
)  # fmt: skip
def test_who_does_what(text: str, deeds: list[str], storybook: Capabilities) -> None:
    assert told(reading(text, storybook)) == deeds


@pytest.mark.parametrize(
    ("text", "motion"),
    [
        ("The NURSE takes off her hat.", "stand"),
        ("The NURSE takes her hat off.", "stand"),
        ("The BEAR lifts the lid off the pot.", "stand"),
        ("The NURSE scoops up the baby.", "scoop"),
        ("The NURSE slips her ring off.", "stand"),
        ("The NURSE runs out of patience.", "stand"),
        ("The BEAR lands a punch on the FOX.", "stand"),
        ("The BEAR rises.", "stand"),
        ("The OWL rises.", "fly"),
        ("The OWL takes off.", "fly"),
    ],
)
def test_a_verb_with_a_thing_in_hand_is_no_flight(
    text: str, motion: str, storybook: Capabilities
) -> None:
    (deed,) = reading(text, storybook).deeds
    assert (deed.motion, deed.path in ("stay", "rise")) == (motion, True)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("RAY stares into the water, a lion in wait.", ["RAY"]),
        ("RAY is slippery like a fish.", ["RAY"]),
        ("RAY runs like a rabbit.", ["RAY"]),
        ("Quiet as a cat, RAY enters.", ["RAY"]),
        ("A FOX sits. The BEAR is not here.", ["FOX"]),
        ("Somewhere a FROG croaks. RAY listens.", ["RAY"]),
        ("RAY waves. DEE went home long ago.", ["RAY"]),
    ],
)
def test_who_is_only_likened_or_missed_is_not_seen(
    text: str, seen: list[str], storybook: Capabilities
) -> None:
    assert list(reading(text, storybook).seen) == seen


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Under the table, RAY hugs the FOX.", ["RAY below table"]),
        ("Two foxes on a roof. DEE sits beside RAY on the sofa.",
         ["FOX on roof", "DEE beside RAY", "DEE on sofa"]),
        ("To the right of the coffin: DEE. To the left of it: RAY.",
         ["DEE right-of coffin", "RAY left-of coffin"]),
        ("The BEAR waits at Ray's side. Dee is on his left.",
         ["BEAR beside RAY", "DEE left-of RAY"]),
        ("On his hind legs stands the BEAR.", []),
        ("RAY walks on the grass.", []),
    ],
)  # fmt: skip
def test_where_somebody_is(text: str, places: list[str], storybook: Capabilities) -> None:
    assert placed(reading(text, storybook)) == places


def test_the_old_woman_is_not_the_young_one(storybook: Capabilities) -> None:
    page = (
        "EXT. GATE - NIGHT\n\nThe Old Woman turns her head.\n\n"
        "INT. KITCHEN - DAY\n\nA YOUNG WOMAN waits.\n\nYOUNG WOMAN\nNobody comes.\n"
    )
    first, second = read_all(page, storybook)
    assert (first.seen, second.seen) == (("OLD WOMAN",), ("YOUNG WOMAN",))


def test_a_title_or_a_surname_makes_nobody_new(storybook: Capabilities) -> None:
    (found,) = read_all(f"{CAST}UNCLE RAY sits. DEE MILLER waves.\n", storybook)
    assert told(found) == ["RAY sit", "DEE wave"]


def test_parses_are_kept_as_lines_of_json_and_a_broken_line_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "parses.jsonl"
    words = ("He", "sleeps", ".")
    nodes = ParseCache(file).of(words)
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)[0] == "He sleeps ."
    file.write_text(f"{line[:20]}\n[1]\n{line}\n", encoding="utf-8")
    altered = ParseCache(file)
    assert altered.of(words) == nodes
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


def test_a_check_loads_no_parser_and_a_deep_one_tells_who_is_back(repository: Path) -> None:
    program = """
import sys
from dreamrunner.agents.director.remarks import remarks
from dreamrunner.dsl import parse_story
from dreamrunner.engine.storybook.capabilities import storybook_capabilities
page = "Title: T\\n\\nEXT. MEADOW - DAY\\n\\nThe FOX leaves.\\n\\nThe FOX hops.\\n"
story = parse_story(page, path="t.story").story
for deep in (False, True):
    found = remarks(story, storybook_capabilities(), deep=deep)
    print([d.code for d in found], "spacy" in sys.modules)
"""
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert said == ["[] False", "['W139', 'W140'] True"]


def test_a_parse_that_is_kept_needs_no_parser(tmp_path: Path, repository: Path) -> None:
    program = """
import sys
from pathlib import Path
from dreamrunner.agents.director.reading import parse
parse.keep_parses_in(Path(sys.argv[1]))
print([node.dep for node in parse.parse(("He", "sleeps", "."))])
print("spacy" in sys.modules, "torch" in sys.modules)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert said[0] == ["['nsubj', 'ROOT', 'punct']", "True False"]
    assert said[1] == ["['nsubj', 'ROOT', 'punct']", "False False"]


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("RAY sits. The TRAIN runs.", ["RAY sit"]),
        ("RAY sits. The old train runs.", ["RAY sit"]),
        ("RAY dances, and so does the bear.", ["RAY dance", "BEAR dance"]),
        ("RAY sings. DEE does not.", ["RAY sing", "not DEE sing"]),
        ("The bear doesn't run, nor does the fox.", ["not BEAR run", "not FOX run"]),
        ("The fox neither walks nor runs.", ["not FOX walk", "not FOX run"]),
        ("RAY and DEE read. Neither looks up.",
         ["RAY read", "DEE read", "not RAY look", "not DEE look"]),
        ("Nobody sings but DEE.", ["DEE sing"]),
        ("RAY and DEE sit. Everyone laughs but RAY.",
         ["RAY sit", "DEE sit", "DEE laugh", "not RAY laugh"]),
        ("The owl won't stop talking.", ["OWL talk"]),
        ("The bear the fox is hugging yawns.", ["FOX hug BEAR", "BEAR yawn"]),
        ("RAY takes the hat she left and smiles.", ["RAY take hat", "RAY smile"]),
        ("The fox, led by DEE, kicks the gate.", ["DEE lead FOX", "FOX kick gate"]),
        ("The nurse who is being hugged by the bear laughs.", ["BEAR hug NURSE", "NURSE laugh"]),
        ("The fox, whose tail RAY is pulling, cries.", ["RAY pull FOX", "FOX cry"]),
        ("RAY, whose mother waves, runs.", ["RAY run"]),
        ("A FOX in a waistcoat peers at his watch.", ["FOX look watch"]),
        ("DEE runs out of patience.", ["DEE lack"]),
        ("The bear lands a punch on the fox.", ["BEAR hit FOX"]),
    ],
)  # fmt: skip
def test_clauses_that_leave_words_out(
    text: str, deeds: list[str], open_world: Capabilities
) -> None:
    assert told(reading(text, open_world)) == deeds


@pytest.mark.parametrize(
    ("text", "placings"),
    [
        ("RAY on the left, DEE on the right, the bear between them.",
         ["BEAR between RAY DEE", "RAY left-of DEE"]),
        ("DEE left, RAY right.", ["DEE left-of RAY"]),
        ("On the bench, RAY, and behind RAY, the bear.", ["RAY on bench", "BEAR behind RAY"]),
        ("RAY, and beside him DEE.", ["DEE beside RAY"]),
        ("The fox behind the bear yawns.", ["FOX behind BEAR"]),
        ("The fox under the stove sleeps.", ["FOX below stove"]),
        ("DEE stands on the left, RAY on the right.", ["DEE left-of RAY"]),
        ("RAY is flanked by the bear and the fox.", ["RAY between BEAR FOX"]),
        ("To the right of DEE, half in shadow, stands RAY.", ["RAY right-of DEE"]),
    ],
)  # fmt: skip
def test_places_that_no_verb_states(
    text: str, placings: list[str], open_world: Capabilities
) -> None:
    assert placed(reading(text, open_world)) == placings


@pytest.mark.parametrize(
    ("text", "bond"),
    [
        ("With the BEAR to his right, RAY dozes.", ("BEAR", "right-of", "RAY")),
        ("RAY dozes, the BEAR on his left.", ("BEAR", "left-of", "RAY")),
        ("Half hidden behind the BEAR, RAY waits.", ("RAY", "behind", "BEAR")),
        ("DEE dozes. RAY walks behind her.", ("RAY", "behind", "DEE")),
    ],
)
def test_where_another_is_of_whoever_does_it(
    text: str, bond: tuple[str, str, str], storybook: Capabilities
) -> None:
    assert bond in [(tie.subject, tie.bond, tie.other) for tie in reading(text, storybook).ties]


@pytest.mark.parametrize(
    "text", ["DEE waves. RAY looks behind him.", "BEAR. RAY slams the door behind him and bows."]
)
def test_who_looks_behind_himself_sees_nobody_there(text: str, storybook: Capabilities) -> None:
    assert "behind" not in [tie.bond for tie in reading(text, storybook).ties]


@pytest.mark.parametrize(
    ("text", "motion"), [("Up goes the OWL.", "fly"), ("Down comes the OWL.", "land")]
)
def test_a_bird_that_goes_up_flies(text: str, motion: str, storybook: Capabilities) -> None:
    assert [deed.motion for deed in reading(text, storybook).deeds] == [motion]

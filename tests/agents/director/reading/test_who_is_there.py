"""Given paragraphs of a scene, expect who is in the picture: groups, names, pronouns."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})
TED_AND_ANN = "TED\nHello.\n\nANN\nHello there.\n\n"


def shown(*paragraphs: str, before: str = "", after: str = "") -> set[str]:
    """Return who is in the shots of the last of some paragraphs of one scene."""
    page = f"Title: T\n\n{before}INT. HALL - DAY\n\n" + "\n\n".join(paragraphs) + f"\n\n{after}"
    story = parse_story(f"{page}\n", path="t.story").story
    line = next(n for n, text in enumerate(page.split("\n"), 1) if text == paragraphs[-1])
    shots = [s for s in direct(story, WORLD).shots if s.span is not None and s.span.line == line]
    return {entity.id for shot in shots for entity in shot.entities}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # Several without a name: at the start, counted, behind "by", and as the object.
        ("People stop in confusion. TED (40) runs.", {"PEOPLE", "TED"}),
        ("Everywhere people are hugging and kissing.", {"PEOPLE"}),
        (
            "A file of men and horses -- Rangers -- goes by. TED (40) nods.",
            {"MEN", "HORSE-1", "HORSE-2", "TED"},
        ),
        ("Various bureau personnel stand at their desks. TED (40) nods.", {"PERSONNEL", "TED"}),
        ("Angry warriors pile on top of TED (40).", {"WARRIORS", "TED"}),
        ("The crowd pours onto the field as TED (40) runs.", {"CROWD", "TED"}),
        ("Behind TED (40) several players can be seen drinking.", {"PLAYERS", "TED"}),
        ("TED (40) is taunted by other prisoners.", {"PRISONERS", "TED"}),
        ("TED (40) comes on, leading five warriors.", {"WARRIORS", "TED"}),
        ("ANN (30) continues putting the kids to bed.", {"KIDS", "ANN"}),
        # By a noun alone, a title, a description; a family; friends who are counted.
        ("Waiter comes over. TED (40) nods.", {"WAITER", "TED"}),
        ("Guard rails line the road. TED (40) walks.", {"TED"}),
        ("TED (40) faces Chief of Staff LOWE (60). Arrogant, the born soldier.", {"TED", "LOWE"}),
        # A look at them, with whom one talks, of several kinds, and hens.
        ("TED (40) looks up at a sweet OLD COUPLE, who bicker.", {"OLD COUPLE", "TED"}),
        ("TED (40) talks with local girls.", {"GIRLS", "TED"}),
        ("TED (40) waits with a group of tall, short and fat tourists.", {"TOURISTS", "TED"}),
        ("View of the camera crew. TED (40) yawns.", {"CREW", "TED"}),
        ("TED (40) greets two BOARD MEMBERS.", {"BOARD MEMBERS", "TED"}),
        ("The chickens run from TED (40).", {"CHICKENS", "TED"}),
        # Places that are those in them; looks; whom a clause tells of.
        ("The table erupts as TED (40) grabs the dice.", {"CROWD", "TED"}),
        ("The courtroom falls silent. TED (40) sits.", {"CROWD", "TED"}),
        ("The house goes silent. TED (40) sits.", {"TED"}),
        ("The house erupts in flames. TED (40) runs.", {"TED"}),
        ("Strange looks from the crowd. TED (40) nods.", {"CROWD", "TED"}),
        ("TED (40) looks at the crowd. Nobody moves.", {"CROWD", "TED"}),
        ("TED (40) sees that passing residents take off their hats.", {"RESIDENTS", "TED"}),
        # Two kinds joined, whose verb is a noun too; people's nouns that only a dictionary has.
        ("A fox and a rabbit run.", {"FOX", "RABBIT"}),
        ("TED (40) and a fox walk in.", {"TED", "FOX"}),
        ("MR. GRANT and MRS. GRANT wave to TED (40).", {"MR GRANT", "MRS GRANT", "TED"}),
        ("TED (40) gives ANN (30) a bear hug.", {"TED", "ANN"}),
        ("A bookmaker nods to TED (40).", {"BOOKMAKER", "TED"}),
        ("The contestants wave. TED (40) runs.", {"CONTESTANTS", "TED"}),
        # Whoever is called by a word that is no name.
        ("A piper named DIZZY follows TED (40).", {"DIZZY", "TED"}),
        ("SHADY, an old man, sits. DOCTOR TRAMMEL waits.", {"SHADY", "DOCTOR TRAMMEL"}),
        # Several together, counted, or that fill a place.
        ("A group of soldiers waits by the gate.", {"SOLDIERS"}),
        ("A line of prisoners shuffles past.", {"PRISONERS"}),
        ("Dozens of people fill the room.", {"PEOPLE"}),
        ("The room is full of people.", {"PEOPLE"}),
        ("There are three men at the table.", {"MEN"}),
        ("One of the guards nods to TED (40).", {"GUARD", "TED"}),
        ("We are in a room of chattering, shouting people.", {"PEOPLE"}),
        ("The room is cluttered with tables, clerks and typewriters.", {"CLERKS"}),
        ("The saloon is packed. TED (40) sits.", {"CROWD", "TED"}),
        ("The suitcase is packed. TED (40) sits.", {"TED"}),
        ("The bettors are queued up in lines.", {"BETTORS"}),
        ("The rest of the people in the place are really shouting.", {"PEOPLE"}),
        ("The neighborhood has turned out to see TED (40).", {"NEIGHBORHOOD", "TED"}),
        ("The neighborhood is quiet. TED (40) waits.", {"TED"}),
        ("TED (40) stops the group at the door.", {"GROUP", "TED"}),
        ("TED (40) feeds an eager pack of mongrel pups.", {"PUPS", "TED"}),
        ("TED (40) thinks of a pack of mongrel pups.", {"TED"}),
        ("TED (40) runs toward the group.", {"TED", "GROUP"}),
        ("Everybody in the bar turns.", {"CROWD"}),
        ("TED (40) nods. An elderly couple at the bar.", {"TED", "COUPLE"}),
        ("TED (40) nods. Two men at the bar.", {"TED", "MEN"}),
        ("TED (40) nods. There are three nurses by the door.", {"TED", "NURSES"}),
        ("TED (40) nods to ANN (30). He escorts them to a car.", {"TED", "ANN"}),
        ("TED (40) nods. No soldiers. Soldiers' boots by the door.", {"TED"}),
        ("A HOODED FIGURE slips in. TED (40) shivers.", {"HOODED FIGURE", "TED"}),
        ("TED (40) enters with a couple of his cronies.", {"TED", "CRONIES"}),
        ("A colleague hands TED (40) a file.", {"COLLEAGUE", "TED"}),
        ("A SHY 15-YEAR-OLD BOY crawls in. TED (40) nods.", {"BOY", "TED"}),
        # A noun that tells a thing, is part of a name, or is a verb.
        ("TED (40) drops the action figure. He figures it is broken.", {"TED"}),
        ("TED (40) throws a FISH SANDWICH to ANN (30).", {"TED", "ANN"}),
        ("TED (40) sees a poster that features Harold Wolf.", {"TED"}),
        ("TED (40) has ANN (30) in the Snake Hold.", {"TED", "ANN"}),
        ("The shop is a monster outdoor bazaar. TED (40) nods.", {"TED"}),
        ("TED (40) is there. Bears no likeness to the picture.", {"TED"}),
        ("TED (40) rides the cart that bears the coffin.", {"TED"}),
        ("The hatch slides home and they dog it shut. TED (40) nods.", {"TED"}),
        ("Was it a bird or a bat? TED (40) nods.", {"TED"}),
        ("TED (40) bows to an imaginary teacher.", {"TED"}),
        ("TED (40) looks at bags from various kids shops.", {"TED"}),
        ("TED (40) picks up a hand-welder and ANN also smothers a laugh.", {"TED", "ANN"}),
        # Beside somebody who is named, and two without an article.
        ("TED and another detective hold ANN.", {"TED", "ANN", "DETECTIVE"}),
        ("TED and his policeman friend get in the car.", {"TED", "POLICEMAN"}),
        ("Driving along, the driver and TED in front.", {"DRIVER", "TED"}),
        ("TED (40) goes on, leaving mother and child in confusion.", {"TED", "MOTHER", "CHILD"}),
        ("The policeman is no longer holding TED (40).", {"POLICEMAN", "TED"}),
        ("TED (40) hears a group of men outside.", {"TED"}),
        ("There are no men here. TED (40) thinks of the soldiers.", {"TED"}),
        ("There is a man at the table.", {"MAN"}),
        ("A young woman in a red coat.", {"WOMAN"}),
        # What only looks like somebody.
        ("TED (40) waves as the coach drives on.", {"TED"}),
        ("A twenty-four hour diner. TED (40) eats.", {"TED"}),
        ("TED (40) pulls out his X ray.", {"TED"}),
        ("TED (40) walks a couple paces behind ANN (30).", {"TED", "ANN"}),
        ("TED (40) and ANN (30) run. They duck behind a wall.", {"TED", "ANN"}),
        ("TED (40) looks all around for ANN.", {"TED"}),
        ("Attendants and ANN (30).", {"ANN"}),
        # Similes, kinds and pictures have nobody in them.
        ("TED (40) waits like a bird facing a cobra.", {"TED"}),
        ("TED (40) and ANN (30) walk together like ghosts in a silence.", {"TED", "ANN"}),
        ("TED (40) says goodbye, like a sailor leaving port.", {"TED"}),
        ("TED (40) shakes like a cat at the vets.", {"TED"}),
        ("TED (40) stares at it as if it is a rare and beautiful bird.", {"TED"}),
        ("TED (40) grins, the kind of grin a tough guy hides.", {"TED"}),
        ("TED (40) reads a comic depicting a girl kicking a man.", {"TED"}),
        ("TED (40) silently awaits ANN's guards.", {"TED"}),
        ("TED (40) waits for the guards.", {"TED"}),
        ("TED (40) walks in, thinking ANN is there.", {"TED"}),
        ("TED (40) writes down the number of GUARDS.", {"TED"}),
        ("TED (40) is trolling for ANN.", {"TED"}),
        ("TED (40) waits for ANN (30) to kiss him.", {"TED", "ANN"}),
        ("MORGAN (40) sits. Morgan on lookout, TED (40) sleeps.", {"MORGAN", "TED"}),
        # A beast's noun that is a verb, tells a thing, or is a thing in its shape.
        ("A cord snakes in under the door. TED (40) waits.", {"TED"}),
        ("TED (40) opens the bag, fishes for a key.", {"TED"}),
        ("The hunters duck. TED (40) waits.", {"HUNTERS", "TED"}),
        ("TED (40) holds ANN (30) in a bear hug.", {"TED", "ANN"}),
        ("TED (40) wears shorts and dog tags.", {"TED"}),
        ("TED (40) plays with a cardboard bird.", {"TED"}),
        ("TED (40) sees a bear. The bear sits.", {"TED", "BEAR"}),
        # A noun of people that is a thing, or one who is named beside it.
        ("TED (40) goes to the record player.", {"TED"}),
        ("TED (40) looks toward the First Class coach.", {"TED"}),
        ("TED (40) walks up to the harried manager, ANN (30).", {"TED", "ANN"}),
        ("TED (40) picks up a child.", {"TED", "CHILD"}),
        ("An elaborately dressed military aide opens the door.", {"AIDE"}),
        ("The tram is loaded with policemen.", {"POLICEMEN"}),
    ],
)
def test_groups_are_there_and_things_are_not(said: str, seen: set[str]) -> None:
    speaking = f"{TED_AND_ANN}RAY\nHello.\n" if "RAY" in said or "ray" in said else ""
    later = f"INT. YARD - DAY\n\n{speaking or TED_AND_ANN}"
    assert shown(said, after=later) == seen


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        # "They" are those of the paragraph before, not everybody of the scene.
        (("AL (40), BO (30) and CY (20) eat.", "DEE (50) enters with FAY (30).", "They sit."),
         {"DEE", "FAY"}),
        # "The two men" are those who are there, and one whose surname is a plural is one.
        (("TED (40), a man, sits with CHILDS (40).", "The two men wait."), {"TED", "CHILDS"}),
        # The only old man who is there.
        (("SAM (8) stands by ELI (60). He smiles.", "SAM runs to the old man."), {"SAM", "ELI"}),
        # Who sees another is seen too.
        (("TED waves.", "He sees ANN sitting in the shade."), {"TED", "ANN"}),
        # "It is ANN" shows ANN and no fish.
        (("A fish lies there. TED waits.", "It is ANN."), {"ANN"}),
        # "He" is whoever is here before one of another scene.
        (("LEE's jaw drops, he shouts.",), {"LEE"}),
        # What goes on under a name alone is of that one.
        (("BO (30) stands.", "K) LEE", "Flailing away at a curve ball."), {"LEE"}),
        # What somebody looks at are their hands.
        (("TED waits by ANN.", "LEE pulls his hands out and looks at them."), {"LEE"}),
        # A couple paces behind, one hears what is behind.
        (("TED waits.", "LEE", "Separated from Ted. He hears a noise."), {"LEE"}),
    ],
)  # fmt: skip
def test_whom_pronouns_and_descriptions_mean(page: tuple[str, ...], seen: set[str]) -> None:
    names = "TED\nA.\n\nANN\nB.\n\nLEE\nC.\n\nELI\nHe is a man.\n\nCHILDS\nD.\n\nWINSTON\nE.\n"
    before = "INT. PLANE - DAY\n\nWINSTON waves. He laughs.\n\n"
    assert shown(*page, before=before, after=f"INT. YARD - DAY\n\n{names}") == seen


def test_a_silence_in_talk_shows_who_is_silent() -> None:
    talk, after = "ANN\nShe is here.\n\nTED\nI will tell her.\n", "ANN\nDo.\n"
    assert shown("TED sits with ANN.", talk, "A brief silence.", after=after) == {"TED", "ANN"}
    # So are who asks and who is asked, though they say nothing.
    asks = "TED\nIs it far?\n"
    more = "TED\nIs it?\n"
    assert shown("TED sits. ANN drives.", asks, "No answer.", after=more) == {"TED", "ANN"}
    assert shown("TED sits. ANN drives.", asks, "No reply.", "TED sighs.") == {"TED"}
    # What happens without anybody shows nobody, but for whoever speaks after it.
    assert shown("TED sits with ANN.", talk, "The lamp falls over.", after=after) == {"ANN"}


def test_who_spoke_last_is_meant_first() -> None:
    talk = "TED\nYes.\n\nLEE\nNo.\n\nTED\nYes.\n\nANN\nTed, come on.\n"
    assert shown("TED, LEE and ANN wait.", talk, "She drags him off.") == {"TED", "ANN"}


def test_they_who_open_a_scene_are_those_before_who_also_speak_in_it() -> None:
    before = "INT. PLANE - DAY\n\nTED and ANN get up. ELI waves.\n\nTED\nBye.\n\n"
    seen = shown("They come in, laughing.", before=before, after=f"LEE\nHi.\n\n{TED_AND_ANN}")
    assert seen >= {"TED", "ANN"}
    assert "ELI" not in seen
    talk = f"{TED_AND_ANN}INT. CELLAR - DAY\n\nELI\nNo.\n"
    four = shown("The three of them stroll along the quay.", before=before, after=talk)
    assert four == {"TED", "ANN", "ELI"}
    # Where nobody speaks, or one of them, they are the two whom the picture before had; of more
    # than two nobody knows who went on.
    two = "INT. PLANE - DAY\n\nTED and ANN get up.\n\nTED\nBye.\n\n"
    silent = f"INT. CELLAR - DAY\n\n{TED_AND_ANN}ELI\nNo.\n"
    assert shown("They tumble down a chute.", before=two, after=silent) == {"TED", "ANN"}
    assert shown("They tumble down a chute.", before=before, after=silent) == set()
    one = f"TED\nOuch.\n\nINT. CELLAR - DAY\n\n{TED_AND_ANN}"
    assert shown("They tumble down a chute.", before=two, after=one) == {"TED", "ANN"}
    pair = f"TED\nOuch.\n\nLEE\nOh.\n\nINT. CELLAR - DAY\n\n{TED_AND_ANN}"
    assert shown("They tumble down a chute.", before=before, after=pair) == {"TED", "LEE"}
    assert shown("A crate sinks as they get off.", before=before, after=one) == {"TED"}
    other = f"LEE\nHi.\n\nINT. CELLAR - DAY\n\n{TED_AND_ANN}"
    assert shown("They tumble down a chute.", before=before, after=other) == {"LEE"}


def test_whoever_only_owns_something_elsewhere_is_not_he() -> None:
    page = ("TED (40) sits up.", "He remembers ELI's advice. The dog waits for him to leave.")
    assert shown(*page, before="INT. DEN - DAY\n\nELI (60) waits.\n\n") == {"TED", "DOG"}
    # Where nobody else is there it is.
    assert shown("ELI's door opens. He steps out.", after="ELI\nYes?\n") == {"ELI"}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("TED's vision blurs. He falls over.", {"TED"}),
        ("TED's pulse races. He gulps.", {"TED"}),
    ],
)
def test_whose_senses_fail_is_seen(said: str, seen: set[str]) -> None:
    page = ("ELI (60) waits by TED (30).", "ELI leaves.", said)
    assert shown(*page) == seen


def test_a_man_may_have_the_name_of_a_woman() -> None:
    often = "\n\n".join(f"Tony sits down {n} times. She laughs." for n in range(6))
    page = ("TONY waits by LEE (a man).", "LEE nods to her.")
    assert shown(*page, before=f"INT. DEN - DAY\n\n{often}\n\n", after="TONY\nNo.\n") == {
        "TONY", "LEE",
    }  # fmt: skip
    # A voice told by its sex is he or she as well.
    lab = ("TED walks in. A bell rings.", "FEMALE GUIDE\nStop here.\n", "He stops.")
    assert shown(*lab) == {"TED"}


def test_the_others_are_who_speak_in_the_scene() -> None:
    seen = shown("TED waves.", "The others watch.", after="ANN\nOh!\n\nLEE\nWhat?\n")
    assert seen >= {"ANN", "LEE"}


def test_everybody_is_the_crowd_where_one_is_there() -> None:
    names = f"INT. YARD - DAY\n\n{TED_AND_ANN}LEE\nYes.\n"
    page = ("The crowd watches TED.", "Everyone at the table turns toward ANN, outraged.")
    assert "CROWD" in shown(*page, after=names)
    # Of a few with names it is they, and so it is of a group.
    few = shown("TED sits with ANN.", "Everyone at the table laughs.", after=names)
    assert few == {"TED", "ANN"}
    group = shown("TED, ANN and LEE wait.", "BO (30) stops the group.", after=names)
    assert group == {"TED", "ANN", "LEE", "BO"}


def test_others_of_a_crowd_are_nobody_who_speaks_later() -> None:
    seen = shown(
        "The bettors are queued up in lines. Others wait.", after="INT. X - DAY\n\nTED\nHi.\n"
    )
    assert seen == {"BETTORS"}


def test_who_left_is_not_one_of_them() -> None:
    after = "INT. X - DAY\n\nTED\nA.\n\nANN\nB.\n\nLEE\nC.\n\nBO\nD.\n\nCY\nE.\n"
    page = ("TED, ANN, LEE, BO and CY sit.", "CY and BO leave as TED waves to ANN.", "They laugh.")
    assert shown(*page, after=after).isdisjoint({"CY", "BO"})


def test_who_touches_a_shoulder_touches_anothers() -> None:
    after = "INT. X - DAY\n\nTED\nA.\n\nLEE\nC.\n"
    page = ("TED shakes hands with LEE.", "Ted pats his shoulder and walks off.")
    assert shown(*page, after=after) == {"TED", "LEE"}


def test_a_waitress_who_is_not_somebody_is_another() -> None:
    page = ("A waitress, LORETTA, waves at TED (40).", "She waves.")
    before = "INT. BAR - DAY\n\n" + "\n\n".join(page) + "\n\nLORETTA\nHi.\n\n"
    assert shown("The waitress on duty is not Loretta.", before=before) == {"WAITRESS"}


def test_a_crowd_makes_room_for_those_with_a_name() -> None:
    names = ["AL", "BO", "CY", "DEE", "FAY", "GUS"]
    page = f"People shout. {' (40), '.join(names[:-1])} (40) and GUS (40) run."
    assert shown(page) == set(names)


def test_a_sentence_may_begin_with_a_comma() -> None:
    assert shown(", a man suddenly steps between TED (40) and ANN (30).") >= {"TED", "ANN"}


def test_a_peoples_adjective_and_a_wifes_surname_are_nobody_else() -> None:
    cues = "INDIAN\nHello.\n\nLANE\nHello.\n\nHELEN\nYes.\n\n"
    before = f"EXT. ROAD - DAY\n\nThe men wait.\n\n{cues}"

    assert shown("An Indian army doctor yawns.", before=before) == {"DOCTOR"}
    assert shown("Her name is HELEN GRANT LANE.", before=before) == {"HELEN"}
    assert shown("The Indian yawns.", before=before) == {"INDIAN"}


def test_the_guitarist_is_one_of_those_who_are_there() -> None:
    assert shown("TED (40) rings. ANN (30) knows him, as the tired guitarist yawns.") == {
        "TED",
        "ANN",
    }
    assert shown("TED (40) rings. A guitarist yawns.") == {"TED", "GUITARIST"}


def test_the_girl_is_no_niece_of_another_scene() -> None:
    before = "EXT. PARK - DAY\n\nTED (40) rides with his niece.\n\n"

    assert shown("The girl sits.", before=before) == {"GIRL"}


TALKED = f"INT. CAR - DAY\n\nRain.\n\n{TED_AND_ANN}MOE\nYes.\n\n"


def test_who_is_called_names_is_nobody_else() -> None:
    assert shown("TED nods.", "The bastard son of a thousand fools frowns.", before=TALKED) <= {
        "TED"
    }


def test_they_are_who_does_something_and_to_whom() -> None:
    page = ("MOE (30) and a GUARD sit by ANN.", "TED comes in.", "He waves to ANN and they go.")
    assert shown(*page, before=TALKED) == {"TED", "ANN"}


def test_a_new_man_whose_name_stands_beside_is_that_one() -> None:
    said = "In the car are TED and a new man, MOE, thin and pale."
    assert shown(said, before=TALKED) == {"TED", "MOE"}


def test_a_verb_in_capitals_after_a_name_is_no_beast() -> None:
    assert shown("Ted DUCKS - a plate flies past.", before=TALKED) == {"TED"}


def test_they_are_whose_skeletons_were_just_seen() -> None:
    page = ("Some CHILDREN dance round TED and ANN.", "MOE waits.", "A WAITRESS smiles.")
    said = "The children's skeletons. TED flinches as he sinks into them and they circle."
    assert shown(*page, said, before=TALKED) == {"CHILDREN", "TED"}


def test_it_is_no_baby_of_the_paragraph_before() -> None:
    page = ("A baby cries on a bench. TED nods.", "A tall woman stands by it.")
    assert shown(*page, before=TALKED) == {"WOMAN"}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("I stop at the door. ANN waits.", {"ME", "ANN"}),
        ("ANN runs past me.", {"ME", "ANN"}),
        ("I'm asleep.", {"ME"}),
    ],
)
def test_whoever_tells_a_page_in_the_first_person_is_seen(said: str, seen: set[str]) -> None:
    assert shown(said, before="INT. BAR - DAY\n\nME\nHello.\n\nANN\nHello.\n\n") == seen


def test_nobody_is_i_where_nobody_is_cued_so() -> None:
    assert shown("ANN laughs. I stop.", before="INT. BAR - DAY\n\nANN\nHello.\n\n") == {"ANN"}

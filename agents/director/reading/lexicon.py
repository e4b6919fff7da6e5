"""English words -> what they mean for a shot, as tables: deeds, relations, directions, places.

A verb names a motion (the id that a world would use for it) and a path (how a body that does it
moves through the frame). `near` marks a verb that the motion only resembles, so that whoever
draws it so can say it. Words are base forms; `inflection` brings the others back to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ....story import SideRelation

Path = Literal[
    "stay", "lie", "walk", "run", "hop", "jump", "rise", "descend", "glide", "turn", "flip", "roomy"
]
Bond = Literal[
    SideRelation, "behind", "in-front-of", "beside", "between",
    "toward", "away-from", "chase", "follow", "lead", "meet", "carry", "cross", "face",
]  # fmt: skip
Direction = Literal["left", "right", "up", "down", "away"]
Spot = Literal["left", "right", "middle", "far", "near", "high"]


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb does; `bond` is what it says of its object, `near` that `motion` is only akin."""

    motion: str
    path: Path
    near: bool = False
    bond: Bond | None = None


def _verbs(words: str, motion: str, path: Path, near: bool = False) -> dict[str, Verb]:
    return {word: Verb(motion, path, near) for word in words.split()}


VERBS: dict[str, Verb] = {
    **_verbs(
        "stand wait stop pause halt freeze stay remain rest linger pose wake", "stand", "stay"
    ),
    **_verbs(
        "look watch stare gaze glance listen speak say talk whisper shout call sing think nod "
        "smile laugh cry sigh shiver tremble blink yawn open close put hold see find hear read "
        "eat drink hide wonder point drop pick hesitate breathe sniff turn hug "
        "kiss shake light lift notice grin wink wag stretch crouch lean rub give hand appear own "
        "scratch frown stir feel smell taste dream hum whistle beam keep",
        "stand",
        "stay",
        near=True,
    ),
    **_verbs(
        "walk stroll wander trot stride amble march pad plod step trudge roam saunter tread pace",
        "walk",
        "walk",
    ),
    **_verbs(
        "go come move travel enter leave arrive return reach head cross crawl creep sneak tiptoe "
        "waddle limp shuffle stumble hurry advance retreat back exit climb wade swim slide roll "
        "ride explore search slip stagger prowl stalk",
        "walk",
        "walk",
        near=True,
    ),
    **_verbs("run rush dash race sprint gallop scamper scurry dart bolt flee charge", "run", "run"),
    **_verbs("hop skip bounce bound", "hop", "hop"),
    **_verbs("prance frolic romp", "hop", "hop", near=True),
    **_verbs("dance waltz", "dance", "stay"),
    **_verbs("sway", "dance", "stay", near=True),
    **_verbs("wave", "wave", "stay"),
    **_verbs("beckon", "wave", "stay", near=True),
    **_verbs("sit", "sit", "stay"),
    **_verbs("perch squat", "sit", "stay", near=True),
    **_verbs("jump leap", "jump", "jump"),
    **_verbs("spring vault cheer", "jump", "jump", near=True),
    **_verbs("fly rise soar ascend", "fly", "rise"),
    **_verbs("float", "fly", "rise", near=True),
    **_verbs("glide drift swoop sail hover circle", "glide", "glide"),
    **_verbs("land alight descend", "land", "descend"),
    **_verbs("fall sink dive plunge", "land", "descend", near=True),
    **_verbs("bow curtsy curtsey", "bow", "stay"),
    **_verbs("kneel", "bow", "stay", near=True),
    **_verbs("sleep doze nap slumber snooze snore", "sleep", "lie"),
    **_verbs("lie lay", "sleep", "lie", near=True),
    **_verbs("spin twirl whirl pirouette rotate", "spin", "turn"),
    **_verbs("somersault flip", "somersault", "flip"),
    **_verbs("tumble cartwheel", "somersault", "flip", near=True),
    "chase": Verb("run", "run", bond="chase"),
    "pursue": Verb("run", "run", bond="chase"),
    "hunt": Verb("run", "run", near=True, bond="chase"),
    "follow": Verb("walk", "walk", bond="follow"),
    "trail": Verb("walk", "walk", bond="follow"),
    "lead": Verb("walk", "walk", bond="lead"),
    "guide": Verb("walk", "walk", near=True, bond="lead"),
    "meet": Verb("walk", "walk", bond="meet"),
    "carry": Verb("walk", "walk", bond="carry"),
    "pass": Verb("walk", "walk", bond="cross"),
    "approach": Verb("walk", "walk", bond="toward"),
    "join": Verb("walk", "walk", bond="toward"),
    "visit": Verb("walk", "walk", near=True, bond="toward"),
    "face": Verb("stand", "stay", bond="face"),
    "greet": Verb("stand", "stay", near=True, bond="face"),
    "thank": Verb("stand", "stay", near=True, bond="face"),
}

# Verbs whose plain object is somebody they deal with: "watches the OWL", "sees the OWL".
FACING_VERBS = frozenset(
    "look watch stare gaze glance listen speak say talk whisper shout call see find hear nod "
    "smile wave face greet thank hug kiss bow curtsy notice point give hand".split()
)

# A verb and a word soon after it that make another deed of it.
PHRASES: dict[tuple[str, str], Verb] = {
    **{(v, "down"): VERBS["land"] for v in ("come", "fly", "float", "drop", "touch", "glide")},
    **{(v, "off"): VERBS["fly"] for v in ("take", "lift")},
    **{(v, "asleep"): VERBS["sleep"] for v in ("be", "fall", "lie", "drop")},
    ("go", "sleep"): VERBS["sleep"],
    ("fast", "asleep"): VERBS["sleep"],
    ("curl", "up"): Verb("sleep", "lie", near=True),
    ("settle", "down"): Verb("sleep", "lie", near=True),
    ("lie", "down"): Verb("sleep", "lie", near=True),
    ("stand", "still"): VERBS["stand"],
    ("get", "up"): VERBS["stand"],
    ("look", "around"): Verb("look", "stay"),
    ("look", "about"): Verb("look", "stay"),
    ("look", "left and right"): Verb("look", "stay"),
    ("wave", "hello"): VERBS["wave"],
    ("turn", "round and round"): VERBS["spin"],
    ("turn", "around and around"): VERBS["spin"],
    ("go", "round and round"): VERBS["spin"],
    ("turn", "head over heels"): VERBS["somersault"],
    ("go", "head over heels"): VERBS["somersault"],
    ("roll", "head over heels"): VERBS["somersault"],
    ("bounce", "up and down"): VERBS["jump"],
    ("hop", "up and down"): VERBS["jump"],
    ("skip", "up and down"): VERBS["jump"],
    ("float", "across"): VERBS["glide"],
    ("fly", "across"): VERBS["glide"],
    ("fly", "past"): VERBS["glide"],
}

# Verbs that mean what their noun means: "takes a bow", "does a somersault".
LIGHT_VERBS = frozenset("do make take give have perform turn try".split())
DEED_NOUNS: dict[str, str] = {
    "somersault": "somersault", "flip": "somersault", "cartwheel": "cartwheel", "bow": "bow",
    "curtsy": "curtsy", "nap": "nap", "snooze": "snooze", "rest": "rest", "spin": "spin",
    "twirl": "twirl", "pirouette": "pirouette", "leap": "leap", "jump": "jump", "hop": "hop",
    "skip": "skip", "walk": "walk", "stroll": "stroll", "run": "run", "dance": "dance",
    "flight": "fly", "step": "step",
}  # fmt: skip

# Verbs that only begin, go on with or end the deed that follows: "begins to hop".
PHASE_VERBS = frozenset("begin start continue try manage keep come go stop get".split())
ENDING_VERBS = frozenset("stop finish cease".split())
BE = frozenset("be".split())
MODALS = frozenset("will would can could may might must shall should do have be".split())

# Where the verb is unknown to a world, what resembles it most, best first.
NEAREST_MOTIONS: dict[str, tuple[str, ...]] = {
    "run": ("walk", "hop"),
    "glide": ("fly",),
    "hop": ("jump", "walk"),
    "jump": ("hop",),
    "fly": ("jump",),
    "land": ("fly",),
    "bow": ("stand",),
    "sleep": ("stand",),
    "walk": ("run",),
    "wave": ("stand",),
    "sit": ("stand",),
    "look": ("stand",),
    "dance": ("hop", "stand"),
}

NEGATIONS = frozenset({"not", "never", "n't", "without", "nor", "hardly", "barely"})
STILL_WORDS = frozenset({"still", "motionless", "frozen", "awake", "silent", "alone", "quiet"})

BONDS: dict[str, Bond] = {
    "to the left of": "left-of",
    "on the left of": "left-of",
    "left of": "left-of",
    "to the right of": "right-of",
    "on the right of": "right-of",
    "right of": "right-of",
    "in front of": "in-front-of",
    "on top of": "above",
    "high over": "above",
    "next to": "beside",
    "close to": "beside",
    "together with": "beside",
    "side by side with": "beside",
    "away from": "away-from",
    "out from under": "away-from",
    "up to": "toward",
    "over to": "toward",
    "back to": "toward",
    "in the direction of": "toward",
    "face to face with": "face",
    "across from": "face",
    "beneath": "below",
    "under": "below",
    "underneath": "below",
    "below": "below",
    "above": "above",
    "over": "above",
    "atop": "above",
    "behind": "behind",
    "before": "in-front-of",
    "beside": "beside",
    "by": "beside",
    "near": "beside",
    "alongside": "beside",
    "with": "beside",
    "between": "between",
    "toward": "toward",
    "towards": "toward",
    "to": "toward",
    "after": "chase",
    "on the heels of": "chase",
    "at the heels of": "chase",
    "past": "cross",
    "around": "cross",
    "from": "away-from",
    "at": "face",
    "against": "beside",
    "among": "beside",
}

# How two do something to each other: "pass each other", "cross paths".
MUTUAL: dict[str, Bond] = {
    "pass": "cross", "cross": "cross", "meet": "meet", "approach": "meet", "join": "meet",
    "face": "face", "chase": "chase", "greet": "face", "hug": "beside",
}  # fmt: skip
MUTUAL_BONDS: dict[Bond, Bond] = {"toward": "meet", "cross": "cross", "face": "face"}

DIRECTIONS: dict[str, Direction] = {
    "from left to right": "right",
    "from right to left": "left",
    "from the left": "right",
    "from the right": "left",
    "to the left": "left",
    "to the right": "right",
    "to its left": "left",
    "to its right": "right",
    "leftwards": "left",
    "leftward": "left",
    "rightwards": "right",
    "rightward": "right",
    "left": "left",
    "right": "right",
    "up and down": "up",
    "upward": "up",
    "upwards": "up",
    "up": "up",
    "downward": "down",
    "downwards": "down",
    "down": "down",
    "away": "away",
}
# What `left` and `right` are not a direction before: "right away", "right behind".
NOT_DIRECTION = frozenset("away now behind here there then of beside under above next".split())

SPOTS: dict[str, Spot] = {
    "on the left": "left",
    "at the left": "left",
    "on the right": "right",
    "at the right": "right",
    "in the middle": "middle",
    "in the center": "middle",
    "in the centre": "middle",
    "at the center": "middle",
    "in the background": "far",
    "in the distance": "far",
    "on the horizon": "far",
    "far away": "far",
    "far off": "far",
    "in the foreground": "near",
    "close to the camera": "near",
    "close up": "near",
    "up close": "near",
    "in close-up": "near",
    "overhead": "high",
    "high above": "high",
    "high up": "high",
    "up high": "high",
}

NUMBERS: dict[str, int] = {
    "two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5, "pair": 2,
}  # fmt: skip

SUBJECT_PRONOUNS = frozenset("he she it who".split())
OBJECT_PRONOUNS = frozenset("him her it them".split())
GROUP_WORDS = frozenset(
    "they them both all everyone everybody together friends animals companions".split()
)
EACH_OTHER = ("each other", "one another", "paths")

DETERMINERS = frozenset(
    "a an the this that these those his her its their my your our some any each every another "
    "no one two three four five old little small big".split()
)
PREPOSITIONS = frozenset(
    "in on at of to from by with without into onto over under beneath below above behind beside "
    "near through across along around past toward towards between among against inside outside "
    "underneath upon before after off out up down beyond like as until during for".split()
)
CONJUNCTIONS = frozenset("and then but while as when or before after until so yet where".split())
# Words that may stand between a subject and its verb.
FILLERS = frozenset(
    "then now just also again still only first once twice finally suddenly soon both all "
    "together alone too even always often there here each almost".split()
)

# Capitals that are no names: sounds, camera and cutting words of the trade.
NO_NAMES = frozenset(
    "med closeup bang crash boom thud click snap crack pop splash whoosh roar beat close angle "
    "pov cut wide "
    "shot insert later end fade in out on the a an i ok no yes super title montage intercut back "
    "vo os ext int day night morning continuous and of to we it he she they his her wham ring "
    "knock rumble thunder silence scream howl hoot then".split()
)

# Paragraphs made of these words alone film nothing.
# What there is where people are silent, and what there is none of.
SILENCES = frozenset("silence pause beat hesitation".split())
UNANSWERED = frozenset("response answer answers reply reaction comment".split())
PAUSES = frozenset(
    "a an the beat pause silence silent quiet stillness nothing moment moments long short then "
    "later and of all it is there still for now wait waits everything stops happens very".split()
)

"""The words of the language: directives, metrics, relations, camera moves, title keys.

The grammar knows one shape for all directives; what each of them takes stands here and nowhere
else. The checker reads it, and so do completion, hover and the reference page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ..story import ShotKind

Unit = Literal["s", "ms", "f", "%"]
TIME_UNITS: tuple[Unit, ...] = ("s", "ms", "f", "%")


@dataclass(frozen=True, slots=True)
class DirectiveSpec:
    """One directive. `takes` is what stands in its head, `where` what it belongs to.

    `options` are the keys of its pairs, `statements` the first words of its block's statements
    (empty: any). `once` holds for a scene, or for each entity in it where it `takes` one.
    `acted_on` is False for what is kept in the Story while no director, engine or cut uses it.
    """

    name: str
    summary: str
    usage: str
    where: Literal["story", "scene", "anywhere"]
    takes: Literal["entity", "new name", "words", "values", "nothing"] = "values"
    prose: bool = False
    block: Literal["none", "optional", "required"] = "none"
    options: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    once: bool = False
    acted_on: bool = True
    default: str | None = None


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A metric of `@expect`: its range, and whether it is measured of an entity."""

    name: str
    summary: str
    low: float = 0.0
    high: float = 1.0
    subject: Literal["none", "optional"] = "none"


def _table(specs: Iterable[DirectiveSpec]) -> Mapping[str, DirectiveSpec]:
    return MappingProxyType({spec.name: spec for spec in specs})


_LOOK_STATEMENTS = ("reference", "voice", "lora")
SHOT_STATEMENTS = (
    "camera", "layout", "motion", "depth", "seed", "expect", "replan", "tries", "style", "negative",
    "audio",
)  # fmt: skip

DIRECTIVES: Mapping[str, DirectiveSpec] = _table(
    [
        DirectiveSpec(
            "character",
            "Declares one of the cast; published models learn it from pictures, or take a lora.",
            '@character FOX: a small red fox { reference "refs/fox.png" }',
            "story",
            "new name",
            prose=True,
            block="optional",
            statements=_LOOK_STATEMENTS,
        ),
        DirectiveSpec(
            "prop",
            "Declares a thing that appears in the story.",
            "@prop LANTERN: a dented brass lantern",
            "story",
            "new name",
            prose=True,
            block="optional",
            statements=_LOOK_STATEMENTS,
        ),
        DirectiveSpec(
            "location",
            "Says how a place looks that headings name.",
            "@location RIVER: a frozen river between birches",
            "story",
            "new name",
            prose=True,
            block="optional",
            statements=("reference",),
        ),
        DirectiveSpec(
            "style",
            "Adds to the look of the film, or of the scene it stands in; replaces it without add.",
            '@style add "soft rim light"',
            "anywhere",
        ),
        DirectiveSpec(
            "negative",
            "Says what must not be seen, in the film or in the scene it stands in.",
            '@negative "text, watermark"',
            "anywhere",
        ),
        DirectiveSpec(
            "defaults",
            "Holds for every scene that says nothing else.",
            "@defaults { duration 49f; seed 7; expect layout >= 0.4; tries 3 }",
            "story",
            "nothing",
            block="required",
            statements=("duration", "seed", "speech", "expect", "tries", "camera", "replan"),
            once=True,
        ),
        DirectiveSpec(
            "duration", "Fixes how long the scene lasts.", "@duration 5s", "scene", once=True
        ),
        DirectiveSpec("seed", "Fixes the scene's seed.", "@seed 7", "scene", once=True),
        DirectiveSpec(
            "speech",
            "Says how many characters of a line are spoken, and read, in a second.",
            "@speech 12",
            "scene",
            once=True,
            default="15",
        ),
        DirectiveSpec(
            "camera",
            "Says how the camera moves.",
            "@camera pan-right slow",
            "scene",
            "words",
            block="optional",
            options=("amount", "ease", "on", "speed"),
            once=True,
            default="static",
        ),
        DirectiveSpec(
            "shot",
            "Cuts the scene into shots of the writer's own.",
            "@shot CLOSE 3s on=FOX { camera static }",
            "scene",
            block="optional",
            options=("on",),
            statements=SHOT_STATEMENTS,
        ),
        DirectiveSpec(
            "layout",
            "Says where an entity is, by keyframes, and how it gets from one to the next.",
            "@layout FOX { 0s: box (0.1, 0.4, 0.4, 0.9) ease-in-out; end: at right-third }",
            "scene",
            "entity",
            block="optional",
            options=("ease",),
            once=True,
        ),
        DirectiveSpec(
            "depth",
            "Says who stands before whom: front, back, before OWL or behind OWL.",
            "@depth FOX front",
            "scene",
            "entity",
        ),
        DirectiveSpec(
            "motion",
            "Says what an entity does, and when; a lora of your own may draw it.",
            "@motion FOX { 0s..2s: walk; 2s..end: leap }",
            "scene",
            "entity",
            block="optional",
            options=("strength",),
        ),
        DirectiveSpec(
            "expect",
            "Says what must hold of the rendered shot.",
            "@expect motion.FOX >= 0.6, FOX left-of OWL",
            "scene",
        ),
        DirectiveSpec(
            "replan",
            "Says what the machine may change although it is pinned.",
            "@replan motion, keep=(layout, camera)",
            "scene",
            "words",
            options=("keep",),
            once=True,
        ),
        DirectiveSpec(
            "tries", "Bounds how often a shot is rendered.", "@tries 3", "scene", once=True
        ),
        DirectiveSpec(
            "take",
            "Lets the film show this take of the scene's first shot, or of the one that is named.",
            "@take 2 shot=3",
            "scene",
            options=("shot",),
        ),
        DirectiveSpec(
            "voice",
            "Says with which voice, when, how high, fast and loud somebody speaks: in a scene "
            "their next line, above the first heading all of them.",
            '@voice FOX "en_US-joe-medium" start=3.2s pitch=1.2 rate=0.9 gain=-3',
            "anywhere",
            options=("pitch", "rate", "gain", "start"),
        ),
        DirectiveSpec(
            "audio",
            "Lays a sound under the scene, or under the shot in whose block it stands.",
            '@audio "wind.ogg" loop start=1s gain=-6 fade=0.5s',
            "scene",
            options=("start", "gain", "fade"),
        ),
        DirectiveSpec(
            "music",
            "Plays music from here to the end of the section, or until other music or none.",
            '@music "theme.ogg" gain=-12 fade=2s',
            "anywhere",
            options=("gain", "fade"),
        ),
        DirectiveSpec(
            "use",
            "Shares the cast and the locations of another story.",
            '@use "cast.story"',
            "story",
        ),
        DirectiveSpec(
            "motion-library",
            "Adds a folder of clips for this story's motions.",
            '@motion-library "motions"',
            "story",
        ),
    ]
)

METRICS: Mapping[str, MetricSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in [
            MetricSpec("text", "the right description against distractors"),
            MetricSpec("clip", "raw CLIP cosine; real models only", low=-1.0),
            MetricSpec("layout", "tracked against planned boxes", subject="optional"),
            MetricSpec("identity", "likeness to references", subject="optional"),
            MetricSpec("motion", "the planned motion recognised", subject="optional"),
            MetricSpec("place", "the place recognised"),
            MetricSpec("join", "likeness across the cut"),
        ]
    }
)

# What is said of one, where `RELATIONS` are said of two.
PRESENCES = ("present", "absent")

REPLANNABLE = (
    "motion", "layout", "place", "identity", "seed", "join", "duration", "camera", "style"
)  # fmt: skip

CAMERA_MOVES = (
    "static",
    "pan-left",
    "pan-right",
    "tilt-up",
    "tilt-down",
    "dolly-in",
    "dolly-out",
    "zoom-in",
    "zoom-out",
    "truck-left",
    "truck-right",
    "crane-up",
    "crane-down",
    "orbit-left",
    "orbit-right",
    "follow",
    "handheld",
    "shake",
    "wide",
    "medium",
    "close-up",
)
CAMERA_PACES = ("slow", "fast", "gentle")

# Kind of shot -> other words for it; how large each shows who is in it, the director knows.
SHOT_KINDS: Mapping[ShotKind, tuple[str, ...]] = MappingProxyType(
    {
        "establishing": ("extreme-wide", "extreme-long", "est"),
        "wide": ("long", "ws", "master"),
        "full": ("fs",),
        "medium": ("ms", "mid", "two-shot", "cowboy"),
        "close": ("close-up", "closeup", "cu"),
        "insert": ("extreme-close-up", "ecu", "detail"),
    }
)

# Verbs that any open-vocabulary video model has seen; asked only where no engine lists its own.
COMMON_MOTIONS = frozenset(
    (
        "appear approach bark bend blink blow bounce bow breathe carry catch chase cheer "
        "circle clap climb crack crawl creep crouch cry dance dig dive drift drink drive drop "
        "duck eat enter fall flap flee float flow fly follow gallop glide glow grab hang hide "
        "hit hold hop hover hug hunt jog jump kick kneel knock laugh lean leap leave lie lift "
        "listen look loom march melt move nod open paint peck pick play point pour pull push "
        "rain raise reach read rest ride rise roll row run sail shake shiver sing sink sit "
        "skate skid skip sleep slide smile sneak sniff snow soar speak spin stand stare stay "
        "step stop stretch stroll swim swing swirl take talk throw tilt trot tumble turn "
        "twirl wade wait wake walk watch wave whirl whisper wobble work write yawn"
    ).split()
)

TITLE_KEYS = (
    "Title",
    "Credit",
    "Author",
    "Authors",
    "Source",
    "Notes",
    "Date",
    "Draft date",
    "Revision",
    "Contact",
    "Copyright",
    "Language",
    "Style",
    "Negative",
    "Seed",
    "Resolution",
    "FPS",
    "Strict",
)

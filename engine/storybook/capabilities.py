"""The world's vocabulary -> what directors and checkers may know of an engine that draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...plan import Capabilities, KindWords, PeopleWords
from .nearest_places import nearest_places
from .weights import FOLDER
from .world.additions import (
    ALL_MOTIONS,
    ALL_PLACES,
    CARRIED,
    CROWN,
    FIRST_INDOORS,
    FRAMED,
    FRAMING_WORDS,
    INDOORS,
    MORE_MOTIONS,
    WINDOW_WORDS,
    WINDOWED,
)
from .world.figures.builds import PAINTS
from .world.figures.sprites import PERSON_SIZE, resting_size
from .world.others import Kind, kinds, own_motions, verbs
from .world.people import PERSON, table
from .world.vocabulary import (
    ACCESSORIES,
    ACCESSORY_COLOURS,
    BASE_MOTIONS,
    CHARACTERS,
    HELD_OUT_MOTIONS,
    INTERACTIONS,
    MOTIONS,
    PLACES,
    Light,
    Place,
    PlaceSetting,
)
from .world.words.phrasing import view

# Other words for the world's ids, as writers use them.
SYNONYMS: dict[str, str] = {
    "bunny": "rabbit", "hare": "rabbit", "kitten": "cat", "piglet": "pig", "cub": "bear",
    "toad": "frog", "vixen": "fox", "owlet": "owl", "puppy": "dog", "hound": "dog",
    "duckling": "duck", "lamb": "sheep", "ewe": "sheep", "calf": "cow", "tortoise": "turtle",
    "fawn": "deer", "stag": "deer",  # no "doe": its plural is what everybody does
    "field": "meadow", "grass": "meadow", "hills": "meadow",
    "mountains": "mountain", "peak": "mountain", "peaks": "mountain", "alps": "mountain",
    "pond": "lake", "lakeside": "lake", "lakeshore": "lake", "river": "lake", "riverbank": "lake",
    "barn": "farm", "farmyard": "farm", "barnyard": "farm",
    "flowerbed": "garden", "flowers": "garden", "hedge": "garden",
    "house": "room", "home": "room", "bedroom": "room", "kitchen": "room", "parlour": "room",
    "living room": "room", "cavern": "cave", "grotto": "cave", "den": "cave",
    "seaside": "beach", "shore": "beach", "coast": "beach", "sea": "beach",
    "winter": "snow", "snowy": "snow", "snowfield": "snow",
    "woods": "forest", "wood": "forest", "trees": "forest",
    "dune": "desert", "dunes": "desert",
    "street": "town", "village": "town", "houses": "town",
    "wait": "stand", "stop": "stand", "pause": "stand", "watch": "stand",
    "stroll": "walk", "wander": "walk", "trot": "walk", "march": "walk",
    "stride": "walk", "pad": "walk", "creep": "walk", "go": "walk", "come": "walk",
    "follow": "walk", "cross": "walk", "meet": "walk", "carry": "walk",
    "dash": "run", "sprint": "run", "race": "run", "rush": "run", "gallop": "run", "dart": "run",
    "scurry": "run", "flee": "run", "bolt": "run", "chase": "run", "pursue": "run",
    "greet": "wave", "beckon": "wave", "sway": "dance", "waltz": "dance", "jig": "dance",
    "perch": "sit", "squat": "sit", "look-around": "look", "glance": "look", "peer": "look",
    "bounce": "hop", "skip": "hop", "leap": "jump", "spring": "jump",
    "soar": "fly", "rise": "fly", "flutter": "fly", "descend": "land", "alight": "land",
    "nod": "bow", "curtsy": "bow", "nap": "sleep", "doze": "sleep", "snooze": "sleep",
    "twirl": "spin", "whirl": "spin", "pirouette": "spin",
    "flip": "somersault", "tumble": "somersault", "cartwheel": "somersault",
}  # fmt: skip

# Words for places that only the grown world has, and for those of the first world that it changes.
MORE_SYNONYMS: dict[str, str] = {
    "living room": "living-room", "lounge": "living-room", "parlour": "living-room",
    "parlor": "living-room", "apartment": "living-room", "flat": "living-room",
    "sitting room": "living-room", "penthouse": "living-room", "study": "office",
    "hotel room": "bedroom", "motel room": "bedroom", "hospital room": "bedroom",
    "kitchenette": "kitchen", "bakery kitchen": "kitchen", "police station": "office",
    "station house": "office", "bank": "office", "corridor": "hallway", "hall": "hallway",
    "school": "classroom", "lecture hall": "classroom", "schoolroom": "classroom", "pub": "bar",
    "tavern": "bar", "inn": "bar", "saloon": "bar", "club": "bar", "store": "shop",
    "bookshop": "shop", "bookstore": "shop", "castle": "castle-hall",
    "throne room": "castle-hall", "great hall": "castle-hall", "palace": "castle-hall",
    "taxi": "car", "cab": "car", "bedroom": "bedroom", "kitchen": "kitchen", "street": "street",
    "city": "street", "avenue": "street", "boulevard": "street", "sidewalk": "street",
    "pavement": "street", "downtown": "street", "square": "street", "backstreet": "alley",
    "alleyway": "alley", "back alley": "alley", "dock": "harbour", "docks": "harbour",
    "pier": "harbour", "port": "harbour", "harbor": "harbour", "quay": "harbour",
    "wharf": "harbour", "waterfront": "harbour", "highway": "road", "lane": "road",
    "path": "road", "roadside": "road", "crossroads": "road",
}  # fmt: skip

# Of standing figures in clips, however many are in the frame: `world.scenes.sampling.HEIGHTS`.
_TRAINED_HEIGHTS = (0.32, 0.62)
WORLD = "storybook"  # whose clips and whose critic are meant
# The width of a box of a part of somebody, beside its height, in pixels.
_FRAMINGS = {
    framing: (FRAMING_WORDS[framing], wide / (low - CROWN))
    for framing, (low, wide) in FRAMED.items()
}


def place_conditions(places: Mapping[str, Place], painted: bool) -> dict[str, dict[str, str]]:
    """Return place -> its prompts by "day", "night", "rain", "night rain" and the like.

    Through the panes of a painted room it is seen to rain or snow outside.
    """
    lights: tuple[Light | None, ...] = (None, "day", "night")
    return {
        place.id: {
            " ".join(filter(None, (light, weather if weather != "clear" else ""))): view(
                PlaceSetting(place.id, light, weather)
            )
            for light in lights
            for weather in place.weathers
            if light or weather != "clear"
        }
        | (_through_panes(place, lights) if painted and place.id in WINDOWED else {})
        for place in places.values()
    }


def _through_panes(place: Place, lights: Sequence[Light | None]) -> dict[str, str]:
    """Return the prompts of a room with rain or snow outside."""
    return {
        " ".join(filter(None, (light, weather))): view(PlaceSetting(place.id, light)) + words
        for light in lights
        for weather, words in WINDOW_WORDS.items()
    }


def coat_colours() -> dict[str, dict[str, tuple[int, int, int]]]:
    """Return animal -> colourway -> the colour of its coat, in 0..255."""
    found: dict[str, dict[str, tuple[int, int, int]]] = {}
    for (animal, way), paint in PAINTS.items():
        red, green, blue = bytes.fromhex(paint.coat.removeprefix("#"))
        found.setdefault(animal, {})[way] = red, green, blue
    return found


def deeds_together() -> dict[str, tuple[str, str]]:
    """Return interaction -> the words for each of its roles, "{other}" for the other one."""
    return {i.id: (i.roles[0].gerund[0], i.roles[1].gerund[0]) for i in INTERACTIONS.values()}


def people_words() -> PeopleWords:
    """Return how the world has people."""
    t = table()
    return PeopleWords(
        character=PERSON,
        values={
            "age": t.ages, "build": t.builds, "skin": t.skins, "hair": t.hairs,
            "hair_style": t.hair_styles, "garment": t.garments, "colour": t.colours,
            "headgear": t.headgears, "head_colour": t.colours,
        },
        carried=CARRIED,
        motions={m: motion.gerund[0] for m, motion in MORE_MOTIONS.items()},
        traveling=tuple(m for m, motion in MORE_MOTIONS.items() if motion.travels),
        framings=_FRAMINGS,
    )  # fmt: skip


def kind_words() -> dict[str, KindWords]:
    """Return how the world has each kind beside animals and people."""
    motions = {**ALL_MOTIONS, **own_motions()}
    return {
        kind.id: KindWords(
            size=kind.size * resting_size(kind.id, kind.colours[0], False)[1] / PERSON_SIZE[1],
            motions={m: motions[m].gerund[0] for m in kind.motions},
            traveling=tuple(m for m in kind.motions if motions[m].travels),
            verbs={m: said for m, said in verbs().items() if m in kind.motions},
            instead=dict(kind.instead),
        )
        for kind in kinds().values()
    }


def world_capabilities(
    name: str, *, clip_frames: int, fps: int, width: int, height: int, max_entities: int,
    trained: bool, metrics: tuple[str, ...] = (), grown: bool = True, others: bool = True,
) -> Capabilities:  # fmt: skip
    """Return what an engine of the storybook world can draw.

    `trained` says that a model draws, which was not taught every motion: the held-out ones come
    from the library. `grown` says that it has people and their places, `others` that it has robots,
    dragons, cars and the like.
    """
    others_known = kinds() if others else {}
    places = ALL_PLACES if grown else PLACES
    aspects = {c: resting_size(c, CHARACTERS[c].colourways[0], False)[0] for c in CHARACTERS}
    if grown:
        aspects[PERSON] = PERSON_SIZE[0] / PERSON_SIZE[1]
    for kind in others_known.values():
        wide, high = resting_size(kind.id, kind.colours[0], False)
        aspects[kind.id] = wide / high
    base = BASE_MOTIONS if trained else tuple(MOTIONS)
    return Capabilities(
        name=name,
        clip_frames=clip_frames,
        fps=fps,
        width=width,
        height=height,
        max_entities=max_entities,
        world=WORLD,
        characters={c: animal.colourways for c, animal in CHARACTERS.items()}
        | {kind.id: kind.colours for kind in others_known.values() if not kind.thing},
        things={kind.id: kind.colours for kind in others_known.values() if kind.thing},
        kinds=kind_words() if others else {},
        aspects=aspects,
        people=people_words() if grown else None,
        places={p: place.views[0] for p, place in places.items()},
        motions={m: MOTIONS[m].gerund[0] for m in base},
        library_motions={m: MOTIONS[m].gerund[0] for m in HELD_OUT_MOTIONS if trained},
        traveling=tuple(m for m, motion in MOTIONS.items() if motion.travels),
        indoors=INDOORS if grown else FIRST_INDOORS,
        conditions=place_conditions(places, trained),
        together=deeds_together(),
        accessories=ACCESSORIES,
        accessory_colors=ACCESSORY_COLOURS,
        synonyms=(_grown_synonyms() if grown else SYNONYMS) | _other_nouns(others_known),
        nearest_places=nearest_places() if grown else {},
        metrics=metrics,
        reads_style=False,
    )


def _grown_synonyms() -> dict[str, str]:
    """Return other words for the ids of the grown world, of which some stood for a room before."""
    words = SYNONYMS | MORE_SYNONYMS
    return {word: stands for word, stands in words.items() if word not in ALL_PLACES}


def _other_nouns(known: Mapping[str, Kind]) -> dict[str, str]:
    """Return other nouns for the kinds beside animals and people."""
    return {noun: kind.id for kind in known.values() for noun in kind.nouns if noun != kind.id}


def storybook_capabilities() -> Capabilities:
    """Return what the embedded model can draw and its critic can measure.

    People, their places and the other kinds come with their painters' weights. With figures
    underpainted there is little left to decide: few steps do, and no guidance, which halves the
    work.
    """
    drawn = world_capabilities(
        "storybook",
        clip_frames=25,
        fps=8,
        width=192,
        height=128,
        max_entities=3,
        trained=True,
        metrics=("text", "layout", "identity", "motion", "place", "join"),
        grown=all((FOLDER / f"{name}.safetensors").is_file() for name in ("people", "places")),
        others=(FOLDER / "others.safetensors").is_file(),
    )
    return drawn.model_copy(
        update={
            "steps": 5, "guidance": 1.0, "learns": ("motion", "paper figure"),
            "taught_heights": _TRAINED_HEIGHTS,
        }
    )  # fmt: skip

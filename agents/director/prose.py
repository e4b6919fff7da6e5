"""Who, what and where in few words -> long, concrete prose, as video models were trained on.

Captions of such models tell how a body moves and what there is to see in a place. What the page
leaves out is added from tables of what is nearly always so; what it says stands first, as it is.
A caption that came with a plan is itself such prose, and is taken whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...plan import Beat
from .reading.glossary import tokens
from .reading.inflection import gerund, singular, with_article

# How a body does what it does. The verb itself stands before these words.
MANNERS = {
    "bow": "bending forward from the waist and rising again",
    "climb": "pulling itself up bit by bit, one limb after the other",
    "dance": "stepping from side to side in an even rhythm",
    "eat": "the head lowered, chewing slowly",
    "fall": "dropping quickly, limbs spread",
    "fly": "with wide, even beats of the wings",
    "hop": "in short hops, both feet leaving the ground at once",
    "jump": "off the ground with bent knees, and landing softly",
    "look": "turning the head slowly from one side to the other",
    "nod": "the head moving slowly down and up",
    "roll": "over and over along the ground",
    "run": "fast, with long strides",
    "sit": "upright and at rest, with small movements of the head",
    "sleep": "with closed eyes, the body rising and sinking with each breath",
    "somersault": "heels over head, the whole body turning over in the air",
    "spin": "round and round on the spot",
    "stand": "at rest, with small movements of the head",
    "swim": "with smooth strokes, half in the water",
    "talk": "the mouth moving, with small gestures",
    "walk": "with steady, even steps",
    "wave": "one arm raised and moving from side to side",
}
# What there is to see in a place, by a word of its name.
SIGHTS = {
    "beach": "pale sand, low waves that roll in and a wide horizon",
    "castle": "high stone walls, towers and small windows",
    "cave": "rough rock walls and a dim light from the entrance",
    "city": "tall buildings, windows and a paved street",
    "desert": "dunes of yellow sand under a wide sky",
    "field": "low crops in rows and a wide sky",
    "forest": "tall trunks, green undergrowth and leaves on the ground",
    "garden": "flower beds, low hedges and short grass",
    "house": "plain walls, a door and windows",
    "kitchen": "a table, a stove and shelves with pots",
    "lake": "still water that mirrors the shore",
    "meadow": "long green grass and small wild flowers",
    "mountain": "grey rock, steep slopes and far peaks",
    "park": "short grass, a path and scattered trees",
    "river": "water that flows between green banks",
    "road": "a long straight road with grass on both sides",
    "room": "plain walls, a floor of boards and a window",
    "sea": "dark waves up to the horizon",
    "snow": "deep white snow on the ground",
    "stage": "a floor of boards and a plain curtain behind",
    "street": "houses on both sides and a paved road",
    "woods": "tall trunks, green undergrowth and leaves on the ground",
}
# The light, by a word for the time; the first that is named counts.
LIGHTS = {
    "night": "cool moonlight and deep shadows",
    "dawn": "pale pink light from a low sun",
    "dusk": "the last warm light of a sun that has set",
    "sunset": "warm orange light from a low sun",
    "evening": "warm, low light and long shadows",
    "morning": "soft, clear light from a low sun",
    "day": "bright, even daylight",
}
_FIGURE = "The whole body is seen in sharp focus, with natural and fluid movement."
_PLACE = "The view is detailed, with a clear foreground, middle and distance."
# Where a model is asked for a place of which nothing is known, scenery must still be named.
_NOWHERE = "A plain, evenly lit place with a level floor and a softly blurred backdrop"


def figure_prose(look: str, beats: Sequence[Beat]) -> str:
    """Return the prompt of a region: who it is, what it does in order of time, and how."""
    who = with_article(look.strip().rstrip("."))
    captions = list(dict.fromkeys(filter(None, (caption_of(beat) for beat in beats))))
    if captions:
        return f"{' Then: '.join(_sentence(caption) for caption in captions)} {_FIGURE}"
    deeds = list(dict.fromkeys(_deed(beat) for beat in beats))
    if not deeds:
        return f"{_capital(who)}, at rest. {_FIGURE}"
    return f"{_sentence(f'{who} is ' + '; then '.join(deeds))} {_FIGURE}"


def place_prose(words: str) -> str:
    """Return the prompt of a background: the place as it is said, what is to be seen, the light."""
    spoken = [part.strip() for part in words.split(",") if part.strip()]
    heard = {word.lower() for word in tokens(words)} | {singular(w.lower()) for w in tokens(words)}
    if not spoken or spoken == ["an empty scene"]:
        return f"{_NOWHERE}. {_PLACE}"
    sights = next((sight for word, sight in SIGHTS.items() if word in heard), None)
    light = next((light for word, light in LIGHTS.items() if word in heard), LIGHTS["day"])
    place = _capital(", ".join(spoken))
    seen = f" There are {sights}." if sights else ""
    return f"{place}.{seen} It lies in {light}. {_PLACE}"


def caption_of(beat: Beat) -> str:
    """Return the caption that a plan of the authors' form gives a beat, empty where it has none.

    An import keeps it behind a semicolon, or alone where the motion is one word.
    """
    _, parted, caption = beat.detail.rpartition(";")
    caption = caption.strip()
    whole = len(tokens(caption)) > 2 and caption[:1].isupper()
    return caption if beat.pinned and caption and (parted or whole) else ""


def said_of(beat: Beat) -> str:
    """Return what the page adds to a verb; a noun that says the verb again adds nothing."""
    words = tokens(beat.detail)
    if words and singular(words[-1].lower()) == beat.motion:
        return ""
    return beat.detail


def _deed(beat: Beat) -> str:
    motion = beat.motion.replace("-", " ")
    words = " ".join(filter(None, (gerund(motion), said_of(beat))))
    manner = MANNERS.get(motion) or MANNERS.get(motion.partition(" ")[0])
    return f"{words}, {manner}" if manner else words


def _sentence(words: str) -> str:
    return f"{_capital(words.rstrip('.'))}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

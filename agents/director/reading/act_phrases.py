"""Verbs with the words after them -> the one act that they say together: "bursts into tears".

In a phrase "his" stands for every word that says whose, "self" for himself and her kin, and ","
for somebody who is named. A word of how ("slowly", "right", "back") may stand anywhere between.
"""

from __future__ import annotations

from collections.abc import Iterator

_GO = (
    "come burst step stumble stagger barge storm slip rush march stride walk stroll troop file "
    "sweep wander shuffle limp run bustle waltz breeze go hurry creep sneak trot pad amble tumble "
    "duck crash dash lurch saunter stomp swagger tiptoe trudge scurry charge strut hobble scamper "
    "squeeze slink sidle glide drift pile pour fly hop back race bolt dart head move"
).split()
_LEAVE = (
    "walk go storm step slip stride march stumble stagger rush sweep head run hurry file stalk "
    "shuffle stomp creep sneak duck troop sidle slink bustle saunter race flounce tiptoe trudge"
).split()
_TO_FEET = (
    "get rise scramble leap jump stagger spring climb struggle haul pull clamber heave come be "
    "stumble lurch bolt bound push bounce lumber lever"
).split()
_SINKS = (
    "sink drop flop collapse fall slump plop plunk plonk settle slide ease lower slouch crash "
    "subside squeeze throw fling hurl curl"
).split()
_THROWS = "throw fling swing pry pull yank tear rip slide push force kick slam burst jerk".split()
_SHUTS = "bang pull push snap swing slide slam kick ease draw yank click clang".split()


def _all(verbs: str | list[str], phrases: str, act: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield (verb, phrase) -> act for each of some verbs and of some phrases, "|" between them."""
    listed = verbs.split() if isinstance(verbs, str) else verbs
    yield from (((v, phrase.strip()), act) for v in listed for phrase in phrases.split("|"))


# A verb and words soon after it that together are another act.
ACT_PHRASES: dict[tuple[str, str], str] = dict(
    pair
    for pairs in (
        # Faces and voices.
        _all("burst break dissolve collapse", "into tears|into sobs", "cry"),
        _all("be sit collapse stand", "in tears", "cry"),
        _all("burst bust", "out crying", "cry"), _all("break", "down in tears", "cry"),
        _all("shed weep", "tears|a tear", "cry"),
        _all("burst bust", "out laughing|into laughter", "laugh"),
        _all("burst break explode dissolve collapse erupt", "into laughter|into giggles|"
             "into a laugh|in laughter|into gales of laughter", "laugh"),
        _all("crack", "up|up laughing", "laugh"), _all("be", "in stitches|in hysterics", "laugh"),
        _all("roar howl shriek shake explode hoot scream rock", "with laughter", "laugh"),
        _all("fall", "about|about laughing", "laugh"),
        _all("double crease", "up laughing|up with laughter", "laugh"),
        _all("break crack", "into a smile|into a grin|a smile|a grin", "smile"),
        _all("burst break", "into song", "sing"), _all("belt", "out", "sing"),
        _all("cry call", "out", "shout"), _all("raise", "his voice", "shout"),
        # Blows, and hands.
        _all("land throw deliver swing take", "a punch|a blow|a slap|a left|a right|an uppercut|"
             "a swing at", "hit"),
        _all("hold", "up", "hold"), _all("hang hold", "on to|onto", "hold"),
        _all("cling", "to", "hold"),
        _all("pick scoop snatch gather", "up", "take"), _all("help", "self to", "take"),
        _all("let", "go|go of|fall", "drop"), _all("lose", "his grip on", "drop"),
        _all("clap", "his hands|hands", "clap"),
        _all("shake", "hands|his hand", "greet"), _all("shake", "his head", "refuse"),
        _all(_THROWS, "open", "open"), _all(_SHUTS, "shut|closed", "close"),
        _all("draw pull", "the curtains|the curtain|the blinds", "close"),
        _all("wrap throw fling put", "his arms around|his arms round", "hug"),
        _all("give throw", ", a hug", "hug"), _all("hold pull", "close|, close", "hug"),
        _all("plant give", "a kiss on|a peck on", "kiss"),
        _all("jab aim stab level", "a finger at|his finger at|a finger|his finger", "point"),
        _all("flag wave", "down", "wave"), _all("bow", "his head", "bow"),
        _all("hand", "over|back|out", "give"), _all("slip slide", ", a", "give"),
        # Eating, drinking, reading.
        _all("polish", "off", "eat"), _all("wolf scarf gulp", "down", "eat"),
        _all("bite tuck dig", "into", "eat"), _all("take have", "a bite|a bite of", "eat"),
        _all("pick peck", "at his food|at his plate|at his dinner", "eat"),
        _all("have eat", "breakfast|lunch|dinner|supper", "eat"),
        _all("take have", "a sip|a sip of|a swig|a swig of|a drink|a gulp|a gulp of|a slug of|"
             "a pull of|a pull from", "drink"),
        _all("drain", "off", "drink"), _all("knock", "back", "drink"),
        _all("leaf thumb flip flick page", "through", "read"), _all("jot", "down", "write"),
        # Rest.
        _all(_SINKS + ["be", "get", "go"], "to one knee|on one knee|onto one knee|to his knees|"
             "on his knees|onto his knees|down on one knee|to a knee|onto a knee", "kneel"),
        _all("go drift drop cry", "to sleep", "sleep"), _all("catch", "some sleep", "sleep"),
        _all("be fall lie drop sit", "asleep|fast asleep|sound asleep", "sleep"),
        _all("doze drift nod drop", "off", "sleep"), _all("conk", "out", "sleep"),
        _all("get stand rise scramble straighten", "up", "stand"),
        _all("pull haul heave drag", "self up onto|self up over|self over", "climb"),
        _all("drag haul pull", "self across|self along|self toward|self towards", "crawl"),
        _all("be", "on his feet", "stand"), _all(_TO_FEET, "to his feet", "stand"),
        _all("get", "on his feet|up on his feet", "stand"),
        _all("pull push haul pick heave lever", "self up|self upright", "stand"),
        _all("plop plonk settle", "down", "sit"), _all("take have find", "a seat|his seat", "sit"),
        _all("lie lay stretch", "down", "lie"), _all("stretch sprawl", "out on|out in", "lie"),
        _all("lie be", "flat on his back|on his back", "lie"),
        _all("fall topple keel trip", "over", "fall"), _all("pitch", "forward", "fall"),
        _all("lose", "his footing|his balance", "fall"), _all("black pass", "out", "fall"),
        _all("drop collapse crash crumple slump sink", "to the floor|to the ground|"
             "onto the floor", "fall"),
        _all("take", "cover", "hide"), _all("make hide conceal", "self scarce|self", "hide"),
        _all("drop sink go", "into a crouch|to a crouch", "crouch"),
        _all("prop brace", "self against", "lean"),
        # Ways of going.
        _all("break burst take make", "into a run|into a sprint|into a trot|into a jog|"
             "into a gallop|off running|a run for|a dash for|a break for|a run for it|"
             "a beeline for|a mad dash", "run"),
        _all("take", "off running|off at a run", "run"),
        _all("slouch shamble drift", "off|out|away|over|in|past|along|across", "walk"),
        _all("run", "away", "flee"), _all("make", "his escape|a getaway", "flee"),
        _all("take", "to his heels|flight", "flee"),
        _all("go get", "down on his hands and knees|on all fours", "crawl"),
        _all("scramble", "up|over|onto|down|out of", "climb"),
        _all("run chase race tear sprint charge bolt dash", "after", "chase"),
        _all("give", "chase|chase to", "chase"),
        _all("walk trot pad trudge come hurry head", "after", "follow"),
        _all("swing whip spin wheel whirl", "around|round|about", "turn"),
        _all("flap", "off|away|up|past|across", "fly"), _all("take", "wing|to the air", "fly"),
        _all("do turn", "cartwheels|a cartwheel", "cartwheel"),
        _all(_GO, "in|inside|indoors", "enter"),
        _all("let", "self in", "enter"), _all("make", "his entrance|an entrance", "enter"),
        _all("come burst step barge storm slip stumble go sweep", "into", "enter"),
        _all("come burst walk step storm barge tumble crash stumble dash sweep stride march",
             "through the door|in the door|through the doorway", "enter"),
        _all(_LEAVE, "out|outside|out of|offstage", "exit"), _all("let", "self out", "exit"),
        _all("make", "his exit|an exit", "exit"),
        _all("storm stalk stomp flounce", "off|away", "exit"),
        # What is no such act, though its verb alone would be one.
        _all("pass", "each other|by", "pass"), _all("put", "to sleep", "put"),
        _all("look feel grope", "for", "search"), _all("be", "awake", "be"),
        _all("pull make", "a face|faces|a grimace", "grimace"),
        _all("kick pull", "off his", "doff"), _all("hold", "his breath|still", "wait"),
        _all("give", ", a thumbs|, the thumbs|the finger|, the finger", "gesture"),
        _all("take", "off his", "doff"), _all("slam", "down", "put"),
        _all("hit", "the road|the brakes|the gas|the switch|the lights", "go"),
        _all("catch", "self|his breath|his eye|sight|up", "stop"),
        _all("take", "place|a breath|a deep breath|a moment|a beat|note|part|notice|turns", "be"),
        _all("hold", "his gaze|his eye|his ground|hands", "hold"),
        _all("run", "his fingers|his hand|a hand|his hands", "touch"),
        _all("throw", "up", "vomit"), _all("throw", "on", "wear"), _all("give", "up|in", "yield"),
        _all("drop", "by", "visit"), _all("trail", "off", "stop"),
        _all("strike", "a match|the match|a pose|a light|up", "light"),
        _all("hunt", "for|through", "search"),
        _all("hit", "the ground|the floor|the deck|the dirt|the pavement", "fall"),
        _all("beat", "up|him up", "hit"), _all("pull", "over|up|away|in", "drive"),
        _all("pick", "up his pace|up the pace", "walk"), _all("kick", "back", "lie"),
    )
    for pair in pairs
)  # fmt: skip

# What a light verb's noun says: "gives a nod", "has a good cry", "takes a bow".
ACT_NOUNS: dict[str, str] = {
    **{noun: noun for noun in "nod wave laugh hug kiss shout yell kick push pull hop jump bow spin "
       "turn smile shrug yawn stretch climb ride dance swim run walk hit punch slap fall sleep "
       "cry read drink somersault".split()},
    "leap": "jump", "skip": "hop", "curtsy": "bow", "curtsey": "bow", "nap": "sleep",
    "snooze": "sleep", "twirl": "spin", "pirouette": "spin", "flip": "somersault",
    "cartwheel": "cartwheel", "stroll": "walk", "giggle": "laugh", "chuckle": "laugh",
    "guffaw": "laugh", "snicker": "laugh",
    "sob": "cry", "glance": "look", "look": "look", "peek": "look", "scream": "shout",
    "shriek": "shout", "holler": "shout", "gander": "look", "glare": "look", "stare": "look",
    "jig": "dance", "waltz": "dance", "sprint": "run",
    "shove": "push", "nudge": "push", "tug": "pull", "yank": "pull", "step": "walk",
    "flight": "fly", "rest": "rest",
    "smack": "hit", "whack": "hit", "embrace": "hug", "sip": "drink", "swig": "drink",
    "gulp": "drink", "bite": "eat", "peck": "kiss", "swallow": "drink", "slug": "drink",
    "word": "talk", "nibble": "eat", "mouthful": "eat", "tumble": "fall", "backflip": "somersault",
    "jog": "run", "amble": "walk", "bellow": "shout", "whoop": "shout",
    "shudder": "shake", "shiver": "shake", "grin": "smile", "smirk": "smile",
    "whisper": "whisper", "shake": "shake", "start": "start",
    **{noun: noun for noun in "pat squeeze tap poke stroke rub wink sigh whistle salute bark "
       "growl moan groan cough sniff gasp".split()},
}  # fmt: skip
# Verbs that say no more than that a glance is cast, a cry let out, a smile flashed.
CASTS = frozenset("steal cast shoot flash sneak risk crack manage exchange dart force".split())

# Where one comes to rest who sinks or drops: a seat to sit on, a bed to lie on.
_SEATS = frozenset(
    "chair armchair seat couch sofa bench stool barstool pew booth recliner rocker swing throne "
    "saddle lap settee loveseat wheelchair deckchair beanbag sill step steps curb kerb "
    "stoop".split()
)
_BEDS = frozenset("bed bunk cot mattress hammock grass hay futon sand".split())


def at_rest(verb: str, place: str) -> str | None:
    """Return "sit" for "sinks into the armchair", "lie" for a bed, None for other ends."""
    if verb not in _SINKS:
        return None
    return "sit" if place in _SEATS else "lie" if place in _BEDS else None

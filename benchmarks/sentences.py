"""Sentences with known facts -> how many the reader gets right, an item and a fact, by kind.

A fact is who does or is what, to whom or what, and whether it is so. An item is right where the
set of its facts is exactly that of its label. The labels were written blind to the reader;
`sentences.jsonl` is the part in the open, and `sentences.sha256` names the part that is not.

    python benchmarks/sentences.py benchmarks/sentences.jsonl
    python benchmarks/sentences.py FILE --json benchmarks/results/sentences-open.json --wrong
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from dreamrunner.agents.director.reading.glossary import gather
from dreamrunner.agents.director.reading.reading import Deed, Reading
from dreamrunner.agents.director.rules import read_scenes
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities

# Who, doing or being what, to whom or what, whether it is so.
Fact: TypeAlias = tuple[str, str, tuple[str, ...], bool]

# An engine with no world of its own: no motion is reduced to what a model was taught.
OPEN = Capabilities(name="open", clip_frames=49, fps=8, width=720, height=480, max_entities=8)

# Label -> the verbs that say it. What stands here for no label is no fact.
_SAID = {
    "walk": "walk trudge stroll wander trot stride amble march pad plod step roam saunter tread "
    "pace shuffle stagger stumble limp lumber waddle tiptoe prowl hobble totter shamble sneak "
    "creep hike",
    "run": "run sprint dash race gallop bolt rush scamper scurry dart charge hurry",
    "look": "look watch stare gaze glance peer glare gape eye peek squint",
    "fly": "fly soar", "swim": "swim paddle", "crawl": "crawl slither", "climb": "climb clamber",
    "jump": "jump leap spring vault", "hop": "hop skip bounce",
    "fall": "fall tumble collapse topple",
    "land": "land alight", "enter": "enter", "exit": "exit leave depart", "flee": "flee escape",
    "follow": "follow trail shadow tail", "chase": "chase pursue hunt", "lead": "lead guide",
    "carry": "carry lug haul", "ride": "ride", "push": "push shove", "pull": "pull drag tug tow",
    "hit": "hit punch strike slap smack", "kick": "kick", "throw": "throw toss hurl fling",
    "catch": "catch",
    "give": "give hand offer pass", "take": "take grab snatch seize", "drop": "drop",
    "hold": "hold clutch grip grasp", "open": "open", "close": "close shut", "hug": "hug embrace",
    "kiss": "kiss", "point": "point", "wave": "wave", "bow": "bow curtsy curtsey", "nod": "nod",
    "kneel": "kneel", "sit": "sit perch", "stand": "stand rise", "lie": "lie lay sprawl recline",
    "sleep": "sleep doze nap slumber snooze snore", "dance": "dance waltz jig", "spin":
    "spin twirl whirl pirouette", "somersault": "somersault flip", "turn": "turn",
    "laugh": "laugh giggle chuckle guffaw cackle", "cry": "cry weep sob bawl",
    "smile": "smile grin",
    "shake": "shake tremble shiver quake quiver", "eat": "eat munch devour nibble chew gobble",
    "drink": "drink sip gulp lap swig", "read": "read", "write": "write scribble", "sing": "sing",
    "talk": "talk speak say chat", "shout": "shout yell scream", "whisper": "whisper",
    "listen": "listen", "hide": "hide", "play": "play", "fight": "fight", "cook": "cook",
    "crouch": "crouch squat", "lean": "lean", "stretch": "stretch", "yawn": "yawn", "clap": "clap",
}  # fmt: skip
LABEL_OF = {verb: label for label, verbs in _SAID.items() for verb in verbs.split()}
# The labels of which an object is kept; any other goes somewhere, or is done by oneself.
_OF_SOMETHING = frozenset(
    "look climb follow chase lead carry ride push pull hit kick throw catch give take drop hold "
    "open close hug kiss point wave bow eat drink read write talk shout whisper listen play fight "
    "cook".split()
)
# A verb that says little beside the motion it stands for: "gives a hop".
_LIGHT = frozenset("be do make take give have get go come turn perform".split())
_RELATIONS = frozenset(
    "left-of right-of above below behind in-front-of beside between on in".split()
)
_INVERSE = {"right-of": "left-of", "below": "above"}
_MUTUAL = frozenset({"beside"})


def labelled(item: Mapping[str, Any]) -> set[Fact]:
    """Return the facts of an item's label, each in one of the forms that say the same."""
    return {
        _plain(f["subject"], f["motion"], _names(f["object"]), f["polarity"]) for f in item["facts"]
    }


def _names(found: str | list[str] | None) -> tuple[str, ...]:
    return () if found is None else (found,) if isinstance(found, str) else tuple(found)


def _plain(subject: str, motion: str, others: tuple[str, ...], polarity: bool) -> Fact:
    """Return a fact with relations that say the same in one form: left-of, above."""
    if motion in _INVERSE and len(others) == 1:
        subject, motion, others = others[0], _INVERSE[motion], (subject,)
    if motion in _MUTUAL and len(others) == 1 and others[0] < subject:
        subject, others = others[0], (subject,)
    return subject, motion, tuple(sorted(others)), polarity


def readings(item: Mapping[str, Any]) -> list[Reading]:
    """Return what the director's first level reads in an item's text."""
    cast = "\n".join(f"@character {name}: {look}" for name, look in item["cast"].items())
    text = f"Title: T\n\n{cast}\n\nEXT. FIELD - DAY\n\n!{item['text']}\n"
    story = parse_story(text, path="sentence.story").story
    scenes = read_scenes(story, gather(story, OPEN), OPEN)
    return [p.reading for scene in scenes for p in scene.passages if p.reading is not None]


def facts_of(found: Iterable[Reading]) -> set[Fact]:
    """Return the facts that readings hold, in the words of the labels."""
    return {fact for reading in found for fact in _facts(reading)}


def _facts(reading: Reading) -> Iterator[Fact]:
    for deed in reading.deeds:
        label = None if deed.implied else _label(deed)
        if label is not None:
            # A bond is of no deed in particular: who watches TED, chewing, does not chew TED.
            whom = (deed.object,) if deed.object and label in _OF_SOMETHING else ()
            yield _plain(deed.entity, label, whom, not deed.denied)
    for placing in reading.placings:
        if placing.relation in _RELATIONS:
            yield _plain(placing.subject, placing.relation, placing.others, True)
    for tie in () if reading.placings else reading.ties:
        if tie.bond in _RELATIONS:
            yield _plain(tie.subject, tie.bond, tie.entities[1:], True)
    yield from ((entity, "present", (), True) for entity in reading.seen)
    yield from ((entity, "present", (), False) for entity in reading.unseen)


def _label(deed: Deed) -> str | None:
    if deed.act:
        return LABEL_OF.get(deed.act)
    if deed.verb in _LIGHT and not deed.near and deed.motion != "stand":
        return LABEL_OF.get(deed.motion)
    return LABEL_OF.get(deed.verb)


def wilson(right: int, total: int) -> list[float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    if total == 0:
        return [0.0, 1.0]
    z, p = 1.96, right / total
    middle = p + z * z / (2 * total)
    spread = z * math.sqrt(p * (1 - p) / total + (z / total) ** 2 / 4)
    return [round((middle + s * spread) / (1 + z * z / total), 3) for s in (-1, 1)]


def score(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return counts by kind and of all, and for every item that is wrong what is."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    wrong = []
    for item in items:
        wanted, found = labelled(item), facts_of(readings(item))
        # Who is in the picture needs no label of its own where it has none.
        found = {f for f in found if f[1] != "present" or not f[3] or f in wanted}
        for kind in (item["kind"], "all"):
            here = counts[kind]
            here["items"] += 1
            here["right"] += wanted == found
            here["wanted"] += len(wanted)
            here["found"] += len(found)
            here["hit"] += len(wanted & found)
        if wanted != found:
            missed, extra = sorted(wanted - found), sorted(found - wanted)
            wrong.append({"id": item["id"], "text": item["text"], "missed": missed, "extra": extra})
    return {"kinds": {kind: _shares(n) for kind, n in counts.items()}, "wrong": wrong}


def _shares(n: Mapping[str, int]) -> dict[str, Any]:
    return {
        "items": n["items"],
        "right": n["right"],
        "share": round(n["right"] / n["items"], 3),
        "interval": wilson(n["right"], n["items"]),
        "precision": round(n["hit"] / n["found"], 3) if n["found"] else None,
        "precision_interval": wilson(n["hit"], n["found"]),
        "recall": round(n["hit"] / n["wanted"], 3),
        "recall_interval": wilson(n["hit"], n["wanted"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="sentences, one JSON object a line")
    parser.add_argument("--json", type=Path, help="keep the figures here")
    parser.add_argument("--wrong", action="store_true", help="say what is wrong with each item")
    asked = parser.parse_args()
    data = asked.file.read_bytes()
    result = score([json.loads(line) for line in data.decode().splitlines() if line.strip()])
    result["sha256"] = hashlib.sha256(data).hexdigest()
    for kind, n in result["kinds"].items():
        low, high = n["interval"]
        print(
            f"{kind:10} {n['right']:3} of {n['items']:3} items  {n['share']:6.1%} "
            f"({low:.0%} to {high:.0%})  facts: precision {n['precision'] or 0:.3f}, "
            f"recall {n['recall']:.3f}"
        )
    for item in result["wrong"] if asked.wrong else ():
        print(
            f"\n{item['id']}: {item['text']}\n  missed {item['missed']}\n  extra  {item['extra']}"
        )
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

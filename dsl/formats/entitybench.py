"""An episode of EntityBench (arXiv 2605.15199), which is JSON -> a story with a `@shot` for each.

An episode has scenes with an `action_descriptions` text for each shot, an `entity_schedule` that
says by "scene:shot" who and what is in it and where, and `entity_descriptions` with the looks. The
n-th `@shot` of the story is the n-th shot of the episode, by which `entitybench_clips` names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..diagnostics.findings import Findings
from ..diagnostics.source import Node, Source
from . import script
from .imported import ImportedStory, imported
from .pinned import name_of_entity

_INDOORS = re.compile(
    r"\b(?:interior|indoors?|room|lobby|hall(?:way)?|office|kitchen|apartment|bedroom|bathroom|gym|"
    r"shop|store|restaurant|bar|cafe|café|corridor|basement|garage|warehouse|studio|inside|cabin|"
    r"classroom|hospital|elevator|house|ceiling|wallpaper|carpet)\b",
    re.IGNORECASE,
)
_OUTDOORS = re.compile(
    r"\b(?:exterior|outdoors?|outside|street|road|forest|beach|field|park|garden|mountain|river|"
    r"lake|sea|sky|rooftop|yard|courtyard|alley|desert)\b",
    re.IGNORECASE,
)
_NIGHT = re.compile(r"\b(?:at night|night-?time|midnight|moonlit)\b", re.IGNORECASE)
# The first words of a description -> the kind of the shot.
_KINDS = (
    (re.compile(r"\bextreme close-?up\b", re.IGNORECASE), "INSERT"),
    (re.compile(r"\bclose-?up\b|\bclose shot\b", re.IGNORECASE), "CLOSE"),
    (re.compile(r"\bextreme wide\b|\bestablishing\b|\baerial\b", re.IGNORECASE), "ESTABLISHING"),
    (re.compile(r"\bwide\b|\blong shot\b", re.IGNORECASE), "WIDE"),
    (re.compile(r"\bfull shot\b", re.IGNORECASE), "FULL"),
)


def _strings(value: object) -> object:
    """Return a list as it is, and None as an empty one."""
    return [] if value is None else value


_Names = Annotated[tuple[str, ...], BeforeValidator(_strings)]


class _Form(BaseModel):
    """What is read of an episode; it holds more, which no story can say."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _ShotEntities(_Form):
    characters: _Names = ()
    places: _Names = ()
    objects: _Names = ()


class _Described(_Form):
    name: str
    label: str = ""
    description: str = ""


class _EpisodeScene(_Form):
    scene_num: int = Field(ge=1)
    action_descriptions: tuple[str, ...] = Field(min_length=1)
    cut: tuple[bool, ...] = ()


class _Episode(_Form):
    story_name: str = ""
    story_overview: str = ""
    scenes: tuple[_EpisodeScene, ...] = Field(min_length=1)
    entity_schedule: Mapping[str, _ShotEntities] = Field(default_factory=dict)
    entity_descriptions: Mapping[str, _Described] = Field(default_factory=dict)

    def shots(self) -> Iterator[tuple[_EpisodeScene, int]]:
        for scene in self.scenes:
            yield from ((scene, number) for number in range(1, len(scene.action_descriptions) + 1))


def import_entitybench(text: str, path: str) -> list[ImportedStory]:
    """Return the story of an episode."""
    source = Source(path, text)
    findings = Findings(source)
    name = re.split(r"[\\/]", path)[-1].rsplit(".", 1)[0]
    episode = _read(source, findings)
    if episode is None:
        return [imported(name, None, findings)]
    return [imported(name, _Writer(episode, name, findings).page(), findings)]


def entitybench_clips(text: str) -> list[str]:
    """Return the names that the benchmark's scorer gives the clips of an episode, in their order.

    Raises:
        ValueError: the text is no episode.
    """
    episode = _Episode.model_validate_json(text)
    return [f"{scene.scene_num:03}_{number:03}.mp4" for scene, number in episode.shots()]


def _read(source: Source, findings: Findings) -> _Episode | None:
    whole = Node(0, min(len(source.text), source.text.find("\n") % (len(source.text) + 1)))
    help = '{"scenes": [{"scene_num": 1, "action_descriptions": ["..."]}], "entity_schedule": {}}'
    try:
        return _Episode.model_validate(json.loads(source.text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the episode"
        message = f"this is no episode of EntityBench: {where}: {first['msg']}"
        findings.error("180", whole, message, help)
    except json.JSONDecodeError as error:
        at = Node(error.pos, error.pos)
        findings.error("180", at, f"this is no JSON: {error.msg}", help)
    except RecursionError:
        findings.error("180", whole, "this is no JSON: it is nested too deeply", help)
    return None


class _Writer:
    """An episode, written as a story."""

    def __init__(self, episode: _Episode, name: str, findings: Findings) -> None:
        self._episode = episode
        self._name = name
        self._findings = findings
        self._looks = {one.name: one.description for one in episode.entity_descriptions.values()}
        self._named: dict[str, str] = {}

    def page(self) -> str:
        scheduled = [self._entities(scene, number) for scene, number in self._episode.shots()]
        title = self._episode.story_name or self._name
        blocks = [script.title_page([("Title", title), ("Source", "EntityBench")])]
        blocks += [f"= {script.one_line(self._episode.story_overview)}"] * bool(
            self._episode.story_overview.strip()
        )
        characters = dict.fromkeys(who for one in scheduled for who in one.characters)
        objects = dict.fromkeys(what for one in scheduled for what in one.objects)
        places = dict.fromkeys(where for one in scheduled for where in one.places)
        cast = [self._declared("character", who) for who in characters]
        cast += [self._declared("prop", what) for what in objects if what not in characters]
        cast += [f"@location {name_of_entity(where)}: {self._look(where)}" for where in places]
        blocks.append("\n".join(dict.fromkeys(cast)))
        for scene in self._episode.scenes:
            blocks += self._scene(scene)
        self._say_what_stays_behind()
        return script.page(blocks)

    def _entities(self, scene: _EpisodeScene, number: int) -> _ShotEntities:
        key = f"{scene.scene_num}:{number}"
        found = self._episode.entity_schedule.get(key)
        if found is None:
            message = f"the schedule has no shot {key}: who is in it is read from its words"
            self._findings.warning("183", Node(0, 0), message)
        return found or _ShotEntities()

    def _declared(self, kind: str, who: str) -> str:
        return f"@{kind} {self._id(who)}: {self._look(who)}"

    def _id(self, who: str) -> str:
        """Return the name of somebody in the cast, which no one else has."""
        if who not in self._named:
            name = plain = _cast_name(who)
            count = 1
            while name in self._named.values():
                count += 1
                name = f"{plain}-{count}"
            self._named[who] = name
        return self._named[who]

    def _look(self, who: str) -> str:
        look = script.one_line(self._looks.get(who, "")).rstrip(".") or script.one_line(who)
        return script.escaped(look[:1].lower() + look[1:])

    def _scene(self, scene: _EpisodeScene) -> Iterator[str]:
        """Yield a scene; where its place changes, another heading follows."""
        here: str | None = None
        part = 0
        for number, text in enumerate(scene.action_descriptions, start=1):
            entities = self._episode.entity_schedule.get(f"{scene.scene_num}:{number}")
            place = next(iter(entities.places if entities else ()), here or "SOMEWHERE")
            if place != here:
                yield self._heading(place, text, scene.scene_num, part)
                here, part = place, part + 1
            yield self._shot(text, entities or _ShotEntities())
            yield script.action(self._said(text))

    def _heading(self, place: str, text: str, number: int, part: int) -> str:
        told = f"{place} {self._looks.get(place, '')}"
        outdoors = _OUTDOORS.search(told) and not _INDOORS.search(told)
        setting = "EXT" if outdoors or not _INDOORS.search(f"{told} {text}") else "INT"
        time = "NIGHT" if _NIGHT.search(f"{told} {text}") else "DAY"
        letter = chr(ord("A") + part - 1) if 0 < part < 27 else ""
        label = f"{number}{letter}" if part < 27 else ""
        return script.heading(f"{setting}. {name_of_entity(place)} - {time}", label)

    def _shot(self, text: str, entities: _ShotEntities) -> str:
        kind = next((kind for words, kind in _KINDS if words.search(text[:80])), "MEDIUM")
        names = [self._id(who) for who in entities.characters]
        shown = (f'on="{name}"' if " " in name else f"on={name}" for name in names)
        return " ".join((f"@shot {kind}", *shown))

    def _said(self, text: str) -> str:
        """Return a description without the words that only frame it."""
        return script.one_line(text) or "Nothing moves."

    def _say_what_stays_behind(self) -> None:
        going_on = sum(not cut for scene in self._episode.scenes for cut in scene.cut)
        if going_on:
            shots = f"{going_on} shot{'s' * (going_on != 1)}"
            message = (
                f"{shots} that continue the one before begin with a cut: no directive joins two"
            )
            self._findings.warning("183", Node(0, 0), message)


def _cast_name(written: str) -> str:
    """Return a name of the cast by which prose finds it again: "Min-jun" is MIN-JUN."""
    words = [name_of_entity(word) for word in re.split(r"[-‐]", written)]
    return (
        "-".join(words)
        if re.fullmatch(r"[^\W\d_]+([-‐][^\W\d_]+)+", written)
        else (name_of_entity(written))
    )

"""A cue and the story's words -> which of the figures in the picture say it."""

from __future__ import annotations

from functools import lru_cache

from ...speech import is_everybody, is_voice, names_of_cue
from ...story import Dialogue
from .passages import Passage
from .reading.glossary import Glossary, is_set
from .reading.tokens import tokens


def seen_speakers(dialogue: Dialogue, passage: Passage, glossary: Glossary) -> tuple[str, ...]:
    """Return who is seen saying a line: nobody who is heard only, several where they speak at once.

    A set in the room, a crowd or a sound ("RADIO") is nobody, unless the cast has it, or the page
    calls somebody so.
    """
    if is_voice(dialogue):
        return ()
    if is_everybody(dialogue.speaker):
        return _everybody(dialogue, passage)
    whole = _entity(dialogue.speaker, glossary)
    names = (whole,) if whole in glossary.looks else names_of_cue(dialogue.speaker)
    figures = (_entity(name, glossary) for name in names if _is_figure(name, glossary))
    return tuple(dict.fromkeys(figures))


def _entity(name: str, glossary: Glossary) -> str:
    """Return who is meant by a name in a cue: MAE is MAE DOLAN, where the cast has her so."""
    return glossary.names.get(_spelled(name), name)


@lru_cache(maxsize=4096)  # whoever speaks is asked for at every line
def _spelled(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in tokens(name))


def _is_figure(name: str, glossary: Glossary) -> bool:
    entity = _entity(name, glossary)
    return bool(glossary.looks.get(entity)) or entity in glossary.people or not is_set(name)


def _everybody(dialogue: Dialogue, passage: Passage) -> tuple[str, ...]:
    """Return whom "BOTH" and "ALL" mean: who is there, the last two of them for "BOTH"."""
    there = passage.reading.memory.present if passage.reading else ()
    others = (name for d in passage.dialogues if d is not dialogue and not is_voice(d)
              for name in names_of_cue(d.speaker) if not is_everybody(name))  # fmt: skip
    named = tuple(dict.fromkeys((*there, *others)))
    return named[-2:] if dialogue.speaker.upper() == "BOTH" else named

"""How a person looks -> the words for it, which are all that says who somebody is.

Whoever plans decides every attribute and says it; whoever draws reads the same words. So equal
words are the same figure in every shot, and nothing that can be seen is left to chance.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonLook:
    """One look. `colour` is the garment's, `head_colour` that of what is on the head."""

    age: str = "grown"
    female: bool = False
    build: str = "plain"
    skin: str = "pale"
    hair: str = "brown"
    hair_style: str = "short"
    beard: bool = False
    glasses: bool = False
    garment: str = "shirt"
    colour: str = "blue"
    headgear: str = ""
    head_colour: str = "black"

    @property
    def noun(self) -> str:
        """What a person of this age and sex is called."""
        if self.age == "child":
            return "girl" if self.female else "boy"
        noun = "woman" if self.female else "man"
        return noun if self.age == "grown" else f"{self.age} {noun}"

    def __str__(self) -> str:
        noun = self.noun if self.build == "plain" else f"{self.build} {self.noun}"
        hair = {"bald": "bald", "long": f"long {self.hair} hair"}
        parts = [noun, f"{self.skin} skin", hair.get(self.hair_style, f"{self.hair} hair")]
        if self.beard:
            parts.append("beard" if self.hair_style != "bald" else f"{self.hair} beard")
        if self.glasses:
            parts.append("glasses")
        parts.append(f"{self.colour} {self.garment}")
        if self.headgear:
            parts.append(f"{self.head_colour} {self.headgear}")
        return ", ".join(parts)

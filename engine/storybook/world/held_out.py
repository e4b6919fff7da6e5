"""What base training never shows of the grown world; of the first world see HELD_OUT."""

from __future__ import annotations

from .people import PersonLook

# A garment with something on the head: each is known from others, together they are new.
HELD_OUT_LOOKS: tuple[tuple[str, str], ...] = (
    ("armour", "pointed hat"),
    ("dress", "helmet"),
    ("suit", "crown"),
)
# Who never does what: a motion that persons alone are taught, by one of a kind.
HELD_OUT_DEEDS: tuple[tuple[str, str], ...] = (("wizard", "laugh"), ("child", "point"))

# Of the kinds beside animals and people: who never does what.
HELD_OUT_OTHERS: tuple[tuple[str, str], ...] = (("ghost", "point"), ("monster", "give"))


def is_held_out(look: PersonLook, motion: str) -> bool:
    """Say whether base training must not show somebody doing something."""
    if (look.garment, look.headgear) in HELD_OUT_LOOKS:
        return True
    wizard = look.headgear == "pointed hat" and look.beard
    kinds = {"wizard": wizard, "child": look.age == "child"}
    return any(kinds[kind] and motion == deed for kind, deed in HELD_OUT_DEEDS)

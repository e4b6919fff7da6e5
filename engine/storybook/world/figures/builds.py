"""Character id and colourway -> proportions, parts and colours of its drawing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paint:
    """A colourway: the coat, one darker shade, a light belly, and an accent (nose, beak, mane)."""

    coat: str
    shade: str
    light: str
    accent: str


@dataclass(frozen=True)
class Build:
    """An animal's proportions and the names of its parts."""

    head: tuple[float, float, float]  # centre y, half width, half height
    body: tuple[float, float, float]
    ears: str
    tail: str
    face: str
    limbs: str = "paws"
    eyes: tuple[float, float, float] = (12.0, -1.0, 8.6)  # half distance, y, radius
    forward: float = 8.0  # how far the face is turned towards where it looks
    nap: tuple[float, float] = (4.0, 0.0)  # asleep: how the head is turned, how far it is raised
    crown: tuple[float, float, float] = (-0.1, -0.84, 1.0)  # a hat's x, y in head sizes; its scale
    coat: str = "plain"  # what lies on the body: a pale belly alone, wool, patches, plates


BUILDS: dict[str, Build] = {
    "fox": Build((43, 32, 25), (79, 17, 19), "pointed", "brush", "fox"),
    "owl": Build((38, 33, 31), (70, 30, 28), "tufts", "none", "owl", "wings", (14, 0, 9.6), 5),
    "bear": Build((36, 32, 28), (75, 30, 23), "round", "none", "bear", eyes=(12, -3, 8)),
    "rabbit": Build(
        (55, 25, 22), (82, 18, 15), "long", "puff", "rabbit", eyes=(10.5, -1, 8), nap=(-46, 0)
    ),
    "frog": Build(
        (48, 42, 24),
        (80, 28, 18),
        "none",
        "none",
        "frog",
        "webbed",
        (19, -23, 10.5),
        5,
        crown=(-0.34, -1.42, 0.6),
    ),
    "cat": Build((41, 30, 24), (77, 17, 21), "cat", "curl", "cat", eyes=(12, -1, 8.6)),
    "penguin": Build(
        (32, 27, 26),
        (65, 29, 33),
        "none",
        "none",
        "penguin",
        "flippers",
        eyes=(11, 0, 8),
        forward=7,
    ),
    "pig": Build(
        (39, 33, 29), (75, 29, 22), "flaps", "corkscrew", "pig", eyes=(14, -6, 8), forward=9
    ),
    "dog": Build((42, 28, 25), (77, 19, 20), "floppy", "wag", "dog", eyes=(11.5, -3, 8.2)),
    "mouse": Build((54, 24, 21), (82, 17, 15), "discs", "string", "mouse", eyes=(10, -3, 7.6)),
    "hedgehog": Build(
        (54, 26, 21), (79, 22, 18), "none", "spines", "hedgehog", eyes=(10.5, -4, 7.8), nap=(4, 3)
    ),
    "duck": Build((34, 25, 23), (71, 29, 24), "quiff", "upturned", "duck", "wings", (11, -5, 8.2)),
    "sheep": Build(
        (44, 23, 23), (73, 31, 21), "woolly", "none", "sheep", eyes=(9.5, 2, 8), coat="wool"
    ),
    "cow": Build(
        (42, 27, 25), (77, 24, 20), "horned", "tassel", "cow", eyes=(12, -7, 7.6), coat="patches"
    ),
    "elephant": Build(
        (43, 27, 25), (77, 25, 20), "fans", "string", "elephant", eyes=(12.5, -7, 7.6), nap=(-8, 3)
    ),
    "turtle": Build(
        (36, 25, 22), (74, 21, 22), "none", "shell", "turtle", eyes=(11.5, -6, 8.4), coat="plates"
    ),
    "deer": Build(
        (51, 24, 23), (80, 17, 17), "antlers", "puff", "deer", eyes=(11, -4, 7.8), nap=(-20, 0)
    ),
    "lion": Build(
        (42, 25, 23), (77, 20, 20), "none", "tassel", "lion", eyes=(10.5, -2, 8), nap=(4, 15)
    ),
}

PAINTS: dict[tuple[str, str], Paint] = {
    ("fox", "red"): Paint("#E4512B", "#B93A1D", "#FFF1DF", "#FFFFFF"),
    ("fox", "grey"): Paint("#8D97A8", "#68718A", "#F2F0EC", "#FFFFFF"),
    ("owl", "purple"): Paint("#7B4FB0", "#5A3590", "#D9C3EE", "#F6A821"),
    ("owl", "brown"): Paint("#94603A", "#6E4327", "#EED6B0", "#F6A821"),
    ("bear", "brown"): Paint("#8A5433", "#673B22", "#DDB488", "#2A2633"),
    ("bear", "honey"): Paint("#DB9A2C", "#B4761A", "#FCE7B4", "#2A2633"),
    ("rabbit", "white"): Paint("#FFFDF8", "#CFCBD8", "#FFFFFF", "#F39AAC"),
    ("rabbit", "pink"): Paint("#F28CA6", "#D0647F", "#FFE3E6", "#FFC9D3"),
    ("frog", "green"): Paint("#3FA648", "#2B7F38", "#D5EFA0", "#2B7F38"),
    ("frog", "blue"): Paint("#3285D6", "#2164AD", "#BFE3FA", "#2164AD"),
    ("cat", "black"): Paint("#35323F", "#1F1C28", "#6B6678", "#F39AAC"),
    ("cat", "orange"): Paint("#F59332", "#CC6D17", "#FFE9CB", "#E86A7C"),
    ("penguin", "navy"): Paint("#273F78", "#182A57", "#FFFFFF", "#F6A821"),
    ("penguin", "teal"): Paint("#1C9C97", "#0F7672", "#FFFFFF", "#F6A821"),
    ("pig", "pink"): Paint("#F7A3B8", "#DD7A95", "#FFD3DC", "#DD7A95"),
    ("pig", "lilac"): Paint("#B99BE0", "#9474C2", "#E3D3F6", "#9474C2"),
    ("dog", "white"): Paint("#FBF4E8", "#8A5A3C", "#FFFFFF", "#E86A7C"),
    ("dog", "tan"): Paint("#D9AE78", "#7A4B2A", "#FFF0D9", "#E86A7C"),
    ("mouse", "grey"): Paint("#A4ABBA", "#7D8596", "#E9ECF2", "#F5A9BC"),
    ("mouse", "tan"): Paint("#D3A36C", "#AC7C48", "#FBE8CC", "#F5A9BC"),
    ("hedgehog", "brown"): Paint("#EBC79A", "#6A4632", "#FBE6C8", "#8F6348"),
    ("hedgehog", "grey"): Paint("#E3D2C0", "#545B70", "#F6EADC", "#7A8299"),
    ("duck", "yellow"): Paint("#FFD338", "#EDB412", "#FFE98F", "#F57F20"),
    ("duck", "white"): Paint("#FDFBF4", "#DAD5CC", "#FFFFFF", "#F57F20"),
    ("sheep", "white"): Paint("#FBF7EC", "#4C4454", "#E3DBCB", "#4C4454"),
    ("sheep", "black"): Paint("#4B4655", "#D9AF8A", "#6A6475", "#D9AF8A"),
    ("cow", "white"): Paint("#FBF6EC", "#3B3642", "#F5B3BC", "#C8A868"),
    ("cow", "brown"): Paint("#A5623A", "#FFF3E0", "#F3C0A8", "#E8CF96"),
    ("elephant", "blue"): Paint("#7FA8DE", "#5B84BC", "#B9D2F0", "#F3A9BE"),
    ("elephant", "grey"): Paint("#9C9FAC", "#777A8A", "#C6C9D3", "#F3A9BE"),
    ("turtle", "green"): Paint("#8CCB4F", "#7B5230", "#F3E7A8", "#A8743F"),
    ("turtle", "orange"): Paint("#F4A24C", "#2F7D5B", "#FFE9B5", "#4FA878"),
    ("deer", "brown"): Paint("#B87443", "#8C5129", "#F9E4C6", "#6B4A32"),
    ("deer", "cream"): Paint("#EBD3AE", "#C6A67A", "#FFF7E8", "#8F6B4A"),
    ("lion", "yellow"): Paint("#F7C93B", "#D49E1B", "#FFF0BE", "#B8601C"),
    ("lion", "white"): Paint("#F8F2E4", "#D3C8B2", "#FFFFFF", "#8C8178"),
}

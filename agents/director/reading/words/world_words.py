"""Words of looks, places and weather -> what a small world has for them, or what is akin to it."""

from __future__ import annotations

COLORS = frozenset(
    "red grey gray purple brown honey white pink green blue black orange navy teal lilac yellow "
    "gold golden silver violet crimson scarlet ginger tan cream beige turquoise".split()
)
COLOR_KIN: dict[str, tuple[str, ...]] = {
    "gray": ("grey",), "silver": ("grey", "white"), "ginger": ("orange", "red"),
    "gold": ("yellow", "honey"), "golden": ("yellow", "honey"), "violet": ("purple", "lilac"),
    "crimson": ("red",), "scarlet": ("red",), "russet": ("red", "brown"), "tan": ("honey", "brown"),
    "cream": ("white",), "beige": ("honey",), "turquoise": ("teal",), "lavender": ("lilac",),
    "snow-white": ("white",), "dark": ("black", "navy"),
}  # fmt: skip

# Who resembles whom in a small world, for a suggestion only.
CHARACTER_KIN: dict[str, tuple[str, ...]] = {
    "wolf": ("fox", "dog"), "coyote": ("fox", "dog"), "squirrel": ("mouse", "rabbit", "fox"),
    "dog": ("fox", "cat"), "puppy": ("dog", "fox"), "hare": ("rabbit",), "rat": ("mouse",),
    "mouse": ("rabbit", "cat"), "hamster": ("mouse",), "porcupine": ("hedgehog",),
    "bird": ("duck", "owl", "penguin"), "eagle": ("bird", "owl"), "hawk": ("bird", "owl"),
    "raven": ("bird", "owl"),
    "crow": ("bird", "owl"), "bat": ("bird", "owl"), "parrot": ("bird",),
    "goose": ("duck", "penguin"), "swan": ("duck",), "chicken": ("duck",),
    "duck": ("penguin",), "kitten": ("cat",), "tiger": ("lion", "cat"), "leopard": ("lion", "cat"),
    "panda": ("bear",), "cub": ("bear",), "toad": ("frog",), "boar": ("pig",), "goat": ("sheep",),
    "hedgehog": ("mouse", "rabbit"), "badger": ("bear",), "horse": ("cow", "deer"),
    "bull": ("cow",), "moose": ("deer", "cow"), "snail": ("turtle",), "mammoth": ("elephant",),
    "boy": ("rabbit", "bear"), "girl": ("rabbit", "cat"), "man": ("bear",), "woman": ("cat",),
    "child": ("rabbit",), "king": ("lion",), "monkey": ("cat",), "elephant": ("bear",),
    "unicorn": ("horse", "deer"), "donkey": ("horse", "cow"), "mule": ("horse", "cow"),
    "camel": ("horse", "cow"), "zebra": ("horse", "cow"), "dinosaur": ("dragon", "elephant"),
    "lizard": ("dragon", "frog"), "crocodile": ("dragon", "frog"), "griffin": ("dragon", "lion"),
    "alien": ("monster", "robot"), "demon": ("monster", "dragon"), "devil": ("monster", "dragon"),
    "zombie": ("monster", "ghost"), "vampire": ("monster", "ghost"), "yeti": ("monster", "bear"),
    "goblin": ("monster", "frog"), "giant": ("monster", "bear"), "shark": ("fish",),
    "whale": ("fish", "elephant"), "dolphin": ("fish",), "eel": ("snake", "fish"),
    "worm": ("snake",), "angel": ("ghost",), "spirit": ("ghost",), "computer": ("robot",),
    "machine": ("robot",), "truck": ("car",), "bus": ("car",), "van": ("car",), "lorry": ("car",),
}  # fmt: skip


def _landscape(words: str, place: str, strength: int) -> dict[str, tuple[str, int]]:
    return dict.fromkeys(words.split(), (place, strength))


# Words of landscape -> the kinds of place they suggest, with how strongly (of 4).
PLACE_KIN: dict[str, tuple[str, int]] = {
    **_landscape("snow snowy ice icy frozen frost winter glacier arctic blizzard", "snow", 4),
    **_landscape("mountain peak summit cliff alps", "mountain", 4),
    **_landscape("rocks ridge slope", "mountain", 2),
    **_landscape("river lake waterfall pond stream riverbank", "lake", 4),
    **_landscape("bank reeds spring", "lake", 2),
    **_landscape("street village city market square alley", "town", 3),
    **_landscape("lane road shop school station bridge castle", "town", 2),
    **_landscape("house room kitchen bedroom parlour hall home", "room", 3),
    **_landscape("oak wood woods woodland trees tree jungle grove thicket", "forest", 3),
    **_landscape("hollow moonlit", "forest", 2),
    **_landscape("cave den cavern grotto tunnel", "cave", 4),
    **_landscape("shore sea ocean seaside coast island harbor harbour lagoon", "beach", 3),
    **_landscape("lighthouse boat bay waves cove", "beach", 2),
    **_landscape("farm barn hay stable farmyard", "farm", 4),
    **_landscape("garden flowers flowerbed hedge park", "garden", 3),
    **_landscape("field hill hills grass pasture valley", "meadow", 3),
    **_landscape("path orchard", "meadow", 1),
    **_landscape("dune dunes sand cactus canyon oasis sahara", "desert", 3),
    **_landscape("hot dry pyramid", "desert", 1),
    **_landscape("courtroom church chapel dungeon", "castle-hall", 5),
    **_landscape("newsroom precinct laboratory lab library archive", "office", 5),
    **_landscape("ward nursery cabin", "bedroom", 5),
    **_landscape("lobby staircase stairwell landing elevator foyer", "hallway", 5),
    **_landscape("diner cafe café restaurant nightclub", "bar", 5),
    **_landscape("supermarket pharmacy bakery grocery", "shop", 5),
    **_landscape("truck van limousine bus", "car", 5),
    **_landscape("courtyard", "alley", 5),
    **_landscape("ferry deck ship jetty marina shipyard gangway", "harbour", 5),
    **_landscape("playground schoolyard", "park", 5),
    # What embeddings take for something else: a jail for a bar, a clearing for a harbour.
    **_landscape("clearing glade copse", "forest", 5),
    **_landscape("moor savanna steppe battlefield", "meadow", 5),
    **_landscape("marsh swamp bog canal", "lake", 5),
    **_landscape("tundra", "snow", 5),
    **_landscape("outback wasteland", "desert", 5),
    **_landscape("monastery convent synagogue temple abbey cloister crypt", "castle-hall", 5),
    **_landscape("catacomb", "cave", 5),
    **_landscape("jail gaol prison lift", "hallway", 5),
    **_landscape("surgery customs", "office", 5),
    **_landscape("stable ranch hacienda", "farm", 5),
    **_landscape("subway tram", "car", 5),
    **_landscape("boathouse", "harbour", 5),
}
NIGHT_WORDS = frozenset("night evening dusk midnight moonlight moon twilight".split())
DAY_WORDS = frozenset("day morning noon afternoon dawn sunrise sunny".split())
RAIN_WORDS = frozenset("rain rains raining rainy rainfall storm drizzle downpour".split())
SNOWING_WORDS = frozenset("snowing snows snowfall snowstorm blizzard flurries".split())

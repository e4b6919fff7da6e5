"""Set phrases in which a beast's or a person's noun is nobody: a bear hug, a roast duck, a cop car.

Pairs are the noun and the word right behind it, or the word right before it and the noun.
"""

from __future__ import annotations


def _pairs(table: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((first, second) for first, rest in table.items() for second in rest.split())


# A beast and what it only gives its name to.
BEHIND_BEAST = _pairs({
    "animal": "print skin skins crackers hide hides magnetism instinct rescue control prints "
    "noises sounds style",
    "bat": "shit guano wings wing signal",
    "bear": "hug hugs hugged trap traps rug skin claw claws pit market spray witness",
    "bee": "line hive sting stings keeper",
    "bird": "shit droppings feeder bath cage seed song calls brain house poop",
    "bull": "shit horn pen whip dozer ring rider market",
    "butterfly": "stroke net kiss kisses effect bandage knife",
    "cat": "toy toys nap naps walk burglar fight litter calls call scan suit flap food",
    "chicken": "shit wire soup salad wing wings leg legs breast nugget nuggets sandwich coop "
    "dinner broth feed scratch bucket bone bones pot noodle parmesan",
    "cobra": "grip clutch", "cock": "pit tail tails", "cow": "shit boy girl lick bell hide pat "
    "manure",
    "crab": "cake cakes walk walks apple apples trap meat legs dip", "crow": "bar feet foot",
    "deer": "in head skin season crossing",
    "dog": "tired tag tags house collar days fight ear eared bowl "
    "leash paddle food pound track biscuit whistle shit fights bites sled show",
    "donkey": "work kick kicks kicked", "dragon": "fruit fly breath",
    "duck": "tape blind sauce walk boat pond",
    "eagle": "eye eyes eyed scout", "elephant": "gun ear grass man",
    "fish": "heads stick sticks sandwich taco tacos dinner fillet net nets hook market tank bowl "
    "eye cake cakes sauce scale scales bait fry food truck lens",
    "fly": "ball paper swatter fishing wheel rod", "fox": "hole hunt trot fur",
    "frog": "march marches marched man kick", "ghost": "white town story stories light writer "
    "image images costume", "goat": "cheese skin hair milk", "goose": "bump bumps step "
    "steps pimples flesh egg egged feather", "hawk": "eye eyes eyed", "hen": "house party night",
    "hog": "tied wash", "horse": "shit play shoe shoes power hair tail track race races trailer "
    "radish cart drawn carriage farm collar crap back racing blanket",
    "kangaroo": "court", "kitten": "heels heel", "lamb": "chop chops stew skin wool",
    "lion": "tamer",
    "lobster": "tail roll pot bisque trap bib tails", "mole": "hill skin",
    "monkey": "business bars bar suit wrench cage house", "moose": "head",
    "monster": "dunk truck trucks model mask movie movies film films costume makeup suit hit wave "
    "waves trap rally hunter hunters hook headache hangover",
    "mouse": "trap traps pad hole click", "mule": "kick train", "owl": "eyed eyes",
    "ostrich": "feather feathers", "ox": "cart yoke tail", "peacock": "feather feathers blue",
    "pig": "pen tail tails sty skin iron feet latin shit face headed knuckle",
    "pigeon": "hole toed shit coop droppings", "pony": "tail tails tailed express ride rides keg",
    "puppy": "dog love eyes mill fat", "rabbit": "hand hole ears punch hutch foot fur",
    "ram": "rod", "rat": "race hole trap poison hair shit bastard pack fink", "robot": "voice "
    "dance arm vacuum", "shark": "fin fins tank cage skin attack tooth teeth bait",
    "sheep": "skin dip shearing dog", "snail": "mail pace", "snake": "eyes oil skin bite pit "
    "tattoo charmer boots bites", "spider": "web webs plant vein veins monkey bite",
    "stag": "party night film do", "swan": "dive dives song neck boat", "tiger": "stripes print "
    "shrimp lily skin balm", "toad": "stool", "turkey": "sandwich dinner baster club leg burger "
    "shoot jerky", "turtle": "neck necks wax soup", "vampire": "movie movies film fangs "
    "cape costume teeth makeup bat hunter killer slayer", "whale": "bone watching song oil",
    "wolf": "whistle whistles pack down ticket", "worm": "hole wood", "zombie": "movie movies "
    "makeup mask walk film apocalypse", "zebra": "crossing stripes print",
})  # fmt: skip
# A word and the beast behind it that is none.
BEFORE_BEAST = _pairs({
    "sitting": "duck ducks", "lame": "duck", "guinea": "pig pigs", "dark": "horse",
    "cash": "cow", "black": "sheep", "scape": "goat", "rocking": "horse horses",
    "hobby": "horse horses", "pommel": "horse", "saw": "horse horses", "clothes": "horse",
    "high": "horse", "iron": "horse", "trojan": "horse", "sea": "horse horses", "charley": "horse",
    "teddy": "bear bears", "loan": "shark sharks", "pool": "shark", "card": "shark",
    "early": "bird", "jail": "bird", "lounge": "lizard lizards", "book": "worm", "ear": "worm",
    "road": "hog", "gas": "mask", "copy": "cat cats", "fat": "cat cats", "cool": "cat",
    "party": "animal animals", "night": "owl owls mare", "nest": "egg", "fire": "fly flies bug",
    "chocolate": "bunny bunnies", "ski": "bunny", "dust": "bunny bunnies", "computer": "mouse",
    "optical": "mouse", "wireless": "mouse", "hot": "dog dogs", "corn": "dog dogs",
    "chili": "dog dogs", "prairie": "oyster", "water": "moccasin", "paper": "tiger crane",
    "wild": "turkey", "cold": "turkey", "swedish": "fish", "balloon": "animal animals",
    "stuffed": "animal animals", "origami": "crane bird", "shadow": "puppet puppets",
    "sock": "puppet puppets", "finger": "puppet puppets", "hand": "puppet puppets",
    "lost": "sheep", "celebrity": "hound hounds", "cartoon": "bird birds",
    "turn": "turtle", "turns": "turtle",
    "turned": "turtle", "turning": "turtle", "left": "calf", "right": "calf", "larry": "bird",
    "slippery": "fish eel", "big": "ape", "grease": "monkey", "monkey": "see",
})  # fmt: skip

# Sayings with beasts in them.
SAYINGS = frozenset(
    tuple(saying.split())
    for saying in (
        "cat and mouse,duck and cover,fish to fry,fish out of water,birds and the bees,"
        "wild goose chase,dog eat dog,bull in a china shop,elephant in the room,cock and bull,"
        "cats and dogs,sleeping dogs lie,sick as a dog,blind as a bat,cat out of the bag,"
        "straw that broke the camel's back,two birds with one stone,kill two birds,"
        "goose is cooked,chicken or the egg,monkey around,horse around,"
        "wolf at the door,wolf in sheep's clothing,lamb to the slaughter,straight from the horse's,"
        "hold your horses,dog with two tails,"
        "bats in the belfry,fly in the ointment,fly on the wall,lion's share,lion's den,"
        "crocodile tears,devil's advocate,cat's pajamas,bee's knees,monkey's uncle,bird's eye,"
        "bird's nest,crow's nest,pig in a poke,pigs fly"
    ).split(",")
)
# Beasts that are food, what is done to food, and what there is of it.
EATEN = frozenset(
    "chicken turkey duck goose lamb fish crab lobster pig rabbit squid octopus eel salmon tuna "
    "snail snails shrimp oyster oysters pheasant quail venison veal".split()
)
COOKED = frozenset(
    "fried roast roasted grilled baked barbecued barbequed bbq smoked broiled boiled poached "
    "curried carved cooked uncooked frozen rotisserie stuffed breaded battered canned sliced "
    "raw pit steamed glazed suckling leftover half-eaten spicy sushi takeout thawing plucked "
    "gutted skinned cubed gefilte".split()
)
EATS = frozenset(
    "eat devour carve baste cook fry grill roast order chew season marinate broil".split()
)
SERVINGS = frozenset(
    "rack piece pieces plate plates bucket buckets platter platters slice slices bite bites "
    "leg legs "
    "tray trays bowl bowls hunk chunk chunks scrap scraps wing wings can cans pound pounds "
    "mouthful order bone bones carcass box taste smell".split()
)

# A person's noun and a thing's behind it that is no room or suit of `nobody_there`.
BEHIND_PERSON = frozenset(
    "seat seats side side's sides door doors window windows car cars van truck booth station tower "
    "shack gate post hut dog dogs rail rails house room rooms hat hats cap caps costume costumes "
    "outfit outfits badge badges mask masks suit suits bag bags card cards license licence jacket "
    "jackets shirt shirts shoes boots desk chair quarters seat-belt seatbelt airbag compartment "
    "wheel visor mirror school carriage bottle powder monitor shower driving tank "
    "stand list lists bracelet transport wing cell block ship bed bell pit elevator entrance "
    "buzzer union body centre center statue doll dolls figurine poster mug magnet movie film "
    "calendar magazine tricks trick building act show".split()
)
# What is given: after it two nouns are whom and what, "hands the driver tickets".
GIVING = frozenset(
    "hand give pass throw toss show offer tell buy pay bring send sell slip feed deal lend owe "
    "serve flash fetch teach ask deny grant promise".split()
)
# Nouns of people that a noun before them makes a thing: "a record player", "a wedding band".
OF_THINGS = {
    "player": frozenset("cd record tape cassette dvd video disc disk mp3 vhs laserdisc".split()),
    "guard": frozenset("rubber mouth bite shin mud knee plastic splash fire".split()),
    "coach": frozenset("class railway railroad train stage passenger mail sleeping".split()),
    "recorder": frozenset("tape video".split()),
    "mover": frozenset("earth people snow lawn mail".split()),
    "conductor": frozenset("lightning".split()),
    "chaser": frozenset("coffee beer water whiskey vodka".split()),
    "man": frozenset("snow gingerbread".split()),
    "figure": frozenset(
        "action stick plastic wax lead carved toy porcelain clay bronze wooden stone marble double "
        "single six seven eight".split()
    ),
    "camper": frozenset("rv volkswagen vw truck".split()),
    "band": frozenset(
        "wedding gold wrist rubber arm head hat silver sweat elastic steel iron metal leather hair "
        "jazz-age engagement platinum broad ankle".split()
    ),
    "cleaner": frozenset("household vacuum pipe oven drain window toilet carpet".split()),
    "fan": frozenset("ceiling electric exhaust paper desk window floor table cooling box".split()),
    "aide": frozenset("sexual hearing visual".split()),
    "soldier": frozenset("plastic toy tin lead chocolate wooden".split()),
    "boxer": frozenset("silk cotton plaid wears wearing his boxer".split()),
    "king": frozenset("black white burger larry martin stephen billie".split()),
    "queen": frozenset("black white dairy".split()),
    "knight": frozenset("michael".split()),
    "pilot": frozenset("auto automatic".split()),
    "server": frozenset("computer web file mail".split()),
    "driver": frozenset("screw hard disk pile".split()),
    "starter": frozenset("fire".split()),
    "jumper": frozenset("wool woolen knitted".split()),
    "slugger": frozenset("louisville".split()),
    "viewer": frozenset("bridge main front".split()),
    "flier": frozenset("band party club notification gig concert promotional paper lost".split()),
    "flyer": frozenset("band party club notification gig concert promotional paper lost".split()),
    "minder": frozenset(), "boomer": frozenset("baby".split()),
}  # fmt: skip

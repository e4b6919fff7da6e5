"""English words -> the one word for what they say somebody does, and what they say of people.

`ACTS` brings synonyms to one act ("sob" is to cry); phrases do it for verbs that say it with the
words after them ("bursts into tears"). The rest tells which pronouns and nouns may mean whom.
"""

from __future__ import annotations


def _acts(**said: str) -> dict[str, str]:
    return {verb: act for act, verbs in said.items() for verb in verbs.split()}


ACTS: dict[str, str] = _acts(
    walk="walk trudge stroll wander trot stride amble march pad plod step roam saunter tread pace "
    "shuffle stagger stumble limp lumber waddle tiptoe prowl hobble totter shamble sneak creep "
    "hike plow toddle sweep strut swagger lurch mosey traipse slink wade stomp clomp tramp sidle "
    "bustle sashay tromp scuff trundle meander promenade teeter",
    run="run sprint dash race gallop bolt rush scamper scurry dart charge hurry jog hurtle tear "
    "barrel scramble scuttle scoot skitter careen stampede canter lope scarper skedaddle zoom",
    look="look watch stare gaze glance peer glare gape eye peek squint study regard observe "
    "scrutinize inspect survey ogle gawk goggle gawp scowl eyeball examine scan contemplate leer",
    fly="fly soar flutter flit", swim="swim paddle", crawl="crawl slither wriggle squirm",
    climb="climb clamber scale shin shinny", jump="jump leap spring vault pounce dive",
    hop="hop skip bounce bound",
    fall="fall tumble collapse topple faint keel crumple trip swoon plummet",
    land="land alight",
    enter="enter", exit="exit leave depart withdraw", flee="flee escape",
    follow="follow trail shadow tail", chase="chase pursue hunt",
    lead="lead guide usher escort shepherd",
    carry="carry lug haul cart tote schlep",
    ride="ride straddle",
    push="push shove nudge jostle", pull="pull drag tug tow yank wrench jerk",
    hit="hit punch strike slap smack whack thump clobber wallop slug sock swat pummel bash "
    "backhand thwack bonk",
    kick="kick", throw="throw toss hurl fling lob chuck pitch sling heave", catch="catch",
    give="give hand offer pass", take="take grab snatch seize steal accept pluck swipe retrieve",
    drop="drop",
    hold="hold clutch grip grasp cradle clasp cling brandish wield", open="open unlatch",
    close="close shut slam",
    hug="hug embrace cuddle", kiss="kiss smooch", point="point", wave="wave",
    bow="bow curtsy curtsey genuflect",
    nod="nod", kneel="kneel", sit="sit perch seat plop plunk plonk", stand="stand rise",
    lie="lie lay sprawl recline", sleep="sleep doze nap slumber snooze snore drowse",
    dance="dance waltz jig tango boogie jitterbug polka foxtrot shimmy",
    spin="spin twirl whirl pirouette", somersault="somersault flip",
    turn="turn swivel pivot", laugh="laugh giggle chuckle guffaw cackle snicker chortle titter",
    cry="cry weep sob bawl blubber wail whimper snivel", smile="smile grin beam smirk",
    shake="shake tremble shiver quake quiver shudder",
    eat="eat munch devour nibble chew gobble scoff chomp gnaw dine gorge graze slurp",
    drink="drink sip gulp lap swig guzzle drain quaff chug",
    read="read peruse", write="write scribble scrawl jot", sing="sing croon warble yodel",
    talk="talk speak chat converse natter gossip chatter babble jabber",
    shout="shout yell scream holler bellow shriek screech", whisper="whisper",
    listen="listen eavesdrop",
    hide="hide", play="play strum", fight="fight brawl grapple tussle wrestle spar scuffle",
    cook="cook bake", crouch="crouch squat hunker", lean="lean slouch",
    stretch="stretch", yawn="yawn", clap="clap applaud",
)  # fmt: skip

# Nouns that are verbs of these acts only where somebody stands before them: "the duck ducks".
NOUN_ACTS: dict[str, str] = _acts(
    push="wheel elbow shoulder bump", hit="beat deck belt bat pound whip box thump",
    crouch="duck", eat="wolf feast snack lunch breakfast picnic", crawl="worm inch",
    walk="file reel parade limp toddle", run="streak jet rocket", kick="punt boot",
    drink="nurse toast", ride="pedal bike cycle", write="pen", take="pocket palm bag",
    hold="shoulder", look="spy", dance="jive twist tap-dance", hide="shelter",
    throw="lob", listen="listen", cook="fry grill roast", shout="thunder", carry="ferry",
    climb="mount", jump="cannonball", hug="cuddle", fight="duel battle", fall="trip",
)  # fmt: skip
# What another noun after it makes of a verb's act: the nouns of bodies, drinks, or any thing.
DRINKS = frozenset(
    "coffee tea water beer wine whiskey whisky brandy gin rum vodka milk juice soda cola drink "
    "drinks cocktail champagne lemonade cocoa chocolate bourbon scotch cider martini shake".split()
)

# How a body does an act that the table of verbs does not tell: motion, path.
ACT_MOTIONS: dict[str, str] = {
    "enter": "walk", "exit": "walk", "flee": "run", "swim": "walk", "crawl": "walk",
    "climb": "walk", "ride": "walk", "carry": "walk", "kneel": "bow", "fall": "land",
    "lie": "sleep", "walk": "walk", "run": "run", "jump": "jump", "hop": "hop", "fly": "fly",
    "sleep": "sleep", "dance": "dance", "spin": "spin", "somersault": "somersault", "sit": "sit",
    "bow": "bow", "wave": "wave", "land": "land", "cartwheel": "cartwheel",
}  # fmt: skip

# Verb of a will, an attempt or a failure: the deed that hangs on it is not done.
UNDONE_BY = frozenset(
    "try attempt want wish hope need refuse decline fail hesitate plan intend mean long yearn "
    "threaten prepare pretend struggle forget promise offer consider expect ache dare beg ask "
    "order tell wait stop cease quit avoid resist forbid suppose feign fake vow swear itch "
    "neglect aim strive ready plot propose debate ponder die".split()
)
# Who is told or beckoned to do something has not done it yet.
ORDERS = frozenset("order tell ask beg motion gesture beckon signal urge invite forbid".split())
# Those of them that, when they are denied, leave the deed done: "won't stop talking".
DONE_UNLESS = frozenset("fail hesitate forget stop cease quit resist refuse".split())
# Verbs that are of another's deed, which need not be seen.
UNDONE_HELPERS = frozenset("would could should might may must ought".split())
ALMOST = frozenset("almost nearly never hardly barely scarcely not n't no".split())

# The preposition after which what an act is done to stands, for acts that take one.
OBJECT_PREPOSITIONS: dict[str, tuple[str, ...]] = {
    "look": (
        "at", "into", "toward", "towards", "up at", "down at", "over at", "out at", "back at",
        "after", "through", "out", "out of", "out over", "across", "over",
    ),
    "listen": ("to",), "point": ("at", "to", "toward", "towards"), "wave": ("to", "at"),
    "bow": ("to", "before", "toward"), "talk": ("to", "with"), "nod": ("to", "at", "toward"),
    "smile": ("at", "to"), "climb": (
        "up", "down", "onto", "over", "into", "on", "out of", "on top of", "atop", "aboard",
    ),
    "shout": ("at", "to"), "whisper": ("to",), "ride": ("on", "upon"),
    "eat": ("from", "at", "of", "into"),
    "drink": ("from", "of"), "hit": (), "give": ("to",), "follow": ("behind",),
    "chase": ("after",), "pull": ("at", "on"), "kick": ("at",), "throw": (),
    "hold": ("onto", "on to", "to"),
    "kneel": (), "laugh": ("at",), "play": ("with",), "fight": ("with", "against"),
}  # fmt: skip
# Words that may stand between a verb and what it is done to.
PARTICLES = frozenset("up down off out away back over in on around along open shut".split())

# Words of place -> how somebody is placed.
PLACE_WORDS: dict[str, str] = {
    "to the left of": "left-of", "on the left of": "left-of", "left of": "left-of",
    "to the right of": "right-of", "on the right of": "right-of", "right of": "right-of",
    "in front of": "in-front-of", "on top of": "on", "atop": "on", "on": "on", "upon": "on",
    "onto": "on", "in": "in", "inside": "in", "within": "in", "next to": "beside",
    "beside": "beside", "alongside": "beside", "close to": "beside", "near": "beside",
    "by": "beside", "at the side of": "beside", "under": "below", "beneath": "below",
    "underneath": "below", "below": "below", "above": "above", "over": "above",
    "high above": "above", "behind": "behind", "before": "in-front-of", "between": "between",
    "at the foot of": "beside", "to one side of": "beside", "on one side of": "beside",
    "on the other side of": "beside", "on either side of": "beside",
    "side by side with": "beside", "in back of": "behind",
    "in between": "between",
}  # fmt: skip
# Acts that keep one in place, so that words of place say where.
POSTURES = frozenset(
    "be sit stand lie hide kneel sleep crouch lean hang wait rest perch float hover stay remain "
    "read eat listen dance doze huddle curl sprawl loom tower".split()
)
# Acts that lead from one place to another.
TRAVELS = frozenset(
    "walk run fly swim crawl climb jump hop fall land enter exit flee follow chase lead carry ride "
    "push pull turn come go move pass cross throw".split()
)
# What may stand behind whom something is done to, and is no noun: "pulls the players apart".
BEHIND_WHOM = frozenset(
    "apart aside away back together again too alone along upstairs downstairs inside outside "
    "ashore aboard forward forwards backward backwards home first here there everywhere alive "
    "dead".split()
)
# Nouns after "in", "on" and "by" that are no place to be: "in silence", "on his hind legs".
NO_PLACES = frozenset(
    "rain snow sun wind dark darkness silence tears shadow shadows light moonlight sunlight air "
    "corner middle center centre background foreground distance front back row line circle way "
    "time turn moment fear pain anger awe horror surprise peace ease thread foot feet leg legs "
    "knee knees toe toes tiptoe side left right top end edge frame shot view sight coat dress hat "
    "suit uniform rags gown cloak hand hands arm arms lap mouth eyes face head "
    "shoulders fours back stomach "
    "belly haste thought sleep place unison step tow night morning day dawn trance arm cold heat "
    "guard duty phone fire water mud dust smoke fog mist grass waistcoat jacket scarf cap boots "
    "moon stars sky clouds other one furs silk "
    "shoes gloves mask apron pyjamas pajamas nightshirt trousers robe armour armor overcoat "
    "raincoat shirt sweater wig tie shorts jeans tuxedo overalls slippers".split()
)
# Nouns that are a place without an article: "on deck".
BARE_PLACES = frozenset(
    "bed deck stage church court jail prison school hospital horseback board camp class home "
    "water line".split()
)
PARTITIVES = frozenset(
    "last rest piece bit cup glass bottle slice half end remains mouthful bowl plate bag box "
    "handful pair spoonful mug jar pint sip swig gulp swallow slug pull".split()
)

BODY = frozenset("shoulder shoulders back neck face eyes cheek chest jaw nose".split())
# What is seen of somebody by itself, and shows whose it is.
SHOWING = BODY | frozenset(
    "hand hands finger fingers arm arms foot feet leg legs head hair mouth lips ear ears "
    "forehead skin body knees lap throat wrist ankle attention gaze expression features torso "
    "stomach belly waist hip hips thigh thighs breast breasts temple temples brow eyebrow "
    "eyebrows eyelids nostrils tongue teeth chin cheeks wrists ankles elbow elbows thumb "
    "thumbs palm palms fist fists ribs scalp toe toes heel heels beard wound wounds look "
    "looks glance reaction reactions".split()
)

MALE = frozenset(
    "man boy father dad grandfather grandpa brother son uncle husband groom king prince duke "
    "sir mr lord gentleman lad guy waiter actor butler monk priest vicar knight cowboy fisherman "
    "sultan emperor wizard nephew bloke fellow policeman fireman "
    "mailman milkman salesman bellboy".split()
)
FEMALE = frozenset(
    "woman girl mother mom mum grandmother grandma nana granny sister daughter aunt wife bride "
    "queen princess duchess mrs ms miss lady waitress actress nun witch maid barmaid cowgirl "
    "empress widow niece lass dame nurse ballerina".split()
)
MALE_ANIMALS = frozenset("bull rooster ram stallion gander drake male".split())
FEMALE_ANIMALS = frozenset("hen mare cow ewe doe sow vixen lioness female".split())
PEOPLE = (
    MALE
    | FEMALE
    | frozenset(
        "child baby kid person teenager officer soldier sheriff deputy doctor detective captain "
        "sergeant inspector professor teacher student thief burglar clown bartender chef cook "
        "driver "
        "pilot sailor farmer guard stranger acrobat scientist astronaut gravedigger lawyer judge "
        "adult somebody infant toddler twin".split()
    )
)
BEASTS = frozenset({"animal", "beast", "creature", "critter"})
BIRDS = frozenset(
    "parrot owl crow raven duck goose hen rooster chicken eagle hawk heron stork swan penguin "
    "canary sparrow pigeon dove gull seagull robin peacock ostrich turkey magpie finch".split()
)
HYPERNYMS: dict[str, frozenset[str]] = {
    "bird": BIRDS,
    "man": MALE, "fellow": MALE, "guy": MALE, "boy": frozenset("boy son lad nephew".split()),
    "lad": frozenset("boy son lad".split()), "woman": FEMALE, "lady": FEMALE,
    "girl": frozenset("girl daughter lass niece".split()),
    "child": frozenset("boy girl child kid baby".split()),
    "kid": frozenset("boy girl child kid".split()),
    "dog": frozenset("pug sheepdog hound puppy terrier poodle spaniel mutt collie dog".split()),
    "horse": frozenset("bronco mare stallion pony foal horse".split()),
    "reptile": frozenset(
        "iguana lizard snake crocodile alligator turtle tortoise gecko python cobra".split()
    ),
    "rodent": frozenset("rat mouse squirrel hamster beaver chipmunk raccoon".split()),
    "feline": frozenset("cat kitten tiger lion lioness leopard panther tomcat".split()),
    "ape": frozenset("monkey gorilla chimp chimpanzee baboon orangutan ape".split()),
    "monkey": frozenset("chimp chimpanzee baboon capuchin macaque monkey".split()),
    "insect": frozenset("fly bee wasp ant beetle cricket moth butterfly bug".split()),
    "hound": frozenset("dog bloodhound beagle greyhound hound".split()),
    "mutt": frozenset("dog terrier spaniel puppy hound mutt".split()),
}  # fmt: skip
# Who somebody is to another.
KIN = frozenset(
    "mother father mom dad mum brother sister son daughter wife husband uncle aunt niece nephew "
    "cousin grandmother grandfather grandson granddaughter friend friends boss partner assistant "
    "lawyer secretary servant maid twin parents children neighbor neighbour".split()
)
# Nouns that are of a look: "the blonde".
COMPLEXIONS = frozenset("blonde blond brunette redhead".split())
# Adjectives that no one bears together.
OPPOSED = (
    frozenset("old elderly aged ancient".split()), frozenset("young little".split()),
)  # fmt: skip
TITLES = frozenset(
    "mr mrs ms miss dr doctor sir lady lord king queen prince princess captain commander sergeant "
    "private general colonel major lieutenant ensign detective inspector officer professor father "
    "mother sister brother aunt uncle old little young poor big farmer nurse sheriff deputy agent "
    "president mayor judge reverend grandma grandpa count countess duke duchess baron saint st "
    "prof capt lt sgt col gen cpl pvt rev cousin madame monsieur senor".split()
)

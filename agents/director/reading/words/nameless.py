"""Nouns of people and beasts whom a page introduces in small letters only: "the observers panic".

They make nobody of words in capitals, as the nouns of `things` do.
"""

from __future__ import annotations

NAMELESS = frozenset(
    "police males females observer planner parent grandparent grandchild schoolchild spouse "
    "bookmaker congregant attendee applicant beginner captor celebrity combatant competitor "
    "contestant evacuee examiner owner expert leader listener negotiator newborn participant "
    "presenter recruiter supervisor well-wisher counterpart admirer relatives in-laws organizer "
    "corpse cadaver class staff cavalry infantry clergy faculty militia multitude rabble parade "
    "wench maiden footsoldier lancer buccaneer gangbanger clubber partier migrant stormtrooper "
    "punk barfly activist conscript mogul crewmember squadmate cellmate entrant insurgent "
    "carjacker videographer vampire werewolf ghoul creature monster alien android robot clone "
    "demon".split()
)
# Several of these are one word: "the class laughs".
TOGETHER_AS_ONE = frozenset(
    "class staff cavalry infantry clergy faculty militia multitude rabble parade".split()
)
# Beasts that no page takes for anything else where they do something.
SMALL_BEASTS = frozenset(
    "rat mouse squirrel hawk eagle owl raven vulture buzzard pigeon dove seagull gull heron "
    "stork pelican sparrow robin parrot rooster hen goose swan firefly butterfly dragonfly "
    "moth bee wasp mosquito beetle cockroach roach spider scorpion snake rattlesnake lizard "
    "gecko iguana turtle tortoise frog toad crocodile alligator whale dolphin porpoise shark "
    "octopus crab lobster deer doe fawn elk moose caribou buffalo bison coyote wolf hyena "
    "raccoon possum opossum skunk badger hare hedgehog chipmunk hamster gerbil weasel ferret "
    "monkey chimp chimpanzee gorilla baboon orangutan lion lioness tiger leopard panther cheetah "
    "cougar elephant giraffe zebra camel hippo rhino rhinoceros antelope gazelle goat lamb "
    "donkey mule pony foal mare stallion colt calf heifer piglet puppy kitten pug poodle terrier "
    "spaniel collie dachshund greyhound bloodhound hound beagle mongrel mutt elf dwarf goblin "
    "gnome troll chicken chick canary finch duckling gosling bunny peacock flamingo ostrich "
    "jackal walrus otter".split()
)

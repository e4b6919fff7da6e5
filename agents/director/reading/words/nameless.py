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
# Who is told so in the plural only, since one such word is an adjective: "the locals stare".
_ONLY_SEVERAL = frozenset(
    "locals officials regulars seniors civilians radicals "
    "africans albanians americans arabs argentines aryans asians australians austrians bavarians "
    "belgians bolivians bosnians brazilians bulgarians canadians chileans colombians croats cubans "
    "czechs dominicans egyptians estonians ethiopians europeans filipinos finns georgians germans "
    "greeks haitians hungarians indians indonesians iranians iraqis israelis italians jamaicans "
    "jordanians kenyans koreans kurds latvians libyans lithuanians malaysians mexicans mongols "
    "moroccans nigerians norwegians pakistanis palestinians persians peruvians prussians romanians "
    "romans russians saudis saxons scots serbs sicilians slovaks somalis soviets spaniards "
    "swedes syrians texans tibetans tunisians turks ukrainians venetians "
    "yankees yemenis zulus apaches arapahos aztecs cherokees cheyennes comanches hurons "
    "incas lakotas mayans mohawks mohicans navajos pawnees seminoles shawnees sioux "
    "anarchists bolsheviks communists confederates fascists federals nazis "
    "christians buddhists catholics hindus jews mormons muslims protestants puritans quakers "
    "southerners northerners easterners westerners".split()
)
NAMELESS |= _ONLY_SEVERAL
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
    "labrador retriever rottweiler doberman pinscher dalmatian chihuahua bulldog mastiff malamute "
    "whippet schnauzer corgi pekinese pekingese pomeranian airedale sheepdog wolfhound pitbull "
    "samoyed palomino thoroughbred tomcat "
    "gnome troll chicken chick canary finch duckling gosling bunny peacock flamingo ostrich "
    "jackal walrus otter".split()
)

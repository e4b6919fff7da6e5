"""Nouns -> whether they may be somebody: sounds, things and states that scripts write in capitals.

A script writes what must be noticed in capitals, whether it is a person or not. These words, as the
last of a name, are nobody, unless the cast, a cue or an age says that they are.
"""

from __future__ import annotations

from functools import lru_cache

from .acts import PEOPLE
from .dictionary import is_person_noun
from .inanimate import INANIMATE

HEARD = frozenset(
    "sound sounds noise noises music song songs voice voices footsteps footstep hiss hum buzz "
    "beep bleep whirr whir whine wail siren sirens alarm bell bells ring ringing knock knocking "
    "thud thump bang crash crack creak click clang clatter rattle rumble roar whoosh splash "
    "pop snap slam screech squeal squeak groan moan scream screams shriek howl bark barking "
    "gunshot gunshots shots gunfire explosion applause laughter cheers cheering silence thunder "
    "tick ticking static echo echoes whistle drums drumbeat chime chimes chatter murmur whisper "
    "whispers cry cries sobs snore snoring gasp breathing heartbeat hoofbeats blast boom toot "
    "honk horn horns score melody tune jazz radio-static dialtone wind roll moaning groaning "
    "giggle giggles chuckle guffaw rustle rustling drumroll".split()
)
STATES = frozenset(
    "black blackness darkness dark light lights brightness white whiteness shadow shadows smoke "
    "fog mist steam fire flames flame dust rain snow lightning storm night day blood water sky "
    "sun moon stars color colour heat cold nothing everything something chaos panic".split()
)
THINGS = frozenset(
    "door doors window windows gate phone phones telephone cellphone receiver car cars truck van "
    "bus taxi cab train plane airplane aeroplane helicopter boat ship bicycle bike motorcycle "
    "rv suv winnebago ambulance wagon cart sled snowcat sno-cat snowmobile bulldozer backhoe "
    "forklift jeep humvee minivan hovercraft hatchback limousine limo tractor steamroller dinghy "
    "kayak "
    "gun guns pistol revolver rifle shotgun knife knives sword axe bullet bullets "
    "bomb rope chain key keys lock box boxes bag bags suitcase briefcase purse wallet money cash "
    "coin coins letter letters note notes envelope paper papers newspaper magazine book books "
    "photo photograph photographs picture pictures painting portrait poster sign signs map card "
    "cards ticket file files folder document documents contract diary table chair desk bed couch "
    "sofa lamp lantern candle candles torch flashlight mirror clock watch television tv radio "
    "computer laptop screen monitor camera cameras tape recorder microphone speaker speakers "
    "piano guitar violin glass bottle cup plate bowl spoon fork tray basket bucket barrel crate "
    "hat coat jacket dress shirt shoe shoes boot boots glove gloves mask ring necklace bracelet "
    "umbrella house building tower bridge street road alley wall walls floor ceiling roof stairs "
    "staircase elevator corridor hallway room rooms kitchen office tree trees flower flowers "
    "leaf leaves rock rocks stone stones river lake ocean sea wave waves beach mountain hill "
    "hills field fields garden forest woods path headlights headlight engine wheel wheels brakes "
    "tire tires needle syringe pill pills cigarette cigarettes cigar match matches lighter ash "
    "tear tears ear ears tail tails fur paw paws suit costume bowl leash collar "
    "fist fists lips button buttons "
    "ball toy toys doll balloon flag curtain curtains blanket pillow statue skull skeleton coffin "
    "grave tombstone cross body bodies corpse hand hands face eye eyes foot feet arm arms leg "
    "legs finger fingers head hair mouth frame screen shot scene title titles credits letterhead "
    "building buildings city town village crowd moment moments time kiss smile look figure "
    "machine robotarm pipe pipes tank safe vault drawer cabinet fridge oven stove kettle teapot "
    "lake ice cloud clouds".split()
)
# Words that are written large for their weight and are no nouns at all.
STRESSED = frozenset(
    "very not never always all only this that these those too so now again big small huge tiny "
    "no yes nothing everything suddenly finally slowly quickly just still more most less least "
    "first last next once twice every each both there here where what who why how when must can "
    "will could should would right left up down back away off over under close far near loud "
    "louder loudly hard fast quick slow dead alive gone empty full open closed locked broken alone "
    "together we they he she it you i me him her us them his hers its our your my".split()
)
# Words of the trade with which no name begins.
TRADE = frozenset(
    "camera pan pans panning push pull pulls pushes track tracking tracks dolly crane craning "
    "tilt tilts zoom zooms hold holds angle angles close closer closeup close-up wide wider "
    "tight medium pov reverse insert shot reveal reveals intercut montage super superimpose "
    "title titles chyron caption cut cuts smash match fade fades dissolve flashback flash back "
    "end begin continued later handheld steadicam aerial establishing series freeze slow-motion "
    "slo-mo frame f.g b.g fg bg foreground background off-screen offscreen onscreen end".split()
)
# Nouns for somebody whom no world of animals knows, so that anything may be said of them.
BEASTS_UNKNOWN = frozenset(
    "wolf wolves horse horses monkey ape gorilla dragon dinosaur snake lizard crocodile alligator "
    "whale dolphin shark fish octopus spider ant bee fly butterfly bat rat squirrel goat donkey "
    "mule camel zebra giraffe tiger leopard panther bull buffalo ghost monster alien robot angel "
    "devil demon vampire zombie troll giant dwarf elf fairy goblin unicorn mermaid kid puppet "
    "dog cat bird birds hen rooster".split()
)
# Beasts that a world of animals may know: somebody in capitals, whatever the world.
BEASTS = BEASTS_UNKNOWN | frozenset(
    "bear fox rabbit hare owl duck goose swan hedgehog deer doe stag fawn moose lion lioness cow "
    "calf ox sheep lamb ram ewe pig piglet boar frog toad turtle tortoise elephant penguin mouse "
    "mammoth badger beaver otter mole weasel ferret raccoon skunk possum chipmunk hamster gerbil "
    "pony foal mare stallion kitten puppy hound poodle terrier bulldog mutt wolfhound cub coyote "
    "pup jackal hyena cheetah jaguar lynx walrus seal octopus squid crab lobster snail slug worm "
    "caterpillar beetle ladybug cricket grasshopper wasp mosquito moth dragonfly scorpion bull "
    "parrot pigeon dove crow raven eagle hawk falcon heron stork seagull gull sparrow robin "
    "peacock turkey chicken chick rooster ostrich flamingo pelican vulture canary magpie llama "
    "alpaca bison kangaroo koala panda rhino rhinoceros hippo hippopotamus antelope gazelle "
    "chimp chimpanzee orangutan baboon iguana gecko python cobra rattlesnake creature beast animal "
    "griffin phoenix ogre gnome wizard witch ghoul mummy werewolf cyclops minotaur centaur".split()
)
# What talks in a room and is nobody there.
SETS = frozenset(
    "radio tv television phone telephone speakerphone intercom loudspeaker speaker tannoy computer "
    "machine recording tape voicemail subtitle caption chyron crowd audience chorus mob ensemble "
    "choir congregation".split()
)
OCCUPATIONS = frozenset(
    "assassin gunman hitman boss agent spy cop cops policeman policewoman guard guards prisoner "
    "convict servant slave king queen bishop priest pope rabbi preacher minister president mayor "
    "senator general colonel major lieutenant private soldiers marine reporter journalist editor "
    "photographer artist painter musician singer dancer actor director producer writer poet "
    "author clerk cashier manager secretary receptionist assistant intern janitor cleaner porter "
    "maid cook baker butcher barber tailor hairdresser mechanic engineer electrician plumber "
    "carpenter builder worker workers operator technician conductor driver passenger passengers "
    "pilot stewardess steward attendant captain crewman fisherman hunter shepherd peasant "
    "villager villagers customer customers patron patient patients visitor neighbor neighbour "
    "roommate friend friends lover boyfriend girlfriend partner hostess host bouncer dealer "
    "gambler drunk beggar tramp hobo bum pirate outlaw bandit cowboy indian chief warrior "
    "witness victim suspect killer murderer robber kidnapper attorney prosecutor bailiff juror "
    "coroner paramedic surgeon scientist researcher coach referee player athlete boxer wrestler "
    "principal emcee ringmaster carnie carnies acrobat juggler ventriloquist groom batter pitcher "
    "catcher teller usher bandleader conductor orderly intern surgeon foreman sharecropper heckler "
    "protester bystander onlooker commuter tourist guest guests "
    "dude dudes attendant attendants underling native natives controller nurse nurses waiter "
    "waitress bartender stenographer bellman crewman businessman housewife guy bride barman "
    "scout scouts busboy bellhop dishwasher deputy trooper ranger medic orderly escort matron "
    "croupier bookie mobster gangster thug henchman goon bodyguard doorman doorwoman chauffeur "
    "cabbie cabby trucker drifter stranger hitchhiker backpacker camper jogger cyclist surfer "
    "dancer ballerina cheerleader quarterback toddler infant preteen youngster elder retiree "
    "pensioner widower bridesmaid usher pallbearer mourner parishioner monk friar nun vicar deacon "
    "rancher cowhand wrangler miner welder roofer painter sculptor blacksmith cobbler fishmonger "
    "grocer shopkeeper shopper vendor hawker peddler newsboy paperboy mailman postman courier "
    "businesswoman executive banker broker accountant realtor salesgirl saleswoman salesman "
    "stewardess hostess barista chef sommelier maitre customs officer sergeant corporal private "
    "recruit cadet sailor seaman marine airman paratrooper sniper sentry lookout "
    "addict admiral adult aide alderman altar-boy ambassador anaesthetist analyst anchorman "
    "anchorwoman anesthetist anthropologist apprentice archaeologist archer archivist arsonist "
    "astronomer aviator babysitter bachelor barkeep barkeeper baron baroness barrister bassist "
    "bedouin beekeeper biologist boatman bombardier bootlegger bosun botanist bowler brakeman "
    "brewer bricklayer bugler caddie cafe-owner cameraman captive cardinal castaway hitter slugger "
    "outfielder infielder baseman "
    "cavalryman cellist centurion chairman chairwoman chambermaid chaperone charwoman chemist "
    "chorister cigarette-girl clairvoyant classmate climber co-pilot coachman collaborator "
    "columnist comedian commander commando commodore congressman consul contortionist "
    "copilot cosmonaut councilman counsellor counselor countess courtier cowherd crook crooner "
    "curator debutante deckhand deejay defendant delegate deliveryman demonstrator dentist "
    "diplomat dispatcher distiller diver divorcee dj docent docker doctor double-agent "
    "dressmaker drummer duchess embalmer ensign evangelist executioner eyewitness farmhand "
    "ferryman fiance fiancee fiddler firefighter fireman flier footman fortune-teller freshman "
    "gaffer gamekeeper gardener geologist gigolo gladiator goalie goalkeeper goatherd golfer "
    "governess governor graduate gravedigger groundskeeper grown-up guerrilla guitarist gunner "
    "gunslinger gunsmith gypsy hacker hairstylist handler handyman hangman harpist headmaster "
    "headmistress headwaiter heir heiress helmsman helper hermit hiker homesteader honeymooner "
    "hooker horseman hostage housekeeper hypnotist immigrant infantryman informant inmate "
    "innkeeper instructor interpreter intruder islander jailer jailor jeweler jeweller jockey "
    "junkie kid laborer labourer landlady landlord landowner laundress lecturer legionnaire "
    "librarian lifeguard linebacker lobbyist locksmith lodger logger longshoreman looter "
    "lumberjack lunatic madman madwoman magician magistrate matchmaker midwife militiaman "
    "milliner millionaire mime missionary monarch moneylender mortician motorist "
    "mountaineer mugger nanny navigator navvy newlywed newscaster newsman newswoman ninja "
    "nobleman noblewoman nomad notary novice oarsman operative optometrist organist orphan "
    "outrider overseer paparazzo partisan passerby pastor pawnbroker pedestrian pharmacist "
    "physician physicist pianist picketer pickpocket pimp pioneer plaintiff plantation-owner "
    "plasterer poacher postmaster programmer prospector prostitute prowler psychiatrist "
    "psychologist psychopath publicist purser rebel recluse rector refugee repairman "
    "representative resister restaurateur reverend rickshaw-puller rioter samurai saxophonist "
    "schoolboy schoolgirl schoolmate schoolteacher scullion seamstress serf settler shopgirl "
    "shortstop signalman sikh silversmith skier skydiver smuggler snitch socialite soldier "
    "solicitor sophomore soundman specialist spectator spinster spokesman spokeswoman stableboy "
    "stablehand stagehand stalker stationmaster stevedore stoker storekeeper stowaway striker "
    "stripper stuntman stylist suitor supporter swimmer swordsman tavern-keeper teammate "
    "telegrapher tenant terrorist therapist ticket-taker townsman townsperson trainer translator "
    "trapeze-artist trapper treasurer trespasser tribesman trumpeter turnkey tutor tycoon umpire "
    "understudy undertaker usherette valedictorian valet vandal vassal vet veterinarian "
    "violinist vocalist volunteer walker warden washerwoman watchmaker watchman weatherman widow "
    "winemaker youth zoologist "
    "staffer trader bidder auctioneer onlooker mourner newcomer intern aide escapee fugitive "
    "bettor punter drinker gawker celebrant dignitary bather "
    "accomplice acolyte adjutant adolescent adventurer adversary amputee announcer aristocrat "
    "assailant associate attache attacker bell-ringer bodybuilder brat bully busker buyer "
    "cabdriver candidate caterer chap client co-worker codger colleague companion comrade "
    "concierge conspirator correspondent courtesan coworker crone crony crusader custodian "
    "cyborg daredevil decorator defector deserter disciple diva emissary enforcer entertainer "
    "envoy fanatic fella figure follower foreigner geek geezer geisha greaser groupie hag "
    "heroine hippie hoodlum hoofer hooligan hustler hypnotherapist illusionist imam impostor "
    "incumbent invader investigator jester lackey lassie lawmaker layabout legislator leper "
    "loner look-alike lookalike loser lout magnate martyr masseur masseuse matriarch mercenary "
    "mistress moderator mutant nerd newsreader nymph opponent outcast outsider panelist "
    "panhandler paralegal passer-by passers-by pathologist patriarch performer pilgrim "
    "politician prankster preppie prodigy pundit pursuer rapist rapper rescuer resident reveler "
    "reveller rider roadie ruffian runaway saboteur scavenger scoundrel sentinel sharpshooter "
    "shooter sibling sidekick sightseer skateboarder skinhead sleuth smoker snob soloist "
    "sorcerer sorceress squatter squire starlet straggler subordinate superhero supermodel "
    "survivor swindler trainee traitor trickster turncoat tyke tyrant urchin usurper vagrant "
    "veteran viking villain voter voyeur wanderer warlord weightlifter whore winner wino "
    "worshipper yokel yuppie zombie "
    "scholar charioteer sepoy commissioner "
    "runner skater biker teenager teen teens boys girls men women man woman twins".split()
)
# Several who are filmed as one: "a JAZZ BAND plays".
GROUPS = frozenset(
    "band orchestra quartet quintet trio duo combo ensemble choir troupe crew squad team gang "
    "posse platoon patrol entourage couple family brigade regiment jury".split()
)


# Several without a name, who are there where they do something: "the crowd cheers".
THRONGS = frozenset(
    "crowd mob throng horde fans audience congregation procession teammate spectator warrior rider "
    "player "
    "colleague prisoner reveler reveller worshipper gunman henchman patrolman classmate newlywed "
    "horseman troop attacker pursuer captor group personnel clergy infantry cavalry".split()
)
# Nouns of people that are things too -> what only the thing does: "the coach drives on".
THINGS_TOO = {
    "coach": frozenset("drive roll pull rumble rattle clatter lurch sway arrive depart".split()),
    "pitcher": frozenset("break shatter spill tip".split()),
    "batter": frozenset("drip spill rise".split()),
}


@lru_cache(maxsize=10_000)
def is_of_people(noun: str) -> bool:
    """Say whether a noun, lower case and singular, is a person's: "bartender", "juryman"."""
    ends = noun.rpartition("-")[2]
    if noun.startswith("hand-"):
        return False  # a hand-welder is a tool
    made = len(noun) > 5 and noun.endswith(_PERSONAL) and noun not in _NOT_PERSONAL
    made = made or (is_person_noun(noun) and noun not in BEASTS and not is_nobody(noun))
    known = noun in OCCUPATIONS or ends in OCCUPATIONS  # a passer-by
    return known or ends in PEOPLE or ends in GROUPS or made


_PERSONAL = (
    "man",
    "woman",
    "people",
    "boy",
    "girl",
    "person",
    "folk",
    "lady",
    "father",
    "mother",
    "goer",
)
_NOT_PERSONAL = frozenset(
    "human inhuman superhuman smother walkman doberman talisman shaman caiman ottoman roman german "
    "cowboy tallboy".split()
)
# Given names that tell "he" from "she" where no look does.
MALE_NAMES = frozenset(
    "adam al alan albert alex alfred andrew andy anthony archie arthur barry ben benjamin bernard "
    "bert bill billy bob bobby boris brad brian bruce carl charles charlie chris christopher "
    "clyde colin craig dan daniel danny dave david dennis derek dick dmitri don donald doug duke "
    "duncan earl ed eddie edgar edmund edward eli emil eric ernest ethan eugene felix finn "
    "francis frank fred freddie gary geoffrey george gerald gil gordon graham greg gus guy hank "
    "hans harold harry harvey henry herbert howard hugh hugo ian isaac ivan jack jacob jake james "
    "jason jeff jeremy jerome jerry jim jimmy joe joel john johnny jonah jonathan jose joseph "
    "josh juan jules julian karl keith ken kenneth kevin kurt larry lars laurence lawrence leo "
    "leon leonard lewis louis lucas luis luke malcolm marcus mario mark martin marvin matt "
    "matthew max michael miguel mike milo mitch mohammed morris moses nathan ned neil nicholas "
    "nick noah norman oliver omar oscar otis otto pablo patrick paul pedro percy pete peter phil "
    "philip pierre ralph ray raymond richard rick robert robin roger roland roman ron ronald rory "
    "roy rudolf rudy rupert russell sam samuel saul scott sean sebastian sid simon stan stanley "
    "stefan stephen steve steven ted terrence terry theo thomas tim timothy toby tom tommy tony "
    "travis trevor vernon victor vince vincent wade wallace walt walter warren wayne wilbur will "
    "william winston zack".split()
) - frozenset({"guy", "duke", "robin", "will", "mark", "earl"})
FEMALE_NAMES = frozenset(
    "abigail ada adele agnes alice alison amanda amelia amy andrea angela anita ann anna anne "
    "annie astrid audrey barbara beatrice becky bella bernice beth betty bonnie brenda bridget "
    "camilla carla carmen carol caroline catherine cecilia charlotte chloe christina cindy claire "
    "clara constance cora cynthia daisy daphne deborah delia denise diana diane dolores donna "
    "doris dorothy edith eileen elaine eleanor elena eliza elizabeth ella ellen elsie emily emma "
    "erica esther ethel eva eve evelyn fiona flora florence frances gail georgia gertrude gina "
    "gladys gloria grace greta gwen hannah harriet hattie hazel heather helen helena henrietta "
    "hilda holly ida ines ingrid irene iris isabel isabella jane janet jean jennifer jenny "
    "jessica jill joan joanna josephine joyce judith judy julia julie juliet karen kate katherine "
    "kathleen kathy katie kim laura lauren leah lena lily linda lisa lola lorna lorraine louise "
    "lucille lucy lydia mabel madeleine mae maggie margaret marge maria marian marie marilyn "
    "marjorie martha mary matilda maud maureen maya melissa mia mildred miranda miriam molly "
    "monica muriel myrtle nancy naomi natalie natasha nell nellie nina nora norma olga olive "
    "olivia ophelia pamela patricia paula pauline pearl peggy penelope penny phoebe phyllis polly "
    "priscilla prudence rachel rebecca rita rosa rosalie rose rosemary roxanne ruby ruth sadie "
    "sally sandra sarah selma sharon sheila shirley sophia sophie stella susan suzanne sylvia "
    "tamara tanya teresa tess thelma theresa tina tracy ursula valerie vanessa vera veronica "
    "victoria viola violet virginia vivian wanda wendy winifred yolanda yvonne zelda zoe".split()
)
_ABSTRACT = ("ness", "tion", "sion", "ment", "ity", "ance", "ence")


def is_given(name: str) -> bool:
    """Say whether a name is a common given name: ROSE, who is no flower."""
    name = name.lower()
    return name in MALE_NAMES or name in FEMALE_NAMES


def is_nobody(word: str) -> bool:
    """Say whether a word, lower case, is a sound, a state, a thing or a word of the trade."""
    return word in _NOBODIES or word in INANIMATE


_NOBODIES = HEARD | STATES | THINGS | STRESSED


def is_abstract(word: str) -> bool:
    """Say whether a word ends as a state does, "darkness"; so do names: "CONSTANCE"."""
    return len(word) > 7 and word.endswith(_ABSTRACT)


# Verbs that only somebody does: what follows "The GRIFFIN" if it is no thing.
ANIMATE = frozenset(
    "walk trudge stroll wander trot stride amble march plod step tiptoe prowl sneak creep hobble "
    "limp stumble stagger sprint scamper scurry gallop dash look watch stare gaze glance peer "
    "glare gape study listen think wonder remember know want wish decide believe hope crawl climb "
    "clamber jump hop leap skip flee escape chase pursue hunt carry hug embrace kiss point wave "
    "bow curtsy nod kneel sit sleep doze snore nap dance waltz laugh giggle chuckle cry weep sob "
    "smile grin frown smirk sneer eat munch devour nibble chew drink sip gulp read write sing "
    "talk speak say tell ask answer reply shout yell call scream holler whisper mutter mumble "
    "fight punch slap cook crouch squat yawn stretch clap applaud howl growl bark snarl meow roar "
    "hesitate shrug sigh gasp blink wink swallow sniff breathe grab snatch pick hold give throw "
    "toss kick take put wear try begin start enter exit leave arrive approach hide search swim "
    "dive run rush greet thank wait pause pace pour cough sneeze snort spit wince flinch choke "
    "lick shave knit sew dial mop juggle grunt pant untie unpack shoot stab bite tickle pinch "
    "poke salute pray faint beg plead curse swear chant recite knock scrub wipe brush comb "
    "scratch scrape".split()
)

# More that somebody does, and things too: "the door opens".
DONE_BY_THINGS_TOO = frozenset(
    "swing round unload load serve drive steer drag lift push pull open close lock unlock hand "
    "deal lower raise examine inspect operate repair purr whistle groan moan purr hiss shriek "
    "wail peel".split()
)


# Of these, what things do as well, where a page calls them "the": "the jeep turns", "a flag waves".
_DONE_BY_MACHINES = frozenset(
    "run race dash sprint gallop jump hop leap skip fly swim dive dance wave sit sleep start begin "
    "hold put kick stand call hide cry scream whistle growl sing cough spit choke lick howl "
    "roar bark snort grunt pant creep march rush arrive approach "
    "enter exit leave stop pause read say tell speak talk answer give take throw toss bite catch "
    "slap punch tickle scrape scratch brush wipe carry escape flee "
    "salute shoot pour swim point knock face".split()
)


def is_of_somebody(verb: str) -> bool:
    """Say whether a verb in its base form makes somebody of "the GRIFFIN": it shrugs, it nods."""
    return verb in ANIMATE and verb not in _DONE_BY_MACHINES


def is_animate(verb: str) -> bool:
    """Say whether a verb in its base form is one that only somebody does."""
    return verb in ANIMATE

"""Nouns of what is only heard, of tumults and of blows: in capitals, none of these is somebody.

`THINGS` and `HEARD` of `things` say whether a whole sentence is a sound; these only say that a word
in capitals names nobody: "a muttered OATH", "It's BEDLAM.", "with a KERPLUNK".
"""

from __future__ import annotations

import re

_SOUNDS = (
    # Knocks and bursts.
    "bam bang bash biff boff boink bonk boom bump burst chink chug chunk clack clank clap clash "
    "clatter click clink clip-clop clomp clonk clop clunk crackle crackling crash crinkle crump "
    "crunch detonation ding dong fizz fizzle flap flutter fwap fwip fwoosh glug gurgle jangle "
    "jingle kaboom kapow kerplunk kerchunk klang klaxon kerthunk knell patter peal pitter-patter "
    "plink plop plunk pop pow putter rap rasp ratatat rat-a-tat rattling report reverberation "
    "ricochet rip rumbling scrape scraping scratch scratching shatter slap slosh slurp smack smash "
    "snap snick snip spatter splat splatter splosh sputter squelch squish swish swoosh thrum "
    "thrumming throb thud thunderclap thunk thwack thwap thwip tinkle toll twang vroom wallop wham "
    "whack whang whap whip-crack whiz whizz whomp whoomp whoomph whoomf whoosh whoop whop whump "
    "whumpf yoink zap zing zip zoom "
    # Hums, tones and alarms.
    "beeping bleeping blare blaring blip blips burr buzzing caterwaul chiming clamor clamour "
    "clang clanging clangor crescendo dial-tone din drone droning feedback foghorn fanfare "
    "grinding gong hissing honking humming keening monotone pealing ping pinging pulse purr "
    "resonance ringtone rustling screeching screaming shrieking sizzle sizzling squawk squawking "
    "squealing squeaking static strain strains tapping thumping ticktock tick-tock tone tones "
    "tremolo trill tolling vibration vibrato warble wailing whining whirring whistling whooshing "
    # Music that nobody in the picture makes.
    "anthem aria ballad bassline chorale concerto ditty dirge hymn jingle lullaby muzak muzac "
    "march overture refrain reprise rhapsody riff serenade sonata soundtrack symphony tango theme "
    "waltz lyric lyrics newscast newsreel broadcast transmission announcement playback voiceover "
    "voice-over telecast simulcast podcast audio dialogue commentary narration "
    # What throats do.
    "babble babbling bawl belch bellow bellowing bleat blubber bray burble burp cackle cackling "
    "caw cawing cheer cheep chirp chirping chirrup chitter chortle cluck coo cooing cough coughing "
    "croak croaking crow curse cuss exclamation exhalation expletive gag gibber giggling growl "
    "growling grumble grumbling grunt grunting guffawing gulp hiccup hoot hooting howling huff "
    "hurrah hurray inhalation jabber jeer jeering laugh mew mewl moo mumble mumbling mumbo-jumbo "
    "murmuring mutter muttering neigh oath oink outcry panting quack retch retching ribbit roaring "
    "scoff shout shouting shouts sigh sighing sigh-of-relief slurping snarl snarling sneeze "
    "snicker sniff sniffle sniffling snigger snort snorting snuffle sob sobbing splutter squall "
    "squawks titter tweet tweeting twitter ululation wheeze wheezing whimper whimpering whinny "
    "yammer yap yapping yawn yelp yelping yell yelling yodel yowl yip"
)
_TUMULTS = (
    "ado agitation bedlam brawl brouhaha carnage clash confrontation confusion disarray disorder "
    "disturbance donnybrook fracas fray free-for-all frenzy furor furore fuss havoc hubbub "
    "hullabaloo hysteria hustle-and-bustle mayhem madhouse maelstrom melee mêlée onslaught "
    "outbreak pandemonium racket rout rumpus scramble scrimmage scuffle skirmish stir tumult "
    "turbulence turmoil unrest upheaval altercation dust-up fistfight gunfight gunplay shootout "
    "shoot-out crossfire firefight fusillade barrage salvo volley hail ambush bloodbath "
    "massacre slaughter mutiny insurrection revolt uprising catfight cacophony "
    # Blows, falls and what is done at once.
    "blow jab uppercut haymaker headbutt head-butt karate-chop roundhouse swing swipe slash thrust "
    "parry lunge feint tackle sucker-punch backhand body-slam chokehold headlock half-nelson "
    "knockout kayo somersault cartwheel backflip handstand pirouette tumble spill skid swerve "
    "u-turn wheelie nosedive tailspin freefall fall plunge jolt jerk lurch shudder shiver tremor "
    "twitch spasm convulsion seizure rush standstill halt stalemate ovation curtain-call"
)

# Of whom a page tells only that they are heard.
SINGERS = frozenset({"cricket", "cicada", "katydid"})
UNSEEN = frozenset(f"{_SOUNDS} {_TUMULTS}".split())

# How sounds are spelled: a letter three times over (KRAAAK, BRRRING), an ending that none else has.
_SPELLED = re.compile(
    r"(?:.*([a-z])\1\1.*|.+(?:oomp|oomph|oomf|oosh|sploosh|umpf|thunk|plunk|lunk|zzt|zzz|shh|pfft|"
    r"mph)|(?:ka|ker|ba|da)-?(?:boom|bang|ching|chunk|thunk|blam|pow|plop|dum|doom))s?"
)


def is_unseen_noise(word: str) -> bool:
    """Say whether a word, lower case, is of what is only heard, of a tumult or of a blow."""
    return word in UNSEEN or _SPELLED.fullmatch(word) is not None

"""What somebody is said to do -> the motion that an engine's people have for it, or one akin.

A world of people has a few motions of the hands and of the whole body. What a page says more
exactly is drawn as the nearest of them, and said to be: "hangs up a coat" is a hand held out.
"""

from __future__ import annotations

from .reading.reading import Deed


def _words(**said: str) -> dict[str, str]:
    return {
        word: motion.replace("_", "-") for motion, verbs in said.items() for word in verbs.split()
    }


_EXACT = _words(
    talk="talk speak say tell whisper shout ask answer reply sing call explain",
    listen="listen hear",
    laugh="laugh giggle chuckle grin",
    point="point gesture",
    pick_up="pick lift grab",
    give="give hand offer pass",
    fall="fall trip stumble collapse slip",
    turn="turn",
    get_up="rise",
    enter="enter arrive emerge",
    exit="exit leave",
    nod="nod",
)
# What is akin: hands that take or work at something are drawn picking up, hands that reach out,
# hold or strike are held out, a body that shrinks is drawn bowing, one that shakes nodding.
_AKIN = _words(
    pick_up="take snatch seize catch gather collect remove pull draw drag yank tug unscrew "
    "unwrap unfold unroll unpack unbutton untie unzip retrieve fetch dig sort rummage rip tear "
    "fold tuck stuff pocket pack scoop pluck peel put set place lay drop toss dump throw hurl "
    "fling sling swing load aim wipe wash scrub sweep dry polish stir cut chop carve eat drink "
    "chew bite sip munch smoke draw paint thumb count dial sew tie button zip fasten straighten "
    "adjust pour empty fill soak spread raise scrape douse fumble wield cook bake fry grill "
    "roast mix knit mend mop brush comb scratch shave tidy clean clear trim slice sharpen "
    "sprinkle smear spill rinse weigh thread write jot pen scribble scrawl erase assemble "
    "arrange rearrange build connect disconnect separate stack pile stash load unload reload "
    "release uncover undo unhook unplug undress dress wear bandage tighten loosen wrap hoist "
    "lower lift discard select deal shuffle juggle smell sniff taste lick bury plant rifle grope "
    "steal buy find wind",
    give="accept receive hug embrace kiss squeeze pat stroke caress touch poke tap press push "
    "shove nudge knock rap ring open close shut slam lock unlock hang hook pin stick insert plug "
    "attach switch flick show present serve feed extend reach shake clink toast clasp rub "
    "massage slap hit punch strike smack force steady support help light plant fix repair pay "
    "demonstrate struggle wrestle hold clutch grip grasp cradle cling guard block secure bind "
    "handcuff cuff arrest restrain capture attack fight stab strangle smother murder kill rescue "
    "save heal inject comfort soothe calm pet pinch prod tickle spar grapple brawl battle duel "
    "play strum operate type nail jam trap cover crush grind crack break snap smooth position "
    "replace trace bring deliver treat feel test jiggle pry lure free reveal spare shield "
    "shoulder balance bid bribe aid assist",
    point="motion indicate signal direct fire shoot salute accuse threaten challenge confront "
    "command order warn",
    wave="stretch beckon clap applaud flap wag hail greet welcome brandish fan shoo summon invite",
    get_up="wake waken awake stir recover",
    walk="forge proceed continue trail file parade circle board mount climb scramble wade ease "
    "edge skirt round navigate negotiate manoeuvre maneuver venture sidle retreat surround "
    "corner ascend descend escort usher shepherd lead tail shadow stalk return rejoin mingle "
    "merge roam encounter recede lag overtake weave flit shift avoid",
    run="flee escape scatter flood barrel hurtle stampede panic jet streak",
    exit="disappear vanish escape withdraw",
    fall="faint tumble crumple sprawl topple keel roll wrestle drown die collide crash skid "
    "thrash writhe flop",
    turn="swivel pivot wheel spin whirl twirl recoil flinch dodge swerve twist wince",
    laugh="snicker chortle guffaw cackle howl titter",
    bow="crouch duck stoop bend kneel lean hunch cower hide shelter cringe huddle shrink cry "
    "weep sob pray vomit retch cough sneeze choke gag spit surrender brace",
    sit="slump recline lounge straddle drive ride row settle rest relax steer bathe meditate "
    "lounge perch pose sail fly",
    sleep="drowse",
    nod="shake tremble shiver quake quiver shudder twitch shrug agree acknowledge admit obey "
    "blink wink swallow hiccup burp snort fidget",
    talk="mutter mumble grumble murmur groan protest apologize apologise address announce argue "
    "beg boast bully chant coax complain confess congratulate curse demand deny dismiss "
    "entertain greet heckle insist insult interrupt interview introduce mimic mock moan object "
    "persuade plead praise propose provoke punish question quiz quote reassure recite refuse "
    "remind scold serenade snarl growl grunt hiss purr meow roar whistle sing stammer stutter "
    "suggest swear taunt tease thank torment vow",
    enter="appear emerge materialize",
    look="read search scan survey examine study inspect squint browse check watch stare gaze "
    "glare look eye eyeball ogle leer gawk gawp goggle scrutinize peek peer gape notice see spot "
    "regard observe contemplate discover recognize spy face",
    jump="spring vault bounce cheer lunge pounce startle kick punt boot",
    dance="sway rock wobble squirm jive groove hum",
)  # fmt: skip
# With these a light verb says nothing of the hands: "takes a breath", "takes place".
_OF_NO_HANDS = frozenset(
    "breath breaths look moment beat note care place part interest notice comfort pride time turn "
    "chance risk step steps effect shape sense attention way break lead advice exception".split()
)
_LIGHT = frozenset("take give make have put get draw catch hold pay lay set".split())
# Verbs by which one comes to stand: "gets up", "leaps to her feet".
_RISES = frozenset("get scramble leap jump stagger".split())
# Of the hands, where a thing is named: "starts the engine", "stops the door".
_WITH_A_THING = frozenset("get start stop work operate flip use handle play".split())
_HANDS = frozenset({"pick-up", "give"})
_BODIES = {"sit": "sit", "dance": "dance", "wave": "wave", "bow": "bow", "kneel": "bow"}
# "Rolls his eyes", "shakes her head" are of the face, and of no hand.
_OF_THE_FACE = frozenset("eyes eye head mouth lips brow brows eyebrow eyebrows tongue face".split())
# "Wipes her mouth" and "scratches his head" are of a hand.
_TO_A_FACE = frozenset(
    "wipe scratch rub touch cover lick kiss slap stroke hold wash dab pat hit punch paint".split()
)
_GOES = frozenset("come go walk climb head run step hurry stride march move wander stroll".split())
_AIRBORNE = frozenset("fly float soar rise fall drop dive sink plunge jump leap land".split())
_STILL = ("stand", False)


def person_motion(deed: Deed) -> tuple[str, bool] | None:
    """Return the motion of people for a deed, and whether it is that very one; None for none."""
    if deed.denied:
        return None
    if deed.act != deed.verb and deed.act in _BODIES and not deed.moves:
        return _BODIES[deed.act], True  # "takes a seat"
    if deed.object in _OF_THE_FACE and not deed.moves and deed.verb not in _TO_A_FACE:
        return None
    for word in (deed.act, deed.verb):
        if word in _EXACT:
            return _EXACT[word], True
    if deed.path in ("rise", "descend") and deed.motion != deed.verb:
        # Up or down the stairs; nobody flies up who "grows up".
        return ("walk", True) if deed.verb in _GOES else None if deed.verb in _AIRBORNE else _STILL
    if deed.moves:
        return None
    if deed.act == "stand" and (deed.verb in _RISES or deed.direction == "up"):
        return "get-up", True
    verb = deed.verb.partition(" ")[0]  # "flip switch" is no somersault
    if deed.object and verb in _WITH_A_THING:
        return "give", False
    for word in (verb, deed.act):
        motion = _AKIN.get(word)
        light = deed.verb in _LIGHT and deed.object in _OF_NO_HANDS
        if motion is not None and not (motion in _HANDS and light):
            return motion, deed.verb == motion
    return None

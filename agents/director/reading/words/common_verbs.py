"""Verbs of screenplays that no table gives a motion, known so that no noun is made of them.

A small parser takes "misses" and "ducks" between commas for nouns. Words that are nouns more often
than verbs are left out.
"""

from __future__ import annotations

COMMON_VERBS = frozenset(
    # What a mind does, and a face.
    "spot accept admire admit agree apologize appreciate assess assume blush calm complain "
    "comprehend concentrate confess consider continue cringe daydream deny discover ignore imagine "
    "insist interrupt lie mean miss muse nod object obey observe panic ponder pretend protest "
    "realize recognize recoil recover refuse register relax relent remember seethe shrug soften "
    "stiffen stammer struggle stutter succeed suffer surrender suspect tense understand wait waver "
    "wonder "
    # What hands do.
    "adjust aim arrange assemble attach bind brandish break bring build burn button buy carve "
    "check clean clear collect comfort connect count cover crack crumple crush cut deliver "
    "disconnect discard draw dress drain dump empty erase examine extend fasten fetch fill fix "
    "flick fold fumble gather gesture get grind grope guard hang haul heave hoist inject insert "
    "inspect jam jerk jiggle light load loosen massage mend mix move nail nudge pat peel pet pile "
    "plant plug polish position pour press prod pry raise reach rearrange release reload remove "
    "repair replace rescue return reveal rifle rinse rummage search secure select separate serve "
    "set sharpen shuffle signal slash slice sling smear smooth sort spill spread sprinkle squeeze "
    "stack stash steady stick stir straighten stroke stuff tap tear test thread tie tighten toast "
    "toss touch trace trim tuck twist unbutton uncover undo undress unfold unhook unlock unplug "
    "deposit finish heft indicate proffer ready rip wring "
    "unroll unscrew unwrap unzip wash weigh wind wrap zip "
    # What a body does.
    "adopt approach avoid balance bathe bend bleed block bounce brace breathe burp cling collide "
    "come cower cringe crouch dangle descend die disappear dodge drown edge emerge explode fidget "
    "float flop freeze gag go hesitate hover huddle hurtle kneel lag land linger loom lower lunge "
    "manoeuvre maneuver materialize melt merge mingle obey occupy overtake pass perspire pivot "
    "pose proceed recede rejoin remain resist retreat rock roll rotate settle shift shove shrink "
    "sink skid slide slip slump smoke sneak soar splash spring squirm stall stand stay steer step "
    "awaken burst pounce reel undulate "
    "stiffen stoop stop straighten sway swing thrash topple travel trip tumble turn twitch vanish "
    "vomit weave wobble writhe sputter splutter surge recoil "
    # What is done to others, and said.
    "accuse address aid announce argue arrest assist attack bandage betray bid boast bribe bully "
    "bury call capture challenge coax command comfort complete confront congratulate corner cuff "
    "cure defend demand direct dismiss embarrass encounter entertain explain feed fire free "
    "frighten gag guess handcuff heal heckle help hire hug impress insult interview introduce "
    "invite join judge kill knock lure mimic mock murder nurse obey order overhear persuade praise "
    "present propose provoke punish question quiz quote reassure recite remind rescue restrain "
    "scold scare serenade smother soothe spare startle strangle suggest summon surround swallow "
    "intercept interrogate intervene fingerprint beckon motion "
    "taunt tease thank threaten torment trap treat trick undress visit warn welcome".split()
)

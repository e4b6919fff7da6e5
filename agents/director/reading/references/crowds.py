"""Several without a name -> whether they are there: counted, filling a place, joined, listed."""

from __future__ import annotations

from ..coreference import Discourse, is_several
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import DETERMINERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence
from ..words.acts import PEOPLE
from ..words.inanimate import PLACES
from ..words.things import GROUPS, THRONGS

_LED = 4  # words from an article to its noun
# What several are together, and what is full of them.
TOGETHER = GROUPS | frozenset(
    "group line row crowd handful pair dozen dozens hundreds thousands scores bunch gathering "
    "throng mob swarm clutch contingent host legion bevy battery squadron "
    "party circle column stream cluster knot horde lot throngs groups lines rows one two three "
    "several some many most all both pack herd flock litter sea wall ring rest mass knots load "
    "loads rush flood tide wave waves army parade gaggle huddle assortment "
    "audience congregation swarms mobs packs clusters "
    "cordon phalanx detachment delegation battalion legions scrum "
    "procession".split()
)
_ROOMS = frozenset("room hall house roomful houseful busload carload truckload boatload".split())
_FULL = frozenset(
    "full crowded packed filled loaded cluttered crammed jammed lined thronged teeming "
    "alive".split()
)
# Of whom one only thinks, or hears.
_NOT_SEEN = frozenset("hear think remember imagine dream want expect read mention".split())


def is_counted(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether several are there: "a group of soldiers", "full of people", "there are men"."""
    texts = tuple(word.text for word in sentence[:at])
    if any(base_form(text, _NOT_SEEN) is not None for text in texts) or "no" in texts:
        return False
    if texts[:2] == ("there", "are"):
        return at < _LED + 2 and not set(texts[2:]) & PREPOSITIONS
    if _is_listed(sentence, at):
        return True
    first = max(0, at - _LED - 1)
    if "," in texts[first:at] or "and" in texts[first:at]:
        first = max(0, first - _LED)  # "of American, French and English tourists"
    start = next((n for n in range(at - 1, first, -1) if texts[n] in ("of", "with")), 0)
    between = sentence[start + 1 : at]
    if not start or any(word.is_mention or word.text not in (",", "and") and word.is_mark
                        for word in between):  # fmt: skip
        return False
    told = (base_form(word.text, glossary.verbs) for word in between)
    if any(found is not None and found[1] not in ("ing", "past") for found in told):
        return False  # "chattering, clamoring people"
    return texts[start - 1] in _FULL or (
        texts[start] == "of" and texts[start - 1] in TOGETHER | _ROOMS
    )


def _is_listed(sentence: Sentence, at: int) -> bool:
    """Say whether a place is full of several among things: "cluttered with desks, clerks"."""
    texts = [word.text for word in sentence]
    full = next((n for n in range(at - 2, 0, -1) if texts[n] in _FULL), 0)
    if not full or texts[full + 1] not in ("of", "with"):
        return False
    between = sentence[full + 2 : at]
    plain = all(is_plural(w.text) or w.text in (",", "and") for w in between if not w.is_mention)
    return plain and sentence[at - 1].text in (",", "and")


def fills_place(sentence: Sentence, glossary: Glossary) -> tuple[str, ...]:
    """Return the crowd of a place of which nothing says who fills it: "The saloon is packed"."""
    if not glossary.unnamed or any(is_several(e) for word in sentence for e in word.ids):
        return ()
    texts = ["", *(word.text for word in sentence), "", ""]
    for at in range(2, len(texts) - 2):
        after, place = texts[at + 1], texts[at - 2]
        open_end = not after.isalpha() or after in _ENDS
        if texts[at] in _PACKED and texts[at - 1] in ("is", "are") and place in _FILLED:
            return ("CROWD",) if open_end else ()
        opens = not place.isalpha() or place in _JOINING  # not "everyone at the table laughs"
        if texts[at - 1] in _WHOLE and opens and _is_loud(texts, at):
            return ("CROWD",)
    return ()


_JOINING = frozenset("and as then while when but".split())
_WHOLE = frozenset("the whole entire".split())
_LOUD = frozenset(
    "erupt explode roar cheer applaud laugh gasp murmur hush clap boo whistle".split()
)
_TURNING = frozenset("go fall grow burst become get turn".split())
_SO = frozenset("silent quiet still mute".split())
_JOY = frozenset("wild crazy nuts berserk mad laughter applause cheers".split())
_BURNING = frozenset("flame flames fire fireball smoke gunfire dust bullets shrapnel light".split())


def _is_loud(texts: list[str], at: int) -> bool:
    """Say whether a place does what those in it do: "The table erupts", "the bar falls silent"."""
    does, after = texts[at + 1], set(texts[at + 2 : at + 6])
    if texts[at] not in _PEOPLED | _ROOMY or after & _BURNING or not does.endswith("s"):
        return False  # "The house explodes in flames"
    turns = base_form(does, _TURNING) is not None and bool(after & _SO)
    bursts = base_form(does, _TURNING) is not None and bool(after & _JOY)
    loud = base_form(does, _LOUD) is not None or bursts
    return loud or (turns and texts[at] in _PEOPLED)


def nobody_stirs(sentence: Sentence, discourse: Discourse) -> tuple[str, ...]:
    """Return the crowd of whom "Nobody moves" says it, or those who are there."""
    texts = [word.text for word in sentence]
    start = 1 if texts[:1] == ["nobody"] else 2 if texts[:2] == ["no", "one"] else 0
    does = base_form(texts[start], _STIRRING) if start and start < len(texts) else None
    if not discourse.glossary.unnamed or does is None:
        return ()
    there = {*discourse.present, *discourse.named_at}
    throng = [e for e in discourse.likeliest() if e in there and singular(e.lower()) in THRONGS]
    group = [who for who in discourse.of_group("everyone") if not is_several(who)]
    return tuple(dict.fromkeys((*throng[:1], *group)))[:_MOST]


_STIRRING = frozenset(
    "move stir answer reply respond speak talk say react laugh breathe applaud clap budge blink "
    "smile eat drink dance flinch cheer".split()
)


_PACKED = frozenset("packed jammed crowded jam-packed mobbed thronged bustling full".split())
_ENDS = frozenset("to tonight now again as and".split())
_FILLED = PLACES | frozenset("room hall house street place club parlor bar joint square".split())
# Places that are those in them: "the courtroom gasps".
_PEOPLED = frozenset(
    "club bar courtroom stadium theater theatre auditorium arena gym gymnasium cafeteria pub "
    "saloon gallery bleachers stands ballroom church classroom restaurant congregation".split()
)
# These fall silent with nobody in them.
_ROOMY = frozenset("room table hall house".split())


def everyone(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return whom "everyone" means where a crowd is there: those who are there, and the crowd.

    Of a place with nobody in particular it is a crowd: "Everybody in the bar turns".
    """
    before = sentence[at - 1] if at else None
    opens = before is None or before.is_mark or before.text in ("and", "as", "then", "while")
    if not discourse.glossary.unnamed or not opens:
        return ()
    there = {*discourse.present, *discourse.named_at}
    throng = [e for e in discourse.likeliest() if e in there
              and (is_several(e) or singular(e.lower()) in THRONGS)]  # fmt: skip
    group = discourse.of_group("everyone")
    placed = tuple(word.text for word in sentence[at + 1 : at + 3])
    named = {e for word in sentence for e in word.ids}
    if throng:
        return tuple(e for e in dict.fromkeys((throng[0], *group)) if e not in named)[:_MOST]
    somewhere = len(placed) > 1 and placed[0] in ("in", "at", "on", "around") and placed[1] == "the"
    if not somewhere:
        return ()
    return tuple(e for e in group if e not in named) if len(group) >= _FEW else ("CROWD",)


_FEW = 2  # of fewer nobody says everyone
_MOST = 5  # beside whom there is room for another: "Everyone looks at ANN"


def is_turned_out(sentence: Sentence, at: int) -> bool:
    """Say whether a place is those who live there: "The neighborhood has turned out"."""
    led = at > 0 and sentence[at - 1].text in ("the", "whole", "entire")
    if sentence[at].text not in _INHABITED or not led:
        return False
    texts = tuple(word.text for word in sentence[at + 1 : at + _LED + 1])
    out = any(texts[n : n + 2] in _OUT for n in range(len(texts) - 1))
    return out or bool(set(texts[:2]) & _GATHERED)


_INHABITED = frozenset("neighborhood neighbourhood village town household street school".split())
_OUT = tuple((verb, "out") for verb in ("turn", "turns", "turned", "come", "comes", "pours"))
_GATHERED = frozenset("gathers gathered assembles assembled cheers applauds celebrates".split())


def is_joined(sentence: Sentence, at: int) -> bool:
    """Say whether somebody stands beside who is named: "CLARKSON and another detective"."""
    start = at
    while start > 0 and at - start < _LED and sentence[start].text not in _ARTICLES:
        start -= 1
        if sentence[start].is_mark or sentence[start].is_mention:
            return False
    if sentence[start].text not in _ARTICLES:
        return False
    two = start > 1 and sentence[start - 1].text == "and"
    before = two and sentence[start - 2].is_mention and not sentence[start - 2].possessive
    opens = start == 0 or sentence[start - 1].is_mark
    behind = sentence[at + 1 : at + 3]
    after = len(behind) > 1 and behind[0].text == "and" and behind[1].is_mention
    return before or (opens and after and not behind[1].possessive)


_ARTICLES = frozenset("a an the another his her their".split())


def is_bare_pair(sentence: Sentence, at: int) -> bool:
    """Say whether a noun is of two without articles: "leaving mother and child"."""
    if sentence[at].text not in _PAIRED:
        return False
    texts = ["", *(word.text for word in sentence), "", ""]
    here = at + 1
    first = here if texts[here + 1] == "and" else here - 2 if texts[here - 1] == "and" else 0
    if first < 1 or not {texts[first], texts[first + 2]} <= _PAIRED:
        return False
    before = texts[first - 1]
    return before not in NUMBERS.keys() | _ARTICLES | {"of", "between", "like"} and (
        not before.isalpha() or before in PREPOSITIONS or before.endswith(("ing", "s"))
    )


_PAIRED = frozenset(
    "mother father son daughter child baby boy girl husband wife man woman parents children sister "
    "brother".split()
)


def is_of_a_friend(sentence: Sentence, at: int) -> bool:
    """Say whether a noun says what a friend is: "his policeman friend" is a policeman."""
    after = sentence[at + 1].text if at + 1 < len(sentence) else ""
    return after in ("friend", "friends", "partner", "brother") and sentence[at].text in PEOPLE


def is_told_apart(sentence: Sentence, at: int, ids: tuple[str, ...] = ()) -> bool:
    """Say whether a noun is not who is named behind it: "The waitress on duty is not LORETTA"."""
    for n in range(at + 1, len(sentence) - 1):
        if sentence[n].is_mark:
            return False
        denied = sentence[n].text == "not" and sentence[n - 1].text == "is"
        denied = denied or sentence[n].text == "isn't"
        named = sentence[n + 1]
        if denied and named.is_mention and not named.is_common and not named.possessive:
            other = any(word.is_mention for word in sentence[at + 1 : n])
            return not other and ids in ((), named.ids)
    return False


def is_in_a_list(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a noun is one of three kinds of people or more: "on men, women, children"."""
    return _listed(sentence, at, -1, glossary) + _listed(sentence, at, 1, glossary) > 1


def _listed(sentence: Sentence, at: int, step: int, glossary: Glossary) -> int:
    """Return how many plurals of people stand beside one to one side, joined by commas.

    One or two adjectives may stand before each: "old men, thin young women".
    """
    if not is_plural(sentence[at].text):
        return 0
    count, n = 0, at
    while True:
        n = _past_adjectives(sentence, n + step, step) if step < 0 else n + step
        joined = n
        while 0 <= n < len(sentence) and sentence[n].text in (",", "and"):
            n += step
        if n == joined:
            return count
        n = _past_adjectives(sentence, n, step, glossary) if step > 0 else n
        if not (0 <= n < len(sentence) and _is_of_several(sentence[n].text, glossary)):
            return count
        count += 1


_ADJECTIVES = 2  # before a noun


def _past_adjectives(
    sentence: Sentence, at: int, step: int, glossary: Glossary | None = None
) -> int:
    """Return where adjectives end that begin at a word: at a mark, or at a noun of several."""
    for n in range(at, at + step * (_ADJECTIVES + 1), step):
        if not 0 <= n < len(sentence) or sentence[n].is_mark or sentence[n].text == "and":
            return n
        if glossary is not None and _is_of_several(sentence[n].text, glossary):
            return n
        if sentence[n].is_mention or sentence[n].text in PREPOSITIONS | DETERMINERS - _AGES:
            return n
    return at


_AGES = frozenset("old little small big".split())


def _is_of_several(word: str, glossary: Glossary) -> bool:
    return is_plural(word) and (glossary.is_unnamed(singular(word)) or word in glossary.unnamed)

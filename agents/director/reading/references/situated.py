"""A noun of people -> whether the words around it put somebody there whom no known deed tells.

"A silence among the nurses", "wrapped by a doctor", "the guards are too busy", "a worker who
points": who is beside another, does what no table knows, or was there before, is in the picture.
"""

from __future__ import annotations

from ..coreference import Discourse
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence, Token
from ..words.acts import BEHIND_WHOM, KIN
from ..words.nameless import TOGETHER_AS_ONE
from ..words.things import GROUPS, THRONGS, is_nobody
from .crowds import is_in_a_list

_LED = 5  # words from an article to its noun
_SINGULAR = frozenset({"a", "an", "another"})
_KNOWN = frozenset("the his her their these those".split())
_ARTICLES = _KNOWN | _SINGULAR | NUMBERS.keys()
_OTHERS_OWN = frozenset("my your our no any every each".split())
_PRONOUNS = frozenset("he she it they him them who whom which that i we you".split())
_TITLES = frozenset("mrs ms miss messrs".split())
_SMALL = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | FILLERS | _PRONOUNS
_IS = frozenset("is are was were has have had be been isn't aren't wasn't weren't".split())


def is_situated(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun of people is of somebody who is there, by what stands around it."""
    if _is_called_so(sentence, at, discourse.glossary):
        return True
    lead, article = _lead(sentence, at, discourse.glossary)
    if not article and not (is_plural(sentence[at].text) and sentence[at].text not in _TITLES):
        return False
    apposed = lead > 0 and sentence[lead].is_mark and sentence[lead - 1].is_mention
    if (apposed and article in _SINGULAR) or _is_named_after(sentence, at, article):
        return False  # "ANN, a woman in her forties"
    if _is_in_thought(sentence, lead + 1, article, discourse.glossary):
        return False
    if not is_whole(sentence, at, discourse.glossary):
        return False
    return (
        _was_there(sentence, at, article, discourse)
        or _is_near(sentence, at, lead, article)
        or _does_so_to(sentence, lead, article, discourse.glossary)
        or _is_behind_its_verb(sentence, at, lead, article)
        or _begins(sentence, at, lead, article)
        or _is_said_to_be(sentence, at, lead, article, discourse.glossary)
        or _does_unknown(sentence, at, lead, article, discourse.glossary)
        or _does_past_commas(sentence, at, lead, article, discourse.glossary)
        or _who_does(sentence, at, lead, discourse.glossary)
        or is_in_a_list(sentence, at, discourse.glossary)
    )


def _is_called_so(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether somebody is called by a noun alone: "Waiter comes over", "Desk clerk nods"."""
    noun = singular(sentence[at].text)
    if at > _TOLD or is_plural(sentence[at].text) or noun in KIN | GROUPS | THRONGS:
        return False
    if any(_is_no_adjective(word, glossary) for word in sentence[:at]):
        return False
    rest = [word for word in sentence[at + 1 : at + 4] if not word.text.endswith("ly")]
    found = base_form(rest[0].text, glossary.verbs) if rest and not rest[0].is_mention else None
    behind = rest[1].text if len(rest) > 1 and not rest[1].is_mention else ""
    verb = base_form(behind, glossary.verbs)  # "Guard rails line the road"
    return found is not None and found[1] == "s" and (verb is None or verb[1] != "base")


_TOLD = 2  # words that tell which before a noun without an article
_TELLING = frozenset("old little small big".split())  # which stand where an article may


def _is_no_adjective(word: Token, glossary: Glossary) -> bool:
    """Say whether a word cannot tell which noun is meant: it is a name, a mark, a verb, "by"."""
    if word.is_mention or word.is_mark or word.text in _SMALL | _IS | _OTHERS_OWN | _ARTICLES:
        return word.text not in _TELLING
    found = base_form(word.text, glossary.verbs)
    return found is not None and (found[1] in ("s", "ing") or is_plural(word.text))


def _are_several(word: str) -> bool:
    noun = singular(word)
    return (is_plural(word) and word not in _TITLES) or noun in THRONGS | TOGETHER_AS_ONE


def _lead(sentence: Sentence, at: int, glossary: Glossary) -> tuple[int, str]:
    """Return the place before a noun with its adjectives and article, and the article."""
    for n in range(at - 1, max(-1, at - _LED - 1), -1):
        word = sentence[n]
        if word.is_mention and word.possessive:
            return n - 1, "their"
        if word.is_mention or word.is_mark:
            return n, ""
        if word.text in NUMBERS and n and sentence[n - 1].text in _KNOWN:
            continue  # "the two guards"
        if word.text in _ARTICLES:
            return n - 1, word.text
        if word.text in PREPOSITIONS | CONJUNCTIONS | _PRONOUNS | _IS | _OTHERS_OWN:
            return n, ""
        found = base_form(word.text, glossary.verbs)
        if found is not None and found[1] == "s":
            return n, ""
    return max(-1, at - _LED - 1), ""


def _is_named_after(sentence: Sentence, at: int, article: str) -> bool:
    """Say whether who it is stands behind: "the owner, a big man called TED", "two boys, ED"."""
    behind = sentence[at + 1 : at + _FAR]
    if len(behind) < 2 or behind[0].text != ",":
        return False
    named = any(word.text in ("named", "called") for word in behind)
    new = article in _SINGULAR | NUMBERS.keys()  # no "in front of the class, TED waits"
    return (new and behind[1].is_mention) or (named and behind[1].text in ("a", "an", "one"))


_FAR = 10  # words of what may tell somebody
_THINKING = frozenset(
    "think hear remember imagine dream want expect read mention talk know need wish hope recall "
    "forget believe await describe discuss promise represent resemble become seem".split()
)
_AS_IF = frozenset({"like", "as", "than", "for", "about", "without", "no", "not", "never"})


def _is_in_thought(sentence: Sentence, start: int, article: str, glossary: Glossary) -> bool:
    """Say whether one only thinks or speaks of somebody: "remembers the nurse", "like a nurse"."""
    for n in range(start - 1, -1, -1):
        text = sentence[n].text
        if sentence[n].is_mark or text in ("and", "but"):
            return False
        if text == "if":
            return True
        if text in _AS_IF and n >= start - 2:
            return text != "as" or article in _SINGULAR or sentence[n + 1].text in ("if", "though")
        if base_form(text, _THINKING) is not None:
            return sentence[n + 1].text not in ("with", "to") or n + 1 >= len(sentence)
        found = base_form(text, glossary.verbs)
        if found is not None and found[1] == "s":
            return False
    return False


def is_whole(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether no noun behind a noun makes it tell a thing: "the soldiers" but no "quarters"."""
    if at + 1 >= len(sentence):
        return True
    after = sentence[at + 1]
    if after.is_mention:
        return False  # "agents TED and ANN"
    if after.is_mark:
        return after.text not in ("'", "’")
    if after.text in _SMALL | _IS | BEHIND_WHOM or after.text.endswith("ly"):
        return True
    does = is_plural(sentence[at].text) and not is_plural(after.text)  # "the kids crowd in"
    if glossary.is_unnamed(singular(after.text)) and not does:
        return False  # "a lady doctor"
    found = base_form(after.text, glossary.verbs)
    if found is not None and found[1] == "s" and is_plural(sentence[at].text):
        return False  # "the police lines": several do nothing that ends in an "s"
    if found is not None and (found[1] != "base" or is_plural(sentence[at].text)):
        return True
    return _may_be_verb(sentence, at + 1) and _ends_phrase(sentence, at + 2)


# Where one goes who streams or crowds.
_WAYS = frozenset("past around toward towards into across over through down up along onto".split())


def _may_be_verb(sentence: Sentence, at: int) -> bool:
    """Say whether a word behind several is what they do, though it may be a thing: "men storm"."""
    behind = sentence[at + 1].text if at + 1 < len(sentence) else ""
    text = sentence[at].text
    return text in THRONGS or not is_nobody(text) or behind in DETERMINERS | _WAYS


def _ends_phrase(sentence: Sentence, at: int) -> bool:
    """Say whether a verb may stand before a place: what follows is no noun of its own."""
    behind = sentence[at] if at < len(sentence) else None
    return (
        behind is None
        or behind.is_mark
        or behind.is_mention
        or behind.text in _SMALL
        or behind.text.endswith("ly")
    )


def _was_there(sentence: Sentence, at: int, article: str, discourse: Discourse) -> bool:
    """Say whether "the crowd" is the one that was in this scene before."""
    there = {*discourse.present, *discourse.named_at}
    return article in ("the", "these", "those") and sentence[at].text.upper() in there


_AMONG = frozenset(
    "among amongst between beside behind near onto against around past toward towards at to over "
    "through".split()
)
_WITHIN = frozenset("heads faces eyes hands arms midst middle front rest center centre".split())
_VIEWS = frozenset("view views shot shots glimpse glimpses closeup".split())
_LOOKS = frozenset(
    "look looks reaction reactions stare stares glance glances glare glares smile smiles nod nods "
    "applause cheer cheers gasp gasps murmur murmurs laughter boos whistles".split()
)
# What one has of somebody who is not there.
_NOT_WITH = frozenset(
    "love affair date meet meeting appointment obsessed phone call interview contract deal life "
    "relationship concerned filled past conversation marriage associated identified compared "
    "familiar story history".split()
)


def _is_near(sentence: Sentence, at: int, lead: int, article: str) -> bool:
    """Say whether somebody is beside whom something is: "among the nurses", "with another boy"."""
    if lead < 0 or sentence[lead].is_mention:
        return False
    before, noun = sentence[lead].text, singular(sentence[at].text)
    several = _are_several(sentence[at].text)
    kin = noun in KIN and article != "another" and article not in _SINGULAR
    if before == "of" and lead > 0:
        seen = sentence[lead - 1].text in _VIEWS and bool(article)
        return seen or (several and article == "the" and sentence[lead - 1].text in _WITHIN)
    if kin or noun in GROUPS:
        return False
    if before == "from" and lead > 0:  # "Strange looks from the crowd"
        return several and sentence[lead - 1].text in _LOOKS
    if before == "with":
        led = article in _SINGULAR or (several and noun not in THRONGS | GROUPS)
        before_it = {singular(w.text) for w in sentence[max(0, lead - 4) : lead]}
        return led and not before_it & _NOT_WITH
    if before == "through":
        return several
    return before in _AMONG and (several or article in _SINGULAR)


def _does_so_to(sentence: Sentence, lead: int, article: str, glossary: Glossary) -> bool:
    """Say whether what is done is done by somebody: "has his hand wrapped by a doctor"."""
    if lead < 1 or sentence[lead].text != "by" or not article:
        return False
    for n in range(lead - 1, max(-1, lead - _LED), -1):
        text = sentence[n].text
        if sentence[n].is_mark or sentence[n - 1].text == "been":
            return False  # "has been painted by an artist"
        if text in LEFT_BY:
            return False  # "flowers left by mourners"
        found = base_form(text, glossary.verbs)
        same = text in _SAME_IN_PAST and sentence[n - 1].text in _IS
        if (found is not None and found[1] == "past") or text.endswith("ed") or same:
            return not sentence[n].is_mention
    return False


LEFT_BY = frozenset(
    "left made written painted built drawn signed sent designed created abandoned composed donated "
    "owned published directed produced invented occupied used worn given taken".split()
)
_SAME_IN_PAST = frozenset("hit cut hurt beat set put cast shut split upset".split())


def _opens(sentence: Sentence, lead: int) -> bool:
    """Say whether a clause begins behind a place."""
    return lead < 0 or sentence[lead].is_mark or sentence[lead].text in CONJUNCTIONS | FILLERS


# What one is who is told behind the place and the verb: "At the desk sits a clerk".
_POSES = frozenset(
    "is are stands stand sits sit lies lie waits wait comes come leans lean kneels kneel squats "
    "crouches hangs lurks looms emerges emerge appears appear walks walk steps step strides stride "
    "runs run rides ride follows follow enters enter rushes marches struts staggers".split()
)
_PLACING = PREPOSITIONS - frozenset("for to as of like about than without".split()) | frozenset(
    "there here next inside outside out nearby close".split()
)
_NOMINATIVES = frozenset("he she they we i who".split())
_DOERS = frozenset("you it that this which".split())
# Where nobody is who is only shown or thought of.
_NO_PLACE = frozenset(
    "photo photos photograph photographs picture pictures painting portrait poster drawing image "
    "screen monitor tv television cover page wall mind head heart pocket name story dream sign "
    "newspaper paper magazine caption list book counter shelf mantel mantelpiece".split()
)


def _is_behind_its_verb(sentence: Sentence, at: int, lead: int, article: str) -> bool:
    """Say whether a place and a verb stand before whoever is there: "Beyond her sits a nurse"."""
    several = is_plural(sentence[at].text)
    new = article in _SINGULAR or article in NUMBERS or (several and not article)
    if lead < 1 or not new or sentence[lead].is_mention or sentence[lead].text not in _POSES:
        return False
    start = lead
    while start > 0 and not (sentence[start - 1].is_mark or sentence[start - 1].text in _OPENERS):
        start -= 1
    opening = sentence[start:lead]
    if not opening or opening[0].is_mention or opening[0].text not in _PLACING:
        return False
    if any(word.text in _NO_PLACE for word in opening):
        return False
    named = any(word.text == ":" for word in sentence[at:])  # "Behind her are two men: ED and AL"
    return not named and not any(_may_do(opening, n) for n in range(1, len(opening)))


def _may_do(opening: Sentence, at: int) -> bool:
    """Say whether a word before a verb may be who does it: "To ANN he is a friend"."""
    word, before = opening[at], opening[at - 1].text
    if word.text in _NOMINATIVES:
        return True
    if not (word.text in _DOERS or (word.is_mention and not word.possessive)):
        return False
    led = before in ("the", "a", "an") and at > 1 and opening[at - 2].text in PREPOSITIONS
    return before not in PREPOSITIONS and not led


_OPENERS = frozenset("and but while as where".split())
_AWAY = frozenset("gone absent nowhere missing away not no never elsewhere dead heard".split())


def _is_said_to_be(
    sentence: Sentence, at: int, lead: int, article: str, glossary: Glossary
) -> bool:
    """Say whether a sentence says how several are: "The guards are too busy to look"."""
    led = article not in _SINGULAR and is_plural(sentence[at].text)
    if not (led and _opens(sentence, lead)):
        return False
    after = at + 1
    if after < len(sentence) and sentence[after].text in PREPOSITIONS:
        after = next((n for n in range(after, min(len(sentence), after + _LED))
                      if sentence[n].text == "are"), after)  # fmt: skip
    behind = {word.text for word in sentence[after + 1 : after + 3]}
    return after < len(sentence) - 1 and sentence[after].text == "are" and not behind & _AWAY


def _begins(sentence: Sentence, at: int, lead: int, article: str) -> bool:
    """Say whether a sentence is of several, whatever they do: "All men in the court react"."""
    told = lead < 0 or sentence[lead].text in FILLERS | {"as", "while", "when"}
    behind = [word.text for word in sentence[at + 1 : at + 3]]
    goes_on = bool(behind) and behind[0] in PREPOSITIONS - {"of", "as", "for"}
    return told and goes_on and _are_several(sentence[at].text)


def _does_unknown(sentence: Sentence, at: int, lead: int, article: str, glossary: Glossary) -> bool:
    """Say whether several do what no table of verbs knows: "The observers panic, horrified"."""
    word, after = sentence[at].text, at + 1
    if not (_opens(sentence, lead) and _are_several(word)):
        return False
    while after < len(sentence) and sentence[after].text.endswith("ly"):
        after += 1
    if after >= len(sentence) or sentence[after].is_mention or not sentence[after].text.isalpha():
        return False
    text = sentence[after].text
    if text in _SMALL | _IS or not _ends_phrase(sentence, after + 1):
        return False
    if is_plural(word) and not text.endswith("ss"):
        return not text.endswith(("s", "ed")) and _may_be_verb(sentence, after)
    return text.endswith("s") and base_form(text, _ENDS) is None and not is_nobody(text)


_ENDS = frozenset("end start begin meet".split())  # as a class does


def _does_past_commas(
    sentence: Sentence, at: int, lead: int, article: str, glossary: Glossary
) -> bool:
    """Say whether a verb comes behind how one looks: "a guy, dark eyes, unshaven, grabs her"."""
    several = is_plural(sentence[at].text)
    led = _opens(sentence, lead) and at + 1 < len(sentence)
    led = led and (article in _SINGULAR or (several and bool(article)))
    if not led or sentence[at + 1].text != ",":
        return False
    for n in range(at + 2, min(len(sentence), at + 12)):
        if sentence[n].is_mention:
            return False
        found = base_form(sentence[n].text, glossary.verbs)
        form = "base" if several else "s"
        if found is not None and found[1] == form and sentence[n - 1].text == ",":
            return n > at + 2
    return False


_STATES = frozenset(
    "know want like love hate need think believe remember be have seem live".split()
)


def _who_does(sentence: Sentence, at: int, lead: int, glossary: Glossary) -> bool:
    """Say whether "who" tells what somebody does: "has a word with a worker who points"."""
    after = at + 2 if sentence[at + 1 : at + 2] and sentence[at + 1].text == "," else at + 1
    if after + 1 >= len(sentence) or sentence[after].text != "who":
        return False
    before = sentence[lead].text if lead >= 0 else ""
    found = base_form(sentence[after + 1].text, glossary.verbs)
    form = "base" if is_plural(sentence[at].text) else "s"
    told = found is not None and found[1] == form and found[0] not in _STATES
    return told and before not in _IS | {"of", "as", "for"}

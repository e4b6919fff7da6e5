"""A verb of a parsed sentence -> whether what it says is done, or denied, tried, or given up."""

from __future__ import annotations

from ..lexicon import ENDING_VERBS, PHASE_VERBS
from ..verbs import is_filler
from ..words.acts import ALMOST, DONE_UNLESS, UNDONE_BY, UNDONE_HELPERS
from .predicates import Predicates

_UNABLE = frozenset("about unable unwilling reluctant afraid powerless forbidden".split())
_DENYING_ENDS = frozenset("without of than from against".split())
_DENYING_PAIRS = (
    ["rather", "than"], ["no", "longer"], ["everything", "but"], ["anything", "but"],
    ["instead", "of"], ["short", "of"], ["better", "of"], ["verge", "of"], ["point", "of"],
    ["brink", "of"], ["edge", "of"], ["used", "to"],
)  # fmt: skip
_MOVES = frozenset("move attempt effort sign intention desire wish inclination point".split())
# Who keeps or is kept "from" doing something does not do it.
_HELD_BACK = frozenset(
    "stop stops stopped keep keeps kept refrain refrains prevent prevents prevented hold holds "
    "restrain restrains back shy shies desist desists abstain abstains recoil recoils".split()
)


def is_denied(said: Predicates, word: int, depth: int = 0) -> bool:
    """Say whether what a verb says is not done: denied, tried, given up, or only almost done."""
    node, here, words = said.nodes[word], said.here, said.words
    helpers = {words[w] for w in here.children(word, "aux", "auxpass")}
    if helpers & UNDONE_HELPERS or here.children(word, "neg"):
        return True
    inverted = [w for w in here.children(word, "aux") if w < word - 1]
    if words[:1] in (("never",), ("nor",), ("not",), ("rarely",), ("seldom",)) and inverted:
        return True  # "Never once does he smile"
    if words[:2] == ("not", "even") and said.verbs and word == min(said.verbs):
        return True  # "Not even TED laughs"
    lead = list(words[max(0, word - 6) : word])
    if _is_almost(said, word) or _is_led_by_denial(lead):
        return True
    if node.tag == "VBG" and _hangs_on_denial(lead):
        return True
    if words[word + 1 : word + 3] in (("anything", "but"), ("far", "from")):
        return True  # "is anything but asleep"
    led = _hangs_on(said, word, node.head) and not here.children(word, "nsubj")
    undone = led and said.lexical(node.head)[0] not in DONE_UNLESS
    if undone and here.children(node.head, "neg"):
        return True  # "can't bring herself to read"
    if depth < 4 and node.head != word and node.head < word:
        head = said.lexical(node.head)[0] if node.head in said.verbs else ""
        awaited = node.dep == "advcl" and head == "wait" and bool(here.children(word, "nsubj"))
        if head == "stop" and lead[-1:] == ["to"]:
            return is_denied(said, node.head, depth + 1)  # who stops to look looks
        if (awaited or node.dep in ("xcomp", "ccomp")) and head in UNDONE_BY | ENDING_VERBS:
            # Who won't stop talking talks.
            return head not in DONE_UNLESS or not is_denied(said, node.head, depth + 1)
        if head == "go" and said.nodes[node.head].tag == "VBG" and lead[-1:] == ["to"]:
            return True  # "is going to sing"
        if node.dep == "xcomp" and head in PHASE_VERBS:
            return is_denied(said, node.head, depth + 1)
        same = node.tag == said.nodes[node.head].tag == "VB"
        if node.dep == "conj" and same and not here.children(word, "nsubj"):
            return is_denied(said, node.head, depth + 1)
    if words[word - 1 : word] == ("neither",) and word:
        return True  # "RAY smokes, and neither speaks"
    between = words[max(0, word - 8) : word]
    if words[:1] == ("neither",) and "nor" not in words:
        return word == min(said.verbs)
    return "neither" in between and "nor" in words


def _is_almost(said: Predicates, word: int) -> bool:
    """Say whether "never" or "almost" stands before a verb."""
    before = word - 1
    while before >= 0 and (
        is_filler(said.here.token(before)) or said.words[before] in ("n't", "not")
    ):
        if said.words[before] in ALMOST:
            return True
        before -= 1
    adverbs = said.here.children(word, "advmod")
    return any(said.words[w] in ALMOST for w in adverbs if w < word)


def _is_led_by_denial(lead: list[str]) -> bool:
    """Say whether the words before a verb take it back: "rather than", "too tired to"."""
    if lead[-1:] == ["to"] and ("too" in lead or _UNABLE & set(lead[-2:-1])):
        return True
    if lead[-1:] == ["to"] and "no" in lead[-4:-2] and lead[-2] in _MOVES:
        return True  # "makes no move to get up"
    return lead[-2:] in _DENYING_PAIRS or lead[-3:] == ["as", "if", "to"]


def _hangs_on(said: Predicates, word: int, head: int) -> bool:
    """Say whether a verb after "to" belongs to another verb before it."""
    led = word > 0 and said.words[word - 1] == "to" and said.nodes[word].tag == "VB"
    return led and head < word and head in said.verbs


def _hangs_on_denial(lead: list[str]) -> bool:
    """Say whether a participle is what one does without, decides against or is on the verge of."""
    while lead and lead[-1] not in _DENYING_ENDS and lead[-1] != ",":
        lead.pop()
    if lead[-1:] in (["without"], ["against"]):
        return True
    if lead[-1:] == ["from"]:
        return bool(_HELD_BACK & set(lead)) or lead[-2:] == ["far", "from"]
    return lead[-2:] in _DENYING_PAIRS

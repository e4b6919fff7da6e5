"""A parsed sentence -> which of its words are verbs, and whether what they say is done.

The parser is asked first. Where it has a verb as a noun ("and laughs"), the table of verbs and the
words around decide.
"""

from __future__ import annotations

from ..coreference import SINGULAR_PRONOUNS
from ..glossary import Glossary
from ..inflection import Form, base_form, unknown_base
from ..lexicon import (
    DETERMINERS,
    ENDING_VERBS,
    LIGHT_VERBS,
    MODALS,
    PHASE_VERBS,
    PREPOSITIONS,
    VERBS,
    Verb,
)
from ..parsed import ParsedSentence
from ..verbs import is_filler, may_be_base
from ..words.acts import (
    ACTS,
    ORDERS,
    POSTURES,
    TRAVELS,
    UNDONE_BY,
)

GROUP = frozenset("they neither both all everyone everybody others two three each".split())
RELATIVES = frozenset("who which that whom".split())
PARTICLES_FIRST = frozenset("in out up off away down back over past by on".split())


_DOERS = frozenset("he she it who everybody everyone nobody somebody someone neither".split())
_WHOM = frozenset("him them us me".split())
_BODY_VERBS = frozenset("hand eye face head back arm finger shoulder elbow".split())
# With these the words for a head and a back lead somewhere: ", heads for the door".
_LEADS = frozenset("for to toward towards into out up down in off away from through".split())
# After these "to" says what might be done.
_FOR = frozenset(
    "ready place time way chance reason something nothing anything somewhere eager free need "
    "right order sign first last urge desire effort attempt plan".split()
)
# "Pushes open the gate": what comes of it is no deed of its own.
_RESULTS = frozenset("open shut free loose".split())
_OPENERS = frozenset(
    "push pull kick slam throw swing fling yank tear rip pry slide shove force crack break".split()
)


_LEAD_TO_DEEDS = frozenset("against from without".split())
_WHEREABOUTS = frozenset(
    "downstage upstage offstage onstage outside inside upstairs downstairs nearby overhead indoors "
    "outdoors underneath alongside".split()
)
# Of the ways to go, those that are done to somebody.
_DONE_TO = frozenset("follow chase lead carry ride push pull throw cross".split())


class Predicates:
    """The verbs of a sentence, by the words where they stand."""

    def __init__(self, here: ParsedSentence, glossary: Glossary) -> None:
        self.here = here
        self.glossary = glossary
        self.words, self.nodes = here.words, here.nodes
        self.verbs = [word for word in range(len(here.words)) if self.is_verb(word)]

    def is_verb(self, word: int) -> bool:
        node, text = self.nodes[word], self.words[word]
        if self.here.token(word).is_mention or not text[-1].isalpha():
            return False
        helps = base_form(text, MODALS) is not None or text in ("get", "gets", "got", "'s")
        if node.dep in ("aux", "auxpass") and helps:
            return False
        if text in PREPOSITIONS | DETERMINERS | _WHEREABOUTS:
            return False
        after = self.words[word + 1] if word + 1 < len(self.words) else ""
        before = self.words[word - 1] if word else ""
        if text == "left":
            sides = not self._is_side(word) and before in ("he", "they", "she", "has", "have")
            return sides and node.tag in ("VBD", "VBN")
        if before in DETERMINERS and before not in ("this", "that", "her", "all", "each"):
            return False
        if text in _RESULTS and self._is_result(word):
            return False
        if node.tag.startswith("VB"):
            lemma = self.lexical(word)[0]
            known = lemma in self.glossary.verbs or lemma in LIGHT_VERBS | UNDONE_BY | PHASE_VERBS
            known = known or lemma == "be"
            adjective = before == "," and node.tag in ("VBD", "VBN") and after != "by"
            if self._is_of_body(word):
                return False
            if text == "face" and after in ("down", "up"):
                return False  # "lies face down"
            known = known or (after == "by" and node.tag in ("VBN", "VBD"))
            if not known and (adjective or not self._is_sure(word)):
                return False
            if node.tag == "VBG" and before in (",", "and"):
                return True
            if node.tag == "VBG" and before == "with":
                return False  # "with trembling fingers"
            if node.dep == "pobj" and node.tag == "VBZ" and self.here.is_mention(word - 1):
                return True  # "who is hugged by the clown laughs"
            if node.dep == "pobj" and node.tag == "VBG" and before in _LEAD_TO_DEEDS:
                return True  # "decides against jumping"
            return node.dep not in ("amod", "compound", "pobj") or (
                node.dep == "pobj" and word == 1 and before in PARTICLES_FIRST
            )
        return self._is_taken_for_a_noun(word)

    def _is_of_body(self, word: int) -> bool:
        """Say whether a hand or an eye is one: "hand over hand", "TED, eyes shut"."""
        found = base_form(self.words[word], _BODY_VERBS)
        if found is None or found[1] in ("ing", "past"):
            return False
        before = self.words[word - 1] if word else ","
        after = self.words[word + 1] if word + 1 < len(self.words) else ","
        if before not in (",", "and") or (word + 1 < len(self.words) and self._is_named(word + 1)):
            return False
        leads = found[0] in ("head", "back") and found[1] == "s" and after in _LEADS
        return not (leads or after in DETERMINERS)

    def _is_named(self, word: int) -> bool:
        return self.here.is_mention(word) or self.words[word] in ("him", "her", "it", "them")

    def _is_result(self, word: int) -> bool:
        """Say whether what comes of a verb is no deed: "pushes open the gate", "swings it shut"."""
        for before in range(word - 1, max(-1, word - 6), -1):
            if base_form(self.words[before], _OPENERS) is not None:
                return True
            if self.here.token(before).is_mark or self.words[before] in ("and", "then", "but"):
                return False
        return False

    def _is_taken_for_a_noun(self, word: int) -> bool:
        """Say whether a word is a verb though the parser has it as a noun: "and laughs"."""
        found = base_form(self.words[word], self.glossary.verbs)
        if found is not None and found[1] == "base" and self._is_plural_deed(word):
            return True
        if found is None or self.nodes[word].tag in ("IN", "RB", "RP", "CD", "TO", "MD", "CC"):
            return False
        to = word > 1 and self.words[word - 1] == "to" and found[1] == "base"
        if to and word + 1 < len(self.words) and self._is_named(word + 1):
            return True  # "goes to hug ANN"
        before = word - 1
        while (
            before >= 0
            and self.words[before] != "nor"
            and (is_filler(self.here.token(before)) or self.words[before] in ("no", "longer"))
        ):
            before -= 1
        text = self.words[before] if before >= 0 else ""
        if self.words[word - 1 : word] in (("both",), ("all",)) and found[0] in _BODY_VERBS:
            return False  # "with both hands"
        if self.words[max(0, word - 2) : word] in (("everything", "but"), ("anything", "but")):
            return True
        behind = word + 1 < len(self.words) and self.here.is_mention(word + 1)
        if word == 1 and behind and text in PARTICLES_FIRST:
            return True
        if found[1] == "ing" and (text == "," or (before < 0 and self._opens_for_another())):
            return True
        if found[1] == "s" and (self.ends_relative(word) or self._is_only_verb(word)):
            return True
        if found[0] in _BODY_VERBS and self.nodes[word - 1].tag == "VBG":
            return False  # "holding hands"
        if before < 0 and found[1] == "s" and behind:
            return True  # "Spots LORNA."
        if before < 0 and any(self.here.is_mention(w) for w in range(word, len(self.words))):
            return False  # "Eyes shut, RAY leaps"
        if text == "than" and self.words[:2] == ("rather", "than"):
            return found[1] == "base"
        if self._is_of_body(word):
            return False
        if found[1] == "s" and behind and self.words[0] in PREPOSITIONS:
            return True  # "Between two suitcases sleeps a CHILD"
        if found[1] == "s":
            led = before < 0 or self.here.is_mention(before) or text in _DOERS | _WHOM
            led = led or (before >= 0 and self.nodes[before].tag in ("VBG", "VBN"))
            return led or text in ("and", ",", "then", "one", "or", "but", "nor")
        base = found[1] == "base" and self.nodes[word].tag not in ("JJ",)
        return base and may_be_base(self.here.sentence, self.here.at[word])

    def _opens_for_another(self) -> bool:
        """Say whether a comma and then somebody follow: "Kneeling side by side, TED and ANN"."""
        commas = [w for w in range(1, len(self.words) - 1) if self.words[w] == ","]
        named = any(self.here.is_mention(w) for w in range(commas[0])) if commas else True
        follows = bool(commas) and any(self.here.is_mention(w) for w in (commas[0] + 1,))
        return self.words[1:2] == (",",) or (follows and not named)

    def _is_side(self, word: int) -> bool:
        """Say whether "left" says where somebody is: "Ma left, Pa right"."""
        after = self.words[word + 1] if word + 1 < len(self.words) else ","
        return after in (",", "and") and "right" in self.words

    def ends_relative(self, word: int) -> bool:
        """Say whether a verb comes right after a relative clause: "whom she leans on limps"."""
        led = [w for w in range(word) if self.words[w] in ("whom", "which", "whose")]
        since = range(led[-1] + 1, word) if led else range(0)
        verbs = [w for w in since if self.nodes[w].tag.startswith("VB")]
        helped = any(self.nodes[w].dep not in ("aux", "auxpass") for w in verbs)
        clear = not any(self.here.token(w).is_mark or self.words[w] == "and" for w in since)
        return helped and clear and self.words[word - 1] not in DETERMINERS

    def _is_only_verb(self, word: int) -> bool:
        """Say whether a sentence has no verb but this: "A RABBIT in a waistcoat peers at it"."""
        if any(node.tag.startswith("VB") for node in self.nodes):
            return False
        if not self.here.is_mention(0):
            return False
        before, tag = self.words[word - 1], self.nodes[word - 1].tag
        after = self.words[word + 1 : word + 2]
        known = before not in DETERMINERS | PREPOSITIONS and tag.startswith(("NN", "JJ"))
        return known and (not after or after[0] in PREPOSITIONS | DETERMINERS | {",", "and"})

    def _is_plural_deed(self, word: int) -> bool:
        """Say whether several do the only verb of a sentence: "The boys, TED and AL, creep up"."""
        if any(node.tag.startswith("VB") for node in self.nodes) or not word:
            return False
        if self.words[0] in ("they", "both", "we") and word == 1:
            return True
        named = [w for w in range(word) if self.here.is_mention(w)]
        several = len({e for w in named for e in self.here.token(w).ids}) > 1
        return several and (self.words[word - 1] == "," or self.here.is_mention(word - 1))

    def _is_sure(self, word: int) -> bool:
        """Say whether a verb that no table has is one: somebody stands before it as its subject."""
        subjects = self.here.children(word, "nsubj", "nsubjpass")
        if any(self.here.token(s).is_mention or self._is_pronoun(s) for s in subjects):
            return True
        before = word - 1
        while before >= 0 and is_filler(self.here.token(before)):
            before -= 1
        return before >= 0 and self.here.is_mention(before) and self.words[word].endswith("s")

    def _is_pronoun(self, word: int) -> bool:
        return self.words[word] in SINGULAR_PRONOUNS | GROUP | RELATIVES

    def lexical(self, word: int) -> tuple[str, Form, Verb]:
        node, text = self.nodes[word], self.words[word]
        known = base_form(text, self.glossary.verbs_and_light)
        forms: dict[str, Form] = {"VBZ": "s", "VBG": "ing", "VBD": "past", "VBN": "past"}
        if text == "'s":
            known = ("be", "s")
        if known is not None:
            lemma, form = known
        else:
            lemma, form = node.lemma, forms.get(node.tag, "base")
            if lemma == text and form == "s":
                lemma = unknown_base(text)
        if lemma == "be":
            return lemma, form, VERBS["stand"]
        if lemma in LIGHT_VERBS and lemma not in self.glossary.verbs:
            return lemma, form, VERBS["give"]
        return lemma, form, self.glossary.verbs.get(lemma) or Verb(lemma, "stay", near=True)

    def is_governor(self, word: int) -> bool:
        """Say whether a verb only says of another that it is tried, begun or over."""
        lemma = self.lexical(word)[0]
        hung = [w for w in self.here.children(word, "xcomp", "ccomp") if w in self.verbs]
        if lemma == "be" and self.words[word + 1 : word + 3] == ("about", "to"):
            return True
        return bool(hung) and lemma in UNDONE_BY | PHASE_VERBS | ENDING_VERBS

    def is_unreal(self, word: int) -> bool:
        """Say whether a verb stands in a clause of "if", or in an elliptical "Doesn't"."""
        alone = len(self.words) < 3 and not self.here.is_mention(0)
        if self.words[word] in ("does", "do", "did", "is", "was") and alone:
            return True
        if self._is_past_aside(word) or self._is_purpose(word) or self._is_ordered(word):
            return True
        if self.words[max(0, word - 3) : word] == ("as", "if", "to"):
            return False
        at = word
        for _ in range(len(self.words)):
            marks = {self.words[m] for m in self.here.children(at, "mark")}
            if marks & {"if", "unless", "though"} and at != self.nodes[at].head:
                return True
            if self.nodes[at].head == at:
                return False
            at = self.nodes[at].head
        return False

    def _is_purpose(self, word: int) -> bool:
        """Say whether a verb only tells what something is for: "a place to hide"."""
        node, before = self.nodes[word], self.words[word - 1] if word else ""
        head = self.nodes[node.head]
        close = node.head == word - 2
        return (
            node.tag == "VB"
            and before == "to"
            and close
            and head.tag in ("NN", "NNS", "JJ")
            and not self.here.is_mention(node.head)
            and self.words[node.head] in _FOR
        )

    def _is_ordered(self, word: int) -> bool:
        """Say whether a deed is only what another is told to do: "motions for TED to sit"."""
        head = self.nodes[word].head
        led = self.nodes[word].tag == "VB" and "to" in self.words[max(0, word - 2) : word]
        told = led and head < word and head in self.verbs and self.lexical(head)[0] in ORDERS
        return told and any(self._is_named(w) for w in range(head + 1, word))

    def _is_past_aside(self, word: int) -> bool:
        """Say whether a relative clause tells what was before: "the hat that she left"."""
        node = self.nodes[word]
        relatives = [w for w in range(word) if self.words[w] in RELATIVES]
        inside = relatives and not any(relatives[-1] < v < word for v in self.verbs)
        subjects = self.here.children(word, "nsubj")
        denied = any(self.words[w] in ("n't", "not", "never") for w in self.here.children(word))
        if (
            self.lexical(word)[0] == "be"
            or denied  # "who hasn't slept" does not sleep yet
            or node.dep != "relcl"
            or not inside
            or not subjects
            or node.tag not in ("VBD", "VBN")
        ):
            return False
        others = [self.nodes[v] for v in self.verbs if v != word]
        return not any(node.tag == "VBD" and node.dep != "relcl" for node in others)

    def agent_at(self, word: int) -> int | None:
        """Return the "by" after a participle, past an aside: "is eaten, every drop, by him"."""
        near = [w for w in range(word + 1, word + 5) if self.words[w : w + 1] == ("by",)]
        if near:
            return near[0]
        for also in self.here.children(word, "conj"):  # "is kicked, bitten, and chased by it"
            if self.nodes[also].tag == self.nodes[word].tag == "VBN":
                return self.agent_at(also)
        for by in range(word + 5, len(self.words) - 1):
            after = range(by + 1, min(by + 4, len(self.words)))
            named = self.words[by] == "by" and any(self.here.is_mention(w) for w in after)
            if named and self.words[by - 1] == "," and self.words[word + 1] == ",":
                return by
            if by in self.verbs:
                return None
        return None

    def shares_agent(self, word: int) -> bool:
        """Say whether "by" before holds for a verb too: "is lifted by his aunt and kissed"."""
        node = self.nodes[word]
        joined = node.dep == "conj" and node.head < word and node.tag in ("VBN", "VBD")
        if not joined or self.words[word - 1] != "and" or self.here.children(word, "nsubj", "aux"):
            return False
        return self.is_passive(node.head) and "by" in self.words[node.head : word]

    def is_passive(self, word: int) -> bool:
        node = self.nodes[word]
        if self.shares_agent(word):
            return True
        form = self.lexical(word)[1]
        if self.here.children(word, "auxpass"):
            return form != "ing"
        if form != "past" or self.here.children(word, "aux"):
            return False
        if self._is_aside(word) or self._is_done_by(word):
            return True
        if self.here.children(word, "nsubj"):
            return False
        return node.tag == "VBN" or "by" in self.words[word + 1 : word + 4]

    def _is_done_by(self, word: int) -> bool:
        """Say whether somebody after "by" does it: "the thief caught by the dog sobs"."""
        by = self.words[word + 1 : word + 2] == ("by",) and word + 2 < len(self.words)
        goes = ACTS.get(self.lexical(word)[0]) in (TRAVELS - _DONE_TO) | POSTURES
        return by and self.here.is_mention(word + 2) and not goes

    def _is_aside(self, word: int) -> bool:
        """Say whether a past form stands between its patient and the verb: "X, led by Y, walks"."""
        if word < 2 or self.words[word - 1] != "," or not self.here.is_mention(word - 2):
            return False
        closed = [w for w in range(word + 1, len(self.words)) if self.words[w] == ","]
        return bool(closed) and any(
            base_form(self.words[w], self.glossary.verbs) not in (None, (self.words[w], "base"))
            for w in range(closed[0] + 1, len(self.words))
        )

    def patient(self, word: int) -> str:
        subjects = self.here.children(word, "nsubjpass", "nsubj")
        node = self.nodes[word]
        if not subjects and node.dep == "conj" and self.is_passive(node.head):
            return self.patient(node.head) if node.head < word else ""
        if not subjects and node.dep == "acl" and self.nodes[node.head].tag.startswith("NN"):
            return self.words[node.head]
        return self.words[subjects[0]] if subjects else ""

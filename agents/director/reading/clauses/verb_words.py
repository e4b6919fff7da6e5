"""A parsed sentence -> which of its words are verbs.

The parser is asked first. Where it has a verb as a noun ("and laughs"), the table of verbs and the
words around decide.
"""

from __future__ import annotations

from ..coreference import SINGULAR_PRONOUNS
from ..glossary import Glossary
from ..inflection import Form, base_form, unknown_base
from ..lexicon import (
    DETERMINERS,
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
    POSTURES,
    TRAVELS,
    UNDONE_BY,
)
from ..words.set_phrases import PLACED

GROUP = frozenset(
    "they neither both all everyone everybody others two three four five six each".split()
)
RELATIVES = frozenset("who which that whom".split())
PARTICLES_FIRST = frozenset("in out up off away down back over past by on".split())


_DOERS = frozenset("he she it who everybody everyone nobody somebody someone neither".split())
_WHOM = frozenset("him them us me".split())
_BODY_VERBS = frozenset("hand eye face head back arm finger shoulder elbow".split())
# With these the words for a head and a back lead somewhere: ", heads for the door".
_LEADS = frozenset("for to toward towards into out up down in off away from through".split())
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


class VerbWords:
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
        if node.tag == "VB" and self._is_compound(word):
            return False
        if node.tag.startswith("VB"):
            lemma = self.lexical(word)[0]
            known = lemma in self.glossary.verbs or lemma in LIGHT_VERBS | UNDONE_BY | PHASE_VERBS
            known = known or lemma == "be" or lemma in PLACED
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

    def _is_compound(self, word: int) -> bool:
        """Say whether a base form is a noun behind another: "to the witness stand"."""
        noun = (
            word > 2 and self.nodes[word - 1].tag[:2] == "NN" and not self.here.is_mention(word - 1)
        )
        lead = self.words[max(0, word - 4) : word - 1]
        led = any(w in DETERMINERS for w in lead) and any(w in PREPOSITIONS for w in lead)
        after = self.words[word + 1 : word + 2]
        return noun and led and (not after or not after[0].isalpha() or after[0] in PREPOSITIONS)

    def _goes_on(self, word: int) -> bool:
        """Say whether "on" behind a word is that one continues: "goes on reading"."""
        return word >= 0 and base_form(self.words[word], {"go", "keep", "carry"}) is not None

    def _follows_deed(self, word: int) -> bool:
        """Say whether a participle says how one goes or rests: "enter whispering"."""
        if not word or not self.nodes[word - 1].tag.startswith("VB"):
            return False
        lemma = self.lexical(word - 1)[0]
        return lemma != "go" and ACTS.get(lemma, lemma) in TRAVELS | POSTURES

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
        if found[1] == "ing" and self._follows_deed(word):
            return True
        if found[1] == "ing" and self.words[word - 1 : word] == ("on",) and self._goes_on(word - 2):
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
        if self.nodes[word].tag == "VBG" and self.nodes[word].head in verbs:
            return False  # "whom he keeps staring at"
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

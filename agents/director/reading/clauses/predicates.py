"""The verbs of a parsed sentence -> which are passive, and which tell of nothing that happens.

What is tried, wished, ordered, or told of before is no deed of its own.
"""

from __future__ import annotations

from ..inflection import base_form
from ..lexicon import ENDING_VERBS, PHASE_VERBS
from ..words.acts import ACTS, ORDERS, POSTURES, TRAVELS, UNDONE_BY
from .verb_words import RELATIVES, VerbWords

# After these "to" says what might be done.
_FOR = frozenset(
    "ready place time way chance reason something nothing anything somewhere eager free need "
    "right order sign first last urge desire effort attempt plan".split()
)
# Of the ways to go, those that are done to somebody.
_DONE_TO = frozenset("follow chase lead carry ride push pull throw cross".split())


class Predicates(VerbWords):
    """The verbs of a sentence, with whether and by whom what they say is done."""

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
        if "no" in self.words[max(0, word - 4) : max(0, word - 2)]:
            return False  # "makes no attempt to rise"
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
        relatives = [w for w in range(word) if self.words[w] in RELATIVES | {"where"}]
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
        if subjects and self.words[subjects[0]] in ("which", "that") and node.dep == "relcl":
            return self.words[node.head]
        return self.words[subjects[0]] if subjects else ""

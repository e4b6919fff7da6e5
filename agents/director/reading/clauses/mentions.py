"""A parsed sentence -> those named in it as nouns: who is joined to whom, and who is nearest."""

from __future__ import annotations

from ..coreference import Discourse
from ..glossary import Glossary
from ..inflection import base_form
from ..lexicon import PREPOSITIONS
from ..parsed import ParsedSentence
from ..verbs import Subject
from .predicates import Predicates


class Mentions:
    """Who is named in a sentence, around the words of its verbs."""

    def __init__(self, here: ParsedSentence, discourse: Discourse, said: Predicates) -> None:
        self.here = here
        self.discourse = discourse
        self.glossary: Glossary = discourse.glossary
        self.words, self.nodes = here.words, here.nodes
        self.said = said
        self.subjects: dict[int, Subject] = {}

    def _joined(self, word: int, limit: int | None = None) -> tuple[str, ...]:
        """Return a mention with those that "and", "or" and commas join to it, before a limit."""
        limit = len(self.words) if limit is None else limit
        if word in self.here.lists:
            return tuple(e for w in self.here.lists[word] for e in self.here.token(w).ids)
        ids = list(self.here.token(word).ids)
        at = word
        while True:
            following = [
                w for w in self.here.children(at, "conj")
                if self.here.is_mention(w) and at < w < limit
            ]  # fmt: skip
            plain = at + 2 < len(self.words) and self.words[at + 1] in ("and", "nor")
            if not following and plain and at + 2 < limit and self.here.is_mention(at + 2):
                after = self.words[at + 3] if at + 3 < len(self.words) else ""
                found = base_form(after, self.glossary.verbs)
                following = [at + 2] if found is not None and found[1] == "base" else []
            if not following:
                return tuple(dict.fromkeys(ids))
            at = following[0]
            ids += self.here.token(at).ids

    def _joined_before(self, word: int) -> tuple[str, ...]:
        """Return a mention with those that stand before it, joined by "and"."""
        if word in self.here.lists:
            return self._joined(word)
        ids = self.here.token(word).ids
        while (
            word > 1 and self.words[word - 1] in ("and", "nor") and self.here.is_mention(word - 2)
        ):
            word -= 2
            ids = (*self.here.token(word).ids, *ids)
        return tuple(dict.fromkeys(ids))

    def _nearest(self, word: int) -> int | None:
        """Return the mention before a verb that is in no phrase with a preposition."""
        for before in range(word - 1, -1, -1):
            if self.here.is_mention(before) and not self._in_phrase(before):
                return before
        return None

    def _later(self, word: int) -> int | None:
        """Return the first mention after an opening participle: "Hiding there, TOM listens"."""
        for comma in range(word + 1, len(self.words)):
            if self.words[comma] == ",":
                for behind in range(comma + 1, min(len(self.words), comma + 3)):
                    if self.here.is_mention(behind):
                        return behind
        return None

    def _in_phrase(self, word: int) -> bool:
        """Say whether a mention stands after a preposition, with those joined to it."""
        before = self.words[word - 1] if word else ""
        if before in ("and", "nor", "or", ",") and word > 1 and self.here.is_mention(word - 2):
            return self._in_phrase(word - 2)
        return before in PREPOSITIONS - {"as", "until", "before", "after", "like"} or (
            before in ("like",)
        )

    def _nominals(self, word: int) -> list[int]:
        """Return the nouns that the parser has as a verb's subjects, the nearest before it first.

        It takes a verb for one now and then: "CLARE crouches, listens".
        """
        found = self.here.children(word, "nsubj", "nsubjpass")
        nouns = [subject for subject in found if subject not in self.said.verbs]

        for subject in nouns[:1] if len(nouns) == 1 else ():
            beside = self.words[subject + 1 : subject + 2]
            apart = subject > 1 and self.words[subject - 1] == "," and subject < word
            if apart and beside and beside[0] in PREPOSITIONS and self.here.is_mention(subject - 2):
                return [subject - 2]  # "RAY, the dog at his side, walks"

        def rank(subject: int) -> tuple[bool, bool, int]:
            apart = self.words[subject - 1 : subject] == (",",) and "," in self.words[subject:word]
            aside = self._in_phrase(subject) or apart
            return subject > word, aside, abs(word - subject)

        return sorted(nouns, key=rank)

    def _before_relative(self, word: int) -> Subject:
        """Return who did a verb right after a relative clause: "the gun which TED held drops"."""
        led = max(w for w in range(word) if self.words[w] in ("whom", "which", "whose"))
        head = led - 1
        while head > 0 and self.words[head] in PREPOSITIONS:
            head -= 1
        ids = self._joined_before(head) if head >= 0 and self.here.is_mention(head) else ()
        return Subject(ids, self.here.at[word])

    def _is_of_another(self, named: int, word: int) -> bool:
        """Say whether somebody does another verb: "the cake that NORA baked is eaten"."""
        node = self.nodes[named]
        does = node.dep in ("nsubj", "nsubjpass")
        return does and node.head != word and node.head in self.said.verbs

    def _is_acted_on(self, named: int, subject: int, word: int) -> bool:
        """Say whether somebody is only the object of a clause between a noun and its verb."""
        node = self.nodes[named]
        inside = subject < node.head < named < word and node.head in self.said.verbs
        return inside and node.dep in ("dobj", "dative")

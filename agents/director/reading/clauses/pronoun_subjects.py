"""A pronoun or a word for several before a verb -> whom it means there.

The discourse knows who was spoken of; the words of the sentence itself say who is named before or
only after the pronoun, and who is left out of a group.
"""

from __future__ import annotations

from .mentions import Mentions

_OPENING = 3  # words before a pronoun with which a scene opens: "Late that night they"


class PronounSubjects(Mentions):
    """Whom "he", "they" and "everyone" mean as subjects."""

    def _group(self, text: str, subject: int) -> tuple[str, ...]:
        text = "both" if text == "neither" else text
        if "each other" in " ".join(self.words) or text == "both":
            text = "each other" if text in ("they", "both") else text
        spared = self._spared(subject)
        return tuple(e for e in self._of_group(text, subject) if e not in spared)

    def _spared(self, subject: int) -> frozenset[str]:
        """Return who is left out of a group: "Everyone laughs, but X does not"."""
        but = next((w for w in range(subject, len(self.words)) if self.words[w] == "but"), None)
        after = range(but + 1, len(self.words)) if but is not None else range(0)
        return frozenset(e for w in after for e in self.here.token(w).ids)

    def _of_group(self, text: str, subject: int) -> tuple[str, ...]:
        named = [w for w in range(subject) if self.here.is_mention(w)]
        inside = tuple(e for w in named for e in self.here.token(w).ids)
        if text in ("both", "all", "each", "each other", "they") and len(inside) > 1:
            return tuple(dict.fromkeys(inside))
        if text == "they" and len(inside) == 1 and self.words[0] in ("he", "she"):
            first = self.discourse.of_pronoun(self.words[0])
            if first is not None and first not in inside:
                return (first, *inside)  # "He beckons to TED and they go"
        ahead = [w for w in range(subject, len(self.words)) if self.here.is_mention(w)]
        named_later = tuple(e for w in ahead for e in self.here.token(w).ids)
        everybody = text in ("everyone", "everybody")
        if text == "they" and subject > _OPENING and not self.discourse.meant:
            return named_later  # "A view of the crates as they sink" goes on with nobody
        return self.discourse.of_group(text) or (() if everybody else named_later)

    def _ahead(self, pronoun: str, word: int) -> str | None:
        """Return who is named only after a pronoun: "As he leaves, WILL mutters"."""
        head = self.nodes[word].head
        if self.nodes[word].dep != "advcl" or head <= word:
            return None
        if not self.here.children(word, "mark", "advmod"):
            return None
        for subject in self.here.children(head, "nsubj"):
            ids = self.here.token(subject).ids
            if len(ids) == 1 and self.here.is_mention(subject):
                return ids[0] if self.discourse.fits(pronoun, ids[0]) else None
        return None

    def _named_before(self, pronoun: str, at: int) -> str | None:
        """Return who was named last in the sentence before a pronoun: "hugs TED and he laughs"."""
        if self.words[:1] == ("if",):
            return None  # "If ANN were here, she would laugh"
        before = [e for w in range(at) if self.here.is_mention(w) for e in self.here.token(w).ids]
        fit = [e for e in before if self.discourse.is_exactly(pronoun, e)]
        return fit[-1] if fit else None

    def _of_pronoun(self, pronoun: str, at: int) -> str | None:
        """Return whom a pronoun means: who is here, or who is named: "LEE's jaw drops, he"."""
        found = self.discourse.of_pronoun(pronoun)
        there = {*self.discourse.present, *self.discourse.named_at}
        if self.words[:1] == ("if",) or (found is not None and found in there):
            return found
        named = [e for w in range(at) for e in self.here.token(w).ids]
        fit = [e for e in named if self.discourse.fits(pronoun, e)]
        return fit[-1] if fit else found

    def _said_before(self, pronoun: str, word: int) -> str | None:
        """Return who did the verb before: "ANN opens an eye before she smiles"."""
        before = [
            self.subjects[verb].ids
            for verb in self.said.verbs
            if verb in self.subjects and not self.said.is_unreal(verb)
        ]
        for ids in reversed(before):
            if len(ids) == 1 and self.discourse.is_exactly(pronoun, ids[0]):
                return ids[0]
        return None

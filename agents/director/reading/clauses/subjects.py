"""A verb of a parsed sentence -> who does it.

The parser is asked first. Where its subject is a thing, a relative or nobody, the mentions around
the verb decide: what "and" carries on, what a comma sets apart, and whom "who" goes back to.
"""

from __future__ import annotations

from ..coreference import SINGULAR_PRONOUNS
from ..inflection import singular
from ..lexicon import DETERMINERS, PREPOSITIONS
from ..parsed import phrase_start
from ..verbs import Subject, is_filler
from ..words.acts import BEASTS, KIN, PEOPLE
from ..words.things import OCCUPATIONS
from .pronoun_subjects import PronounSubjects
from .verb_words import GROUP, RELATIVES

_HOURS = frozenset("time late early dark night morning dawn dusk noon midnight over".split())
_OPENS_CLAUSE = frozenset(", and but while as when then so".split())
_NOMINATIVES = frozenset("he she they everybody everyone neither both all none".split())


class SubjectFinder(PronounSubjects):
    """The subjects of a sentence's verbs, asked for in their order."""

    def of(self, word: int) -> Subject:
        """Return who does a verb; those of the verbs before must have been asked for."""
        self.subjects[word] = self._subject(word)
        return self.subjects[word]

    def _subject(self, word: int) -> Subject:
        if word and self.words[word - 1] == "," and self.nodes[word].tag != "VBG":
            led = self._past_relative(word)
            if led is not None:
                return led
        led_on = self._past_company(word) or self._led_on(word)
        if led_on is not None:
            return led_on
        for subject in self._nominals(word):
            if self.words[subject] == "there" or (
                self.words[subject] in ("it", "this", "that") and self.said.lexical(word)[0] == "be"
            ):
                found = self._attribute(word)
                if found is not None:
                    return found
            if self._is_agent(subject, word):
                before = [w for w in self.said.verbs if w < subject and w in self.subjects]
                return Subject(self.subjects[before[-1]].ids, self.here.at[word])
            behind = self.words[word - 1 : word] in (("so",), ("nor",), ("neither",))
            if subject < word or behind or self.here.is_mention(subject):
                return self._by_noun(subject, word)
        if word and self.words[word - 1] in _NOMINATIVES and not self.here.is_mention(word - 1):
            return self._by_noun(word - 1, word)
        if self.said.lexical(word)[0] == "be" and self.here.children(word, "expl"):
            return self._attribute(word) or Subject((), self.here.at[word])
        if self._is_of_place(word) or self._goes_on_of_thing(word):
            return Subject((), self.here.at[word])
        if self.said.ends_relative(word) and not self.here.children(word, "nsubj"):
            return self._before_relative(word)
        if self._is_thing_before(word) or self._is_thing_of(word) or self._is_set_apart(word):
            return Subject((), self.here.at[word])
        return self._without(word)

    def _is_of_place(self, word: int) -> bool:
        """Say whether a thing is somewhere: "On the cart is a radio"."""
        plain = self.said.lexical(word)[0] == "be" and self.words[0] in PREPOSITIONS
        named = any(self.here.is_mention(w) for w in range(len(self.words)))
        thing = self.words[word + 1 : word + 2] and self.words[word + 1] in DETERMINERS
        return bool(plain and thing) and not named and not self.here.children(word, "nsubj")

    def _goes_on_of_thing(self, word: int) -> bool:
        """Say whether a thing did the verb before "and": "A stone breaks a pane and rolls on"."""
        node = self.nodes[word]
        if node.dep != "conj" or node.head >= word or self.here.children(word, "nsubj"):
            return False
        head = self.here.children(node.head, "nsubj")
        noun = bool(head) and self.nodes[head[0]].tag in ("NN", "NNS")
        alone = not any(self.here.is_mention(w) for w in range(word))
        return noun and alone and self.words[head[0]] not in GROUP and not self._several(head[0])

    def _past_company(self, word: int) -> Subject | None:
        """Return who does what comes after an aside: "MAE, with AL wedged beside her, eats"."""
        if word < 4 or self.words[word - 1] != ",":
            return None
        opens = [w for w in range(1, word - 2) if self.words[w : w + 2] == (",", "with")]
        aside = opens[-1] if opens else 0
        named = any(self.here.is_mention(w) for w in range(aside + 2, min(word, aside + 4)))
        closed = "," not in self.words[aside + 2 : word - 1]
        if not (aside and named and closed and self.here.is_mention(aside - 1)):
            return None
        return Subject(self._joined_before(aside - 1), self.here.at[word])

    def _led_on(self, word: int) -> Subject | None:
        """Return who did the verb before, where a comma carries it on past what it was done to.

        "She lifts the baby, kisses him": the parser has the baby as the one who kisses.
        """
        found = self.here.children(word, "nsubj", "nsubjpass")
        verbs = [v for v in found if v in self.said.verbs and v in self.subjects]
        if verbs:
            return Subject(self.subjects[verbs[-1]].ids, self.here.at[word])
        if word < 3 or self.words[word - 1] != "," or self.said.lexical(word)[1] != "s":
            return None
        for before in range(word - 2, -1, -1):
            if before in self.subjects:
                ids = self.subjects[before].ids
                whole = before < word - 2 and self.nodes[before].tag not in ("VBG", "VBN")
                return Subject(ids, self.here.at[word]) if ids and whole else None
            if self.here.token(before).is_mark or self.words[before] in _OPENS_CLAUSE | RELATIVES:
                return None
        return None

    def _is_agent(self, subject: int, word: int) -> bool:
        """Say whether the noun before a verb did the one before: "hugged by the clown laughs"."""
        by = (
            subject == word - 1
            and self.nodes[word].tag != "VBG"
            and subject > 1
            and self.words[subject - 1] == "by"
        )
        return by and self.said.is_passive(subject - 2) and bool(self.subjects)

    def _is_thing_before(self, word: int) -> bool:
        """Say whether a thing does it that begins the clause: "The train runs"."""
        at = word - 1
        while at > 0 and (is_filler(self.here.token(at)) or self.words[at] == "and"):
            at -= 1
        if at < 1 or self.here.is_mention(at) or not self.nodes[at].tag.startswith("NN"):
            return False
        while at >= 0 and not self.here.token(at).is_mention:
            if self.words[at] in DETERMINERS and not (at and self.words[at - 1] in PREPOSITIONS):
                opens = at == 0 or self.words[at - 1] in _OPENS_CLAUSE
                return opens and not self._is_opening(at)
            if not self.nodes[at].tag.startswith(("NN", "JJ", "VBG", "VBN", "IN", "TO", "DT")):
                return False
            at -= 1
        return False

    def _is_thing_of(self, word: int) -> bool:
        """Say whether what somebody has does it: "DOT, whose mother waves"."""
        whose = next((w for w in range(word - 1, -1, -1) if self.words[w] == "whose"), None)
        if whose is None or whose == word - 1:
            return False
        between = range(whose + 1, word)
        if any(w in self.said.verbs or self.here.token(w).is_mark for w in between):
            return False
        return not any(self.here.is_mention(w) for w in between)

    def _is_set_apart(self, word: int) -> bool:
        """Say whether a thing between commas does it: "ANN, mascara running, smiles"."""
        ends = self.words[word + 1 : word + 2]
        noun = word > 1 and self.nodes[word - 1].tag[:2] == "NN" and self.words[word - 2] == ","
        bare = noun and not self.here.token(word - 1).is_mention
        return bare and self.nodes[word].tag in ("VBG", "VBN") and ends in ((",",), ())

    def _is_opening(self, article: int) -> bool:
        """Say whether somebody before a noun is what it belongs to: "TED, the dog barks" is not."""
        return article > 1 and self.words[article - 1] == "and" and not self.said.verbs

    def _attribute(self, word: int) -> Subject | None:
        """Return who is there in "there is a FOX" and "it's the FOX"."""
        for behind in range(word + 1, min(len(self.words), word + 5)):
            if self.here.is_mention(behind):
                return Subject(self._joined(behind), self.here.at[word])
        return None

    def _by_noun(self, subject: int, word: int) -> Subject:
        """Return whom the noun or pronoun means that the parser has as a subject."""
        text, left = self.words[subject], self.here.at[subject]
        owner = self._past_object(subject)
        if owner is not None:
            return Subject(self._joined(owner), self.here.at[word])
        held = self._holder(subject, word)
        if held is not None:
            return Subject(self._joined(held), self.here.at[word])
        if self.here.is_mention(subject):
            left = self.here.at[self.here.lists.get(subject, (subject,))[0]]
            start = phrase_start(self.here.sentence, left, self.glossary)
            if self.said.lexical(word)[1] == "base" and subject not in self.here.lists:
                both = (*self._joined_before(subject), *self._joined(subject))
                return Subject(tuple(dict.fromkeys(both)), start)
            return Subject(self._joined(subject), start)
        if text in RELATIVES:
            return self._by_relative(subject, word)
        if text == "it" and set(self.words[word + 1 : word + 3]) & _HOURS:
            return Subject((), left)  # "It's time to go"
        if text in ("him", "her") and subject - 1 in self.subjects:
            whom = self.discourse.of_pronoun(text, self.subjects[subject - 1].ids)
            return Subject((whom,) if whom else (), left)  # "TED watches him leave"
        if text in SINGULAR_PRONOUNS:
            whom = self._ahead(text, word) or self._said_before(text, word)
            whom = whom or self._named_before(text, subject)
            whom = whom or self._of_pronoun(text, subject)
            return Subject((whom,) if whom else (), left)
        if text == "others" and self.words[subject - 1 : subject] == (",",):
            named = [w for w in range(subject) if self.here.is_mention(w)]
            ids = dict.fromkeys(e for w in named for e in self.here.token(w).ids)
            return Subject(tuple(ids), left)  # "TED, MOE, others run": they are new
        if text == "all" and subject > 1 and self.words[subject - 1] == ",":
            named = [w for w in range(subject) if self.here.is_mention(w)]
            ids = dict.fromkeys(e for w in named for e in self.here.token(w).ids)
            return Subject(tuple(ids) if len(ids) > 1 else (), left)  # "clerks and men, all ..."
        if text in GROUP:
            things = text == "they" and self._is_of_things(subject)
            return Subject(() if things else self._group(text, subject), left)
        several = self._several(subject)
        if several:
            return Subject(several, left)
        for inner in self.here.children(subject, "appos", "conj"):
            if self.here.is_mention(inner) and inner < word:
                return Subject(self._joined(inner), left)
        near = self._nearest(word)
        if near is not None and self._is_acted_on(near, subject, word):
            return Subject((), left)  # "the dog that bit ANN sleeps"
        if near is not None and near > subject and not self._is_of_another(near, word):
            return Subject(self._joined_before(near), left)
        return Subject((), left)

    def _past_object(self, subject: int) -> int | None:
        """Return who comes before a clause of which a noun is the object.

        "The bear that ate the honey is asleep": the parser has the honey as the subject.
        """
        led = [w for w in range(1, subject) if self.words[w] in ("that", "who", "which")]
        if not led or not self.here.is_mention(led[-1] - 1):
            return None
        between = range(led[-1] + 1, subject)
        inside = [w for w in between if w in self.said.verbs or self.nodes[w].dep == "relcl"]
        if self.here.is_mention(subject) and (subject - 1) not in inside:
            return None  # "the man who is following ANN yawns"
        closed = any(self.here.token(w).is_mark or self.here.is_mention(w) for w in between)
        return led[-1] - 1 if inside and not closed else None

    def _several(self, subject: int) -> tuple[str, ...]:
        """Return whom "both sisters" and "the two men" mean: those named after it, or before."""
        counted = self.words[max(0, subject - 2) : subject]
        noun = singular(self.words[subject])
        if not {"both", "two"} & set(counted) or noun not in PEOPLE | OCCUPATIONS | KIN | BEASTS:
            return ()
        after = range(subject + 1, len(self.words))
        ahead = tuple(dict.fromkeys(e for w in after for e in self.here.token(w).ids))
        return ahead if len(ahead) == 2 else self.discourse.of_group("both")

    def _is_of_things(self, subject: int) -> bool:
        """Say whether "they" are things of the clause before: "lifts the lids, but they snap"."""
        before = range(subject)
        if sum(len(self.here.token(w).ids) for w in before) > 1:
            return False
        named = [w for w in before if self.nodes[w].tag == "NNS" and not self.here.is_mention(w)]
        verbs = [w for w in self.said.verbs if w < subject]
        return bool(verbs) and bool(named) and named[-1] > verbs[-1]

    def _holder(self, subject: int, word: int) -> int | None:
        """Return who does something to the one right before a verb: "the man hugging TOM cries"."""
        verb = subject - 1
        tagged = verb > 0 and verb in self.said.verbs and self.nodes[verb].tag == "VBG"
        close = tagged and subject == word - 1 and self.here.is_mention(verb - 1)
        return verb - 1 if close and self.here.is_mention(subject) else None

    def _by_relative(self, subject: int, word: int) -> Subject:
        """Return whom "who" goes back to: the word that the clause hangs on.

        With "who" at its start a sentence goes on from the one before: "CLOSE ON TED / who runs".
        """
        if subject == 0:
            there = [e for e in self.discourse.subjects if e in self.discourse.here]
            return Subject(tuple(there) if self.words[0] == "who" else (), self.here.at[0])
        head = self.nodes[word].head
        if head < subject and self.here.is_mention(head):
            return Subject(self._joined(head), self.here.at[subject])
        before = subject - 1
        while before >= 0 and (self.words[before] == "," or self.words[before] in PREPOSITIONS):
            before -= 1
        if before >= 0 and self.here.is_mention(before):
            return Subject(self._joined(before), self.here.at[subject])
        return Subject((), self.here.at[subject])

    def _without(self, word: int) -> Subject:
        """Return who does a verb that has no subject of its own."""
        node = self.nodes[word]
        at = self.here.at[word]
        if node.tag == "VBG" and self._is_of_camera(word):
            return Subject((), at)
        if node.dep in ("acl", "relcl") and node.head < word:
            if self.here.is_mention(node.head):
                return Subject(self._joined(node.head, word), at)
            if node.head not in self.said.verbs and node.tag in ("VBG", "VBN"):
                close = node.head == word - 1 and not self.here.token(node.head).is_mark
                if close:
                    return Subject((), at)
        fresh = self._after_and(word)
        if fresh is not None:
            return Subject(self._joined_before(fresh), self.here.at[fresh])
        if not node.tag.startswith("VB"):
            led = self._past_relative(word) or self._carried_on(word)
        else:
            led = self._governed(word)
        if led is not None:
            return led
        near = self._nearest(word)
        if near is not None:
            return Subject(self._joined_before(near), at)
        later = self._later(word)
        if later is not None:
            return Subject(self._joined(later), at)
        before = [w for w in self.said.verbs if w < word and w in self.subjects]
        if before:
            return Subject(self.subjects[before[-1]].ids, at)
        form = self.said.lexical(word)[1]
        helped = bool(self.here.children(word, "aux"))  # "Doesn't turn."
        if self.said.is_passive(word) and not set(self.discourse.subjects) & self.discourse.here:
            return Subject((), at)  # a scene begins: "being dumped into a glass"
        goes_on = "and" in self.words[:word] and len(self.discourse.subjects) > 1
        goes_on = goes_on and all(w in ("and", ",") for w in self.words[:word])  # "-- and rush in"
        carried = form != "base" or helped or goes_on
        return Subject(self.discourse.subjects if carried else (), at)

    def _is_of_camera(self, word: int) -> bool:
        """Say whether whoever looks on does it, or a thing: "Reaching the porch, we hear"."""
        commas = [w for w in range(word, len(self.words) - 1) if self.words[w] == ","]
        if commas and self.words[commas[0] + 1] in ("we", "camera", "you"):
            return True
        named = any(self.here.is_mention(w) for w in range(len(self.words)))
        thing = any(self.nodes[w].dep == "det" for w in range(word))
        return thing and not named and self.words[word - 1] == ","

    def _past_relative(self, word: int) -> Subject | None:
        """Return whose verb follows a clause with "who": "TOM, who sleeps on a cart, waves"."""
        for relative in range(word - 1, 0, -1):
            if self.words[relative] in RELATIVES or self.words[relative] == "whose":
                if not any(relative < verb < word for verb in self.said.verbs):
                    return None
                before = [w for w in range(relative) if self.here.is_mention(w)]
                return Subject(self._joined(before[-1]), self.here.at[word]) if before else None
        return None

    def _after_and(self, word: int) -> int | None:
        """Return who begins a clause of their own: "TED waves and JOAN, sobbing, runs"."""
        for before in range(word - 1, 0, -1):
            finite = before in self.said.verbs and self.nodes[before].tag not in ("VBG", "VBN")
            if finite or self.words[before] in RELATIVES:
                return None
            if self.here.is_mention(before):
                joins = self.words[before - 1] in ("and", "but", "while", "as")
                pair = before > 1 and self.here.is_mention(before - 2)
                return before if joins and not pair else None
        return None

    def _carried_on(self, word: int) -> Subject | None:
        """Return the subject of the verb before, where "and" carries it on."""
        if not word or self.words[word - 1] not in ("and", "or", "but", "then", "nor"):
            return None
        before = [w for w in self.said.verbs if w < word and w in self.subjects]
        return Subject(self.subjects[before[-1]].ids, self.here.at[word]) if before else None

    def _governed(self, word: int) -> Subject | None:
        """Return the subject of the verb that a verb hangs on: "waves, laughing", "and bows"."""
        at = word
        for _ in range(len(self.words)):
            head = self.nodes[at].head
            if head == at:
                return None
            if head in self.said.verbs:
                known = self.subjects.get(head) or self._subject_once(head)
                return Subject(known.ids, self.here.at[word])
            at = head
        return None

    def _subject_once(self, word: int) -> Subject:
        """Return the subject of a verb further on, of which this one is a part."""
        for subject in self._nominals(word):
            return self._by_noun(subject, word)
        near = self._nearest(word)
        return Subject(self._joined_before(near) if near is not None else (), self.here.at[word])

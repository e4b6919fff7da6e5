"""A parsed sentence -> its clauses: each verb with who does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..coreference import Discourse
from ..parsed import ParsedSentence
from ..verbs import FoundVerb, Subject
from ..words.acts import POSTURES
from ..words.set_phrases import PLACED
from .denials import is_denied
from .predicates import Predicates
from .subjects import SubjectFinder

_STATED = POSTURES | {"perch", "seat", "slump"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb of a sentence and who does it; `word` is where the parser saw it.

    `thing` is what a passive verb is done to where that is nobody.
    """

    word: int
    verb: FoundVerb
    subject: Subject
    thing: str = ""


def find_clauses(here: ParsedSentence, discourse: Discourse) -> list[Clause]:
    """Return the clauses of a sentence that tell what happens, in their order."""
    return list(_clauses(here, discourse))


def _clauses(here: ParsedSentence, discourse: Discourse) -> Iterator[Clause]:
    said = Predicates(here, discourse.glossary)
    subjects = SubjectFinder(here, discourse, said)
    for word in said.verbs:
        subject = subjects.of(word)
        if said.is_governor(word) or said.is_unreal(word):
            continue
        passive = said.is_passive(word)
        agent = said.agent_at(word) is not None or said.shares_agent(word)
        lemma, form, verb = said.lexical(word)
        if passive and not agent:
            if lemma not in _STATED | PLACED and here.nodes[word].dep != "ROOT":
                continue
            passive = lemma not in _STATED
        negated = is_denied(said, word)
        first = min([word, *here.children(word, "aux", "auxpass", "neg")])
        at, after = here.at[first], here.at[word] + 1
        found = FoundVerb(at, after, lemma, form, verb, negated, passive)
        thing = said.patient(word) if passive and not subject.ids else ""
        yield Clause(word, found, subject, thing)

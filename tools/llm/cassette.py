"""Questions -> recorded answers: no question is asked twice, and a recording can be replayed.

A cassette is a file of JSON lines, one for each exchange. It holds the hashes of questions, and
answers with their tokens, seconds and cost; it never holds a question, a key or a header.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from ...chat import Answer, Question, Usage
from ...errors import CassetteError, OutputError

_VERSION = 1


class Model(Protocol):
    """A language model, which answers the questions that are not recorded."""

    @property
    def name(self) -> str: ...

    def ask(self, question: Question) -> Answer: ...


class Cassette:
    """Answers from a recording, and asks `model` what it lacks; without a model it only replays."""

    def __init__(self, path: Path, name: str, model: Model | None) -> None:
        self._path = path
        self._name = name
        self._model = model
        self._lock = threading.Lock()
        self._answers = read_cassette(path)
        self._usage = Usage()
        if model is None and not self._answers:
            raise CassetteError(
                f"there is nothing to replay at {path}; run once without --replay to record it"
            )

    @property
    def name(self) -> str:
        return self._name

    @property
    def usage(self) -> Usage:
        """What the questions asked through this cassette have taken so far."""
        with self._lock:
            return self._usage

    def holds(self, question: Question) -> bool:
        return question.key(self._name) in self._answers

    def ask(self, question: Question) -> Answer:
        """Return the recorded answer, or the model's, recorded now.

        Raises:
            CassetteError: a replay has no answer to this question.
            OutputError: the answer cannot be written down.
        """
        key = question.key(self._name)
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            answer = known.model_copy(update={"recorded": True})
        elif self._model is None:
            raise CassetteError(
                f"{self._path} has no answer about {question.about} ({key[:12]}): the story, the "
                f"prompts, the engine or the model ({self._name}) are not those of the recording; "
                "run without --replay to ask"
            )
        else:
            answer = self._model.ask(question)
            self._record(key, question, answer)
        with self._lock:
            self._usage = self._usage.plus(answer)
        return answer

    def _record(self, key: str, question: Question, answer: Answer) -> None:
        line = {
            "version": _VERSION,
            "question": key,
            "about": question.about,
            "asked": self._name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "answer": answer.model_dump(mode="json", exclude={"recorded"}),
        }
        text = json.dumps(line, ensure_ascii=True) + "\n"
        with self._lock:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("ab") as file:
                    file.truncate(self._whole_bytes())
                    file.write(text.encode("ascii"))
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise OutputError(f"cannot write the cassette {self._path}: {error}") from error
            self._answers[key] = answer

    def _whole_bytes(self) -> int:
        """Return the length of the file's whole lines; a killed process may have left a part."""
        return self._path.read_bytes().rfind(b"\n") + 1


def read_cassette(path: Path) -> dict[str, Answer]:
    """Return the answers of a cassette by the hash of their question; none without a file.

    The part of a last line that a killed process has left is ignored.

    Raises:
        CassetteError: a line is no exchange.
    """
    try:
        # A line ends with "\n" and nothing else: JSON may hold other separators as they are.
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CassetteError(f"the cassette {path} cannot be read: {error}") from error
    answers: dict[str, Answer] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            if not isinstance(found, Mapping) or found["version"] != _VERSION:
                raise CassetteError(f"{path}:{number} is of another version; record it again")
            answers[str(found["question"])] = Answer.model_validate(found["answer"])
        except (ValueError, KeyError, ValidationError, RecursionError) as error:
            if number == len(lines):  # it has no line end: its process was killed
                break
            raise CassetteError(f"{path}:{number} is no exchange: {type(error).__name__}") from None
    return answers

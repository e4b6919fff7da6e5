"""A question of the work's -> what somebody types: accept, keep, redo, edit, patch or stop.

Whatever is no answer is asked again. At the end of the input nobody answers, and the work stops.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..errors import DreamRunnerError, InputError, StoryError, UnansweredError
from .output import complain, say, show_diagnostics

if TYPE_CHECKING:
    from ..production.approval import PlanQuestion, Reply, ShotQuestion

_STOP = ("stop", "quit", "q")


@dataclass(frozen=True, slots=True)
class TerminalAsk:
    """Asks whoever sits at the terminal about a film; `paused` leaves the terminal to it.

    `check` says what is wrong with the page that was edited, by raising a StoryError.
    """

    story: Path
    paused: Callable[[], AbstractContextManager[None]]
    check: Callable[[Path], object]

    def __call__(self, question: PlanQuestion | ShotQuestion) -> Reply:
        """Return an answer.

        Raises:
            UnansweredError: nobody answers.
        """
        with self.paused():
            _show(question)
            while True:
                words = self._typed(question).split(maxsplit=1) or [""]
                try:
                    answer = self._answer(question, words[0].lower(), *words[1:])
                except StoryError as error:
                    show_diagnostics(error.diagnostics, error.source)
                    continue
                except DreamRunnerError as error:
                    if isinstance(error, UnansweredError):
                        raise
                    complain(str(error))
                    continue
                if answer is not None:
                    return answer

    def _typed(self, question: PlanQuestion | ShotQuestion) -> str:
        choices = "accept, edit, patch FILE, stop"
        if not _is_plan(question):
            choices = "accept, redo, keep TAKE, edit, patch FILE, stop"
        try:
            return str(typer.prompt(choices, err=True))
        except (typer.Abort, EOFError):
            say("", to_stderr=True)  # the line of the question has not ended
            return "stop"

    def _answer(
        self, question: PlanQuestion | ShotQuestion, word: str, rest: str = ""
    ) -> Reply | None:
        """Return what was typed as an answer; None where it was none."""
        from ..production.approval import Reply

        if word in ("accept", "a", "yes", "y"):
            return Reply("accept")
        if word in _STOP:
            what = "the plan" if _is_plan(question) else f"shot {_shot(question)}"
            raise UnansweredError(
                f"{what} waits for your word; what is finished is kept, and the same command goes "
                "on from there"
            )
        if word in ("edit", "e"):
            return self._edited()
        if word == "patch":
            return self._patched(Path(rest.strip()))
        if not _is_plan(question) and word in ("redo", "r"):
            return Reply("redo")
        if not _is_plan(question) and word in ("keep", "k"):
            return _kept(question, rest.strip())
        return None

    def _edited(self) -> Reply | None:
        """Open the page in the editor of $VISUAL or $EDITOR; None where nothing was changed."""
        from ..production.approval import Reply

        before = self.story.read_bytes()
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        try:
            subprocess.run([*shlex.split(editor), str(self.story)], check=True)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise InputError(f"{editor} did not edit {self.story}: {error}") from error
        if self.story.read_bytes() == before:
            return None
        self.check(self.story)
        return Reply("edited")

    def _patched(self, patch: Path) -> Reply:
        from ..production.accept import write_patched
        from ..production.approval import Reply

        try:
            text = patch.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise InputError(f"{patch} cannot be read: {error}") from error
        write_patched(self.story, [text])
        return Reply("edited")


def _is_plan(question: PlanQuestion | ShotQuestion) -> bool:
    from ..production.approval import PlanQuestion

    return isinstance(question, PlanQuestion)


def _shot(question: PlanQuestion | ShotQuestion) -> str:
    return getattr(question, "shot", "")


def _kept(question: PlanQuestion | ShotQuestion, number: str) -> Reply:
    from ..production.approval import Reply

    there = [take.number for take in getattr(question, "takes", ())]
    if not number.isdecimal() or int(number) not in there:
        raise InputError(f"keep one of the takes {', '.join(map(str, there))}")
    return Reply("keep", int(number))


def _show(question: PlanQuestion | ShotQuestion) -> None:
    """Show what is asked about."""
    from ..production.approval import PlanQuestion
    from .output import stderr
    from .tables import plan_table, takes_table

    if isinstance(question, PlanQuestion):
        stderr().print(plan_table(question.plan))
        say(f"look: {question.storyboard}", to_stderr=True)
        return
    stderr().print(takes_table(question.takes))
    kept = question.kept
    say(f"shot {question.shot}, take {kept.number}: {kept.clip.path}", to_stderr=True)

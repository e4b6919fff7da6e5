"""The measure of sentences: an object is of its own deed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from sentences import Fact, facts_of, readings  # noqa: E402

CAST = {"MONTY": "a man", "CORA": "a woman"}


def facts(text: str) -> set[Fact]:
    found = facts_of(readings({"cast": CAST, "text": text}))
    return {fact for fact in found if fact[1] != "present"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("CORA watches MONTY, chewing.",
         {("CORA", "look", ("MONTY",), True), ("CORA", "eat", (), True)}),
        ("CORA pretends to read. She's watching MONTY.",
         {("CORA", "look", ("MONTY",), True), ("CORA", "read", (), False)}),
        ("CORA chases MONTY.", {("CORA", "chase", ("MONTY",), True)}),
        ("CORA waves to MONTY.", {("CORA", "wave", ("MONTY",), True)}),
    ],
)  # fmt: skip
def test_who_is_faced_is_not_the_object_of_another_deed(text: str, wanted: set[Fact]) -> None:
    assert facts(text) == wanted

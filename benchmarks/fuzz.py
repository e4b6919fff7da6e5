"""Random bytes, guided by coverage, against parse, resolve, fmt and the exchange with Fountain.

    python benchmarks/fuzz.py [--minutes N] [--corpus DIR]

Nothing may raise, nothing may take a minute, what fmt wrote once it writes again, and what
goes to Fountain comes back. What breaks that is kept in tests/dsl/found, whose files the tests
read. Needs atheris (pip install atheris); --corpus keeps what was learnt for the next run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dreamrunner.dsl"]):
    from dreamrunner.dsl import format_story, parse_story
    from dreamrunner.dsl.exchange import export_fountain, import_fountain
from dreamrunner.errors import StoryError

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / "tests" / "dsl" / "found"
LONGEST = 4096
SLOWEST_S = 60  # of the clock: a loaded machine is slow
WORDS = (
    "@layout ", "@motion ", "@expect ", "@character ", "@shot ", "{", "}", "box (", "0s..end:",
    "EXT. ", "\n\n", "[[ ", " ]]", "/*", "*/", "// ", "FOX", "at left-third", "Title: ", "> ", " ^",
)  # fmt: skip


def try_one(data: bytes) -> None:
    """Put one text through everything."""
    text = data.decode("utf-8", "replace")
    parse_story(text, path="fuzz.story")
    try:
        formatted = format_story(text)
    except StoryError:
        return
    assert format_story(formatted) == formatted, "formatting twice is not formatting once"
    (back,) = import_fountain(export_fountain(text, "fuzz.story"), "fuzz.fountain")
    assert back.text is not None, "what went to Fountain is no story any more"


def main() -> None:
    """Fuzz for a number of minutes."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--minutes", type=float, default=20)
    top.add_argument("--corpus", type=Path)
    options = top.parse_args()
    work = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus = options.corpus or work / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    FOUND.mkdir(exist_ok=True)
    for seed in (*(ROOT / "stories").glob("*.story"), *FOUND.iterdir()):
        shutil.copy(seed, corpus)
    words = work / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-max_total_time={round(options.minutes * 60)}",
            f"-max_len={LONGEST}",
            f"-timeout={SLOWEST_S}",
            f"-dict={words}",
            f"-artifact_prefix={FOUND}/",
            "-print_final_stats=1",
        ],
        try_one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()

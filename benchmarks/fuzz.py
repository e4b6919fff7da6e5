"""Random bytes, guided by coverage, against parse, resolve, fmt and the exchange with Fountain.

    python benchmarks/fuzz.py [--minutes N] [--corpus DIR]

Nothing may raise, nothing may take a minute, what fmt wrote once it writes again, and what
goes to Fountain comes back. What breaks that is kept in tests/dsl/found, whose files the tests
read. Needs atheris (pip install atheris); --corpus keeps what was learnt for the next run. The
runs so far stand in `results/fuzz.json`, the last one below; a run ends at its first finding.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / "tests" / "dsl" / "found"
RESULTS = ROOT / "benchmarks" / "results" / "fuzz.json"
LONGEST = 4096
SLOWEST_S = 60  # of the clock: a loaded machine is slow
WORDS = (
    "@layout ", "@motion ", "@expect ", "@character ", "@shot ", "{", "}", "box (", "0s..end:",
    "EXT. ", "\n\n", "[[ ", " ]]", "/*", "*/", "// ", "FOX", "at left-third", "Title: ", "> ", " ^",
    "@use ", "@camera ", "@depth ", "@defaults ", "@replan ", "@voice ", "@audio ", "@location ",
    "@style ", "@duration ", "\r\n", "\ufeff", "Strict: yes\n", " left-of ", "motion.FOX >= ",
)  # fmt: skip
_STATE = re.compile(r"#(\d+)\t.*\bcov: (\d+) ft: (\d+) corp: (\d+)/")


def fuzz(flags: list[str]) -> None:
    """Give random texts to the language until libFuzzer, which ends the process, has enough."""
    import atheris  # not among the extras: it has no wheels for every system

    with atheris.instrument_imports(include=["dreamrunner.dsl"]):
        from dreamrunner.dsl import format_story, parse_story
        from dreamrunner.dsl.formats import export_fountain, import_fountain
    from dreamrunner.engine.storybook.capabilities import storybook_capabilities
    from dreamrunner.errors import StoryError

    engine = storybook_capabilities()

    def try_one(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        parse_story(text, path="fuzz.story", folder=FOUND, capabilities=engine)
        try:
            formatted = format_story(text)
        except StoryError:
            return
        assert format_story(formatted) == formatted, "formatting twice is not formatting once"
        (back,) = import_fountain(export_fountain(text, "fuzz.story"), "fuzz.fountain")
        assert back.text is not None, "what went to Fountain is no story any more"

    atheris.Setup([sys.argv[0], *flags], try_one)
    atheris.Fuzz()


def figures(log: str, seconds: float, findings: int) -> dict[str, object]:
    """Return what libFuzzer's log says of a run."""
    states = _STATE.findall(log)
    if not states:
        raise SystemExit(f"the fuzzer did not start:\n{log[-2000:]}")
    executions, coverage, features, corpus = map(int, states[-1])
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "minutes": round(seconds / 60, 1),
        "executions": executions,
        "edges": coverage,
        "features": features,
        "texts_kept": corpus,
        "longest_bytes": LONGEST,
        "slowest_allowed_s": SLOWEST_S,
        "findings": findings,
    }


def main() -> None:
    """Fuzz for a number of minutes in a process of its own, and write what came of it."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--minutes", type=float, default=20)
    top.add_argument("--corpus", type=Path)
    options = top.parse_args()
    work = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus = options.corpus or work / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    FOUND.mkdir(exist_ok=True)
    before = set(FOUND.iterdir())
    for seed in (*(ROOT / "stories").glob("*.*"), *before):
        shutil.copy(seed, corpus)
    words = work / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    flags = [
        str(corpus),
        f"-max_total_time={round(options.minutes * 60)}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST_S}",
        f"-report_slow_units={SLOWEST_S}",
        f"-dict={words}",
        f"-artifact_prefix={FOUND}/",
    ]
    log, started = work / "log", time.perf_counter()
    print(f"the log is {log}")
    with log.open("w") as out:
        child = [sys.executable, __file__, "--flags", *flags]
        subprocess.run(child, stdout=out, stderr=subprocess.STDOUT, check=False)
    seconds, new = time.perf_counter() - started, set(FOUND.iterdir()) - before
    run = figures(log.read_text("utf-8", "replace"), seconds, len(new))
    runs = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    RESULTS.write_text(json.dumps([*runs, run], indent=2) + "\n", encoding="utf-8")
    print(json.dumps(run, indent=2))
    if new:
        raise SystemExit("found: " + ", ".join(sorted(path.name for path in new)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--flags"]:
        fuzz(sys.argv[2:])
    else:
        main()

"""Thirty seeded kills of the agent's work in its nodes -> what was lost and what was made twice.

python benchmarks/kills.py
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "agents" / "graph"))

from kills import outcome_of


def main() -> None:
    """Kill, go on, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole = outcome_of(None, Path(folder, "whole"))
        made = [outcome_of(seed, Path(folder, "killed")) for seed in range(args.kills)]
    where = Counter(f"{one.node}, {'after' if one.after else 'before'}" for one in made)
    for name, count in sorted(where.items()):
        print(f"{count:3} in {name} its work")
    print(f"{sum(one.killed for one in made)} of {len(made)} processes were killed")
    print(f"{sum(len(one.lost) for one in made)} finished things were lost")
    print(f"{sum(len(one.repeated) for one in made)} were made twice")
    differing = sum(one.takes != whole.takes for one in made)
    print(f"{differing} films differ from the one that nobody killed")


if __name__ == "__main__":
    main()

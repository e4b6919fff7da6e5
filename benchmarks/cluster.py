"""Six shots on two workers of one core -> the time they take, over the ideal; and with one killed.

    python benchmarks/cluster.py [--engine storybook] [--seconds 1] [--rounds 2] [--load WORDS]
                                 [--json FILE]

A Ray cluster of two nodes on this machine draws the shots, and nothing measures them. The ideal is
what the same shots took, as their workers say, shared by those who were there: one worker until the
other was ready, then both; with one killed halfway, what was done until then, and the rest, with
the shot that was lost, for the one that is left. `half` is the ratio to half of what the shots
took, as if both had been ready at once. What lies between is told apart, in seconds of both:
`waiting`, from the end of a shot to the begin of the next one on the same worker, is the cluster's;
`later`, by which one worker was ready before the other, is Ray's and the machine's; `earlier`, by
which one had nothing more to do, is that of shots that cannot be divided, on cores that are not
equally fast. Without a kill, 2 took = shots + waiting + later + earlier. `driver` is the
processor's time of this process meanwhile, which on two cores is taken from the workers.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from dreamrunner.film import StageRecord
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, StageAdvanced, StageFinished, StageStarted

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "tools" / "cluster"))

from node_kills import QUIET, Nodes, page, two_nodes

SHOTS = 6


@dataclass
class Clock:
    """An observer that notes when shots begin and end, and kills a node in the second half."""

    nodes: Nodes | None = None
    begun: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    killed_s: float | None = None
    lost: str = ""
    driver_s: list[float] = field(default_factory=list)  # whenever a shot begins or ends

    def report(self, event: Event) -> None:
        now = time.monotonic()
        if isinstance(event, StageStarted) and event.stage == "render":
            self.driver_s.append(time.process_time())
            assert event.shot is not None
            if event.shot in self.begun:
                self.lost = event.shot
            self.begun[event.shot] = now
        if isinstance(event, StageAdvanced) and event.stage == "render" and self.nodes:
            late = event.shot in list(self.begun)[SHOTS // 2 :] and 2 * event.done >= event.total
            if late and len(self.begun) - len(self.ended) > 1:  # the other worker is there too
                nodes, self.nodes = self.nodes, None
                self.killed_s = now
                nodes.kill()
        if isinstance(event, StageFinished) and event.record.stage == "render":
            self._finished(event.record, now)

    def _finished(self, record: StageRecord, now: float) -> None:
        assert record.shot is not None
        self.driver_s.append(time.process_time())
        self.ended[record.shot] = now
        self.seconds[record.shot] = record.seconds


def film(nodes: Nodes, engine: str, seconds: float, *, kill: bool) -> dict[str, float]:
    """Render six shots, and say what they took and what would be ideal."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        work = Path(name)
        story = work / "six.story"
        story.write_text(page(SHOTS, seconds), encoding="utf-8")
        settings = Settings(
            engine=engine, critic="none", store=work / "store", out=work / "out", on="ray"
        )
        clock = Clock(nodes if kill else None)
        render_story(story, settings, clock)
    first, last = min(clock.begun.values()), max(clock.ended.values())
    total = sum(clock.seconds.values())
    later = sorted(clock.begun.values())[1] - first
    ideal = later + (total - later) / 2
    if kill:
        assert clock.killed_s is not None
        # Until then two have worked; what is left after it is one's alone.
        until = clock.killed_s - first
        done = sum(
            min(clock.ended[shot], clock.killed_s) - (clock.ended[shot] - clock.seconds[shot])
            for shot in clock.ended
            if shot != clock.lost and clock.ended[shot] - clock.seconds[shot] < clock.killed_s
        )
        ideal = until + total - done
    took = last - first
    found = {"took": took, "ideal": ideal, "ratio": took / ideal}
    if not kill:
        earlier = last - sorted(clock.ended.values())[-2]
        waiting = 2 * took - total - later - earlier
        found |= {"half": 2 * took / total}
        found |= {"waiting": waiting, "later": later, "earlier": earlier}
    found["driver"] = clock.driver_s[-1] - clock.driver_s[0]
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", default="storybook", help="storybook or animatic")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each shot of the film")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--load", default="", help="what else the machine does, to be kept too")
    parser.add_argument("--json", type=Path, help="keep the figures here too")
    given = parser.parse_args()
    os.environ.update(QUIET)
    rounds: list[dict[str, dict[str, float]]] = []
    with two_nodes() as nodes:
        os.environ["RAY_ADDRESS"] = nodes.address
        for _ in range(given.rounds):
            whole = film(nodes, given.engine, given.seconds, kill=False)
            print(json.dumps(whole), flush=True)
            killed = film(nodes, given.engine, given.seconds, kill=True)
            nodes.add()
            rounds.append({"two workers": whole, "one killed": killed})
            print(json.dumps(rounds[-1]), flush=True)
    if given.json:
        machine = f"{platform.machine()}, {os.cpu_count()} cores"
        kept = {
            "machine": machine,
            "engine": given.engine,
            "shots": SHOTS,
            "seconds a shot": given.seconds,
            "load": given.load,
            "rounds": rounds,
        }
        given.json.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

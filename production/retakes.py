"""What the user says of further takes -> how often each shot may be tried, and when no more.

* `takes=N`: so many takes in the whole film, of which every shot has its first.
* `minutes=X`: of making; after them no shot is tried again.
* `money=X`: of what is made and asked, with `hour=X` for an hour of making.

Every shot is made once whatever the budget: it says how much is spent on making it better.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import InputError
from ..plan import Plan

KNOBS = "takes=N, minutes=X, money=X, hour=X"


@dataclass(frozen=True, slots=True)
class TakeBudget:
    """What further takes may use at most; None is without limit. `hour` is what an hour costs."""

    takes: int | None = None
    minutes: float | None = None
    money: float | None = None
    hour: float | None = None

    def shared(self, plan: Plan) -> Plan:
        """Return the plan with its further takes shared out among the shots, one a round.

        Which shots fail is not known yet, and what one becomes must not hang on which was first.
        """
        if self.takes is None:
            return plan
        left = max(0, self.takes - len(plan.shots))
        tries = {shot.id: 1 for shot in plan.shots}
        while left and (open_ := [s for s in plan.shots if tries[s.id] < s.tries]):
            for shot in open_[:left]:
                tries[shot.id] += 1
            left -= min(left, len(open_))
        for shot in plan.shots:
            fewer = min(shot.tries, tries[shot.id])
            plan = plan.with_shot(shot.model_copy(update={"tries": fewer}))
        return plan

    def used_up(self, made_s: float, asked: float) -> str | None:
        """Return why no shot is tried again, None while it may be.

        Args:
            made_s: the seconds of making so far.
            asked: what a language model has cost so far.
        """
        if self.minutes is not None and made_s >= 60 * self.minutes:
            return f"the {self.minutes:g} minutes of --budget are used"
        spent = asked + made_s / 3600 * (self.hour or 0.0)
        if self.money is not None and spent >= self.money:
            return f"{spent:.2f} of the {self.money:g} of --budget are spent"
        return None


def parse_budget(text: str) -> TakeBudget:
    """Return what a text such as "takes=12, minutes=20" says.

    Raises:
        InputError: it names something else, a value makes no sense, or money has no price.
    """
    found = TakeBudget()
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (part.strip() for part in word.partition("="))
        try:
            if name == "takes":
                found = replace(found, takes=int(value))
            elif name == "minutes":
                found = replace(found, minutes=float(value))
            elif name == "money":
                found = replace(found, money=float(value))
            elif name == "hour":
                found = replace(found, hour=float(value))
            else:
                raise ValueError
        except ValueError:
            raise InputError(f"{word!r} is no budget; there are {KNOBS}") from None
        if not 0 < float(value) < float("inf"):
            raise InputError(f"{word!r} must be more than 0, and a number")
    if found.money is not None and found.hour is None:
        raise InputError(
            f"money={found.money:g} needs a price: add hour=X, what an hour of making costs"
        )
    return found

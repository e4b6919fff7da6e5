"""Any clip of the grown world -> who is in it, where, how they look, what they do, in which place.

People, rooms and the kinds beside animals: what the judge of the first world was not taught.
"""

from __future__ import annotations

from .judge import GrownJudge as GrownJudge
from .judgement import GrownJudgement as GrownJudgement
from .judgement import GrownSighting as GrownSighting

"""Any clip -> what an independent eye finds in it: who, where, doing what, in which place.

For scores only. The critic and the loop must never see what this package finds: an import
contract holds that nothing but benchmarks and tests imports it.
"""

from __future__ import annotations

# The relative import makes a bare import of this folder fail instead of making a second copy.
from .judge import Judge as Judge
from .judgement import Judgement as Judgement
from .judgement import Sighting as Sighting

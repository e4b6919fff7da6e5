Title: A Bow
Seed: 101

@character OWL: a red owl

EXT. MEADOW - DAY #1#

The OWL bows.

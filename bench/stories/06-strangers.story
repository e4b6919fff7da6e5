Title: Strangers
Seed: 106

@character PENGUIN: a blue penguin
@character HEDGEHOG: a yellow hedgehog

EXT. SNOWY FIELD - DAY #1#

The PENGUIN walks to the right.

EXT. SNOWY FIELD - DAY #2#

The HEDGEHOG jumps.

EXT. MEADOW - DAY #3#

The PENGUIN bows on the left. The HEDGEHOG stands on the right.

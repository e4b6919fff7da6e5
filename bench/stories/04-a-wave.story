Title: A Wave
Seed: 104

@character RABBIT: a red rabbit
@character TURTLE: a blue turtle

EXT. SNOWY FIELD - DAY #1#

The RABBIT waves.

EXT. SNOWY FIELD - DAY #2#

The RABBIT waves on the left. The TURTLE stands on the right.

EXT. BEACH - DAY #3#

The TURTLE waves.

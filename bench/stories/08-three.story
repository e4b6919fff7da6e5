Title: Three
Seed: 108

@character FOX: a blue fox
@character FROG: a yellow frog
@character RABBIT: a red rabbit

EXT. MEADOW - DAY #1#

The FOX stands on the left. The FROG jumps in the middle. The RABBIT bows on the right.

EXT. MEADOW - DAY #2#

The FOX bows on the left. The FROG stands in the middle. The RABBIT stands on the right.

EXT. SNOWY FIELD - DAY #3#

The FOX walks to the left.

EXT. SNOWY FIELD - DAY #4#

The RABBIT rises into the air. The FROG stands on the right.

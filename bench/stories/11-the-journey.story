Title: The Journey
Seed: 111

@character FROG: a red frog
@character OWL: a blue owl

EXT. MEADOW - DAY #1#

The FROG walks to the right.

EXT. MEADOW - DAY #2#

The OWL stands.

EXT. BEACH - DAY #3#

The FROG jumps on the left. The OWL bows on the right.

EXT. BEACH - DAY #4#

The OWL rises into the air.

EXT. HILL AT NIGHT - NIGHT #5#

The FROG bows.

EXT. HILL AT NIGHT - NIGHT #6#

The OWL walks to the left.

EXT. SNOWY FIELD - DAY #7#

The FROG stands on the left. The OWL jumps on the right.

EXT. SNOWY FIELD - DAY #8#

The OWL bows.

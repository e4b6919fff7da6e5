Title: A Year
Seed: 112

@character OWL: a yellow owl
@character FOX: a blue fox

EXT. MEADOW - DAY #1#

The OWL walks to the right.

EXT. MEADOW - DAY #2#

The FOX rises into the air.

EXT. BEACH - DAY #3#

The OWL stands on the left. The FOX jumps on the right.

EXT. BEACH - DAY #4#

The OWL stands.

EXT. HILL AT NIGHT - NIGHT #5#

The FOX bows.

EXT. HILL AT NIGHT - NIGHT #6#

The OWL bows on the left. The FOX stands on the right.

EXT. SNOWY FIELD - DAY #7#

The OWL jumps.

EXT. SNOWY FIELD - DAY #8#

The FOX walks to the right.

EXT. MEADOW - DAY #9#

The OWL jumps on the left. The FOX bows on the right.

EXT. MEADOW - DAY #10#

The OWL walks to the left.

EXT. BEACH - DAY #11#

The FOX stands.

EXT. BEACH - DAY #12#

The OWL stands on the left. The FOX jumps on the right.

EXT. HILL AT NIGHT - NIGHT #13#

The OWL bows.

EXT. HILL AT NIGHT - NIGHT #14#

The FOX jumps.

EXT. SNOWY FIELD - DAY #15#

The OWL bows on the left. The FOX stands on the right.

EXT. SNOWY FIELD - DAY #16#

The OWL rises into the air.

EXT. MEADOW - DAY #17#

The FOX walks to the left.

EXT. MEADOW - DAY #18#

The OWL jumps on the left. The FOX bows on the right.

EXT. BEACH - DAY #19#

The OWL stands.

EXT. BEACH - DAY #20#

The FOX bows.

EXT. HILL AT NIGHT - NIGHT #21#

The OWL stands on the left. The FOX jumps on the right.

EXT. HILL AT NIGHT - NIGHT #22#

The OWL walks to the right.

EXT. SNOWY FIELD - DAY #23#

The FOX rises into the air.

EXT. SNOWY FIELD - DAY #24#

The OWL bows on the left. The FOX stands on the right.

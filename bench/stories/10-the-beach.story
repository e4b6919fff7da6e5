Title: The Beach
Seed: 110

@character RABBIT: a yellow rabbit
@character FOX: a red fox
@character ELEPHANT: a blue elephant

EXT. BEACH - DAY #1#

The RABBIT jumps.

EXT. BEACH - DAY #2#

The FOX waves on the left. The RABBIT stands on the right.

EXT. BEACH - DAY #3#

The ELEPHANT walks to the left.

EXT. MEADOW - DAY #4#

The FOX bows on the left. The ELEPHANT stands on the right.

EXT. MEADOW - DAY #5#

The RABBIT stands on the left. The FOX jumps in the middle. The ELEPHANT bows on the right.

EXT. HILL AT NIGHT - NIGHT #6#

The FOX walks to the right.

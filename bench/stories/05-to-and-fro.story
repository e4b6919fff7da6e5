Title: To and Fro
Seed: 105

@character ELEPHANT: a blue elephant
@character FOX: a red fox

EXT. HILL AT NIGHT - NIGHT #1#

The ELEPHANT sways.

EXT. HILL AT NIGHT - NIGHT #2#

The FOX sways on the right. The ELEPHANT stands on the left.

EXT. MEADOW - DAY #3#

The FOX sways.

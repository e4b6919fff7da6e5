Title: Two Friends
Seed: 103

@character OWL: a blue owl
@character FROG: a red frog

EXT. MEADOW - DAY #1#

The OWL stands on the left. The FROG jumps on the right.

EXT. MEADOW - DAY #2#

The OWL bows on the left. The FROG walks to the right.

Title: The Night
Seed: 109

@character OWL: a red owl
@character TURTLE: a yellow turtle

EXT. HILL AT NIGHT - NIGHT #1#

The OWL rises into the air.

EXT. HILL AT NIGHT - NIGHT #2#

The TURTLE walks to the left.

EXT. HILL AT NIGHT - NIGHT #3#

The OWL stands on the left. The TURTLE bows on the right.

EXT. MEADOW - DAY #4#

The OWL walks to the right.

EXT. MEADOW - DAY #5#

The TURTLE stands.

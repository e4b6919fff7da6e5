Title: Behind
Seed: 107

@character FROG: a blue frog
@character OWL: a yellow owl
@character ELEPHANT: a red elephant

EXT. BEACH - DAY #1#

The OWL stands behind the ELEPHANT.

EXT. BEACH - DAY #2#

The FROG stands in front of the OWL.

EXT. HILL AT NIGHT - NIGHT #3#

The ELEPHANT stands behind the FROG.

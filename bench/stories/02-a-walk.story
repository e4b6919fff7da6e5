Title: A Walk
Seed: 102

@character FOX: a yellow fox

EXT. BEACH - DAY #1#

The FOX walks to the right.

EXT. BEACH - DAY #2#

The FOX jumps.

Title: The Fox Who Could Not Sleep
Author: dreamrunner
Seed: 44

/* Everything below the title page is a plain Fountain screenplay.
   A line that begins with @ makes one thing exact; all of them may be left out. */

@character FOX: a small red fox with a white-tipped tail
@character OWL: an old purple owl who has seen every night there is
@character BEAR: a brown bear, slow and kind

# One night

EXT. FOREST - NIGHT #1#

The BEAR sleeps on the left. A small red FOX stands on the right, wide awake.

FOX
Is anybody else awake?

The OWL comes down from the sky to the left of the FOX.
@expect OWL left-of FOX

OWL
I am. Who needs sleep when there is a world?

# One day

EXT. SNOWY HILL - MORNING #2#

The FOX hops to the right through the snow.

NARRATOR (V.O.)
So the fox went to see it.

EXT. BEACH - NOON #3#

The FOX walks to the right and the BEAR walks to the left. They pass each other.

BEAR
Good morning, small one.

EXT. MEADOW - AFTERNOON #4#

The FOX does a somersault.
@expect motion.FOX >= 0.5

FOX
So that is what my legs are for!

EXT. TOWN STREET - EVENING #5#

The FOX bows to the OWL. The OWL flies up.

FOX
Thank you. I think I am tired now.

# One night more

EXT. FOREST - NIGHT #6#

The FOX and the BEAR sleep side by side.

NARRATOR (V.O.)
And nobody was awake but the owl.

> THE END <

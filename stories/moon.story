Title: The Bear Who Wanted the Moon
Author: dreamrunner
Style: storybook, soft edges
Seed: 12

/* A picture book: one picture and one line of text a page. The cast is shared with tea.story. */

@use "cast/forest.story"

EXT. OLD OAK - NIGHT #1#

The BEAR stands still on the left.

NARRATOR (V.O.)
There was a bear who wanted the moon.

EXT. OLD OAK - NIGHT #2#

The BEAR jumps up and down.

NARRATOR (V.O.)
He jumped as high as a bear can jump.

EXT. SNOWY HILL - MORNING #3#

The BEAR walks to the right.

NARRATOR (V.O.)
He climbed the highest hill there was.

EXT. SNOWY HILL - MORNING #4#

The OWL comes down from the sky to the right of the BEAR.
@expect OWL right-of BEAR

NARRATOR (V.O.)
"It is in the lake," said the owl, who had seen everything.

EXT. BEACH - EVENING #5#

The BEAR bows.

NARRATOR (V.O.)
And there it was, and it was his as long as he stood still.

EXT. OLD OAK - NIGHT #6#

The BEAR sleeps. The OWL stands still on the right.

NARRATOR (V.O.)
So he learnt to stand still.

> THE END <

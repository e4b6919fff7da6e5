Title: Twelve Months
Author: dreamrunner
Seed: 365

/* A long story: a year in twenty-five scenes. @defaults say once what holds for all of them. */

@character BEAR: a brown bear
@character RABBIT: a white rabbit
@character OWL: a brown owl
@character FROG: a green frog
@character CAT: a black cat
@character PIG: a pink pig
@character FOX: a grey fox

@defaults {
  tries 2
  expect place >= 0.3
}

# Winter

EXT. SNOWY HILL - MORNING #1#

The BEAR sleeps.

NARRATOR (V.O.)
January is the month in which bears are not at home.

EXT. SNOWY HILL - NOON #2#

The RABBIT hops to the right past the sleeping BEAR.

NARRATOR (V.O.)
The rabbit knocked, and knocked, and went on.

EXT. FOREST - NIGHT #3#

The OWL stands still on the left. The RABBIT hops toward the OWL.

NARRATOR (V.O.)
In February the owl is asked for the way to spring.

EXT. FOREST - NIGHT #4#

The OWL flies up.

NARRATOR (V.O.)
"That way," said the owl, and flew it.

# Spring

EXT. MEADOW - MORNING #5#

The BEAR walks to the right.

NARRATOR (V.O.)
In March there was a bear again.

EXT. MEADOW - NOON #6#

The BEAR bows to the RABBIT.

NARRATOR (V.O.)
He was sorry to have missed the snow.

EXT. MEADOW - AFTERNOON #7#

The FROG jumps up and down.

NARRATOR (V.O.)
In April the frog came, who is never sorry.

EXT. MEADOW - EVENING #8#

The FROG jumps between the BEAR and the RABBIT.

NARRATOR (V.O.)
He jumped over everything that stood still.

EXT. TOWN STREET - MORNING #9#

The CAT walks to the left.

NARRATOR (V.O.)
In May they went to see the town.

EXT. TOWN STREET - NOON #10#

The CAT bows. The BEAR bows.

NARRATOR (V.O.)
There lived a cat who had manners.

EXT. TOWN STREET - EVENING #11#

The CAT and the RABBIT walk to the right.

NARRATOR (V.O.)
She came along, for the walk only.

# Summer

EXT. BEACH - MORNING #12#

The PIG stands still on the right. The CAT walks toward the PIG.

NARRATOR (V.O.)
In June there was a pig at the seaside.

EXT. BEACH - NOON #13#

The PIG jumps. The FROG jumps.

NARRATOR (V.O.)
It was the best of all pigs.

EXT. BEACH - EVENING #14#

The BEAR sleeps. The PIG sleeps.

NARRATOR (V.O.)
They slept in the sand, and woke in July.

EXT. DESERT - MORNING #15#

The FOX walks to the right.

NARRATOR (V.O.)
In July the fox showed them how warm it can be.

EXT. DESERT - NOON #16#

The FOX stands still. The FROG hops to the left.

NARRATOR (V.O.)
The frog went home at once.

EXT. DESERT - EVENING #17#

The FOX and the BEAR walk to the left.

NARRATOR (V.O.)
The others followed in August.

# Autumn

EXT. MEADOW - MORNING #18#

The RABBIT hops to the left. The FOX walks to the left.

NARRATOR (V.O.)
September smelled of apples.

EXT. MEADOW - EVENING #19#

The OWL comes down from the sky to the right of the FOX.

NARRATOR (V.O.)
"Has anybody seen the summer?" asked the owl.

EXT. FOREST - NIGHT #20#

The FOX stands on the left. The OWL stands on the right.

NARRATOR (V.O.)
In October the nights are long enough to talk.

EXT. FOREST - NIGHT #21#

The OWL bows to the FOX.

NARRATOR (V.O.)
They talked until November.

EXT. TOWN STREET - EVENING #22#

The CAT sleeps.

NARRATOR (V.O.)
In November the cat found her chair again.

# Winter again

EXT. SNOWY HILL - MORNING #23#

The RABBIT jumps. The FOX jumps.

NARRATOR (V.O.)
In December it snowed on the very first day.

EXT. SNOWY HILL - EVENING #24#

The BEAR walks to the right. The RABBIT stands still on the right.

NARRATOR (V.O.)
"Stay awake," said the rabbit. "Only this once."

EXT. FOREST - NIGHT #25#

The BEAR, the RABBIT and the OWL stand still.

NARRATOR (V.O.)
And he did, until the year was over.

> THE END <

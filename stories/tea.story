Title: Tea for Two and a Half
Author: dreamrunner
Seed: 3

/* A dialogue: each scene is cut into shots, as one would cover it on a set. */

@use "cast/forest.story"
@defaults {
  tries 2
  expect place >= 0.3
}

EXT. MEADOW - AFTERNOON #1#

@shot WIDE 3s
@shot CLOSE 3s on=RABBIT

The RABBIT hops to the right toward the FOX. The FOX stands still on the right.

RABBIT
I am early.

@shot CLOSE 3s on=FOX

The FOX bows.

FOX
You are always early. We said tomorrow.

EXT. MEADOW - LATER #2#

@shot FULL 3s {
  expect RABBIT left-of FOX
}

The RABBIT and the FOX stand still.

RABBIT
(after a while)
Then I am very early.

@shot MEDIUM 3s on=(FOX, RABBIT)

The FOX jumps. The RABBIT jumps.

FOX
The kettle does not know what day it is.

RABBIT ^
Is there cake?

EXT. OLD OAK - NIGHT #3#

The OWL sleeps on the left. The FOX and the RABBIT stand on the right.

OWL
(without opening an eye)
Half a cup for me.

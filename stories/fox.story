Title: The Fox Who Came to Town
Author: dreamrunner
Seed: 41

@character FOX: a little red fox
@character OWL: a purple owl who has seen it all
@character BEAR: a big brown bear

EXT. MEADOW - MORNING #1#
@duration 3s

A red FOX walks across the meadow.

NARRATOR (V.O.)
Somebody in town could fly.

EXT. FOREST - NIGHT #2#
@duration 3s

The OWL stands on the left. The FOX walks in from the right and stops.

OWL
Flying is easy. Landing is the trick.

EXT. FOREST - NIGHT #3#
@duration 3s

The OWL flies up. The FOX watches from the ground.

EXT. BEACH - DAY #4#
@duration 3s

The FOX walks to the right past the BEAR, who walks to the left.

// They pass before one another, so their regions cross.
@layout FOX {
  0s: box (0.06, 0.45, 0.34, 0.92)
  end: box (0.60, 0.45, 0.88, 0.92)
}
@layout BEAR {
  0s: box (0.64, 0.34, 0.94, 0.88)
  end: box (0.08, 0.34, 0.38, 0.88)
}

EXT. TOWN - DAY #5#
@duration 3s

The FOX does a somersault. The BEAR bows.

@expect motion.FOX >= 0.5
@expect FOX left-of BEAR

EXT. SNOW - EVENING #6#
@duration 3s

The FOX sleeps in the snow.

NARRATOR (V.O.)
Some tricks are best on the ground.

> THE END <

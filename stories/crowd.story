Title: Three on a Beach
Author: dreamrunner
Seed: 7

@character RABBIT: a white rabbit
@character FROG: a green frog
@character PENGUIN: a navy penguin

EXT. BEACH - DAY #1#
@duration 3s

The RABBIT hops to the right. The FROG jumps. The PENGUIN bows.

@expect layout >= 0.5

EXT. MEADOW - DAY #2#
@duration 3s

// A frog as small as this is hard to see; the machine may make it larger.
@layout FROG {
  0s: box (0.42, 0.74, 0.52, 0.88)
  end: box (0.42, 0.74, 0.52, 0.88)
}
@replan layout

The FROG jumps in the grass.

@expect motion.FROG >= 0.5

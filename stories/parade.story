Title: The Smallest Parade
Author: dreamrunner
Style: storybook, bright paper colours
Resolution: 576x384
FPS: 8
Strict: yes

/* Everything is exact here: where, when, who is in front, and what must hold of the picture. */

@character CAT: an orange cat
@character FROG: a green frog
@character PIG: a pink pig

@location MARKET: a town street with plain houses
@negative "text, watermark"
@defaults { duration 3s; seed 21; tries 3 }

EXT. MARKET - MORNING #1#
@style add "long morning shadows"
@camera {
  0s..1s: static
  1s..end: pan-right slow amount=0.2
}
@layout CAT ease-in-out {
  0s:   box ( 5%, 40%, 25%, 90%)
  50%:  box (35%, 40%, 55%, 90%)
  end:  box (70%, 40%, 90%, 90%)
}
@motion CAT { 0s..end: walk }

The CAT walks to the right.
@expect layout.CAT >= 0.4, motion.CAT >= 0.4
@replan seed, keep=(layout, camera)

EXT. MARKET - NOON #2#
@depth CAT front
@depth PIG behind FROG
@layout CAT  at left
@layout FROG { 0f: (0.40, 0.50, 0.58, 0.90) ease-out; 12f: (0.44, 0.20, 0.62, 0.60) ease-in; end: (0.48, 0.50, 0.66, 0.90) }
@layout PIG  at right background
@motion FROG { 0s..end: jump }

The CAT stands still. The FROG jumps between the CAT and the PIG. The PIG stands still.
@expect FROG right-of CAT, FROG left-of PIG, PIG present

EXT. MARKET - EVENING #3#
@motion CAT bow
@motion FROG bow
@motion PIG bow

The CAT, the FROG and the PIG bow.
@expect text >= 0.3

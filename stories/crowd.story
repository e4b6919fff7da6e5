Title: Room for One More
Seed: 7

/* Two shots that are hard to get right at once: in the first the box of the PENGUIN is far too
   small, and @replan lets the machine make it larger; in the second, three friends share a frame. */

@character PENGUIN: a navy penguin
@character RABBIT: a white rabbit
@character PIG: a pink pig

EXT. SNOWY HILL - DAY #1#
@layout PENGUIN {
  0s: box (0.62, 0.74, 0.70, 0.88)
  end: box (0.68, 0.74, 0.76, 0.88)
}
@replan layout, seed
@tries 4

The PENGUIN walks to the right. The RABBIT jumps up and down.
@expect layout.PENGUIN >= 0.5, RABBIT left-of PENGUIN

EXT. BEACH - DAY #2#
@tries 4

The PENGUIN bows between the RABBIT and the PIG. The RABBIT jumps up and down. The PIG stands still.
@expect PENGUIN right-of RABBIT, PENGUIN left-of PIG

PIG
There is always room for one more.

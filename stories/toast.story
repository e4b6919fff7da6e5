Title: Toast
Author: the dreamrunner authors

@character ANNA: a woman with red hair, glasses and a green dress
@character BOLT: a blue robot

INT. KITCHEN - MORNING

BOLT walks to the right. ANNA waves.

ANNA
Good morning, Bolt. Is there toast?

BOLT
There was toast.

BOLT points to the right.

BOLT
A bird has it.

EXT. GARDEN - DAY

A bird hops to the left. BOLT runs to the left.

The bird flies to the left.

BOLT
It is faster than I am.

INT. KITCHEN - NIGHT

ANNA sits. BOLT dances.

Title: Salt
Author: the dreamrunner authors

@character MIRA: a young woman with red hair, a yellow dress
@character OTTO: a stout cook with a white beard, a red apron and a blue cap
@character NINA: a girl of seven with black hair in a blue shirt

INT. KITCHEN - DAY

OTTO stands at the stove. MIRA walks in.

MIRA
You put salt in it again.

OTTO
I put love in it. Love is salty.

MIRA points at the pot.

MIRA
Nobody can eat this.

OTTO
Then nobody will. I am leaving.

OTTO walks to the right.

INT. HALLWAY - DAY

NINA stands. OTTO walks up to NINA.

NINA
I ate it all, Grandpa. May I have more?

OTTO laughs.

INT. KITCHEN - NIGHT

MIRA, OTTO and NINA sit.

MIRA
It still needs no salt.

OTTO
It needs company.

Title: By the Sea
Author: the dreamrunner authors

@character EDDA: a young woman with long red hair, a knight in grey armour and a grey helmet
@character GORM: a green dragon
@character HAZEL: a white horse

EXT. COUNTRY ROAD - DAY

HAZEL runs to the right.

EXT. BEACH - DAY

GORM sleeps. EDDA walks to the right.

EDDA
Good morning.

GORM looks around.

GORM
Have you come to fight?

EDDA
I have come to swim.

GORM laughs. EDDA laughs.

GORM flies to the right. EDDA waves.

EXT. HARBOUR - NIGHT

The GHOST floats to the left. A snake crawls to the right.

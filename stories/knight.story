Title: The Dragon Has Moved
Author: the dreamrunner authors

@character EDDA: a young woman with long red hair, a knight in grey armour and a grey helmet
@character QUEEN MAUD: an old queen with white hair, a purple robe and a yellow crown
@character PIP: a boy of eight with blond hair in a green shirt
@character GORM: a green dragon

INT. CASTLE HALL - DAY

QUEEN MAUD stands. EDDA walks in and bows.

QUEEN MAUD
There is a dragon on the mountain road.

EDDA
What has it done?

QUEEN MAUD
Nothing yet. That is what worries me.

EXT. COUNTRY ROAD - DAY

EDDA walks to the right. PIP follows her.

PIP
Are you going to fight it?

EDDA
I am going to ask it first.

EXT. MOUNTAIN - DAY

It is snowing. EDDA and PIP look around.

PIP
Nobody is home.

PIP picks up a letter.

PIP
Dear knight. It was too loud here. I have moved to the sea.

EDDA laughs.

EXT. HARBOUR - DAY

GORM sits. EDDA walks up to GORM.

GORM
You found me. Please do not shout.

EDDA bows.

PIP waves to GORM.

GORM flies to the right.

INT. CASTLE HALL - NIGHT

QUEEN MAUD sits. EDDA walks up to QUEEN MAUD.

EDDA
It is gone, my queen. It wants its peace.

QUEEN MAUD
So do I. Close the door, please.

Title: The Red Umbrella
Author: the dreamrunner authors

@character MARLOWE: a detective in his fifties, brown trench coat, brown hat, grey hair
@character VERA: a woman with long black hair in a red dress
@character FINN: a boy of nine with red hair in a green sweater

INT. DETECTIVE'S OFFICE - NIGHT

MARLOWE sits at his desk. VERA enters.

VERA
Somebody took my umbrella, Mr. Marlowe. A red one.

MARLOWE
It has rained for a week. Half the city carries an umbrella.

VERA
Mine was a present. It had my mother's name in it.

MARLOWE rises. He nods.

MARLOWE
Then we look for a name, not for an umbrella.

EXT. CITY STREET - NIGHT

MARLOWE walks to the right. VERA follows him.

EXT. HARBOUR - DAY

FINN stands alone. MARLOWE and VERA walk up to him.

MARLOWE
Where did you find it?

FINN
It came to me. The wind brought it, and I held on.

FINN holds out a hand. VERA laughs.

INT. BAR - NIGHT

MARLOWE sits. VERA waves to MARLOWE.

VERA
Case closed?

MARLOWE
Open, I hope. It still rains.

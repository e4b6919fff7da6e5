Title: Late
Author: the dreamrunner authors

@character MS. ODUYA: a teacher, a woman with dark skin and short black hair, glasses, a yellow dress
@character TOM: a boy of nine with red hair in a blue coat
@character LENA: a girl of nine with long brown hair in a pink dress

EXT. CITY STREET - DAY

Rain is falling. TOM runs to the right.

INT. CLASSROOM - DAY

It rains. LENA sits. MS. ODUYA stands.

MS. ODUYA
Where is Tom?

LENA
He is always on his way.

TOM enters.

TOM
I am sorry. There was a duck on the road.

MS. ODUYA
A duck.

TOM
It had nobody to cross with.

LENA laughs. MS. ODUYA nods.

INT. HALLWAY - DAY

TOM stands. LENA walks up to TOM.

LENA
Was there really a duck?

TOM points to the left.

EXT. PARK - DAY

A white DUCK walks to the left. TOM and LENA wave.

LENA
Good morning, duck!

Title: Лисиця і перший сніг
Author: dreamrunner
Language: uk
Seed: 8

/* The screenplay is Ukrainian. The director by rules reads English prose only, so looks, places
   and motions are said by directives, whose words are the language's own; names may be of any
   script. */

@character ЛИСИЦЯ: a red fox
@character ВЕДМІДЬ: a brown bear

@location ЛІС: a moonlit forest
@location ПАГОРБ: a snowy hill
@location ЛУКА: a sunny meadow

EXT. ЛІС - НІЧ #1#
@layout ВЕДМІДЬ at left
@motion ВЕДМІДЬ sleep
@layout ЛИСИЦЯ { 0s: at far-right; end: at right-third }
@motion ЛИСИЦЯ walk

Ведмідь спить. Лисиця тихо підходить ближче.

ЛИСИЦЯ
(пошепки)
Ти вже спиш?

ВЕДМІДЬ
Уже ні.

EXT. ПАГОРБ - РАНОК #2#
@motion ЛИСИЦЯ hop
@motion ВЕДМІДЬ stand
@expect ЛИСИЦЯ left-of ВЕДМІДЬ

ЛИСИЦЯ стрибає в снігу. ВЕДМІДЬ дивиться.

ЛИСИЦЯ
Дивись! Усе біле!

EXT. ЛУКА - ВЕСНА #3#
@motion ЛИСИЦЯ jump
@motion ВЕДМІДЬ bow

ЛИСИЦЯ і ВЕДМІДЬ радіють.

ВЕДМІДЬ
А я думав, що мені наснилося.

> КІНЕЦЬ <

o the ft.leNTitle:
	Noten by
Author: dreamrunner
Draft date: 20ARRATOR (V.O.)`The frogwh26

FADE IN:
y
EXT */
Title:
	Nobody Lives in the Wn. SN0s..end:OWY HIL\ - Dow
Credit: writ(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((ten-AY 
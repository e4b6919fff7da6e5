"""Nouns of what shows or plays somebody who is not there: pictures, screens, records, papers."""

from __future__ import annotations

DEPICTIONS = frozenset(
    "picture pictures slide slides photo photos photograph photographs painting paintings "
    "portrait portraits "
    "poster posters drawing drawings sketch sketches statue statues bust busts sculpture "
    "sculptures tattoo snapshot snapshots cartoon cartoons polaroid polaroids mugshot mugshots "
    "headshot headshots mural murals figurine figurines mannequin mannequins cutout cutouts "
    "billboard billboards caricature caricatures engraving fresco frescoes print prints doodle "
    "carving carvings illustration illustrations likeness effigy centerfold pin-up pinup x-ray "
    "x-rays".split()
)
# Where somebody may do something who is not there.
MEDIA = DEPICTIONS | frozenset(
    "tv tvs television televisions screen screens monitor monitors radio radios stereo jukebox "
    "turntable record records album song songs movie film video tape cd newsreel broadcast "
    "commercial ad ads advertisement magazine newspaper headline book novel show channel "
    "clip footage hi-fi hifi walkman boombox phonograph victrola gramophone cassette headphones "
    "earphones projector jumbotron soundtrack speakers voice voiceover music".split()
)

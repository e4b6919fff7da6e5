EXT. FOREST - DAY
@seed x

Fog.

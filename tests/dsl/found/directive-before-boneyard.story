EXT. FOREST
@audio   "wind.ogg" /* why */

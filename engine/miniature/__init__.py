"""A small world -> a CogVideoX checkpoint in diffusers' own layout, trained by this project.

A scale model, no engine for writers: stock classes, attention alone, nothing that stock diffusers
does not have. docs/miniature.md says what it shows.
"""

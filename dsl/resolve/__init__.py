"""Syntax tree -> Story: scopes, cast, scenes, and what contradicts what."""

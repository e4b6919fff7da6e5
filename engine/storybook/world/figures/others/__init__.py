"""Kinds beside animals and people, drawn: beasts, beings and things."""

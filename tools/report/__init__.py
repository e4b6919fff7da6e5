"""A run -> one self-contained page."""

"""The door: commands in, text and exit codes out. What prints, catches and exits is in here."""

from .door import app, main

__all__ = ["app", "main"]

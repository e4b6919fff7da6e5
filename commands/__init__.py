"""The commands behind the door: what each takes from the command line and shows of what came."""

from .voice import FAILED

__all__ = ["FAILED"]

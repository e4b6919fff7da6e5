"""Screenplays in, films out: the package behind `dreamrunner render stories/fox.story`."""

from __future__ import annotations

__version__ = "0.1.0"

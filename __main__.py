"""`python -m dreamrunner`: the same door as the `dreamrunner` command."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main()

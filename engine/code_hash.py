"""Python sources -> one hash: the version of what is drawn or decided by code alone.

Where no weights decide a result, its code does. A hash of the sources makes every result stale
that another version made, and nobody has to remember to raise a number.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def sources_hash(*paths: Path) -> str:
    """Return the hash of modules, and of all modules in folders, by name and content."""
    files = [file for path in paths for file in (sorted(path.glob("*.py")) or [path])]
    digest = sha256()
    for file in files:
        text = file.read_bytes()
        digest.update(f"{file.name} {len(text)}\n".encode() + text)
    return digest.hexdigest()

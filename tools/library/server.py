"""Where a Qdrant server or cluster listens, said without loading its client."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Server:
    """A Qdrant server or cluster by URL, such as http://localhost:6333."""

    url: str
    api_key: str | None = field(default=None, repr=False)

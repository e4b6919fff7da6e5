"""Text -> clips: the motion library, drawn or taken in, searched by words, meaning and frames."""

from ... import errors as errors  # A bare import fails here, instead of copying classes.
from .drawing import Drawing
from .drawn_words import PHRASINGS, miniature_phrasing, storybook_phrasing
from .embedding import Embedder, MiniLM
from .intake.admission import Admission
from .intake.ingest import Addition, Request, count_due
from .library import (
    Hit,
    Library,
    Part,
    Tools,
    drawn_part,
    joined,
    load_library,
    open_library,
    own_part,
)
from .phrases import Phrasing, open_phrasing
from .records import Credit, Holdings, LibraryClip, Manifest, Progress, Refusal, Server
from .retrieval import ClipScorer, Selection, Sight
from .scorer import CriticScorer
from .writing import add_clips, remove_clips

__all__ = [
    "PHRASINGS",
    "Addition",
    "Admission",
    "ClipScorer",
    "Credit",
    "CriticScorer",
    "Drawing",
    "Embedder",
    "Hit",
    "Holdings",
    "Library",
    "LibraryClip",
    "Manifest",
    "MiniLM",
    "Part",
    "Phrasing",
    "Progress",
    "Refusal",
    "Request",
    "Selection",
    "Server",
    "Sight",
    "Tools",
    "add_clips",
    "count_due",
    "drawn_part",
    "joined",
    "load_library",
    "miniature_phrasing",
    "open_library",
    "open_phrasing",
    "own_part",
    "remove_clips",
    "storybook_phrasing",
]

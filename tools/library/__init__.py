"""Text -> clips: the motion library, drawn or taken in, searched by words, meaning and frames."""

from ... import errors as errors  # A bare import fails here, instead of copying classes.
from .drawing import Drawing
from .embedding import Embedder, MiniLM
from .ingest import Admission
from .library import Hit, Library, Tools, load_library, open_library, take_in
from .phrases import Phrasing, storybook_phrasing
from .records import Holdings, LibraryClip, Manifest, Progress, Refusal, Server
from .retrieval import ClipScorer, Selection
from .scorer import CriticScorer

__all__ = [
    "Admission",
    "ClipScorer",
    "CriticScorer",
    "Drawing",
    "Embedder",
    "Hit",
    "Holdings",
    "Library",
    "LibraryClip",
    "Manifest",
    "MiniLM",
    "Phrasing",
    "Progress",
    "Refusal",
    "Selection",
    "Server",
    "Tools",
    "load_library",
    "open_library",
    "storybook_phrasing",
    "take_in",
]

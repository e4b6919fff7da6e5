"""Characters -> the typefaces that can write them: Noto Sans, then what this system has.

Noto Sans comes with the package `fontpkg-noto-sans` and writes Latin, Greek, Cyrillic and
Devanagari, the same on every machine. For other scripts the usual folders of fonts are searched
for families that are known to write one; what none of them has cannot be written here.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont, features

log = logging.getLogger(__name__)

_PACKAGE = "fontpkg_noto_sans"
_FILE = "NotoSans[wdth,wght].ttf"

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)
# How the names of files of known families begin, without spaces, the most alike first.
_FAMILIES = (
    "notosans notokufi notonaskh sourcehansans dejavusans freesans droidsansfallback wqy ipag "
    "takaogothic vlgothic nanumgothic lohit hiragino ヒラギノ角ゴシックw3 pingfang "
    "applesdgothicneo stheiti geezapro arialhb arialunicode kohinoor thonburi notoemoji symbola "
    "unifont"
).split()
# Cuts of a family that are not its plain one; coloured glyphs are pictures of one size.
_CUTS = "bold italic oblique black light thin medium heavy mono cond color serif display".split()
_ENDINGS = frozenset({".ttf", ".otf", ".ttc"})

# Scripts whose letters change with their neighbours or run from the right: without Raqm, the
# typesetter that Pillow may lack, they would come out as something that nobody can read.
_SHAPED = frozenset(
    (
        "ARABIC HEBREW SYRIAC THAANA NKO DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU "
        "KANNADA MALAYALAM SINHALA TIBETAN MYANMAR KHMER MONGOLIAN"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Typeface:
    """A file of outlines."""

    path: Path

    def at(self, size_px: float) -> ImageFont.FreeTypeFont:
        """Return the typeface in a size."""
        return _sized(self.path, size_px)

    @property
    def characters(self) -> Container[str]:
        """Every character that it has a glyph for; none where the file cannot be read."""
        return _characters(self.path)


@lru_cache(maxsize=1)
def noto_sans() -> Typeface:
    """Return the typeface that writes whatever it can."""
    return Typeface(Path(str(files(_PACKAGE).joinpath("files", _FILE))))


@lru_cache(maxsize=1)
def system_typefaces() -> tuple[Typeface, ...]:
    """Return the plain cuts of known families that this system has, the most alike first."""
    return typefaces_in([Path(folder).expanduser() for folder in _FOLDERS])


def typefaces_in(folders: list[Path]) -> tuple[Typeface, ...]:
    """Return the plain cuts of known families in some folders, the most alike first."""
    found: list[tuple[int, str, Path]] = []
    for folder in folders:
        for path in folder.rglob("*"):
            name = path.stem.casefold().replace(" ", "").replace("-", "").replace("_", "")
            rank = next((n for n, family in enumerate(_FAMILIES) if name.startswith(family)), None)
            plain = not any(cut in name for cut in _CUTS)
            if rank is not None and plain and path.suffix.casefold() in _ENDINGS:
                found.append((rank, name, path))
    return tuple(Typeface(path) for _, _, path in sorted(found))


@lru_cache(maxsize=8192)
def typeface_of(character: str) -> Typeface | None:
    """Return the typeface that writes a character; None where nothing here can."""
    if script_of(character).upper() in _SHAPED and not features.check("raqm"):
        return None
    known = (noto_sans(), *system_typefaces())
    return next((face for face in known if character in face.characters), None)


def script_of(character: str) -> str:
    """Return the script of a letter, such as Hiragana; "" for signs that are in no script."""
    if unicodedata.category(character)[0] not in "LM":
        return ""
    first = unicodedata.name(character, "").split(" ")[0]
    return first if first == "CJK" else first.capitalize()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a hash of the typefaces that there are here: with others, words look otherwise."""
    faces = (noto_sans(), *system_typefaces())
    about = [f"{face.path.name} {face.path.stat().st_size}" for face in faces]
    about.append(f"raqm {features.check('raqm')}")
    return hashlib.sha256("\n".join(about).encode("utf-8", "replace")).hexdigest()


@lru_cache(maxsize=64)
def _sized(path: Path, size_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size_px)


@lru_cache(maxsize=512)
def _characters(path: Path) -> frozenset[str]:
    # Here, since `check` loads the world's figures and never writes: this import costs 0.06 s.
    from fontTools.ttLib import TTFont, TTLibError

    try:
        ImageFont.truetype(path, 16)
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return frozenset(map(chr, font.getBestCmap() or {}))
    except (OSError, ValueError, KeyError, AssertionError, struct.error, TTLibError) as problem:
        log.warning("%s is left out, it cannot be read as a font: %s", path.name, problem)
        return frozenset()

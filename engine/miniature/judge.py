"""Frames -> who is where, in which colour, doing what: the miniature's judge.

Plain convolutions, unlike anything that it judges, of a seed of its own, trained on drawn clips
that were damaged in many ways. It names the animal in each cell of a frame, and reads motions
twice: from crops that follow a figure's planned boxes, in which its path shows by what is behind it
alone, and from crops that stand still, in which it goes where it goes, whatever was planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from .storing import load_small
from .world import CHARACTERS, COLOURS, FRAMES, HEIGHT, MOTIONS, PLACES, WIDTH

WEIGHTS = Path(__file__).parent / "weights" / "judge.safetensors"
CELL = 8  # pixels of a cell's side
CROP = 44  # pixels of a crop that follows a figure
WIDE_CROP = 64  # pixels of a crop that stands still about all that a figure does
NOBODY = len(CHARACTERS)
_SURE = 0.5
LOOKED_AT = slice(2, FRAMES, 5)  # the frames in which figures are looked for


def _block(channels: int, out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.SiLU()
    )


class FigureFinder(nn.Module):
    """Names who is in each cell, in which colour, and the place."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(4), _block(48, 48), _block(48, 64), _block(64, 96, 2),
            _block(96, 96), _block(96, 96),
        )  # fmt: skip
        self.who = nn.Conv2d(96, len(CHARACTERS) + 1, 1)
        self.colour = nn.Conv2d(96, len(COLOURS), 1)
        self.place = nn.Linear(96, len(PLACES))

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Frames [B, 3, h, w] in 0..1 -> logits: who, colours [B, K, h/8, w/8], place [B, K]."""
        seen = self.body(frames - 0.5)
        return self.who(seen), self.colour(seen), self.place(seen.mean((2, 3)))


class MotionReader(nn.Module):
    """Names a motion from crops of `side` pixels about a figure."""

    def __init__(self, side: int = CROP) -> None:
        super().__init__()
        self._edge = -(side // 2) % 4 // 2
        quarter = (side // 2 + 2 * self._edge) // 4
        self.looked = nn.Sequential(_block(6, 16, 2), _block(16, 32, 2), _block(32, 32))
        self.narrowed = nn.Linear(32 * quarter**2, 64)
        self.in_time = nn.Sequential(
            nn.Conv1d(64, 64, 5, padding=2), nn.SiLU(), nn.Conv1d(64, 64, 5, padding=2), nn.SiLU()
        )
        self.answer = nn.Linear(128, len(MOTIONS))

    def forward(self, crops: Tensor) -> Tensor:
        """Crops [B, T, 3, s, s] in 0..1 -> logits [B, K]."""
        small = F.avg_pool2d(crops.flatten(0, 1), 2).unflatten(0, crops.shape[:2])
        small = F.pad(small, (self._edge,) * 4)
        change = torch.diff(small, dim=1, prepend=small[:, :1])
        looked = self.looked(torch.cat([small - 0.5, change], dim=2).flatten(0, 1))
        steps = self.narrowed(looked.flatten(1)).unflatten(0, crops.shape[:2])
        seen = self.in_time(steps.transpose(1, 2))
        return self.answer(torch.cat([seen.mean(2), seen.amax(2)], dim=1))


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """Who was found in a part of the frame; `character` is None for nobody."""

    character: str | None
    colour: str
    x: float  # of its middle, in parts of the frame, mean over the frames looked at
    y: float


class MiniatureJudge:
    """The networks, and what is asked of them. Frames are [T, h, w, 3] uint8."""

    def __init__(
        self, finder: FigureFinder, reader: MotionReader, watcher: MotionReader | None = None
    ) -> None:
        self._finder, self._reader = finder.eval(), reader.eval()
        self._watcher = (watcher or MotionReader(WIDE_CROP)).eval()

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> MiniatureJudge:
        """Return the judge with its committed weights.

        Raises:
            WeightsError: there are none.
        """
        judge = cls(FigureFinder(), MotionReader())
        stored = load_small(path)
        for name, net in judge.networks.items():
            own = {k.removeprefix(f"{name}."): v for k, v in stored.items() if k.startswith(name)}
            net.load_state_dict(own, strict=False)
        return judge

    @property
    def networks(self) -> dict[str, nn.Module]:
        """The networks by the names under which they are stored."""
        return {"finder": self._finder, "reader": self._reader, "watcher": self._watcher}

    @torch.no_grad()
    def found(
        self, frames: NDArray[np.uint8], parts: Sequence[NDArray[np.float32]]
    ) -> list[FoundFigure]:
        """Say who is in each part of the frame: the surest figure, its class a mean over frames.

        Args:
            parts: for each a track of boxes [T, 4], in parts of the frame.
        """
        looked = _unit(frames[LOOKED_AT])
        who, colours, _ = self._finder(looked)
        who, colours = who.softmax(1), colours.softmax(1)
        return [self._sighted(who, colours, boxes[LOOKED_AT]) for boxes in parts]

    @torch.no_grad()
    def track(self, frames: NDArray[np.uint8], character: str) -> list[tuple[float, float] | None]:
        """Say where an animal is: the middle of its surest cell in parts of the frame.

        One for each of the frames that are looked at, None where nothing looks like it.
        """
        likely = self._finder(_unit(frames[LOOKED_AT]))[0].softmax(1)[
            :, CHARACTERS.index(character)
        ]
        rows, columns = likely.shape[1:]
        found: list[tuple[float, float] | None] = []
        for cells in likely:
            row, column = divmod(int(cells.argmax()), columns)
            sure = bool(cells.max() > _SURE)
            found.append(((column + 0.5) / columns, (row + 0.5) / rows) if sure else None)
        return found

    @torch.no_grad()
    def place(self, frames: NDArray[np.uint8]) -> str:
        """Name the place."""
        return PLACES[int(self._finder(_unit(frames[LOOKED_AT]))[2].mean(0).argmax())]

    @torch.no_grad()
    def motion(self, frames: NDArray[np.uint8], boxes: NDArray[np.float32]) -> str:
        """Name the motion of the figure in a track of boxes [T, 4], from crops that follow them."""
        return MOTIONS[int(self._reader(_unit(followed(frames, boxes))[None]).argmax())]

    @torch.no_grad()
    def motion_in_place(self, frames: NDArray[np.uint8], boxes: NDArray[np.float32]) -> str:
        """Name the motion of the figure about a track of boxes, of a whole clip or of its half."""
        return MOTIONS[int(self._watcher(_unit(watched(frames, boxes))[None]).argmax())]

    @staticmethod
    def _sighted(who: Tensor, colours: Tensor, boxes: NDArray[np.float32]) -> FoundFigure:
        rows, columns = who.shape[2:]
        classes, hues, places = [], [], []
        for frame, (left, top, right, bottom) in enumerate(boxes):
            # Cells whose middles lie in the box; a box of nothing has the whole frame's surest.
            y, x = np.mgrid[:rows, :columns] + 0.5
            inside = (x / columns >= left) & (x / columns <= right)
            inside &= (y / rows >= top) & (y / rows <= bottom)
            sure = (1 - who[frame, NOBODY]).numpy() * inside
            row, column = np.unravel_index(int(sure.argmax()), sure.shape)
            classes.append(who[frame, :, row, column])
            hues.append(colours[frame, :, row, column])
            places.append(((column + 0.5) / columns, (row + 0.5) / rows))
        mean = torch.stack(classes).mean(0)
        best = int(mean[:NOBODY].argmax())
        x, y = (float(np.mean(axis)) for axis in zip(*places, strict=True))
        colour = COLOURS[int(torch.stack(hues).mean(0).argmax())]
        return FoundFigure(CHARACTERS[best] if mean[best] > _SURE else None, colour, x, y)


def followed(frames: NDArray[np.uint8], boxes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return crops [T, s, s, 3] about the middles of boxes [T, 4]; past the edge it repeats."""
    return _crops(frames, (boxes[:, :2] + boxes[:, 2:]) / 2, CROP)


def watched(frames: NDArray[np.uint8], boxes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return crops [T, s, s, 3] that stand still about the middle of all boxes [T, 4] together."""
    middle = (boxes[:, :2].min(0) + boxes[:, 2:].max(0)) / 2
    return _crops(frames, np.broadcast_to(middle, (len(frames), 2)), WIDE_CROP)


def _crops(
    frames: NDArray[np.uint8], middles: NDArray[np.floating[Any]], side: int
) -> NDArray[np.uint8]:
    padded = np.pad(frames, ((0, 0), (side, side), (side, side), (0, 0)), mode="edge")
    found = np.empty((len(frames), side, side, 3), np.uint8)
    for index, (x, y) in enumerate(middles):
        left, top = round(x * WIDTH) + side // 2, round(y * HEIGHT) + side // 2
        found[index] = padded[index, top : top + side, left : left + side]
    return found


def _unit(frames: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(frames)).movedim(-1, -3).float() / 255

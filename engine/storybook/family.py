"""Shot plan + adapters -> frames, by the embedded models under SR3AI. No GPU, no hub, no key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ...errors import EngineError
from ...film import Adapter, Clip
from ...plan import Capabilities, Entity, ShotPlan
from ..diffusion.sampler import Guided, NonFiniteError, Schedule, sample
from ..protocol import OnStep
from ..sr3ai.guidance import guidance_map
from ..sr3ai.layout import TokenGrid, TokenLayout, depths, shot_layout
from ..sr3ai.region_lora import place_adapters, region_lora, uses
from ..sr3ai.transformer import sorted_rope, sr3ai, within
from ..video import read_video
from . import adapters as adapting
from . import models, still_places, underpainting
from .box_channels import place_channels
from .capabilities import storybook_capabilities
from .falling import clear_words, fallen, graded, weather_of
from .figure_painting import FigurePainter
from .others_painting import new_others_painter
from .paper_figures import paper_of, paper_pictures
from .pictures_by_parts import PartPainters, laid_over, turned
from .place_painting import PlacePainter, is_painted, place_picture, sky_seen
from .text_encoder import TextEncoder
from .turning import turned_layers
from .weights import fingerprint


class StorybookFamily:
    """The embedded model, warm. Equal shots give equal frames on the same machine."""

    def __init__(
        self, weights: Path = models.WEIGHTS, *, underpainted: bool = True,
        schedule: Schedule | None = None, still_places: bool = True,
    ) -> None:  # fmt: skip
        """Load the weights; without underpainting, regions work by attention and place alone.

        Args:
            schedule: what denoises, `models.solver` if None.
            still_places: keep a place alike in all frames of a shot in which nothing moves it.
        """
        self._weights = weights
        self._underpainted = underpainted
        self._still_places = still_places
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._vae = models.load_vae(weights).to(self._device)
        self._transformer = models.load_transformer(weights).to(self._device)
        self._painter = models.load_underpainter(weights).to(self._device)
        people = models.load_parts(FigurePainter(), weights / "people.safetensors")
        others = models.load_parts(new_others_painter(), weights / "others.safetensors")
        places = models.load_parts(PlacePainter(), weights / "places.safetensors")
        self._by_parts = PartPainters(
            people.to(self._device) if people else None,
            others.to(self._device) if others else None,
        )
        self._places = places.to(self._device) if places else None
        self._schedule = schedule or models.solver()
        self._encoder = TextEncoder(self._device)

    @property
    def capabilities(self) -> Capabilities:
        return storybook_capabilities()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self._weights)

    def underpainted(self, shot: ShotPlan) -> tuple[str, ...]:
        """Return the ids of the entities that are painted beneath a shot: all of its regions'."""
        if not (self._underpainted and shot.settings.regions):
            return ()
        return tuple(entity.id for entity in shot.entities)

    def drawn(self, shot: ShotPlan) -> tuple[str, ...]:
        """Return what falls in a shot, which is drawn by hand."""
        weather = weather_of(shot)
        return (weather,) if weather != "clear" and self._underpainted else ()

    def render(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: OnStep,
    ) -> NDArray[np.uint8]:
        """Draw a shot.

        Returns:
            [T, h, w, 3] uint8, T the shot's duration at the family's frame rate.

        Raises:
            EngineError: the shot is longer than a clip, has more entities than fit, or came out as
                numbers that are not finite.
            AdapterError: an adapter cannot be applied.
        """
        count = _frame_count(shot)
        if shot.settings.lossy:
            raise EngineError(f"the storybook engine has no {', '.join(shot.settings.lossy)}")
        if shot.settings.place_frame is not None:
            raise EngineError("the storybook engine paints its places and begins in no other shot")
        paper = paper_of(adapters)
        if paper and not shot.settings.regions:
            raise EngineError(f"shot {shot.id}: paper figures stand in regions, which are off")
        adapters = [one for one in adapters if one.name not in paper or one.kind == "motion"]
        parts = self._painted_by_parts(shot, paper)
        rest = only(shot, [e for e in shot.entities if e not in parts]) if parts else shot
        try:
            place = self._place(rest) if not rest.entities else None
            if place is not None:
                on_step(shot.settings.steps, shot.settings.steps)
                frames = place.expand(models.FRAMES, -1, -1, -1)
            else:
                used = _used(rest, adapters) if parts else adapters
                frames = self._decode(self._latents(rest, used, before, on_step))
        except NonFiniteError as error:
            raise EngineError(
                f"shot {shot.id}: {error}; an adapter of it, or the model's weights, are damaged"
            ) from error
        if self.drawn(shot):
            frames = self._with_falling(frames, rest, adapters)
        if parts:
            frames = self._with_parts(frames, shot, parts, adapters, paper)
        whole: NDArray[np.uint8] = models.whole(frames).cpu().numpy()
        return whole[:count]

    def _painted_by_parts(self, shot: ShotPlan, paper: Mapping[str, Adapter]) -> tuple[Entity, ...]:
        """Return who is painted by parts (people, robots, dragons, cars), or is a paper figure."""
        painted = bool(self.underpainted(shot))
        return tuple(
            e for e in shot.entities if e.id in paper or (painted and self._by_parts.paints(e))
        )

    def _latents(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Tensor:
        """Denoise a shot and leave it undecoded: [T, C, H, W] fp32."""
        settings = shot.settings
        grid = models.token_grid()
        layout = shot_layout(shot, grid).to(self._device)
        if self.drawn(shot):
            shot = shot.model_copy(update={"background": clear_words(shot)})
        guided, length = self._texts(shot, layout, grid)
        generator = torch.Generator().manual_seed(shot.seed)
        noise = models.noise(models.latent_shape(grid), generator).to(self._device)
        rope = sorted_rope(models.rope(grid, self._device), layout)
        ruled = within(settings.region_steps, settings.steps)
        boxes, near = self._boxes(shot)
        places = place_channels(boxes, near, *noise.shape[-2:])
        under = self._underpainting(shot, adapters, boxes, near, noise)
        placed = place_adapters(shot, adapters, layout, grid, length)
        if is_painted(shot) and self._places is not None and self._underpainted:
            # All is covered and held to the end, so that there is nothing left to denoise.
            on_step(settings.steps, settings.steps)
            return under[:, : underpainting.LATENTS]
        with (
            models.autocast(self._device),
            sr3ai(self._transformer, layout, settings.region_layers) as control,
            region_lora(self._transformer, adapting.of_transformer(placed)),
        ):
            return sample(
                self._transformer, self._schedule, guided, noise, rope,
                steps=settings.steps, beside=torch.cat([places, under], 1),
                underlay=underpainting.underlay(under), settle=self._settle(shot, under),
                first_frame=self._first_frame(shot, before),
                before_step=lambda step: control.rule(ruled[step]), on_step=on_step,
            )  # fmt: skip

    def _settle(self, shot: ShotPlan, under: Tensor) -> Callable[[Tensor], Tensor] | None:
        """Return what keeps a shot's place still while it is denoised; None where it moves."""
        # Where attention alone draws figures, nothing says where they are.
        known = not shot.entities or self.underpainted(shot)
        if not (self._still_places and known and still_places.stands_still(shot)):
            return None
        busy = still_places.busy(under[:, underpainting.LATENTS :])
        return lambda predicted: still_places.settled(predicted, busy)

    def _texts(self, shot: ShotPlan, layout: TokenLayout, grid: TokenGrid) -> tuple[Guided, int]:
        """Embed a text a region; with regions off the shot's background is the whole caption."""
        if layout.regions == 1 and not (shot.settings.regions and not shot.entities):
            texts, length = [shot.background], models.CAPTION_TOKENS
        else:
            length = models.TEXT_TOKENS
            texts = [*(entity.prompt for entity in shot.entities), shot.background]
        tokens = self._encoder.tokens(texts, length).flatten(0, 1).to(self._device)
        negative = self._encoder.tokens([shot.negative or ""] * len(texts), length).flatten(0, 1)
        patch = models.TRANSFORMER_CONFIG["patch_size_t"], models.TRANSFORMER_CONFIG["patch_size"]
        scale = guidance_map(shot, layout, grid, patch)
        return Guided(tokens, negative.to(self._device), scale), length

    def _boxes(self, shot: ShotPlan) -> tuple[Tensor, Tensor]:
        """Return who is in which box on each frame [E, T, 4], and how near [E]; nobody with
        regions off."""
        entities = shot.entities if shot.settings.regions else ()
        boxes = torch.full((len(entities), models.FRAMES, 4), torch.nan)
        for row, entity in enumerate(entities):
            for frame in range(models.FRAMES):
                box = shot.box_at(entity.id, frame / models.FPS)
                if box is not None:
                    boxes[row, frame] = torch.tensor([box.left, box.top, box.right, box.bottom])
        near = torch.tensor(depths(shot)[: len(entities)], dtype=torch.float32)
        return boxes.to(self._device), near.to(self._device)

    @torch.no_grad()
    def _underpainting(
        self, shot: ShotPlan, adapters: Sequence[Adapter], boxes: Tensor, near: Tensor,
        like: Tensor, *, grounded: bool = True,
    ) -> Tensor:  # fmt: skip
        """Paint each entity under its own adapters, [T, CHANNELS, H, W]; blank if switched off.

        `grounded` lays them over the place, where that is painted.
        """
        frames, _, height, width = like.shape
        ground = self._ground(shot) if grounded else None
        if not self.underpainted(shot):
            blank = like.new_zeros(frames, underpainting.CHANNELS, height, width)
            return blank if ground is None else underpainting.over(blank, ground)
        times = torch.arange(frames, device=self._device) / models.FPS
        layers = like.new_zeros(len(boxes), frames, underpainting.CHANNELS, height, width)
        for row, entity in enumerate(shot.entities):
            for stretch in adapting.stretches(self._painter, shot, entity, adapters, times):
                at = stretch.frames
                tokens = self._encoder.tokens([stretch.text], models.TEXT_TOKENS).to(self._device)
                layer = stretch.painter(
                    tokens.expand(int(at.sum()), -1, -1), times[at], boxes[row, at], height, width
                )
                if stretch.turns is not None:
                    layer = turned_layers(self._vae, layer, boxes[row, at], stretch.turns[at])
                layers[row, at] = layer
        figures = underpainting.flattened(layers, near)
        return figures if ground is None else underpainting.over(figures, ground)

    def _ground(self, shot: ShotPlan) -> Tensor | None:
        """Paint the place beneath a whole clip, latents [1, C, H, W]; None where it is denoised."""
        picture = self._place(shot)
        return None if picture is None else models.to_latents(self._vae, models.whole(picture))

    def _place(self, shot: ShotPlan) -> Tensor | None:
        """Paint the place of a shot, [1, 3, h, w]; None where it is denoised."""
        if self._places is None or not self._underpainted or not is_painted(shot):
            return None
        return place_picture(self._places, shot)

    @torch.no_grad()
    def _with_parts(
        self, frames: Tensor, shot: ShotPlan, parts: Sequence[Entity], adapters: Sequence[Adapter],
        paper: Mapping[str, Adapter],
    ) -> Tensor:  # fmt: skip
        """Lay who is painted by parts, and paper figures, over frames [T, 3, h, w].

        The farthest is laid first, behind whoever is nearer.
        """
        boxes, near = self._boxes(shot)
        times = torch.arange(models.FRAMES, device=self._device) / models.FPS
        rows = {entity.id: row for row, entity in enumerate(shot.entities)}
        order = sorted(parts, key=lambda e: -float(near[rows[e.id]]))
        for entity in order:
            shadow = self._by_parts.shadows(shot, entity, boxes[rows[entity.id]])
            if shadow is not None:
                frames = frames * (1 - shadow)
        hidden = self._others(shot, parts, adapters, boxes, near)
        for entity in order:
            row = rows[entity.id]
            if entity.id in paper:
                pictures = paper_pictures(paper[entity.id], boxes[row])
            else:
                pictures = self._by_parts.pictures(shot, entity, boxes[row], times)
            turns = adapting.turns_of(shot, entity, adapters, times)
            if turns is not None:
                pictures = turned(pictures, boxes[row], turns)
            shown = torch.ones_like(pictures[:, 3:])
            for other, coverage in hidden.items():
                if near[rows[other]] < near[row]:
                    shown = shown * (1 - coverage)
            frames = laid_over(frames, pictures, shown)
        return frames

    def _others(
        self, shot: ShotPlan, parts: Sequence[Entity], adapters: Sequence[Adapter], boxes: Tensor,
        near: Tensor,
    ) -> dict[str, Tensor]:  # fmt: skip
        """Return what each who is not painted by parts covers, [T, 1, h, w], by its id."""
        found = {}
        for row, entity in enumerate(shot.entities):
            if entity in parts:
                continue
            alone = only(shot, [entity])
            like = boxes.new_zeros(models.latent_shape(models.token_grid()))
            layer = self._underpainting(
                alone, _used(alone, adapters), boxes[row : row + 1], near[row : row + 1], like,
                grounded=False,
            )  # fmt: skip
            size = (models.HEIGHT, models.WIDTH)
            found[entity.id] = F.interpolate(layer[:, underpainting.LATENTS :], size)
        return found

    def _first_frame(self, shot: ShotPlan, before: Clip | None) -> Tensor | None:
        if not shot.settings.continue_from_previous:
            return None
        if before is None:
            raise EngineError(f"shot {shot.id} continues a shot that was not given")
        frames = read_video(
            Path(before.path), width_px=models.WIDTH, height_px=models.HEIGHT
        ).frames
        last = torch.from_numpy(frames[-1:]).to(self._device)
        if last.shape[1:3] != (models.HEIGHT, models.WIDTH):
            raise EngineError(f"{before.path} is not a clip of this family: {tuple(last.shape)}")
        with torch.no_grad():
            return models.to_latents(self._vae, last)[0]

    def _with_falling(self, frames: Tensor, shot: ShotPlan, adapters: Sequence[Adapter]) -> Tensor:
        """Lay rain or snow over frames [T, 3, h, w], behind everybody who is in them."""
        boxes, near = self._boxes(shot)
        place = frames.new_ones(1, 1, *frames.shape[-2:])
        for coverage in self._others(shot, (), adapters, boxes, near).values():
            place = place * (1 - coverage)
        if is_painted(shot) and self._places is not None:
            place = place * sky_seen(self._places, shot)
        else:
            frames = torch.lerp(frames, graded(frames, shot), place)
        return laid_over(frames, fallen(shot).to(frames), place)

    @torch.no_grad()
    def _decode(self, latents: Tensor) -> Tensor:
        """Decode latents [T, C, H, W] to frames [T, 3, h, w] fp32 in 0..255."""
        with models.autocast(self._device):
            frames = models.to_frames(self._vae, latents)
        return frames.permute(0, 3, 1, 2).float()


def _frame_count(shot: ShotPlan) -> int:
    count = max(1, round(shot.duration_s * models.FPS))
    if count > models.FRAMES:
        raise EngineError(
            f"shot {shot.id} lasts {shot.duration_s:g} s, a storybook clip at most "
            f"{models.FRAMES / models.FPS:g} s; the director cuts longer shots"
        )
    return count


def only(shot: ShotPlan, entities: Sequence[Entity]) -> ShotPlan:
    """Return a shot with nobody in it but these."""
    kept = {entity.id for entity in entities}
    keyframes = tuple(
        k.model_copy(update={"placements": tuple(p for p in k.placements if p.entity in kept)})
        for k in shot.keyframes
    )
    beats = tuple(beat for beat in shot.beats if beat.entity in kept)
    return shot.model_copy(
        update={"entities": tuple(entities), "keyframes": keyframes, "beats": beats}
    )


def _used(shot: ShotPlan, adapters: Sequence[Adapter]) -> list[Adapter]:
    """Return the adapters that somebody of a shot uses."""
    return [adapter for adapter in adapters if uses(shot, adapter)]

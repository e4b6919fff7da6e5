"""Given actors and bonds, expect boxes: in the frame, apart, and moving as they should."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.agents.director.blocking.blocking import Blocking, block
from dreamrunner.agents.director.blocking.keyframes import between, box_at, joined
from dreamrunner.agents.director.blocking.paths import MANNERS
from dreamrunner.agents.director.blocking.staging import BlockedActor, PinnedKey
from dreamrunner.agents.director.reading.complements import EntityRelation
from dreamrunner.agents.director.reading.lexicon import Path
from dreamrunner.plan import Keyframe
from dreamrunner.story import Box

CLIP_S = 3.125
FRAME = 1.5


def boxes(blocking: Blocking, entity: str) -> list[Box]:
    return [p.box for k in blocking.keyframes if (p := k.placement(entity))]


def blocked(
    *actors: BlockedActor, ties: tuple[EntityRelation, ...] = (), duration_s: float = CLIP_S
) -> Blocking:
    return block(actors, ties, duration_s, frame_aspect=FRAME)


def actor(entity: str, path: Path = "stay", **more: object) -> BlockedActor:
    return BlockedActor(entity, path, 0.9, **more)  # type: ignore[arg-type]  # named by each test


def way(blocking: Blocking, entity: str) -> float:
    track = boxes(blocking, entity)
    return track[-1].center[0] - track[0].center[0]


def latents(keyframes: tuple[Keyframe, ...], entity: str, duration_s: float) -> list[Box]:
    """Return the boxes at the centres of 13 latent frames, as an engine will ask for them."""
    track = [(k.time_s, p.box) for k in keyframes if (p := k.placement(entity))]
    return [box_at(track, (i + 0.5) / 13 * duration_s) for i in range(13)]


def in_frame(box: Box) -> bool:
    return 0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1


def test_one_who_stands_is_in_the_middle_with_feet_on_the_ground() -> None:
    track = boxes(blocked(actor("FOX")), "FOX")
    assert track[0] == track[-1]
    assert track[0].center[0] == pytest.approx(0.5, abs=0.01)
    assert track[0].bottom == pytest.approx(0.90)
    assert track[0].height == pytest.approx(0.55)
    assert track[0].width == pytest.approx(0.55 * 0.9 / FRAME, abs=1e-3)


@pytest.mark.parametrize(("count", "height"), [(1, 0.55), (2, 0.46), (3, 0.38)])
def test_heights_by_number(count: int, height: float) -> None:
    found = blocked(*(actor(f"A{i}") for i in range(count)))
    assert {round(boxes(found, f"A{i}")[0].height, 2) for i in range(count)} == {height}


@pytest.mark.parametrize("path", ["walk", "run", "hop"])
@pytest.mark.parametrize("direction", ["left", "right"])
def test_one_who_travels_goes_a_quarter_to_half_of_the_frame(path: Path, direction: str) -> None:
    found = blocked(actor("FOX", path, direction=direction))
    sign = 1 if direction == "right" else -1
    assert 0.25 <= sign * way(found, "FOX") <= 0.5
    assert found.facing["FOX"] == direction


def test_a_flight_rises_and_a_landing_comes_down() -> None:
    rising, falling = (
        boxes(blocked(actor("OWL", "rise")), "OWL"),
        boxes(blocked(actor("OWL", "descend")), "OWL"),
    )
    assert rising[0].top - rising[-1].top >= 0.25
    assert all(b.top >= a.top - 1e-9 for a, b in pairwise(falling))
    assert falling[-1].bottom == pytest.approx(0.90)


def test_a_jump_has_two_arcs_with_keys_at_tops_and_bottoms() -> None:
    heights = [round(0.9 - b.bottom, 3) for b in boxes(blocked(actor("FOX", "jump")), "FOX")]
    assert heights == [0.0, 0.0, 0.18, 0.0, 0.0, 0.18, 0.0]


def test_a_hop_travels_in_arcs() -> None:
    track = boxes(blocked(actor("FOX", "hop", direction="right")), "FOX")
    assert [b.bottom < 0.89 for b in track] == [False, True] * 4 + [False]
    assert all(b.left > a.left for a, b in pairwise(track))


def test_a_roomy_box_holds_a_leap_and_stays() -> None:
    track = boxes(blocked(actor("FOX", "roomy")), "FOX")
    assert track[0] == track[-1]
    assert track[0].height >= 0.7


def test_a_flip_is_one_arc_over_the_whole_act() -> None:
    track = boxes(blocked(actor("FOX", "flip")), "FOX")
    heights = [round(0.9 - b.bottom, 3) for b in track]
    assert heights == [0.0, 0.0, 0.165, 0.22, 0.165, 0.0, 0.0]
    assert {round(b.height, 3) for b in track} == {0.55}


@pytest.mark.parametrize(
    ("more", "height"), [({}, 0.55), ({"spot": "near"}, 0.62), ({"size": 0.4}, 0.32)]
)
def test_whom_a_taught_motion_moves_is_kept_to_trained_sizes(
    more: dict[str, object], height: float
) -> None:
    track = boxes(blocked(actor("FOX", "flip", heights=(0.32, 0.62), **more)), "FOX")
    assert {round(b.height, 3) for b in track} == {height}


def test_a_sleeper_is_wide_and_low() -> None:
    box = boxes(blocked(actor("BEAR", "lie")), "BEAR")[0]
    assert box.width * FRAME > box.height
    assert box.height < 0.45


def test_far_is_smaller_and_higher_and_near_is_larger() -> None:
    far, near = (boxes(blocked(actor("FOX", spot=s)), "FOX")[0] for s in ("far", "near"))
    assert far.height < 0.4 < 0.6 < near.height
    assert far.bottom < 0.85 < 0.92 < near.bottom


def test_two_who_meet_come_closer_and_face_each_other() -> None:
    fox, owl = actor("FOX", "walk"), actor("OWL", "walk")
    found = blocked(fox, owl, ties=(EntityRelation("FOX", "meet", "OWL"),))
    assert way(found, "FOX") > 0.1 and way(found, "OWL") < -0.1
    assert found.facing == {"FOX": "right", "OWL": "left"}


def test_two_who_pass_change_sides_and_one_is_in_front() -> None:
    fox, owl = actor("FOX", "walk"), actor("OWL", "walk")
    found = blocked(fox, owl, ties=(EntityRelation("FOX", "cross", "OWL"),))
    first, last = found.keyframes[0], found.keyframes[-1]
    boxes_at = [(k.placements[0].box, k.placements[1].box) for k in (first, last)]
    assert boxes_at[0][0].right <= boxes_at[0][1].left
    assert boxes_at[1][1].right <= boxes_at[1][0].left
    assert first.placements[0].depth < first.placements[1].depth


def test_who_is_chased_is_ahead() -> None:
    fox, rabbit = actor("FOX", "run", direction="left"), actor("RABBIT", "run", direction="left")
    found = blocked(fox, rabbit, ties=(EntityRelation("FOX", "chase", "RABBIT"),))
    assert boxes(found, "RABBIT")[0].right <= boxes(found, "FOX")[0].left
    assert way(found, "FOX") == pytest.approx(way(found, "RABBIT"), abs=1e-3)
    assert way(found, "FOX") < -0.2


def test_one_beneath_another_is_beneath_all_the_time() -> None:
    owl, fox = actor("OWL", "glide"), actor("FOX", "run")
    found = blocked(owl, fox, ties=(EntityRelation("FOX", "below", "OWL"),))
    for upper, lower in zip(boxes(found, "OWL"), boxes(found, "FOX"), strict=True):
        assert upper.bottom < lower.top
        assert abs(upper.center[0] - lower.center[0]) < 0.02
    assert way(found, "FOX") > 0.25


def test_one_between_two() -> None:
    found = blocked(
        actor("FOX"),
        actor("OWL"),
        actor("BEAR"),
        ties=(EntityRelation("FOX", "between", "OWL", "BEAR"),),
    )
    owl, fox, bear = (boxes(found, e)[0].center[0] for e in ("OWL", "FOX", "BEAR"))
    assert owl < fox < bear


def test_one_goes_on_from_where_it_was() -> None:
    first = blocked(actor("FOX", "walk", direction="right"))
    left_at = boxes(first, "FOX")[-1]
    again = blocked(actor("FOX", "stay", before=first.after["FOX"]))
    assert boxes(again, "FOX")[0].center[0] == pytest.approx(left_at.center[0], abs=0.01)
    back = blocked(actor("FOX", "walk", before=first.after["FOX"]))
    assert back.facing["FOX"] == "left"


def test_a_stretch_that_runs_on_begins_with_the_very_boxes() -> None:
    first = blocked(actor("FOX", "walk"), actor("OWL"))
    actors = [actor(e, p, before=first.after[e]) for e, p in (("FOX", "jump"), ("OWL", "rise"))]
    second = block(actors, (), CLIP_S, frame_aspect=FRAME, continuing=True)
    for entity in ("FOX", "OWL"):
        assert boxes(second, entity)[0] == boxes(first, entity)[-1]


def test_pinned_boxes_are_exact_and_others_keep_away() -> None:
    keys = (PinnedKey(0.0, Box(0.05, 0.3, 0.35, 0.9)), PinnedKey(1.3, Box(0.1, 0.3, 0.4, 0.9)))
    found = blocked(actor("FOX", "walk", pinned=keys), actor("OWL"), actor("BEAR", "walk"))
    at = {k.time_s: k.placement("FOX") for k in found.keyframes}
    for key in keys:
        placed = at[key.time_s]
        assert placed is not None and placed.box == key.box and placed.pinned
    for entity in ("OWL", "BEAR"):
        assert all(b.left > 0.4 for b in boxes(found, entity))


PATHS = st.sampled_from(sorted(MANNERS))
DIRECTIONS = st.sampled_from([None, "left", "right", "up", "away"])
SPOTS = st.sampled_from([None, None, "left", "right", "middle", "far", "near"])
ACTORS = st.lists(
    st.tuples(PATHS, st.floats(0.4, 1.3), DIRECTIONS, SPOTS), min_size=1, max_size=4
).map(
    lambda drawn: [
        BlockedActor(f"A{i}", path, aspect, direction, spot)  # type: ignore[arg-type]  # drawn from them
        for i, (path, aspect, direction, spot) in enumerate(drawn)
    ]
)
BONDS = st.sampled_from(
    "left-of right-of beside between toward away-from chase follow lead meet face above below "
    "behind in-front-of cross".split()
)
TIES = st.lists(st.tuples(BONDS, st.integers(0, 3), st.integers(0, 3)), max_size=3).map(
    lambda drawn: [
        EntityRelation(f"A{a}", bond, f"A{b}")  # type: ignore[arg-type]  # drawn from them
        for bond, a, b in drawn
        if a != b
    ]
)
ASPECTS = st.sampled_from([1.5, 1.0, 16 / 9, 0.75])


@settings(max_examples=150)
@given(ACTORS, TIES, ASPECTS, st.floats(0.5, 13.0))
def test_all_boxes_are_in_the_frame_with_area(
    actors: list[BlockedActor], ties: list[EntityRelation], aspect: float, duration_s: float
) -> None:
    found = block(actors, ties, duration_s, frame_aspect=aspect)
    times = [k.time_s for k in found.keyframes]
    assert times == sorted(set(times)) and times[0] == 0
    for one in actors:
        assert all(in_frame(b) for b in boxes(found, one.entity))
        assert all(in_frame(b) for b in latents(found.keyframes, one.entity, duration_s))


@settings(max_examples=150)
@given(ACTORS, TIES, ASPECTS)
def test_nobody_covers_anybody_unless_asked(
    actors: list[BlockedActor], ties: list[EntityRelation], aspect: float
) -> None:
    asked = [t for t in ties if t.bond in ("cross", "behind", "in-front-of")]
    found = block(actors, [t for t in ties if t not in asked], CLIP_S, frame_aspect=aspect)
    for one, other in combinations(actors, 2):
        mine, theirs = (latents(found.keyframes, a.entity, CLIP_S) for a in (one, other))
        for a, b in zip(mine, theirs, strict=True):
            assert a.intersection(b) <= 1e-6


UNIT = st.floats(0, 1)
PINNED_BOX = st.tuples(UNIT, UNIT, UNIT, UNIT).map(
    lambda d: Box(min(d[0], 0.9), min(d[1], 0.9), min(1.0, min(d[0], 0.9) + 0.1 + d[2]),
                  min(1.0, min(d[1], 0.9) + 0.1 + d[3]))
)  # fmt: skip


@settings(max_examples=100)
@given(ACTORS, st.dictionaries(st.floats(0, CLIP_S), PINNED_BOX, min_size=1, max_size=4))
def test_every_pin_survives_exactly(actors: list[BlockedActor], keys: dict[float, Box]) -> None:
    pinned = tuple(PinnedKey(t, b) for t, b in sorted(keys.items()))
    found = blocked(BlockedActor("PIN", "walk", 1.0, pinned=pinned), *actors)
    at = {k.time_s: k.placement("PIN") for k in found.keyframes}
    for key in pinned:
        placed = at[key.time_s]
        assert placed is not None and placed.box == key.box
    assert all(in_frame(b) for a in actors for b in boxes(found, a.entity))


@given(st.floats(0.5, 5), st.floats(0.01, 0.99))
@settings(max_examples=50)
def test_shots_cut_from_a_stretch_show_what_it_shows(duration_s: float, part: float) -> None:
    whole = joined(
        [(0.0, block([actor("FOX", "hop")], (), duration_s, frame_aspect=1.5).keyframes)]
    )
    cut = part * duration_s
    track = [(k.time_s, k.placements[0].box) for k in whole]
    for start, end in ((0.0, cut), (cut, duration_s)):
        shot = [(k.time_s, k.placements[0].box) for k in between(whole, start, end)]
        for amount in (0.0, 0.3, 1.0):
            time = amount * (end - start)
            a, b = box_at(shot, time), box_at(track, start + time)
            assert (a.left, a.bottom) == pytest.approx((b.left, b.bottom), abs=2e-3)

"""Given a finished run, expect one page that says all of it, in a real browser too."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.errors import OutputError
from dreamrunner.film import Film
from dreamrunner.plan import Plan
from dreamrunner.tools.report import media, report
from dreamrunner.tools.report.report import ReportInputs, take_id, write_report

EVIL = "</p><script>alert('x')</script><img src=x onerror=alert(1)>\"'"


class Page(HTMLParser):
    """The elements, addresses and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self._data: list[str] = []
        self._hidden = ""
        self.feed(html)
        self.text = " ".join(" ".join(self._data).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self._hidden = tag if tag in ("style", "script") else ""
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("src", "href", "poster") and value:
                self.addresses.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = "" if tag == self._hidden else self._hidden

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._data.append(data)


def page_of(inputs: ReportInputs, folder: Path) -> Page:
    write_report(inputs, folder / "report.html")
    return Page((folder / "report.html").read_text("utf-8"))


def test_the_page_says_all_there_is_to_know(report_inputs: ReportInputs, tmp_path: Path) -> None:
    page = page_of(report_inputs, tmp_path)
    for words in (
        "The Fox and the Frozen River",
        "2 shots · 5.0 s · director: rules · engine: storybook",
        "3 of 5 checks passed; 1 could not be judged; 1 shot failed a check.",
        # The story's own words with their place, and the prompts.
        "The OWL glides low over the ice; the FOX runs beneath it, lantern swinging. line 48",
        "NARRATOR That winter, the river forgot how to move.",
        "an old grey owl flying to the left · fly 0–3",
        "a riverbank at night under a big moon",
        "text, watermark",
        # The verdict: value, threshold, where it comes from, outcome.
        "motion of FOX walk 0.52, run 0.41 0.41 ≥ 0.60 @expect, line 49 ✗ fail frame 9",
        "OWL present an owl in every frame looked at 0.88 ≥ 0.50 calibrated on 512 drawn clips",
        "? could not be judged",
        # Takes, remedies, patches.
        "2 takes",
        "Failed: OWL present, motion of FOX",
        "OWL was not seen: its box is small for this model — box of OWL grew by 20 %",
        "blocked by line 46",
        "@layout OWL { 0s: box (0.65, 0.05, 0.97, 0.50) }",
        # The run.
        "1 of 2 results were there already; the others took 21.5 s.",
        "box of OWL at 0.0s changed",
        "glide-017",
        "nothing moves (dynamic degree 0.01)",
        "kept from step 400, held-out loss 0.0213",
        "Given to Change in A Change in B A 4.00 0.25",
        "Largest leak 0.062 of the change in its own region",
        "Loss in training (thin) and held out (thick) over 400 steps",
        "W101",
        "no endpoint is configured",
        "box of FOX in shot 2.1 was moved into the frame",
    ):
        assert words in page.text


def test_the_page_asks_nobody_for_anything(report_inputs: ReportInputs, tmp_path: Path) -> None:
    page = page_of(report_inputs, tmp_path)
    assert page.elements["script"] == page.elements["link"] == page.elements["iframe"] == 0
    assert {address.split(":")[0] for address in page.addresses if address[0] != "#"} == {"data"}
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "default-src 'none'" in html
    assert "url(" not in html


def test_frames_boxes_and_videos_are_on_the_page(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    page = page_of(report_inputs, tmp_path)
    # The film and three takes; three and two keyframes, two tiles, and evidence of five frames.
    assert page.elements["video"] == 4
    assert page.elements["img"] == 3 + 2 + 2 + 4
    # A box and a tab for each name: three foxes, two of both, and the same on the tiles.
    assert page.elements["rect"] == 2 * (3 + 4 + 1 + 2)
    assert sum(address.startswith("data:video/mp4") for address in page.addresses) == 4
    assert sum(address.startswith("data:text/vtt") for address in page.addresses) == 1
    assert [name for name in page.ids if name != "boxes"] == ["shot-1-1", "shot-2-1"]
    # The film may fade in from black: before it is played, it shows a picture of its first shot.
    html = (tmp_path / "report.html").read_text("utf-8")
    film = html[html.index('class="film"') :]
    assert 'poster="data:image/webp' in film[: film.index("</video>")]


def test_what_a_writer_or_a_model_wrote_is_only_text(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    inputs = poisoned(report_inputs)
    clean = page_of(report_inputs, tmp_path)
    page = page_of(inputs, tmp_path)
    assert page.elements["script"] == 0
    assert page.elements["img"] == clean.elements["img"]
    assert not [name for name in page.attributes if name.startswith("on")]
    assert page.text.count("alert('x')") > 20


def poisoned(inputs: ReportInputs) -> ReportInputs:
    """Put markup into every text of a run, without touching names, paths and choices."""
    kept = r'"(?:path|subtitles|shot|id|scene|entity|comparison|kind|facing|color|character|what|'
    kept += r'overlap|place_id|origin|file|assertion|key)"'

    def poison(text: str) -> str:
        evil = EVIL.replace("\\", "\\\\").replace('"', '\\"')
        return re.sub(
            rf'({kept}:"[^"]*")|("[a-z_]+":")([^"]+)"',
            lambda found: found[1] or f'{found[2]}{evil}"',
            text,
        )

    plan = Plan.model_validate_json(poison(inputs.plan.model_dump_json()))
    film = Film.model_validate_json(poison(inputs.film.model_dump_json()))
    return replace(
        inputs,
        plan=plan,
        film=film,
        engine=EVIL,
        director=EVIL,
        diagnostics=EVIL,
        notes=(EVIL,),
        retrievals=tuple(found.model_copy(update={"query": EVIL}) for found in inputs.retrievals),
        adapters=tuple(made.model_copy(update={"name": EVIL}) for made in inputs.adapters),
        stages=tuple(stage.model_copy(update={"note": EVIL}) for stage in inputs.stages),
        patches={take_id(take): EVIL for take in inputs.film.takes},
    )


def test_a_large_video_is_linked_and_not_put_in(
    report_inputs: ReportInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "MOST_VIDEO_BYTES", 10)
    page = page_of(report_inputs, tmp_path)
    assert "film.mp4" in page.addresses
    assert "takes/2.1-2.mp4" in page.addresses


def files_of(page: Page) -> set[str]:
    """Return the addresses of what does not lie in the page."""
    return {a for a in page.addresses if not a.startswith(("data:", "#"))}


@pytest.fixture
def long_film(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make two shots a long film."""
    monkeypatch.setattr(report, "MOST_SHOTS_INSIDE", 1)


@pytest.mark.usefixtures("long_film")
def test_media_of_a_long_film_lie_beside_the_page_and_load_when_seen(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    page = page_of(report_inputs, tmp_path)
    html = (tmp_path / "report.html").read_text("utf-8")
    assert {name.split("/")[0] for name in files_of(page)} == {"film.mp4", "report"}
    for address in files_of(page):
        assert (tmp_path / address).is_file()
    beside = {f"report/{path.name}" for path in (tmp_path / "report").iterdir()}
    assert beside == files_of(page) - {"film.mp4"}
    assert [address for address in page.addresses if address.startswith("data:")] == [
        a for a in page.addresses if a.startswith("data:text/vtt")
    ]
    assert page.elements["img"] == html.count('loading="lazy"') - 3  # three takes are videos
    assert html.count('preload="none"') == 3
    assert "img-src data: 'self' file:" in html


@pytest.mark.usefixtures("long_film")
def test_what_a_later_page_does_not_show_is_removed(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    page_of(report_inputs, tmp_path)
    (tmp_path / "report" / "mine.txt").write_text("kept")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "report").glob("*.webp")}
    takes = report_inputs.film.takes[:1]
    fewer = replace(report_inputs, film=report_inputs.film.model_copy(update={"takes": takes}))
    page = page_of(fewer, tmp_path)
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "report").glob("*.webp")}
    assert 0 < len(after) < len(before)
    assert after.items() < before.items()  # what is shown again is not written again
    assert {f"report/{path.name}" for path in after} == {
        a for a in files_of(page) if a.endswith(".webp")
    }
    assert (tmp_path / "report" / "mine.txt").is_file()


@pytest.mark.usefixtures("long_film")
def test_a_packed_report_is_one_file(report_inputs: ReportInputs, tmp_path: Path) -> None:
    beside = page_of(report_inputs, tmp_path)
    media.pack_report(tmp_path / "report.html")
    packed = Page((tmp_path / "report.html").read_text("utf-8"))
    assert files_of(packed) == set()
    assert packed.elements == beside.elements
    assert packed.text == beside.text
    assert not (tmp_path / "report").exists()
    again = (tmp_path / "report.html").read_bytes()
    media.pack_report(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == again
    write_report(report_inputs, tmp_path / "report.html", single=True)
    assert (tmp_path / "report.html").read_bytes() == again


@pytest.mark.usefixtures("long_film")
def test_a_report_whose_files_are_lost_cannot_be_packed(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    page_of(report_inputs, tmp_path)
    shutil.rmtree(tmp_path / "report")
    with pytest.raises(OutputError, match="cannot pack .*render the story again"):
        media.pack_report(tmp_path / "report.html")


@pytest.mark.usefixtures("long_film")
def test_nothing_that_a_writer_wrote_is_packed(report_inputs: ReportInputs, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"a secret")
    evil = f'src="{secret}" poster="secret.mp4"'
    inputs = replace(report_inputs, engine=evil, notes=(evil,), diagnostics=evil)
    write_report(inputs, tmp_path / "report.html", single=True)
    html = (tmp_path / "report.html").read_text("utf-8")
    assert base64.b64encode(b"a secret").decode() not in html
    assert "secret.mp4" in html


def test_a_lost_clip_and_a_missing_film_are_told(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    Path(report_inputs.film.takes[0].clip.path).unlink()
    film = report_inputs.film.model_copy(update={"path": "", "subtitles": None})
    page = page_of(replace(report_inputs, film=film), tmp_path)
    assert "There is no film." in page.text
    assert "cannot read" in page.text
    assert "The video is gone" in page.text
    assert "The OWL glides low over the ice" in page.text


def test_a_shot_without_a_kept_take_is_shown_with_its_plan(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    takes = tuple(take for take in report_inputs.film.takes if take.shot == "1.1")
    film = report_inputs.film.model_copy(update={"takes": takes})
    page = page_of(replace(report_inputs, film=film), tmp_path)
    assert "✗ no clip" in page.text
    assert "1 shot without a clip" in page.text
    assert page.elements["rect"] == 2 * (3 + 4 + 1 + 2)


def test_unmeasured_is_never_said_to_have_passed(
    report_inputs: ReportInputs, tmp_path: Path
) -> None:
    bare = tuple(
        take.model_copy(update={"verdict": take.verdict.model_copy(update={"measurements": ()})})
        for take in report_inputs.film.takes
    )
    film = report_inputs.film.model_copy(update={"takes": bare})
    page = page_of(replace(report_inputs, film=film), tmp_path)
    assert "Nothing was measured." in page.text
    assert "passed" not in page.text
    assert page.text.count("? not judged") == 4


def chromium(*arguments: str, profile: Path) -> subprocess.CompletedProcess[str]:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("chromium is not installed")
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
        "--disable-background-networking --disable-component-update --hide-scrollbars"
    ).split()
    command = [browser, *flags, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def test_a_browser_shows_the_page(report_inputs: ReportInputs, tmp_path: Path) -> None:
    write_report(poisoned(report_inputs), tmp_path / "report.html")
    address, profile = (tmp_path / "report.html").as_uri(), tmp_path / "profile"
    dom = chromium("--dump-dom", address, profile=profile).stdout
    assert "The OWL glides" not in dom  # It was poisoned: its text is the poison, as text.
    assert "&lt;script&gt;alert('x')&lt;/script&gt;" in dom
    assert Page(dom).elements["article"] == 2
    assert Page(dom).elements["script"] == 0


def test_a_browser_draws_frames_and_boxes(report_inputs: ReportInputs, tmp_path: Path) -> None:
    write_report(report_inputs, tmp_path / "report.html")
    address, profile = (tmp_path / "report.html").as_uri(), tmp_path / "profile"
    shot = tmp_path / "page.png"
    chromium("--window-size=1200,2600", f"--screenshot={shot}", address, profile=profile)
    with Image.open(shot) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or []}
        assert image.size == (1200, 2600)
    assert (0xC8, 0x50, 0x1E) in colours  # FOX's boxes.
    assert (0x2B, 0x6C, 0xB0) in colours  # OWL's.
    assert any(abs(r - 40) < 3 and abs(g - 60) < 3 and abs(b - 90) < 3 for r, g, b in colours)

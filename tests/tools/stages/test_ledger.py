"""The account of a run is true at every moment, and costs no more the longer the run is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dreamrunner.errors import OutputError
from dreamrunner.film import Clip, Film, StageRecord, Take, Verdict, journal_of, read_account
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.pace import pace_of

HEADER = {"engine": "animatic", "story": "fox.story"}


def stage(number: int) -> StageRecord:
    return StageRecord(
        stage="render", shot=f"{number}.1", key=f"{number:064d}", cached=False, seconds=2.0
    )


def take(number: int) -> Take:
    shot = f"{number}.1"
    clip = Clip(shot=shot, path="", key="k", frames=1, fps=8, width=8, height=8)
    verdict = Verdict(shot=shot, measurements=(), score=0.5)
    return Take(shot=shot, number=1, seed=1, clip=clip, verdict=verdict, kept=True)


def film() -> Film:
    return Film(title="Fox", path="", clips=(), takes=(take(1),), duration_s=1.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fox" / "run.json"


def killed(path: Path) -> Ledger:
    """Leave what a run leaves that is killed after two stages, a take and a note."""
    ledger = Ledger(path, HEADER)
    ledger.add_stage(stage(1))
    ledger.add_take(take(1))
    ledger.add_note("something")
    ledger.add_stage(stage(2))
    return ledger


def test_a_run_that_goes_on_is_read_from_both_files(path: Path) -> None:
    ledger = killed(path)
    account = read_account(path)
    assert (account["status"], account["engine"]) == ("running", "animatic")
    assert [record["shot"] for record in account["stages"]] == ["1.1", "2.1"]
    assert [record["shot"] for record in account["takes"]] == ["1.1"]
    assert account["notes"] == ["something"]
    assert json.loads(path.read_bytes())["stages"] == []
    ledger.finish(film(), (), resumed=False)
    whole = read_account(path)
    assert whole == json.loads(path.read_bytes())
    assert whole["status"] == "done"
    assert whole["stages"] == account["stages"]
    assert not journal_of(path).exists()


def test_a_run_that_fails_is_written_whole(path: Path) -> None:
    with pytest.raises(OutputError), Ledger(path, HEADER) as ledger:
        ledger.add_stage(stage(1))
        raise OutputError("no room")
    account = json.loads(path.read_bytes())
    assert (account["status"], account["error"]) == ("failed", "no room")
    assert [record["shot"] for record in account["stages"]] == ["1.1"]
    assert not journal_of(path).exists()


def test_what_is_said_after_the_end_is_in_the_account(path: Path) -> None:
    ledger = Ledger(path, HEADER)
    ledger.finish(film(), (), resumed=False)
    ledger.add_note("late")
    assert json.loads(path.read_bytes())["notes"] == ["late"]
    assert not journal_of(path).exists()


def test_a_line_that_a_kill_cut_off_is_left_out(path: Path) -> None:
    killed(path)
    with journal_of(path).open("ab") as journal:
        journal.write('{"stages": {"stage": "é'.encode()[:-1])
    assert len(read_account(path)["stages"]) == 2


@pytest.mark.parametrize("left", ["nothing", "half of it"])
def test_a_lost_account_is_read_from_its_journal(path: Path, left: str) -> None:
    killed(path)
    before = read_account(path)
    if left == "nothing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:40])
    assert read_account(path) == before
    assert pace_of(path.parent.parent, "animatic")["render"].seconds == 2.0


def test_the_journal_of_another_run_is_not_read(path: Path) -> None:
    killed(path)
    other = journal_of(path).read_bytes()
    Ledger(path, HEADER)
    journal_of(path).write_bytes(other)
    assert read_account(path)["stages"] == []
    Ledger(path, HEADER).finish(film(), (), resumed=False)
    journal_of(path).write_bytes(other)
    assert read_account(path)["status"] == "done"


def test_a_broken_journal_takes_nothing_from_the_account(path: Path) -> None:
    killed(path)
    journal_of(path).write_bytes(b"broken")
    assert read_account(path) == json.loads(path.read_bytes())
    path.unlink()
    with pytest.raises(ValueError):
        read_account(path)


def test_where_there_is_no_account_nothing_is_made_up(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_account(path)
    path.parent.mkdir()
    path.write_text("[1]")
    with pytest.raises(ValueError, match="no object"):
        read_account(path)


def test_the_next_run_takes_over_what_a_killed_one_had_made(path: Path) -> None:
    killed(path)
    ledger = Ledger(path, HEADER)
    ledger.finish(film(), (), resumed=True)
    stages = read_account(path)["stages"]
    assert [(record["shot"], record["cached"]) for record in stages] == [
        ("1.1", True),
        ("2.1", True),
    ]


def test_a_long_run_writes_each_record_once(path: Path) -> None:
    """200 shots wrote 862 MB when the account was written whole after each stage and take."""
    ledger = Ledger(path, HEADER)
    before = path.stat()
    opening = journal_of(path).stat().st_size
    for number in range(200):
        ledger.add_stage(stage(number))
        ledger.add_take(take(number))
    assert path.stat() == before
    records = [{"stages": stage(n).model_dump(mode="json")} for n in range(200)]
    records += [{"takes": take(n).model_dump(mode="json")} for n in range(200)]
    written = sum(len(json.dumps(record)) + 1 for record in records)
    assert journal_of(path).stat().st_size == opening + written

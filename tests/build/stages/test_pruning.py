"""What no study names is told, and removed only where that is asked for; or all stays as it is."""

import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from analysis.plan.run import Run
from analysis.results.stored import pruning, schema, store
from tests.build.door import typed
from tests.made.results import tiny

KEPT, DROPPED = 2 * 2, 3 * 2
"""Runs of two seeds of both variants, and of three seeds more."""


@pytest.fixture
def study(elsewhere: Path) -> Path:
    """Return the project's study, of two seeds; stored are five, with a checkpoint of each run."""
    (elsewhere / "studies").unlink()  # those of the repository
    path = tiny.write_study(elsewhere).rename(elsewhere / "study.toml")
    tiny.store_results(elsewhere / "results" / "runs.sqlite", stored(path))
    return path


def stored(study: Path) -> tuple[Run, ...]:
    """Return the runs that are stored."""
    return tiny.planned(study, ["seeds=5", "keep_state=true"])[1]


def frames(path: Path, runs: tuple[Run, ...]) -> dict[str, pd.DataFrame]:
    """Return the rows of runs in every table."""
    with store.open_store(path, to_read=True) as opened:
        return {table: opened.frame(table, runs) for table in schema.TABLES}


@pytest.fixture
def path(study: Path) -> Path:
    """Return the store."""
    return study.parent / "results" / "runs.sqlite"


def everything(path: Path) -> dict[str, bytes]:
    """Return all files in the folder of a store but for its lock."""
    files = [each for each in path.parent.rglob("*") if each.is_file() and each != lock(path)]
    return {str(each): each.read_bytes() for each in files}


def lock(path: Path) -> Path:
    """Return the file by which a build holds a store."""
    return path.with_suffix(".lock")


def test_it_is_told_and_nothing_is_removed(path: Path) -> None:
    """How many runs, near which experiment, how they differ, how much disk, and how to do it."""
    before = everything(path)
    code, out, _ = typed("prune", "--results", "results")
    assert code == 0
    first, row, last = out.splitlines()
    assert first.startswith("results/runs.sqlite: 10 runs; of no study: 6 runs, about 0.0 MB; ")
    assert "6 checkpoints, 0.0 MB. The studies are study.toml." in first
    assert row.split() == ["near", "base", "6", "runs", "0.0", "MB", "seeds", "2", "…", "4"]
    assert last == "Nothing has been removed; to remove it: make prune RESULTS=results YES=1"
    assert everything(path) == before


def test_another_setting_is_told_by_its_key(study: Path, path: Path) -> None:
    """What sets runs apart from those of the study stands in the study's own words."""
    tiny.store_results(path, tiny.planned(study, ["training.batch_size=64"])[1])
    _, out, _ = typed("prune")
    assert "training.batch_size: 64; seeds 2 … 4" in out
    assert "10 runs" in out.splitlines()[1]


def test_what_is_kept_keeps_every_value(study: Path, path: Path) -> None:
    """The runs of the study have the rows they had, the others none; the file is smaller."""
    own = tiny.planned(study)[1]
    before, size = frames(path, own), path.stat().st_size
    code, out, _ = typed("prune", "--yes")
    assert code == 0
    assert out.splitlines()[-1].startswith("Removed; 0.")
    for table, frame in frames(path, own).items():
        pd.testing.assert_frame_equal(frame, before[table])
    assert len(frames(path, stored(study))["runs"]) == KEPT
    assert path.stat().st_size < size
    left = {found["run"] for each in states(path) if (found := pruning.CHECKPOINT.match(each))}
    assert left == {run.id for run in own}
    _, out, _ = typed("prune")
    assert out == "results/runs.sqlite: 4 runs, all of study.toml.\n"
    assert not list(path.parent.glob(".*"))


def states(path: Path) -> list[str]:
    """Return the names of the checkpoints beside a store."""
    return [each.name for each in (path.parent / "states").iterdir()]


def test_a_study_to_keep_keeps_its_runs(study: Path, path: Path) -> None:
    """One that is named, and each in the folder of studies."""
    for place, seeds in (("mine.toml", "[2]"), ("studies/other.toml", "[3]")):
        other = study.parent / place
        other.parent.mkdir(exist_ok=True)
        up = "../" * place.count("/")
        other.write_text(f'extends = "{up}study.toml"\nseeds = {seeds}\n')
    _, out, _ = typed("prune", "--keep", "mine.toml")
    assert "of no study: 2 runs" in out
    assert "The studies are study.toml, studies/other.toml, mine.toml." in out
    assert out.endswith("make prune KEEP=mine.toml YES=1\n")
    assert typed("prune", "--keep", "mine.toml", "--keep", "other", "--yes")[0] == 0
    left = {run.seed for run in stored(study) if run.id in frames_ids(path, study)}
    assert left == {0, 1, 2, 3}


def frames_ids(path: Path, study: Path) -> list[str]:
    """Return the identities that are stored."""
    return frames(path, stored(study))["runs"]["run_id"].tolist()


@pytest.mark.parametrize("words", [(), ("--yes",)])
def test_without_a_store_there_is_nothing(study: Path, words: tuple[str, ...]) -> None:
    """A folder without results is no mistake, and stays without."""
    code, out, _ = typed("prune", "--results", "nowhere", *words)
    assert (code, out) == (0, "nowhere/runs.sqlite: 0 runs, all of study.toml.\n")


def spoil_study(path: Path) -> None:
    """Let one of the studies have a mistake."""
    (path.parent.parent / "studies").mkdir()
    (path.parent.parent / "studies" / "broken.toml").write_text("seeds = ")


def spoil_store(path: Path) -> None:
    """Damage the store in its middle."""
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)


def begin(path: Path) -> None:
    """Leave what a replication leaves that has been stopped."""
    (path.parent / "replicating.json").write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "words", "said"),
    [
        (spoil_study, (), "broken.toml: is not valid TOML"),
        (spoil_store, (), "results/runs.sqlite: is damaged"),
        (begin, (), "results/replicating.json: a replication has begun"),
        (lambda _: None, ("--keep", "nobody"), "no study 'nobody'"),
        (lambda _: None, ("--keep", "gone.toml"), "gone.toml: cannot be read"),
        (lambda _: None, ("--results", "published"), "published results are never pruned"),
    ],
)
def test_a_mistake_keeps_all_as_it_is(
    path: Path, spoil: object, words: tuple[str, ...], said: str
) -> None:
    """It is told in a sentence, with exit code 2, and nothing is removed."""
    assert callable(spoil)
    spoil(path)
    before = everything(path)
    code, _, err = typed("prune", "--yes", *words)
    assert code == 2
    assert said in err
    assert everything(path) == before


def test_a_replication_into_another_store_keeps_that_one_too(path: Path) -> None:
    """Its note is in the project's results, wherever it trains; that store may have its runs."""
    begin(path)
    other = path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.mkdir()
    (other / "replicating.json").rename(path.parent / "replicating.json")
    before = everything(other / path.name)
    code, _, err = typed("prune", "--yes", "--results", "elsewhere")
    assert code == 2
    assert "results/replicating.json: a replication has begun" in err
    assert everything(other / path.name) == before


def test_a_store_in_use_is_left_alone(path: Path) -> None:
    """Another build holds it: nobody waits, and nothing is removed; to tell needs no lock."""
    before = everything(path)
    with FileLock(lock(path)):
        code, _, err = typed("prune", "--yes")
        assert (code, typed("prune")[0]) == (2, 0)
    assert "results/runs.sqlite: still in use by another build" in err
    assert everything(path) == before


def test_a_full_disk_keeps_all_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file cannot grow: what was there is whole, and nothing of the new one is left."""
    prepare = schema.prepare

    def small(file: Path, connection: sqlite3.Connection) -> None:
        prepare(file, connection)
        if file != path:
            connection.execute("PRAGMA max_page_count = 1")

    monkeypatch.setattr(schema, "prepare", small)
    Path("mine.toml").write_text('extends = "study.toml"\nseeds = 4\n')  # more than fits a page
    before = everything(path)
    code, _, err = typed("prune", "--yes", "--keep", "mine.toml")
    assert code == 1
    assert "results/runs.sqlite: cannot be written (database or disk is full)" in err
    assert everything(path) == before

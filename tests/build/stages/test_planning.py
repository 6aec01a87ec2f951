"""What is told of a study before anything is trained: what is to be done, why, and who reads it."""

import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.plan.costs import pace
from analysis.results.places import Places, Request
from analysis.results.sources import Job, prepare
from analysis.results.stored import store
from analysis.study import tables
from analysis.training import workers
from analysis.training.cluster import joining
from analysis.training.surroundings import processors
from build import ROOT
from stages import planning, training
from stages.options import Hands
from tests.made.results import tiny

STUDY = """
[experiments.base]
seeds = 3
keep_state = true
[experiments.dynamics]
title = "In motion"
seeds = 1
training.epochs = 1
measure = ["weights", "signals"]
[experiments.start]
training.epochs = 0
"""


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine be so slow that every training takes minutes."""
    monkeypatch.setattr(pace, "STEP_S", pace.STEP_S / 1000)
    pace.measured.cache_clear()
    yield
    pace.measured.cache_clear()


def job(folder: Path, *changes: str) -> Job:
    """Return the job of a tiny study of three experiments, with changes."""
    study = tiny.write_study(folder, experiments=STUDY)
    places = Places.of(ROOT, folder)
    return prepare(places, Request.typed(str(study), changes, str(folder / "r")))


def trained(folder: Path) -> None:
    """Store what the study without changes asks for."""
    (folder / "r").mkdir()
    tiny.store_results(folder / "r" / "runs.sqlite", job(folder).planned)


def told(folder: Path, capsys: pytest.CaptureFixture[str], *changes: str) -> list[list[str]]:
    """Return the lines of a plan, split where two spaces or more are; times are left out."""
    planning.tell(job(folder, *changes))
    lines = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    return [[cell for cell in row if not cell.startswith("about ")] for row in cells]


def test_a_first_training_is_listed_without_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is there beside which anything could have changed."""
    *lines, last = told(tmp_path, capsys)
    assert lines == [
        ["base", "6 runs", "6 to train"],
        ["dynamics", "2 runs", "2 to train"],
        ["start", "4 runs", "4 to train"],
    ]
    assert last[0].startswith("In all: 10 runs, 10 to train, about ")


def test_where_all_is_stored_one_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So it does where the study asks for less than there is, or has another title."""
    trained(tmp_path)
    assert told(tmp_path, capsys) == [["In all: 10 runs, all stored"]]
    assert told(tmp_path, capsys, "title=Other", "training.epochs=1") == [
        ["In all: 10 runs, all stored"]
    ]


def test_where_nothing_is_to_be_done_it_is_said_where_all_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a fresh clone published; what is trained here is stored."""
    asked = [Request.typed(None, (), str(tmp_path), train) for train in ("none", "glorot")]
    below, both = (prepare(Places.of(ROOT, tmp_path), each) for each in asked)
    planning.tell(below)
    own = both.of("glorot")
    tiny.store_results(both.store, own.planned)
    planning.tell(both)
    planning.tell(own)
    assert capsys.readouterr().out.splitlines() == [
        f"In all: {below.count:,} runs, all published",
        f"In all: {below.count:,} runs, all stored or published",
        "In all: 20 runs, all stored",
    ]


def test_a_change_is_told_with_its_reason_its_readers_and_how_to_confine_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is never trained stays, and says so in a word."""
    trained(tmp_path)
    *lines, last = told(tmp_path, capsys, "training.batch_size=64")
    assert lines == [
        ["base", "6 runs", "6 to train", "training.batch_size: 32 → 64"],
        ["dynamics", "2 runs", "2 to train", "training.batch_size: 32 → 64"],
        ["start", "4 runs", "stored"],
        ["Read by"],
        ["base", lines[4][1]],
        ["dynamics", "figure dynamics"],
        ["This reaches 1 more experiment; the comparison alone: "
         'SET="experiments.base.training.batch_size=64"'],
    ]  # fmt: skip
    assert last[0].startswith("In all: 10 runs, 6 to train, about ")


def test_what_is_confined_reaches_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Done as it was told, the change is that of the comparison alone."""
    trained(tmp_path)
    lines = told(tmp_path, capsys, "experiments.base.training.batch_size=64")
    assert [row[0] for row in lines if row[2:3] == ["6 to train"]] == ["base"]
    assert not any("reaches" in row[0] for row in lines)


def test_a_value_with_spaces_is_quoted_for_make(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As SET takes it."""
    trained(tmp_path)
    lines = told(tmp_path, capsys, 'network.hidden="3 x 8"')
    assert lines[-2][0].endswith("SET='experiments.base.network.hidden=\"3 x 8\"'")


@pytest.mark.parametrize(
    "changes",
    [
        ["network.hidden=[16, 4]", "training.batch_size=64"],
        ['network.hidden="3 x 8"', "network.activation=elu"],
        ["training.optimizer.amsgrad=true"],
        ["training.optimizer={name='SGD', learning_rate=0.1}"],
        ["training.optimizer={name='SGD', learning_rate=0.1}", "network.hidden=3 x 8"],
        ["network.bias={initializer='Constant', value=0.1}"],
        ["training.batch_size=64", "variants.Two words.stddev=0.2"],
        ["variants.Two words.stddev=0.2", "variants.He, no. 2 (a = b).stddev=0.8"],
        ['variants."He, no. 2 (a = b)".stddev=0.8', "variants.'Two words'.mean=0.1"],
        ["variants.Two words.output=none"],
        ["variants.Two words.output={initializer='RandomNormal', stddev=0.5}"],
        ["variants.Two words.output={initializer='Constant', value=0.1}"],
        ["variants.He, no. 2 (a = b).output=Zeros"],
    ],
)
def test_what_confines_a_change_can_be_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: list[str]
) -> None:
    """As it is told SET is read, and gives the comparison what the study was to have."""
    output = "output={initializer='RandomNormal', stddev=0.4}"
    named = (
        f"variants=[{{name='Two words', initializer='RandomNormal', stddev=0.1, {output}}},"
        "{name='He, no. 2 (a = b)', initializer='RandomNormal', stddev=0.7}]"
    )
    (tmp_path / "r").mkdir()
    tiny.store_results(tmp_path / "r" / "runs.sqlite", job(tmp_path, named).planned)
    lines = told(tmp_path, capsys, named, *changes)
    words = tables.pairs(lines[-2][0].partition("SET=")[2][1:-1])
    confined = told(tmp_path, capsys, named, *words)
    assert confined[0] == lines[0]
    assert [row[2] for row in confined[1:3]] == ["stored", "stored"]
    asked, wanted = (job(tmp_path, named, *each).study for each in (words, changes))
    assert asked.experiments["base"] == wanted.experiments["base"]


def test_before_a_long_training_only_what_changes_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And in the end how many runs begin on how many workers."""
    trained(tmp_path)
    monkeypatch.setattr(workers, "started", lambda _: contextlib.nullcontext(workers.Crew()))
    training.train(job(tmp_path, "training.batch_size=64"), Hands(2))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "base", "dynamics", "Read", "base", "dynamics", "This", "Training",
    ]  # fmt: skip
    assert lines[-1].startswith("Training 6 of 10 runs on 2 workers: about ")


def test_the_workers_of_a_cluster_are_reckoned_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as there are share the runs; no more than this machine has cores tell its pace.

    A cluster is asked for only where something is to be trained.
    """
    trained(tmp_path)
    asked: list[int] = []

    @functools.cache
    def measured(count: int) -> float:
        asked.append(count)
        return 1.0

    monkeypatch.setattr(joining, "count", lambda _: 500)
    monkeypatch.setattr(pace, "measured", measured)
    monkeypatch.setattr(joining, "joined", lambda *_: contextlib.nullcontext(workers.Crew()))
    hands = Hands(0, joining.read("tcp://host:8786"))
    training.train(job(tmp_path), hands)
    assert (asked, capsys.readouterr().out) == ([], "")
    training.train(job(tmp_path, "training.batch_size=64"), hands)
    assert "Training 6 of 10 runs on 6 workers: about " in capsys.readouterr().out
    assert {*asked} <= {*range(1, processors.available() + 1)}
    assert training.measuring(Hands(0, joining.read("local:500")), 500) == 500
    assert training.measuring(hands, 1) == 1


def test_seconds_of_a_shared_run_stand_where_it_is_trained_for(tmp_path: Path) -> None:
    """The lines add up to the end, and who has the runs of another one has no time of its own."""
    trained(tmp_path)
    changed = job(tmp_path, "training.batch_size=64")
    with store.open_store(changed.store, to_read=True) as stored:
        found = planning.outlook(changed, stored.done(changed.planned), stored.records, 1, 1)
    base, dynamics, start = found.parts
    assert (dynamics.seconds, start.seconds) == (0, 0)
    assert base.seconds == found.seconds > 0
    only = job(tmp_path, "experiments.dynamics.training.batch_size=64")
    with store.open_store(only.store, to_read=True) as stored:
        found = planning.outlook(only, stored.done(only.planned), stored.records, 1, 1)
    assert [part.seconds > 0 for part in found.parts] == [False, True, False]

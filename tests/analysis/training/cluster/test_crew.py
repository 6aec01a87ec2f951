"""A plan on real workers that come, go, and differ: the same bits, or a word that says why not."""

import importlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import DataError, TrainingError
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.training import workers
from analysis.training.cluster import joining, parcels
from analysis.training.cluster.parcels import Luggage
from build import ROOT
from tests.analysis.training import small
from tests.analysis.training.cluster import clusters
from tests.analysis.training.cluster.clusters import Grid
from tests.analysis.training.workers.test_workers import bits

pytestmark = [clusters.needed, pytest.mark.slow]


def plan(data: str, **training: Any) -> list[Task]:
    """Return eight short runs, of two engines that differ by their batches."""
    given: dict[str, Any] = {"seeds": [0, 1], "hidden": (32,), "epochs": 10, **training}
    runs = [
        *small.runs(data, small.HE, small.GLOROT, **given),
        *small.runs(data, small.HE, small.GLOROT, **given, batch_size=50),
    ]
    return [*map(Task, runs)]


def told(results: Iterator[RunResult] | list[RunResult]) -> dict[str, object]:
    """Return all bits of results, by the identity of the run."""
    return {each.run_id: json.loads(bits(asdict(each))) for each in results}


def trained(grid: Grid, tasks: list[Task], luggage: Luggage | None = None) -> list[RunResult]:
    """Return the results of a plan, from the workers of a cluster."""
    with joining.joined(clusters.address(grid), tasks, luggage) as crew:
        return [*crew.train(tasks)]


@pytest.fixture(scope="module")
def expected(small_mnist: str) -> dict[str, object]:
    """Return what the processes of this machine make of the plan."""
    return told(workers.train(plan(small_mnist), 2))


@pytest.fixture
def grid(tmp_path: Path) -> Iterator[Grid]:
    """Return a cluster of two workers."""
    with clusters.grid(tmp_path, 2) as made:
        yield made


def test_the_same_bits_whoever_comes_and_goes(
    grid: Grid, small_mnist: str, expected: dict[str, object]
) -> None:
    """One worker is killed in the middle of a run, one comes late and is the only one in the end.

    The run is trained elsewhere, and so is all else: bit for bit as here. Where it was trained is
    told by the worker; it is this machine. The data are once in the folder of each worker.
    """
    tasks, results = plan(small_mnist), list[RunResult]()
    with joining.joined(clusters.address(grid), tasks) as crew:
        for result in crew.train(tasks):
            results.append(result)
            if len(results) == 1:
                grid.workers[0].kill()
                grid.add()
            if len(results) == 2:
                grid.workers[1].kill()
    assert told(results) == expected
    assert len(results) == len(tasks)
    assert len([*grid.folder.glob("worker-2/**/small.npz")]) == 1


def test_what_a_worker_has_is_not_sent_again(grid: Grid, small_mnist: str) -> None:
    """To another client of the same code nothing is sent; code and data stand by their digests."""
    tasks = plan(small_mnist, epochs=1)[:2]
    found = []
    for _ in range(2):
        assert len(trained(grid, tasks)) == 2
        kept = sorted(grid.folder.glob("worker-*/*/*/*/"))
        found.append([(each.name, each.stat().st_ino) for each in kept if len(each.name) == 64])
    assert found[0] == found[1]
    digests = parcels.packed(task.run for task in tasks).parcels()
    assert {name for name, _ in found[0]} == {*digests}
    assert len(found[0]) == 2 * len(digests) == 2 * 2


def test_a_run_goes_on_from_its_checkpoint(
    grid: Grid, small_mnist: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint goes to the worker, and what comes back are the epochs after it.

    One of another machine is not gone on from: the run is trained from its beginning.
    """
    crew_module = importlib.import_module("analysis.training.cluster.crew")
    (task,) = plan(small_mnist, seeds=[3], epochs=3)[:1]
    first = replace(task.run, asked=replace(task.run.asked, epochs=1, keep_state=True))
    with joining.joined(clusters.address(grid), [task]) as crew:
        (begun,) = crew.train([Task(first)])
        assert begun.state is not None
        (rest,) = crew.train([replace(task, start=1)], lambda _: begun.state)
        monkeypatch.setattr(crew_module, "training_environment", lambda: (("processor", "Other"),))
        (again,) = crew.train([replace(task, start=1)], lambda _: begun.state)
    (whole,) = workers.train([task], 1)
    assert told([again]) == told([whole])
    assert rest.start == 1
    assert rest.epochs == tuple(
        replace(each, train_s=own.train_s)
        for each, own in zip(whole.epochs[1:], rest.epochs, strict=True)
    )


def test_a_worker_of_other_versions_is_refused_by_name(
    grid: Grid, small_mnist: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is one of two threads. The rest train; where none is left, that is an error."""
    for each in grid.workers:
        each.kill()
    (grid.folder / "other" / "keras-9.9.dist-info").mkdir(parents=True)
    meta = grid.folder / "other" / "keras-9.9.dist-info" / "METADATA"
    meta.write_text("Metadata-Version: 2.1\nName: keras\nVersion: 9.9\n")
    grid.add("--nthreads", "1", "--no-nanny", PYTHONPATH=str(grid.folder / "other"))
    grid.add("--nthreads", "2", "--no-nanny")
    clusters.eventually(lambda: joining.count(clusters.address(grid)) == 2)
    tasks = plan(small_mnist, epochs=1)[:2]
    with pytest.raises(TrainingError, match=r"no worker of tcp://.* can train: ") as refused:
        trained(grid, tasks)
    grid.add()
    clusters.eventually(lambda: joining.count(clusters.address(grid)) == 3)
    assert len(trained(grid, tasks)) == 2
    for said in (str(refused.value), capsys.readouterr().out):
        assert "has other versions: keras 9.9, here 3." in said
        assert "has 2 threads, and a worker trains with one: start it with --nthreads 1" in said
    assert not clusters.training(grid.workers[2].pid)


def with_trainer(tasks: list[Task], folder: Path, condition: str, does: str) -> Luggage:
    """Return luggage whose trainer trains nothing, and of some runs does something else."""
    text = (ROOT / "benchmarks" / "trivial.py").read_text(encoding="utf-8")
    begin = "    epochs = range("
    assert begin in text
    path = folder / "trainer.py"
    path.write_text(text.replace(begin, f"    if {condition}:\n        {does}\n{begin}"))
    luggage = parcels.packed(task.run for task in tasks)
    return parcels.with_module(luggage, "training/trainer", path)


def test_a_run_that_is_lost_again_and_again_is_named(grid: Grid, small_mnist: str) -> None:
    """After three times it ends the training, with what became of its process."""
    tasks = plan(small_mnist, seeds=[0, 7])
    kill = "import os; os.kill(os.getpid(), 9)"
    luggage = with_trainer(tasks, grid.folder, "run.seed == 7", kill)
    named = r"the run \w{12} \(base: \w+, seed 7\) was lost 3 times: (.*was killed.*){3}"
    with pytest.raises(TrainingError, match=named):
        trained(grid, tasks, luggage)


def test_an_error_of_a_run_is_that_of_the_training(grid: Grid, small_mnist: str) -> None:
    """It is raised as it is, not tried again."""
    tasks = plan(small_mnist)
    fail = "from analysis.errors import DataError; raise DataError('no')"
    luggage = with_trainer(tasks, grid.folder, "True", fail)
    with pytest.raises(DataError, match=r"^no\b"):
        trained(grid, tasks, luggage)


def test_leaving_ends_runs_at_once(grid: Grid, small_mnist: str) -> None:
    """A run that would take hours is ended where it is trained, when nobody wants it any more."""
    endless = plan(small_mnist, epochs=100_000)
    with joining.joined(clusters.address(grid), endless) as crew:
        results = crew.train([*plan(small_mnist, epochs=1)[:1], *endless])
        next(results)
        before = [pid for each in grid.workers for pid in clusters.training(each.pid)]
        assert before
        del results
    clusters.eventually(lambda: not any(map(clusters.is_running, before)), 60)

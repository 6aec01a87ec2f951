"""What a store costs by its size: plan, report, render and its pages, of some runs and of many.

    python -m benchmarks.sizes [--times N]

Nothing is trained: the published runs are stored, and again under other seeds, so that there are so
many times more. It prints the processor seconds of each command for the study in a store of its
own, for the same study in a store that holds the other runs too, and for a study of all of them;
then how much stands in the site. The project is measured in a copy of its tree.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from analysis.errors import TrainingError
from analysis.plan import planning, provenance
from analysis.plan.result import EpochMetrics, Histogram, LayerStatistics, RunResult, StepLosses
from analysis.plan.run import Run
from analysis.results.places import PUBLISHED
from analysis.results.published.layer import Layer
from analysis.results.stored import store
from analysis.study import file
from analysis.study.file import build_study
from benchmarks import changing
from benchmarks.work import Timed

TIMES = 16
"""With so many times its seeds, the project's study has more than ten thousand runs."""
TURNS = 3
ROWS = {"epochs": EpochMetrics, "layers": LayerStatistics, "histograms": Histogram}
COMMANDS = (
    ("plan", ["plan"], TURNS),
    ("plan, all to be trained", ["plan", "--set=training.batch_size=32"], TURNS),
    ("render, nothing drawn", ["render"], 1),
    ("render", ["render"], TURNS),
    ("report, nothing to do", ["report"], TURNS),
)
"""What is measured, the words of the front door, and of how many turns the median is taken."""
ALL = ["--train", "all"]
SIZED = ("runs.html", "report.pdf")


@dataclass(frozen=True)
class Cost:
    """Seconds by command, and bytes by file of the site, of a study in a store."""

    title: str
    seconds: dict[str, float]
    sizes: dict[str, int]


def settings(root: Path, times: int) -> list[str]:
    """Return what gives the project's study `times` as many seeds, as KEY=VALUE words."""
    tables, _ = file.read(root / "study.toml", ())
    experiments = {f"experiments.{name}.": own for name, own in tables["experiments"].items()}
    parts = {"": tables, **experiments}
    return [f"{key}seeds={times * own['seeds']}" for key, own in parts.items() if "seeds" in own]


def runs(root: Path, times: int) -> tuple[Run, ...]:
    """Return the runs of the project's study with `times` as many seeds."""
    tables, name = file.read(root / "study.toml", settings(root, times))
    study = build_study(tables, name)
    return planning.runs(study, planning.data(study))


class Copies:
    """Results of runs that nobody has trained: those that are published of their settings."""

    def __init__(self, published: Layer, known: Sequence[Run]) -> None:
        self._known: dict[tuple[object, ...], list[Run]] = {}
        for run in known:
            self._known.setdefault((run.experiment, run.point, run.variant), []).append(run)
        self._done = published.done(known)
        tables = {name: published.frame(name, known) for name in ("runs", *ROWS)}
        self._rows = {name: dict([*each.groupby("run_id")]) for name, each in tables.items()}

    def of(self, names: Sequence[Run]) -> RunResult:
        """Return the result of a run, that of a published seed which has all of its names."""
        own = [self._known[run.experiment, run.point, run.variant] for run in names]
        run, seeds = names[0], min(own, key=len)
        like = seeds[run.seed % len(seeds)].id
        epochs, steps = self._of("epochs", like), run.settings.optimization
        count = -(-run.settings.rows.train // steps.batch_size) if steps else 0
        losses = [StepLosses(each[0], np.full(count, each[1], "<f4").tobytes()) for each in epochs]
        (ended,) = self._rows["runs"][like].to_dict("records")
        return RunResult(
            run_id=run.id,
            start=0,
            diverged_epoch=self._done[like].diverged_epoch,
            epochs=tuple(EpochMetrics(*each) for each in epochs),
            steps=tuple(losses),
            layers=tuple(LayerStatistics(*each) for each in self._of("layers", like)),
            histograms=tuple(
                Histogram(moment, layer, quantity, low, high, tuple(json.loads(shares)))
                for moment, layer, quantity, low, high, shares in self._of("histograms", like)
            ),
            measurements=self._done[like].measurements,
            state=None,
            begin_s=float(ended["begin_s"]),
            compile_s=float(ended["compile_s"]),
            environment=provenance.trained_now(),
        )

    def _of(self, table: str, run: str) -> list[tuple[Any, ...]]:
        """Return a run's rows of a table in the fields of its record."""
        if run not in self._rows[table]:
            return []
        columns = [each.name for each in fields(ROWS[table])]
        return [*self._rows[table][run][columns].itertuples(index=False, name=None)]


def fill(root: Path, path: Path, times: int) -> int:
    """Store the runs of the project's study with `times` as many seeds; return how many they are.

    Raises StoreError.
    """
    planned = runs(root, times)
    copies = Copies(Layer(root / "results" / PUBLISHED), runs(root, 1))
    names: dict[str, list[Run]] = {}
    for run in planned:
        names.setdefault(run.id, []).append(run)
    with store.open_store(path) as opened:
        for each in names.values():
            opened.add(each[0], copies.of(each))
    return len(names)


def measure(root: Path, times: int) -> Iterator[Cost]:
    """Yield what the commands cost on three stores, in a copy of the project in the folder `root`.

    Raises TrainingError where a command fails.
    """
    with tempfile.TemporaryDirectory(prefix="sizes-") as folder:
        project, results = Path(folder, "project"), Path(folder, "project", "results")
        changing.copy(root, project)
        few = fill(root, results / "runs.sqlite", 1)
        yield cost(project, f"{few:,} runs")
        many = fill(root, results / "runs.sqlite", times)
        yield cost(project, f"{few:,} of {many:,}")
        yield cost(project, f"{many:,} runs", *settings(root, times))


def cost(project: Path, title: str, *changes: str) -> Cost:
    """Return what each command costs in a project, with changes to its study."""
    print(f"measuring {title} …", flush=True)
    shutil.rmtree(project / "site", ignore_errors=True)
    seconds = {}
    for name, words, turns in COMMANDS:
        asked = [f"--set={each}" for each in changes]
        spent = [timed(project, [*words, *ALL, *asked]) for _ in range(turns)]
        seconds[name] = statistics.median(spent)
    return Cost(title, seconds, {name: (project / "site" / name).stat().st_size for name in SIZED})


def timed(project: Path, words: Sequence[str]) -> float:
    """Return the processor seconds of a command of a project's front door.

    Others on the machine stretch those less than the wall's. Raises TrainingError.
    """
    command = changing.front_door(words)
    with Timed() as spent:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no message"]
        raise TrainingError(f"build.py {' '.join(words)}: {last[0]}")
    return spent.cpu_s


def lines(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield the table: a column a store, and behind each number how many times the first it is."""
    first = costs[0]
    yield "".join([f"{'processor seconds':24}", *(f"{each.title:>22}" for each in costs)])
    for name, least in first.seconds.items():
        cells = (f"{own.seconds[name]:.2f} ({own.seconds[name] / least:.1f}×)" for own in costs)
        yield "".join([f"{name:24}", *(f"{cell:>22}" for cell in cells)])
    for name in first.sizes:
        yield "".join([f"{name:24}", *(f"{own.sizes[name] / 1e6:>19.2f} MB" for own in costs)])


def main() -> None:
    """Measure what is asked for on the command line, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="As many seeds as the study has.")
    print(*lines([*measure(Path.cwd(), parser.parse_args().times)]), sep="\n")


if __name__ == "__main__":
    main()

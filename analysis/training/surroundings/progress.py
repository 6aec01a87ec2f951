"""Show how a training gets on: one bar on a terminal, one line a finished run elsewhere."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator

from analysis.plan.result import RunResult
from analysis.plan.run import Run

Finished = tuple[Run, RunResult]


def follow(results: Iterable[Finished], total: int) -> Iterator[Finished]:
    """Yield the finished runs one by one, telling the person at the screen of each."""
    return _bar(results, total) if sys.stdout.isatty() else _lines(results, total)


def outcome(run: Run, result: RunResult) -> str:
    """Return one run's name and how it ended, in a line."""
    if result.diverged_epoch is not None:
        end = f"diverged in epoch {result.diverged_epoch}"
    elif not result.epochs:
        end = "measured at initialization"
    else:
        end = f"test accuracy {result.epochs[-1].test_accuracy:.2%}"
    return f"{run.experiment}: {run.variant}, seed {run.seed}: {end}, {result.train_s:.1f} s"


def _lines(results: Iterable[Finished], total: int) -> Iterator[Finished]:
    width = len(str(total))
    for count, (run, result) in enumerate(results, start=1):
        yield run, result
        print(f"[{count:{width}}/{total}] {outcome(run, result)}", flush=True)


def _bar(results: Iterable[Finished], total: int) -> Iterator[Finished]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    last = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        BarColumn(20),
        MofNCompleteColumn(),
        TextColumn("runs,"),
        TimeRemainingColumn(compact=True),
        TextColumn("left · {task.fields[speed]}"),
        TextColumn("{task.description}", table_column=last),
    )
    with Progress(*columns, expand=True) as progress:
        task = progress.add_task("starting the workers", total=total, speed="")
        speed = _runs_a_minute()
        for run, result in results:
            yield run, result
            progress.update(task, advance=1, description=outcome(run, result), speed=speed())


def _runs_a_minute() -> Callable[[], str]:
    """Return a function that counts its calls and says how many there are a minute."""
    started, count = time.monotonic(), 0

    def speed() -> str:
        nonlocal count
        count += 1
        return f"{60 * count / max(time.monotonic() - started, 1e-9):.0f} runs/min ·"

    return speed

"""What it costs to hand runs to a cluster and to have them back, beside their training.

    python -m benchmarks.handing [--cluster local:2] [--runs 10000]

The workers, their processes and all that lies between are those of a training; only the trainer
is replaced, by `benchmarks/trivial.py`, whose runs take no time. It prints the time a run takes, by
the clock and of the processor of this process, and the memory of this process on the way: that of
the scheduler, too, where it is started here.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.plan import planning
from analysis.plan.work import Task
from analysis.study.file import build_study
from analysis.training.cluster import joining, parcels
from analysis.training.cluster.joining import Address
from benchmarks import work

TRIVIAL = Path(__file__).parent / "trivial.py"
PARTS = 5
"""So often the memory is looked at."""


@dataclass(frozen=True)
class Handing:
    """Milliseconds a run, by the clock and of this process, and its memory (10⁶ bytes) by parts."""

    wall_ms: float
    cpu_ms: float
    memory_mb: tuple[float, ...]


def tasks(count: int) -> list[Task]:
    """Return so many runs of one engine, which differ by their seeds."""
    tables = {
        "title": "Handing", "dataset": "mnist", "seeds": count, "variants": work.VARIANTS[:1],
        "network": {"hidden": work.HIDDEN, "activation": "relu"},
        "training": {
            "optimizer": "Adam", "loss": "sparse_categorical_crossentropy", "batch_size": 64,
            "epochs": 10, "validation_split": work.SPLIT,
        },
    }  # fmt: skip
    study = build_study(tables, "handing")
    return [*map(Task, planning.runs(study, planning.data(study)))]


def measure(address: Address, count: int) -> Handing:
    """Return what `count` runs cost, once each worker has begun: the first tenth is not counted."""
    planned = tasks(count)
    luggage = parcels.with_module(
        parcels.packed(task.run for task in planned), "training/trainer", TRIVIAL
    )
    warm, memory = count // 10, list[float]()
    with joining.joined(address, planned, luggage) as crew:
        wall = cpu = 0.0
        for done, _ in enumerate(crew.train(planned), start=1):
            if done == warm:
                wall, cpu = time.perf_counter(), time.process_time()
            if done % (count // PARTS) == 0:
                memory.append(work.memory_mb())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Handing(1e3 * wall / (count - warm), 1e3 * cpu / (count - warm), tuple(memory))


def lines(found: Handing) -> Iterator[str]:
    """Yield what is printed."""
    yield f"{found.wall_ms:.1f} ms a run, {found.cpu_ms:.1f} ms of them of this process"
    yield f"memory on the way, MB: {', '.join(f'{each:.0f}' for each in found.memory_mb)}"


def main() -> None:
    """Measure what is asked for on the command line, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", default="local:2")
    parser.add_argument("--runs", type=int, default=10_000)
    asked = parser.parse_args()
    print(*lines(measure(joining.read(asked.cluster), asked.runs)), sep="\n")


if __name__ == "__main__":
    main()

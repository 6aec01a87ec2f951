"""What every contender is given to do, and what each prints about it: one line of JSON."""

import argparse
import dataclasses
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from analysis.data import dataset

HIDDEN = (128, 64)
SPLIT = 0.2
SEED = 0
LEFT_BY_CUT = 0.87962566103423978
"""The standard deviation of a standard normal that is cut off at 2, as `study.initializers` has it.

That module needs packages which the environment of a rival lacks.
"""
VARIANTS: tuple[dict[str, Any], ...] = (
    {"name": "Zeros", "initializer": "Zeros"},
    {"name": "RandomNormal", "initializer": "RandomNormal", "stddev": 0.05},
    {"name": "GlorotNormal", "initializer": "GlorotNormal"},
    {"name": "HeNormal", "initializer": "HeNormal"},
)

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]


def source(data: str) -> tuple[str, Path | None]:
    """Return name and file of the data to work on: "mnist", or the path of an .npz file."""
    return (Path(data).stem, Path(data)) if data.endswith(".npz") else (data, None)


@dataclass(frozen=True)
class Work:
    """One seed of the notebook's experiment: each variant trained for some epochs.

    It is done on the project's MNIST, or on an .npz file of one's own: never on a study's data.
    """

    data: str = "mnist"
    epochs: int = 10
    batch: int = 64
    cluster: str = ""
    """A cluster on which this engine does it once more, such as local:2; of others no affair."""

    def arguments(self) -> list[str]:
        """Return the work as command-line options, as `from_arguments` reads them."""
        values = dataclasses.asdict(self)
        return [text for name, value in values.items() for text in (f"--{name}", str(value))]

    def steps(self) -> int:
        """Return the number of steps of one epoch."""
        rows = dataset.describe(*source(self.data)).validation_start(SPLIT)
        return -(-rows // self.batch)


@dataclass(frozen=True)
class Measurement:
    """What a contender measured of itself. Times are wall-clock; None: not measured there.

    `training_s` includes compilation, `compile_s` is that alone. `step_us` is one training step in
    steady state: the median over the epochs after each variant's first, without validation. `cores`
    is processor time over wall-clock time. `memory_mb` is the peak of the process, or of the
    largest worker.
    """

    training_s: float | None = None
    compile_s: float | None = None
    step_us: float | None = None
    cores: float | None = None
    memory_mb: float | None = None
    workers: int = 1
    accuracy: dict[str, float] = dataclasses.field(default_factory=dict)
    """Validation accuracy of each variant after the last epoch: that all did the same work."""
    library: str = ""
    """Name and version of a rival's library."""


@dataclass(frozen=True)
class Split:
    """Training and held-out rows: x (rows, features), pixels as `pixels` gives them, y (rows,)."""

    x: Floats
    y: Labels
    x_val: Floats
    y_val: Labels


def split(work: Work) -> Split:
    """Return the training rows of the work, of which the last share is held out."""
    data = dataset.load(*source(work.data))
    images = pixels(data)
    start = data.description.validation_start(SPLIT)
    return Split(images[:start], data.y_train[:start], images[start:], data.y_train[start:])


def pixels(data: dataset.Dataset) -> Floats:
    """Return the training images, (samples, features), as float32: bytes / 255, floats as is."""
    return data.x_train.astype(np.float32) / np.float32(largest(data))


def largest(data: dataset.Dataset) -> float:
    """Return by what pixels are divided: 255 where they are bytes, else 1."""
    return 255.0 if data.x_train.dtype == np.uint8 else 1.0


class Epochs:
    """A clock of the training part of every epoch, variant by variant."""

    def __init__(self) -> None:
        self.walls: list[list[float]] = []
        self._cpu = self._wall = 0.0

    def variant(self) -> None:
        """Begin a new variant."""
        self.walls.append([])

    @contextmanager
    def epoch(self) -> Iterator[None]:
        """Time the training of one epoch of the current variant."""
        stop = self.start()
        yield
        stop()

    def start(self) -> Callable[[], None]:
        """Start the clock of an epoch; return the function that stops it."""
        wall, cpu = time.perf_counter(), time.process_time()

        def stop() -> None:
            seconds = time.perf_counter() - wall
            if self.walls[-1]:
                self._wall += seconds
                self._cpu += time.process_time() - cpu
            self.walls[-1].append(seconds)

        return stop

    def measured(
        self, steps: int, training_s: float, accuracy: dict[str, float], library: str = ""
    ) -> Measurement:
        """Return the measurement of epochs of so many steps.

        Compilation is taken to be what a variant's first epoch takes longer than its median one.
        """
        later = [wall for walls in self.walls for wall in walls[1:]]
        median = statistics.median(later)
        return Measurement(
            training_s=training_s,
            compile_s=sum(max(0.0, walls[0] - median) for walls in self.walls),
            step_us=median / steps * 1e6,
            cores=self._cpu / self._wall,
            memory_mb=peak_memory_mb(),
            accuracy=accuracy,
            library=library,
        )


class Timed:
    """What programs cost from outside that are started, and end, inside a `with` block."""

    wall_s = 0.0
    cpu_s = 0.0
    """Seconds of all processors, those of the programs' own children included."""

    def __enter__(self) -> Self:
        """Start both clocks."""
        self._wall, self._cpu = time.perf_counter(), _children_s()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them."""
        self.wall_s = time.perf_counter() - self._wall
        self.cpu_s = _children_s() - self._cpu


def _children_s() -> float:
    """Return the processor time of all child processes that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_memory_mb() -> float:
    """Return the largest resident memory this process has had, in 10⁶ bytes."""
    return _status_mb("VmHWM")


def memory_mb() -> float:
    """Return the resident memory of this process, in 10⁶ bytes; the largest where none is told."""
    return _status_mb("VmRSS")


def _status_mb(name: str) -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
    return _max_rss_mb(resource.RUSAGE_SELF)


def peak_memory_of_children_mb() -> float:
    """Return the largest resident memory of any child process that has ended, in 10⁶ bytes."""
    return _max_rss_mb(resource.RUSAGE_CHILDREN)


def _max_rss_mb(who: int) -> float:
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kibibytes elsewhere
    return resource.getrusage(who).ru_maxrss * unit / 1e6


def from_arguments(
    modes: Sequence[str], arguments: Sequence[str] | None = None
) -> tuple[str, Work, int]:
    """Return the mode, the work and the tuned number of a contender's command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=modes)
    parser.add_argument("--tuned", type=int, default=1)
    for field in dataclasses.fields(Work):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    values = vars(parser.parse_args(arguments))
    mode, tuned = values.pop("mode"), values.pop("tuned")
    return mode, Work(**values), tuned


def tell(measured: Measurement | dict[str, int]) -> None:
    """Print a measurement as the one line that the comparison reads: the last of the output."""
    row = measured if isinstance(measured, dict) else dataclasses.asdict(measured)
    print(json.dumps(row), flush=True)

"""How far apart rounding alone takes two trainings of one run: here, and with other instructions.

    python -m benchmarks.rounding [--experiment NAME] [--runs N] [--out FILE]

Of every experiment some settings, evenly spaced, are trained for one epoch with their first seed:
as a worker trains them, and as one does that is told to keep to the instructions of an older
processor. It prints how far apart the untrained measurements lie, and the losses of the first
steps. The bounds of `stages/anew/bounds.py` were chosen by its numbers.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest import mock

import numpy as np
import numpy.typing as npt

from analysis.errors import whole
from analysis.plan import planning, work
from analysis.plan.result import RunResult
from analysis.plan.run import Asked, Run
from analysis.study import file
from analysis.training import workers
from analysis.training.surroundings import variables

OTHERS = {
    "SSE4.2": {"XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2", "ONEDNN_MAX_CPU_ISA": "SSE41"},
    "AVX": {"XLA_FLAGS": "--xla_cpu_max_isa=AVX", "ONEDNN_MAX_CPU_ISA": "AVX"},
}
"""Variables of a worker by which XLA and oneDNN keep to fewer instructions."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 150)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Distance:
    """How far apart two trainings of a run lie, relative to what is measured.

    `untrained` by column: the largest difference over the largest number in it. `steps` are those
    of the losses of the first epoch, over the loss, step by step.
    """

    experiment: str
    variant: str
    point: int
    untrained: Mapping[str, float]
    steps: tuple[float, ...]


def runs(root: Path, experiment: str, most: int) -> tuple[Run, ...]:
    """Return a run each of some settings of an experiment, or of all, for one epoch at most."""
    tables, name = file.read(root / "study.toml", ())
    study = file.build_study(tables, name)
    first: dict[tuple[str, int, str], Run] = {}
    for run in planning.runs(study, planning.data(study), [experiment] if experiment else ()):
        first.setdefault((run.experiment, run.point, run.variant), run)
    parts: dict[str, list[Run]] = {}
    for run in first.values():
        parts.setdefault(run.experiment, []).append(replace(run, asked=_start(run.asked)))
    spaced = (np.linspace(0, len(own) - 1, min(most, len(own))) for own in parts.values())
    both = zip(parts.values(), spaced, strict=True)
    return tuple(own[round(place)] for own, places in both for place in places)


def _start(asked: Asked) -> Asked:
    """What is asked of the start of a run alone."""
    untrained = frozenset((what, 0.0) for what, _ in asked.measurements)
    return Asked(min(asked.epochs, 1), untrained)


def trained(planned: Sequence[Run], others: Mapping[str, str]) -> dict[str, RunResult]:
    """Return the results by identity, of workers with these variables beside their own."""
    own = variables.OF_WORKER
    joined = {name: " ".join(filter(None, (own.get(name), text))) for name, text in others.items()}
    with mock.patch.dict(own, joined):
        found = workers.train(work.tasks(planned, {}))
        return {result.run_id: result for result in found}


def distances(
    planned: Sequence[Run], here: Mapping[str, RunResult], there: Mapping[str, RunResult]
) -> Iterator[Distance]:
    """Yield how far apart the two results of each run are."""
    for run in planned:
        one, other = here[run.id], there[run.id]
        untrained = dict(_untrained(one, other))
        steps = tuple(_losses(one, other)) if one.steps else ()
        yield Distance(run.experiment, run.variant, run.point, untrained, steps)


def _untrained(one: RunResult, other: RunResult) -> Iterator[tuple[str, float]]:
    both = [[asdict(row) for row in result.layers if row.progress == 0] for result in (one, other)]
    for column in both[0][0] if both[0] else ():
        own, known = (_numbers(rows, column) for rows in both)
        yield column, _relative(own, known)
    shares = [
        np.array([row.shares for row in result.histograms if row.progress == 0], np.float64)
        for result in (one, other)
    ]
    if shares[0].size:
        yield "shares", _relative(*shares)


def _numbers(rows: Sequence[Mapping[str, object]], column: str) -> Floats:
    return np.array([row[column] for row in rows], dtype=np.float64)  # None: NaN


def _relative(own: Floats, known: Floats) -> float:
    size = float(np.nanmax(np.abs(known), initial=0.0)) or 1.0
    return float(np.nanmax(np.abs(own - known), initial=0.0)) / size


def _losses(one: RunResult, other: RunResult) -> Iterator[float]:
    own, known = (
        np.frombuffer(each.steps[0].losses, "<f4").astype(np.float64) for each in (one, other)
    )
    yield from (np.abs(own - known) / np.maximum(np.abs(known), 1e-12)).tolist()


def lines(name: str, found: Sequence[Distance]) -> Iterator[str]:
    """Yield what is printed of one kind of instructions."""
    yield f"{name}: {len(found)} runs"
    for column in dict.fromkeys(key for each in found for key in each.untrained):
        largest = max(each.untrained.get(column, 0.0) for each in found)
        yield f"  untrained, {column:22} {largest:.1e} of the largest"
    taught = [each for each in found if each.steps]
    for step in STEPS:
        known = [each.steps[:step] for each in taught if len(each.steps) >= step]
        values = [float(np.nan_to_num(np.max(each), nan=np.inf)) for each in known]
        if values:
            shares = np.quantile(values, [0.5, 0.9, 1.0], method="nearest")
            told = "  ".join(f"{each:.1e}" for each in shares)
            yield f"  losses up to step {step:3}: median, 90 %, largest  {told}"


def main() -> None:
    """Measure what is asked for on the command line, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiment", default="")
    parser.add_argument("--runs", type=int, default=8, help="Of each experiment.")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    planned = runs(Path.cwd(), asked.experiment, asked.runs)
    here, told = trained(planned, {}), {}
    for name, others in OTHERS.items():
        found = [*distances(planned, here, trained(planned, others))]
        told[name] = [asdict(each) for each in found]
        print(*lines(name, found), sep="\n", flush=True)
        if asked.out:
            whole.write(asked.out, json.dumps(told) + "\n")


if __name__ == "__main__":
    main()

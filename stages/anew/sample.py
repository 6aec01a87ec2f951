"""Which published runs are trained anew: some of every experiment and variant, as time allows."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.data.dataset import Description
from analysis.plan import work
from analysis.plan.costs import arithmetic, times
from analysis.plan.run import Run


def drawn(
    planned: Sequence[Run], clock: times.Times, seconds: float, workers: int, seed: int,
    data: Mapping[str, Description],
) -> tuple[Run, ...]:  # fmt: skip
    """Return a sample of runs that takes so many seconds of wall time on `workers` processes.

    Of each experiment and variant there is at least one, whatever it takes, at the point of the
    sweep that takes least. The others follow in an order by chance, which follows from the `seed`,
    as long as they fit.
    """
    generator = np.random.default_rng(seed)
    order = [planned[place] for place in generator.permutation(len(planned))]
    least = {(run.experiment, run.point): _cost(run, data) for run in planned}
    first: dict[tuple[str, str], Run] = {}
    for run in order:
        key = (run.experiment, run.variant)
        known = first.get(key)
        if known is None or least[run.experiment, run.point] < least[known.experiment, known.point]:
            first[key] = run
    taken = [*first.values()]
    chosen = {id(run) for run in taken}
    for run in (each for each in order if id(each) not in chosen):
        if _seconds([*taken, run], clock, workers) > seconds:
            break
        taken.append(run)
    kept = {id(run) for run in taken}
    return tuple(run for run in planned if id(run) in kept)


def _cost(run: Run, data: Mapping[str, Description]) -> float:
    """Seconds by arithmetic, the same on every machine."""
    settings, asked = run.settings, run.asked
    begun = arithmetic.begin_s(settings, asked.measurements)
    if not asked.epochs:
        return begun
    trained = arithmetic.epochs_s(settings, data[run.dataset], 0, asked.epochs, asked.measurements)
    return begun + trained + arithmetic.compile_s(settings)


def _seconds(runs: Sequence[Run], clock: times.Times, workers: int) -> float:
    return sum(times.seconds(work.tasks(runs, {}), clock, workers).values())


def names(run: Run) -> str:
    """Return what a run is called: its experiment, variant, place in a sweep, and seed."""
    at = " ".join(f"{name}={value}" for name, value in run.coordinates.items())
    return ", ".join(filter(None, [run.experiment, run.variant, at, f"seed {run.seed}"]))

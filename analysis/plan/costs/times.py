"""How long a plan takes on this machine: by its arithmetic, and by what runs here have taken."""

import heapq
import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.data.dataset import Description
from analysis.plan.costs import arithmetic
from analysis.plan.costs.queue import Queue
from analysis.plan.result import Record
from analysis.plan.run import EngineKey, Run, compiled_in, engine_key
from analysis.plan.work import Task

COMPILED_S = 0.1
"""A run that waited less for its engine has found it compiled."""


class Ratios:
    """By engine: the seconds that something took over its seconds by arithmetic."""

    def __init__(self) -> None:
        self._seen: dict[EngineKey, list[tuple[float, float]]] = {}
        self._found: dict[EngineKey, float] = {}

    def add(self, engine: EngineKey, taken: float, least: float) -> None:
        """Note what something took that takes `least` seconds by arithmetic."""
        self._seen.setdefault(engine, []).append((taken, least))

    def of(self, engine: EngineKey, least: float) -> float | None:
        """Return the ratio of the engine that differs least from one; None where there is none.

        Of several, that whose seconds by arithmetic are nearest to `least`.
        """
        if engine not in self._found and self._seen:

            def distance(other: EngineKey) -> tuple[int, float]:
                differing = sum(a != b for a, b in zip(engine, other, strict=True))
                return differing, abs(math.log(least / self._seen[other][0][1]))

            seen = self._seen[min(self._seen, key=distance)]
            self._found[engine] = statistics.median(taken / least for taken, least in seen)
        return self._found.get(engine)

    def typical(self) -> float | None:
        """Return the median of all; None where there is none."""
        seen = [taken / least for own in self._seen.values() for taken, least in own]
        return statistics.median(seen) if seen else None


class Times:
    """Seconds on this machine: those by arithmetic, times what such an engine's runs have taken.

    Where none has run here, times the pace that is `measured` then.
    """

    def __init__(
        self,
        records: Iterable[Record],
        data: Mapping[str, Description],
        measured: Callable[[], float],
    ) -> None:
        self._data, self._measured = data, measured
        self._begins, self._epochs, self._compiled = Ratios(), Ratios(), Ratios()
        described = {each.digest: each for each in data.values()}
        for each in records:
            if each.here and each.settings.dataset_digest in described:
                self._learn(each, described[each.settings.dataset_digest])

    def _learn(self, record: Record, data: Description) -> None:
        settings, count = record.settings, record.epochs
        engine = compiled_in(settings)
        begun = arithmetic.begin_s(settings, record.measurements)
        self._begins.add(engine, record.begin_s, begun)
        if settings.optimization and count:
            trained = arithmetic.epochs_s(settings, data, 0, count, record.measurements)
            self._epochs.add(engine, record.epochs_s / count, trained / count)
            if record.compile_s > COMPILED_S:
                self._compiled.add(engine, record.compile_s, arithmetic.compile_s(settings))

    def start_s(self) -> float:
        """Return the seconds until a worker can train."""
        return arithmetic.START_S * (self._compiled.typical() or self._measured())

    def task_s(self, task: Task) -> float:
        """Return the seconds that one worker trains and measures a run, compilation apart."""
        run, start, end = task.run, task.start, task.run.asked.epochs
        settings, measured = run.settings, run.asked.measurements
        begun = arithmetic.begin_s(settings, frozenset() if start else measured)
        seconds = self._here(self._begins, run, begun)
        if end > start:
            data = self._data[run.dataset]
            trained = arithmetic.epochs_s(settings, data, start, end, measured)
            seconds += (end - start) * self._here(self._epochs, run, trained / (end - start))
        return seconds

    def compile_s(self, run: Run) -> float:
        """Return the seconds until the engine of a run is compiled, if it is to be trained."""
        if not run.asked.epochs:
            return 0.0
        return self._here(self._compiled, run, arithmetic.compile_s(run.settings))

    def _here(self, ratios: Ratios, run: Run, least: float) -> float:
        return least * (ratios.of(compiled_in(run.settings), least) or self._measured())


def seconds(tasks: Sequence[Task], times: Times, workers: int) -> dict[str, float]:
    """Return the seconds of wall time until the tasks are done, shared out to their runs, by id.

    The tasks are gone through as the workers will take them: each waits for its engine where it
    comes from another one. A run is trained by one worker: more of them make nothing faster.
    """
    if not tasks:
        return {}
    queue, shares = Queue(tasks), dict[str, float]()
    start = times.start_s()
    free = [(start, worker) for worker in range(min(workers, len(tasks)))]
    engines: dict[int, EngineKey] = {}
    end = start
    while queue:
        now, worker = heapq.heappop(free)
        task = queue.take(worker)
        engine = engine_key(task.run)
        taken = times.task_s(task)
        if engines.get(worker) != engine:
            taken += times.compile_s(task.run)
            engines[worker] = engine
        shares[task.run.id] = taken
        heapq.heappush(free, (now + taken, worker))
        end = max(end, now + taken)
    busy = math.fsum(shares.values())
    return {run: end * share / busy for run, share in shares.items()}

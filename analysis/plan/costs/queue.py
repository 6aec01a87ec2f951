"""Which task a worker takes next: so a training goes, and so its time is told before."""

from collections import deque
from collections.abc import Sequence

from analysis.plan.run import EngineKey, engine_key
from analysis.plan.work import Task


class Queue:
    """Tasks that wait for a worker, grouped by the engine that trains them.

    A worker stays with its engine while runs are left for it; then it takes an engine that nobody
    has, in the order planned, and last it helps where most runs are left. So an engine is compiled
    in few workers, and the order of runs changes no result.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._groups: dict[EngineKey, deque[Task]] = {}
        for task in tasks:
            self._groups.setdefault(engine_key(task.run), deque()).append(task)
        self._engine_of: dict[int, EngineKey] = {}

    def __len__(self) -> int:
        """Return how many tasks are left."""
        return sum(map(len, self._groups.values()))

    def __bool__(self) -> bool:
        """Tell whether tasks are left."""
        return bool(self._groups)

    def take(self, worker: int) -> Task:
        """Return the next task for a worker and forget it."""
        key = self._engine_of.get(worker)
        if key not in self._groups:
            taken = set(self._engine_of.values())
            free = [key for key in self._groups if key not in taken]
            key = free[0] if free else max(self._groups, key=lambda k: len(self._groups[k]))
        assert key is not None
        self._engine_of[worker] = key
        task = self._groups[key].popleft()
        if not self._groups[key]:
            del self._groups[key]
        return task

    def again(self, task: Task) -> None:
        """Let a task wait once more, before all others of its engine: its worker was lost."""
        self._groups.setdefault(engine_key(task.run), deque()).appendleft(task)

    def leave(self, worker: int) -> None:
        """Let others take the engine of a worker that is gone."""
        self._engine_of.pop(worker, None)

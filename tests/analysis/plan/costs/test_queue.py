"""Which run a worker takes next: engines are compiled in few workers, and no run is lost."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.plan.costs.queue import Queue
from analysis.plan.run import Run, engine_key
from analysis.plan.work import Task
from tests.analysis.plan.test_run import SETTINGS


def task(depth: int, seed: int) -> Task:
    """Return the task of a network of so many layers; each depth is an engine of its own."""
    return Task(Run("e", "v", "mnist", replace(SETTINGS, hidden=(8,) * depth, seed=seed)))


def taken(queue: Queue, turns: list[int]) -> list[list[Run]]:
    """Return what each worker took when they came in these turns, in its order."""
    found: list[list[Run]] = [[] for _ in range(max(turns) + 1)]
    for worker in turns:
        if queue:
            found[worker].append(queue.take(worker).run)
    return found


def switches(runs: list[Run]) -> int:
    """Return how often a worker had to compile."""
    keys = [engine_key(each) for each in runs]
    return sum(a != b for a, b in zip([None, *keys], keys, strict=False))


def test_a_worker_stays_with_its_engine() -> None:
    """Two workers that take turns share two engines, whatever the order of the plan."""
    mixed = [task(depth, seed) for seed in range(5) for depth in (1, 2)]
    first, second = taken(Queue(mixed), [0, 1] * 5)
    assert [len(each.settings.hidden) for each in first] == [1] * 5
    assert [len(each.settings.hidden) for each in second] == [2] * 5
    assert [each.seed for each in first] == list(range(5))


def test_a_free_worker_takes_an_engine_that_nobody_has() -> None:
    """Engines go round in the order planned; each is compiled once."""
    tasks = [task(depth, seed) for depth in (3, 1, 2, 4) for seed in range(4)]
    found = taken(Queue(tasks), [0, 1] * 8)
    assert [[len(each.settings.hidden) for each in own[::4]] for own in found] == [[3, 2], [1, 4]]
    assert sum(map(switches, found)) == 4


def test_a_worker_without_an_engine_helps_where_most_is_left() -> None:
    """One engine's many runs are shared once there is nothing else to do."""
    tasks = [task(1, seed) for seed in range(8)] + [task(2, 0)]
    first, second = taken(Queue(tasks), [0, 1] * 5)
    assert [len(each.settings.hidden) for each in second] == [2, 1, 1, 1]
    assert len(first) == 5


@given(
    plan=st.lists(st.integers(1, 5), min_size=1, max_size=40),
    turns=st.lists(st.integers(0, 3), min_size=1, max_size=30),
)
def test_every_run_is_taken_once(plan: list[int], turns: list[int]) -> None:
    """Whatever the plan and whoever comes when, the queue ends empty and nothing is doubled."""
    tasks = [task(depth, seed) for seed, depth in enumerate(plan)]
    queue = Queue(tasks)
    found = taken(queue, [turns[place % len(turns)] for place in range(len(tasks))])
    taken_ids = Counter(each.id for own in found for each in own)
    assert taken_ids == Counter(each.run.id for each in tasks)
    assert not queue


def test_an_empty_queue_says_so() -> None:
    """Nothing planned, nothing to take."""
    assert not Queue([])
    with pytest.raises(ValueError, match="empty"):
        Queue([]).take(0)


def test_what_was_lost_is_taken_again_before_all_else_of_its_engine() -> None:
    """Nothing else changes its place, and a queue that was empty has it alone."""
    queue = Queue([task(1, seed) for seed in range(3)])
    first, second = queue.take(0), queue.take(0)
    queue.again(second)
    queue.again(first)
    assert len(queue) == 3
    assert [queue.take(1).run.seed for _ in range(3)] == [0, 1, 2]
    assert not queue
    queue.again(first)
    assert len(queue) == 1
    assert queue.take(0) is first


def test_the_engine_of_who_is_gone_is_free() -> None:
    """Who comes next takes it, rather than to help with an engine that somebody has."""
    queue = Queue([task(depth, seed) for depth in (1, 2) for seed in range(3)])
    queue.take(0)
    queue.take(1)
    queue.leave(0)
    assert len(queue.take(2).run.settings.hidden) == 1

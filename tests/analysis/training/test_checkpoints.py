"""Going on from a checkpoint: bit for bit what a training gives that was never interrupted."""

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from analysis.plan.result import RunResult
from analysis.plan.run import Run
from tests.analysis.training import small

RMSPROP = {"name": "RMSprop", "momentum": 0.5, "centered": True}
MEASURED = frozenset(
    (what, when) for what in ("weights", "signals") for when in (0.0, 1.0, 2.5, 3.0, 4.0)
)


def until(run: Run, epochs: int) -> Run:
    """The run with so many epochs and a checkpoint at their end."""
    asked = replace(run.asked, epochs=epochs, measurements=MEASURED, keep_state=True)
    return replace(run, asked=asked)


def timeless(result: RunResult) -> dict[str, Any]:
    """All of a result but its times, and from where it went on."""
    epochs = tuple(replace(epoch, train_s=0.0) for epoch in result.epochs)
    return {**vars(result), "epochs": epochs, "begin_s": 0, "compile_s": 0, "start": 0}


@pytest.mark.parametrize("stop", [1, 3])
@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"optimizer": small.ADAM}, id="adam"),
        pytest.param({"optimizer": small.MOMENTUM}, id="momentum", marks=pytest.mark.slow),
        pytest.param(
            {"optimizer": RMSPROP, "batch_size": 60},
            id="rmsprop, short last batch",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"normalization": "batch", "dropout": 0.3, "hidden": (16, 16), "residual": True},
            id="moving statistics and seeds of dropout",
        ),
    ],
)
def test_two_parts_are_one_whole(
    training: ModuleType, small_mnist: str, settings: dict[str, Any], stop: int
) -> None:
    """Losses, metrics, layers and the state at the end, wherever the training was cut."""
    own = {"hidden": (16,), **settings}
    he, glorot = small.runs(small_mnist, small.HE, small.GLOROT, **own)
    whole = training.train(until(he, 4))
    first = training.train(until(he, stop))
    training.train(until(glorot, 2))  # another run of the engine in between
    second = training.train(until(he, 4), stop, first.state)
    assert (first.start, second.start) == (0, stop)
    one, both = timeless(whole), timeless(second)
    for name in ("epochs", "steps", "layers", "histograms"):
        both[name] = timeless(first)[name] + both[name]
    both["measurements"] = first.measurements | second.measurements
    assert both == one
    assert first.state != second.state


@pytest.fixture(scope="module")
def states(training: ModuleType, small_mnist: str) -> dict[str, bytes | None]:
    """Return what may stand in the place of a run's checkpoint, by what has become of that."""
    run, other = (small.runs(small_mnist, hidden=(width,))[0] for width in (16, 12))
    foreign, state = (training.train(until(each, 1)).state for each in (other, run))
    return {
        "gone": None,
        "cut short": state[: len(state) // 2],
        "no file of arrays": b"PK\x05\x06" + bytes(18),
        "another network's": foreign,
    }


@pytest.mark.parametrize("lost", ["gone", "cut short", "no file of arrays", "another network's"])
def test_without_its_checkpoint_a_run_starts_anew(
    training: ModuleType, small_mnist: str, states: dict[str, bytes | None], lost: str
) -> None:
    """That costs time and no bit, and leaves nothing of the file in the weights."""
    (run,) = small.runs(small_mnist, hidden=(16,))
    found = training.train(until(run, 3), 1, states[lost])
    assert found.start == 0
    assert timeless(found) == timeless(training.train(until(run, 3)))


def test_a_checkpoint_is_kept_where_it_is_asked_for(training: ModuleType, small_mnist: str) -> None:
    """Neither for a run that asks for none, nor for one that diverged; it is small."""
    (run,) = small.runs(small_mnist)
    assert training.train(run).state is None
    assert len(training.train(until(run, 1)).state) < 2_000_000
    huge = {"name": "SGD", "learning_rate": 1e30}
    (lost,) = small.runs(small_mnist, hidden=(8,), optimizer=huge)
    assert training.train(until(lost, 2)).state is None

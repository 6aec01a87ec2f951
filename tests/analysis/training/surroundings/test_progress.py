"""What a person reads while networks are trained, with a terminal and without."""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from analysis.data import dataset
from analysis.plan import planning
from analysis.plan.result import EpochMetrics, RunResult
from analysis.training.surroundings import progress
from analysis.training.surroundings.progress import Finished
from tests.made.results.studies import load_study


def finished(count: int, diverged: int | None = None) -> list[Finished]:
    """Return the first runs of the quick study with results; all diverge in that epoch, if any."""
    runs = planning.runs(
        load_study("quick"), {name: dataset.describe(name) for name in ("mnist", "fashion-mnist")}
    )[:count]
    epochs = (EpochMetrics(1, 0.3, 0.9, 0.2, 0.95, 0.2, 0.97531, train_s=1.54),)
    return [
        (run, RunResult(run.id, 0, diverged, epochs, (), (), (), frozenset(), None, 0.5, 0.5, ()))
        for run in runs
    ]


def test_without_a_terminal_each_finished_run_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The line counts, names variant and seed, and says how the run ended; nothing else is said."""
    assert list(progress.follow(finished(2), 80)) == finished(2)
    assert capsys.readouterr().out.splitlines() == [
        "[ 1/80] base: Zeros, seed 3000: test accuracy 97.53%, 2.0 s",
        "[ 2/80] base: RandomNormal, seed 3000: test accuracy 97.53%, 2.0 s",
    ]


def test_a_diverged_run_is_called_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The line tells the epoch in place of an accuracy."""
    list(progress.follow(finished(1, diverged=3), 1))
    assert capsys.readouterr().out == "[1/1] base: Zeros, seed 3000: diverged in epoch 3, 2.0 s\n"


def test_a_line_is_printed_after_its_run_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads that a run has finished may rely on it: the caller had it before."""
    followed = progress.follow(finished(2), 2)
    next(followed)
    assert capsys.readouterr().out == ""
    next(followed)
    assert capsys.readouterr().out.startswith("[1/2]")


def test_a_run_that_is_not_trained_is_called_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Where an experiment only looks at the start, no accuracy is made up."""
    (run, result), *_ = finished(1)
    list(progress.follow([(run, replace(result, epochs=()))], 1))
    said = "[1/1] base: Zeros, seed 3000: measured at initialization, 0.5 s\n"
    assert capsys.readouterr().out == said


class Terminal(io.StringIO):
    """A screen that says it is one."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def test_on_a_terminal_one_bar_counts_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar shows the count, the last finished run and the speed, and passes every run on."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "150")
    assert list(progress.follow(finished(3), 3)) == finished(3)
    shown = screen.getvalue()
    assert "3/3" in shown
    assert "base: GlorotNormal, seed 3000: test accuracy 97.53%" in shown
    assert "runs/min" in shown


@pytest.mark.parametrize("screen", [io.StringIO, Terminal])
def test_an_error_of_the_training_passes_through(
    monkeypatch: pytest.MonkeyPatch, screen: type[io.StringIO]
) -> None:
    """Neither lines nor bar swallow what goes wrong."""

    def failing() -> Iterator[Finished]:
        yield from finished(1)
        raise MemoryError

    monkeypatch.setattr(sys, "stdout", screen())
    with pytest.raises(MemoryError):
        list(progress.follow(failing(), 2))

"""Lists and counts in a sentence: of seeds, of things, and of the runs that diverged."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from analysis.errors import plural
from report.words import numbers

if TYPE_CHECKING:
    import pandas as pd


def over(rows: "pd.DataFrame") -> str:
    """Return over how many seeds means of these rows, which have a `seed` each, are taken."""
    seeds = rows["seed"].nunique()
    return "one seed" if seeds == 1 else f"means over {seeds} seeds"


def counted(number: int, thing: str) -> str:
    """Return a number with its thing, "1 layer", "3 layers" or "1,200 layers"."""
    return f"{numbers.count(number)} {plural(number, thing)}"


def hidden_layers(depth: Any) -> str:
    """Return how deep a network is: "1 hidden layer", "30 hidden layers"."""
    return counted(int(depth), "hidden layer")


def listed(words: Iterable[object]) -> str:
    """Return the words as one says them: "1", "1 and 2", "1, 2 and 3"; nothing for none."""
    *others, last = [*map(str, words)] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def divergences(runs: "pd.DataFrame", mark: str = "") -> list[str]:
    """Return a sentence for each variant with diverged runs: how many, and from which epoch."""
    sentences = []
    for name, lost, part in _lost(runs):
        first, latest = lost.min(), lost.max()
        when = f"epoch {first}" if first == latest else f"epochs {first} to {latest}"
        sentences.append(f"{mark}{name}: diverged at {when} ({part}).")
    return sentences


def not_in_means(runs: "pd.DataFrame") -> list[str]:
    """Return a sentence for each variant with diverged runs, which its means leave out."""
    return [
        f"{name}: {part} diverged, the first at epoch {lost.min()}; its means are over the others."
        for name, lost, part in _lost(runs)
    ]


def _lost(runs: "pd.DataFrame") -> "Iterator[tuple[str, pd.Series, str]]":
    """Yield each variant with diverged runs, the epochs at which they did, and "1 of 3 runs"."""
    for name, own in runs.groupby("variant", observed=True):
        lost = own.loc[own["status"] == "diverged", "diverged_epoch"].dropna().astype(int)
        if len(lost):
            yield str(name), lost, f"{len(lost)} of {counted(len(own), 'run')}"


def left_out(runs: "pd.DataFrame") -> list[str]:
    """Return a sentence on how many of the runs diverged, if any did."""
    gone = int((runs["status"] == "diverged").sum())
    are = "is" if gone == 1 else "are"
    return [f"{gone} of {counted(len(runs), 'run')} diverged and {are} left out."] if gone else []


def as_guesses(runs: "pd.DataFrame") -> list[str]:
    """Return a sentence on how many of the runs diverged and count as guessing, if any did."""
    gone = int((runs["status"] == "diverged").sum())
    verb = "counts" if gone == 1 else "count"
    part = f"{gone} of {counted(len(runs), 'run')}"
    return [f"{part} diverged and {verb} as guessing."] if gone else []

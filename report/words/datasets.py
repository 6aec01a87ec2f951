"""What an answer can say of a data set, in numbers and words."""

import math
from typing import TYPE_CHECKING, Any

from analysis.claims.deciding import LEVELS
from analysis.data.scaling import RANGES
from report.words.numbers import count, exact, loss, magnitude, percent

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from analysis.study.model import Settings

Told = dict[str, Any]


def of(results: "Results", experiment: str) -> Told:
    """Return what is told of the data of an experiment, at the first point of its sweep.

    Of one that the study has not, it is those of the study, or else the first of all.
    """
    own = results.study.experiments.get(experiment)
    settings = own.points[0].settings if own else results.study
    known = settings.dataset.name in results.data
    return told(results, settings) if known else all_of(results)[0]


def all_of(results: "Results") -> tuple[Told, ...]:
    """Return what is told of every data set of the study, each once, in the order of its use."""
    points = [point for each in results.study.experiments.values() for point in each.points]
    used = {point.settings.dataset.name: point.settings for point in points}
    return tuple(told(results, settings) for settings in used.values())


def told(results: "Results", settings: "Settings") -> Told:
    """Return what is told of the data set of these settings.

    name and source (as the study has them); features and classes (numbers); train, test, chance (an
    accuracy), guessing (a loss), equal_loss (ln classes), stalled, learned and trained (accuracies)
    in words; balanced; labels and pixels (what they are in the file); scaling (a sentence).
    """
    named, about = settings.dataset, results.data[settings.dataset.name]
    levels = {name: f"{exact(level.of(about.chance))} %" for name, level in LEVELS.items()}
    return {
        "name": named.name,
        "source": named.source or "",
        "features": about.features,
        "classes": about.classes,
        "train": count(about.train_samples),
        "test": count(about.test_samples),
        "error": magnitude(math.sqrt(0.975 * 0.025 / about.test_samples), 2),
        "balanced": about.balanced,
        "chance": percent(100 * about.chance, 1),
        "guessing": loss(about.guessing_loss),
        "equal_loss": loss(math.log(about.classes)),
        "labels": about.labels,
        "pixels": about.pixels,
        "scaling": RANGES[about.pixels].words,
        **levels,
    }

"""What an answer can say of a data set, in numbers and words."""

import math
from typing import TYPE_CHECKING, Any

from analysis.claims.deciding import LEVELS
from analysis.data.dataset import CREDITS
from analysis.data.scaling import RANGES
from analysis.study.model import Settings
from report.words.numbers import count, exact, loss, magnitude, percent
from report.words.settings import TITLES

if TYPE_CHECKING:
    from analysis.results.frames import Results

Told = dict[str, Any]

TYPICAL = 0.975
"""An accuracy, as a fraction, whose error an answer tells."""


def of(results: "Results", experiment: str) -> Told:
    """Return what is told of the data of an experiment, at the first point of its sweep.

    Of one that the study has not, it is the first of all.
    """
    own = results.study.experiments.get(experiment)
    return told(results, own.points[0].settings) if own else all_of(results)[0]


def all_of(results: "Results") -> tuple[Told, ...]:
    """Return what is told of every data set of the study, each once, in the order of its use."""
    points = [point for each in results.study.experiments.values() for point in each.points]
    used = dict[str, Settings]()
    for point in points:
        used.setdefault(point.settings.dataset.name, point.settings)
    return tuple(told(results, settings) for settings in used.values())


def told(results: "Results", settings: Settings) -> Told:
    """Return what is told of the data set of these settings.

    name (as the study has it), title (as it is written) and source (as that or the project has it);
    features and classes (numbers); train, test, chance (an accuracy), guessing (a loss), equal_loss
    (ln classes), error (of an accuracy of TYPICAL on all test images, one standard error as a
    fraction), stalled, learned and trained (accuracies) in words; balanced; labels and pixels (what
    they are in the file); scaling (a sentence).
    """
    named, about = settings.dataset, results.data[settings.dataset.name]
    training = settings.training
    guess = about.guess(training.validation_split, training.data_fraction)
    levels = {name: f"{exact(level.of(guess.chance))} %" for name, level in LEVELS.items()}
    return {
        "name": named.name,
        "title": TITLES.get(named.name, named.name),
        "source": named.source or CREDITS.get(named.name, ""),
        "features": about.features,
        "classes": about.classes,
        "train": count(about.train_samples),
        "test": count(about.test_samples),
        "error": magnitude(math.sqrt(TYPICAL * (1 - TYPICAL) / about.test_samples), 2),
        "balanced": guess.balanced,
        "chance": percent(100 * guess.chance, 1),
        "guessing": loss(guess.loss),
        "equal_loss": loss(math.log(about.classes)),
        "labels": about.labels,
        "pixels": about.pixels,
        "scaling": RANGES[about.pixels].words,
        **levels,
    }

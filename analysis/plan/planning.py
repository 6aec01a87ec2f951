"""From a study to its list of runs, and which of them are still to be trained."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from analysis.data import dataset
from analysis.data.dataset import Description, Share
from analysis.errors import InputError, StudyError
from analysis.errors.mistakes import shown
from analysis.plan.run import Pairs, Run, RunInitializer, RunSettings
from analysis.study import model
from analysis.study.model import Study, Variant
from analysis.study.names import closest
from analysis.study.parameters import Value


def data(study: Study) -> dict[str, Description]:
    """Return what every data set is that the study's experiments use, by its name.

    Raises DataError, and StudyError where two have one name, or one a name that it cannot have.
    """
    paths: dict[str, Path | None] = {}
    used: dict[str, dict[Share, None]] = {}
    for settings in (p.settings for e in study.experiments.values() for p in e.points):
        own, training = settings.dataset, settings.training
        path = Path(own.path) if own.path else None
        if paths.setdefault(own.name, path) != path:
            raise StudyError(
                f"dataset: two files are called {own.name!r}, {paths[own.name]} and {path}; give "
                "each a name of its own"
            )
        share = training.validation_split, training.data_fraction
        used.setdefault(own.name, {})[share] = None
    return {name: dataset.describe(name, path, tuple(used[name])) for name, path in paths.items()}


def datasets(study: Study) -> tuple[str, ...]:
    """Return the names of the data sets that a study's experiments use, in that order."""
    points = (point for each in study.experiments.values() for point in each.points)
    return tuple(dict.fromkeys(point.settings.dataset.name for point in points))


def runs(
    study: Study, data: Mapping[str, Description], only: Collection[str] = ()
) -> tuple[Run, ...]:
    """Return the runs of a study's experiments, or of `only` those named.

    `data` describes every data set by name. Within an experiment the runs go seed by seed, so that
    an interrupted build has whole pairs. Raises InputError for an unknown experiment, and
    StudyError for a sweep that has a run twice, where no row is left to train on or to hold out, or
    where a batch is larger than the training rows.
    """
    for name in only:
        if name not in study.experiments:
            known = ", ".join(study.experiments)
            hint = closest(name, study.experiments)
            raise InputError(
                f"--experiment {shown(name)}: no such experiment{hint}; there are {known}"
            )
    planned: list[Run] = []
    for name, experiment in study.experiments.items():
        if not only or name in only:
            planned += _runs(name, experiment, data)
    return tuple(planned)


def _runs(name: str, experiment: model.Experiment, data: Mapping[str, Description]) -> list[Run]:
    used = [data[point.settings.dataset.name] for point in experiment.points]
    for point, about in zip(experiment.points, used, strict=True):
        _check_sizes(name, point.settings, about)
    seeds = dict.fromkeys(seed for point in experiment.points for seed in point.settings.seeds)
    planned = [
        Run(
            experiment=name,
            variant=variant.name,
            dataset=point.settings.dataset.name,
            path=point.settings.dataset.path,
            settings=_settings(
                point.settings, variant, seed, data[point.settings.dataset.name].digest
            ),
            coordinates=point.coordinates,
            point=index,
        )
        for seed in seeds
        for index, point in enumerate(experiment.points)
        if seed in point.settings.seeds
        for variant in point.settings.variants
    ]
    _check_points(name, planned)
    return planned


def _check_points(name: str, planned: Sequence[Run]) -> None:
    """Raise StudyError where two points of a sweep are one: each of its runs would count twice.

    A variant that the sweep does not touch may have its runs at many points, beside others.
    """
    whole: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for run in planned:
        whole.setdefault((run.point, run.seed), []).append((run.variant, run.id))
    points: dict[tuple[object, ...], int] = {}
    for (point, seed), own in whole.items():
        before = points.setdefault((seed, *own), point)
        if before != point:
            raise StudyError(
                f"experiments.{name}.sweep: the points {before + 1} and {point + 1} have the same "
                f"runs with seed {seed}, which would be counted twice; list each value once"
            )


def pending(planned: Iterable[Run], known: Collection[str]) -> tuple[Run, ...]:
    """Return the planned runs whose identity is not known, each once, in the order planned."""
    new: dict[str, Run] = {}
    for run in planned:
        if run.id not in known:
            new.setdefault(run.id, run)
    return tuple(new.values())


def _settings(point: model.Settings, variant: Variant, seed: int, digest: str) -> RunSettings:
    network, training = point.network, point.training
    kernel = _initializer(variant)
    return RunSettings(
        dataset_digest=digest,
        hidden=network.hidden,
        activation=network.activation,
        kernel=kernel,
        output_kernel=_initializer(variant.output) if variant.output else kernel,
        bias=_initializer(network.bias),
        optimizer=training.optimizer.name,
        optimizer_parameters=_pairs(training.optimizer.parameters),
        loss=training.loss,
        batch_size=training.batch_size,
        epochs=training.epochs,
        validation_split=training.validation_split,
        data_fraction=training.data_fraction,
        seed=seed,
        measure=tuple(sorted(set(point.measure))),
        moments=_within(point.moments, training.epochs),
        curve_points=point.curve_points,
    )


def _initializer(named: Variant | model.Initializer) -> RunInitializer:
    return RunInitializer(named.initializer, _pairs(named.parameters))


def _pairs(parameters: Mapping[str, Value]) -> Pairs:
    return tuple(sorted(parameters.items()))


def _within(moments: Sequence[float], epochs: int) -> tuple[float, ...]:
    """Return the moments strictly between start and end, in order, each once."""
    return tuple(sorted({float(moment) for moment in moments if 0 < moment < epochs}))


def _check_sizes(name: str, point: model.Settings, data: Description) -> None:
    training = point.training
    rows = data.training_rows(training.validation_split, training.data_fraction)
    held_out = data.validation_rows(training.validation_split, training.data_fraction)
    if rows < 1 or held_out < 1:
        whole = data.training_rows(training.validation_split, 1.0)
        would_do = 1 <= whole < data.train_samples
        key = "data_fraction" if would_do else "validation_split"
        raise StudyError(
            f"experiments.{name}: training.{key} = {shown(getattr(training, key))}: "
            f"leaves {rows} rows to train on and {held_out} held out, of {data.train_samples}; "
            "at least one row must be on either side"
        )
    if training.batch_size > rows:
        raise StudyError(
            f"experiments.{name}: training.batch_size = {training.batch_size}: must be at most "
            f"{rows}, the rows of {point.dataset.name!r} that are left to train on"
        )

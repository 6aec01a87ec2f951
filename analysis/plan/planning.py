"""From a study to its list of runs."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from analysis.data import dataset
from analysis.data.dataset import Description, Share
from analysis.errors import InputError, StudyError, counted
from analysis.errors.mistakes import shown
from analysis.plan.run import (
    Asked,
    Convolution,
    Optimization,
    Pairs,
    Rows,
    Run,
    RunInitializer,
    RunSettings,
)
from analysis.study import model
from analysis.study.model import Study, Variant
from analysis.study.names import closest
from analysis.study.network import Initializer
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
    StudyError for a sweep that has a run twice, where no row is left to train on or to hold out,
    where a batch is larger than the training rows, or where the data do not fit the network.
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
        _check_network(name, point.settings, about)
    seeds = dict.fromkeys(seed for point in experiment.points for seed in point.settings.seeds)
    planned = [
        Run(
            experiment=name,
            variant=variant.name,
            dataset=point.settings.dataset.name,
            path=point.settings.dataset.path,
            settings=_settings(point.settings, variant, seed, about),
            asked=_asked(point.settings, about),
            coordinates=point.coordinates,
            point=index,
            own_bias=variant.bias is not None,
        )
        for seed in seeds
        for index, (point, about) in enumerate(zip(experiment.points, used, strict=True))
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


def _settings(point: model.Settings, variant: Variant, seed: int, data: Description) -> RunSettings:
    network, training = point.network, point.training
    share = training.validation_split, training.data_fraction
    kernel, optimizer = _initializer(variant), training.optimizer
    bias = variant.bias_in(network)
    steps = Optimization(optimizer.name, _pairs(optimizer.parameters), training.batch_size)
    return RunSettings(
        dataset_digest=data.digest,
        rows=Rows(
            train=data.training_rows(*share),
            held_out_start=data.validation_start(training.validation_split),
            held_out=data.validation_rows(*share),
            test=data.test_rows(training.data_fraction),
        ),
        hidden=network.hidden,
        activation=network.activation,
        kernel=kernel,
        output_kernel=_initializer(variant.output) if variant.output else kernel,
        bias=_initializer(bias),
        loss=training.loss,
        optimization=steps if training.epochs else None,
        seed=seed,
        normalization=network.normalization,
        branch=network.factor,
        dropout=network.dropout,
        convolution=tuple(Convolution(**dict(each)) for each in network.convolution),
        kernel_seed=network.kernel_seed,
        bias_fans=bias.fans,
    )


def _asked(point: model.Settings, data: Description) -> Asked:
    """Return what is asked of the runs at a point of a sweep, its moments at whole steps."""
    training = point.training
    rows = data.training_rows(training.validation_split, training.data_fraction)
    steps, end = rows // training.batch_size, float(training.epochs)
    during = {_at_a_step(moment, steps) for moment in point.moments if 0 < moment < end}
    moments = {0.0, *(moment for moment in during if moment < end), end}
    measurements = frozenset((what, moment) for what in point.measure for moment in moments)
    drawn = point.curve_points and training.epochs
    curves = frozenset({(point.curve_points, training.epochs)} if drawn else ())
    return Asked(training.epochs, measurements, point.keep_state, curves)


def _at_a_step(moment: float, steps: int) -> float:
    """Return the moment, in epochs of so many full steps, at which the nearest step ends."""
    whole = int(moment)
    return whole + round((moment - whole) * steps) / steps


def _initializer(named: Variant | Initializer) -> RunInitializer:
    return RunInitializer(named.initializer, _pairs(named.parameters))


def _pairs(parameters: Mapping[str, Value]) -> Pairs:
    return tuple(sorted(parameters.items()))


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
            f"leaves {counted(rows, 'row')} to train on and {held_out} held out, of "
            f"{data.train_samples}; at least one row must be on either side"
        )
    if training.batch_size > rows:
        raise StudyError(
            f"experiments.{name}: training.batch_size = {training.batch_size}: must be at most "
            f"{rows}, the rows of {point.dataset.name!r} that are left to train on"
        )


def _check_network(name: str, point: model.Settings, data: Description) -> None:
    """Raise StudyError for layers that these data cannot go through, or that would say nothing."""
    network, where = point.network, f"experiments.{name}: network"
    received = data.features
    if network.convolution:
        received = _flattened(point, data, where)
        named = (each for own in point.variants for each in (own, own.output) if each)
        if any(each.initializer == "Identity" for each in named):
            raise StudyError(f"{where}.convolution: Identity draws no kernel of a convolution")
    widths = (received, *network.hidden)
    if network.residual and all(a != b for a, b in pairwise(widths)):
        raise StudyError(
            f"{where}.residual = true: no hidden layer is as wide as its input: the widths are "
            f"{', '.join(map(str, widths))}; two in a row must be equal"
        )


def _flattened(point: model.Settings, data: Description, where: str) -> int:
    """Return how many numbers a row has behind the convolutions. Raises StudyError."""
    side = data.side
    if side is None:
        shape = " × ".join(map(str, data.image or (data.features,)))
        raise StudyError(
            f"{where}.convolution: needs square images of one channel; those of "
            f"{point.dataset.name!r} are {shape}"
        )
    for place, each in enumerate(point.network.convolution):
        if each.pool > side:
            raise StudyError(
                f"{where}.convolution.{place}.pool = {each.pool}: leaves nothing of an image of "
                f"{counted(side, 'pixel')} to a side"
            )
        side //= each.pool
    return side**2 * point.network.convolution[-1].filters

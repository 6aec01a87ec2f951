"""Study: every hyperparameter of every experiment, validated when built and frozen afterwards."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from analysis.study import initializers, optimizers, tables
from analysis.study.names import readable, slug, variant_name
from analysis.study.network import Bias, Initializer, Network
from analysis.study.parameters import (
    FROZEN,
    Table,
    Value,
    class_and_parameters,
    counted_from,
    later,
    seeds,
)
from analysis.study.tables import Tables, is_path

NO_OUTPUT = "none"
"""What a study says for an output layer that is initialized as the others are."""

Measure = Literal["weights", "signals", "correlation", "symmetry", "histograms"]
Title = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(readable)]


class Optimizer(BaseModel):
    """A Keras optimizer with all its parameters, defaults filled in."""

    model_config = FROZEN

    name: str
    parameters: dict[str, Value]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        return class_and_parameters(data, "name", optimizers.complete_parameters)


class Training(Table):
    """How every network of an experiment is trained."""

    optimizer: Optimizer
    loss: Literal["sparse_categorical_crossentropy"]
    batch_size: Annotated[int, Field(ge=1, le=10**6)]
    """Samples a step."""
    epochs: Annotated[int, Field(ge=0, le=10**5)]
    """Passes over the training rows; 0: the network is measured at initialization only."""
    validation_split: Annotated[float, Field(gt=0, lt=1)]
    """Share of the rows, the last ones before any shuffle, that is held out."""
    data_fraction: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the training, validation and test rows that is used, the first ones of each."""


class Variant(BaseModel):
    """A named initializer configuration, applied to every kernel of the network."""

    model_config = FROZEN

    name: Annotated[str, AfterValidator(variant_name)]
    initializer: str
    parameters: dict[str, Value]
    output: Initializer | None = None
    """Another initializer for the kernel of the output layer, if any; NO_OUTPUT says that none is.
    """
    bias: Bias | None = later(None)
    """Another initializer for every bias than that of the network, if any."""

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        complete = initializers.complete_parameters
        if isinstance(data, Mapping) and data.get("output") == NO_OUTPUT:
            data = {key: value for key, value in data.items() if key != "output"}
        return class_and_parameters(
            data, "initializer", complete, texts=("name",), optional=("output", "bias")
        )

    def kernel(self, layer: int, layers: int) -> Initializer:
        """Return the initializer of a layer's kernel; `layer` counts from 1 to `layers`.

        The last layer is the output layer, whose kernel may have an initializer of its own.
        """
        if self.output is not None and layer == layers:
            return self.output
        return Initializer.model_construct(initializer=self.initializer, parameters=self.parameters)

    def bias_in(self, network: Network) -> Bias:
        """Return the initializer of every bias: the variant's own, or else that of its network."""
        return self.bias or network.bias


class Data(Table):
    """A data set by its name, and where it is a file of one's own, where that is and whose it is.

    A text is the name, or a path, whose stem is the name. The path is never written anywhere.
    """

    name: Annotated[str, Field(min_length=1, max_length=40)]
    path: (
        Annotated[str, Field(min_length=1, max_length=4096), AfterValidator(tables.of_file)] | None
    ) = None
    """An .npz file with x_train, y_train, x_test and y_test."""
    source: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(readable)] | None = (
        None
    )
    """Who made it, and its licence."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        if isinstance(data, str):
            if not data:
                raise ValueError("must have at least 1 character")
            path = tables.of_file(data) if is_path(data) else None
            given = {"name": Path(path).stem, "path": path} if path else {"name": data}
            _called(given["name"])
            return given
        if not isinstance(data, Mapping | cls):
            raise ValueError('must be text, or a table such as { path = "a.npz", name = "A" }')
        return data

    @field_validator("name")
    @classmethod
    def _printable(cls, name: str) -> str:
        return _called(name)

    @model_serializer
    def _published(self) -> str | dict[str, str]:
        return {"name": self.name, "source": self.source} if self.source else self.name


class Settings(Table):
    """What an experiment may set; what it does not set, it takes from the study."""

    further: ClassVar[tuple[str, ...]] = ("first_seed",)

    dataset: Data
    """`mnist`, `fashion-mnist`, or a table of one's own data."""
    seeds: tuple[int, ...]
    """Paired seeds: seed s gives every variant the same order of data."""
    network: Network
    training: Training
    variants: Annotated[tuple[Variant, ...], Field(strict=False, min_length=1, max_length=50)]
    measure: Annotated[tuple[Measure, ...], Field(strict=False)] = ("weights",)
    """What is measured layer by layer, before and after training and at the moments."""
    moments: Annotated[
        tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...], Field(strict=False)
    ] = ()
    """Further moments of measurement, in epochs; those beyond the training are left out."""
    curve_points: Annotated[int, Field(ge=0, le=10**4)] = 0
    """Points of the training loss drawn from each epoch; 0: none but the epoch's mean."""
    keep_state: bool = False
    """Whether the end of each run is kept, so that more epochs can be trained from there."""

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, data: Any) -> Any:
        return counted_from(data)

    @field_validator("seeds", mode="before")
    @classmethod
    def _seeds(cls, value: Any) -> tuple[int, ...]:
        return seeds(value)

    @field_validator("variants")
    @classmethod
    def _distinct(cls, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        names = [variant.name for variant in variants]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two variants are named {twice[0]!r}; every name must be different")
        for one, other in itertools.combinations(names, 2):
            if slug(one) == slug(other):
                raise ValueError(
                    f"the variants {one!r} and {other!r} have the same letters a to z and digits, "
                    "which address them on the pages; choose names that differ in those"
                )
        return variants


class Point(BaseModel):
    """One point of a sweep: its coordinates and the settings there."""

    model_config = FROZEN

    coordinates: dict[str, Value]
    settings: Settings


class Experiment(Settings):
    """A set of runs that answers one question: settings, or a sweep over one or more of them."""

    title: Title = "Experiment"
    sweep: dict[str, Annotated[tuple[Any, ...], Field(strict=False, min_length=1)]] = Field({})
    """Values by dotted key, such as "network.hidden" = ["2 x 128", "5 x 128"]; all combinations."""
    points: Annotated[tuple[Point, ...], Field(strict=False)] = ()

    @field_validator("sweep")
    @classmethod
    def _data_sets(cls, sweep: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        if inner := [key for key in sweep if key.startswith("dataset.")]:
            raise ValueError(f"{inner[0]}: sweep over dataset itself, whose values are data sets")
        swept = {key: tuple(map(_data_set, sweep[key])) for key in sweep.keys() & {"dataset"}}
        return sweep | swept


class Study(Settings):
    """Every hyperparameter of the report."""

    title: Title
    experiments: dict[str, Experiment] = Field({})
    """By name; a study that lists none has "base" alone, with the study's own settings."""

    def of(self, experiment: str) -> "Study":
        """Return the study of one experiment, which is set as that is; it has all variants."""
        own = self.experiments[experiment]
        every = [each for part in (self, *self.experiments.values()) for each in part.variants]
        first = {each.name: each for each in reversed(every)}
        variants = tuple(first[name] for name in dict.fromkeys(each.name for each in every))
        settings = {name: getattr(own, name) for name in Settings.model_fields}
        alone = {"variants": variants, "title": own.title, "experiments": {experiment: own}}
        return self.model_copy(update=settings | alone)

    def tables(self) -> Tables:
        """Return the study as tables of TOML or JSON; `build_study` makes an equal one of them."""
        return tables.spelled(self.model_dump(mode="json"))


BASE = "base"


def _called(name: str) -> str:
    """Return the name of a data set; raise ValueError where it cannot be one."""
    if is_path(name):
        raise ValueError("must be what the data set is called, not a path")
    return variant_name(name)


def _data_set(value: Any) -> Any:
    """Return a swept value as a data set; what is none is refused at its point of the sweep."""
    try:
        return Data.model_validate(value)
    except ValidationError:
        return value

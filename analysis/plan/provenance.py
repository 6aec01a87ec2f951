"""Where numbers come from: versions, machine, commit and data."""

import contextlib
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from analysis.data.dataset import Description
from analysis.data.guessing import Guess
from analysis.data.scaling import RANGES
from analysis.errors import visible
from analysis.errors.mistakes import shown
from analysis.plan.costs.machine import instructions, processor
from analysis.plan.origin import rendering
from analysis.plan.run import ENGINE_VERSION, Run
from analysis.study.model import Study
from analysis.study.names import readable

TRAINED_BY = ("tensorflow", "keras", "numpy")
INSTRUCTIONS = "instructions"
"""What a processor can do at once decides how sums are rounded. Earlier records lack it."""
DAY = "day"
"""Beside the environment of a run: when it was trained. Runs of earlier versions lack it."""
CLAIMS = "claims"
"""Likewise: the digest of the freeze of the claims that stood then, if there was one."""
APART = (DAY, CLAIMS)
"""What is recorded beside the environment of a run, and no bit of it depends on."""


@lru_cache(maxsize=1)
def training_environment() -> tuple[tuple[str, str], ...]:
    """Return what a run's bits may depend on beside its settings, as (name, value) pairs."""
    versions = [(package, version(package)) for package in TRAINED_BY]
    return (
        ("python", platform.python_version()),
        *versions,
        ("system", f"{platform.system()} {platform.machine()}"),
        ("processor", processor()),
        (INSTRUCTIONS, instructions()),
        ("cores", str(os.cpu_count())),
    )


def trained_now() -> tuple[tuple[str, str], ...]:
    """Return where and when a run is trained that has ended just now: the day is that of UTC."""
    return (*training_environment(), (DAY, datetime.now(UTC).date().isoformat()))


def day(text: str) -> str:
    """Return a day as it is recorded: "2026-11-25". Raises ValueError for what is none."""
    with contextlib.suppress(ValueError):
        if date.fromisoformat(text).isoformat() == text:
            return text
    raise ValueError(f"day = {shown(text)}: must be a day, such as 2026-11-25")


Day = Annotated[str, AfterValidator(day)]
Days = tuple[str, str]
"""The first and the last of the days on which runs were trained."""


def days(environments: Iterable[Mapping[str, str]]) -> Days | None:
    """Return when runs of these environments were trained; None where it is not known of all."""
    known = [each.get(DAY, "") for each in environments]
    return (min(known), max(known)) if known and all(known) else None


def freezes(environments: Iterable[Mapping[str, str]]) -> tuple[str, ...] | None:
    """Return the freezes of the claims that runs were trained under, by their digests, each once.

    None where it is not known of all: some were trained before any freeze.
    """
    known = {each.get(CLAIMS, "") for each in environments}
    return tuple(sorted(known)) if known and all(known) else None


def same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two environments are one, but for cores, what is APART, and what one lacks."""
    aside = ("cores", *APART)
    told = [{k: v for k, v in each.items() if k not in aside} for each in (one, other)]
    if any(INSTRUCTIONS not in each for each in told):
        told = [{k: v for k, v in each.items() if k != INSTRUCTIONS} for each in told]
    return told[0] == told[1]


def describe(
    study: Study,
    data: Mapping[str, Description],
    planned: Sequence[Run],
    environments: Mapping[str, Sequence[Mapping[str, str]]],
    root: Path,
) -> dict[str, object]:
    """Return where a report comes from: study, data, code, training environments, and runs.

    `environments` are those of each experiment; "trained_on" has its `days` and "trained_under" its
    `freezes`, where they are known.
    """
    known = {name: days(own) for name, own in environments.items()}
    under = {name: freezes(own) for name, own in environments.items()}
    return {
        "study": study.tables(),
        "datasets": sizes(data),
        "engine_version": ENGINE_VERSION,
        "trained_with": joined(chain.from_iterable(environments.values())),
        "trained_on": {name: [*span] for name, span in known.items() if span},
        "trained_under": {name: [*found] for name, found in under.items() if found},
        **rendering(root),
        "run_ids": sorted({run.id for run in planned}),
    }


Place = Literal["here", "published", "here and published"]
"""Where the runs of an experiment were trained: by this build or one before it, or by others."""
PARTS: Mapping[Place, tuple[str, ...]] = {
    "here": ("here",),
    "published": ("published",),
    "here and published": ("here", "published"),
}
"""What each place consists of."""
MACHINE = {"processor": "", "tensorflow": "TensorFlow ", "keras": "Keras "}
"""What is told of an environment, and what it is called there."""


@dataclass(frozen=True)
class Origin:
    """Experiments of one origin: where they were trained, on what, when, and who published them."""

    place: Place
    experiments: tuple[str, ...]
    machine: str
    commit: str
    days: Days | None = None
    """None where it is not recorded when all of their runs were trained."""
    freezes: tuple[str, ...] | None = None
    """Of the claims, that stood then, by their digests; None where that of a run is not known."""


def trained(provenance: Mapping[str, Any], study: Study) -> dict[str, Origin]:
    """Return the origin of each experiment, by what the provenance of its results says."""
    known: Mapping[str, Place] = provenance.get("trained") or {}
    otherwise: Place = "published" if "published_commit" in provenance and not known else "here"
    here = machine(provenance.get("trained_with") or {})
    there = machine(provenance.get("published_trained_with") or {}) or here
    commit = str(provenance.get("published_commit") or "")
    when, under = (_of_training(provenance, key) for key in ("trained_on", "trained_under"))
    found = {}
    for name in study.experiments:
        place = known.get(name, otherwise)
        spans = [when[each].get(name) for each in PARTS[place]]
        stood = [under[each].get(name) for each in PARTS[place]]
        machines = dict.fromkeys({"here": here, "published": there}[each] for each in PARTS[place])
        found[name] = Origin(
            place, (name,), " and ".join(filter(None, machines)),
            "" if place == "here" else commit, _span(spans), _all(stood),
        )  # fmt: skip
    return found


def origins(traced: Mapping[str, Origin]) -> tuple[Origin, ...]:
    """Return the origins of experiments, each once, those trained here first."""
    found = []
    for place in PARTS:
        if own := [each for each in traced.values() if each.place == place]:
            names = tuple(name for each in own for name in each.experiments)
            span, under = _span([each.days for each in own]), _all([each.freezes for each in own])
            found.append(replace(own[0], experiments=names, days=span, freezes=under))
    return tuple(found)


def _span(spans: Sequence[Sequence[str] | None]) -> Days | None:
    """Return the first and the last day of all; None where one of them is not known."""
    known = [span for span in spans if span]
    if len(known) < len(spans):
        return None
    return min(first for first, _ in known), max(last for _, last in known)


def _of_training(provenance: Mapping[str, Any], key: str) -> dict[str, Mapping[str, Sequence[str]]]:
    """Return what is recorded of the training of each experiment, here and where published."""
    here = provenance.get(key) or {}
    below = provenance.get(f"published_{key}") or {} if provenance.get("trained") else here
    return {"here": here, "published": below}


def _all(parts: Sequence[Sequence[str] | None]) -> tuple[str, ...] | None:
    """Return what any of the parts has, in order; None where one of them is not known."""
    known = [part for part in parts if part]
    whole = len(known) == len(parts)
    return tuple(sorted({each for part in known for each in part})) if whole else None


def machine(known: Mapping[str, str], parts: Mapping[str, str] = MACHINE) -> str:
    """Return in words what is known of an environment: of its `parts`, with what each is called."""
    told = ", ".join(f"{called}{known[key]}" for key, called in parts.items() if key in known)
    return visible(told)  # a processor or a version may call itself anything


def sizes(data: Mapping[str, Description]) -> dict[str, dict[str, object]]:
    """Return the digest and the sizes of every data set by name; `described` reads them back."""
    return {
        name: {
            "sha256": about.digest,
            "training and validation samples": about.train_samples,
            "test samples": about.test_samples,
            "features": about.features,
            "classes": about.classes,
            **_recorded(about),
        }
        for name, about in data.items()
    }


LABELS = {
    "pixels": "range of pixels",
    "labels": "labels in the file",
}
"""Fields of a description that published results may lack, and how they are recorded."""
GUESSING = "guessing"
MOST = 10**9
"""More rows, pixels or classes no data set has."""


def _range(words: str) -> str:
    if words not in RANGES:
        raise ValueError(f"must be one of {', '.join(map(repr, RANGES))}")
    return words


Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(readable)]
Count = Annotated[int, Field(ge=1, le=MOST)]


class Guessing(TypedDict):
    """What is recorded of a `Guess`."""

    validation_split: Annotated[float, Field(gt=0, lt=1)]
    data_fraction: Annotated[float, Field(gt=0, le=1)]
    chance: Annotated[float, Field(gt=0, le=1)]
    loss: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    balanced: bool


Sizes = TypedDict(
    "Sizes",
    {
        "sha256": Text,
        "training and validation samples": Count,
        "test samples": Count,
        "features": Count,
        "classes": Annotated[int, Field(ge=2, le=MOST)],
        "range of pixels": NotRequired[Annotated[str, AfterValidator(_range)]],
        "labels in the file": NotRequired[Text],
        "guessing": NotRequired[list[Guessing]],
    },
)
"""What is recorded of a data set."""


def _recorded(about: Description) -> dict[str, object]:
    values = {key: getattr(about, field) for field, key in LABELS.items()}
    values[GUESSING] = [asdict(each) for each in about.guesses]
    return {key: value for key, value in values.items() if value}


def described(recorded: Mapping[str, Mapping[str, Any]]) -> dict[str, Description]:
    """Return the data sets that `sizes` has recorded; each is one of `Sizes`."""
    return {
        name: Description(
            name=name,
            digest=known["sha256"],
            train_samples=known["training and validation samples"],
            test_samples=known["test samples"],
            features=known["features"],
            classes=known["classes"],
            **{field: known[key] for field, key in LABELS.items() if key in known},
            guesses=tuple(Guess(**each) for each in known.get(GUESSING, ())),
        )
        for name, known in recorded.items()
    }


def joined(environments: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return each name with its values; more than one where runs come from different machines."""
    values: dict[str, set[str]] = {}
    for environment in environments:
        for name, value in environment.items():
            if name in APART:
                continue  # that is told by experiment
            values.setdefault(name, set()).add(value)
    return {name: " and ".join(sorted(found)) for name, found in values.items()}

"""Where numbers come from: versions, machine, commit and data."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from analysis.data.dataset import Description
from analysis.data.guessing import Guess
from analysis.data.scaling import RANGES
from analysis.errors import visible
from analysis.plan.origin import origin
from analysis.plan.run import ENGINE_VERSION, Run
from analysis.study.model import Study
from analysis.study.names import readable

TRAINED_BY = ("tensorflow", "keras", "numpy")
RENDERED_BY = ("pandas", "scipy", "statsmodels", "matplotlib", "jinja2", "markdown", "typst")
CPU_INFO = Path("/proc/cpuinfo")


@lru_cache(maxsize=1)
def training_environment() -> tuple[tuple[str, str], ...]:
    """Return what a run's bits may depend on beside its settings, as (name, value) pairs."""
    versions = [(package, version(package)) for package in TRAINED_BY]
    return (
        ("python", platform.python_version()),
        *versions,
        ("system", f"{platform.system()} {platform.machine()}"),
        ("processor", processor()),
        ("cores", str(os.cpu_count())),
    )


def processor() -> str:
    """Return the name of the processor, as the system tells it."""
    if CPU_INFO.is_file():
        for line in CPU_INFO.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def describe(
    study: Study,
    data: Mapping[str, Description],
    planned: Sequence[Run],
    environments: Iterable[Mapping[str, str]],
    root: Path,
) -> dict[str, object]:
    """Return where a report comes from: study, data, code, training environments, and runs."""
    return {
        "study": study.tables(),
        "datasets": sizes(data),
        "engine_version": ENGINE_VERSION,
        "trained_with": _joined(environments),
        **rendering(root),
        "run_ids": sorted({run.id for run in planned}),
    }


Place = Literal["here", "published", "here and published"]
"""Where the runs of an experiment were trained: by this build or one before it, or by others."""
MACHINE = {"processor": "", "tensorflow": "TensorFlow ", "keras": "Keras "}
"""What is told of an environment, and what it is called there."""


@dataclass(frozen=True)
class Origin:
    """Experiments of one origin: where they were trained, on what, and who published them."""

    place: Place
    experiments: tuple[str, ...]
    machine: str
    commit: str


def trained(provenance: Mapping[str, Any], study: Study) -> dict[str, Place]:
    """Return where each experiment was trained, by what the provenance of its results says."""
    known: Mapping[str, Place] = provenance.get("trained") or {}
    otherwise: Place = "published" if "published_commit" in provenance and not known else "here"
    return {name: known.get(name, otherwise) for name in study.experiments}


def origins(provenance: Mapping[str, Any], study: Study) -> tuple[Origin, ...]:
    """Return the origins of results, those trained here first."""
    places = trained(provenance, study)
    here = _machine(provenance.get("trained_with"))
    there = _machine(provenance.get("published_trained_with")) or here
    commit = str(provenance.get("published_commit") or "")
    found: list[Origin] = []
    kinds: tuple[Place, ...] = ("here", "published", "here and published")
    for kind in kinds:
        if own := tuple(name for name, place in places.items() if place == kind):
            machine = here if kind == "here" else there
            found.append(Origin(kind, own, machine, "" if kind == "here" else commit))
    return tuple(found)


def _machine(environment: Mapping[str, str] | None) -> str:
    known = environment or {}
    told = ", ".join(f"{called}{known[key]}" for key, called in MACHINE.items() if key in known)
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


def rendering(root: Path) -> dict[str, object]:
    """Return the code and the packages that make pages of results, whoever trained them.

    The key `local_changes` is there, and true, where the code is not that of the commit.
    """
    known = origin(root)
    return {
        "commit": known.commit if known else None,
        **({"local_changes": True} if known and known.changed else {}),
        "rendered_with": {package: version(package) for package in RENDERED_BY},
    }


def _joined(environments: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return each name with its values; more than one where runs come from different machines."""
    values: dict[str, set[str]] = {}
    for environment in environments:
        for name, value in environment.items():
            values.setdefault(name, set()).add(value)
    return {name: " and ".join(sorted(found)) for name, found in values.items()}

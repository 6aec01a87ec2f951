"""What is published: a study, its data and its tables by their digests, and the verdicts."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from analysis.errors import reading, sealed
from analysis.plan import provenance
from analysis.results.places import MANIFEST

SCHEMA = 4
"""4: the losses of the first steps are there, by which anyone can check a run."""
ORDERED = True
"""The order of keys counts: that of experiments and variants is the order of all figures."""
TABLES = ("runs", "epochs", "curves", "layers", "histograms", "first_steps")
OPTIONAL = {"layers": ("sum_correlation",)}
"""Columns of numbers that are left out where no run has one."""
RECORDED = ("commit", "engine_version", "trained_with", "rendered_with")
CHANGED = ("local_changes",)
"""There, and true, where the code was not that of the commit."""
TRAINED_ON = "trained_on"
"""There where it is recorded when runs were trained: of each such experiment first and last day."""
TRAINED_UNDER = "trained_under"
"""There where it is recorded which freezes of the claims stood then, by their digests, likewise."""


Finite = Annotated[float, Field(allow_inf_nan=False)]
UNIT = re.compile(r"[\w% /]{0,100}")


def _unit(text: str) -> str:
    if not UNIT.fullmatch(text):
        raise ValueError("must be the unit of a claim, such as % or nats")
    return text


Unit = Annotated[str, AfterValidator(_unit)]


class Table(TypedDict):
    """A table beside the manifest; its columns by name, with their types."""

    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


def _each(files: dict[str, Table]) -> dict[str, Table]:
    """Return the files, or raise ValueError where one of the tables is missing or another there."""
    if other := sorted(files.keys() ^ {f"{name}.csv" for name in TABLES}):
        raise ValueError(f"{other[0]} is {'no table' if other[0] in files else 'missing'}")
    return files


class Entry(TypedDict):
    """What is published of a claim."""

    experiment: str
    settings: str
    verdict: Literal["supported", "contradicted", "inconclusive"]
    value: Finite | None
    low: Finite | None
    high: Finite | None
    unit: NotRequired[Unit]
    n: NotRequired[Annotated[int, Field(ge=0)]]


class Manifest(TypedDict):
    """What is read from a manifest; what else was written there stays in it."""

    schema: int
    study: dict[str, Any]
    datasets: dict[str, provenance.Sizes]
    commit: provenance.Text | None
    local_changes: NotRequired[bool]
    engine_version: int | None
    trained_with: dict[provenance.Text, provenance.Text] | None
    rendered_with: dict[provenance.Text, provenance.Text] | None
    trained_on: NotRequired[
        dict[provenance.Text, Annotated[list[provenance.Day], Field(min_length=2, max_length=2)]]
    ]
    trained_under: NotRequired[dict[provenance.Text, list[provenance.Text]]]
    categories: dict[str, list[str]]
    files: Annotated[dict[str, Table], AfterValidator(_each)]
    claims: dict[str, Entry]
    sha256: str


def read(folder: Path) -> Manifest | None:
    """Return the manifest of published results, or None where there is none.

    Raises StoreError for one that is damaged, edited, or of another schema.
    """
    path = folder / MANIFEST
    if not reading.exists(path):
        return None
    return sealed.read(
        Manifest, path, SCHEMA, ordered=ORDERED, more=f"; {restore(folder)}",
        other=": another version of the project has published it; make publish-results writes it "
        "anew",
    )  # fmt: skip


def files(folder: Path) -> tuple[Path, ...]:
    """Return every file of published results, whether it is there or not."""
    return (folder / MANIFEST, *(folder / f"{name}.csv" for name in TABLES))


def restore(folder: Path) -> str:
    """Return what to do about published results that are not as they were written."""
    return f"git restore {folder} brings it back, make publish-results writes it anew"

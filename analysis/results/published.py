"""The published results: every seed's numbers as CSV, with a manifest of what they are."""

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, cast

import pandas as pd
from pydantic import Field
from typing_extensions import TypedDict

from analysis.errors import StoreError, StudyError, counted, reading, whole
from analysis.errors.mistakes import checked, shown
from analysis.plan import planning, provenance
from analysis.results import csvtext
from analysis.results.frames import KEYS, Results, check
from analysis.results.places import MANIFEST
from analysis.results.stored import store
from analysis.study.file import build_study

SCHEMA = 3
"""3: a run is known by what can change its numbers, and every epoch is tested."""
TABLES = ("runs", "epochs", "curves", "layers", "histograms")
RUN = "run"
"""In every table but runs.csv the place of a run there, from 1, instead of its names."""
MISTAKES = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError,
    csv.Error,
)  # fmt: skip
"""What tables raise that are not those the manifest describes."""
RECORDED = ("commit", "engine_version", "trained_with", "rendered_with")
CHANGED = ("local_changes",)
"""There, and true, where the code was not that of the commit."""


class Table(TypedDict):
    """A table beside the manifest; its columns by name, with their types."""

    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


class Entry(TypedDict):
    """What is published of a claim."""

    experiment: str
    settings: str
    verdict: Literal["supported", "not supported", "inconclusive"]
    value: float | None
    low: float | None
    high: float | None


MOST = 10**9
"""More rows, pixels or classes no data set has."""
Count = Annotated[int, Field(ge=1, le=MOST)]
Sizes = TypedDict(
    "Sizes",
    {
        "sha256": str,
        "training and validation samples": Count,
        "test samples": Count,
        "features": Count,
        "classes": Annotated[int, Field(ge=2, le=MOST)],
    },
)
"""What is published of a data set."""


class Manifest(TypedDict):
    """What is read from a manifest; what else was written there stays in it."""

    schema: int
    study: dict[str, Any]
    datasets: dict[str, Sizes]
    commit: str | None
    local_changes: NotRequired[bool]
    engine_version: int | None
    trained_with: dict[str, str] | None
    rendered_with: dict[str, str] | None
    categories: dict[str, list[str]]
    files: dict[str, Table]
    claims: dict[str, Entry]
    sha256: str


def write(results: Results, claims: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write the tables and their manifest into `folder`, all or none.

    `claims` are what the manifest says of each claim, by its id, as plain JSON values.
    Equal results and claims give equal bytes. Numbers keep ten significant digits. What else
    stands in the folder stays. Raises StoreError for a text that a spreadsheet would run, and
    WriteError where the folder cannot be written.
    """
    for name in TABLES:
        csvtext.check(getattr(results, name), f"{name}.csv")
    numbers = _numbers(results.runs)
    texts = {name: csvtext.text(_short(getattr(results, name), name, numbers)) for name in TABLES}
    about: dict[str, Any] = {"schema": SCHEMA, "study": results.study.tables()}
    about["datasets"] = provenance.sizes(results.data)
    about |= {key: results.provenance.get(key) for key in RECORDED}
    about |= {key: True for key in CHANGED if results.provenance.get(key)}
    about["categories"] = _categories(results)
    about["files"] = {
        f"{name}.csv": {
            "rows": len(getattr(results, name)),
            "bytes": len(text.encode()),
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "columns": {c: str(kind) for c, kind in getattr(results, name).dtypes.items()},
        }
        for name, text in texts.items()
    }
    about["claims"] = dict(claims)
    about["sha256"] = _digest(about)
    texts = {f"{name}.csv": text for name, text in texts.items()}
    texts[MANIFEST] = json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    contents = {name: text.encode() for name, text in texts.items()}
    room = sum(map(len, contents.values()))
    with store.building(folder), whole.replacing(folder, room=room, keep=lambda _: True) as new:
        for name, content in contents.items():
            (new / name).write_bytes(content)


def read(folder: Path) -> Results:
    """Return the published results, equal to those written up to the rounding of their numbers.

    Raises StoreError, naming the file and what was expected, where nothing is published or a file
    is missing, damaged or edited.
    """
    about = manifest(folder)
    path = folder / MANIFEST
    if about is None:
        raise StoreError(
            f"{path}: does not exist, so there are no published results; "
            "make publish-results writes them"
        )
    try:
        study = build_study(about["study"], str(path))
        data = provenance.described(about["datasets"])
        if unknown := [name for name in planning.datasets(study) if name not in data]:
            raise StoreError(f"{path}: datasets.{unknown[0]} is missing; {_restore(folder)}")
        frames = _frames(about, {name: _text(folder, f"{name}.csv", about) for name in TABLES})
    except StudyError as error:
        raise StoreError(str(error)) from None
    except MISTAKES as error:
        raise StoreError(
            f"{path}: does not describe the tables beside it ({type(error).__name__}: {error}); "
            f"{_restore(folder)}"
        ) from None
    known: Mapping[str, object] = about
    described = {key: known[key] for key in ("study", "datasets", *RECORDED)}
    described["published_commit"] = about["commit"]
    described |= {f"published_{key}": True for key in CHANGED if known.get(key)}
    described["run_ids"] = sorted(set(frames["runs"]["run_id"]))
    results = Results(study, data, **frames, provenance=described)
    check(results, str(folder))
    return results


def manifest(folder: Path) -> Manifest | None:
    """Return the manifest of published results, or None where there is none.

    Raises StoreError for one that is damaged, edited, or of another schema.
    """
    path = folder / MANIFEST
    if not reading.exists(path):
        return None
    try:
        about = json.loads(reading.text(path, error=StoreError))
        schema, digest, found = about["schema"], about["sha256"], _digest(about)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreError(
            f"{path}: is damaged; a JSON table with the keys schema and sha256 was expected; "
            f"{_restore(folder)}"
        ) from None
    if schema != SCHEMA:
        raise StoreError(
            f"{path}: has schema {shown(schema)}, this project reads {SCHEMA}: another version of "
            "the project has published it; make publish-results writes it anew"
        )
    if digest != found:
        raise StoreError(
            f"{path}: has been edited; its content has the SHA-256 {found}, "
            f"{shown(digest)} was expected; {_restore(folder)}"
        )
    checked(Manifest, about, str(path), error=StoreError, more=f"; {_restore(folder)}")
    return cast(Manifest, about)


def files(folder: Path) -> tuple[Path, ...]:
    """Return every file of published results, whether it is there or not."""
    return (folder / MANIFEST, *(folder / f"{name}.csv" for name in TABLES))


def _digest(about: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in about.items() if key != "sha256"}
    # The order of keys counts: that of experiments and variants is the order of all figures.
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False).encode()).hexdigest()


def _restore(folder: Path) -> str:
    return f"git restore {folder} brings it back, make publish-results writes it anew"


def _numbers(runs: pd.DataFrame) -> dict[tuple[object, ...], int]:
    """Return the place of every run in runs.csv by its names."""
    numbers: dict[tuple[object, ...], int] = {}
    for place, names in enumerate(runs[KEYS].itertuples(index=False, name=None), start=1):
        numbers.setdefault(names, place)
    return numbers


def _short(
    frame: pd.DataFrame, name: str, numbers: Mapping[tuple[object, ...], int]
) -> pd.DataFrame:
    if name == "runs":
        return frame
    own = frame.drop(columns=KEYS)
    places = [numbers[names] for names in frame[KEYS].itertuples(index=False, name=None)]
    own.insert(0, RUN, places)
    return own


def _categories(results: Results) -> dict[str, list[str]]:
    return {
        str(column): list(frame[column].cat.categories)
        for frame in (getattr(results, name) for name in TABLES)
        for column in frame.select_dtypes("category")
    }


def _text(folder: Path, name: str, about: Manifest) -> str:
    """Return a table's text, having checked that it is the one the manifest describes."""
    path, wanted = folder / name, about["files"][name]
    expected = f"; a table of {counted(wanted['rows'], 'row')} was expected; {_restore(folder)}"
    content = reading.data(path, error=StoreError, more=expected)
    digest = hashlib.sha256(content).hexdigest()
    if digest != wanted["sha256"]:
        raise StoreError(
            f"{path}: is damaged or has been edited; {wanted['bytes']} bytes with the SHA-256 "
            f"{wanted['sha256']} were expected, and {len(content)} bytes with {digest} are there; "
            f"{_restore(folder)}"
        )
    return content.decode()


def _frames(about: Manifest, texts: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    frames = {"runs": _frame(texts, "runs", about)}
    names = frames["runs"][KEYS]
    for name in TABLES[1:]:
        frame = _frame(texts, name, about)
        places = [int(place) for place in frame.pop(RUN)]
        if wrong := [place for place in places if not 1 <= place <= len(names)]:
            raise ValueError(f"{name}.csv has a run {wrong[0]}, runs.csv has {len(names)}")
        labels = names.iloc[[place - 1 for place in places]].reset_index(drop=True)
        frames[name] = pd.concat([labels, frame], axis="columns")
    return frames


def _frame(texts: Mapping[str, str], name: str, about: Manifest) -> pd.DataFrame:
    kinds = {RUN: "int64", **about["files"][f"{name}.csv"]["columns"]}
    return csvtext.frame(texts[name], kinds, about["categories"])

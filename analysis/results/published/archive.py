"""A folder of published results, written and read whole: every seed's numbers as CSV."""

import csv
import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.data.dataset import Description
from analysis.errors import StoreError, StudyError, counted, reading, sealed, whole
from analysis.errors.mistakes import shown
from analysis.plan import planning, provenance
from analysis.plan.run import Run
from analysis.results.frames import KEYS, Results, categories, columns
from analysis.results.places import MANIFEST
from analysis.results.published import csvtext, manifest
from analysis.results.published.manifest import (
    CHANGED,
    OPTIONAL,
    ORDERED,
    RECORDED,
    SCHEMA,
    TABLES,
    TRAINED_ON,
    TRAINED_UNDER,
    Manifest,
    restore,
)
from analysis.results.stored import store
from analysis.results.stored.checks import check
from analysis.study.file import build_study
from analysis.study.model import Study

RUN = "run"
"""In every table but runs.csv the place of a run there, from 1, instead of its names."""
BY_EXPERIMENT = (TRAINED_ON, TRAINED_UNDER)
"""What a manifest tells of the training of each experiment, where it is recorded."""
MISTAKES = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError,
    csv.Error,
)  # fmt: skip
"""What tables raise that are not those the manifest describes."""


def write(results: Results, claims: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write the tables and their manifest into `folder`, all or none.

    `claims` are what the manifest says of each claim, by its id, as plain JSON values.
    Equal results and claims give equal bytes. Numbers keep ten significant digits. What else
    stands in the folder stays. Raises StoreError for a text that a spreadsheet would run, and
    WriteError where the folder cannot be written.
    """
    tables = {name: _shown(getattr(results, name), name) for name in TABLES}
    for name, table in tables.items():
        csvtext.check(table, f"{name}.csv")
    numbers = _numbers(results.runs)
    texts = {name: csvtext.text(_short(table, name, numbers)) for name, table in tables.items()}
    about: dict[str, Any] = {"schema": SCHEMA, "study": results.study.tables()}
    about["datasets"] = provenance.sizes(results.data)
    about |= {key: results.provenance.get(key) for key in RECORDED}
    about |= {key: True for key in CHANGED if results.provenance.get(key)}
    about |= {key: known for key in BY_EXPERIMENT if (known := results.provenance.get(key))}
    about["categories"] = categories(results.study)
    about["files"] = {
        f"{name}.csv": {
            "rows": len(tables[name]),
            "bytes": len(text.encode()),
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "columns": {c: str(kind) for c, kind in tables[name].dtypes.items()},
        }
        for name, text in texts.items()
    }
    about["claims"] = dict(claims)
    texts = {f"{name}.csv": text for name, text in texts.items()}
    texts[MANIFEST] = sealed.text(about, ordered=ORDERED)
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
    return with_runs(folder)[0]


def with_runs(folder: Path) -> tuple[Results, tuple[Run, ...]]:
    """Return what `read` does, and the planned runs of its study. Raises as it does."""
    about = manifest.read(folder)
    path = folder / MANIFEST
    if about is None:
        raise StoreError(
            f"{path}: does not exist, so there are no published results; "
            "make publish-results writes them"
        )
    study, data, planned = _planned(about, folder)
    _check_described(about, study, planned, folder)
    frames = _frames(about, folder)
    known: Mapping[str, object] = about
    recorded = [key for key in (*RECORDED, *BY_EXPERIMENT) if key in known]
    described = {key: known[key] for key in ("study", "datasets", *recorded)}
    described["published_commit"] = about["commit"]
    described |= {f"published_{key}": True for key in CHANGED if known.get(key)}
    described["run_ids"] = sorted(set(frames["runs"]["run_id"]))
    results = Results(study, data, **frames, provenance=described)
    check(results, planned, str(folder))
    return results, planned


def _planned(
    about: Manifest, folder: Path
) -> tuple[Study, dict[str, Description], tuple[Run, ...]]:
    """Return the study of a manifest, its data sets and its runs. Raises StoreError."""
    path = folder / MANIFEST
    data = provenance.described(about["datasets"])
    try:
        study = build_study(about["study"], str(path))
        if other := sorted(data.keys() ^ set(planning.datasets(study))):
            words = "is of no experiment" if other[0] in data else "is missing"
            raise StoreError(f"{path}: datasets.{other[0]} {words}; {restore(folder)}")
        return study, data, planning.runs(study, data)
    except StudyError as error:
        text = str(error).removeprefix(f"{path}: ")
        raise StoreError(f"{path}: {text}; {restore(folder)}") from None
    except MISTAKES as error:
        raise StoreError(f"{path}: study: cannot be read ({error}); {restore(folder)}") from None


def _check_described(about: Manifest, study: Study, planned: Sequence[Run], folder: Path) -> None:
    """Raise StoreError where a manifest describes other tables than its study has."""
    for name, values in categories(study).items():
        if about["categories"].get(name) != values:
            right = f"categories.{name}: must be, by the study, {', '.join(values)}"
            raise StoreError(f"{folder / MANIFEST}: {right}; {restore(folder)}")
    for name, kinds in columns(study, planned).items():
        table, where = about["files"][f"{name}.csv"], f"files.{name}.csv.columns"
        found = table["columns"]
        if other := sorted((found.keys() ^ kinds.keys()) - set(OPTIONAL.get(name, ()))):
            right = f"{where}: differ from those of the study in {', '.join(other)}"
            raise StoreError(f"{folder / MANIFEST}: {right}; {restore(folder)}")
        for column, kind in found.items() if table["rows"] else ():  # without values, any
            if kind not in kinds[column]:
                right = f"{where}.{column} = {shown(kind)}: must be {' or '.join(kinds[column])}"
                raise StoreError(f"{folder / MANIFEST}: {right}; {restore(folder)}")


def _shown(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table without the optional columns that have nothing to show."""
    empty = [column for column in OPTIONAL.get(name, ()) if frame[column].isna().all()]
    return frame.drop(columns=empty)


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


def _text(folder: Path, name: str, about: Manifest) -> str:
    """Return a table's text, having checked that it is the one the manifest describes."""
    path, wanted = folder / name, about["files"][name]
    expected = f"; a table of {counted(wanted['rows'], 'row')} was expected; {restore(folder)}"
    content = reading.data(path, error=StoreError, more=expected)
    digest = hashlib.sha256(content).hexdigest()
    if digest != wanted["sha256"]:
        raise StoreError(
            f"{path}: is damaged or has been edited; {wanted['bytes']} bytes with the SHA-256 "
            f"{wanted['sha256']} were expected, and {len(content)} bytes with {digest} are there; "
            f"{restore(folder)}"
        )
    if content.count(b"\n") != wanted["rows"] + 1:
        raise StoreError(
            f"{path}: has not the {wanted['rows']} rows that {MANIFEST} tells of; {restore(folder)}"
        )
    return content.decode()


def _frames(about: Manifest, folder: Path) -> dict[str, pd.DataFrame]:
    frames = {"runs": _frame(about, "runs", folder)}
    names = frames["runs"][KEYS]
    for name in TABLES[1:]:
        frame = _frame(about, name, folder)
        places = [int(place) for place in frame.pop(RUN)]
        if wrong := [place for place in places if not 1 <= place <= len(names)]:
            raise StoreError(
                f"{folder / name}.csv: has a run {wrong[0]}, runs.csv has {len(names)}; "
                f"{restore(folder)}"
            )
        lacking = [column for column in OPTIONAL.get(name, ()) if column not in frame]
        frame[lacking] = math.nan
        labels = names.iloc[[place - 1 for place in places]].reset_index(drop=True)
        frames[name] = pd.concat([labels, frame], axis="columns")
    return frames


def _frame(about: Manifest, name: str, folder: Path) -> pd.DataFrame:
    """Return a table as it stands there. Raises StoreError for what `csvtext` has not written."""
    kinds = about["files"][f"{name}.csv"]["columns"]
    if name != "runs":
        kinds = {RUN: "int64"} | {key: kind for key, kind in kinds.items() if key not in KEYS}
    text = _text(folder, f"{name}.csv", about)
    try:
        return csvtext.frame(text, kinds, about["categories"])
    except MISTAKES as error:
        raise StoreError(f"{folder / name}.csv: {error}; {restore(folder)}") from None

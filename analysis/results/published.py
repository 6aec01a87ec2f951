"""The published results: every seed's numbers as CSV, with a manifest of what they are."""

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field
from typing_extensions import TypedDict

from analysis.data.dataset import Description
from analysis.errors import StoreError, StudyError, reading, whole
from analysis.errors.mistakes import checked, shown
from analysis.plan import planning, provenance
from analysis.plan.run import Run
from analysis.results import csvtext, store
from analysis.results.frames import KEYS, Results, categories, check, columns
from analysis.results.places import MANIFEST
from analysis.study.file import build_study
from analysis.study.model import Study

SCHEMA = 2
"""2: runs.csv has the place in the sweep, and the manifest all sizes of the data."""
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

Manifest = Mapping[str, Any]
"""What `Shape` has, and what else was written there."""


Finite = Annotated[float, Field(allow_inf_nan=False)]


class Table(TypedDict):
    """A table beside the manifest; its columns by name, with their types."""

    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


Files = TypedDict("Files", {f"{name}.csv": Table for name in TABLES})  # type: ignore[misc]


class Entry(TypedDict):
    """What is published of a claim."""

    experiment: str
    settings: str
    verdict: Literal["supported", "not supported", "inconclusive"]
    value: Finite | None
    low: Finite | None
    high: Finite | None


class Shape(TypedDict):
    """What a manifest must have, as far as anything is read from it."""

    schema: int
    study: dict[str, Any]
    datasets: dict[str, provenance.Sizes]
    commit: provenance.Text | None
    engine_version: int | None
    trained_with: dict[provenance.Text, provenance.Text] | None
    rendered_with: dict[provenance.Text, provenance.Text] | None
    categories: dict[str, list[str]]
    files: Files
    claims: dict[str, Entry]
    sha256: str


def write(results: Results, claims: Mapping[str, Mapping[str, Any]], folder: Path) -> Manifest:
    """Write the tables and their manifest into `folder`, all or none; return the manifest.

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
    about["categories"] = categories(results.study)
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
    return about


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
    study, data, planned = _planned(about, folder)
    _check_described(about, study, planned, folder)
    frames = _frames(about, folder)
    described = {key: about[key] for key in ("study", "datasets", *RECORDED)}
    described["published_commit"] = about["commit"]
    described |= {f"published_{key}": True for key in CHANGED if about.get(key)}
    described["run_ids"] = sorted(set(frames["runs"]["run_id"]))
    results = Results(study, data, **frames, provenance=described)
    check(results, planned, str(folder))
    return results


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
            raise StoreError(f"{path}: datasets.{other[0]} {words}; {_restore(folder)}")
        return study, data, planning.runs(study, data)
    except StudyError as error:
        text = str(error).removeprefix(f"{path}: ")
        raise StoreError(f"{path}: {text}; {_restore(folder)}") from None
    except MISTAKES as error:
        raise StoreError(f"{path}: study: cannot be read ({error}); {_restore(folder)}") from None


def _check_described(about: Manifest, study: Study, planned: Sequence[Run], folder: Path) -> None:
    """Raise StoreError where a manifest describes other tables than its study has."""
    for name, values in categories(study).items():
        if about["categories"].get(name) != values:
            right = f"categories.{name}: must be, by the study, {', '.join(values)}"
            raise StoreError(f"{folder / MANIFEST}: {right}; {_restore(folder)}")
    for name, kinds in columns(study, planned).items():
        table, where = about["files"][f"{name}.csv"], f"files.{name}.csv.columns"
        found = table["columns"]
        if other := sorted(found.keys() ^ kinds.keys()):
            right = f"{where}: differ from those of the study in {', '.join(other)}"
            raise StoreError(f"{folder / MANIFEST}: {right}; {_restore(folder)}")
        for column, kind in found.items() if table["rows"] else ():  # without values, any
            if kind not in kinds[column]:
                right = f"{where}.{column} = {shown(kind)}: must be {' or '.join(kinds[column])}"
                raise StoreError(f"{folder / MANIFEST}: {right}; {_restore(folder)}")


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
    checked(Shape, about, str(path), error=StoreError, more=f"; {_restore(folder)}", strict=True)
    return dict(about)


def files(folder: Path) -> tuple[Path, ...]:
    """Return every file of published results, whether it is there or not."""
    return (folder / MANIFEST, *(folder / f"{name}.csv" for name in TABLES))


def _digest(about: Manifest) -> str:
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


def _text(folder: Path, name: str, about: Manifest) -> str:
    """Return a table's text, having checked that it is the one the manifest describes."""
    path, wanted = folder / name, about["files"][name]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be read ({error.strerror}); a table of {wanted['rows']} rows "
            f"was expected; {_restore(folder)}"
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != wanted["sha256"]:
        raise StoreError(
            f"{path}: is damaged or has been edited; {wanted['bytes']} bytes with the SHA-256 "
            f"{wanted['sha256']} were expected, and {len(content)} bytes with {digest} are there; "
            f"{_restore(folder)}"
        )
    if content.count(b"\n") != wanted["rows"] + 1:
        raise StoreError(
            f"{path}: has not the {wanted['rows']} rows that {MANIFEST} tells of; "
            f"{_restore(folder)}"
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
                f"{_restore(folder)}"
            )
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
        raise StoreError(f"{folder / name}.csv: {error}; {_restore(folder)}") from None

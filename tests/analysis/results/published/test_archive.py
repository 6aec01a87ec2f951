"""Published results: what is written is what is read, and what was touched is noticed."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.errors import StoreError
from analysis.results.frames import Results
from analysis.results.published import archive, manifest
from analysis.results.published.manifest import TABLES
from analysis.study.file import build_study
from analysis.study.model import Data
from build import ROOT
from tests.made.results import tiny
from tests.made.results.manifests import ENTRY, forge, rewrite


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return made-up results of three experiments; two of their runs diverged."""
    return tiny.stored_results(tmp_path_factory.mktemp("results"), diverged={1, 9})


@pytest.fixture
def folder(tmp_path: Path, results: Results) -> Path:
    """Return a folder with the published results and two claims on them."""
    archive.write(results, CLAIMS, tmp_path / "published")
    return tmp_path / "published"


CLAIMS = {"level": ENTRY, "open": ENTRY | {"verdict": "inconclusive"}}
"""What is published of two claims."""


@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_is_read(folder: Path, results: Results, table: str) -> None:
    """Columns, types, categories, order and rows are the same; numbers to ten digits."""
    wanted, found = getattr(results, table), getattr(archive.read(folder), table)
    assert len(wanted) > 0
    pd.testing.assert_frame_equal(found, wanted, rtol=5e-10, atol=0)


def test_the_frames_of_the_test_have_every_kind_of_column(results: Results) -> None:
    """The round trip above covers numbers, missing numbers, text, categories and lists."""
    kinds = {str(kind) for name in TABLES for kind in getattr(results, name).dtypes}
    assert kinds == {"category", "int64", "Int64", "float64", "str"}
    assert results.runs["diverged_epoch"].notna().sum() == 2
    assert np.isinf(results.runs["val_loss"]).sum() == 2
    assert results.layers["kernel_rank"].isna().any()
    assert "He, zero output" in set(results.runs["variant"])


def test_the_study_comes_back_with_its_experiments_and_points(
    folder: Path, results: Results
) -> None:
    """What is read has the study of the results, sweeps spelled out, but not where its data are."""
    found = archive.read(folder).study
    assert found.tables() == results.study.tables()
    assert found.dataset == Data(name="tiny")
    assert results.study.dataset.path is not None
    assert len(found.experiments["deep"].points) == 4


def test_published_results_say_where_they_come_from(folder: Path, results: Results) -> None:
    """Data, engine, machine and run identities are those of the training."""
    found = archive.read(folder).provenance
    assert found["trained_on"] == {name: [tiny.DAY, tiny.DAY] for name in results.study.experiments}
    for key in ("study", "datasets", "engine_version", "trained_with", "run_ids"):
        assert found[key] == results.provenance[key]
    assert archive.read(folder).data == results.data
    assert found["published_commit"] == results.provenance["commit"]


def test_equal_results_give_equal_bytes(folder: Path, results: Results, tmp_path: Path) -> None:
    """Written twice, and written again from what was read, every file is the same."""
    archive.write(results, CLAIMS, tmp_path / "second")
    again = replace(archive.read(folder), provenance=results.provenance)
    archive.write(again, CLAIMS, tmp_path / "third")
    for path in manifest.files(folder):
        assert (tmp_path / "second" / path.name).read_bytes() == path.read_bytes()
        assert (tmp_path / "third" / path.name).read_bytes() == path.read_bytes()


def test_variants_that_a_sweep_alone_names_are_written_and_read(tmp_path: Path) -> None:
    """The values of a column are all that any point of the study has, and no row is without one."""
    sweep = "[[{ name = 'A', initializer = 'Ones' }], [{ name = 'B', initializer = 'HeNormal' }]]"
    change = f"experiments.base.sweep={{ variants = {sweep} }}"
    swept = tiny.stored_results(tmp_path, [change])
    archive.write(swept, CLAIMS, tmp_path / "published")
    own = archive.read(tmp_path / "published").runs.query("experiment == 'base'")
    assert own["variant"].tolist() == ["A", "A", "B", "B"]


def test_an_identity_is_written_once_a_run(folder: Path, results: Results) -> None:
    """Only runs.csv has the long identities; elsewhere a run is a short number."""
    identity = re.compile(r"[0-9a-f]{64}")
    found = {name: identity.findall((folder / f"{name}.csv").read_text()) for name in TABLES}
    assert found.pop("runs") == results.runs["run_id"].tolist()
    assert not any(found.values())


def test_the_manifest_says_what_the_tables_are(folder: Path, results: Results) -> None:
    """Each file has its digest as `sha256sum` gives it; each claim its verdict and experiment."""
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    command = ["sha256sum", *(f"{name}.csv" for name in TABLES)]
    sums = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    for line in sums.splitlines():
        digest, name = line.split()
        assert about["files"][name]["sha256"] == digest
        assert about["files"][name]["rows"] == len(getattr(results, name.removesuffix(".csv")))
    assert about["claims"] == CLAIMS
    assert about["study"]["experiments"]["base"]["training"]["epochs"] == 2
    assert build_study(about["study"], "manifest").tables() == results.study.tables()


def edited(path: Path) -> None:
    """Change one digit of a file, and nothing of its length."""
    text = path.read_text("utf-8")
    last = max(place for place, sign in enumerate(text) if sign in "123456789")
    path.write_text(text[:last] + str(int(text[last]) % 9 + 1) + text[last + 1 :], "utf-8")


def shortened(path: Path) -> None:
    """Cut off the last line of a file."""
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def turned(path: Path) -> None:
    """Give a file another system's line ends."""
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def removed(path: Path) -> None:
    """Delete a file."""
    path.unlink()


@pytest.mark.parametrize("spoil", [edited, shortened, turned, removed])
@pytest.mark.parametrize("name", [*(f"{name}.csv" for name in TABLES), "manifest.json"])
def test_a_touched_file_is_named_with_what_was_expected(
    folder: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    """Reading ends with the file, what was expected there, and how to have it back."""
    spoil(folder / name)
    if (name, spoil) == ("manifest.json", turned):
        archive.read(folder)  # the content of the JSON is what counts
        return
    with pytest.raises(StoreError) as caught:
        archive.read(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder / name}: ")
    assert "expected" in message or "does not exist" in message
    assert "make publish-results" in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda about: about.update(schema=7), "has schema 7, this project reads 4"),
        (lambda about: about.update(schema=1), "another version of the project has published it"),
        (lambda about: about.pop("datasets"), "manifest.json: datasets is missing"),
        (lambda about: about.update(datasets={"mnist": {}}), "datasets.mnist.sha256 is missing"),
        (lambda about: next(iter(about["datasets"].values())).update(classes=0), "classes = 0"),
        (lambda about: about.pop("files"), "manifest.json: files is missing"),
        (lambda about: about["files"].pop("runs.csv"), "files: runs.csv is missing"),
        (
            lambda about: about["files"]["epochs.csv"]["columns"].pop("loss"),
            "files.epochs.csv.columns: differ from those of the study in loss",
        ),
        (lambda about: about["study"].pop("seeds"), "seeds is missing"),
        (lambda about: about["study"].update(seeds=0), "seeds = 0"),
        (
            lambda about: about["study"]["experiments"]["deep"]["sweep"].update(x=3),
            "experiments.deep",
        ),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    """A manifest that is whole but wrong is a StoreError that names it, whatever is wrong."""
    path = folder / "manifest.json"
    forge(path, change)
    with pytest.raises(StoreError, match=re.escape(said)) as caught:
        archive.read(folder)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "3", "{}", '{"schema": 1}', "\ufeff{}"])
def test_a_manifest_that_is_none_is_refused(folder: Path, content: str) -> None:
    """Whatever stands in the file, only a StoreError that names it comes out."""
    path = folder / "manifest.json"
    path.write_text(content, "utf-8")
    with pytest.raises(StoreError, match="is damaged"):
        manifest.read(folder)


def test_where_nothing_is_published_there_is_no_manifest(tmp_path: Path) -> None:
    """A fork without published results has none, and that is no error until they are asked for."""
    assert manifest.read(tmp_path) is None
    with pytest.raises(StoreError, match="there are no published results"):
        archive.read(tmp_path)


def test_published_results_are_read_without_tensorflow_or_scipy(folder: Path) -> None:
    """Rendering from them starts as light as from the store."""
    code = (
        "import sys; from pathlib import Path; from analysis.results.published import archive\n"
        f"archive.read(Path({str(folder)!r}))\n"
        "print(sorted({'tensorflow', 'keras', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("place", [0, -1, 10**6])
def test_a_row_of_a_run_that_is_not_there_is_refused(folder: Path, place: int) -> None:
    """A place before the first or after the last run is a StoreError, whatever the digests say."""

    def moved(lines: list[str]) -> list[str]:
        head, first, *rest = lines
        assert head.startswith("run,")
        return [head, f"{place},{first.partition(',')[2]}", *rest]

    rewrite(folder, "curves", moved)
    with pytest.raises(StoreError, match=rf"curves\.csv: has a run {place}, runs\.csv has "):
        archive.read(folder)


def test_a_column_that_no_run_has_is_left_out(folder: Path, results: Results) -> None:
    """Nobody measured the correlation: the file has no such column, and reading gives it empty."""
    head = (folder / "layers.csv").read_text().partition("\n")[0]
    assert "kernel_rank" in head
    assert "sum_correlation" not in head
    assert archive.read(folder).layers["sum_correlation"].isna().all()


def test_a_column_that_a_run_has_is_written_and_read(tmp_path: Path) -> None:
    """The correlation is there where an experiment measured it, and missing in the others."""
    changes = ["experiments.start.measure=['correlation']"]
    found = tiny.stored_results(tmp_path, changes)
    archive.write(found, CLAIMS, tmp_path / "published")
    again = archive.read(tmp_path / "published").layers
    pd.testing.assert_frame_equal(again, found.layers, rtol=5e-10, atol=0)

    def spoilt(lines: list[str]) -> list[str]:
        return [f"{line[:-1]}9\n" if place else line for place, line in enumerate(lines)]

    measured = again["experiment"] == "start"
    assert again["sum_correlation"].notna().tolist() == measured.tolist()
    rewrite(tmp_path / "published", "layers", spoilt)
    with pytest.raises(StoreError, match=r"layers\.sum_correlation = .*from -1"):
        archive.read(tmp_path / "published")

"""Inputs that nobody thought of, made by hypothesis: a clear word, whatever they are."""

import contextlib
import copy
import json
import sqlite3
import string
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.claims import testing
from analysis.errors.mishap import REPORT
from report.output import swap
from report.output.site import build as site_build
from tests.build.door import typed
from tests.campaign.spoiling import manifest, spoiled, sql, text

FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([0, -1, 1, 0.5, 10**400])
WORDS = st.text(max_size=12) | st.sampled_from(["", "=1+1", "<b>", "../..", "mnist", "a" * 300])
PLAIN = NUMBERS | WORDS | st.booleans() | st.none()
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)
KEYS = st.sampled_from(
    [
        *("title", "dataset", "seeds", "measure", "moments", "curve_points", "variants"),
        *("network", "network.hidden", "network.activation", "network.bias", "experiments"),
        *("training", "training.optimizer", "training.epochs", "training.batch_size"),
        *("training.validation_split", "training.data_fraction", "variants.Zeros"),
        *("variants.HeNormal.seed", "nothing", "a.b.c"),
    ]
)
TABLES = {
    "runs": ["epochs", "diverged_epoch", "measurements", "state", "begin_s", "environment"],
    "epochs": [
        "epoch",
        "loss",
        "accuracy",
        "val_accuracy",
        "test_loss",
        "test_accuracy",
        "train_s",
    ],
    "steps": ["epoch", "losses"],
    "layers": ["progress", "layer", "kernel_sd", "mean_square", "dead_share"],
}
CELLS = st.sampled_from(
    ["NULL", "-5", "0", "1e308", "9e999", "-1e308", "0.5", "'x'", "'[]'", "'{}'", "'null'", "X'00'"]
)


MANIFEST = Path("results", "published", "manifest.json")


@pytest.fixture
def unwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page be written of what has been read, which takes its time; the site stays."""
    made = SimpleNamespace(
        claims={},
        standings={},
        moved=SimpleNamespace(ending=lambda _: []),
        document=SimpleNamespace(origins=()),
    )
    monkeypatch.setattr(testing, "evaluate_once", lambda *_: {})
    monkeypatch.setattr(testing, "evaluate", lambda *_: {})
    monkeypatch.setattr(site_build, "build_pages", lambda *_args, **_kwargs: made)
    monkeypatch.setattr(swap, "replacing", lambda *_, **__: contextlib.nullcontext(tmp_path))


def clear(*command: str) -> None:
    """Check that a command is done, or ends in a message that tells what is wrong."""
    code, _, err = typed(*command)
    assert code in {0, 1, 2}
    assert code == 0 or err.startswith("error: "), err
    assert "Traceback" not in err
    assert REPORT.name not in err, err
    assert len(err.splitlines()) < 25


def toml(value: Any) -> str:
    """Return a value as TOML, in which JSON is written but for numbers and nothing."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value) if isinstance(value, float) else json.dumps(value)


@FEW
@given(key=KEYS, value=JSON)
def test_any_value_of_a_key_is_taken_or_refused(project: Path, key: str, value: Any) -> None:
    """Whatever a hyperparameter is set to, planning ends with a word."""
    clear("plan", "--set", f"{key}={toml(value)}")


@FEW
@given(word=st.text(string.printable, max_size=40))
def test_any_word_is_taken_or_refused(project: Path, word: str) -> None:
    """Whatever is typed as a change, a study or a folder."""
    for option in ("--set", "--study", "--results"):
        clear("plan", f"{option}={word}")


@FEW
@given(junk=st.binary(max_size=60) | st.text(max_size=60).map(str.encode), place=st.integers(0, 99))
def test_any_bytes_in_a_study_are_taken_or_refused(project: Path, junk: bytes, place: int) -> None:
    """Whatever stands anywhere in the file."""
    path = project / "study.toml"
    content = path.read_bytes()
    cut = len(content) * place // 100
    with spoiled(path, text(content[:cut] + junk + content[cut:])):
        clear("plan")


@FEW
@given(
    column=st.sampled_from([(table, name) for table, names in TABLES.items() for name in names]),
    cell=CELLS,
    one=st.booleans(),
)
def test_any_cell_of_a_store_is_read_or_refused(
    project: Path, unwritten: None, column: tuple[str, str], cell: str, one: bool
) -> None:
    """Whatever another program has written into one row of a table, or into all of them."""
    table, name = column
    rows = " WHERE run_id = (SELECT min(run_id) FROM runs)" if one else ""
    change = sql(f"UPDATE OR IGNORE {table} SET {name} = {cell}{rows}")

    def spoil(path: Path) -> None:
        with contextlib.suppress(sqlite3.IntegrityError):  # what SQLite itself refuses
            change(path)

    with spoiled(project / "results" / "runs.sqlite", spoil):
        clear("render")


@FEW
@given(way=st.lists(st.integers(0, 30), min_size=1, max_size=5), value=JSON)
def test_any_value_of_a_manifest_is_read_or_refused(
    project: Path, unwritten: None, way: list[int], value: Any
) -> None:
    """Whatever stands anywhere in it, its own digest being right."""
    with spoiled(project / MANIFEST, manifest(lambda about: put(about, way, value))):
        clear("render", "--results", "published")


def put(about: Any, way: list[int], value: Any) -> None:
    """Put a value into a manifest, at the end of a way of so manieth entries."""
    *before, last = way
    target = about
    for step in before:
        inner = target[_key(target, step)]
        if isinstance(inner, dict | list) and inner:
            target = inner
    target[_key(target, last)] = copy.deepcopy(value)


def _key(target: Any, step: int) -> Any:
    keys = list(target) if isinstance(target, dict) else list(range(len(target)))
    return keys[step % len(keys)]

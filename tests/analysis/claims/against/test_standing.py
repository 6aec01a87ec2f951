"""How a claim stands to the published one: by its experiment's settings, its data, its verdict."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.claims.against.standing import (
    Standing,
    entries,
    settings_digest,
    settings_of,
    standings,
)
from analysis.claims.claim import Claim, Verdict
from analysis.results.frames import Results
from analysis.results.ledger.lock import Lock, freeze
from analysis.results.published import archive, manifest
from analysis.study.file import build_study
from analysis.study.tables import put, value
from tests.made.results import tiny
from tests.made.results.studies import load_study
from tests.made.sites.desk import claim

OPEN: Verdict = "inconclusive"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return made-up results of three experiments."""
    return tiny.stored_results(tmp_path_factory.mktemp("results"))


@pytest.fixture
def folder(tmp_path: Path, results: Results) -> Path:
    """Return a folder with the published results and two claims on them."""
    archive.write(results, entries(claims(results)), tmp_path / "published")
    return tmp_path / "published"


def claims(results: Results) -> dict[str, Claim]:
    """Return two claims on the base experiment, one of them without an interval."""
    settings = settings_digest(results.study, "base")
    both = (claim(settings=settings), claim(id="open", low=math.nan, verdict=OPEN))
    return {each.id: each for each in both}


def test_what_is_published_of_a_claim_is_plain(results: Results) -> None:
    """Its verdict, numbers and settings as JSON has them; what does not exist is null."""
    told = entries(claims(results))
    assert told["level"] == {
        "experiment": "base", "settings": settings_digest(results.study, "base"),
        "verdict": "supported", "value": -0.035, "low": -0.11, "high": 0.04,
        "unit": "percentage points", "n": 20,
    }  # fmt: skip
    assert told["open"]["low"] is None
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def standing(results: Results, folder: Path, name: str = "level", **changed: Any) -> Standing:
    """Return how one claim stands to the published ones."""
    settings = settings_digest(results.study, "base")
    tested = claim(id=name, settings="" if name == "open" else settings, **changed)
    about = manifest.read(folder)
    return standings(about, results, {name: tested}, Lock())[name]


def other(results: Results, *overrides: str) -> Results:
    """Return the results under the study as overrides make it."""
    tables = results.study.tables()
    for override in overrides:
        key, _, text = override.partition("=")
        put(tables, key, value(text), override)
    return replace(results, study=build_study(tables, "other"))


def test_a_claim_stands_as_published_under_the_published_settings(
    folder: Path, results: Results
) -> None:
    """Its settings are the published ones, whether its verdict is still the same or not."""
    assert standing(results, folder) == Standing("published", "supported")
    assert not standing(results, folder).flipped("supported")
    assert standing(results, folder).flipped("inconclusive")
    assert standing(results, folder, name="open") == Standing("published", OPEN)
    assert standing(archive.read(folder), folder) == Standing("published", "supported")


@pytest.mark.parametrize(
    ("override", "settings"),
    [
        ("experiments.base.training.epochs=3", "changed"),
        ("experiments.base.seeds=3", "changed"),
        ("experiments.base.network.hidden=[9]", "changed"),
        ("experiments.base.variants.HeNormal.initializer=LecunNormal", "changed"),
        ("experiments.deep.training.epochs=3", "published"),
        ("experiments.base.title=Other", "published"),
        ('experiments.base.measure=["weights"]', "published"),
        ("title=Other", "published"),
    ],
)
def test_settings_are_those_of_the_claims_own_experiment(
    folder: Path, results: Results, override: str, settings: str
) -> None:
    """What another experiment does, and what a title says, changes no claim's settings."""
    assert standing(other(results, override), folder).settings == settings


def test_other_data_are_other_settings(folder: Path, results: Results) -> None:
    """A file of the same name with other content is not what was published."""
    data = {name: replace(about, digest="0" * 64) for name, about in results.data.items()}
    changed = replace(results, data=data)
    assert standing(changed, folder).settings == "changed"


def test_a_claim_that_was_never_published_is_unpublished(
    folder: Path, results: Results, tmp_path: Path
) -> None:
    """A new claim, and any claim where there is no manifest."""
    unpublished = Standing("unpublished")
    assert standing(results, folder, name="new") == unpublished
    assert standing(results, tmp_path) == unpublished


def test_settings_tell_studies_apart() -> None:
    """Equal for equal hyperparameters; another for an epoch, a seed or a point, not for a title."""
    study = load_study()
    own = settings_of(study, "depth")
    assert own == settings_of(load_study(None, ["title='Another'"]), "depth")
    assert own == settings_of(load_study(None, ["experiments.depth.curve_points=3"]), "depth")
    assert own == settings_of(load_study(None, ["experiments.depth.keep_state=true"]), "depth")
    assert own == settings_of(load_study(None, ["experiments.base.training.epochs=3"]), "depth")
    for change in ("experiments.depth.training.epochs=3", "experiments.depth.seeds=4"):
        assert own != settings_of(load_study(None, [change]), "depth")
    assert settings_of(study, "nothing") == {}
    digest = settings_digest(study, "depth")
    assert digest == settings_digest(load_study(None, ["title='Another'"]), "depth")
    assert digest != settings_digest(load_study(None, ["experiments.depth.seeds=4"]), "depth")


OLD, NOW = ("a" * 64, "b" * 64)
EARLY, LATE = (
    freeze({"level": declared, "other": OLD}, "2026-11-24", {"commit": None})
    for declared in (OLD, NOW)
)


@pytest.mark.parametrize(
    ("freezes", "under", "seen", "state"),
    [
        ([], None, None, "unfrozen"),
        ([LATE], None, None, "unfrozen"),
        ([LATE], [LATE], None, "frozen"),
        ([EARLY, LATE], [LATE], None, "frozen"),
        ([EARLY, LATE], [EARLY], None, "changed"),
        ([EARLY, LATE], [EARLY, LATE], None, "changed"),
        ([EARLY, LATE], None, None, "changed"),
        ([LATE, EARLY], [LATE], None, "frozen"),
        ([LATE], [EARLY], None, "unfrozen"),
        ([LATE], [LATE], [LATE], "frozen"),
        ([LATE], [LATE], [], "unfrozen"),
        ([EARLY, LATE], [LATE], [EARLY], "changed"),
    ],
)
def test_a_claim_is_frozen_before_its_runs_or_not(
    results: Results, folder: Path, freezes: list[Any], under: Any, seen: Any, state: str
) -> None:
    """Each run counts, and so do published runs of the same seeds: those have been seen.

    Where runs name no freeze, or one that the lock has not, they are from before the first one.
    """
    digests = [each["sha256"] for each in under or ()]
    told = {"trained_under": {"base": digests}} if under else {"trained_under": {}}
    own = replace(results, provenance={**results.provenance, **told})
    tested = claim(settings=settings_digest(results.study, "base"), declared=NOW)
    about = manifest.read(folder) if seen is not None else None
    if about is not None and seen:
        about["trained_under"] = {"base": [each["sha256"] for each in seen]}
    found = standings(about, own, {"level": tested}, Lock(tuple(freezes)))
    assert found["level"].frozen == state

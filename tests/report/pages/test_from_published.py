"""Pages of published results: short numbers, and no data at hand."""

from pathlib import Path

import pytest

from analysis.data import dataset
from analysis.results.frames import Results
from analysis.results.published import archive
from report.pages.laboratory.groups import groups_of
from report.pages.runs.rows import run_tables
from tests.made.results import tiny
from tests.made.results.synthetic import results_of, synthetic_study
from tests.made.sites import shared
from tests.made.sites.site import build

CLOSE = [0.123456789012, 0.123456789013]
"""Two standard deviations that agree to the ten digits that are published, and to eleven."""


@pytest.fixture(scope="module")
def close(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Published results of a sweep over two values that its CSV writes alike."""
    scale = {"sweep": {"variants.RandomNormal.stddev": CLOSE}}
    results = results_of(synthetic_study(seeds=2, epochs=1, experiments={"scale": scale}))
    folder = tmp_path_factory.mktemp("published")
    archive.write(results, {}, folder)
    found = archive.read(folder)
    own = found.runs[found.runs["variant"] == "RandomNormal"]
    assert own["stddev"].tolist() == [0.123456789] * 4
    assert own["point"].tolist() == [0, 0, 1, 1]
    return found


def test_close_points_of_a_sweep_stay_apart_in_the_list_of_runs(close: Results) -> None:
    """Every run has its row, with the setting that the study gave it."""
    (section,) = run_tables(close)
    assert section.count == len(close.runs) == 16
    seeds = [[row.seed for row in group.rows] for group in section.groups]
    assert seeds == [[0, 1, 0, 1]] * 4


def test_close_points_of_a_sweep_are_groups_of_their_own(close: Results) -> None:
    """Each has the gain of its own value, fan_in · stddev², and its own two seeds."""
    groups = [g for g in groups_of(close) if g["variant"] == "RandomNormal"]
    assert [g["gain"] for g in groups] == [pytest.approx(128 * sd**2, rel=1e-5) for sd in CLOSE]
    assert [g["seeds"] for g in groups] == [2, 2]


def test_an_npz_is_not_needed_to_show_its_published_results(tmp_path: Path) -> None:
    """The numbers of features and classes are published: 2 / 6 of He for a single hidden layer."""
    archive.write(tiny.stored_results(tmp_path), {}, tmp_path / "published")
    (tmp_path / "tiny.npz").unlink()
    dataset.describe.cache_clear()
    found = archive.read(tmp_path / "published")
    he = next(g for g in groups_of(found) if g["variant"] == "HeNormal")
    assert (he["data"], he["classes"], he["hidden"]) == ("tiny", tiny.CLASSES, [8])
    assert he["gain"] == pytest.approx(tiny.FEATURES * 2 / tiny.FEATURES)
    assert {section.name for section in run_tables(found)} == {"base", "deep", "start"}


def test_the_whole_site_is_made_of_published_results_alone(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Moved elsewhere and without the data, a published folder makes every page; none has a path.

    The study named its data by a path; what is left of them is the name, the source and the digest.
    """
    own = f"dataset={{path='{tmp_path / 'tiny.npz'}', name='Clouds', source='A. Maker, CC0'}}"
    made = tiny.stored_results(tmp_path, [own])
    archive.write(made, {}, tmp_path / "made")
    (tmp_path / "made").rename(tmp_path / "moved")
    (tmp_path / "tiny.npz").unlink()
    (tmp_path / "tiny.toml").unlink()
    dataset.describe.cache_clear()
    site = tmp_path / "site"
    with shared.cache(tmp_path_factory, "synthetic") as cache:
        build(archive.read(tmp_path / "moved"), site, cache)
    written = [path for top in (site, tmp_path / "moved") for path in top.rglob("*")]
    texts = {path: path.read_bytes() for path in written if path.is_file()}
    places = (str(tmp_path).encode(), b"tiny.npz")
    assert [path for path, text in texts.items() if any(place in text for place in places)] == []
    assert b"A. Maker, CC0" in texts[site / "methods.html"]
    digest = made.data["Clouds"].digest.encode()
    for record in (site / "provenance.json", tmp_path / "moved" / "manifest.json"):
        assert digest in texts[record]

"""A new site takes the place of the old one whole, or not at all."""

import os
from pathlib import Path

import pytest

from analysis.errors import InputError
from report.output.swap import alone, replacing, settle
from tests.made.folders import contents

OLD = {"index.html": "old", "provenance.json": "old", "figures/old.svg": "old"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of an earlier build."""
    folder = tmp_path / "out" / "site"
    (folder / "figures").mkdir(parents=True)
    for name in OLD:
        (folder / name).write_text("old")
    return folder


def fail_halfway(new: Path, error: BaseException) -> None:
    """Write a page, and fail."""
    (new / "index.html").write_text("half")
    raise error


def test_a_finished_site_replaces_the_old_one(site: Path) -> None:
    """What the block wrote is the site; of the old one and of the way there nothing is left."""
    with replacing(site) as new:
        assert list(new.iterdir()) == []
        (new / "index.html").write_text("new")
        assert contents(site) == OLD
    assert contents(site) == {"index.html": "new"}
    assert list(site.parent.iterdir()) == [site]


@pytest.mark.parametrize("order", ["", "{", '{"a": 1}', "[" * 100_000, "\0"])
def test_of_an_order_that_is_damaged_the_new_is_kept_and_nothing_lost(
    site: Path, order: str
) -> None:
    """What a killed build was about to move is moved, and what else is there stays."""
    new = site.with_name(".site.swap") / "new"
    new.mkdir(parents=True)
    (new / "index.html").write_text("new")
    (new.parent / "order.json").write_text(order)
    settle(site)
    assert contents(site) == OLD | {"index.html": "new"}
    assert not new.parent.exists()


def test_a_first_site_needs_no_folder(tmp_path: Path) -> None:
    """The folders above the site are made."""
    site = tmp_path / "a" / "b" / "site"
    with replacing(site) as new:
        (new / "index.html").write_text("new")
    assert contents(site) == {"index.html": "new"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_site_whole(site: Path, error: type[BaseException]) -> None:
    """However the block ends, but well, the old site stands and the half-made one is gone."""
    with pytest.raises(error), replacing(site) as new:
        fail_halfway(new, error())
    assert contents(site) == OLD
    assert list(site.parent.iterdir()) == [site]


def test_an_error_in_a_first_build_leaves_no_site(tmp_path: Path) -> None:
    """Where there was none, none appears."""
    with pytest.raises(ValueError, match="no"), replacing(tmp_path / "site") as new:
        fail_halfway(new, ValueError("no"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_cleared_away(site: Path) -> None:
    """Its half-made folder does not pile up; whatever else stands beside the site is left alone."""
    left = site.with_name(f".{site.name}.swap") / "new"
    left.mkdir(parents=True)
    (left / "index.html").write_text("half")
    others = {".sites", ".site.backup", ".site.new-idea", ".site.old-stuff"}
    for name in others:
        (site.with_name(name) / "mine").mkdir(parents=True)
    with replacing(site) as new:
        assert list(new.iterdir()) == []
        (new / "index.html").write_text("new")
    assert {path.name for path in site.parent.iterdir()} == {"site", *others}
    assert all((site.with_name(name) / "mine").is_dir() for name in others)


def test_a_site_that_a_killed_build_had_put_aside_returns(site: Path) -> None:
    """Between the two moves of a swap there is none in its place; the next build puts it back."""
    aside = site.with_name(f".{site.name}.swap") / "old"
    aside.parent.mkdir()
    site.rename(aside)
    with pytest.raises(ValueError, match="no"), replacing(site) as new:
        fail_halfway(new, ValueError("no"))
    assert contents(site) == OLD


def test_a_relative_path_is_meant_from_where_the_build_started(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that changes the folder does not move the site."""
    monkeypatch.chdir(site.parent)
    with replacing(Path("site")) as new:
        (new / "index.html").write_text("new")
        os.chdir("/")
    assert contents(site) == {"index.html": "new"}


@pytest.mark.parametrize("names", [["thesis.tex"], ["a", "b", "c", "d"], ["index.html"]])
def test_what_no_build_has_made_is_not_replaced(tmp_path: Path, names: list[str]) -> None:
    """A folder of a person, by mistake or by a link in the place of the site, stays."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "site").symlink_to("mine")
    for name in names:
        (tmp_path / "mine" / name).write_text(name)
    more = " and 1 more" if len(names) > 3 else ""
    said = f"{tmp_path}/site: holds {', '.join(names[:3])}{more}, and no site"
    with pytest.raises(InputError, match=said), replacing(tmp_path / "site"):
        pytest.fail("replaced")
    assert contents(tmp_path / "mine") == {name: name for name in names}


def test_what_publishes_a_site_stays_in_it(site: Path) -> None:
    """Hidden files are of a person, but for those that a killed build has left."""
    (site / ".git").mkdir()
    for name in (".nojekyll", ".git/config", ".report.pdf.new"):
        (site / name).write_text("mine")
    with replacing(site) as new:
        (new / "index.html").write_text("new")
    assert contents(site) == {"index.html": "new", ".nojekyll": "mine", ".git/config": "mine"}


def test_an_empty_folder_is_none_of_a_person(tmp_path: Path) -> None:
    """Nor is a new disk, which has a folder of its own."""
    (tmp_path / "site" / "lost+found").mkdir(parents=True)
    with replacing(tmp_path / "site") as new:
        (new / "index.html").write_text("new")
    assert contents(tmp_path / "site") == {"index.html": "new"}


def test_a_second_look_settles_what_a_killed_build_has_left(site: Path) -> None:
    """Before anything can fail; but not while another build is at work there."""
    aside = site.with_name(f".{site.name}.swap") / "old"
    aside.parent.mkdir()
    site.rename(aside)
    with alone(site):
        settle(site)
        assert not site.exists()
    settle(site)
    assert contents(site) == OLD
    assert not aside.parent.exists()

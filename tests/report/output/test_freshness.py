"""A site is up to date when no file, no argument and no commit changed, and it is whole."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from report.output import freshness

ARGUMENTS = ["study.toml", "results"]
Places = tuple[Path, Path, Path]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return a project's root, its results file, and a site that was built from both."""
    root, store, site = tmp_path / "root", tmp_path / "results" / "runs.sqlite", tmp_path / "site"
    for path in ("analysis/a.py", "report/answers/q1a.md", "templates/page.html", "build.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    store.parent.mkdir()
    store.write_text("results")
    (site / "figures").mkdir(parents=True)
    for path in ("index.html", "report.pdf", "figures/loss.svg"):
        (site / path).write_text(path)
    built(root, store, site)
    return root, store, site


def built(root: Path, store: Path, site: Path) -> None:
    """Record that the site was built from what is there now."""
    freshness.record(site, freshness.fingerprint(root, ARGUMENTS, [store]))


def test_a_site_just_built_is_fresh(places: Places) -> None:
    """Nothing changed: nothing to do, however often one asks."""
    root, _, site = places
    assert freshness.is_fresh(site, root, ARGUMENTS)
    assert freshness.is_fresh(site, root, ARGUMENTS)


def rewrite(path: Path) -> None:
    """Replace a file's text by another of the same length, a moment later."""
    text = path.read_text()
    path.write_text(text[::-1])
    stamp = path.stat().st_mtime_ns + 1
    os.utime(path, ns=(stamp, stamp))


CHANGES: dict[str, Callable[[Path, Path, Path], object]] = {
    "a module": lambda root, store, site: rewrite(root / "analysis/a.py"),
    "a sentence": lambda root, store, site: rewrite(root / "report/answers/q1a.md"),
    "a template": lambda root, store, site: rewrite(root / "templates/page.html"),
    "the front door": lambda root, store, site: rewrite(root / "build.py"),
    "a new module": lambda root, store, site: (root / "report/new.py").touch(),
    "a new study": lambda root, store, site: (root / "study.toml").touch(),
    "a module gone": lambda root, store, site: (root / "analysis/a.py").unlink(),
    "the results": lambda root, store, site: rewrite(store),
    "the results gone": lambda root, store, site: store.unlink(),
    "a page": lambda root, store, site: rewrite(site / "index.html"),
    "a page gone": lambda root, store, site: (site / "index.html").unlink(),
    "a figure gone": lambda root, store, site: (site / "figures/loss.svg").unlink(),
    "the PDF gone": lambda root, store, site: (site / "report.pdf").unlink(),
    "a page too many": lambda root, store, site: (site / "old.html").touch(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(places: Places, change: str) -> None:
    """What a build reads or wrote has changed: the site is not up to date, until built again."""
    CHANGES[change](*places)
    root, store, site = places
    assert not freshness.is_fresh(site, root, ARGUMENTS)
    built(root, store, site)
    assert freshness.is_fresh(site, root, ARGUMENTS)


def test_what_no_build_reads_does_not_count(places: Places) -> None:
    """Compiled modules, an editor's own files, tests and notes come and go without a rebuild."""
    root, _, site = places
    editor = ("report/answers/.q1a.md.swp", "report/answers/q1a.md~")
    for path in ("analysis/__pycache__/a.pyc", "tests/test_a.py", "README.md", *editor):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).touch()
    assert freshness.is_fresh(site, root, ARGUMENTS)


@pytest.mark.parametrize("arguments", [[], ["study.toml", "seeds=3", "results"], ARGUMENTS[::-1]])
def test_other_arguments_are_another_build(places: Places, arguments: list[str]) -> None:
    """A site of one study is not that of another."""
    root, _, site = places
    assert not freshness.is_fresh(site, root, arguments)


def test_another_commit_is_another_build(places: Places) -> None:
    """Provenance names the commit, so a new one makes the site old."""
    root, store, site = places

    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)

    git("init")
    git("commit", "--allow-empty", "-m", "one")
    built(root, store, site)
    assert freshness.is_fresh(site, root, ARGUMENTS)
    git("commit", "--allow-empty", "-m", "two")
    assert not freshness.is_fresh(site, root, ARGUMENTS)


def stamp_values() -> list[str]:
    """Return records that no build has written."""
    odd = ["", "{", "[]", "3", "{}", '{"inputs": 3}', '{"inputs": {"others": 3}, "outputs": {}}']
    odd += ["[" * 100_000 + "]" * 100_000, '{"inputs": ' + "[" * 900 + "]" * 900 + "}"]
    odd += ['{"inputs": {"others": ["a\\u0000"]}, "outputs": {}}']
    return [*odd, '{"inputs": {"others": [3]}}', '{"inputs": {"others": []}, "outputs": {}}']


@pytest.mark.parametrize("content", stamp_values())
def test_a_record_that_cannot_be_read_is_no_record(places: Places, content: str) -> None:
    """A damaged record means: build."""
    root, _, site = places
    freshness.stamp(site).write_text(content)
    assert not freshness.is_fresh(site, root, ARGUMENTS)
    freshness.files(root, freshness.others(site))
    assert freshness.changed(site, root, freshness.fingerprint(root, ARGUMENTS, [])) == ""


def test_without_a_site_there_is_nothing_fresh(tmp_path: Path) -> None:
    """A first build is never skipped."""
    assert not freshness.is_fresh(tmp_path / "site", tmp_path, ARGUMENTS)


def test_a_list_of_inputs_is_read_once(places: Places) -> None:
    """Whether the other files come as a list or one by one makes no difference."""
    root, store, _ = places
    one_by_one = freshness.fingerprint(root, ARGUMENTS, iter([store]))
    assert one_by_one == freshness.fingerprint(root, ARGUMENTS, [store])


@pytest.mark.parametrize("gone", ["analysis/a.py", "report/answers", "templates"])
def test_what_vanishes_while_one_looks_is_not_there(
    places: Places, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """A file or folder that was listed and is gone when it is looked at ends no build."""
    root, store, _ = places
    listed = os.walk

    def vanishing(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for found in listed(folder):
            if Path(found[0]) in {root / gone, (root / gone).parent}:
                rmtree(root / gone) if (root / gone).is_dir() else (root / gone).unlink(True)
            yield found

    monkeypatch.setattr(os, "walk", vanishing)
    found = freshness.files(root, [store])
    assert not any(path.startswith(str(root / gone)) for path in found)
    assert str(root / "build.py") in found


def test_the_answer_is_quick(places: Places) -> None:
    """A thousand files are checked in well under half a second."""
    root, store, site = places
    for number in range(1000):
        (root / "analysis" / f"m{number}.py").touch()
    built(root, store, site)
    started = time.process_time()  # of this process alone, however busy the machine is
    assert freshness.is_fresh(site, root, ARGUMENTS)
    assert time.process_time() - started < 0.4


SOURCES: dict[str, tuple[list[str], str]] = {
    "a sentence": (["report/answers/q1a.md"], "prose (report/answers/q1a.md)"),
    "a template": (["templates/page.html"], "templates (templates/page.html)"),
    "an example": (["examples/first_look.py"], "examples (examples/first_look.py)"),
    "a new figure": (["report/figures/new.py"], "figure code (report/figures/new.py)"),
    "code, and more of it than one reads": (
        [f"analysis/claims/{name}.py" for name in "edcba"] + ["build.py"],
        "claims (analysis/claims/a.py, analysis/claims/b.py, analysis/claims/c.py and 2 more); "
        "code (build.py)",
    ),
    "a study, and the results": (["study.toml", "studies/mine.toml", "../results/runs.sqlite"], ""),
}


@pytest.mark.parametrize("case", SOURCES)
def test_what_has_changed_of_the_sources_is_told_by_its_kind(places: Places, case: str) -> None:
    """Files are seen from the root; what changes in a study is told by its keys instead."""
    root, store, site = places
    names, words = SOURCES[case]
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("changed, and longer than it was")
    now = freshness.fingerprint(root, ARGUMENTS, [store])
    assert freshness.changed(site, root, now) == words


def test_of_what_is_gone_it_is_told_too(places: Places) -> None:
    """And nothing where nothing has changed."""
    root, store, site = places
    assert freshness.changed(site, root, freshness.fingerprint(root, ARGUMENTS, [store])) == ""
    (root / "templates/page.html").unlink()
    now = freshness.fingerprint(root, ARGUMENTS, [store])
    assert freshness.changed(site, root, now) == "templates (templates/page.html)"

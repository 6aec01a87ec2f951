"""The site as one file: equal sites make equal files, and no part of a site is taken for one."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from analysis.errors import InputError, StoreError
from report.output import swap
from tests.made.folders import contents
from tools import site_zip

PAGES = {
    "index.html": "front", "q1.html": "a page – of text", "report.pdf": "%PDF", ".nojekyll": "",
    "provenance.json": "{}", "figures/a.svg": "<svg/>", "figures/published/a.svg": "<svg />",
}  # fmt: skip
GOLDEN = "458ce09f7d16a31c4509d82e67b5a996b0bac4d2795cb5c15c1a451045b8dcde"
"""Of these pages, on every machine."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(folder: Path, pages: dict[str, str] = PAGES) -> Path:
    """Return the site in a folder, its files written in the order of `pages`."""
    for name, text in pages.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "site"


def test_the_archive_holds_the_site_and_nothing_else(here: Path) -> None:
    """Unpacked, it is the site, with the front page at the top; one line says what was written."""
    site = made(here)
    archive = site_zip.pack(site)
    assert archive == here / "site.zip"
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        assert all(each.external_attr >> 16 == 0o100644 for each in packed.infolist())
        packed.extractall(here / "unpacked")
    assert contents(here / "unpacked") == contents(site) == PAGES


def test_equal_sites_make_equal_archives(here: Path) -> None:
    """In whatever order, when and with whatever rights files were made, on every machine."""
    one = made(here / "one")
    other = made(here / "other", dict(reversed(PAGES.items())))
    for path in other.rglob("*.html"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o600)
    assert site_zip.pack(one).read_bytes() == site_zip.pack(other).read_bytes()
    assert hashlib.sha256(site_zip.packed(one)).hexdigest() == GOLDEN
    (other / "q1.html").write_text("another page")
    assert site_zip.packed(one) != site_zip.packed(other)


def test_a_line_says_what_was_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The place of the archive as it is seen from here, its files and its size."""
    made(here)
    assert site_zip.main(here) == 0
    assert capsys.readouterr().out == "site.zip: 7 files in 0.0 MB, index.html at the top.\n"


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (list(PAGES), "error: site/index.html does not exist; make report builds it\n"),
        (
            ["report.pdf"],
            "error: site/report.pdf does not exist, so the build has not ended; make report ends "
            "it\n",
        ),
    ],
)
def test_what_is_no_whole_site_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], lacking: list[str], said: str
) -> None:
    """One line says what is missing; an archive of before is as it was."""
    made(here, {name: text for name, text in PAGES.items() if name not in lacking})
    (here / "site.zip").write_text("of before")
    assert site_zip.main(here) == 2
    assert capsys.readouterr().err == said
    assert (here / "site.zip").read_text() == "of before"


def test_a_site_that_is_being_built_is_refused(here: Path) -> None:
    """While a build is at work nothing is written."""
    site = made(here)
    with swap.alone(site), pytest.raises(StoreError, match=r"in use by another build$") as refused:
        site_zip.pack(site)
    assert refused.value.exit_code == 2
    assert not (here / "site.zip").exists()


def test_a_build_that_was_killed_is_settled_before(here: Path) -> None:
    """Of what it has left beside the site, and in it where that cannot be moved, nothing goes."""
    site = made(here)
    for left in (here / ".site.swap", site / ".swap"):
        (left / "new").mkdir(parents=True)
        (left / "new" / "index.html").write_text("half a page")
    assert site_zip.main(here) == 0
    with zipfile.ZipFile(here / "site.zip") as packed:
        assert sorted(packed.namelist()) == sorted(PAGES)


def test_a_site_without_its_first_page_is_none(here: Path) -> None:
    """A folder of others' files is not packed."""
    site = made(here, {"notes.txt": "mine"})
    with pytest.raises(InputError, match=r"site/index\.html does not exist; make report"):
        site_zip.pack(site)

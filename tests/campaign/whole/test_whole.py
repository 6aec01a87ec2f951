"""A file or folder is written whole or not at all, where it is, by the umask, and on any disk."""

import errno
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis.errors import whole
from analysis.errors.whole import WriteError
from build import ROOT
from tests.campaign.whole.kinds import KINDS, fill
from tests.made.folders import contents


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("before", [False, True])
def test_a_folder_takes_its_place(tmp_path: Path, way: str, there: str, before: bool) -> None:
    """Whether there was one before or not, all of the new is there and nothing else is left."""
    real = KINDS[there](tmp_path / "site")
    if before:
        with whole.replacing(tmp_path / "site") as new:
            fill(new, "old")
    link = (tmp_path / "site").readlink() if (tmp_path / "site").is_symlink() else None
    with whole.replacing(tmp_path / "site") as new:
        fill(new, "new")
        assert (contents(real) != {}) is before
    assert contents(real) == {"index.html": "new", "both/a": "new", "new": "new"}
    assert contents(tmp_path / "site") == contents(real)
    if link:
        assert (tmp_path / "site").readlink() == link
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("there", KINDS)
def test_a_file_takes_its_place(tmp_path: Path, there: str) -> None:
    """A link to it stays one."""
    real = KINDS[there](tmp_path / "file")
    for text in ("old", "new"):
        whole.write(tmp_path / "file", text)
        assert real.read_text() == text
    assert (tmp_path / "file").is_symlink() is (there != "itself")
    assert not list(tmp_path.rglob(".*"))


def test_what_is_to_be_kept_comes_along(tmp_path: Path, way: str) -> None:
    """Files, folders and links of these names, with what was in them, but none that is new."""
    place = tmp_path / "place"
    (place / "mine").mkdir(parents=True)
    for name in ("a", "README", "mine/deep", "old"):
        (place / name).write_text("mine")
    (place / "link").symlink_to("nowhere")
    with whole.replacing(place, keep=lambda name: name != "old") as new:
        (new / "a").write_text("new")
    assert contents(place) == {"a": "new", "README": "mine", "mine/deep": "mine"}
    assert (place / "link").readlink() == Path("nowhere")


@pytest.mark.parametrize(
    ("umask", "folder", "file"),
    [(0o022, 0o755, 0o644), (0o077, 0o700, 0o600), (0o002, 0o775, 0o664), (0o027, 0o750, 0o640)],
)
def test_modes_are_those_of_the_umask(
    tmp_path: Path, way: str, umask: int, folder: int, file: int
) -> None:
    """Of the folder, of all in it, and of single files; also where there were others before."""
    before = os.umask(0)
    try:
        for mask in (0, umask):
            os.umask(mask)
            with whole.replacing(tmp_path / "place") as new:
                fill(new, "new")
            whole.write(tmp_path / "place" / "report.pdf", "new")
    finally:
        os.umask(before)
    place = tmp_path / "place"
    found = {
        path.is_dir(): {stat.S_IMODE(each.stat().st_mode) for each in place.rglob("*")
                        if each.is_dir() == path.is_dir()}
        for path in (place, place / "index.html")
    }  # fmt: skip
    assert found[False] == {file}
    # A folder that cannot be moved keeps the mode that somebody gave it.
    assert found[True] == {folder}
    assert way == "filled" or stat.S_IMODE(place.stat().st_mode) == folder


def a_file_in_its_place(place: Path) -> None:
    """A person's."""
    place.write_text("mine")


def a_file_above(place: Path) -> None:
    """In the place of the folder in which it would be."""
    place.parent.rmdir()
    place.parent.write_text("mine")


def a_circle(place: Path) -> None:
    """A link to itself."""
    place.symlink_to(place.name)


def a_long_name(place: Path) -> None:
    """To which nothing can be added."""
    place.symlink_to("x" * 252)


ERRORS = (a_file_in_its_place, a_file_above, a_circle, a_long_name)


@pytest.mark.parametrize("wrong", ERRORS)
def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, wrong: Callable[[Path], None]
) -> None:
    """With the reason in the system's words; what is there stays."""
    (tmp_path / "above").mkdir()
    place = tmp_path / "above" / "place"
    wrong(place)
    with pytest.raises(WriteError) as caught, whole.replacing(place):
        pytest.fail("it can be written")
    assert str(caught.value).startswith(f"{place}: cannot be written (")
    assert "[Errno" not in str(caught.value)
    assert caught.value.exit_code == 1


def test_room_is_asked_for_before(tmp_path: Path) -> None:
    """Where there is too little, nothing is begun, and both sizes are told."""
    said = r"cannot be written \(it needs 1000000000\.0 MB, and [0-9.]+ MB are free\)"
    with pytest.raises(WriteError, match=said), whole.replacing(tmp_path / "a", room=10**15):
        pytest.fail("there is no such disk")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_on_the_way_is_named(tmp_path: Path, number: int) -> None:
    """An error of writing names no file; one of another place stays what it is."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "a").write_text("old")
    with (
        pytest.raises(WriteError, match="place: cannot be written"),
        whole.replacing(tmp_path / "place"),
    ):
        raise OSError(number, os.strerror(number))
    with pytest.raises(FileNotFoundError), whole.replacing(tmp_path / "place"):
        (tmp_path / "template").read_text()
    assert contents(tmp_path) == {"place/a": "old"}


def test_the_new_folder_may_vanish_on_the_way(tmp_path: Path) -> None:
    """By `make clean` during a build: an error that names the place."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "a").write_text("old")
    with (
        pytest.raises(WriteError, match="No such file"),
        whole.replacing(tmp_path / "place") as new,
    ):
        shutil.rmtree(new.parent)
    assert contents(tmp_path) == {"place/a": "old"}


def test_the_previous_folder_may_vanish_on_the_way(tmp_path: Path, way: str) -> None:
    """Then the new one takes its place all the same."""
    (tmp_path / "place").mkdir()
    with whole.replacing(tmp_path / "place") as new:
        fill(new, "new")
        (tmp_path / "place").rmdir()
    assert len(contents(tmp_path / "place")) == 3


WRITERS = {
    "analysis/errors/mishap.py": "the report of an error, where nothing else could be done",
    "analysis/errors/whole.py": "the one",
    "analysis/results/published/archive.py": "into a folder that is written whole",
    "analysis/training/cluster/parcels.py": "an archive in memory",
    "report/output/export.py": "into a folder that is written whole",
    "report/output/serve/faults.py": "a message to the preview, which ends with it",
    "report/output/sharing/crate.py": "into a folder that is written whole",
    "report/output/sharing/picture.py": "into a folder that is written whole",
    "report/output/site/assets.py": "into a folder that is written whole",
    "report/output/site/build.py": "into a folder that is written whole",
    "report/output/site/pair.py": "into a folder that is written whole",
    "report/output/site/previews.py": "into a folder that is written whole",
    "report/output/site/shared.py": "into a folder that is written whole",
    "stages/against/comparing.py": "into a folder that is written whole",
}
"""The modules that write files by themselves, and why they may."""


def writers() -> Iterator[str]:
    """Yield the modules of the house in which a file is written."""
    calls = (".write_text(", ".write_bytes(", '"w")', '"wb")', '"xb")', ".copyfile(")
    for wing in ("analysis", "report", "stages"):
        for path in sorted((ROOT / wing).rglob("*.py")):
            if any(call in path.read_text("utf-8") for call in calls):
                yield str(path.relative_to(ROOT))


def test_nobody_else_writes() -> None:
    """A module that writes a file by itself has its reason above."""
    assert set(writers()) <= WRITERS.keys()


ROOTLESS = os.geteuid() != 0 or sys.platform != "linux"
MOUNTED = """
import sys
from pathlib import Path
from analysis.errors import whole
place = Path(sys.argv[1])
for text in ("old", "new"):
    with whole.replacing(place) as new:
        (new / "both").mkdir()
        for name in ("index.html", "both/a", text):
            (new / name).write_text(text)
mounts = Path("/proc/self/mountinfo").read_text()
print(sorted(str(each.relative_to(place)) for each in place.rglob("*")), f" {place} " in mounts)
"""


@pytest.mark.skipif(ROOTLESS, reason="needs root to mount a disk")
@pytest.mark.parametrize("mount", ["-t tmpfs tmpfs", "--bind other"])
def test_a_mount_point_stays_one(tmp_path: Path, mount: str) -> None:
    """A disk of its own, and a folder of the same disk: what is in it is exchanged."""
    for name in ("place", "other"):
        (tmp_path / name).mkdir()
    script = f'mount {mount} place && cd {ROOT} && exec "$0" -c "$1" "$2/place"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, sys.executable, MOUNTED, str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "['both', 'both/a', 'index.html', 'new'] True\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["other", "place"]

"""The set-up: what is installed when, and what a person reads where it cannot be."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from build import ROOT
from tools import environment, faces, screenshots, system

Project = tuple[Path, Path, Callable[..., list[str]]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an environment folder, a lock file, and a set-up that installs nothing for real."""
    folder, lock = tmp_path / ".venv", tmp_path / "requirements.lock"
    lock.write_text("numpy==1 \\\n")

    def set_up(run: environment.Run = lambda _: None) -> list[str]:
        """Return what was done: `create`, and the name of each lock that was installed."""
        done: list[str] = []

        def create(path: Path) -> None:
            done.append("create")
            (path / "bin").mkdir(parents=True, exist_ok=True)
            (path / "bin" / "python").touch()
            (path / "lib" / "python3" / "site-packages" / "numpy-1.dist-info").mkdir(
                parents=True, exist_ok=True
            )
            for stamp in path.glob("*.stamp"):  # as a real one, which empties the folder
                stamp.unlink()
            (path / "unfinished").unlink(missing_ok=True)

        locks = environment.ensure(folder, [lock], create=create, run=run)
        return done + [each.name for each in locks]

    return folder, lock, set_up


def test_a_second_set_up_installs_nothing(project: Project) -> None:
    """The first call creates and installs; the second, and one after a mere touch, do neither."""
    _, lock, set_up = project
    assert set_up() == ["create", "requirements.lock"]
    assert set_up() == []
    os.utime(lock)
    assert set_up() == []


def test_a_changed_lock_is_installed_into_the_same_environment(project: Project) -> None:
    """A new pin is installed without building the environment anew."""
    _, lock, set_up = project
    set_up()
    lock.write_text("numpy==2 \\\n")
    assert set_up() == ["requirements.lock"]


def test_an_interrupted_set_up_leaves_no_stamp_and_starts_anew(project: Project) -> None:
    """After an installation that was cut short nothing is taken for installed."""
    folder, _, set_up = project

    def interrupted(_: Sequence[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        set_up(interrupted)
    assert list(folder.glob("*.stamp")) == []
    assert set_up() == ["create", "requirements.lock"]


def test_an_environment_may_stand_in_a_folder_of_environments(tmp_path: Path) -> None:
    """That of a rival is one of several in a folder, which the first of them brings into being."""
    folder = tmp_path / ".rivals" / "one"
    assert environment.ensure(folder, [], create=lambda path: path.mkdir()) == []
    assert (folder / "created").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(project: Project) -> None:
    """An environment that points to a Python that was removed is replaced."""
    folder, _, set_up = project
    set_up()
    (folder / "bin" / "python").unlink()
    assert set_up() == ["create", "requirements.lock"]


@pytest.mark.parametrize(
    ("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)]
)
def test_a_python_that_does_not_fit_is_refused_before_anything_else(
    tmp_path: Path, version: tuple[int, int], fits: bool
) -> None:
    """One message says what is needed and what was found, and nothing has been created."""
    python = tmp_path / "python"
    pretend = f"import sys; sys.version_info = (*{version}, 0); exec(sys.argv[1])"
    python.write_text(
        "#!/bin/sh\n"
        "while [ $# -gt 0 ] && [ $1 != -c ] && [ $1 != --version ]; do shift; done\n"
        f'[ "$1" = -c ] && exec "{sys.executable}" -c "{pretend}" "$2"\n'
        '[ "$1" = --version ] && echo "Python of this machine"\n'
        "exit 7\n"
    )
    python.chmod(0o755)
    for name in ("requirements.lock", "Makefile"):
        (tmp_path / name).symlink_to(ROOT / name)
    make = ["make", "report", f"PYTHON={python}"]
    run = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=False)
    refused = run.stderr.startswith("error: Python 3.11, 3.12 or 3.13")
    assert refused is not fits
    assert ("Python of this machine" in run.stderr) is not fits
    assert not (tmp_path / ".venv").exists()


def test_the_lock_files_name_no_address_and_share_their_pins() -> None:
    """Every line of a lock is a pin, a hash or a comment, and shared packages agree."""
    pins: list[dict[str, str]] = []
    locks = [ROOT / f"requirements{of}.lock" for of in ("", "-dev", "-cluster")]
    for lock in [*locks, *ROOT.glob("benchmarks/rivals/*/*.lock")]:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        found = [line.split()[0].split("==") for line in text.splitlines() if "==" in line[:60]]
        pins.append({package: version for package, version in found if package[0].isalnum()})
    runtime, *others = pins
    development, cluster, *_ = others
    assert cluster.items() <= {**runtime, **development}.items()
    assert len(runtime) > 20
    assert len(others) > 1
    for other in others:
        shared = runtime.keys() & other.keys()
        assert {name: runtime[name] for name in shared} == {name: other[name] for name in shared}


def test_browsers_are_installed_in_ci_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside of CI a line for each says what is left out without it; nothing is installed."""
    installed: list[str] = []
    monkeypatch.setattr(system, "install", installed.extend)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", {"apt-get": "/usr/bin/apt-get"}.get)
    monkeypatch.setattr(system, "_downloaded", lambda: iter(()))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    assert (system.main(), installed) == (0, [])
    chromium, firefox = capsys.readouterr().out.splitlines()
    assert chromium.startswith("Left out: tests in a browser need")
    assert "Debian: apt install chromium;" in chromium
    assert firefox.startswith(
        "Left out: tests in Firefox need it (Debian: apt install firefox-esr;"
    )
    monkeypatch.setenv("CI", "1")
    assert (system.main(), installed) == (0, ["chromium", "firefox-esr"])
    monkeypatch.setattr(system, "find_browser", lambda: "/usr/bin/chromium")
    assert (system.main(), installed[2:]) == (0, ["firefox-esr"])


def test_a_browser_is_found_by_wish_then_by_name_then_among_downloads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """$CHROMIUM outdoes a browser on the path, which outdoes one that Playwright downloaded."""

    def program(*parts: str) -> str:
        path = tmp_path.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o755)
        return str(path)

    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(system, "BROWSERS", ("chromium", "google-chrome"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert system.find_browser() is None
    own = program(".cache", "ms-playwright", "chromium-1", "chrome-linux64", "chrome")
    assert system.find_browser() == own
    named = program("bin", "google-chrome")
    assert system.find_browser() == named
    wished = program("elsewhere", "my-chromium")
    monkeypatch.setenv("CHROMIUM", wished)
    assert system.find_browser() == wished
    monkeypatch.setenv("CHROMIUM", f"{wished}-gone")
    assert system.find_browser() is None


def test_two_set_ups_at_once_take_turns(project: Project) -> None:
    """A set-up that finds another one under way waits for it and then installs nothing."""
    _, _, set_up = project
    second: list[list[str]] = []
    other = threading.Thread(target=lambda: second.append(set_up()))

    def slow(_: Sequence[str]) -> None:
        other.start()
        other.join(timeout=0.2)
        assert other.is_alive()

    assert set_up(slow) == ["create", "requirements.lock"]
    other.join()
    assert second == [[]]


@pytest.mark.parametrize("height", [1, 900, 8000, 8001, 16001, 100_000])
def test_a_long_page_is_photographed_in_pieces(height: int) -> None:
    """The pieces follow each other without a gap, cover the page, and none is too tall."""
    pieces = list(screenshots.tiles(height))
    assert len(pieces) == -(-height // 8000)
    assert [top for top, _ in pieces] == [sum(h for _, h in pieces[:n]) for n in range(len(pieces))]
    assert sum(size for _, size in pieces) == height
    assert all(0 < size <= 8000 for _, size in pieces)


def test_screenshots_without_a_site_say_what_builds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file and the command; nothing is written."""
    monkeypatch.setattr(system, "find_browser", lambda: sys.executable)
    assert screenshots.main(tmp_path) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path}/site/index.html does not exist; make report builds it\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_cleaning_leaves_results_and_what_it_did_not_make(tmp_path: Path) -> None:
    """The site, what stands beside it for the next build, and every cache go; nothing else."""
    made = [
        "site/index.html", ".site.swap/new/index.html", ".site.inputs.json", ".site.lock",
        "site.zip", ".site.zip.new",
        "results/cache/ab/cdef", "screenshots/index.png", "report/__pycache__/a.pyc",
        ".mypy_cache/a", ".pytest_cache/a", ".ruff_cache/a", ".hypothesis/a",
    ]  # fmt: skip
    kept = [
        "results/runs.sqlite", "results/published/manifest.json", ".site.backup/index.html",
        "sites/index.html", "report/a.py", ".venv/lib/__pycache__/a.pyc",
    ]  # fmt: skip
    for name in (*made, *kept):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "Makefile").symlink_to(ROOT / "Makefile")
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*kept, "Makefile"}
    assert not (tmp_path / "results" / "cache").exists()


def outline(face: TTFont, name: str) -> list[Any]:
    """What a sign of a face is drawn by, its parts taken apart."""
    signs = face.getGlyphSet()
    pen = DecomposingRecordingPen(signs)
    signs[name].draw(pen)
    return list(pen.value)


@pytest.mark.parametrize("source", sorted(faces.FOLDER.glob("*.woff2")), ids=lambda path: path.stem)
def test_a_face_of_the_site_is_whole(source: Path) -> None:
    """Its compressed tables unpack; a text face has the outlines of the paper's, byte for byte."""
    face = TTFont(source)
    face.ensureDecompiled()
    if source.stem.startswith("common-"):
        whole = TTFont(source.with_name(source.name.replace("common", "source")))
        signs = whole.getBestCmap()
        for sign, name in face.getBestCmap().items():
            assert face["hmtx"][name] == whole["hmtx"][signs[sign]]
            assert outline(face, name) == outline(whole, signs[sign])
        assert set(range(0x20, 0x7F)) < set(face.getBestCmap())
    else:
        paper = TTFont(source.with_suffix(".ttf"))
        for name in ("cmap", "glyf", "hmtx"):
            assert face[name].compile(face) == paper[name].compile(paper)

"""Real builds that are stopped, killed, or run out of disk: the previous site is whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from build import ROOT
from tests.made.folders import digests
from tests.made.sites.copied import copied

PARTS = (
    "build.py", "analysis", "report", "stages", "templates", "studies", "examples",
    "study.toml", "CITATION.cff",
    "results/published",
)  # fmt: skip
COMMAND = [sys.executable, "build.py", "report", "--results", "published"]
LINUX_ROOT = os.geteuid() == 0 and sys.platform == "linux"
FULL = """
disk=$1 free=$2; shift 2
mount -t tmpfs -o size=20000k tmpfs $disk && cp -a kept/. $disk/
left=$(df -k --output=avail $disk | tail -1)
dd if=/dev/zero of=$disk/.filler bs=1k count=$((left - free)) 2>/dev/null
"$@"
code=$?
cp -rL site seen
exit $code
"""
"""Build on a disk of its own, on which so many KB are free; keep what is seen of the site then."""
LETTERS = str.maketrans("0123456789", "abcdefghij")
"""No literal result may stand in an answer."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif("KILLS" not in os.environ, reason="an hour of builds: KILLS=1 in the shell"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a site of its published results and a warm cache."""
    folder = copied(tmp_path_factory.mktemp("builds") / "project", *PARTS)
    built(folder, "0")
    return folder


def edit(project: Path, name: str) -> None:
    """Write an edition's name into an answer, and so into the pages and the PDF."""
    limits = (ROOT / "report" / "answers" / "limits.md").read_text("utf-8")
    (project / "report" / "answers" / "limits.md").write_text(
        f"{limits}\nEdition {name.translate(LETTERS)}.\n"
    )


def built(project: Path, name: str) -> Mapping[str, str]:
    """Build an edition undisturbed; return what its site is."""
    edit(project, name)
    done = subprocess.run(COMMAND, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return digests(project / "site")


def listed(project: Path) -> set[str]:
    """Return what stands in a project, but for its cache and compiled modules."""
    found = (path.relative_to(project) for path in project.rglob("*"))
    return {str(path) for path in found if not {"cache", "__pycache__"} & set(path.parts)}


def test_a_hundred_kills(project: Path) -> None:
    """At random moments from the start to the end, with a cold cache now and then.

    After each, the pages are those of one edition, their PDF is theirs or still to come, and
    nothing is left after the next build.
    """
    draw = random.Random(0)
    editions = [built(project, "1"), built(project, "0")]
    usual, began = listed(project), time.monotonic()
    built(project, "1"), built(project, "0")
    lasts = (time.monotonic() - began) / 2
    for kill in range(100):
        edit(project, str((kill + 1) % 2))
        if draw.random() < 0.1:
            shutil.rmtree(project / "results" / "cache")
        with subprocess.Popen(
            COMMAND, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as build:
            time.sleep(draw.uniform(0, lasts))
            build.kill()
        found = digests(project / "site")
        found = {name: each for name, each in found.items() if name != ".report.pdf.new"}
        unset = [{name: e[name] for name in e if name != "report.pdf"} for e in editions]
        assert found in (*editions, *unset)
        if kill % 20 == 19:
            assert built(project, str(kill % 2)) == editions[1 - kill % 2]
            assert listed(project) == usual


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("times", [1, 2])
def test_a_stopped_build_ends_in_order(project: Path, number: signal.Signals, times: int) -> None:
    """While pages are rendered and while the paper is set: a word, no traceback, nothing left."""
    usual, began = listed(project), time.monotonic()
    built(project, "1")
    lasts = time.monotonic() - began
    before = built(project, "0")
    for share in (0.4, 0.6, 0.8):
        edit(project, f"{number}{share}")
        with subprocess.Popen(
            COMMAND, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as build:
            time.sleep(share * lasts)
            for _ in range(times):
                build.send_signal(number)
                time.sleep(0.05)
            _, said = build.communicate()
        if build.returncode == 0:  # a quick machine
            before = digests(project / "site")
            continue
        # A second signal may come when all is said and done.
        assert build.returncode in {130 if number is signal.SIGINT else 143, -number}
        assert said.strip() == "Interrupted. The same command resumes where it stopped."
        assert digests(project / "site") == before
        assert listed(project) == usual


@pytest.mark.skipif(not LINUX_ROOT, reason="needs root to mount a disk")
@pytest.mark.parametrize("free", [0, 300, 1500])
@pytest.mark.parametrize("disk", ["site", "web", "results/cache"])
def test_a_full_disk(project: Path, disk: str, free: int) -> None:
    """Of the site, at its place or by a link: it stays. Of the cache: the build does without."""
    before = built(project, "0")
    edit(project, f"{disk}{free}")
    for name in ("kept", "seen", "web"):
        shutil.rmtree(project / name, ignore_errors=True)
    (project / "web").mkdir()
    if disk == "web":
        shutil.move(project / "site", project / "kept" / "html")
        (project / "site").symlink_to("web/html")
    else:
        shutil.copytree(project / "site", project / "kept")
    try:
        command = ["unshare", "-m", "sh", "-c", FULL, "sh", disk, str(free), *COMMAND]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    finally:
        if disk == "web":
            (project / "site").unlink()
            shutil.move(project / "kept" / "html", project / "site")
    seen = digests(project / "seen")
    assert "Traceback" not in done.stderr
    if disk == "results/cache":
        assert (done.returncode, done.stderr.count("cannot be written")) == (0, 1)
        assert seen.keys() == before.keys()
    else:
        assert done.returncode == 1
        assert "error: site: cannot be written (No space left on device)" in done.stderr
        assert {name: seen[name] for name in seen if name != ".filler"} == before

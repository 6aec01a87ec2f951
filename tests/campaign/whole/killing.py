"""A small build of real parts, killed at each of its steps; run as a program.

It forks from a process that has loaded all it needs, so a hundred builds take a few seconds. Two
editions take turns, which share no table, and every build finds one entry in the cache, of an
earlier one: no build has more steps than the one before it.
"""

import contextlib
import functools
import hashlib
import itertools
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from analysis.errors import whole
from analysis.results.cache import Cache, digest
from analysis.results.frames import Results
from analysis.results.published import archive, manifest
from report.output import freshness, swap
from tests.made.results.manifests import ENTRY
from tests.made.results.synthetic import BASE_VARIANTS, synthetic_results

PAGES = ("index.html", "q1.html", "provenance.json", "figures/a.svg", "figures/b.svg", "style.css")
PAPER = "report.pdf"
STEPS = ("open", "os.", "shutil.", "fcntl.", "ctypes.")
"""Names of the events at which a build may be killed: all that reach the file system."""
Kind = Callable[[Path], None]


def ordinary(project: Path) -> None:
    """Let site and published results be folders."""


def linked(project: Path) -> None:
    """Let the site be a link to a folder elsewhere."""
    (project / "web" / "html").mkdir(parents=True)
    (project / "site").symlink_to("web/html")


def stepwise(_project: Path) -> None:
    """Let the system be one that cannot exchange two folders."""
    whole._exchanged = lambda *_: False


def immovable(_project: Path) -> None:
    """Let folders be such that the system cannot move them, as mount points are."""
    stepwise(_project)
    whole._moved = lambda *_: False


def inside(_project: Path) -> None:
    """Let nothing be made beside a folder, nor moved from there."""
    prepared = whole._prepared

    def refused(target: Path) -> Path:
        if not target.exists():
            return prepared(target)
        (target / ".swap" / whole.NEW).mkdir(parents=True)
        return target / ".swap"

    whole._prepared = refused


KINDS: dict[str, Kind] = {
    each.__name__: each for each in (ordinary, linked, stepwise, immovable, inside)
}
AT_ONCE = {"ordinary", "linked"}
"""Where there is a whole site at every moment; else there is one once the next build begins."""


def build(project: Path, name: str, results: Results) -> None:
    """Make an edition of the site and of the published results."""
    site, cache = project / "site", Cache(project / "cache", largest=0).settled()
    swap.settle(site)
    with swap.alone(site):
        with swap.replacing(site, then=lambda folder: whole.write(folder / PAPER, name)) as new:
            for page in PAGES:
                (new / page).parent.mkdir(exist_ok=True)
                text = cache.text(digest(page, name), lambda: name)
                (new / page).write_text(text)
        freshness.record(site, {"name": name})
    archive.write(results, {name: ENTRY}, project / "published")


def undisturbed(project: Path, name: str, results: Results) -> float:
    """Make an edition that can be read as it should; return how many seconds it took."""
    aged(project)
    began = time.monotonic()
    build(project, name, results)
    lasts = time.monotonic() - began
    archive.read(project / "published")
    return lasts


def edition(project: Path) -> str:
    """Return the name of the edition of a site that is whole; raise AssertionError for another.

    Its PDF may be still to come.
    """
    site = project / "site"
    wanted = [*PAGES, *([PAPER] if (site / PAPER).exists() else [])]
    names = {(site / page).read_text() for page in wanted}
    assert len(names) == 1, f"a site of several editions: {names}"
    files = [path for path in site.rglob("*") if path.is_file() and path.name[0] != "."]
    assert len(files) == len(wanted), f"another number of files: {files}"
    return names.pop()


def published_edition(project: Path) -> str:
    """Return the name of the edition of published results of which every table is the manifest's.

    Raise AssertionError for others.
    """
    about = manifest.read(project / "published")
    assert about is not None
    for table, wanted in about["files"].items():
        found = hashlib.sha256((project / "published" / table).read_bytes()).hexdigest()
        assert found == wanted["sha256"], f"{table} is of another edition"
    (name,) = about["claims"]
    return str(name)


def aged(project: Path) -> None:
    """Let the cache hold nothing but an entry that nobody asks for any more."""
    shutil.rmtree(project / "cache", ignore_errors=True)
    Cache(project / "cache").text(digest("old"), lambda: "old")


def killed(build: Callable[[], None], steps: int = 0, seconds: float = 0) -> bool:
    """Run a build in a process of its own, killed before one of its steps, or after some time.

    Return whether it was killed; raise AssertionError where it failed.
    """
    child = os.fork()
    if not child:
        if steps:
            _count_down(steps)
        try:
            build()
        except BaseException as error:  # noqa: BLE001 - nothing gets out of a fork
            print(f"{type(error).__name__}: {error}", flush=True)
            os._exit(1)
        os._exit(0)
    if not steps:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the build failed"
    return os.WIFSIGNALED(status)


def _count_down(left: int) -> None:
    def step(event: str, _arguments: object) -> None:
        nonlocal left
        if event.startswith(STEPS):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)


def campaign(folder: Path, kind: str, count: int, seed: int) -> int:
    """Kill as many builds at random moments, or, for 0, one at each step; return how many were.

    After each the site is whole, and what comes next leaves nothing behind: a build that fails,
    and one that ends well.
    """
    editions = [synthetic_results(BASE_VARIANTS[2:], seeds, epochs=1) for seeds in (1, 2)]
    os.fsync = lambda fd: None  # a kill, unlike a power cut, loses nothing that was written
    project = folder / kind
    project.mkdir()
    KINDS[kind](project)
    lasts = [undisturbed(project, name, editions[int(name)]) for name in ("1", "0")][-1]
    usual = listed(project)
    draw = random.Random(seed)
    for number in itertools.count(1):
        moment = {"seconds": draw.uniform(0, lasts)} if count else {"steps": number}
        name, names = str(number), {str(number - 1), str(number)}
        results = editions[number % 2]
        aged(project)
        was_killed = killed(functools.partial(build, project, name, results), **moment)
        if kind in AT_ONCE:
            assert edition(project) in names
            assert published_edition(project) in names
        swap.settle(project / "site")
        assert edition(project) in names
        failing(project)
        assert edition(project) in names
        build(project, name, results)
        assert (project / "site" / PAPER).exists()
        assert (edition(project), published_edition(project)) == (name, name)
        assert listed(project) == usual, listed(project) ^ usual
        if number == count or not (count or was_killed):
            break
    return number


def failing(project: Path) -> None:
    """Let a build fail while it writes."""
    with contextlib.suppress(ZeroDivisionError), swap.replacing(project / "site") as new:
        (new / "index.html").write_text("half" * (1 // 0))


def listed(project: Path) -> set[str]:
    """Return all that stands in the project, but for its cache."""
    found = {str(path.relative_to(project)) for path in project.rglob("*")}
    return {path for path in found if path.partition("/")[0] != "cache"}


if __name__ == "__main__":
    where, how, *numbers = sys.argv[1:]
    print(campaign(Path(where), how, *map(int, numbers)))

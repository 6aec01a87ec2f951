"""What a change costs: `make report` after it, and the notebook, which trains all again.

Both do it for the comparison of the project's study. The project is measured in a copy of its tree,
where the comparison has been trained and built before; each change meets that same state.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TrainingError
from analysis.results.places import LOCK, PUBLISHED, REPLICATIONS, VERIFICATION
from analysis.study.file import load_study
from analysis.study.model import BASE, Settings
from benchmarks.work import VARIANTS, Timed

STUDY = "study.toml"
LEFT_OUT = frozenset({"site", "comparison", "screenshots", "figures", "tests", "docs"})
"""What stands in the root and no build reads; nor does it read what begins with a dot."""
KEPT = frozenset({PUBLISHED, LOCK, REPLICATIONS, VERIFICATION})
"""Of the results, what belongs to the project: a build reads it, and makes none of it."""
STANDS = "index.html is ready."
"""How the line of a build ends that says that its pages stand."""
Edit = Callable[[str], str]


@dataclass(frozen=True)
class Change:
    """Something that a person changes, and what a notebook trains again because of it."""

    name: str
    title: str
    runs: int
    epochs: int
    settings: str = ""
    """As they are typed after SET=."""
    file: str = ""
    """What is edited instead, seen from the root."""
    edit: Edit = str


@dataclass(frozen=True)
class Cost:
    """Seconds until the pages stand, until the PDF does, and of all processors; the notebook's."""

    title: str
    pages_s: float
    wall_s: float
    cpu_s: float
    runs: int
    notebook_s: float
    notebook_cpu_s: float


def changes(comparison: Settings) -> Iterator[Change]:
    """Yield the changes of a study whose comparison has these settings."""
    seeds, variants = len(comparison.seeds), len(comparison.variants)
    runs, epochs = seeds * variants, comparison.training.epochs
    fewer, more = epochs // 2, epochs + 2
    next_seed = max(comparison.seeds) + 1
    with_it = [*comparison.seeds, next_seed]
    line = '{ name = "Another", initializer = "LecunNormal" },'
    yield Change("fewer", f"epochs {epochs} → {fewer}", runs, fewer, f"training.epochs={fewer}")
    yield Change("more", f"epochs {epochs} → {more}", runs, more, f"training.epochs={more}")
    yield Change("seed", "one seed more", runs + variants, epochs, f"seeds={with_it}")
    yield Change(
        "variant", "one variant more", runs + seeds, epochs, file=STUDY,
        edit=lambda text: text.replace("variants = [\n", f"variants = [\n  {line}\n", 1),
    )  # fmt: skip
    yield Change(
        "sentence", "a sentence", runs, epochs, file="report/answers/q1a.md",
        edit=lambda text: f"{text.rstrip()}\n\nThis sentence was not there before.\n",
    )  # fmt: skip
    yield Change(
        "colour", "a colour", runs, epochs, file="report/figures/draw/style.py",
        edit=lambda text: re.sub(r'(_COLOURS = \(\n +)"#\w+"', r'\1"#b0609a"', text),
    )  # fmt: skip


def measure(root: Path, plain: Mapping[str, Any], options: Sequence[str] = ()) -> dict[str, Any]:
    """Return the cost of building the project in `root` from nothing, and of each change then.

    `plain` is the row of plain Model.fit, `options` are those of every `build.py report`. Raises
    TrainingError where a build fails.
    """
    comparison = load_study(root / STUDY).experiments[BASE]
    nothing = Change(
        "nothing", "from nothing",
        len(comparison.seeds) * len(comparison.variants), comparison.training.epochs,
    )  # fmt: skip
    costs = {}
    with tempfile.TemporaryDirectory(prefix="changes-") as folder:
        project, before = Path(folder, "project"), Path(folder, "before")
        copy(root, project)
        costs[nothing.name] = cost(project, nothing, plain, options)
        project.rename(before)
        for change in changes(comparison):
            shutil.copytree(before, project, symlinks=True)
            costs[change.name] = cost(project, change, plain, options)
            shutil.rmtree(project)
    return {name: asdict(each) for name, each in costs.items()}


def copy(root: Path, folder: Path) -> None:
    """Copy the project in `root` without what builds have made there."""

    def unread(inside: str, names: list[str]) -> set[str]:
        if Path(inside) == root:
            return {name for name in names if name in LEFT_OUT or name.startswith(".")}
        if Path(inside) == root / "results":
            return set(names) - KEPT
        return {"__pycache__"}

    shutil.copytree(root, folder, ignore=unread)


def cost(project: Path, change: Change, plain: Mapping[str, Any], options: Sequence[str]) -> Cost:
    """Make a change to the project in a folder, build it, and return what that has cost."""
    print(f"measuring a change: {change.title} …", flush=True)
    if change.file:
        path = project / change.file
        text = path.read_text(encoding="utf-8")
        if (edited := change.edit(text)) == text:
            raise TrainingError(f"{change.title}: {change.file} has nothing to change")
        path.write_text(edited, encoding="utf-8")
    settings = ["--settings", change.settings] if change.settings else []
    with Timed() as spent:
        pages_s = build(project, [*settings, "report", *options])
    seconds = notebook_s(plain, change.runs, change.epochs)
    cpu_s = seconds * plain["cpu_s"] / plain["process_s"]
    return Cost(change.title, pages_s, spent.wall_s, spent.cpu_s, change.runs, seconds, cpu_s)


def front_door(words: Sequence[str]) -> list[str]:
    """Return the command that opens the front door of the project it is run in."""
    return [sys.executable, "-E", "-s", "-X", "utf8", "build.py", *words]


def build(project: Path, words: Sequence[str]) -> float:
    """Call the front door of a project; return the seconds until its new pages stand.

    Raises TrainingError where it leaves no new site.
    """
    command, site = front_door(words), project / "site"
    before = [_made(site / name) for name in ("index.html", "report.pdf")]
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as done:
        told = [(time.perf_counter() - began, line.strip()) for line in done.stdout or ()]
    after = [_made(site / name) for name in ("index.html", "report.pdf")]
    if done.returncode or not all(new > old for old, new in zip(before, after, strict=True)):
        last = told[-1][1] if told else "no message"
        raise TrainingError(f"build.py {' '.join(words)} built no site: {last}")
    return next(seconds for seconds, line in told if line.endswith(STANDS))


def _made(path: Path) -> int:
    """Return when a file was written, in nanoseconds; 0 where there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


def notebook_s(plain: Mapping[str, Any], runs: int, epochs: int) -> float:
    """Return the seconds of training so many runs one after the other by plain Model.fit.

    Extrapolated from its row: one start of Python and Keras, and for each run its compilation and
    the epochs, validation included.
    """
    start = plain["process_s"] - plain["training_s"]
    compiling = plain["compile_s"] / len(VARIANTS)
    epoch = (plain["training_s"] - plain["compile_s"]) / (len(VARIANTS) * plain["epochs"])
    return float(start + runs * (compiling + epochs * epoch))

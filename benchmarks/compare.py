"""Run every contender as a fresh process, in turn, and set what they measured side by side."""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TrainingError, whole
from analysis.plan.costs.machine import processor
from analysis.training.surroundings import processors, variables
from benchmarks.work import Work

LATEST = Path("benchmarks", "latest.json")
"""Where the numbers are written, seen from the root of the project."""
PACKAGES = ("tensorflow", "keras", "numpy", "jax", "torch")
RATIOS = ("process_s", "training_s", "step_us", "core_us")
BASELINE = "plain"

Row = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """One way to do the work: a module of this package, run as a program with a mode."""

    name: str
    title: str
    module: str
    mode: str
    needs: str = "tensorflow"
    single: bool = False
    """One thread, measured in as many copies at once as there are cores."""


CONTENDERS = (
    Contender("plain", "Model.fit as in the notebook", "notebook", "plain"),
    Contender("tuned", "Model.fit at its best", "notebook", "tuned"),
    Contender("engine", "this engine", "engine", "whole"),
    Contender("jax", "JAX, a jitted scan", "jax_loop", "train", needs="jax"),
    Contender("torch", "PyTorch", "torch_loop", "train", needs="torch"),
)
TUNE = Contender("tune", "Model.fit, to find its best", "notebook", "tune")
STEP = Contender("step", "a step of this engine", "engine", "step", single=True)
CEILINGS = (
    Contender("xla", "matrix products by XLA", "ceiling", "xla", single=True),
    Contender("numpy", "matrix products by NumPy", "ceiling", "numpy", single=True),
)


def main(root: Path, repeats: int = 1) -> None:
    """Measure the project in the folder `root`, print a table, and write it all as JSON there.

    The work is that of the notebook, on the project's MNIST whatever a study asks for. Raises
    TrainingError if a process fails.
    """
    from benchmarks import table

    report = measure(root, Work(), repeats)
    whole.write(root / LATEST, json.dumps(report, indent=2) + "\n")
    table.show(report)


def measure(
    root: Path,
    work: Work,
    repeats: int,
    contenders: Sequence[Contender] = CONTENDERS,
    ceilings: Sequence[Contender] = CEILINGS,
    steps_per_execution: int | None = None,
) -> dict[str, Any]:
    """Return each contender's row, its ratios to plain Model.fit, the ceiling and the machine.

    They run in the folder `root`. `contenders` have plain Model.fit and the engine among them.
    Without a `steps_per_execution` for Model.fit at its best, the best one is looked for first.
    """
    present = [each for each in contenders if importlib.util.find_spec(each.needs)]
    tuned = steps_per_execution or run(root, TUNE, work)["tuned"]
    rows = _rows(root, work, repeats, [*present, STEP, *ceilings], tuned)
    step, products = rows.pop(STEP.name), {each.name: rows.pop(each.name) for each in ceilings}
    rows["engine"] |= {key: step[key] for key in ("step_us", "cores")}
    for each in present:
        row = rows[each.name]
        rows[each.name] = {"title": each.title, **row, "core_us": row["step_us"] * row["cores"]}
    return {
        "work": {**asdict(work), "steps": work.steps(), "repeats": repeats},
        "machine": machine(),
        "steps_per_execution": tuned,
        "rows": rows,
        "skipped": {each.name: "not installed" for each in contenders if each not in present},
        "ratios": ratios(rows),
        "ceiling": ceiling(rows["engine"]["step_us"], products),
    }


def _rows(
    root: Path, work: Work, repeats: int, all_: Sequence[Contender], tuned: int
) -> dict[str, Row]:
    """Return what each contender measured: of each value, the median of its repeats.

    They take turns, so that a slow minute of the machine meets them all.
    """
    turns: dict[str, list[Row]] = {each.name: [] for each in all_}
    for _ in range(repeats):
        for each in all_:
            print(f"measuring {each.title} …", flush=True)
            row = _in_company(root, each, work) if each.single else run(root, each, work, tuned)
            turns[each.name].append(row)
    return {name: _median(rows) for name, rows in turns.items()}


def ratios(rows: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    """Return how many times less each row needs than plain Model.fit, measure by measure."""
    baseline = rows[BASELINE]
    return {
        name: {measure: baseline[measure] / row[measure] for measure in RATIOS}
        for name, row in rows.items()
    }


def ceiling(step_us: float, ceilings: Mapping[str, Row]) -> dict[str, float]:
    """Return µs of the products of a step, by library, and the share of the faster in a step."""
    times = {f"{name}_us": float(row["step_us"]) for name, row in ceilings.items()}
    return {**times, "share": min(times.values()) / step_us}


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: processor, cores and versions."""
    versions = {
        name: importlib.metadata.version(name)
        for name in PACKAGES
        if importlib.util.find_spec(name) is not None
    }
    return {
        "processor": processor(),
        "cores": processors.available(),
        "python": ".".join(map(str, sys.version_info[:3])),
        **versions,
    }


def _command(contender: Contender, work: Work, tuned: int = 1) -> list[str]:
    program = [sys.executable, "-m", f"benchmarks.{contender.module}", contender.mode]
    return [*program, *work.arguments(), "--tuned", str(tuned)]


def run(root: Path, contender: Contender, work: Work, tuned: int = 1) -> Row:
    """Return what a contender, in the folder `root`, measured; `process_s` is its whole time."""
    started = time.perf_counter()
    done = subprocess.run(
        _command(contender, work, tuned), cwd=root, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    return {**_measured(contender, done.returncode, done.stdout, done.stderr), "process_s": seconds}


def _in_company(root: Path, contender: Contender, work: Work) -> Row:
    """Return the mean of as many copies at once as there are cores, each as a worker is.

    A worker never has the machine to itself: the others share its memory bandwidth and its clock.
    """
    copies = [
        subprocess.Popen(
            _command(contender, work),
            cwd=root,
            env={**os.environ, **variables.OF_WORKER},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processors.available())
    ]
    ended = [(copy, *copy.communicate()) for copy in copies]
    rows = [_measured(contender, copy.returncode, out, err) for copy, out, err in ended]
    return {key: statistics.mean(row[key] for row in rows) for key in ("step_us", "cores")}


def _measured(contender: Contender, code: int, out: str, err: str) -> Row:
    if code != 0:
        last = err.strip().splitlines()[-1:] or ["no message"]
        raise TrainingError(f"{contender.title} ended with exit code {code}: {last[0]}")
    row: Row = json.loads(out.splitlines()[-1])
    return row


def _median(turns: Sequence[Row]) -> Row:
    """Return one row of several: the median of each number, the first of all else."""
    return {
        key: statistics.median(row[key] for row in turns) if isinstance(value, float) else value
        for key, value in turns[0].items()
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1)
    main(Path.cwd(), parser.parse_args().repeats)

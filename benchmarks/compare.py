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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import workers
from analysis.errors import TrainingError
from analysis.provenance import processor
from benchmarks.work import Work

ROOT = Path(__file__).resolve().parent.parent
LATEST = ROOT / "benchmarks" / "latest.json"
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
    tuned: bool = False


CONTENDERS = (
    Contender("plain", "Model.fit as in the notebook", "notebook", "plain"),
    Contender("tuned", "Model.fit at its best", "notebook", "tuned", tuned=True),
    Contender("engine", "this engine", "engine", "whole"),
    Contender("jax", "JAX, a jitted scan", "jax_loop", "train", needs="jax"),
    Contender("torch", "PyTorch", "torch_loop", "train", needs="torch"),
)
STEP = Contender("step", "a step of this engine", "engine", "step")
CEILINGS = (
    Contender("xla", "matrix products by XLA", "ceiling", "xla"),
    Contender("numpy", "matrix products by NumPy", "ceiling", "numpy"),
)


def main(repeats: int = 1, work: Work | None = None, latest: Path = LATEST) -> None:
    """Measure, print a table, and write it all as JSON. Raises TrainingError if a process fails."""
    from benchmarks import table

    report = measure(work or Work(), repeats)
    latest.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    table.show(report)


def measure(work: Work, repeats: int) -> dict[str, Any]:
    """Return every contender's row, its ratios to plain Model.fit, the ceiling and the machine.

    Contenders take turns, so that a slow minute of the machine meets them all; each value is the
    median of its repeats.
    """
    missing = {each.needs for each in CONTENDERS if importlib.util.find_spec(each.needs) is None}
    present = [each for each in CONTENDERS if each.needs not in missing]
    tuned = _run(Contender("tune", "the best Model.fit", "notebook", "tune"), work)["tuned"]
    turns: dict[str, list[Row]] = {}
    for _ in range(repeats):
        for each in present:
            turns.setdefault(each.name, []).append(_run(each, work, tuned if each.tuned else None))
        for each in (STEP, *CEILINGS):
            turns.setdefault(each.name, []).append(_in_company(each, work))
    rows = {name: _median(turn) for name, turn in turns.items()}
    step, ceilings = rows.pop(STEP.name), {each.name: rows.pop(each.name) for each in CEILINGS}
    rows["engine"] |= {key: step[key] for key in ("step_us", "cores")}
    for row in rows.values():
        row["core_us"] = row["step_us"] * row["cores"]
    return {
        "work": {**work.__dict__, "steps": work.steps(), "repeats": repeats},
        "machine": machine(),
        "steps_per_execution": tuned,
        "rows": {each.name: {"title": each.title, **rows[each.name]} for each in present},
        "skipped": dict.fromkeys(sorted(missing), "not installed"),
        "ratios": ratios(rows),
        "ceiling": ceiling(rows["engine"]["step_us"], ceilings),
    }


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
        "cores": workers.available(),
        "python": ".".join(map(str, sys.version_info[:3])),
        **versions,
    }


def _command(contender: Contender, work: Work, tuned: int | None) -> list[str]:
    options = [] if tuned is None else ["--tuned", str(tuned)]
    module = f"benchmarks.{contender.module}"
    return [sys.executable, "-m", module, contender.mode, *work.arguments(), *options]


def _run(contender: Contender, work: Work, tuned: int | None = None) -> Row:
    """Return what a contender measured, and `process_s` from its start to its end."""
    print(f"measuring {contender.title} …", flush=True)
    started = time.perf_counter()
    done = subprocess.run(
        _command(contender, work, tuned), cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    return {**_measured(contender, done.returncode, done.stdout, done.stderr), "process_s": seconds}


def _in_company(contender: Contender, work: Work) -> Row:
    """Return the mean of as many copies at once as there are cores, each as a worker is.

    A worker never has the machine to itself: the others share its memory bandwidth and its clock.
    """
    print(f"measuring {contender.title} …", flush=True)
    copies = [
        subprocess.Popen(
            _command(contender, work, None),
            cwd=ROOT,
            env={**os.environ, **workers.SINGLE_THREADED},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers.available())
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
    main(parser.parse_args().repeats)

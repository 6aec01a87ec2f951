"""Run every contender as a fresh process, in turn, and set what they measured side by side."""

import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TrainingError, whole
from analysis.plan.costs.machine import processor
from analysis.training.cluster import joining
from analysis.training.surroundings import processors, variables
from benchmarks.work import Timed, Work

LATEST = Path("benchmarks", "latest.json")
"""Where the numbers are written, seen from the root of the project."""
ENVIRONMENTS = Path(".rivals")
"""Where each rival has an environment of its own, seen from the root of the project."""
PACKAGES = ("tensorflow", "keras", "numpy")
RATIOS = ("process_s", "cpu_s", "training_s", "step_us", "core_us")
BASELINE = "plain"
OWN = {"engine", "cluster"}
"""Rows of this engine, which have one step."""
TURNS = 3
"""So often this engine and what it is held against take turns, where there is such a thing."""
SAME = 0.02
"""So far apart two accuracies may be of networks that have been trained alike."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """One way to do the work: a module of this package, run as a program with a mode."""

    name: str
    title: str
    module: str
    mode: str
    rival: bool = False
    """In an environment of its own, which has the contender's name."""
    single: bool = False
    """One thread, measured in as many copies at once as there are cores."""
    clustered: bool = False
    """By the workers of a cluster, whose processor time nobody here can tell."""


CONTENDERS = (
    Contender("plain", "Model.fit as in the notebook", "notebook", "plain"),
    Contender("tuned", "Model.fit at its best", "notebook", "tuned"),
    Contender("engine", "this engine", "engine", "whole"),
    Contender("cluster", "this engine on a cluster", "engine", "cluster", clustered=True),
    Contender("jax", "JAX, a jitted scan", "rivals.jax.loop", "train", rival=True),
    Contender("torch", "PyTorch", "rivals.torch.loop", "train", rival=True),
)
TUNE = Contender("tune", "Model.fit, to find its best", "notebook", "tune")
STEP = Contender("step", "a step of this engine", "engine", "step", single=True)
CEILINGS = (
    Contender("xla", "matrix products by XLA", "ceiling", "xla", single=True),
    Contender("numpy", "matrix products by NumPy", "ceiling", "numpy", single=True),
)


def main(
    root: Path, *, rivals: bool = False, changes: bool = False, cluster: str | None = None
) -> None:
    """Measure the project in the folder `root`, print a table, and write it all as JSON there.

    The work is that of the notebook, on the project's MNIST whatever a study asks for; with
    `rivals` theirs too, with `changes` what changes of the project's study cost, and with a
    `cluster` its workers beside those here. Raises TrainingError if a process fails, or a
    contender's networks learn otherwise than Model.fit's, and InputError for no cluster.
    """
    if cluster is not None:
        joining.count(joining.read(cluster))  # what is wrong with it is said before all else
    from benchmarks import changing, table

    report = measure(root, Work(cluster=cluster or ""), rivals=rivals)
    if changes:
        report["changes"] = changing.measure(
            root, report["rows"][BASELINE] | {"epochs": report["work"]["epochs"]}
        )
    whole.write(root / LATEST, json.dumps(report, indent=2) + "\n")
    table.show(report)
    demand_same(report["rows"])


def measure(
    root: Path,
    work: Work,
    *,
    rivals: bool = False,
    contenders: Sequence[Contender] = CONTENDERS,
    ceilings: Sequence[Contender] = CEILINGS,
    steps_per_execution: int | None = None,
) -> dict[str, Any]:
    """Return each contender's row, its ratios to plain Model.fit, the ceiling and the machine.

    They run in the folder `root`. `contenders` have plain Model.fit and the engine among them.
    Without a `steps_per_execution` for Model.fit at its best, the best one is looked for first.
    """
    skipped = {each.name: why for each in contenders if (why := _absent(root, each, work, rivals))}
    present = [each for each in contenders if each.name not in skipped]
    tuned = steps_per_execution or run(root, TUNE, work)["tuned"]
    rows = _rows(root, work, [*present, STEP, *ceilings], tuned)
    step, products = rows.pop(STEP.name), {each.name: rows.pop(each.name) for each in ceilings}
    for own in rows.keys() & OWN:
        rows[own] |= {key: step[key] for key in ("step_us", "cores")}
    for each in present:
        row = rows[each.name]
        rows[each.name] = {"title": each.title, **row, "core_us": row["step_us"] * row["cores"]}
    return {
        "work": {**asdict(work), "steps": work.steps()},
        "machine": machine(),
        "steps_per_execution": tuned,
        "rows": rows,
        "skipped": skipped,
        "ratios": ratios(rows),
        "ceiling": ceiling(rows["engine"]["step_us"], products),
    }


def _absent(root: Path, contender: Contender, work: Work, rivals: bool) -> str:
    """Return why a contender cannot be measured, or nothing."""
    if contender.clustered:
        return "" if work.cluster else "make bench CLUSTER=local:2 measures it"
    if not contender.rival:
        return ""
    if not rivals:
        return "make bench RIVALS=1 measures it"
    there = _python(root, contender).exists()
    return "" if there else f"there is no environment {ENVIRONMENTS / contender.name}"


def _rows(root: Path, work: Work, all_: Sequence[Contender], tuned: int) -> dict[str, Row]:
    """Return what each contender measured: of each value, the median of its turns.

    Rivals, or a cluster, and this engine take turns, so that a slow minute of the machine meets
    them all.
    """
    again = [each for each in all_ if each.rival or each.name in OWN]
    turns: dict[str, list[Row]] = {each.name: [] for each in all_}
    for each in [*all_, *(again if len(again) > 1 else []) * (TURNS - 1)]:
        print(f"measuring {each.title} …", flush=True)
        row = _in_company(root, each, work) if each.single else run(root, each, work, tuned)
        turns[each.name].append(row)
    return {name: {**_median(rows), "turns": len(rows)} for name, rows in turns.items()}


def demand_same(rows: Mapping[str, Row]) -> None:
    """Raise TrainingError where the networks of a row do not learn as those of plain Model.fit do.

    What differs by chance, the seed's draw, is far less than SAME after the work's ten epochs.
    """
    expected = rows[BASELINE]["accuracy"]
    for row in rows.values():
        for variant, accuracy in row["accuracy"].items():
            if abs(accuracy - expected[variant]) > SAME:
                raise TrainingError(
                    f"{row['title']} is not the same work: its {variant} ends at a validation "
                    f"accuracy of {accuracy:.3f}, that of Model.fit at {expected[variant]:.3f}"
                )


def ratios(rows: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    """Return how many times less each row needs than plain Model.fit, measure by measure."""
    baseline = rows[BASELINE]
    return {
        name: {each: baseline[each] / row[each] for each in RATIOS if row[each] is not None}
        for name, row in rows.items()
    }


def ceiling(step_us: float, ceilings: Mapping[str, Row]) -> dict[str, float]:
    """Return µs of the products of a step, by library, and the share of the faster in a step."""
    times = {f"{name}_us": float(row["step_us"]) for name, row in ceilings.items()}
    return {**times, "share": min(times.values()) / step_us}


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: processor, cores and versions."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {
        "processor": processor(),
        "cores": processors.available(),
        "python": ".".join(map(str, sys.version_info[:3])),
        **versions,
    }


def _python(root: Path, contender: Contender) -> Path:
    own = root / ENVIRONMENTS / contender.name / "bin" / "python"
    return own if contender.rival else Path(sys.executable)


def _command(root: Path, contender: Contender, work: Work, tuned: int = 1) -> list[str]:
    program = [str(_python(root, contender)), "-s", "-m", f"benchmarks.{contender.module}"]
    return [*program, contender.mode, *work.arguments(), "--tuned", str(tuned)]


def run(root: Path, contender: Contender, work: Work, tuned: int = 1) -> Row:
    """Return what a contender, in the folder `root`, measured.

    `process_s` is the whole time of its process, `cpu_s` what it and its children had of all
    processors; None where that is not known.
    """
    command = _command(root, contender, work, tuned)
    with Timed() as spent:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    row = _measured(contender, done.returncode, done.stdout, done.stderr)
    cpu_s = None if contender.clustered else spent.cpu_s
    return {**row, "process_s": spent.wall_s, "cpu_s": cpu_s}


def _in_company(root: Path, contender: Contender, work: Work) -> Row:
    """Return the mean of as many copies at once as there are cores, each as a worker is.

    A worker never has the machine to itself: the others share its memory bandwidth and its clock.
    """
    copies = [
        subprocess.Popen(
            _command(root, contender, work),
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

"""The comparison as a table on the terminal."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]

BUSY = 0.9
"""Share of a core below which an engine's single thread was held up by others."""

MEASURES: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("process_s", "whole process, s", "{:.1f}".format),
    ("training_s", "training, s", "{:.1f}".format),
    ("compile_s", "of it compiling, s", "{:.1f}".format),
    ("step_us", "a step, µs", "{:.0f}".format),
    ("cores", "cores a step keeps busy", "{:.2f}".format),
    ("core_us", "a step × its cores, µs", "{:.0f}".format),
    ("workers", "trainings at once", "{:.0f}".format),
    ("memory_mb", "peak of a process, MB", "{:.0f}".format),
)


def show(report: Row) -> None:
    """Print the rows, the ratios, the ceiling and the machine."""
    console = Console()
    console.print(_table(report))
    for name, reason in report["skipped"].items():
        console.print(f"{name}: skipped, {reason}.")
    for line in (*_notes(report), *_warnings(report), _machine(report["machine"])):
        console.print(line, highlight=False)


def _table(report: Row) -> Table:
    work = report["work"]
    title = f"4 variants × {work['epochs']} epochs of {work['steps']} steps, batch {work['batch']}"
    table = Table(title=title)
    table.add_column("")
    for row in report["rows"].values():
        table.add_column(row["title"], justify="right")
    for key, head, text in MEASURES:
        table.add_row(head, *(_cell(report, name, key, text) for name in report["rows"]))
    return table


def _cell(report: Row, name: str, key: str, text: Callable[[float], str]) -> str:
    """Return a value, and behind it how many times less that is than plain Model.fit's."""
    ratio = report["ratios"][name].get(key)
    value = text(report["rows"][name][key])
    return value if ratio is None or name == "plain" else f"{value} ({ratio:.1f}×)"


def _notes(report: Row) -> list[str]:
    ceiling = report["ceiling"]
    return [
        "(n×): n times less than plain Model.fit. Training includes compilation and validation; "
        "a step is the median of later epochs, validation left out.",
        "Model.fit draws no progress bar here (verbose=0); at its best it has jit_compile, float32 "
        f"rows, steps_per_execution={report['steps_per_execution']} and large validation batches.",
        f"The matrix products of a step alone take {ceiling['xla_us']:.0f} µs by XLA and "
        f"{ceiling['numpy_us']:.0f} µs by NumPy, on one core: "
        f"{ceiling['share']:.0%} of the engine's step.",
    ]


def _warnings(report: Row) -> list[str]:
    """Return a word where other programs took processor time from the engine's one thread."""
    share = report["rows"]["engine"]["cores"]
    if share > BUSY:
        return []
    return [f"The machine was busy: a worker had only {share:.0%} of a core. Measure again."]


def _machine(machine: Row) -> str:
    versions = ", ".join(
        f"{name} {value}" for name, value in machine.items() if name not in {"processor", "cores"}
    )
    return f"{machine['processor']}, {machine['cores']} cores; {versions}"

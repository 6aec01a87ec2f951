"""The comparison as a table on the terminal."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]

COLUMNS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("process_s", "whole process, s", "{:.1f}".format),
    ("training_s", "training, s", "{:.1f}".format),
    ("compile_s", "of it compiling, s", "{:.1f}".format),
    ("step_us", "a step, µs", "{:.0f}".format),
    ("cores", "cores a step", "{:.2f}".format),
    ("core_us", "a step × cores, µs", "{:.0f}".format),
    ("workers", "at once", "{:.0f}".format),
    ("memory_mb", "peak memory, MB", "{:.0f}".format),
)


def show(report: Row) -> None:
    """Print the rows, the ratios, the ceiling and the machine."""
    console = Console()
    console.print(_table(report))
    for name, reason in report["skipped"].items():
        console.print(f"{name}: skipped, {reason}.")
    for line in (*_notes(report), _machine(report["machine"])):
        console.print(line, highlight=False)


def _table(report: Row) -> Table:
    work = report["work"]
    title = f"4 variants × {work['epochs']} epochs of {work['steps']} steps, batch {work['batch']}"
    table = Table("", *(head for _, head, _ in COLUMNS), title=title)
    for name, row in report["rows"].items():
        table.add_row(row["title"], *(_cell(report, name, key, text) for key, _, text in COLUMNS))
    return table


def _cell(report: Row, name: str, key: str, text: Callable[[float], str]) -> str:
    """Return a value, and below it how many times less that is than plain Model.fit's."""
    ratio = report["ratios"][name].get(key)
    value = text(report["rows"][name][key])
    return value if ratio is None or name == "plain" else f"{value}\n({ratio:.1f}×)"


def _notes(report: Row) -> list[str]:
    ceiling = report["ceiling"]
    return [
        "(n×): n times less than plain Model.fit. Training: compilation and validation included; "
        "a step: the median of later epochs, validation left out.",
        "Model.fit draws no progress bar here (verbose=0); at its best it has jit_compile, float32 "
        f"rows, steps_per_execution={report['steps_per_execution']} and large validation batches.",
        f"The matrix products of a step alone take {ceiling['xla_us']:.0f} µs by XLA and "
        f"{ceiling['numpy_us']:.0f} µs by NumPy, on one core: "
        f"{ceiling['share']:.0%} of the engine's step.",
    ]


def _machine(machine: Row) -> str:
    versions = ", ".join(
        f"{name} {value}" for name, value in machine.items() if name not in {"processor", "cores"}
    )
    return f"{machine['processor']}, {machine['cores']} cores; {versions}"

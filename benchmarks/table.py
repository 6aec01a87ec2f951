"""The comparison as a table on the terminal."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]

BUSY = 0.9
"""Share of a core below which an engine's single thread was held up by others."""

ABOUT_CHANGES = (
    "Pages: until they stand; make report: until the PDF does too; both from the state that the "
    "first row leaves. The notebook again: the comparison of the study trained from the top by "
    "plain Model.fit, one run after the other, extrapolated from the epochs measured above. A "
    "notebook that is still open needs nothing for a sentence."
)
"""What the rows of the changes stand for."""

MEASURES: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("process_s", "whole process, s", "{:.1f}".format),
    ("cpu_s", "processor time of it, s", "{:.1f}".format),
    ("training_s", "training, s", "{:.1f}".format),
    ("compile_s", "of it compiling, s", "{:.1f}".format),
    ("step_us", "a step, µs", "{:.0f}".format),
    ("cores", "cores a step keeps busy", "{:.2f}".format),
    ("core_us", "a step × its cores, µs", "{:.0f}".format),
    ("workers", "trainings at once", "{:.0f}".format),
    ("memory_mb", "peak of a process, MB", "{:.0f}".format),
)


def show(report: Row) -> None:
    """Print the rows, the ratios, the ceiling, what changes cost, and the machine."""
    console = Console()
    console.print(_table(report))
    lines = [f"{name}: skipped, {reason}." for name, reason in report["skipped"].items()]
    for line in (*lines, *_notes(report), *_warnings(report)):
        console.print(line, highlight=False)
    if changes := report.get("changes"):
        console.print(_changes(changes))
        console.print(ABOUT_CHANGES, highlight=False)
    console.print(_machine(report), highlight=False)


def _changes(changes: Row) -> Table:
    """Return what each change costs here and by the notebook."""
    table = Table(title="The cost of a change, in seconds")
    heads = ("", "pages", "make report", "processor", "the notebook again", "its runs")
    for head in (*heads, "times less"):
        table.add_column(head, justify="right" if head else "left")
    for row in changes.values():
        table.add_row(
            row["title"],
            *(f"{row[key]:.1f}" for key in ("pages_s", "wall_s", "cpu_s")),
            f"{row['notebook_s']:.0f}",
            f"{row['runs']}",
            f"{row['notebook_s'] / row['wall_s']:.0f}×",
        )
    return table


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
    value, ratio = report["rows"][name][key], report["ratios"][name].get(key)
    if value is None:
        return ""  # not measured there
    return text(value) if ratio is None or name == "plain" else f"{text(value)} ({ratio:.1f}×)"


def _notes(report: Row) -> list[str]:
    ceiling = report["ceiling"]
    turns = report["rows"]["engine"]["turns"]
    return [
        *(
            [f"This engine and what it is held against: the median of {turns} turns."]
            if turns > 1
            else []
        ),
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


def _machine(report: Row) -> str:
    machine = report["machine"]
    own = [f"{name} {machine[name]}" for name in machine if name not in {"processor", "cores"}]
    rivals = [row["library"] for row in report["rows"].values() if row["library"]]
    versions = ", ".join(own + rivals)
    return f"{machine['processor']}, {machine['cores']} cores; {versions}"

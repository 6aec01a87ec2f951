"""What a comparison says: its sentences, machines, reasons, and what a number is."""

import math
from collections.abc import Mapping

from analysis.claims.against.account import Outcome, Stated
from analysis.claims.against.comparison import Comparison, Reason
from analysis.errors import plural
from report.words import metrics, numbers
from report.words.counts import counted

SPREADS = ("sd", "half_width")
"""Statistics in percentage points, where the metric is in percent."""
SHORT = ("processor", "cores")
"""What a machine is called by; what else differs is added."""
CALLED = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy", "python": "Python"}


def machines(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, str]:
    """Return both machines in words, with all in which they differ."""
    names = [*SHORT, *(name for name in {**before, **after} if name not in SHORT)]
    named = [name for name in names if name in SHORT or before.get(name) != after.get(name)]
    old, new = (
        ", ".join(_part(name, each[name]) for name in named if name in each)
        for each in (before, after)
    )
    return old or "an unknown machine", new or "an unknown machine"


def _part(name: str, value: str) -> str:
    if name == "cores":
        return f"{value} {plural(1 if value == '1' else 2, 'core')}"
    return f"{CALLED[name]} {value}" if name in CALLED else value


def trained(comparison: Comparison, before: str, after: str) -> str:
    """Return a sentence on where both sides were trained; they are called `before` and `after`."""
    old, new = machines(comparison.before.machine, comparison.after.machine)
    if comparison.before.machine == comparison.after.machine:
        return f"Both were trained on {old}."
    return f"{before}, training ran on {old}; {after}, on {new}."


def summary(comparison: Comparison, others: str) -> str:
    """Return in words how much moved; `others` is what the earlier side is called."""
    claims = counted(len(comparison.claims), "claim")
    alike, moved = comparison.numbers_alike, len(comparison.numbers)
    total = counted(alike + moved, "number")
    if comparison.equal:
        return f"Nothing differs from {others}: {claims} and {total} of the answers are the same."
    flipped = len(comparison.flipped)
    still = len(comparison.moved) - flipped
    parts = [
        f"{flipped or 'No'} of {claims} {_has(flipped)} another verdict than in {others}",
        f"{still or 'none'} {'more ' if flipped else ''}moved under the same one",
    ]
    text = f"{', and '.join(parts)}. {moved or 'None'} of {total} of the answers moved."
    if alone := comparison.numbers_alone:
        text += (
            f" {counted(alone, 'number')} {'stands' if alone == 1 else 'stand'} on one side only."
        )
    return text


def _has(count: int) -> str:
    return "has" if count <= 1 else "have"


def reason(told: Reason) -> str:
    """Return a reason in words."""
    apart = ""
    if told.other:
        apart = f": {told.other} of {counted(told.runs, 'run')} of the experiment "
        apart += "differs" if told.other == 1 else "differ"
        if told.most > 0:
            far = numbers.with_unit(numbers.magnitude(told.most), "percentage points")
            apart += f", by up to {far} of test accuracy"
    return {
        "settings": "other hyperparameters",
        "seeds": "other seeds",
        "data": "other data",
        "engine": "another version of the engine",
        "machine": f"another machine{apart}",
        "anew": f"trained anew{apart}",
        "few": f"few observations: {told.runs} of at least {told.needed}",
        "tests": "other tests of the same results",
    }[told.kind]


def value(outcome: Outcome) -> str:
    """Return value, interval and number of observations."""
    if not math.isfinite(outcome.value):
        return numbers.NONE
    text, interval = numbers.estimate(outcome.value, outcome.low, outcome.high, outcome.unit)
    parts = [numbers.with_unit(text, outcome.unit), interval]
    if outcome.n:
        parts.append(f"n{numbers.SPACE}={numbers.SPACE}{outcome.n}")
    return ", ".join(filter(None, parts))


def what(number: Stated) -> str:
    """Return what a number is, with its unit: "Mean test accuracy (%)"."""
    metric = metrics.metric(number.metric)
    unit = "" if number.statistic == "n" else metric.unit
    if unit == "%" and number.statistic in SPREADS:
        unit = "percentage points"
    name = f"{metrics.WORDS[number.statistic]} {metric.name}"
    return f"{name} ({unit})" if unit else name


def where(number: Stated, experiment: str) -> str:
    """Return of which runs a number is, and where in them; `experiment` is a title."""
    place = [number.variant]
    place += [] if number.layer is None else [f"layer {number.layer}"]
    place += [] if number.moment is None else [metrics.MOMENTS[number.moment]]
    place += [] if number.epoch is None else [f"epoch {number.epoch}"]
    return f"{', '.join(place)}; {experiment}"


def shown(number: Stated, worth: float) -> str:
    """Return a value, or a difference of two, of a number; an en dash where there is none."""
    if not math.isfinite(worth):
        return numbers.NONE
    if number.statistic == "n":
        return numbers.count(worth)
    return metrics.written([worth], number.metric, unit=False)


def units(worth: float) -> str:
    """Return a difference in units of an interval."""
    return signed(numbers.fixed(worth, 2), worth) if math.isfinite(worth) else numbers.NONE


def signed(text: str, worth: float) -> str:
    """Return a number with a plus sign where it is positive."""
    return f"+{text}" if worth > 0 else text

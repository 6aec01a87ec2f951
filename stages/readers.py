"""Who reads an experiment: the figures, tables and claims that declare it."""

from collections.abc import Collection

from analysis.claims import testing
from analysis.errors import counted, plural
from report import figures, tables


def of(experiments: Collection[str]) -> dict[str, str]:
    """Return in words what reads each of the experiments; those that nothing reads are left out.

    A table that shows all experiments alike reads none in particular.
    """
    drawn = {name: (figures.load(name).experiment,) for name in figures.NAMES}
    tabled = {name: tables.experiments(name) or () for name in tables.NAMES}
    claimed = [each.experiment for each in testing.declarations()]
    found = {}
    for experiment in experiments:
        parts = [
            f"{plural(len(names), kind)} {', '.join(names)}"
            for kind, reading in (("figure", drawn), ("table", tabled))
            if (names := [name for name, own in reading.items() if experiment in own])
        ]
        if count := claimed.count(experiment):
            parts.append(counted(count, "claim"))
        if parts:
            found[experiment] = "; ".join(parts)
    return found

"""Drop the stored runs that no study names: told first, and done only where that is asked for."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.data.dataset import Description
from analysis.errors import InputError, counted, visible
from analysis.plan import planning
from analysis.plan.changes import cells
from analysis.plan.changes.cells import Cell
from analysis.plan.changes.runs import Stored
from analysis.plan.result import Record
from analysis.plan.run import Asked, Run
from analysis.plan.work import Task
from analysis.results.places import Places, Request
from analysis.results.stored import pruning, store
from analysis.study import file
from stages.against.replicating import BEGUN


@dataclass(frozen=True)
class Named:
    """The studies whose runs stay: how they are called, their runs and data."""

    studies: tuple[str, ...]
    runs: tuple[Run, ...]
    data: Mapping[str, Description]


@dataclass(frozen=True)
class Waste:
    """What is stored of no study: runs, each with its share of the file, and checkpoint files."""

    store: Path
    runs: Mapping[str, float]
    kept: tuple[str, ...]
    records: tuple[Record, ...]
    """Of those of the runs that can still be read."""
    states: tuple[Path, ...]

    @property
    def store_bytes(self) -> float:
        """Return about how many bytes of the file the runs take."""
        return self.bytes_of(self.runs)

    @property
    def state_bytes(self) -> int:
        """Return how many bytes the checkpoints take."""
        return sum(path.stat().st_size for path in self.states)

    def bytes_of(self, runs: Sequence[str] | Mapping[str, float]) -> float:
        """Return about how many bytes of the file some of the runs take."""
        size = self.store.stat().st_size if self.runs else 0
        return size * sum(self.runs[run] for run in runs)


def prune(places: Places, request: Request, keep: Sequence[str], *, do: bool) -> None:
    """Tell which stored runs no study names, and, only to `do` it, remove them.

    The studies are that of the project, those in its folder of studies, and those to `keep`, by
    file or name. Raises InputError: a study that cannot be read keeps all as it is; and WriteError.
    """
    if places.published_at(request.results):
        raise InputError(f"--results {request.results}: published results are never pruned")
    named, path = _named(places, keep), places.store(request.results)
    if not do:
        for line in (*lines(found := _waste(path, named), named), *_how(found, request, keep)):
            print(visible(line))
        return
    begun = places.results / BEGUN
    if begun.exists():
        raise InputError(
            f"{begun}: a replication has begun, and no study names its runs; make replicate "
            "finishes it, or remove this file to give it up"
        )
    with store.building(path, patience=0):
        found = _waste(path, named)
        for line in lines(found, named):
            print(visible(line))
        _remove(found)


def _named(places: Places, keep: Sequence[str]) -> Named:
    """Return the studies of the project and those to keep. Raises StudyError and DataError."""
    own = [places.study, *sorted(places.studies.glob("*.toml"))]
    typed = [file.find(word, places.study, places.studies) for word in keep]
    paths = dict[Path, Path]()
    for path in (*own, *typed):
        paths.setdefault(path.resolve(), path)
    runs, data = list[Run](), dict[str, Description]()
    for path in paths.values():
        study = file.load_study(path)
        described = planning.data(study)
        data = described | data
        runs += planning.runs(study, described)
    return Named(tuple(map(str, paths.values())), tuple(runs), data)


def _waste(path: Path, named: Named) -> Waste:
    """Return what a store has of no study. Raises StoreError."""
    wanted = {run.id for run in named.runs}
    with store.open_store(path, to_read=True) as stored:
        shares, records = stored.sizes(), stored.records()
    kept = tuple(run for run in shares if run in wanted)
    left = {*kept}
    states = tuple(state for state, run in pruning.checkpoints(path) if run not in left)
    return Waste(
        path,
        {run: share for run, share in shares.items() if run not in wanted},
        kept,
        tuple(each for each in records if each.run_id not in wanted),
        states,
    )


def lines(found: Waste, named: Named) -> Iterator[str]:
    """Yield what a store has of no study: how much that is, and what it is nearest to."""
    where = f"{found.store}: {counted(len(found.kept) + len(found.runs), 'run')}"
    known = ", ".join(named.studies)
    if not found.runs and not found.states:
        yield f"{where}, all of {known}."
        return
    parts = [f"{counted(len(found.runs), 'run')}, about {_size(found.store_bytes)}"]
    if found.states:
        parts.append(f"{counted(len(found.states), 'checkpoint')}, {_size(found.state_bytes)}")
    yield f"{where}; of no study: {'; '.join(parts)}. The studies are {known}."
    rows = [*_rows(found, named)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield f"  {'  '.join(text.ljust(width) for text, width in cells)}".rstrip()


def _rows(found: Waste, named: Named) -> Iterator[tuple[str, ...]]:
    """Yield the nearest experiment, how many runs, how much, and what sets those apart from it."""
    nearest, experiments = _nearest(found, named)
    for name in dict.fromkeys([*experiments, ""]):
        own = [run for run in found.runs if nearest.get(run, "") == name]
        if own:
            parts = counted(len(own), "run"), _size(found.bytes_of(own))
            yield f"near {name}" if name else "near none", *parts, _apart(name, own, found, named)


def _nearest(found: Waste, named: Named) -> tuple[dict[str, str], list[str]]:
    """Return by run the experiment of the nearest settings of a study, and all experiments."""
    wanted: dict[Cell, set[int]] = {}
    experiment: dict[Cell, str] = {}
    for run in named.runs:
        own = cells.cell(run.settings)
        wanted.setdefault(own, set()).add(run.seed)
        experiment.setdefault(own, run.experiment)
    near: dict[Cell, str] = {}
    for own, seeds in cells.seeds(found.records).items():
        other = cells.nearest(own, seeds, wanted, (), {})
        near[own] = experiment[other] if other else ""
    names = {each.run_id: near[cells.cell(each.settings)] for each in found.records}
    return names, list(dict.fromkeys(run.experiment for run in named.runs))


def _apart(name: str, own: Sequence[str], found: Waste, named: Named) -> str:
    """Return what sets runs apart from the settings that are nearest: from these → to theirs."""
    if not name:
        return "nothing like it in any study"
    of_it = {*own}
    runs = [_as_planned(name, each, named) for each in found.records if each.run_id in of_it]
    kept = [Record(run.id, run.settings, 0, frozenset(), 0, 0, 0, here=False) for run in named.runs]
    beside = Stored(kept, runs, named.data)
    told = str(beside.reasons([Task(run) for run in runs], {})).split("; ")
    return "; ".join(part.removeprefix("new ").removesuffix(", new") for part in told)


def _as_planned(name: str, record: Record, named: Named) -> Run:
    """Return a stored run as an experiment would plan it."""
    settings = record.settings
    names = {about.digest: name for name, about in named.data.items()}
    dataset = names.get(settings.dataset_digest, next(iter(named.data)))
    asked = Asked(record.epochs, record.measurements)
    return Run(name, settings.kernel.name, dataset, settings, asked)


def _how(found: Waste, request: Request, keep: Sequence[str]) -> Iterator[str]:
    if found.runs or found.states:
        words = [f"KEEP={shlex.quote(' '.join(keep))}"] if keep else []
        words += [f"RESULTS={shlex.quote(str(request.results))}"] if request.results else []
        yield f"Nothing has been removed; to remove it: make prune {' '.join([*words, 'YES=1'])}"


def _remove(found: Waste) -> None:
    before = found.store.stat().st_size if found.runs else 0
    if found.runs:
        pruning.keep(found.store, found.kept)
    freed = found.state_bytes
    for path in found.states:
        path.unlink(missing_ok=True)
    if found.runs or found.states:
        freed += before - (found.store.stat().st_size if found.runs else 0)
        print(f"Removed; {_size(freed)} of the disk are free again.")


def _size(size: float) -> str:
    return f"{size / 1e6:,.1f} MB"

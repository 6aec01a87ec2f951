"""What a command works on: a study with its runs and their store, or the published results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.data import dataset
from analysis.data.dataset import Description
from analysis.errors import InputError
from analysis.plan import planning, provenance
from analysis.plan.run import Run
from analysis.results import frames, published, store
from analysis.results.frames import Results
from analysis.study import file
from analysis.study.file import load_study
from analysis.study.model import Study

DEFAULT_STUDY = "study.toml"
PUBLISHED = (Path("published"), published.FOLDER)
"""In the place of a folder with a store: the published results, by either name."""


@dataclass(frozen=True)
class Job:
    """A study, its data and runs, the file of their results, and the files it is read from."""

    study: Study
    data: Mapping[str, Description]
    planned: tuple[Run, ...]
    store: Path
    files: tuple[Path, ...]

    @property
    def cache(self) -> Path:
        """Return the folder of what has been rendered before."""
        return self.store.parent / "cache"

    def known(self) -> frozenset[str]:
        """Return the identities of the stored runs, and make no store to find out."""
        if not self.store.exists():
            return frozenset()
        with store.open_store(self.store) as stored:
            return stored.known()

    def stored(self) -> str:
        """Return in words how many of the runs are stored."""
        ids = {run.id for run in self.planned}
        return f"{len(ids & self.known())} of {len(ids)} runs are stored in {self.store}."

    def results(self) -> Results:
        """Return the stored results. Raises StoreError where a run has not been trained."""
        with store.open_store(self.store) as stored:
            environments = stored.environments(self.planned)
            described = provenance.describe(self.study, self.data, self.planned, environments)
            return frames.read(stored, self.study, self.data, self.planned, described)


@dataclass(frozen=True)
class Published:
    """The published results, which need no training."""

    folder: Path = published.FOLDER

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files they are read from."""
        return published.files(self.folder)

    @property
    def cache(self) -> Path:
        """Return the folder of what has been rendered before."""
        return self.folder.parent / "cache"

    def results(self) -> Results:
        """Return the published results. Raises StoreError where they are damaged or missing."""
        return published.read(self.folder)


def prepare(
    study: str | None, overrides: Sequence[str], results: Path, only: Sequence[str] = ()
) -> Job:
    """Return the job of a study, all of it or `only` the experiments named. Raises InputError."""
    if results in PUBLISHED:
        raise InputError(
            "--results published: the published results are fixed tables, not a store of runs; "
            "only report and render take them"
        )
    study = study or DEFAULT_STUDY
    loaded = load_study(study, overrides)
    data = {name: dataset.describe(name) for name in planning.datasets(loaded)}
    path = results / "runs.sqlite"
    # The manifest of the published results tells which verdicts differ from the published ones.
    about = published.FOLDER / published.MANIFEST
    files = (path, about, *map(Path, data), *file.files(study))
    return Job(loaded, data, planning.runs(loaded, data, only), path, files)


def source(study: str | None, overrides: Sequence[str], results: Path) -> Job | Published:
    """Return what a report is made from. Raises InputError.

    The study of published results is fixed: nothing else may be asked of them.
    """
    if results not in PUBLISHED:
        return prepare(study, overrides, results)
    if study is not None or overrides:
        asked = [*([f"--study {study}"] if study else []), *(f"--set {each}" for each in overrides)]
        raise InputError(
            f"--results published with {' '.join(asked)}: the published study is fixed; leave "
            f"{'them' if len(asked) > 1 else 'it'} out, or leave out --results to train the "
            "changed study"
        )
    return Published()

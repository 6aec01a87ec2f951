"""Where the files of a project are, and what a person asks of them on the command line."""

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError, reading

MANIFEST = "manifest.json"
"""The file that makes a folder one of published results."""
PUBLISHED = "published"
"""In the place of a folder with a store: the project's own published results."""
LOCK, REPLICATIONS, VERIFICATION = "claims.lock", "replications", "verification.json"


def working_folder() -> Path:
    """Return the folder that a command is given in. Raises InputError where it is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise InputError("the working folder is gone; go to one that exists") from None


@dataclass(frozen=True)
class Places:
    """The folders and files of a project, made once by the front door and handed on.

    All but the root are written as who stands in the working folder would write them: relative
    where they are inside of it. Messages can thus show them as they are.
    """

    root: Path
    """Absolute: code, answers and templates are found from here."""
    site: Path
    results: Path
    published: Path
    lock: Path
    """The claims as they were frozen."""
    replications: Path
    """A folder with a file for each replication."""
    verification: Path
    """What the last verification of the published results has found."""
    cache: Path
    study: Path
    studies: Path
    figures: Path
    """Where a figure is written that is asked for alone."""

    @classmethod
    def of(cls, root: Path, here: Path) -> "Places":
        """Return the places of the project in the absolute folder `root`, seen from `here`."""
        seen = shown(root, here)
        results = seen / "results"
        return cls(
            root, seen / "site", results, results / PUBLISHED, results / LOCK,
            results / REPLICATIONS, results / VERIFICATION, results / "cache",
            seen / "study.toml", seen / "studies", seen / "figures",
        )  # fmt: skip

    def published_at(self, results: Path | None) -> Path | None:
        """Return the folder of published results that is meant by `--results`, if it means one.

        That is the word alone, the project's own folder however it is written, and any folder with
        a manifest.
        """
        if results is None:
            return None
        # Not Path.resolve, which knows no word for links that lead in a circle.
        same = os.path.realpath(results) == os.path.realpath(self.published)
        if results == Path(PUBLISHED) or same:
            return self.published
        return results if reading.exists(results / MANIFEST) else None

    def store(self, results: Path | None) -> Path:
        """Return the file of all runs in the folder that is meant by `--results`."""
        return (results or self.results) / "runs.sqlite"


@dataclass(frozen=True)
class Request:
    """A study, changes to it and a folder of results, as they were typed; what was not is None."""

    study: str | None = None
    changes: tuple[str, ...] = ()
    results: Path | None = None
    train: str | None = None
    """Experiments to train here, though they are published: their names, "all" or "none"."""

    @classmethod
    def typed(
        cls,
        study: str | None,
        changes: Sequence[str],
        results: str | None,
        train: str | None = None,
    ) -> "Request":
        """Return what the words of a command ask for.

        Raises InputError for a folder without a name, which would be the working folder.
        """
        if results is not None and not results.strip():
            raise InputError(
                f"--results {results!r}: must be the folder that holds runs.sqlite; the working "
                "folder is a dot"
            )
        return cls(study, tuple(changes), None if results is None else Path(results), train)

    def words(self) -> list[str]:
        """Return the options of the front door that ask for this."""
        study = [] if self.study is None else ["--study", self.study]
        changes = [word for change in self.changes for word in ("--set", change)]
        results = ["--results", str(self.results)] if self.results else []
        train = [] if self.train is None else ["--train", self.train]
        return [*study, *changes, *results, *train]

    def here(self) -> list[str]:
        """Return the options and, as typed words mean something else elsewhere, where they are."""
        words = self.words()
        return [*words, *([str(Path.cwd())] if words else [])]

    def of_make(self, places: Places) -> str:
        """Return what to type to make, in the project's folder, to ask for the same.

        Each part is preceded by a space; of the default there is nothing. A place outside of the
        project is told nowhere: of a study its file alone, of results nothing.
        """
        parts = {
            "STUDY": self._study(places), "SET": " ".join(self.changes),
            "RESULTS": self._results(places),
        }  # fmt: skip
        return "".join(f" {name}={shlex.quote(text)}" for name, text in parts.items() if text)

    def _study(self, places: Places) -> str:
        path = Path(self.study or "")
        if path.suffix != ".toml" and path.parent == Path():
            return self.study or ""
        if os.path.realpath(path) == os.path.realpath(places.study):
            return ""
        named = _within(places.studies, path)
        if named is not None and named.parent == Path():
            return named.stem
        return str(_within(places.root, path) or path.name)

    def _results(self, places: Places) -> str:
        if self.results is None or os.path.realpath(self.results) == os.path.realpath(
            places.results
        ):
            return ""
        if places.published_at(self.results) == places.published:
            return PUBLISHED
        return str(_within(places.root, self.results) or "")

    def command(self, places: Places, stage: str) -> str:
        """Return what to type, here, for a stage of the front door to do just this."""
        here = Path.cwd()
        program = [shown(Path(sys.executable), here), shown(places.root / "build.py", here)]
        return shlex.join([*map(str, program), stage, *self.words()])


def shown(path: Path, here: Path) -> Path:
    """Return an absolute path as one writes it in the folder `here`: relative if inside of it."""
    return Path(os.path.relpath(path, here)) if path.is_relative_to(here) else path


def _within(folder: Path, path: Path) -> Path | None:
    """Return a path as seen from a folder that it is inside of, wherever links lead to."""
    real, top = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    return real.relative_to(top) if real.is_relative_to(top) else None

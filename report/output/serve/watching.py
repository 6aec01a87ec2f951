"""What a build reads, and word of any change to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from analysis.plan.origin import SOURCES
from analysis.results.places import Places, Request
from analysis.study import file
from report.output import freshness

QUIET_MS = 100
"""Changes count once it has been quiet for so long: an editor saves in several steps."""
LONGEST_MS = 1000
LOOK_MS = 1000
"""How often one looks without being called, for changes that a file system does not tell."""

States = dict[str, list[int]]


@dataclass(frozen=True)
class Inputs:
    """Where the files of a build are: the project's own, and those that its options name."""

    root: Path
    site: Path
    published: Path
    study: Path | None = None
    store: Path | None = None
    """The results file, which a build writes itself."""

    @classmethod
    def of(cls, places: Places, request: Request) -> "Inputs":
        """Return the inputs of a build. Published results have neither study nor store.

        Raises StudyError where there is no study of that name.
        """
        folder = places.published_at(request.results)
        if folder:
            return cls(places.root, places.site, folder)
        study = file.find(request.study, places.study, places.studies)
        store = places.store(request.results)
        return cls(places.root, places.site, places.published, study, store)

    def others(self) -> frozenset[Path]:
        """Return the files beside the sources: study, results, and what the last build noted."""
        tables = [p for p in self.published.glob("*") if not freshness.is_passing(p.name)]
        chain = file.files(self.study) if self.study else ()
        named = [*([self.store] if self.store else []), *tables, *chain]
        return frozenset([*(path.absolute() for path in named), *freshness.others(self.site)])

    def states(self, others: Collection[Path]) -> States:
        """Return size and time of each file by its path."""
        return freshness.files(self.root, others)

    def folders(self) -> tuple[set[Path], set[Path]]:
        """Return the folders to watch with all that is in them, and those to watch alone."""
        deep = {self.root / name for name in SOURCES}
        flat = {self.root, *(path.absolute().parent for path in self.others())}
        return {path for path in deep if path.is_dir()}, {path for path in flat if path.is_dir()}


class Look:
    """The inputs as they were when a build began, to be compared with what they are now."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._others = inputs.others()
        self._seen = inputs.states(self._others)
        self._ignored = {str(inputs.store.absolute())} if inputs.store else set()

    def settle(self) -> None:
        """Take what the ended build has stored, and any file it has noted, as seen."""
        more = self._inputs.others() - self._others
        self._others |= more
        now = self._inputs.states(self._others)
        new = self._ignored | {str(path) for path in more}
        kept = {path: state for path, state in self._seen.items() if path not in self._ignored}
        self._seen = {path: state for path, state in now.items() if path in new} | kept
        self._ignored = set()

    def changes(self) -> list[str]:
        """Return the paths that came, went or changed since, in order.

        Until `settle` is called, the results file does not count: the build writes it.
        """
        now = self._inputs.states(self._others)
        paths = sorted(self._seen.keys() | now.keys())
        return [
            path
            for path in paths
            if self._seen.get(path) != now.get(path) and path not in self._ignored
        ]


@contextlib.asynccontextmanager
async def stirring(inputs: Inputs) -> AsyncIterator[asyncio.Event]:
    """Give an event that is set whenever something may have changed; a look tells what."""
    stirred = asyncio.Event()
    deep, flat = inputs.folders()
    watchers = [
        asyncio.create_task(_watch(deep, stirred, recursive=True)),
        asyncio.create_task(_watch(flat, stirred, recursive=False)),
    ]
    try:
        yield stirred
    finally:
        for each in watchers:
            each.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)


async def _watch(folders: Collection[Path], stirred: asyncio.Event, *, recursive: bool) -> None:
    async for _ in awatch(
        *sorted(folders),
        watch_filter=None,
        debounce=LONGEST_MS,
        step=QUIET_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=not recursive,  # one that looks by itself is enough
        recursive=recursive,
        ignore_permission_denied=True,
    ):
        stirred.set()

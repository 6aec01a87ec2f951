"""What a worker elsewhere needs of this machine: the code, and data, each by its digest."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import analysis
from analysis.data import idx
from analysis.errors import DataError, reading
from analysis.plan.run import Run

PACKAGE = Path(analysis.__file__).parent


@dataclass(frozen=True)
class Parcel:
    """Files, each with its path in an archive; the digest is the SHA-256 of that archive."""

    files: tuple[tuple[str, Path], ...]
    digest: str

    def content(self) -> bytes:
        """Return the archive: the same files give the same bytes. Raises DataError."""
        return _archive(self.files)


@dataclass(frozen=True)
class Luggage:
    """All that runs need: the code, the data that the project carries, and those of files."""

    code: Parcel
    carried: Mapping[str, Parcel]
    """Data that the project carries, by where its code has them, seen from the project's root."""
    files: Mapping[str, Parcel]
    """By the path that a run has of its data."""

    def parcels(self) -> dict[str, Parcel]:
        """Return them all by their digests."""
        every = (self.code, *self.carried.values(), *self.files.values())
        return {each.digest: each for each in every}


def with_module(luggage: Luggage, name: str, path: Path) -> Luggage:
    """Return the same with another file in the place of a module, such as "training/trainer"."""
    files = dict(luggage.code.files) | {f"{PACKAGE.name}/{name}.py": path}
    return replace(luggage, code=_parcel(files))


def packed(runs: Iterable[Run]) -> Luggage:
    """Return what these runs need. Raises DataError where a file cannot be read."""
    code = [path for path in PACKAGE.rglob("*.py") if path.is_file()]
    data = dict.fromkeys((run.dataset, run.path) for run in runs)
    carried = [idx.FOLDERS[name] for name, path in data if not path]
    own = [path for _, path in data if path]
    return Luggage(
        _parcel({str(path.relative_to(PACKAGE.parent)): path for path in code}),
        {
            str(folder.relative_to(PACKAGE.parent)): _parcel(
                {path.name: path for path in folder.iterdir() if path.is_file()}
            )
            for folder in carried
        },
        {path: _parcel({Path(path).name: Path(path)}) for path in own},
    )


def _parcel(files: Mapping[str, Path]) -> Parcel:
    ordered = tuple(sorted(files.items()))
    return Parcel(ordered, hashlib.sha256(_archive(ordered)).hexdigest())


def _archive(files: Iterable[tuple[str, Path]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, path in files:
            try:  # a ZipInfo of its own: without the file's time
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
            except OSError as error:
                raise DataError(f"{path}: cannot be read: {reading.reason(error)}") from None
    return content.getvalue()

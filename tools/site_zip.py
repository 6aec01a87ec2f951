"""Put the site as it stands into one file: `python -m tools.site_zip` writes site.zip beside it.

Equal sites give equal bytes on every machine: files in order of their names, without their times,
and stored as they are, since compressors of the same format differ.
"""

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import InputError, ProjectError, counted, whole
from analysis.results.places import Places, working_folder
from report.output import swap

PARTS = ("index.html", "provenance.json", "report.pdf")
"""What a build writes first and last: where they are there, it has ended."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that the format knows."""
MODE = 0o100644 << 16
"""A file that all may read and its owner may write."""
UNIX = 3


def pack(site: Path) -> Path:
    """Return the archive that was written beside a site, with index.html at its top.

    Raises InputError where no build has made the site, or one has not ended, StoreError where one
    is at work, and WriteError.
    """
    archive = site.with_name(f"{site.name}.zip")
    with swap.alone(site, patience=0):
        _demand_whole(site)
        whole.write(archive, packed(site))
    return archive


def packed(site: Path) -> bytes:
    """Return an archive of all files of a folder."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, path in sorted(_files(site)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = UNIX, MODE
            archive.writestr(entry, path.read_bytes())
    return made.getvalue()


def _files(site: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and path of each file, those with a dot too: a person puts them there."""
    for path in site.rglob("*"):
        name = path.relative_to(site)
        if path.is_file() and name.parts[0] != whole.OF_A_DISK:
            yield name.as_posix(), path


def _demand_whole(site: Path) -> None:
    lacking = [name for name in PARTS if not (site / name).is_file()]
    if lacking == list(PARTS):
        raise InputError(f"{site}/{PARTS[0]} does not exist; make report builds it")
    if lacking:
        raise InputError(
            f"{site}/{lacking[0]} does not exist, so the build has not ended; make report ends it"
        )


def main(root: Path) -> int:
    """Return 0, or 2 where the project in a folder has no whole site."""
    try:
        places = swap.settled(Places.of(root, working_folder()))
        archive = pack(places.site)
    except ProjectError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    with zipfile.ZipFile(archive) as made:
        files = counted(len(made.namelist()), "file")
    print(f"{archive}: {files} in {archive.stat().st_size / 1e6:.1f} MB, index.html at the top.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))

"""Put a finished site in the place of the previous one, which stays whole until then."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(site: Path) -> Iterator[Path]:
    """Give a new empty folder beside `site`; when the block ends well, it takes the site's place.

    When the block raises, the new folder is removed and the previous site is left as it was. What
    a killed build left is cleared away, and a site that it had put aside returns. One block at a
    time: the folder in which they work is always the same.
    """
    site = site.absolute()
    work = site.with_name(f".{site.name}.swap")
    new, old = work / "new", work / "old"
    if old.exists() and not site.exists():
        old.rename(site)
    shutil.rmtree(work, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        new.chmod(0o755)
        if site.exists():
            site.rename(old)
        try:
            new.rename(site)
        except OSError:
            if old.exists():
                old.rename(site)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)

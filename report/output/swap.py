"""Put a finished site in the place of the previous one, which stays whole until then."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(site: Path) -> Iterator[Path]:
    """Give a new empty folder beside `site`; when the block ends well, it takes the site's place.

    When the block raises, the new folder is removed and the previous site is left as it was.
    """
    site = site.absolute()
    site.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in site.parent.glob(f".{site.name}.*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f".{site.name}.new-", dir=site.parent))
    try:
        yield new
        new.chmod(0o755)
        old = new.with_name(new.name.replace(".new-", ".old-"))
        if site.exists():
            site.rename(old)
        try:
            new.rename(site)
        except OSError:
            if old.exists():
                old.rename(site)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)

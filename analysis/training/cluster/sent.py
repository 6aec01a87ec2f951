"""Functions that travel by value: a worker that they come to has no code of the project yet.

Each is made inside another one, for of such a function Dask sends the code, not the name. They have
the standard library, and Dask.
"""

from collections.abc import Callable, Sequence
from typing import Any


def lacking(digests: Sequence[str]) -> Callable[[], tuple[str, list[str]]]:
    """Return what tells the folder of a worker, and which of the parcels it has not."""

    def lacking() -> tuple[str, list[str]]:
        from pathlib import Path

        import distributed

        folder = Path(distributed.get_worker().local_directory)
        return str(folder), [each for each in digests if not (folder / each).is_dir()]

    return lacking


def keeping(folder: str, digest: str) -> Callable[[bytes], None]:
    """Return what unpacks a parcel in the folder of a worker, whole or not at all.

    It raises ValueError for one that is not what its digest says.
    """

    def keep(content: bytes) -> None:
        import contextlib
        import hashlib
        import io
        import tempfile
        import zipfile
        from pathlib import Path

        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"the parcel {digest[:12]} has changed, or was damaged on its way")
        with tempfile.TemporaryDirectory(dir=folder) as made:
            zipfile.ZipFile(io.BytesIO(content)).extractall(Path(made, "whole"))
            with contextlib.suppress(OSError):  # another client has brought it meanwhile
                Path(made, "whole").rename(Path(folder, digest))

    return keep


def calling(root: str, name: str) -> Callable[..., Any]:
    """Return what calls a function of `remote`, from the code that a worker has in `root`.

    Each code has a module of its own there, so that one client does not call that of another.
    """

    def call(*arguments: Any) -> Any:
        import importlib.util
        import sys
        from pathlib import Path

        module = f"training {root}"
        if module not in sys.modules:
            path = Path(root, "analysis", "training", "cluster", "remote.py")
            spec = importlib.util.spec_from_file_location(module, path)
            assert spec is not None
            assert spec.loader is not None
            loaded = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded)
            sys.modules[module] = loaded
        return getattr(sys.modules[module], name)(root, *arguments)

    return call

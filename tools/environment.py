"""Make .venv hold what the named lock files pin: `python tools/environment.py requirements.lock`.

Runs before anything is installed, so it imports the standard library alone.
"""

import contextlib
import fcntl
import hashlib
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], None]


def run(command: Sequence[str]) -> None:
    """Run `command` and raise CalledProcessError where it fails."""
    subprocess.run(command, check=True)


def create(folder: Path) -> None:
    """Create an empty environment with pip in `folder`, in place of whatever is there."""
    venv.create(folder, clear=True, symlinks=True, with_pip=True)


def ensure(
    folder: Path,
    locks: Sequence[Path],
    *,
    create: Callable[[Path], None] = create,
    run: Run = run,
) -> list[Path]:
    """Return those of `locks` that had to be installed into `folder`, in order.

    An installation that was cut short, even by SIGKILL, leaves the file `unfinished` behind; the
    next call then starts from an empty environment, because pip takes half a package for a whole.
    """
    unfinished = folder / "unfinished"
    with _exclusive(folder.with_name(folder.name + ".lock")):
        if unfinished.exists() or not (folder / "created").exists() or not _python(folder).exists():
            print(f"Creating {folder} with Python {sys.version.split()[0]}", flush=True)
            create(folder)
            (folder / "created").touch()
        stale = [lock for lock in locks if not _is_installed(folder, lock)]
        for lock in stale:
            unfinished.touch()
            run(_install_command(folder, lock))
            _stamp(folder, lock).write_text(_digest(lock), encoding="ascii")
            unfinished.unlink()
        for lock in locks:
            _stamp(folder, lock).touch()  # newer than the lock, so that make has nothing to do
    return stale


def _install_command(folder: Path, lock: Path) -> list[str]:
    pins = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line)
    print(f"Installing the {pins} packages of {lock.name}, once", flush=True)
    pip = [str(_python(folder)), "-m", "pip", "install", "--disable-pip-version-check"]
    # Wheels only: building a source archive would fetch build tools that no lock pins.
    return [*pip, "--no-input", "--only-binary=:all:", "--require-hashes", "-r", str(lock)]


def _is_installed(folder: Path, lock: Path) -> bool:
    stamp = _stamp(folder, lock)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(lock)


def _stamp(folder: Path, lock: Path) -> Path:
    return folder / f"{lock.stem}.stamp"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold the lock `path`; the system lets go of it when the process ends, however it ends."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up of this project to end", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """Return 0 when every lock named in `arguments` is installed in .venv, else the exit code."""
    try:
        ensure(Path(".venv"), [Path(name) for name in arguments])
    except subprocess.CalledProcessError as error:
        print("error: the set-up did not finish; the same command starts it anew", file=sys.stderr)
        return error.returncode
    except KeyboardInterrupt:
        print("\nStopped; the same command starts the set-up anew", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

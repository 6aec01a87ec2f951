"""Make an environment hold what lock files pin: `tools/environment.py .venv requirements.lock`.

Runs before anything is installed, so it imports the standard library alone.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(\s*;)?", re.MULTILINE)
"""A package of a lock, its version, and whether it is for some systems only."""
Run = Callable[[Sequence[str]], None]


class SetUpError(Exception):
    """The set-up cannot go on; the text says why, and what would help."""


def run(command: Sequence[str]) -> None:
    """Run `command` and raise CalledProcessError where it fails."""
    subprocess.run(command, check=True)


def create(folder: Path) -> None:
    """Create an empty environment with pip in `folder`, in place of whatever is there.

    Raises SetUpError where it would be of no use, and where it is a link: what that leads to may be
    the environment of others.
    """
    if os.pathsep in str(folder.absolute()):
        raise SetUpError(
            f"{folder.absolute()}: Python makes no environment where the path has a "
            f"{os.pathsep!r}; move or rename the folder"
        )
    if folder.is_symlink():
        raise SetUpError(
            f"{folder} is a link to {folder.readlink()}, whose environment is not whole or was "
            f"not made here; it is left as it is. Remove the link: rm {folder}"
        )
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
    Raises SetUpError where `folder` is a link to other packages than the locks pin, or pip has
    installed elsewhere, and CalledProcessError where pip fails.
    """
    unfinished = folder / "unfinished"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _exclusive(folder.with_name(folder.name + ".lock")):
        if unfinished.exists() or not (folder / "created").exists() or not _python(folder).exists():
            print(f"Creating {folder} with Python {sys.version.split()[0]}", flush=True)
            create(folder)
            (folder / "created").touch()
        stale = [lock for lock in locks if not _is_installed(folder, lock)]
        for lock in stale:
            if folder.is_symlink():
                raise SetUpError(
                    f"{folder} is a link to {folder.readlink()}, where other packages are "
                    f"installed than {lock.name} pins; they are left as they are. Remove the link: "
                    f"rm {folder}"
                )
            unfinished.touch()
            run(_install_command(folder, lock))
            _demand_all(folder, lock)
            _note(_stamp(folder, lock), _digest(lock))
            unfinished.unlink()
        for lock in locks:
            _stamp(folder, lock).touch()  # newer than the lock, so that make has nothing to do
    return stale


def _install_command(folder: Path, lock: Path) -> list[str]:
    pins = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line)
    print(f"Installing the {pins} packages of {lock.name}, once", flush=True)
    pip = [str(_python(folder)), "-E", "-s", "-m", "pip", "install", "--disable-pip-version-check"]
    # Wheels only: building a source archive would fetch build tools that no lock pins.
    return [*pip, "--no-input", "--only-binary=:all:", "--require-hashes", "-r", str(lock)]


def _demand_all(folder: Path, lock: Path) -> None:
    """Raise SetUpError where pip has put the packages of `lock` somewhere else."""
    pins = PIN.findall(lock.read_text(encoding="utf-8"))
    found = {
        _normal(each.name.split("-")[0]) for each in folder.glob("lib/*/site-packages/*.dist-info")
    }
    missing = [name for name, _, some in pins if not some and _normal(name) not in found]
    if missing:
        raise SetUpError(
            f"pip did not install {missing[0]} into {folder}; one of its settings leads elsewhere, "
            "such as target, prefix or root: `pip config list` shows them"
        )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_installed(folder: Path, lock: Path) -> bool:
    stamp = _stamp(folder, lock)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(lock)


def _note(path: Path, text: str) -> None:
    """Write a file whole or not at all, after all else that was written is safe on disk."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.sync()
    new.replace(path)


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
    """Return 0 when every lock is installed in the environment, else the exit code.

    `arguments` are the folder of the environment, then the locks.
    """
    from analysis.training.surroundings import variables

    folder, *locks = arguments
    try:
        with variables.replaced(variables.of_setup(os.environ)):
            ensure(Path(folder), [Path(name) for name in locks])
    except subprocess.CalledProcessError as error:
        print("error: the set-up did not finish; the same command starts it anew", file=sys.stderr)
        return abs(error.returncode)
    except SetUpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"error: {_in_words(error, folder)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; the same command starts the set-up anew", file=sys.stderr)
        return 130
    return 0


def _in_words(error: Exception, folder: str) -> str:
    """Return what the system refused, and what the set-up needs."""
    here = Path.cwd()
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.filename or here}: {error.strerror}"
    else:
        what = str(error)
    needed = f"the set-up writes {folder} into {here}, which must be a folder that it may write to"
    return f"{what}; {needed}"


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main(sys.argv[1:]))

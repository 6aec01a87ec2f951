"""How a process of ours ends: with who has started it, with nothing left; and that in words."""

import contextlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

from analysis.errors import TrainingError

ENDS = {
    "SIGKILL": "was killed, as the system does for want of memory; fewer workers need less: "
    "--workers 1",
    "SIGILL": "met an instruction that this processor does not have; TensorFlow is built for "
    "processors with AVX",
    "SIGSEGV": "crashed inside a library",
    "SIGBUS": "crashed inside a library, as it does where a file in memory finds the disk full",
    "SIGFPE": "crashed inside a library",
    "SIGABRT": "was given up by a library, which says why above",
    "SIGXCPU": "used up the processor time it may have; `ulimit -t` shows that limit",
    "SIGTERM": "was asked to end, by somebody or something else on this machine",
    "SIGHUP": "was asked to end, as its terminal was closed",
    "SIGINT": "was interrupted by somebody or something else on this machine",
}
"""What a signal that ended a worker says of the reason."""


def exit_in_words(code: int) -> str:
    """Return how a process ended that left this exit code; a signal's has a minus sign."""
    if code > 0:
        return f"ended without a result, with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        return f"ended without a result, by signal {-code}"
    return f"{ENDS.get(name, 'ended without a result')} ({name})"


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give the path of a folder for what workers leave behind, which goes with them.

    TensorFlow writes files it would tidy up at its end, but workers are killed before. Raises
    TrainingError.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="training-", ignore_cleanup_errors=True)
    except OSError as error:
        raise TrainingError(
            f"no folder for temporary files can be made: {error}; TMPDIR=FOLDER names a place"
        ) from None
    with made as folder:
        yield Path(folder)


@contextlib.contextmanager
def tied(lifeline: Connection) -> Iterator[None]:
    """Within this, end at once when the lifeline is closed, and leave nothing behind.

    There is no thread left after it.
    """
    ending, end = Pipe(duplex=False)

    def watch() -> None:
        if lifeline in wait([lifeline, ending]):
            tidy()
            os._exit(1)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.close()
        thread.join()
        ending.close()


def tidy() -> None:
    """Remove the folder for temporary files that this process was given."""
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)

"""Standard output and standard error, also where they are closed, full, or nobody reads on."""

import io
import os
import sys
from typing import TYPE_CHECKING

from analysis.errors import ProjectError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STANDARD = (0, 1, 2)
OUTPUT, ERRORS = 1, 2


class Listener(io.RawIOBase):
    """A descriptor to write to; whoever has stopped to listen, as `head` does, is told no more.

    Where it cannot be written to for another reason, as on a full disk, the first attempt raises
    ProjectError; standard error, which would have to tell of that, falls silent.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor, self.deaf = descriptor, False

    def fileno(self) -> int:
        """Return the descriptor."""
        return self.descriptor

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return os.isatty(self.descriptor)

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Write bytes; return how many were written, or not wanted. Raises ProjectError."""
        size = memoryview(data).nbytes
        if self.deaf:
            return size
        try:
            return os.write(self.descriptor, data)
        except OSError as error:
            self.deaf = True
            if self.descriptor == OUTPUT and not isinstance(error, BrokenPipeError):
                raise ProjectError(f"standard output cannot be written: {error.strerror}") from None
            return size


def settle() -> None:
    """Give this process all three standard streams, in UTF-8, a line at a time.

    One that is closed is opened on nothing: the next file would take its number, and whatever a
    library writes to standard error would go into that file.
    """
    for descriptor in STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdout, sys.stderr = _text(OUTPUT), _text(ERRORS)


def _text(descriptor: int) -> io.TextIOWrapper:
    buffer = io.BufferedWriter(Listener(descriptor))
    return io.TextIOWrapper(buffer, "utf-8", errors="backslashreplace", line_buffering=True)

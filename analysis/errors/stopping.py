"""Ctrl-C, a kill and a closed terminal: each ends a command in order, and only once."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 143}
"""The exit code of a command that a signal has ended."""
PATIENCE_S = 5.0
"""So long a command may take to tidy up; who asks again after that has it ended at once."""


class Stopped(KeyboardInterrupt):
    """A command was stopped by a signal; `exit_code` is what it returns."""

    def __init__(self, number: int, words: str = "") -> None:
        super().__init__(*filter(None, [words]))
        self.exit_code = CODES[signal.Signals(number)]


class Stop:
    """The first signal raises Stopped in the main thread; those that follow at once do nothing."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._since = 0.0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.number is None:
            self.number, self._since = number, time.monotonic()
            raise Stopped(number)
        if time.monotonic() - self._since > PATIENCE_S:
            os._exit(CODES[signal.Signals(number)])


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Let the block end by Stopped, whatever a library makes of the signal on its way.

    Once it was stopped, signals do nothing more but to end a command that does not. One that is
    ignored, as under nohup, stays so. Outside of the main thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stop = Stop()
    before = {number: signal.getsignal(number) for number in CODES}
    for number, handler in before.items():
        if handler not in {signal.SIG_IGN, None}:
            signal.signal(number, stop)
    try:
        yield
    except BaseException as error:
        if stop.number is None:
            raise
        words = str(error) if isinstance(error, KeyboardInterrupt) else ""
        raise Stopped(stop.number, words) from None
    finally:
        for number, handler in before.items() if stop.number is None else ():
            if handler is not None:
                signal.signal(number, handler)


@contextlib.contextmanager
def withheld() -> Iterator[None]:
    """Start processes inside this: Ctrl-C is then the parent's to handle, which gets it after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent(tidy: Callable[[], object] = lambda: None) -> None:
    """Let this process, started by multiprocessing, tidy up and end when its parent is gone."""
    threading.Thread(target=_await_parent, args=(tidy,), daemon=True).start()


def _await_parent(tidy: Callable[[], object]) -> None:
    import multiprocessing.connection

    if parent := multiprocessing.parent_process():
        multiprocessing.connection.wait([parent.sentinel])
        tidy()
        os._exit(1)

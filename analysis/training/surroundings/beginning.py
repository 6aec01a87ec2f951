"""What comes first in the front door, before any package is loaded."""

import signal
import sys
from importlib import util


def begin() -> None:
    """Let Ctrl-C end the program at once, and raise SystemExit for a Python without our packages.

    A signal that is ignored stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing yet has to end in order
    if not util.find_spec("typer"):
        print(
            f"error: {sys.executable} lacks the packages of this project; make installs them: "
            "`make help` lists its targets, and .venv/bin/python build.py is the same door",
            file=sys.stderr,
        )
        raise SystemExit(2)

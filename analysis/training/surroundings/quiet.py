"""Keep TensorFlow's start-up short: its chatter off the screen, and what it has no use for out."""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator

CHATTER = re.compile(
    rb"oneDNN custom operations are on|Could not find cuda drivers|cudart_stub|cuInit|"
    rb"All log messages before absl::InitializeLog|rebuild TensorFlow with the appropriate|"
    rb"This TensorFlow binary is optimized|XLA service .* initialized|StreamExecutor device|"
    rb"Compiled cluster using XLA"
)
STDERR = 2


def without_jax() -> None:
    """Let this process import no JAX: TensorFlow and Keras would, wherever it is, for seconds.

    To be called before they are imported, and not where figures are drawn: matplotlib asks whether
    an array is one of JAX's.
    """
    sys.modules["jax"] = None  # type: ignore[assignment]  # as Python documents it


@contextlib.contextmanager
def startup() -> Iterator[None]:
    """Hold back what native libraries write to standard error; pass on all but known chatter."""
    sys.stderr.flush()
    screen = os.dup(STDERR)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(screen, STDERR)
            os.close(screen)
            held.seek(0)
            for line in held:
                if not CHATTER.search(line):
                    os.write(STDERR, line)

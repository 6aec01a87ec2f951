"""The state of a training as bytes, and back: from it the next epoch has the same bits."""

import io
import zipfile

import numpy as np

from analysis.training.engine import Engine


def kept(engine: Engine) -> bytes:
    """Return the weights and the state of the optimizer, as an .npz file of arrays in order."""
    content = io.BytesIO()
    np.savez(content, *engine.state(), allow_pickle=False)
    return content.getvalue()


def restore(engine: Engine, content: bytes) -> bool:
    """Set what `kept` has returned; return whether it was of such a network and optimizer.

    Where it was not, the engine is as it was.
    """
    before = engine.state()
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            state = [arrays[f"arr_{place}"] for place in range(len(arrays.files))]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return False
    if [(each.shape, each.dtype) for each in state] != [(e.shape, e.dtype) for e in before]:
        return False
    engine.restore(state)
    return True

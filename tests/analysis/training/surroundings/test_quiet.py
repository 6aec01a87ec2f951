"""TensorFlow's greetings stay off the screen; everything else that is said there arrives."""

import os

import pytest

from analysis.training.surroundings import quiet

# Lines as TensorFlow 2.21 and its predecessors print them when they start.
CHATTER = [
    "2026-01-01 00:00:00.0: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.",
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 cpu_feature_guard.cc:210] This TensorFlow binary is optimized to use available CPU",
    "E0000 cuda_dnn.cc] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit",
    "I0000 service.cc:163] XLA service 0x7f initialized for platform Host",
    "I0000 device_compiler.h:196] Compiled cluster using XLA!  This line is logged at most once",
]
NEWS = [
    "W tensorflow/core/framework/cpu_allocator_impl.cc:83] Allocation of 188160000 exceeds 10%",
    "UserWarning: something is deprecated",
    "Segmentation fault",
]


def test_only_the_known_chatter_is_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    """Of what native code writes, warnings and errors pass, in their order; greetings do not."""
    lines = [line for pair in zip(CHATTER, NEWS * 2, strict=True) for line in pair]
    with quiet.startup():
        os.write(2, "".join(f"{line}\n" for line in lines).encode())
    assert capfd.readouterr().err.splitlines() == NEWS * 2


def test_an_error_at_the_start_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    """What was said before things went wrong is shown, and the screen works as before."""
    with pytest.raises(ImportError), quiet.startup():
        fail(NEWS[0])
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err.splitlines() == [NEWS[0], "afterwards"]


def fail(last_words: str) -> None:
    """Write to standard error, and fail."""
    os.write(2, f"{last_words}\n".encode())
    raise ImportError("libcuda")

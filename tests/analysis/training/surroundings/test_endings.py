"""How a process of ours ends, told in words, and where it leaves what goes with it."""

import signal
import tempfile
from pathlib import Path

import pytest

from analysis.errors import TrainingError
from analysis.training.surroundings import endings


@pytest.mark.parametrize(
    ("code", "words", "not_said"),
    [
        (-signal.SIGKILL, "want of memory; fewer workers need less: --workers 1 (SIGKILL)", "?"),
        (-signal.SIGILL, "an instruction that this processor does not have", "memory"),
        (-signal.SIGSEGV, "crashed inside a library (SIGSEGV)", "memory"),
        (-signal.SIGABRT, "was given up by a library, which says why above (SIGABRT)", "memory"),
        (-signal.SIGTERM, "was asked to end, by somebody or something else", "memory"),
        (-signal.SIGXCPU, "used up the processor time", "memory"),
        (-signal.SIGUSR1, "ended without a result (SIGUSR1)", "memory"),
        (-63, "ended without a result, by signal 63", "memory"),
        (3, "ended without a result, with exit code 3", "memory"),
    ],
)
def test_why_a_worker_ended_is_read_from_its_signal(code: int, words: str, not_said: str) -> None:
    """Want of memory is named where it may be the reason, and there alone."""
    told = endings.exit_in_words(code)
    assert words in told
    assert not_said not in told


def test_without_a_place_for_temporary_files_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the place that was tried and the variable that names another."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with (
        pytest.raises(TrainingError, match=r"gone.*TMPDIR=FOLDER names a place"),
        endings.temporary_folder(),
    ):
        pass

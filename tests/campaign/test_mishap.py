"""What nobody foresaw, on its way to the terminal and into the report file."""

from pathlib import Path

import pytest

import build
from analysis.errors import StudyError, mishap
from tests.build.door import typed


def _caught(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_one_line_names_the_error_and_the_report_file(tmp_path: Path) -> None:
    """However many lines the message has; the file stands among the project's results."""
    line = mishap.told(_caught(KeyError("first\nsecond")), tmp_path, ["plan"])
    assert line.startswith(
        "error: KeyError: 'first\\nsecond': this is a fault of the report's code"
    )
    assert len(line.splitlines()) == 1
    assert str(tmp_path / "results" / "last-error.txt") in line
    left = (tmp_path / "results" / "last-error.txt").read_text()
    assert "Command: build.py plan\n" in left
    assert "in _caught" in left
    assert "pydantic 2" in left


def test_the_report_file_holds_nothing_of_the_user(tmp_path: Path) -> None:
    """No path outside of the project, nothing quoted, and no value of an option."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "quick.toml").touch()
    error = _caught(ValueError(f"{tmp_path}/report/a.md: 'secret' in /home/me/secret.npz: bad"))
    words = ["report", "--study", "quick", "--set", "title=secret", "--results=secret"]
    left = mishap.text(error, tmp_path, words)
    assert "Command: build.py report --study quick --set … --results=…\n" in left
    assert "ValueError: report/a.md: … in …: bad\n" in left
    for private in ("secret", "/home/me", str(tmp_path), str(Path.home()) + "/", str(build.ROOT)):
        assert private not in left


def test_where_nothing_can_be_written_the_line_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the place of the folder, and no room among temporary files: no second error."""
    (tmp_path / "results").touch()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "results"))
    line = mishap.told(_caught(OSError(28, "No space left on device")), tmp_path, ["render"])
    assert line == "error: OSError: [Errno 28] No space left on device: the system refused it"


def test_the_front_door_lets_no_traceback_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1 and one line for an error of the code, 2 for one of the input, 130 for Ctrl-C."""
    monkeypatch.setattr(build, "ROOT", tmp_path)

    def ends(error: BaseException) -> tuple[int, str]:
        def places() -> None:
            raise error

        monkeypatch.setattr(build, "_places", places)
        code, _, err = typed("plan")
        return code, err

    code, err = ends(RecursionError("maximum recursion depth exceeded"))
    assert (code, len(err.splitlines())) == (1, 1)
    assert err.startswith("error: RecursionError: maximum recursion depth exceeded: ")
    assert ends(StudyError("study.toml: no")) == (2, "error: study.toml: no\n")
    code, err = ends(KeyboardInterrupt("1 of 2 runs are stored."))
    assert (code, err.strip()[:35]) == (130, "Interrupted. 1 of 2 runs are stored")

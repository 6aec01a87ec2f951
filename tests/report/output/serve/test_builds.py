"""When the preview builds, and what it tells the pages."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from build import ROOT
from report.output.serve import lifeline
from tests.made.sites.previewed import Preview


def running(process: int) -> bool:
    """Tell whether a process is still there and no mere entry in a list."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    listing = Path(f"/proc/{process}/stat")
    return not listing.exists() or listing.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_change_makes_a_new_edition(start: Callable[[str], Preview]) -> None:
    """A saved answer is built, and the news then differ from what the open page was served with."""
    preview = start("One")
    preview.until(busy=False)
    _, _, page = preview.get("/")
    (edition,) = re.findall(r'data-edition="(\d+)"', page)
    assert preview.until()["edition"] == edition
    preview.write("Two")
    news = next(each for each in preview.news() if each["edition"] not in {"", edition})
    _, _, page = preview.get("/")
    assert "<h1>Two</h1>" in page
    assert f'data-edition="{news["edition"]}"' in page
    assert "Changed: report/answers/q1a.md" in preview.log.read_text()


def test_the_pages_are_news_before_the_pdf(start: Callable[[str], Preview]) -> None:
    """As soon as the HTML stands there is a new edition; the PDF follows."""
    preview = start("PDF")
    news = next(each for each in preview.news() if each["edition"])
    assert news["busy"]
    assert preview.get("/report.pdf")[0] == 404
    preview.go("pdf")
    preview.until(busy=False)
    assert preview.get("/report.pdf")[0] == 200


def test_an_error_is_told_and_the_last_site_stays(start: Callable[[str], Preview]) -> None:
    """A failed build is news with place and message until a build ends well."""
    preview = start("One")
    preview.until(busy=False)
    preview.write("FAIL")
    assert preview.until(fault=...)["fault"] == {
        "title": "The build found an error",
        "place": "report/answers/q1a.md:3",
        "message": "there is no number 'x' for <b>He</b>",
    }
    assert "<h1>One</h1>" in preview.get("/")[2]
    assert "error: report/answers/q1a.md:3: there is no number" in preview.log.read_text()
    preview.write("Two")
    preview.until(fault=None)
    assert "<h1>Two</h1>" in preview.get("/")[2]


def test_a_first_build_that_fails_is_a_page_too(start: Callable[[str], Preview]) -> None:
    """Without any site the server answers with a page that shows the error and waits."""
    preview = start("FAIL")
    preview.until(fault=...)
    status, _, page = preview.get("/")
    assert status == 503
    assert "there is no number &#39;x&#39; for &lt;b&gt;He&lt;/b&gt;" in page
    preview.write("One")
    preview.until(fault=None, busy=False)
    assert preview.get("/")[0] == 200


def test_training_is_told_while_it_lasts(start: Callable[[str], Preview]) -> None:
    """What the build says before it trains is passed on, then how far it is, then nothing."""
    preview = start("TRAIN")
    words = "Training 2 of 3 runs on 1 worker: about 1 minute."
    assert preview.until(notice=...)["notice"] == words
    preview.go("1")
    preview.until(notice=f"{words} Done: 1 of 2.")
    preview.go("2")
    preview.until(notice="", busy=False, fault=None)


def test_a_change_during_a_build_ends_it_and_starts_anew(start: Callable[[str], Preview]) -> None:
    """Nobody waits for what is out of date, and no process of it is left, not even an entry."""
    preview = start("TRAIN")
    preview.until(notice=...)
    preview.write("Two")
    preview.until(busy=False, notice="")
    first, second = preview.builds()
    for ended in (first, second):
        with pytest.raises(ProcessLookupError):
            os.kill(ended, 0)
    assert first != second
    assert "<h1>Two</h1>" in preview.get("/")[2]


def test_changes_at_once_make_one_build(start: Callable[[str], Preview]) -> None:
    """Many files that appear together are one change."""
    preview = start("One")
    preview.until(busy=False)
    saved = preview.folder / "saved"
    saved.mkdir()
    for number in range(20):
        (saved / f"{number}.html").write_text("t")
    saved.rename(preview.folder / "templates" / "saved")  # at once, however busy the machine is
    changed = preview.printed("Changed: .*")
    assert changed.endswith("and 17 more")
    preview.until(busy=False)
    time.sleep(1.5)  # longer than it looks by itself
    assert len(preview.builds()) == 2


def test_a_file_that_is_saved_in_steps_is_one_change(start: Callable[[str], Preview]) -> None:
    """An editor writes beside it and moves: what is there on the way is none."""
    preview = start("One")
    preview.until(busy=False)
    answers = preview.folder / "report" / "answers"
    (answers / ".q1a.md.swp").write_text("swap")
    (answers / "q1a.md~").write_text("backup")
    preview.write("Two")
    preview.printed("Changed: report/answers/q1a.md\n")
    preview.until(busy=False)
    (answers / ".q1a.md.swp").unlink()
    time.sleep(1.5)
    assert len(preview.builds()) == 2


def test_its_own_results_are_no_change_but_those_of_others_are(
    start: Callable[[str], Preview],
) -> None:
    """What the build stores itself starts no build; a store that someone else wrote does."""
    preview = start("TRAIN")
    preview.go("1")
    preview.go("2")
    preview.until(busy=False)
    time.sleep(1.5)
    assert len(preview.builds()) == 1
    (preview.folder / "results/runs.sqlite").write_text("by someone else")
    assert preview.printed("Changed: .*") == "Changed: results/runs.sqlite"


def test_ctrl_c_ends_it_and_its_build(start: Callable[[str], Preview]) -> None:
    """A build that would go on for ever and a page that follows the news hold it up in nothing."""
    preview = start("TRAIN")
    news = preview.news()
    assert any(each["notice"] for each in news)
    assert preview.stop() == 130
    assert list(news) == []
    assert not running(preview.builds()[0])
    assert "Traceback" not in preview.log.read_text()


def test_the_front_door_shows_what_the_real_build_says(tmp_path: Path) -> None:
    """`build.py serve` builds with the options it was given; a wrong study is news."""
    (tmp_path / "mine.toml").write_text('extends = "none.toml"\ntitle = \n')
    script = [str(ROOT / "build.py"), "serve", "--port=0", "--study=../mine.toml"]
    preview = Preview(tmp_path / "p", serve=script)
    try:
        fault = preview.until(fault=...)["fault"]
        assert fault["place"] == "../mine.toml:2"
        assert fault["message"].startswith("is not valid TOML")
    finally:
        preview.close()


def test_an_unknown_study_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    """What no change of a file can mend is an error of the command, not of a build."""
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port=0", "--study=quik"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: no study 'quik' (did you mean 'quick'?)")


HELD = """
from report.output.serve import lifeline
import subprocess, sys, time
lifeline.hold()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_build_and_its_workers_end_with_a_preview_that_is_killed() -> None:
    """Its standard input is closed then, whatever it is doing."""
    build = subprocess.Popen(
        [sys.executable, "-c", HELD], cwd=ROOT, env={**os.environ, lifeline.VARIABLE: "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with build:
        assert build.stdin is not None
        assert build.stdout is not None
        worker = int(build.stdout.readline())
        assert build.poll() is None
        build.stdin.close()
        assert build.wait(60) == -signal.SIGKILL
    deadline = time.monotonic() + 60
    while running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(worker)

"""The preview: what it serves and to whom, when it builds, and what it tells the pages."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from build import ROOT
from report.output.serve import app, faults
from report.output.serve.news import Fault
from report.output.serve.watching import Inputs, Look
from tests.made.previewed import Preview


def running(process: int) -> bool:
    """Tell whether a process is still there and no mere entry in a list."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    listing = Path(f"/proc/{process}/stat")
    return not listing.exists() or listing.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Give a preview that has built and has nothing to do."""
    preview = Preview(tmp_path_factory.mktemp("idle"))
    (preview.folder / "secret.txt").write_text("secret")
    preview.until(busy=False)
    yield preview
    preview.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Preview]]:
    """Give a function that starts a preview of a project with one answer."""
    started: list[Preview] = []

    def begin(text: str) -> Preview:
        started.append(Preview(tmp_path, text))
        return started[0]

    yield begin
    for preview in started:
        preview.close()


# What is served, and to whom


def test_a_page_is_served_with_a_script_and_the_site_stays_as_it_is(idle: Preview) -> None:
    """The script and the leave to ask for news are added on the way; no file is touched."""
    status, headers, page = idle.get("/")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert policy.replace("&#x27;", "'") == (
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; "
        "connect-src 'self'"
    )
    assert page.count('<script src="/_preview/preview.js"') == 1
    assert "_preview" not in (idle.folder / "site/index.html").read_text()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/style.css", "text/css; charset=utf-8"),
        ("/figures/loss.svg", "image/svg+xml"),
        ("/report.pdf", "application/pdf"),
        ("/_preview/preview.js", "text/javascript; charset=utf-8"),
        ("/_preview/preview.css", "text/css; charset=utf-8"),
    ],
)
def test_each_file_has_its_type_and_is_asked_for_again(idle: Preview, path: str, kind: str) -> None:
    """A browser is told what a file is, and never to show a kept one without asking."""
    status, headers, _ = idle.get(path)
    assert (status, headers["content-type"]) == (200, kind)
    assert headers["cache-control"] == "no-cache"


def test_a_missing_page_leads_home(idle: Preview) -> None:
    """What the site does not have is a 404 page with a link to the first page, in safe HTML."""
    status, _, page = idle.get("/no<b>thing.html")
    assert status == 404
    assert '<a href="/">' in page
    assert "no&lt;b&gt;thing.html" in page


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/figures/../../secret.txt", "/..%2fsecret.txt",
     "//etc/passwd", "/%2fetc/passwd", "/_preview/../../secret.txt", "/_preview/..%2fsecret.txt"],
)  # fmt: skip
def test_nothing_outside_of_the_site_is_served(idle: Preview, path: str) -> None:
    """However a path is written, it does not leave the site."""
    status, _, text = idle.get(path)
    assert status == 404
    assert "root:" not in text
    assert text != "secret"


def test_a_foreign_name_is_refused(idle: Preview) -> None:
    """A request is answered under this machine's own name and port only, not even the news."""
    own = [f"127.0.0.1:{idle.port}", f"localhost:{idle.port}"]
    others = ["example.org", f"example.org:{idle.port}", "127.0.0.1", "localhost:1", ""]
    assert [idle.get("/", Host=name)[0] for name in own] == [200, 200]
    assert [idle.get("/", Host=name)[0] for name in others] == [403] * 5
    assert idle.get("/_preview/news", Host="example.org")[0] == 403


@pytest.mark.skipif(sys.platform != "linux", reason="others have no second loopback address")
def test_no_other_address_answers(idle: Preview) -> None:
    """Only 127.0.0.1 is listened on: its neighbour, which any address would include, refuses."""
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", idle.port))


def test_a_port_in_use_is_an_error_that_says_what_to_do(idle: Preview) -> None:
    """The front door ends with exit code 2, the port and a way out, before anything is built."""
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(idle.port)]
    ended = subprocess.run(
        command, cwd=idle.folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"error: port {idle.port} is in use by another program")
    assert "--port" in ended.stderr


# When it builds, and what it tells


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
    words = "Training 2 of 3 runs on 1 workers: about 1 minute."
    assert preview.until(notice=...)["notice"] == words
    preview.go("1")
    preview.until(notice=f"{words} Done: 1 of 2.")
    preview.go("2")
    preview.until(notice="", busy=False, fault=None)


def test_a_change_during_a_build_ends_it_and_starts_anew(start: Callable[[str], Preview]) -> None:
    """Nobody waits for what is out of date, and no process of it is left."""
    preview = start("TRAIN")
    preview.until(notice=...)
    preview.write("Two")
    preview.until(busy=False, notice="")
    first, second = preview.builds()
    assert not running(first)
    assert first != second
    assert "<h1>Two</h1>" in preview.get("/")[2]


def test_changes_at_once_make_one_build(start: Callable[[str], Preview]) -> None:
    """Many files saved together, or one saved in steps, are one change."""
    preview = start("One")
    preview.until(busy=False)
    saved = preview.folder / "saved"
    saved.mkdir()
    for number in range(20):
        (saved / f"{number}.html").write_text("t")
    saved.rename(preview.folder / "templates" / "saved")  # at once, however busy the machine is
    preview.write("Two")
    preview.printed("q1a|more")
    preview.until(busy=False)
    time.sleep(1.5)  # longer than it looks by itself
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


def test_ctrl_c_ends_it_and_its_build_quickly(start: Callable[[str], Preview]) -> None:
    """With a build under way and a page that follows the news, all ends in under two seconds."""
    preview = start("TRAIN")
    news = preview.news()
    assert any(each["notice"] for each in news)
    started = time.monotonic()
    assert preview.stop() == 130
    assert time.monotonic() - started < 2
    assert list(news) == []
    assert not running(preview.builds()[0])
    assert "Traceback" not in preview.log.read_text()


def test_the_front_door_shows_what_the_real_build_says(tmp_path: Path) -> None:
    """`build.py serve` builds with the options it was given; a wrong study is news."""
    (tmp_path / "mine.toml").write_text('extends = "none.toml"\ntitle = \n')
    script = tmp_path / "serve.py"
    script.write_text(
        f"import runpy, sys; sys.argv = ['build.py', *sys.argv[1:]]; sys.path[0] = {str(ROOT)!r}\n"
        f"runpy.run_path({str(ROOT / 'build.py')!r}, run_name='__main__')\n"
    )
    preview = Preview(tmp_path / "p", serve=[str(script), "serve", "--study=../mine.toml"])
    try:
        fault = preview.until(fault=...)["fault"]
        assert fault["place"] == "../mine.toml:2"
        assert fault["message"].startswith("is not valid TOML")
    finally:
        preview.close()


# From printed words to a fault

ROOTED = "/home/me/report"
CRASH = f"""A warning.
Traceback (most recent call last):
  File "{ROOTED}/build.py", line 270, in <module>
    app()
  File "{ROOTED}/.venv/lib/python3.11/site-packages/typer/main.py", line 1143, in __call__
    raise e
  File "{ROOTED}/report/figures.py", line 68, in accuracy
    return 1 / 0
           ~~^~~
ZeroDivisionError: division by zero
"""
SYNTAX = f"""Traceback (most recent call last):
  File "{ROOTED}/build.py", line 3, in <module>
    from report import figures
  File "{ROOTED}/report/figures.py", line 68
    def (:
        ^
SyntaxError: invalid syntax
"""
WORKER = f'''concurrent.futures.process._RemoteTraceback:
"""
Traceback (most recent call last):
  File "{ROOTED}/analysis/training.py", line 12, in train
    step()
ValueError: two
lines
"""

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "{ROOTED}/analysis/workers.py", line 60, in train
    future.result()
ValueError: two
lines
'''


@pytest.mark.parametrize(
    ("printed", "place", "message"),
    [
        ("error: report/a.md:7: no x\n", "report/a.md:7", "no x"),
        ("warned\nerror: study.toml: seeds = 0: no\n", "study.toml", "seeds = 0: no"),
        (
            "error: study.toml: a = 1: no\nstudy.toml: b = 2: no\n",
            "study.toml",
            "study.toml: a = 1: no\nstudy.toml: b = 2: no",
        ),
        (
            "error: s.toml: is not valid TOML: Invalid value (at line 3, column 9)\n",
            "s.toml:3",
            "is not valid TOML: Invalid value (at line 3, column 9)",
        ),
        ("error: --strict: no\n", "", "--strict: no"),
        (
            CRASH,
            "report/figures.py:68",
            "ZeroDivisionError: division by zero\n\n"
            "report/figures.py:68, in accuracy\n    return 1 / 0\n\n"
            "build.py:270, in <module>\n    app()",
        ),
        (
            SYNTAX,
            "report/figures.py:68",
            "SyntaxError: invalid syntax\n\nreport/figures.py:68\n    def (:\n\n"
            "build.py:3, in <module>\n    from report import figures",
        ),
        (
            WORKER,
            "analysis/training.py:12",
            "ValueError: two\nlines\n\nanalysis/training.py:12, in train\n    step()",
        ),
        ("Usage: x\nNo such option\n", "", "Usage: x\nNo such option"),
        ("", "", "Its exit code was -9."),
    ],
)
def test_a_fault_has_its_place_and_words(printed: str, place: str, message: str) -> None:
    """The project's errors in full, a traceback as its own frames with the deepest first."""
    fault = faults.explain(printed, -9, Path(ROOTED))
    assert isinstance(fault, Fault)
    assert (fault.place, fault.message) == (place, message)


@pytest.mark.parametrize(
    ("policy", "wider"),
    [
        (
            "default-src 'none'",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ),
        (
            "connect-src 'none'; script-src 'self' 'sha256-x'; style-src a.css",
            "connect-src 'self'; script-src 'self' 'sha256-x'; style-src a.css 'self'",
        ),
    ],
)
def test_a_policy_is_widened_by_this_server_alone(policy: str, wider: str) -> None:
    """Scripts, styles and news of the server become allowed, and nothing else does."""
    assert app.widened(policy) == wider


# What counts as a change


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Give a project with a source, a study of its own and a store."""
    for name in ("analysis/a.py", "report/answers/q1a.md", "elsewhere/mine.toml", "r/runs.sqlite"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "elsewhere/mine.toml").write_text('extends = "base.toml"')
    (tmp_path / "elsewhere/base.toml").write_text("")
    study = str(tmp_path / "elsewhere/mine.toml")
    return Inputs(tmp_path, tmp_path / "site", study, tmp_path / "r/runs.sqlite")


@pytest.mark.parametrize(
    "name",
    ["analysis/a.py", "report/new.py", "report/answers/q1a.md", "templates/x.css", "study.toml",
     "CITATION.cff", "elsewhere/mine.toml", "elsewhere/base.toml"],
)  # fmt: skip
def test_what_a_build_reads_is_a_change(inputs: Inputs, name: str) -> None:
    """Sources, studies and what they extend count, whether they change, come or go."""
    look = Look(inputs)
    path = inputs.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed")
    assert look.changes() == [str(path)]
    look = Look(inputs)
    path.unlink()
    assert look.changes() == [str(path)]


@pytest.mark.parametrize(
    "name",
    ["analysis/__pycache__/a.cpython-311.pyc", "report/answers/.q1a.md.swp", "README.md",
     "report/answers/q1a.md~", "site/index.html", "r/cache/x.svg", "r/runs.sqlite-journal"],
)  # fmt: skip
def test_what_no_build_reads_is_none(inputs: Inputs, name: str) -> None:
    """What a build writes, an editor's own files and notes start nothing."""
    look = Look(inputs)
    (inputs.root / name).parent.mkdir(exist_ok=True)
    (inputs.root / name).write_text("changed")
    assert look.changes() == []


def test_a_study_that_extends_itself_is_followed_once(inputs: Inputs) -> None:
    """What is wrong with a study is for the build to say; watching it comes to an end."""
    base = inputs.root / "elsewhere/base.toml"
    base.write_text('extends = "mine.toml"')
    look = Look(inputs)
    base.write_text("")
    assert look.changes() == [str(base)]


def test_the_store_counts_once_the_build_has_ended(inputs: Inputs) -> None:
    """Runs that a build stores are seen when it ends; a later run is a change."""
    assert inputs.store is not None
    look = Look(inputs)
    inputs.store.write_text("run")
    assert look.changes() == []
    look.settle()
    assert look.changes() == []
    inputs.store.write_text("run, run")
    assert look.changes() == [str(inputs.store)]


def test_published_results_count_and_have_no_store(tmp_path: Path) -> None:
    """By either name, published results are watched as tables that no build writes."""
    for name in ("published", "results/published"):
        found = Inputs.of(ROOT, tmp_path, None, Path(name))
        assert (found.store, found.published) == (None, Path("results/published"))
    assert Inputs.of(ROOT, tmp_path, None, Path("r")).store == Path("r/runs.sqlite")

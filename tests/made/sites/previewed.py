"""A small project with a stand-in for its build, and a preview of it in a process of its own."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from build import ROOT

WAIT_S = 120.0
"""So long the busiest machine may take; nobody waits for longer than it takes."""
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'"

BUILD = f'''
import json, os, pathlib, shutil, sys, time

def wait_for(name):
    while not pathlib.Path(name).exists():
        time.sleep(0.02)

text = pathlib.Path("report/answers/q1a.md").read_text()
with open("builds.log", "a") as log:
    log.write(f"{{os.getpid()}}\\n")
if "TRAIN" in text:
    print("Training 2 of 3 runs on 1 worker: about 1 minute.", flush=True)
    wait_for("go-1")
    pathlib.Path("results/runs.sqlite").write_text(text)
    print("[1/2] base: He, seed 0: test accuracy 97.00%, 0.1 s", flush=True)
    wait_for("go-2")
if "FAIL" in text:
    place, message = "report/answers/q1a.md:3", "there is no number 'x' for <b>He</b>"
    record = pathlib.Path(os.environ["REPORT_ERROR_RECORD"])
    record.write_text(json.dumps({{"place": place, "message": message}}))
    sys.exit(f"error: {{place}}: {{message}}")
if "FRESH" in text:
    sys.exit(print("Nothing has changed: site/index.html and site/report.pdf are up to date."))
new, site = pathlib.Path(".site.new"), pathlib.Path("site")
shutil.rmtree(new, ignore_errors=True)
(new / "figures").mkdir(parents=True)
lines = "".join(f"<p id=p{{n}}>Line {{n}}</p>" for n in range(200))
page = ('<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="{POLICY.replace("'", "&#39;")}">'
        f"<title>T</title></head><body><main><h1>{{text}}</h1>{{lines}}</main></body></html>")
(new / "index.html").write_text(page)
(new / "style.css").write_text("h1 {{ color: red }}")
(new / "figures" / "loss.svg").write_text("<svg/>")
shutil.rmtree(site, ignore_errors=True)
new.rename(site)
print("site/index.html is ready.", flush=True)
if "PDF" in text:
    wait_for("go-pdf")
(site / "report.pdf").write_text("%PDF-1.7")
print("site/report.pdf is ready.", flush=True)
'''

SERVE = """
import pathlib, sys
from report.output.serve import server
from report.output.serve.watching import Inputs

here = pathlib.Path.cwd()
results = here / "results"
inputs = Inputs(
    here, here / "site", results / "published", here / "study.toml", results / "runs.sqlite"
)
try:
    server.serve([sys.executable, "build.py"], inputs, 0)
except KeyboardInterrupt:
    sys.exit(130)
"""


class Preview:
    """A project in a folder, and the server of its preview."""

    def __init__(self, folder: Path, text: str = "One", serve: Sequence[str] = ()) -> None:
        self.folder = folder
        for name in ("report/answers", "analysis", "templates", "studies", "results"):
            (folder / name).mkdir(parents=True)
        (folder / "templates" / "serve").symlink_to(ROOT / "templates" / "serve")
        (folder / "build.py").write_text(BUILD, encoding="utf-8")
        (folder / "study.toml").write_text('title = "T"\n')
        self.write(text)
        self.log = folder / "preview.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *(serve or ("-c", SERVE))], cwd=folder, stdout=log, stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        try:
            self.address = self.printed(r"http://127\.0\.0\.1:(\d+)/")
        except BaseException:
            self.close()
            raise
        self.port = int(self.address.rpartition(":")[2].strip("/"))

    def write(self, text: str) -> None:
        """Save an answer, as an editor does: whole, and in the place of the one before."""
        answer = self.folder / "report/answers/q1a.md"
        answer.with_suffix(".tmp").write_text(text)
        answer.with_suffix(".tmp").replace(answer)

    def printed(self, pattern: str) -> str:
        """Return what the terminal shows that matches a pattern, as soon as it does."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            if found := re.search(pattern, self.log.read_text()):
                return found[0]
            if ended:
                break
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in {self.log.read_text()}")

    def builds(self) -> list[int]:
        """Return the processes of all builds so far."""
        log = self.folder / "builds.log"
        return [int(each) for each in log.read_text().split()] if log.exists() else []

    def go(self, name: str) -> None:
        """Let a build that waits for a sign go on."""
        (self.folder / f"go-{name}").touch()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and text of an answer; the path is sent as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read().decode()
        finally:
            connection.close()

    def news(self) -> Iterator[dict[str, Any]]:
        """Yield the news as they come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            connection.request("GET", "/_preview/news")
            for line in connection.getresponse():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])
        finally:
            connection.close()

    def until(self, **wanted: object) -> dict[str, Any]:
        """Return the first news that has these entries, or that has any at all for `...`."""
        for each in self.news():
            if all(
                bool(each[key]) if value is ... else each[key] == value
                for key, value in wanted.items()
            ):
                return each
        raise AssertionError("the news ended")

    def stop(self) -> int:
        """End the server as Ctrl-C does; return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(WAIT_S)

    def close(self) -> None:
        """End the server, if it has not ended, and with it what it started."""
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            self.process.kill()
            self.process.wait()
            for build in self.builds():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(build, signal.SIGKILL)


def starting(folder: Path) -> Iterator[Callable[[str], Preview]]:
    """Yield a function that starts a preview of a project with one answer; end them after it."""
    started: list[Preview] = []

    def begin(text: str) -> Preview:
        started.append(Preview(folder, text))
        return started[0]

    yield begin
    for preview in started:
        preview.close()

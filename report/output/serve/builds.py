"""Build, and build again on every change; a change during a build ends it and starts anew."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from analysis.errors import reading
from report.output.paper import room
from report.output.serve import faults, lifeline
from report.output.serve.news import News
from report.output.serve.watching import Inputs, Look, stirring

PATIENCE_S = 0.5
"""So long a build may take to end by itself; then it is killed."""
LONGEST_LINE = 1 << 24
NAMED = 3
"""So many changed files are named."""

READY = re.compile(r"index\.html is ready\.$")
TRAINING = re.compile(r"Training [\d,]+ of [\d,]+ runs? on .*")
TRAINED = re.compile(r"\[ *(\d+)/(\d+)\] ")


async def keep_building(command: Sequence[str], inputs: Inputs, news: News, press: str) -> None:
    """Build now, and again whenever an input changes, for ever; `press` is where PDFs are set."""
    async with stirring(inputs) as stirred:
        while True:
            look = Look(inputs)
            build = asyncio.create_task(Build(command, inputs.root, news, press).run())
            build.add_done_callback(lambda _: stirred.set())
            try:
                paths = await _next_changes(look, build, stirred)
            finally:
                build.cancel()
                await asyncio.gather(build, return_exceptions=True)
            print(f"\nChanged: {_listed(paths, inputs.root)}", flush=True)


async def _next_changes(
    look: Look, build: "asyncio.Task[None]", stirred: asyncio.Event
) -> list[str]:
    """Return the changed inputs as soon as there are any. Raises what the build itself raises."""
    settled = False
    while True:
        await stirred.wait()
        stirred.clear()
        if build.done() and not settled:
            build.result()
            look.settle()
            settled = True
        if paths := look.changes():
            return paths


def _listed(paths: Sequence[str], root: Path) -> str:
    names = [os.path.relpath(path, root) for path in paths[:NAMED]]
    more = len(paths) - NAMED
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


class Build:
    """One build in a process of its own: its output goes on to the terminal, its news to pages."""

    def __init__(self, command: Sequence[str], root: Path, news: News, press: str) -> None:
        self.command = command
        self.root = root
        self.news = news
        self.press = press
        self.training = ""
        self.stands = False
        self.errors: list[str] = []

    async def run(self) -> None:
        """Build from start to end; when cancelled, end the process and all that it started."""
        self.news.tell(busy=True, notice="")
        with tempfile.TemporaryDirectory() as folder:
            record = Path(folder, "error.json")
            code = await self._build(record)
            left = reading.state(record)
        printed = "".join(self.errors)
        fault = faults.explain(left, printed, code, self.root) if code else None
        self.news.tell(busy=False, notice="", fault=fault)

    async def _build(self, record: Path) -> int:
        """Return the exit code of the build, which leaves an error in the file `record`."""
        process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,  # closed when this process ends, however it does
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            env=os.environ
            | {
                "PYTHONUNBUFFERED": "1",
                faults.RECORD: str(record),
                room.ADDRESS: self.press,
                lifeline.VARIABLE: str(os.getpid()),
            },
            start_new_session=True,
        )
        try:
            await asyncio.gather(
                _relay(process.stdout, sys.stdout, self._said),
                _relay(process.stderr, sys.stderr, self.errors.append),
            )
            return await process.wait()
        finally:
            # Once the pages stand there is nothing to tidy up, and layout is slow to listen.
            await _end(process, 0 if self.stands else PATIENCE_S)

    def _said(self, line: str) -> None:
        line = line.rstrip()
        if TRAINING.match(line):
            self.training = line
            self.news.tell(notice=line)
        elif self.training and (done := TRAINED.match(line)):
            self.news.tell(notice=f"{self.training} Done: {done[1]} of {done[2]}.")
        elif READY.search(line):
            self.stands = True
            self.news.tell(notice="", fault=None)


async def _relay(
    source: asyncio.StreamReader | None, terminal: TextIO, heard: Callable[[str], None]
) -> None:
    """Write each line to the terminal as it comes, and let it be heard."""
    assert source is not None
    async for line in source:
        text = line.decode("utf-8", "replace")
        terminal.write(text)
        terminal.flush()
        heard(text)


async def _end(process: asyncio.subprocess.Process, patience: float) -> None:
    """End a build and its workers: as by Ctrl-C, so that it can tidy up, and then for certain."""
    try:
        if patience and process.returncode is None:
            _signal(process.pid, signal.SIGINT)
            async with asyncio.timeout(patience):
                await process.wait()
    except TimeoutError:
        pass
    finally:
        _signal(process.pid, signal.SIGKILL)
        await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # a group that is gone
        os.killpg(group, number)

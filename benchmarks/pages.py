"""How light the pages are: the site as it stands, served compressed, under Lighthouse.

    python -m benchmarks.pages [PAGE …] [--turns N]

It prints for each page the four scores of a phone, of N turns the worst, what was measured, and the
bytes on the wire. Lighthouse is looked for on the path; it is the program of Node.js that the
browser's own makers score pages by, and no package of this project.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from tools import system

LIGHTHOUSE = "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {
    "first-contentful-paint": "paint",
    "largest-contentful-paint": "largest",
    "speed-index": "index",
}
WAIT_S = 180
TURNS = 1


@dataclass(frozen=True)
class Weight:
    """What Lighthouse says of a page: scores of 100, seconds, milliseconds, shift, bytes, nodes."""

    name: str
    scores: tuple[int, ...]
    times_s: tuple[float, ...]
    blocked_ms: float
    shift: float
    size: int
    nodes: int


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site on a free port of this machine, compressed as hosts of pages do; yield where."""
    app = Starlette(
        routes=[Mount("/", StaticFiles(directory=site, html=True))],
        middleware=[Middleware(GZipMiddleware, compresslevel=6)],
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
        serving = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        serving.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            serving.join()


def looked_over(address: str, lighthouse: str, browser: str) -> dict[str, Any]:
    """Return what Lighthouse reports of a page, as on a phone.

    Raises CalledProcessError where it fails.
    """
    flags = " ".join(["--headless", *system.browser_arguments()])
    command = [
        lighthouse, address, "--quiet", "--output=json", f"--chrome-flags={flags}",
        f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": browser}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, timeout=WAIT_S, check=True,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def weight(name: str, report: dict[str, Any]) -> Weight:
    """Return the weight of a page of which Lighthouse has made this report."""
    audits, scores = report["audits"], report["categories"]
    return Weight(
        name,
        # A category of which a part could not be measured has no score.
        tuple(round(100 * (scores[each]["score"] or 0)) for each in CATEGORIES),
        tuple(audits[each]["numericValue"] / 1000 for each in TIMES),
        audits["total-blocking-time"]["numericValue"],
        audits["cumulative-layout-shift"]["numericValue"],
        audits["total-byte-weight"]["numericValue"],
        int(audits["dom-size"]["numericValue"]),
    )


def measure(
    site: Path, names: Sequence[str], turns: int, tools: tuple[str, str]
) -> Iterator[Weight]:
    """Yield the weight of each page of a site, of all turns the one with the worst scores.

    `tools` are the paths of Lighthouse and of the browser.
    """
    with served(site) as server:
        for name in names:
            address = f"{server}{name}.html"
            told = [weight(name, looked_over(address, *tools)) for _ in range(turns)]
            yield min(told, key=lambda each: each.scores)


def lines(weights: Iterator[Weight]) -> Iterator[str]:
    """Yield the table, a line a page."""
    heads = [*TIMES.values(), "blocked", "shift", "bytes", "nodes"]
    yield "".join([f"{'page':14}{'scores':>18}", *(f"{each:>10}" for each in heads)])
    for each in weights:
        times = "".join(f"{seconds:>8.2f} s" for seconds in each.times_s)
        scores = " ".join(f"{score:3}" for score in each.scores)
        yield (
            f"{each.name:14}{scores:>18}{times}{each.blocked_ms:>7.0f} ms{each.shift:>10.3f}"
            f"{each.size / 1000:>7.0f} kB{each.nodes:>10}"
        )


def main() -> int:
    """Return 0, also where Lighthouse or a browser is missing; 2 where there is no site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    parser.add_argument("--turns", type=int, default=TURNS)
    asked = parser.parse_args()
    site = Path("site").resolve()
    names = asked.pages or sorted(path.stem for path in site.glob("*.html"))
    if not names or not all((site / f"{name}.html").is_file() for name in names):
        print("error: there is no such page in site/; make report builds it", file=sys.stderr)
        return 2
    lighthouse, browser = shutil.which(LIGHTHOUSE), system.find_browser()
    if lighthouse is None or browser is None:
        print(f"Left out: Lighthouse (npm install --global lighthouse) needs {system.BROWSER}.")
        return 0
    for line in lines(measure(site, names, asked.turns, (lighthouse, browser))):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A browser, the site of the published results, and a server for it."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.results import published, sources
from build import ROOT
from tests.browser.opening import Opener
from tests.made import shared
from tests.made.site import build
from tools import system


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; where there is none, CI fails and other machines skip.

    One for each file: Playwright leaves an event loop in the thread while it runs, and a test
    elsewhere may want one of its own. A start takes half a second.
    """
    program = system.find_browser()
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(system.NEEDS_BROWSER)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program, args=system.browser_arguments()
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the published results without its PDF, rendered once for all workers.

    From the cache of the build, so that only the first tests on a machine wait for the figures.
    """
    folder = shared.folder(tmp_path_factory)
    finished = folder / "published-site"
    with FileLock(folder / "published-site.lock"):
        if not finished.exists():
            source = sources.Published(ROOT / published.FOLDER)
            unfinished = folder / "published-site.new"
            about = published.manifest(source.folder)
            build(source.results(), unfinished, source.cache, published=about)
            unfinished.rename(finished)
    return finished


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    timeout = 10  # seconds; a connection that the browser opens ahead may never be used

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of the base
        """Write nothing."""


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address, with a slash at its end, at which the site is served."""
    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/"
        serving.shutdown()
        thread.join()


@pytest.fixture
def open_page(browser: Browser, site: Path, server: str) -> Iterator[Opener]:
    """A function that opens pages, such as `open_page("q1", width=360, theme="dark")`.

    The test fails where a page logged an error or a warning, threw one, broke its content policy,
    asked for something outside of the site, or did not get what it asked for.
    """
    opener = Opener(browser, site, server)
    yield opener
    opener.close()
    if opener.problems:
        pytest.fail("\n".join(["the pages went wrong:", *opener.problems]), pytrace=False)


@pytest.fixture
def page(open_page: Opener) -> Page:
    """The first page of the site on a desktop, in the light."""
    return open_page("index")

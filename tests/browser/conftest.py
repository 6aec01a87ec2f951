"""A browser, the site of the published results, and a server for it."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from analysis.results import sources
from analysis.results.places import Places, Request
from analysis.results.published import manifest
from build import ROOT
from tests.browser.opening import WAIT_MS, Opener
from tests.made.sites import shared
from tests.made.sites import site as sites
from tools import system

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, one a process; where there is none, CI fails and others skip.

    Playwright leaves an event loop in the thread while it runs: a test elsewhere that wants one of
    its own starts a process for it, as those of the preview do.
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

    def build(out: Path) -> None:
        places = Places.of(ROOT, Path.cwd())
        source = sources.source(places, Request(results=Path("published")))
        stated = manifest.read(places.published)
        sites.build(source.results(), out, places.cache, published=stated)

    return shared.built(tmp_path_factory, "published-site", build)


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

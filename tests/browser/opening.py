"""Opening pages of the site in a real browser, with an ear for everything that goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from report.document.outline import PAGES
from report.output.site.build import CODE

WAIT_MS = 60_000
"""How long a test waits for what must happen, on a machine that is busy with others."""
FRAME = """
  const frame = () => new Promise(done => { requestAnimationFrame(done); setTimeout(done, 500); });
"""
"""`frame()` ends with the next frame, or after half a second where a busy browser draws none."""
NAMES = [page.name for page in (*PAGES, CODE)]


def sampled(*fast: str) -> list[Any]:
    """Return every page as a parameter; all but those named are left to the slow tests."""
    return [name if name in fast else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]


def lay_out(page: Page) -> None:
    """Let a page lay out all of itself, what is far from the window, too.

    As it does when a reader comes there; until then the place of a far part is an estimate.
    """
    page.evaluate("""() => {
      const near = new CSSStyleSheet();
      near.replaceSync("* { content-visibility: visible !important; }");
      document.adoptedStyleSheets.push(near);
      return new Promise(done => setTimeout(done, 300));
    }""")


Theme = Literal["light", "dark"]


@dataclass
class Opener:
    """Opens pages, each in a context of its own, and keeps a list of what they did wrong.

    A test that provokes an error on purpose looks for it in `problems` and clears the list;
    whatever is left there at the end fails the test.
    """

    browser: Browser
    site: Path
    server: str
    problems: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        name: str = "index",
        *,
        width: int = 1280,
        height: int = 900,
        theme: Theme = "light",
        scripts: bool = True,
        disk: bool = False,
        context: Mapping[str, Any] | None = None,
    ) -> Page:
        """Return a page of the site, loaded: `name` may carry an anchor, as in `q1#q1a`.

        `theme` is what the system asks for; without `scripts` JavaScript is off; from `disk` the
        page is opened as a file. `context` has further options of Playwright's new_context.
        """
        page = self.blank(width=width, height=height, theme=theme, scripts=scripts, context=context)
        page.goto(self.address(name, disk=disk))
        return page

    def blank(
        self,
        *,
        width: int = 1280,
        height: int = 900,
        theme: Theme = "light",
        scripts: bool = True,
        context: Mapping[str, Any] | None = None,
    ) -> Page:
        """Return an empty page in a new context that is watched like any other."""
        options: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "color_scheme": theme,
            "java_script_enabled": scripts,
        }
        opened = self.browser.new_context(**options | dict(context or {}))
        opened.set_default_timeout(WAIT_MS)
        self.contexts.append(opened)
        opened.on("console", self._console)
        opened.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))
        opened.on("request", self._request)
        opened.on("requestfailed", self._failed)
        opened.on("response", self._response)
        return opened.new_page()

    def address(self, name: str, *, disk: bool = False) -> str:
        """Return the address of a page, over http or as a file."""
        name, mark, anchor = name.partition("#")
        base = f"{self.site.resolve().as_uri()}/" if disk else self.server
        return f"{base}{name}.html{mark}{anchor}"

    def close(self) -> None:
        """Close every context."""
        for opened in self.contexts:
            opened.close()
        self.contexts.clear()

    def _add(self, url: str, problem: str) -> None:
        self.problems.append(f"{url[:200]} {problem}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        inside = (self.server, f"{self.site.resolve().as_uri()}/", "data:", "blob:", "about:")
        if not request.url.startswith(inside):
            self._add(request.url, "is asked for, outside of the site")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # the page was left before its end
            self._add(request.url, f"failed: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._add(response.url, f"answered {response.status}")

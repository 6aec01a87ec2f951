"""The pages of the site as a browser gets them: with a script that follows the news."""

import asyncio
import hashlib
import json
import mimetypes
import os
import re
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import asdict
from html import escape, unescape
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analysis.errors import ReportError
from report.output.serve.news import News, State
from report.output.writing import sources
from report.output.writing import templates as filling

OWN = ("preview.js", "preview.css")
OWN_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
PORT = re.compile(r":\d*$")
SWAP_S, LOOKS = 0.02, 5
"""A site that is not there may be on its way: how long until the next look, and how many."""
AGAIN_MS = 500
"""How soon a browser calls again when the server has gone."""
HEADERS = {
    "Cache-Control": "no-cache",  # a browser may keep a file and must ask whether it is the same
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
TYPES = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".js": "text/javascript",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')


def application(site: Path, templates: Path, news: News, hosts: Collection[str] = ()) -> ASGIApp:
    """Return the server of a site; its own files are in `templates`.

    It answers to the names of this machine and to those in `hosts`.
    """
    for suffix, kind in TYPES.items():
        mimetypes.add_type(kind, suffix)  # not every system lists them all
    pages = Pages(site, templates, news)
    routes = [
        Route("/_preview/news", pages.news_stream),
        Route("/_preview/{name}", pages.own_file),
        Route("/favicon.ico", lambda _: Response(status_code=204)),  # browsers ask for one
        Mount("/", pages),
    ]
    return Guard(Starlette(routes=routes, exception_handlers={ReportError: _refused}), hosts)


def _refused(_request: Request, error: Exception) -> Response:
    """Return what is wrong with a file of the preview's own."""
    return PlainTextResponse(f"{error}\n", status_code=500)


class Guard:
    """Refuses requests by a name that nobody has given this machine, and adds headers to answers.

    A site elsewhere could give its own name this machine's address and read the pages then. The
    port is the affair of who forwards it.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = (*HOSTS, *(host.lower() for host in hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self.app
        name = PORT.sub("", Headers(scope=scope).get("host", "")).lower()
        if scope["type"] == "http" and name not in self.hosts:
            asked = ", ".join(self.hosts)
            words = f"This server answers to {asked} only; --host NAME allows another name.\n"
            app = PlainTextResponse(words, status_code=403)
        await app(scope, receive, with_headers)


class Pages(StaticFiles):
    """The files of the site as they are on disk, but for the pages, which get a script."""

    def __init__(self, site: Path, templates: Path, news: News) -> None:
        super().__init__(directory=site, html=True, check_dir=False)
        self.site = site
        self.news = news
        self.templates = templates

    async def check_config(self) -> None:
        """Accept that there is no site yet."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file of the site, or a page that says that there is none."""
        if any(part.startswith(".") for part in Path(path).parts):
            return self._missing(scope["path"])
        for look in range(LOOKS):
            now = edition(self.site)
            try:
                return await super().get_response(path, scope)
            except HTTPException as error:
                if error.status_code != 404:
                    raise
            except OSError:  # it went between two looks
                continue
            if look and now == edition(self.site) != "":
                break
            await asyncio.sleep(SWAP_S)
        return self._missing(scope["path"])

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,  # noqa: ARG002 - of the file that was there a moment ago
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file as it is in one edition, read whole; a page is read anew each time."""
        now = edition(self.site)  # of a newer page a browser is told once more, of none too late
        content = Path(full_path).read_bytes()
        if str(full_path).endswith(".html"):
            return HTMLResponse(with_script(content.decode(), now), status_code)
        kind, _ = mimetypes.guess_type(full_path)
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        response = Response(content, status_code, {"etag": tag}, kind or "application/octet-stream")
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response

    async def news_stream(self, _request: Request) -> Response:
        """Return the news as server-sent events."""
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def own_file(self, request: Request) -> Response:
        """Return the script or the style that the preview adds to a page."""
        name = request.path_params["name"]
        if name not in OWN:
            return self._missing(request.url.path)
        text = sources.text(self.templates, f"serve/{name}")
        return Response(text, media_type=TYPES[Path(name).suffix])

    async def _events(self) -> AsyncIterator[str]:
        yield f"retry: {AGAIN_MS}\n\n"
        async for state in self.news.follow():
            yield f"data: {json.dumps(self._told(state))}\n\n"

    def _told(self, state: State) -> Mapping[str, object]:
        return {**asdict(state), "edition": edition(self.site)}

    def _missing(self, path: str) -> Response:
        exists = (self.site / "index.html").is_file()
        shown = {"path": path, "exists": exists, "state": self.news.now, "policy": OWN_POLICY}
        html = filling.render(filling.environment(self.templates), "serve/preview.html", shown)
        return HTMLResponse(with_script(html, edition(self.site)), 404 if exists else 503)


def edition(site: Path) -> str:
    """Return what tells one build of the site from another; nothing where there is no site."""
    try:
        return str((site / "index.html").stat().st_mtime_ns)
    except OSError:
        return ""


def with_script(html: str, edition: str) -> str:
    """Return a page that follows the news, and whose policy lets it."""
    tags = (
        '<link rel="stylesheet" href="/_preview/preview.css">\n'
        f'<script src="/_preview/preview.js" data-edition="{edition}" defer></script>\n'
    )
    html = POLICY.sub(lambda found: found[1] + escape(widened(unescape(found[2]))) + found[3], html)
    head, end, body = html.partition("</head>")
    return head + tags + end + body


def widened(policy: str) -> str:
    """Return a content policy that also allows scripts, styles and news from this server."""
    words = [directive.split() for directive in policy.split(";") if directive.strip()]
    allowed = {name: sources for name, *sources in words}
    for name in ("script-src", "style-src", "connect-src"):
        sources = [each for each in allowed.get(name, []) if each != "'none'"]
        allowed[name] = sources if "'self'" in sources else [*sources, "'self'"]
    return "; ".join(" ".join([name, *sources]) for name, sources in allowed.items())
